//! What the operator is about to decide of one booking, before it is decided: who gets what, and what was
//! already paid out. Nothing is decided by looking.

use adapters::store::Key;
use askama::Template;
use domain::booking::{Actor, Booking, Calling, Command, Shares, decide};
use domain::money::Euros;
use http_function::{Admin, Call, Desk, Html, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::bookings::BookingPath;
use crate::frame::{Frame, Section, shown};

/// A decision being prepared.
pub(crate) struct InterventionPage;

/// What is to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// Call the mission off.
    CallOff,
    /// Give part of its price back.
    Refund,
}

/// What was written so far.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Draft {
    what: What,
    #[schemars(range(min = 0, max = 100))]
    percent: Option<u8>,
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "intervention.html")]
struct InterventionTemplate {
    frame: Frame,
    booking: Booking,
    what: What,
    percent: String,
    reason: String,
    outcome: Option<Outcome>,
}

/// Who gets what.
struct Outcome {
    due: Shares,
    debited: bool,
    taken_back: Euros,
}

impl Operation for InterventionPage {
    const NAME: &'static str = "show-intervention";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/reservations/{booking}/decision";
    const SUMMARY: &'static str = "A decision on a booking before it is taken: who gets what.";
    type Outside = ();
    type Who = Admin;
    type Path = BookingPath;
    type Input = Draft;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let key = Key::booking(&call.path.booking);
        let read = desk.store.get::<Booking>(key).await?;
        let booking = read.ok_or_else(Problem::not_found)?.record;
        let draft = &call.input;
        let mut frame = Frame::of(Section::Money, &call.notice);
        let outcome = match outcome(&booking, draft, call) {
            Ok(outcome) => Some(outcome),
            Err(problem) => {
                frame.refuse(&problem);
                None
            }
        };
        shown(&InterventionTemplate {
            frame,
            what: draft.what,
            percent: draft
                .percent
                .map(|part| part.to_string())
                .unwrap_or_default(),
            reason: draft.reason.trim().to_owned(),
            outcome,
            booking,
        })
    }
}

/// What deciding it now would lead to: the rules are asked, and nothing is kept of the answer.
fn outcome(
    booking: &Booking,
    draft: &Draft,
    call: &Call<InterventionPage>,
) -> Result<Outcome, Problem> {
    let reason = ::bookings::reason(&draft.reason)?;
    let asked = match draft.what {
        What::CallOff => Command::CallOff {
            calling: Calling::Operator { reason },
        },
        What::Refund => Command::RefundInPart {
            percent: draft.percent.ok_or_else(|| {
                Problem::new(
                    422,
                    "percent_missing",
                    "Indiquez la part du prix à rendre, de 0 à 100 %.",
                )
                .about("percent")
            })?,
            reason,
        },
    };
    let decided = decide(booking, Actor::Admin, &asked, call.now)?.booking;
    let due = decided
        .due
        .ok_or_else(|| Problem::internal("a decision that leaves nobody anything"))?;
    let paid = booking.payment.transferred();
    Ok(Outcome {
        due,
        debited: booking.is_debited(),
        taken_back: paid
            .checked_sub(due.professional.min(paid))
            .unwrap_or(Euros::ZERO),
    })
}
