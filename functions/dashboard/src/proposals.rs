//! Decisions that wait for a second operator: the queue, and how one is put aside.

use adapters::store::{Key, Question};
use askama::Template;
use domain::account::Account;
use domain::booking::Booking;
use domain::ids::BookingId;
use domain::money::Euros;
use domain::operator::{Duty, OperatorRefused, ProposedDecision};
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;

use crate::bookings::BookingPath;
use crate::frame::{Frame, Section, moment, shown, since};

/// A decision that waits, as its booking's page shows it.
pub(crate) struct Proposed {
    pub(crate) kind: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) percent: Option<u8>,
    pub(crate) reason: String,
    pub(crate) amount: Euros,
    pub(crate) by: String,
    pub(crate) at: String,
    /// Whether who looks proposed it: somebody else confirms.
    pub(crate) own: bool,
}

/// The decision on a booking that waits, if there is one.
pub(crate) async fn proposed<O: Sync>(
    desk: &Desk<O>,
    booking: &BookingId,
    asking: &domain::ids::AccountId,
) -> Result<Option<Proposed>, Problem> {
    let key = Key::proposed_decision(booking);
    let read = desk.store.get::<ProposedDecision>(key).await?;
    let Some(waiting) = read.map(|read| read.record).filter(ProposedDecision::waits) else {
        return Ok(None);
    };
    Ok(Some(Proposed {
        kind: waiting.kind.label(),
        verb: verb(&waiting),
        percent: waiting.percent,
        amount: waiting.amount,
        by: email(desk, &waiting.by).await?,
        at: moment(&waiting.at),
        own: waiting.by == *asking,
        reason: waiting.reason,
    }))
}

/// The end of the address of the form that takes a decision.
fn verb(waiting: &ProposedDecision) -> &'static str {
    use domain::operator::ProposedKind;
    match waiting.kind {
        ProposedKind::CallOff => "cancel",
        ProposedKind::Refund => "refund",
        ProposedKind::Claim => "claim/decision",
    }
}

async fn email<O: Sync>(desk: &Desk<O>, id: &domain::ids::AccountId) -> Result<String, Problem> {
    let read = desk.store.get::<Account>(Key::account(id)).await?;
    Ok(read.map_or_else(
        || id.to_string(),
        |read| read.record.email.as_str().to_owned(),
    ))
}

/// The queue.
pub(crate) struct ProposalsPage;

struct Line {
    booking: BookingId,
    reference: String,
    kind: &'static str,
    amount: Euros,
    by: String,
    since: Timestamp,
    age: String,
}

#[derive(Template)]
#[template(path = "proposals.html")]
struct ProposalsTemplate {
    frame: Frame,
    lines: Vec<Line>,
}

impl Operation for ProposalsPage {
    const NAME: &'static str = "show-proposals";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/a-confirmer";
    const SUMMARY: &'static str =
        "Decisions that wait for a second operator, longest waiting first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let question = Question::proposed_decisions();
        let mut lines = Vec::new();
        for read in desk.store.ask_all::<ProposedDecision>(question).await? {
            let waiting = read.record;
            let key = Key::booking(&waiting.booking);
            let booking = desk.store.get::<Booking>(key).await?;
            lines.push(Line {
                reference: booking
                    .map(|read| read.record.reference)
                    .unwrap_or_default(),
                kind: waiting.kind.label(),
                amount: waiting.amount,
                by: email(desk, &waiting.by).await?,
                age: since(&waiting.at, &call.now),
                since: waiting.at,
                booking: waiting.booking,
            });
        }
        shown(&ProposalsTemplate {
            frame: Frame::of(Section::Money, &call.notice),
            lines,
        })
    }
}

/// Puts a decision aside that waits for a second operator.
pub(crate) struct PutDecisionAside;

impl Operation for PutDecisionAside {
    const NAME: &'static str = "put-decision-aside";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/reservations/{booking}/ecarter";
    const SUMMARY: &'static str = "Put a decision aside that waits for a second operator.";
    const DUTY: Duty = Duty::Money;
    type Outside = ();
    type Who = Admin;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let id = &call.path.booking;
        let key = Key::proposed_decision(id);
        let read = desk.store.get::<ProposedDecision>(key).await?;
        let read = read.ok_or(OperatorRefused::NothingProposed)?;
        let aside = read.record.put_aside(&call.who.account, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &aside)
            .activity(Self::NAME, id.as_str());
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
