//! A client looks at the places that they keep.

use adapters::store::Key;
use domain::account::sites::{SavedSite, SavedSites};
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Looking at one's places.
pub struct ReadSites;

/// The places that a client keeps.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Sites {
    /// All of them, in the client's order.
    #[schemars(length(max = 20))]
    pub(crate) sites: Vec<SavedSite>,
}

impl Operation for ReadSites {
    const NAME: &'static str = "read-sites";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/account/sites";
    const SUMMARY: &'static str = "The places of missions that the client keeps.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Sites;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Sites>, Problem> {
        let key = Key::saved_sites(&call.who.account);
        let read = desk.store.get::<SavedSites>(key).await?;
        let sites = read.map_or_else(Vec::new, |read| read.record.sites);
        Ok(Reply::ok(Sites { sites }))
    }
}
