//! The operator publishes a version of the terms: a form of the dashboard. The sweep then tells
//! everybody concerned, page by page.

use adapters::secrets::sha256;
use adapters::store::TermsText;
use domain::terms::Audience;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply, terms};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// Publish a version of the terms.
pub struct PublishTerms;

/// The version.
#[derive(Deserialize, JsonSchema)]
pub struct NewTerms {
    /// For whom.
    audience: Audience,
    /// Its name.
    version: String,
    /// The first day on which it holds, in Paris.
    from: Date,
    /// Its text: paragraphs between empty lines, headings after `##`.
    text: String,
}

impl Operation for PublishTerms {
    const NAME: &'static str = "publish-terms";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/textes";
    const SUMMARY: &'static str =
        "Publish a version of the terms, in effect fifteen days later at the soonest.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = NewTerms;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let asked = &call.input;
        let text = asked.text.replace("\r\n", "\n").trim().to_owned();
        let (read, mut register) = terms::register(&desk.store).await?;
        let published = register.publish(
            asked.audience,
            asked.version.trim(),
            &text,
            sha256(text.as_bytes()),
            asked.from,
            &call.who.account,
            call.now,
        )?;
        let kept = published.sha256.map(|sha256| TermsText { sha256, text });
        let reason = format!(
            "{} {}, dès le {}",
            asked.audience.slug(),
            published.version,
            asked.from
        );
        let changes = kept
            .iter()
            .fold(call.changes(), |changes, text| changes.overwrite(text))
            .upsert(read.as_ref(), &register)
            .activity_because(Self::NAME, "terms", &reason);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
