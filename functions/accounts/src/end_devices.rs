//! Somebody signs a device out from another, or all of them at once.

use adapters::store::{Devices, Key, SignedInDevice};
use domain::account::Account;
use domain::ids::SessionId;
use http_function::{AccountHolder, Call, Desk, Nothing, Operation, Problem, Reply, sessions};
use schemars::JsonSchema;
use serde::Deserialize;

/// End one device, or all.
pub struct EndDevices;

/// Which.
#[derive(Deserialize, JsonSchema)]
pub struct EndedDevices {
    /// One of the list.
    device: Option<SessionId>,
    /// All of them, this one too.
    #[serde(default)]
    all: bool,
}

impl Operation for EndDevices {
    const NAME: &'static str = "end-devices";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/account/devices/end";
    const SUMMARY: &'static str =
        "Sign one device out, or all of them: at once, for whatever changes something.";
    const BEFORE_TERMS: bool = true;
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = AccountHolder;
    type Path = Nothing;
    type Input = EndedDevices;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let id = &call.who.account;
        let changes = call.changes().activity(Self::NAME, id.as_str());
        if call.input.all {
            let read = desk.store.get::<Account>(Key::account(id)).await?;
            let read = read.ok_or_else(Problem::not_found)?;
            let mut account = read.record.clone();
            account.sign_out_everywhere(call.now);
            return Ok(Reply::ok(Nothing {})
                .changing(changes.replace(&read, &account))
                .cookies(sessions::no_cookies(&desk.settings)));
        }
        let device = call.input.device.as_ref().ok_or_else(|| {
            Problem::new(422, "device_missing", "Dites quel appareil déconnecter.").about("device")
        })?;
        let known = desk.store.get::<Devices>(Key::devices(id.as_str())).await?;
        let own = known.is_some_and(|read| read.record.has(device));
        if !own {
            return Err(Problem::not_found());
        }
        let changes = changes.forget::<SignedInDevice>(Key::token(device.as_str()));
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
