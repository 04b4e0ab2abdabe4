//! On which devices somebody is signed in.

use adapters::store::{Devices, Key, SignedInDevice};
use domain::account::Account;
use domain::ids::SessionId;
use http_function::{AccountHolder, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// See one's devices.
pub struct ListDevices;

/// A device that is signed in.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DeviceView {
    /// Its session.
    device: SessionId,
    /// The browser, as it names itself.
    browser: String,
    /// The country that its address was last in, two letters (ISO 3166-1), where it is known.
    country: Option<String>,
    /// Since when it is signed in.
    since: Timestamp,
    /// When it was used last, to a quarter of an hour.
    used_at: Timestamp,
    /// Whether it is the one that asks.
    this_one: bool,
}

/// The devices, the latest first.
#[derive(Serialize, JsonSchema)]
pub struct DevicesView {
    /// Those that are signed in now.
    devices: Vec<DeviceView>,
}

impl Operation for ListDevices {
    const NAME: &'static str = "list-devices";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/account/devices";
    const SUMMARY: &'static str =
        "The devices on which the account is signed in, the latest first.";
    const BEFORE_TERMS: bool = true;
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = AccountHolder;
    type Path = Nothing;
    type Input = Nothing;
    type Output = DevicesView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<DevicesView>, Problem> {
        let id = &call.who.account;
        let account = desk.store.get::<Account>(Key::account(id)).await?;
        let account = account.ok_or_else(Problem::not_found)?.record;
        let known = desk.store.get::<Devices>(Key::devices(id.as_str())).await?;
        let signed_in = known.map_or_else(Vec::new, |read| read.record.signed_in);
        let mut devices = Vec::new();
        for with in signed_in.into_iter().rev() {
            let key = Key::token(with.session.as_str());
            let Some(read) = desk.store.get::<SignedInDevice>(key).await? else {
                continue;
            };
            let device = read.record;
            if call.now < device.expires_at && account.keeps_device(device.since) {
                devices.push(DeviceView {
                    this_one: device.session == *call.who.device(),
                    used_at: device.used_at.unwrap_or(device.since),
                    since: device.since,
                    browser: device.browser,
                    country: device.country,
                    device: device.session,
                });
            }
        }
        Ok(Reply::ok(DevicesView { devices }))
    }
}
