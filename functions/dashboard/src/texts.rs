//! The platform's terms: every version, and the form that publishes one.

use askama::Template;
use domain::terms::{Audience, TermsVersion, soonest};
use domain::time::paris;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply, terms};

use crate::frame::{Frame, Section, moment, shown};

/// The texts.
pub(crate) struct TextsPage;

struct Line {
    audience: &'static str,
    version: String,
    address: String,
    published: String,
    effective: String,
    state: &'static str,
    told: String,
    sha256: String,
}

#[derive(Template)]
#[template(path = "texts.html")]
struct TextsTemplate {
    frame: Frame,
    lines: Vec<Line>,
    audiences: Vec<(&'static str, &'static str)>,
    soonest: String,
    typed_audience: String,
    typed_version: String,
    typed_from: String,
    typed_text: String,
}

impl Operation for TextsPage {
    const NAME: &'static str = "show-texts";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/textes";
    const SUMMARY: &'static str = "Every version of the platform's terms.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let (_, register) = terms::register(&desk.store).await?;
        let mut lines = Vec::new();
        for audience in Audience::ALL {
            let holds = register.in_force(audience, call.now);
            for version in register.versions(audience).iter().rev() {
                lines.push(line(version, &holds, call.now));
            }
        }
        shown(&TextsTemplate {
            frame: Frame::of(Section::Settings, &call.notice),
            lines,
            audiences: Audience::ALL.map(|one| (one.slug(), one.title())).to_vec(),
            soonest: soonest(call.now).to_string(),
            typed_audience: call.notice.typed("audience").to_owned(),
            typed_version: call.notice.typed("version").to_owned(),
            typed_from: call.notice.typed("from").to_owned(),
            typed_text: call.notice.typed("text").to_owned(),
        })
    }
}

fn line(version: &TermsVersion, holds: &TermsVersion, now: jiff::Timestamp) -> Line {
    let day = |at| paris::short_date(paris::local_date(at));
    Line {
        audience: version.audience.title(),
        version: version.version.clone(),
        address: version.address(),
        published: version
            .published_at
            .as_ref()
            .map_or_else(|| "Avec le site".to_owned(), moment),
        effective: day(version.effective_at),
        state: if version.version == holds.version {
            "En vigueur"
        } else if now < version.effective_at {
            "Annoncée"
        } else {
            "Passée"
        },
        told: match (&version.published_at, &version.told_at) {
            (None, _) => "—".to_owned(),
            (Some(_), Some(at)) => format!("Courriels partis le {}", moment(at)),
            (Some(_), None) => "Courriels en cours".to_owned(),
        },
        sha256: version
            .sha256
            .iter()
            .flat_map(|hash| hash.chars().take(12))
            .collect(),
    }
}
