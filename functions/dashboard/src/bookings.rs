//! One booking as the operator sees it: where it stands, how its money moved, its claim.

use adapters::store::{BookingRow, Key, Listed, Question, StoredInvoice, state_code};
use askama::Template;
use domain::booking::{Booking, BookingState, Claim, Intervention, MoneyPosition};
use domain::ids::BookingId;
use domain::ledger::{LedgerAccount, Movement, balance};
use domain::money::Euros;
use domain::professional::Professional;
use http_function::{Admin, Call, Desk, Html, Nothing, Notice, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::attendance::{Attendant, attendance};
use crate::case::CaseForm;
use crate::frame::{Frame, Section, moment, shown};
use crate::messages::{Exchange, exchange};
use crate::notes::{Notes, notes};
use crate::proposals::{Proposed, proposed};
use crate::queue::{Next, Shown, next};
use crate::titles::{TitleLine, lines};
use crate::words;

/// One booking.
pub(crate) struct BookingPage;

/// Which.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct BookingPath {
    pub(crate) booking: BookingId,
}

struct Line {
    at: String,
    kind: &'static str,
    from: &'static str,
    to: &'static str,
    amount: Euros,
    object: String,
}

struct Balance {
    account: &'static str,
    amount: Euros,
}

#[derive(Template)]
#[template(path = "booking.html")]
struct BookingTemplate {
    frame: Frame,
    booking: Booking,
    state: &'static str,
    when: String,
    card: &'static str,
    money: MoneyPosition,
    trouble: Option<(&'static str, &'static str)>,
    waits: Option<&'static str>,
    dispute: Option<&'static str>,
    refund_sent_back: bool,
    titles: Vec<TitleLine>,
    attendance: Vec<Attendant>,
    balanced: bool,
    lines: Vec<Line>,
    balances: Vec<Balance>,
    claim: Option<Claim>,
    decidable: bool,
    may_be_called_off: bool,
    may_be_refunded: bool,
    intervention: Option<Intervention>,
    typed_percent: String,
    typed_reason: String,
    exchange: Option<Exchange>,
    case: CaseForm,
    proposed: Option<Proposed>,
    notes: Notes,
    invoices: Vec<Paper>,
}

/// An invoice or a credit note of the booking.
struct Paper {
    name: String,
    when: String,
    gross: Euros,
}

impl Operation for BookingPage {
    const NAME: &'static str = "show-booking";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/reservations/{booking}";
    const SUMMARY: &'static str = "A booking: where it stands, its ledger, its claim.";
    type Outside = ();
    type Who = Admin;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let id = &call.path.booking;
        let read = desk.store.get::<Booking>(Key::booking(id)).await?;
        let booking = read.ok_or_else(Problem::not_found)?.record;
        let question = Question::movements_of_booking(id);
        let read = desk.store.ask_all::<Movement>(question).await?;
        let mut movements: Vec<Movement> = read.into_iter().map(|read| read.record).collect();
        movements.sort_by_key(|movement| movement.at);
        let titles = titles(desk, &booking).await?;
        let mut frame = Frame::of(Section::Bookings, &call.notice);
        frame.next = next_claim(desk, &booking, call).await?;
        shown(&BookingTemplate {
            frame,
            invoices: papers(desk, id).await?,
            proposed: proposed(desk, id, &call.who.account).await?,
            notes: notes(
                desk,
                id.as_str(),
                &format!("/admin/reservations/{id}"),
                &call.notice,
            )
            .await?,
            state: booking.state.label(),
            when: booking.mission.dates(),
            card: words::card(booking.payment.card),
            money: booking.money(),
            trouble: booking.payment.trouble().map(words::trouble),
            waits: booking.payment.waiting.as_ref().map(words::wait),
            dispute: booking.payment.dispute_stage().map(words::dispute),
            refund_sent_back: booking.payment.refund_needs_decision,
            titles,
            attendance: attendance(desk, &booking).await?,
            balanced: is_balanced(&movements),
            lines: movements.iter().map(line).collect(),
            balances: balances(&movements),
            claim: booking.claim.clone(),
            decidable: booking.state == BookingState::UnderClaim,
            may_be_called_off: matches!(
                booking.state,
                BookingState::Requested | BookingState::Accepted
            ) && call.now < booking.mission.interval.end(),
            may_be_refunded: booking.shares_on_refunding(0).is_ok(),
            intervention: booking.intervention.clone(),
            exchange: exchange(desk, &booking).await?,
            case: case(&booking, &call.notice),
            typed_percent: call.notice.typed("percent").to_owned(),
            typed_reason: call.notice.typed("reason").to_owned(),
            booking,
        })
    }
}

async fn papers(desk: &Desk<()>, id: &BookingId) -> Result<Vec<Paper>, Problem> {
    let question = Question::invoices_of_booking(id);
    let read = desk.store.ask_all::<StoredInvoice>(question).await?;
    let paper = |stored: StoredInvoice| Paper {
        name: format!("{} {}", stored.invoice.kind.label(), stored.invoice.number),
        when: moment(&stored.issued_at),
        gross: stored.invoice.totals.gross,
    };
    Ok(read.into_iter().map(|read| paper(read.record)).collect())
}

/// The form before the messages: the case is this booking's unless another was typed.
fn case(booking: &Booking, notice: &Notice) -> CaseForm {
    let address = format!("/admin/reservations/{}/messages", booking.id);
    let mut case = CaseForm::new(address, "Lire les messages", notice);
    if case.typed_case.is_empty() {
        case.typed_case.clone_from(&booking.reference);
    }
    case
}

fn is_balanced(movements: &[Movement]) -> bool {
    let accounts = LedgerAccount::ALL.into_iter();
    let sum: i64 = accounts.map(|account| balance(movements, account)).sum();
    sum == 0
}

fn balances(movements: &[Movement]) -> Vec<Balance> {
    let of = |account| Balance {
        account: words::ledger(account),
        amount: Euros::from_cents(balance(movements, account)),
    };
    LedgerAccount::ALL.into_iter().map(of).collect()
}

/// The claim that waits longest behind this one.
async fn next_claim(
    desk: &Desk<()>,
    booking: &Booking,
    call: &Call<BookingPage>,
) -> Result<Option<Next>, Problem> {
    let waits = booking.state == BookingState::UnderClaim;
    let queue = Question::listed_in_state(Listed::Bookings, state_code(BookingState::UnderClaim));
    let shown = |row: &BookingRow| Shown {
        address: format!("/admin/reservations/{}", row.id),
        label: format!("réclamation {}", row.reference),
        since: row.claimed_at.unwrap_or(row.ordered_at),
    };
    // The row as it stands in the list, which may be some moments behind.
    let row = desk
        .store
        .get::<BookingRow>(Key::booking_row(&booking.id))
        .await?;
    let row = row.map_or_else(|| BookingRow::of(booking), |read| read.record);
    let waits = waits && row.state == BookingState::UnderClaim;
    let decided = call.notice.done.as_deref() == Some("decide-claim");
    if !waits && !decided {
        return Ok(None);
    }
    next(
        desk,
        queue.lowest_first(),
        &row,
        waits,
        &call.notice,
        call.now,
        shown,
    )
    .await
}

/// The titles that the mission lacks.
async fn titles(desk: &Desk<()>, booking: &Booking) -> Result<Vec<TitleLine>, Problem> {
    if !booking.lacks_title() {
        return Ok(Vec::new());
    }
    let key = Key::professional(&booking.professional);
    let professional = desk.store.get::<Professional>(key).await?;
    let professional = professional.map(|read| read.record);
    Ok(lines(booking, professional.as_ref()))
}

fn line(movement: &Movement) -> Line {
    Line {
        at: moment(&movement.at),
        kind: words::movement(movement.kind),
        from: words::ledger(movement.from),
        to: words::ledger(movement.to),
        amount: movement.amount,
        object: movement.stripe_object.clone().unwrap_or_default(),
    }
}
