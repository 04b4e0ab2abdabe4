//! A professional writes the page that the public sees, and puts it online or takes it off.

use adapters::ids::fresh;
use domain::event::Event;
use domain::professional::{Asking, PresentationPage, Proposal};
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::own::own;
use crate::read_page::{PageView, view};

/// Write one's own page.
pub struct SavePage;

/// The page to come.
#[derive(Deserialize, JsonSchema)]
pub struct WrittenPage {
    /// What it says, and whether it can be seen.
    page: PresentationPage,
}

impl Operation for SavePage {
    const NAME: &'static str = "save-page";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/professional/page";
    const SUMMARY: &'static str = "Write the caller's own page.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = WrittenPage;
    type Output = PageView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<PageView>, Problem> {
        let read = own(desk, &call.who.professional).await?;
        let page = call.input.page.clone();
        if read.record.page.as_ref() == Some(&page) {
            return Ok(Reply::ok(view(&read.record)));
        }
        let mut professional = read.record.clone();
        let asking = Asking {
            by: &call.who.account,
            ip: &call.trace.ip,
            browser: &call.trace.browser,
            at: call.now,
        };
        let id = fresh(call.now);
        let version = professional.ask_change(id, Proposal::Page { page }, &asking)?;
        let changes = call
            .changes()
            .replace(&read, &professional)
            .create(&version, "change")
            .activity_of_change(
                Self::NAME,
                professional.id.as_str(),
                &read.record.page,
                &professional.page,
            )
            .event(Event::ProfessionalChanged {
                professional: professional.id.clone(),
            });
        Ok(Reply::ok(view(&professional)).changing(changes))
    }
}
