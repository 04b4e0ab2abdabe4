//! Somebody says that something on a professional's page is illegal or false (regulation (EU) 2022/2065,
//! article 16), or asks for help. Nobody has to sign in; who reports need not say who they are.

use adapters::ids::fresh;
use adapters::store::Key;
use domain::event::Event;
use domain::identifiers::Email;
use domain::ids::{ProfessionalId, ReviewId};
use domain::professional::{self, of_slug};
use domain::report::{Report, ReportReason};
use http_function::{
    Anyone, Call, DAY, Desk, HOUR, Nothing, Operation, Problem, Reply, by_ip, by_mailbox, throttle,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Somebody reports a content, or asks for help.
pub struct ReportContent;

/// How many reports one address may make within an hour.
const MOST_PER_HOUR: u64 = 5;
/// How many mails a day an address gets that nobody proved.
const MOST_MAILS_A_DAY: u64 = 3;

/// What is reported.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct ReportedContent {
    /// The end of the page's address; none for a question.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub slug: Option<String>,
    /// The review, if it is about one.
    #[serde(default)]
    pub review: Option<ReviewId>,
    /// What is wrong, or what help is about.
    pub reason: ReportReason,
    /// Why, in the reporter's words.
    #[schemars(length(min = 20, max = 2000))]
    pub text: String,
    /// Where to tell what was decided, if that is wanted; where to answer a question.
    #[serde(default)]
    pub email: Option<Email>,
    /// The reporter believes it in good faith; not asked of a question.
    #[serde(default)]
    pub good_faith: bool,
}

/// That a report was taken in.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TakenReport {
    /// When.
    pub reported_at: Timestamp,
    /// What follows.
    pub notice: &'static str,
}

impl Operation for ReportContent {
    const NAME: &'static str = "report-content";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/reports";
    const SUMMARY: &'static str = "Report something illegal or false on a professional's page, or ask for help: five an hour for each address.";
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = ReportedContent;
    type Output = TakenReport;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TakenReport>, Problem> {
        let asked = &call.input;
        let professional = match &asked.slug {
            None if asked.reason.is_help() => None,
            slug => Some(shown(desk, slug.as_deref().unwrap_or_default()).await?),
        };
        let report = Report {
            id: fresh(call.now),
            professional,
            review: asked.review.clone(),
            reason: asked.reason,
            text: asked.text.clone(),
            email: asked.email.clone(),
            reported_at: call.now,
            decision: None,
        };
        let mut report = Report::taken(report, asked.good_faith)?;
        // What is refused above costs nothing: only reports that count are counted.
        let counted = by_ip(Self::NAME, &call.trace.ip);
        throttle(desk, &counted, MOST_PER_HOUR, HOUR).await?;
        if let Some(email) = &asked.email {
            report.email = reachable(desk, email).await?;
        }
        let changes = call
            .changes()
            .create(&report, "report")
            .event(Event::ContentReported {
                report: report.id.clone(),
            })
            .activity(Self::NAME, report.id.as_str());
        Ok(Reply::created(taken(&report, asked.email.as_ref())).changing(changes))
    }
}

/// The professional of a page.
async fn shown(desk: &Desk<()>, slug: &str) -> Result<ProfessionalId, Problem> {
    let id = of_slug(slug).map_err(|_| Problem::not_found())?;
    let key = Key::professional(&id);
    let known = desk.store.get::<professional::Professional>(key).await?;
    known
        .map(|read| read.record.id)
        .ok_or_else(Problem::not_found)
}

/// Anybody may type anybody's address: it gets three mails a day from all forms together. A report
/// beyond is taken all the same, without it.
async fn reachable(desk: &Desk<()>, email: &Email) -> Result<Option<Email>, Problem> {
    match throttle(desk, &by_mailbox(email), MOST_MAILS_A_DAY, DAY).await {
        Ok(()) => Ok(Some(email.clone())),
        Err(problem) if problem.status == 429 => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn taken(report: &Report, asked: Option<&Email>) -> TakenReport {
    let notice = match (&report.email, asked) {
        (Some(_), _) if report.reason.is_help() => {
            "Votre question est enregistrée : un accusé de réception vous est envoyé par courriel, puis notre réponse."
        }
        (None, Some(_)) if report.reason.is_help() => {
            "Votre question est enregistrée. Cette adresse a déjà reçu 3 messages aujourd’hui : écrivez-nous ou appelez-nous pour une réponse."
        }
        (Some(_), _) => {
            "Merci. Votre signalement est enregistré : un accusé de réception vous est envoyé par courriel, puis notre décision."
        }
        (None, Some(_)) => {
            "Merci. Votre signalement est enregistré et transmis à notre équipe. Cette adresse a déjà reçu 3 messages aujourd’hui : nous ne lui en envoyons pas d’autre."
        }
        (None, None) => "Merci. Votre signalement est enregistré et transmis à notre équipe.",
    };
    TakenReport {
        reported_at: report.reported_at,
        notice,
    }
}
