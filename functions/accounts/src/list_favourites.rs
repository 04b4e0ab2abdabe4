//! A client looks at the professionals that they come back to.

use adapters::store::Key;
use domain::account::sites::Favourites;
use domain::ids::ProfessionalId;
use domain::professional::{Professional, slug};
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

/// Looking at one's favourites.
pub struct ListFavourites;

/// A professional that a client comes back to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FavouriteView {
    /// Who.
    pub professional: ProfessionalId,
    /// The name.
    pub name: String,
    /// The address of the page.
    pub slug: String,
    /// The town of the establishment.
    pub town: String,
    /// Whether the page can be seen now.
    pub published: bool,
}

/// A client's favourites.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FavouritesView {
    /// The last chosen first.
    pub favourites: Vec<FavouriteView>,
}

impl Operation for ListFavourites {
    const NAME: &'static str = "list-favourites";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/account/favourites";
    const SUMMARY: &'static str = "The professionals that the client comes back to.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = Nothing;
    type Output = FavouritesView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<FavouritesView>, Problem> {
        let key = Key::favourites(&call.who.account);
        let read = desk.store.get::<Favourites>(key).await?;
        let chosen = read.map_or_else(Vec::new, |read| read.record.professionals);
        Ok(Reply::ok(FavouritesView {
            favourites: views(desk, &chosen).await?,
        }))
    }
}

/// Those who still exist, as a client sees them.
pub(crate) async fn views(
    desk: &Desk<()>,
    chosen: &[ProfessionalId],
) -> Result<Vec<FavouriteView>, Problem> {
    let mut views = Vec::with_capacity(chosen.len());
    for id in chosen {
        let read = desk
            .store
            .get::<Professional>(Key::professional(id))
            .await?;
        views.extend(read.map(|read| view(&read.record)));
    }
    Ok(views)
}

fn view(professional: &Professional) -> FavouriteView {
    let establishment = professional.profile.establishment.as_ref();
    FavouriteView {
        professional: professional.id.clone(),
        name: professional.name().to_owned(),
        slug: slug(professional.name(), &professional.id),
        town: establishment.map_or_else(String::new, |at| at.town.clone()),
        published: professional.is_before_the_public(),
    }
}
