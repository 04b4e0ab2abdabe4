//! A client keeps places of missions, so that ordering does not ask for them again.

use adapters::store::Key;
use domain::account::sites::SavedSites;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};

use crate::read_sites::Sites;

/// Keeping one's places.
pub struct SaveSites;

impl Operation for SaveSites {
    const NAME: &'static str = "save-sites";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/account/sites";
    const SUMMARY: &'static str =
        "Keep these places of missions, and no others: those that are missing are dropped.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = Sites;
    type Output = Sites;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Sites>, Problem> {
        let account = &call.who.account;
        let kept = SavedSites::keep(account.clone(), call.input.sites.clone())?;
        let key = Key::saved_sites(account);
        let read = desk.store.get::<SavedSites>(key).await?;
        let changes = call
            .changes()
            .upsert(read.as_ref(), &kept)
            .activity(Self::NAME, account.as_str());
        Ok(Reply::ok(Sites { sites: kept.sites }).changing(changes))
    }
}
