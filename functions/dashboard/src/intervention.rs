//! What the operator is about to decide of one booking, before it is decided: who gets what, and what was
//! already paid out. Nothing is decided by looking.

use adapters::platform::PlatformIdentity;
use adapters::store::Key;
use askama::Template;
use domain::account::Account;
use domain::booking::{Actor, Booking, Calling, Command, Decision, Shares, decide};
use domain::money::Euros;
use domain::operator::{ALONE_UP_TO, ProposedKind};
use domain::professional::Professional;
use http_function::{Admin, Call, Desk, Html, Operation, Problem, Reply};
use notices::{Preview, letters_of_decision};
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
    /// Decide its claim.
    Claim,
}

impl What {
    fn label(self) -> &'static str {
        match self {
            Self::CallOff => "Annuler la mission",
            Self::Refund => "Rembourser la mission",
            Self::Claim => "Trancher la réclamation",
        }
    }

    /// How forms call it.
    fn code(self) -> &'static str {
        match self {
            Self::CallOff => "call_off",
            Self::Refund => "refund",
            Self::Claim => "claim",
        }
    }

    /// The end of the address of the form that takes it.
    fn verb(self) -> &'static str {
        match self {
            Self::CallOff => "cancel",
            Self::Refund => "refund",
            Self::Claim => "claim/decision",
        }
    }

    /// How it is called where it waits for a second operator.
    fn proposed(self) -> ProposedKind {
        match self {
            Self::CallOff => ProposedKind::CallOff,
            Self::Refund => ProposedKind::Refund,
            Self::Claim => ProposedKind::Claim,
        }
    }
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
    /// Whether a second operator is to confirm it.
    second: bool,
    at_stake: Euros,
    mails: Vec<Preview>,
}

impl Operation for InterventionPage {
    const NAME: &'static str = "show-intervention";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/reservations/{booking}/decision";
    const SUMMARY: &'static str = "A decision on a booking before it is taken: who gets what.";
    type Outside = PlatformIdentity;
    type Who = Admin;
    type Path = BookingPath;
    type Input = Draft;
    type Output = Html;

    async fn run(desk: &Desk<PlatformIdentity>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let key = Key::booking(&call.path.booking);
        let read = desk.store.get::<Booking>(key).await?;
        let booking = read.ok_or_else(Problem::not_found)?.record;
        let draft = &call.input;
        let mut frame = Frame::of(Section::Bookings, &call.notice);
        let outcome = match outcome(desk, &booking, draft, call).await {
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
async fn outcome(
    desk: &Desk<PlatformIdentity>,
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
            percent: percent(draft)?,
            reason,
        },
        What::Claim => Command::DecideClaim {
            percent: percent(draft)?,
            reason,
        },
    };
    let decision = decide(booking, Actor::Admin, &asked, call.now)?;
    let mails = mails(desk, &decision).await?;
    let decided = decision.booking;
    let at_stake = ::bookings::at_stake(booking, &decided, draft.what.proposed())?;
    let due = decided
        .due
        .ok_or_else(|| Problem::internal("a decision that leaves nobody anything"))?;
    let paid = booking.payment.transferred();
    Ok(Outcome {
        mails,
        at_stake,
        second: at_stake > ALONE_UP_TO,
        due,
        debited: booking.is_debited(),
        taken_back: paid
            .checked_sub(due.professional.min(paid))
            .unwrap_or(Euros::ZERO),
    })
}

fn percent(draft: &Draft) -> Result<u8, Problem> {
    let missing = || {
        Problem::new(
            422,
            "percent_missing",
            "Indiquez la part du prix à rendre, de 0 à 100 %.",
        )
    };
    draft.percent.ok_or_else(|| missing().about("percent"))
}

/// The mails that would leave, as their readers would read them.
async fn mails(
    desk: &Desk<PlatformIdentity>,
    decision: &Decision,
) -> Result<Vec<Preview>, Problem> {
    let booking = &decision.booking;
    let account = desk.store.get::<Account>(Key::account(&booking.client));
    let key = Key::professional(&booking.professional);
    let professional = desk.store.get::<Professional>(key);
    let (account, professional) = tokio::try_join!(account, professional)?;
    let (Some(account), Some(professional)) = (account, professional) else {
        return Ok(Vec::new());
    };
    let (account, professional) = (account.record, professional.record);
    let platform = &desk.outside.0;
    Ok(letters_of_decision(
        &decision.events,
        booking,
        &account,
        &professional,
        platform,
    ))
}
