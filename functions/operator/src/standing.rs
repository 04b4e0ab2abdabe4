//! What the operator decides about a professional who may sell: forms of the dashboard.
//!
//! Each writes the decision, a line of the log with its reason, and the event that tells the
//! professional and takes offers off the shelves or puts them back.

use adapters::store::Versioned;
use domain::event::Event;
use domain::operator::Duty;
use domain::professional::{
    Ground, LiveBookings, MeasureKind, Notified, Professional, Reasons, StandingRefused,
    StandingStep,
};
use domain::time::paris;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{RegistrationPath, professional, written};

/// The longest text that is sent.
pub(crate) const LONGEST: usize = 2000;

/// Why, as the professional reads it.
#[derive(Deserialize, JsonSchema)]
pub struct Explained {
    ground: Ground,
    #[schemars(length(min = 3, max = 2000))]
    pub(crate) text: String,
}

impl Explained {
    pub(crate) fn reasons(&self) -> Result<Reasons, Problem> {
        reasons(self.ground, &self.text)
    }
}

/// A measure.
#[derive(Deserialize, JsonSchema)]
pub struct Announced {
    kind: MeasureKind,
    ground: Ground,
    #[schemars(length(min = 3, max = 2000))]
    text: String,
    bookings: LiveBookings,
    /// The last day of a suspension, in Paris.
    until: Option<Date>,
}

/// A text.
#[derive(Deserialize, JsonSchema)]
pub struct Said {
    #[schemars(length(min = 3, max = 2000))]
    pub(crate) text: String,
}

/// A reception.
#[derive(Deserialize, JsonSchema)]
pub struct ReceiptGiven {
    what: Notified,
    /// The day of the reception, in Paris.
    day: Date,
    /// How the notification was brought.
    #[schemars(length(min = 3, max = 2000))]
    how: String,
}

fn reasons(ground: Ground, text: &str) -> Result<Reasons, Problem> {
    Ok(Reasons {
        ground,
        text: written(text, "text", LONGEST)?.to_owned(),
    })
}

/// When a suspension ends whose last day, in Paris, is this one.
pub fn end_of(last_day: Date) -> Timestamp {
    paris::day_start(last_day.saturating_add(jiff::Span::new().days(1)))
}

/// Reads, decides, and writes what follows from the decision.
async fn decide<O: Operation<Path = RegistrationPath>>(
    desk: &Desk<()>,
    call: &Call<O>,
    step: Option<StandingStep>,
    reason: &str,
    change: impl FnOnce(&mut Professional) -> Result<(), StandingRefused>,
) -> Result<Reply<Nothing>, Problem> {
    let read: Versioned<Professional> = professional(desk, &call.path.professional).await?;
    let mut decided = read.record.clone();
    change(&mut decided)?;
    let id = decided.id.clone();
    let changes = call.changes();
    let changes = match step {
        Some(step) => {
            let mail = changes.fresh_event();
            decided.name_mail(step, &mail);
            let professional = id.clone();
            changes.event_named(mail, Event::StandingChanged { professional, step })
        }
        None => changes,
    };
    let changes = changes
        .replace(&read, &decided)
        .activity_because(O::NAME, id.as_str(), reason)
        .event(Event::ProfessionalChanged { professional: id });
    Ok(Reply::ok(Nothing {}).changing(changes))
}

macro_rules! operation {
    ($type:ident, $name:literal, $path:literal, $summary:literal, $input:ty, |$desk:ident, $call:ident| $run:expr) => {
        #[doc = $summary]
        pub struct $type;

        impl Operation for $type {
            const NAME: &'static str = $name;
            const METHOD: &'static str = "POST";
            const PATH: &'static str = $path;
            const SUMMARY: &'static str = $summary;
            const DUTY: Duty = Duty::Moderate;
            type Outside = ();
            type Who = Admin;
            type Path = RegistrationPath;
            type Input = $input;
            type Output = Nothing;

            async fn run($desk: &Desk<()>, $call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
                $run
            }
        }
    };
}

operation! {
    HideProfessional, "hide-professional", "/admin/professionnels/{professional}/masquer",
    "Hide a professional at once; confirmed missions go on.",
    Explained, |desk, call| {
        let reasons = call.input.reasons()?;
        let step = Some(StandingStep::Hidden);
        let (by, now) = (&call.who.account, call.now);
        decide(desk, call, step, &call.input.text, |one| one.hide(reasons, by, now)).await
    }
}

operation! {
    ShowProfessionalAgain, "show-professional-again", "/admin/professionnels/{professional}/retablir",
    "End the hiding of a professional.",
    Said, |desk, call| {
        let reason = written(&call.input.text, "text", LONGEST)?;
        let step = Some(StandingStep::ShownAgain);
        decide(desk, call, step, reason, |one| one.show_again(call.now)).await
    }
}

operation! {
    AnnounceMeasure, "announce-measure", "/admin/professionnels/{professional}/mesures/annoncer",
    "Announce a suspension, a closure or a termination, to take effect when the terms say.",
    Announced, |desk, call| {
        let asked = &call.input;
        let reasons = reasons(asked.ground, &asked.text)?;
        let until = asked.until.map(end_of);
        let step = Some(StandingStep::Announced);
        let (by, now) = (&call.who.account, call.now);
        decide(desk, call, step, &asked.text, |one| {
            one.announce(asked.kind, reasons, asked.bookings, until, by, now)
        }).await
    }
}

operation! {
    RevokeMeasure, "revoke-measure", "/admin/professionnels/{professional}/revoquer",
    "Take an announced measure back, or lift a suspension.",
    Said, |desk, call| {
        let reason = written(&call.input.text, "text", LONGEST)?;
        let step = Some(StandingStep::Revoked);
        decide(desk, call, step, reason, |one| one.revoke(call.now)).await
    }
}

operation! {
    GiveFormalNotice, "give-formal-notice", "/admin/professionnels/{professional}/mise-en-demeure",
    "Give a professional thirty days to put things right.",
    Said, |desk, call| {
        let text = written(&call.input.text, "text", LONGEST)?;
        let step = Some(StandingStep::NoticeGiven);
        let (by, now) = (&call.who.account, call.now);
        decide(desk, call, step, text, |one| one.give_notice(text.to_owned(), by, now)).await
    }
}

operation! {
    CloseFormalNotice, "close-formal-notice", "/admin/professionnels/{professional}/regulariser",
    "End a formal notice: things were put right.",
    Said, |desk, call| {
        let reason = written(&call.input.text, "text", LONGEST)?;
        decide(desk, call, None, reason, |one| one.close_notice(call.now)).await
    }
}

operation! {
    RecordReceipt, "record-receipt", "/admin/professionnels/{professional}/reception",
    "Record on which day a notification that was brought by other means was received.",
    ReceiptGiven, |desk, call| {
        let asked = &call.input;
        let how = written(&asked.how, "how", LONGEST)?;
        let reason = format!("reçu le {} : {how}", paris::short_date(asked.day));
        let (by, now) = (&call.who.account, call.now);
        decide(desk, call, None, &reason, |one| {
            one.record_receipt(asked.what, asked.day, how, by, now)
        }).await
    }
}

operation! {
    AnswerAppeal, "answer-appeal", "/admin/professionnels/{professional}/repondre",
    "Answer an appeal: the decision is maintained. Lifting it answers by itself.",
    Said, |desk, call| {
        let text = written(&call.input.text, "text", LONGEST)?;
        let (by, now) = (&call.who.account, call.now);
        let step = Some(StandingStep::AppealAnswered);
        decide(desk, call, step, text, |one| one.answer_appeal(text.to_owned(), by, now)).await
    }
}
