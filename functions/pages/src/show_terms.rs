//! The platform's terms as a document: the version that holds, or another, readable without scripts.

use accounts::{TermsPath, TermsQuery, TermsView, shown_terms};
use adapters::site::{Site, SiteFile};
use askama::Template;
use http_function::{Call, Desk, Html, Operation, Problem, Reply, Visitor};

use crate::shell::{file, fill, for_script};
use crate::written::day_of;

/// Shows the terms.
pub struct ShowTerms;

impl Operation for ShowTerms {
    const NAME: &'static str = "show-terms";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/cgu/{audience}";
    const SUMMARY: &'static str = "The platform's terms as a document, readable without scripts.";
    type Outside = Site;
    type Who = Visitor;
    type Path = TermsPath;
    type Input = TermsQuery;
    type Output = Html;

    async fn run(desk: &Desk<Site>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let version = call.input.version.as_deref();
        match shown_terms(&desk.store, call.path.audience, version, call.now).await {
            Ok(view) => {
                let shell = file(&desk.outside, SiteFile::Application, call.now).await;
                let html = document(&view, &desk.settings.site, shell.as_deref())?;
                // Never kept: the terms that hold are those shown when one connects.
                Ok(Reply::ok(Html(html)))
            }
            Err(problem) if problem.status == 404 => {
                let page = file(&desk.outside, SiteFile::NotFound, call.now).await;
                let html = page.map_or_else(String::new, |page| page.to_string());
                Ok(Reply::ok(Html(html)).with_status(404))
            }
            Err(problem) => Err(problem),
        }
    }
}

#[derive(Template)]
#[template(path = "terms_head.html")]
struct Head<'a> {
    view: &'a TermsView,
    address: &'a str,
    data: &'a str,
}

#[derive(Template)]
#[template(path = "terms_body.html")]
struct Body<'a> {
    view: &'a TermsView,
}

fn document(view: &TermsView, site: &str, shell: Option<&str>) -> Result<String, Problem> {
    let address = format!("{site}/cgu/{}", view.audience.slug());
    let data = serde_json::to_value(view).map_err(Problem::internal)?;
    let head = Head {
        view,
        address: &address,
        data: &for_script(&data),
    };
    let head = head.render().map_err(Problem::internal)?;
    let body = Body { view }.render().map_err(Problem::internal)?;
    Ok(fill(shell, &head, &body))
}
