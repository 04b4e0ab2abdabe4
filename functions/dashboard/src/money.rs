//! The money that is kept, and what about it needs somebody.

use adapters::store::Question;
use adapters::stripe::Stripe;
use askama::Template;
use domain::booking::Booking;
use domain::ids::BookingId;
use domain::ledger::{LedgerAccount, Movement, balance};
use domain::money::Euros;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::tz::TimeZone;
use payments::Difference;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, moment, shown};
use crate::words;

/// Stripe keeps money for 90 days at most; the operator is told from here on.
pub(crate) const HELD_ALERT_DAYS: i64 = 75;

/// The money.
pub(crate) struct MoneyPage;

/// What to look at beside what is kept.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct MoneyQuery {
    /// A month, `2026-11` (UTC), to add up.
    mois: Option<String>,
    /// `oui` to compare that month with Stripe's own objects.
    rapprocher: Option<String>,
    apres: Option<String>,
}

struct Kept {
    id: BookingId,
    reference: String,
    professional: String,
    state: &'static str,
    amount: Euros,
    since: String,
    days: i64,
    late: bool,
}

struct Trouble {
    id: BookingId,
    reference: String,
    what: &'static str,
    todo: &'static str,
    detail: String,
}

struct Balance {
    account: &'static str,
    amount: Euros,
}

#[derive(Template)]
#[template(path = "money.html")]
struct MoneyTemplate {
    frame: Frame,
    total: Euros,
    late: usize,
    kept: Vec<Kept>,
    next: Option<String>,
    troubles: Vec<Trouble>,
    month: String,
    movements: usize,
    balances: Vec<Balance>,
    balanced: bool,
    compared: Option<usize>,
    differences: Vec<Difference>,
}

impl Operation for MoneyPage {
    const NAME: &'static str = "show-money";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/argent";
    const SUMMARY: &'static str = "Money kept with its age, payments in trouble, a month's books.";
    type Outside = Stripe;
    type Who = Admin;
    type Path = Nothing;
    type Input = MoneyQuery;
    type Output = Html;

    async fn run(desk: &Desk<Stripe>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let held = Question::money_held()
            .limit(100)
            .after(call.input.apres.clone());
        let held = desk.store.ask::<Booking>(held).await?;
        let kept: Vec<Kept> = held
            .records
            .iter()
            .filter_map(|read| kept(&read.record, call))
            .collect();
        let troubled = desk
            .store
            .ask_all::<Booking>(Question::payments_in_trouble())
            .await?;
        let this_month = call
            .now
            .to_zoned(TimeZone::UTC)
            .strftime("%Y-%m")
            .to_string();
        let month = call.input.mois.clone().unwrap_or(this_month);
        let question = Question::movements_in_month(&month);
        let read = desk.store.ask_all::<Movement>(question).await?;
        let movements: Vec<Movement> = read.into_iter().map(|read| read.record).collect();
        let balances: Vec<Balance> = LedgerAccount::ALL
            .into_iter()
            .map(|account| Balance {
                account: words::ledger(account),
                amount: Euros::from_cents(balance(&movements, account)),
            })
            .collect();
        let compared = match call.input.rapprocher.as_deref() {
            Some("oui") => Some(payments::compare_month(desk, &movements, call.now).await?),
            Some(_) | None => None,
        };
        shown(&MoneyTemplate {
            frame: Frame::of(Section::Money, &call.notice),
            total: Euros::from_cents(kept.iter().map(|one| one.amount.cents()).sum()),
            late: kept.iter().filter(|one| one.late).count(),
            kept,
            next: held.next.map(|next| format!("{}?apres={next}", Self::PATH)),
            troubles: troubled
                .iter()
                .filter_map(|read| trouble(&read.record))
                .collect(),
            month,
            movements: movements.len(),
            balanced: balances.iter().map(|one| one.amount.cents()).sum::<i64>() == 0,
            balances,
            compared: compared.as_ref().map(|(compared, _)| *compared),
            differences: compared
                .map(|(_, differences)| differences)
                .unwrap_or_default(),
        })
    }
}

fn kept(booking: &Booking, call: &Call<MoneyPage>) -> Option<Kept> {
    let since = booking.payment.captured_at?;
    let days = call.now.duration_since(since).as_hours() / 24;
    Some(Kept {
        id: booking.id.clone(),
        reference: booking.reference.clone(),
        professional: booking.professional_name.clone(),
        state: booking.state.label(),
        amount: booking.money().held,
        since: moment(&since),
        days,
        late: days >= HELD_ALERT_DAYS,
    })
}

fn trouble(booking: &Booking) -> Option<Trouble> {
    let (what, todo) = words::trouble(booking.payment.trouble()?);
    let refused = booking.payment.refused.as_ref();
    Some(Trouble {
        id: booking.id.clone(),
        reference: booking.reference.clone(),
        what,
        todo,
        detail: refused.map_or_else(String::new, |step| {
            format!("{} ({} fois)", step.code, step.times)
        }),
    })
}
