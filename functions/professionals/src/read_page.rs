//! A professional looks at the page that the public sees.

use domain::professional::{PresentationPage, Professional as Record};
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::own::own;

/// Read one's own page.
pub struct ReadPage;

/// The page as its professional sees it.
#[derive(Serialize, JsonSchema)]
pub struct PageView {
    /// The name above it.
    name: String,
    /// The end of its address.
    slug: String,
    /// What it says; nothing before it was written.
    page: Option<PresentationPage>,
    /// How complete it is, 0 to 100.
    completeness_percent: u32,
}

/// The page, with where it is found.
pub(crate) fn view(professional: &Record) -> PageView {
    PageView {
        name: professional.name().to_owned(),
        slug: professional.slug(),
        page: professional.page.clone(),
        completeness_percent: professional.page_completeness_percent(),
    }
}

impl Operation for ReadPage {
    const NAME: &'static str = "read-page";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/page";
    const SUMMARY: &'static str = "The caller's own page.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = Nothing;
    type Output = PageView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<PageView>, Problem> {
        Ok(Reply::ok(view(
            &own(desk, &call.who.professional).await?.record,
        )))
    }
}
