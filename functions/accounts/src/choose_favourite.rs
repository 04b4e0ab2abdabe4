//! A client keeps a professional as a favourite, or no longer.

use adapters::store::Key;
use domain::account::sites::{Favourites, Wanted};
use domain::ids::ProfessionalId;
use domain::professional::Professional;
use http_function::{Call, Client, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::list_favourites::{FavouritesView, views};

/// Choosing a favourite.
pub struct ChooseFavourite;

/// Whose page it is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FavouritePath {
    /// The professional.
    pub professional: ProfessionalId,
}

/// The choice.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FavouriteWanted {
    /// Whether it is wanted.
    pub wanted: bool,
}

impl Operation for ChooseFavourite {
    const NAME: &'static str = "choose-favourite";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/account/favourites/{professional}";
    const SUMMARY: &'static str = "Keep a professional as a favourite, or no longer.";
    type Outside = ();
    type Who = Client;
    type Path = FavouritePath;
    type Input = FavouriteWanted;
    type Output = FavouritesView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<FavouritesView>, Problem> {
        let (account, chosen) = (&call.who.account, &call.path.professional);
        let wanted = if call.input.wanted {
            // Only who has a page can be chosen; whoever was chosen can be dropped.
            let read = desk
                .store
                .get::<Professional>(Key::professional(chosen))
                .await?;
            read.filter(|read| read.record.is_before_the_public())
                .ok_or_else(Problem::not_found)?;
            Wanted::Kept
        } else {
            Wanted::Dropped
        };
        let read = desk
            .store
            .get::<Favourites>(Key::favourites(account))
            .await?;
        let known = read.as_ref().map(|read| read.record.clone());
        let mut mine = known.unwrap_or_else(|| Favourites::none(account.clone()));
        let changed = mine.choose(chosen, wanted)?;
        let reply = Reply::ok(FavouritesView {
            favourites: views(desk, &mine.professionals).await?,
        });
        if !changed {
            return Ok(reply);
        }
        let changes = call.changes().upsert(read.as_ref(), &mine);
        Ok(reply.changing(changes.activity(Self::NAME, chosen.as_str())))
    }
}
