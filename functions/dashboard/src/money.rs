//! The money that is kept, and what about it needs somebody.

use adapters::store::{PLATFORM, Question, Store, StoredInvoice};
use adapters::stripe::Stripe;
use askama::Template;
use domain::booking::{Booking, Trouble as Kind};
use domain::ids::BookingId;
use domain::invoice::{BuyerKind, Invoice};
use domain::ledger::{LedgerAccount, Movement, balance};
use domain::money::{BasisPoints, Euros, decimal};
use domain::time::paris;
use domain::yearly::Year;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use payments::Difference;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::books::DownloadBooks;
use crate::csv_file::Csv;
use crate::frame::{Frame, Section, moment, shown};
use crate::sellers::DownloadSellers;
use crate::words;

/// Stripe keeps money for 90 days at most; the operator is told from here on.
pub(crate) const HELD_ALERT_DAYS: i64 = 75;
/// How many bookings a page lists.
const LINES: i32 = 100;

/// The money.
pub(crate) struct MoneyPage;

/// What to look at beside what is kept.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct MoneyQuery {
    /// A month of Paris, `2026-11`, to add up.
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
    waits: Option<&'static str>,
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
    /// Whether looking at it again may settle it.
    retried: bool,
}

/// The file of a year's sellers.
struct YearFile {
    year: i16,
    address: String,
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
    csv: String,
    books: String,
    sellers: Vec<YearFile>,
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
        // Everything is added up; the list itself goes on by pages.
        let question = Question::money_held().limit(100);
        let all = desk.store.ask_all::<Booking>(question).await?;
        let all = all.iter().filter_map(|read| kept(&read.record, call));
        let (total, late) = all.fold((0, 0), |(total, late), one| {
            (total + one.amount.cents(), late + usize::from(one.late))
        });
        let held = Question::money_held()
            .limit(LINES)
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
        let mut frame = Frame::of(Section::Money, &call.notice);
        let asked = call.input.mois.as_ref();
        let (month, (from, until)) = month_or_present(asked, &mut frame, call.now)?;
        let movements = movements_between(&desk.store, from, until).await?;
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
            frame,
            total: Euros::from_cents(total),
            late,
            kept,
            next: held.next.map(|next| format!("{}?apres={next}", Self::PATH)),
            troubles: troubled
                .iter()
                .filter_map(|read| trouble(&read.record))
                .collect(),
            csv: format!("{}?mois={month}", DownloadCommissions::PATH),
            books: format!("{}?mois={month}", DownloadBooks::PATH),
            sellers: Year::all(call.now).map(sellers_of).collect(),
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

/// The month that is asked for and its bounds: the present one where none is, and where what is typed is
/// none, which the page then says.
pub(crate) fn month_or_present(
    asked: Option<&String>,
    frame: &mut Frame,
    now: Timestamp,
) -> Result<(String, (Timestamp, Timestamp)), Problem> {
    let present = paris::local_date(now).strftime("%Y-%m").to_string();
    let month = asked.cloned().unwrap_or_else(|| present.clone());
    match month_of(&month) {
        Ok(bounds) => Ok((month, bounds)),
        Err(problem) => {
            frame.refuse(&problem);
            let bounds = month_of(&present)?;
            Ok((present, bounds))
        }
    }
}

/// The movements of a month of Paris: the books are kept by months of UTC, which begin later.
pub(crate) async fn movements_between(
    store: &Store,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Movement>, Problem> {
    let mut movements = Vec::new();
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let last = day(until - SignedDuration::from_secs(1));
    let first = day(from).first_of_month();
    let months = std::iter::successors(Some(first), |month| month.checked_add(1.month()).ok());
    for month in months.take_while(|month| *month <= last) {
        let month = month.strftime("%Y-%m").to_string();
        let question = Question::movements_in_month(&month);
        let read = store.ask_all::<Movement>(question).await?;
        let read = read.into_iter().map(|read| read.record);
        movements.extend(read.filter(|movement| from <= movement.at && movement.at < until));
    }
    Ok(movements)
}

fn sellers_of(year: Year) -> YearFile {
    let year = year.number();
    YearFile {
        year,
        address: format!("{}?annee={year}", DownloadSellers::PATH),
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
        waits: booking.payment.waiting.as_ref().map(words::wait),
        amount: booking.money().held,
        since: moment(&since),
        days,
        late: days >= HELD_ALERT_DAYS,
    })
}

fn trouble(booking: &Booking) -> Option<Trouble> {
    let trouble = booking.payment.trouble()?;
    let (what, todo) = words::trouble(trouble);
    let refused = booking.payment.refused.as_ref();
    Some(Trouble {
        id: booking.id.clone(),
        reference: booking.reference.clone(),
        what,
        todo,
        retried: trouble == Kind::StepRefused,
        detail: refused.map_or_else(String::new, |step| {
            format!("{} ({} fois)", step.code, step.times)
        }),
    })
}

/// The first moment of a month of Paris, such as `2026-11`, and the first one after it.
pub(crate) fn month_of(month: &str) -> Result<(Timestamp, Timestamp), Problem> {
    let wrong = || {
        Problem::new(
            422,
            "month_invalid",
            "Indiquez un mois sous la forme 2026-11.",
        )
        .about("mois")
    };
    let first: Date = match month.len() {
        7 => format!("{month}-01").parse().map_err(|_| wrong())?,
        _ => return Err(wrong()),
    };
    let next = first.checked_add(1.month()).map_err(|_| wrong())?;
    Ok((paris::day_start(first), paris::day_start(next)))
}

/// The commission invoices of a month, for the accounts.
pub(crate) struct DownloadCommissions;

/// Of which month.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct MonthQuery {
    /// A month of Paris, such as `2026-11`.
    pub(crate) mois: String,
}

impl Operation for DownloadCommissions {
    const NAME: &'static str = "download-commissions";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/argent/commissions.csv";
    const SUMMARY: &'static str =
        "Commission invoices and their credit notes of a month, for a spreadsheet.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = MonthQuery;
    type Output = Csv;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Csv>, Problem> {
        let (from, until) = month_of(&call.input.mois)?;
        let question = Question::invoices_between(PLATFORM, from, until);
        let invoices = desk.store.ask_all::<StoredInvoice>(question).await?;
        let head = [
            "numéro",
            "nature",
            "date",
            "corrige",
            "client",
            "SIREN du client",
            "réservation",
            "HT",
            "taux de TVA",
            "TVA",
            "TTC",
        ];
        let lines = invoices.iter().map(|read| cells(&read.record.invoice));
        Ok(Reply::ok(Csv::of(head, lines)?))
    }
}

/// A document as the accounts read it: a credit note takes away, so its amounts are below zero.
fn cells(invoice: &Invoice) -> [String; 11] {
    let sign = if invoice.corrects.is_some() { -1 } else { 1 };
    let amount = |euros: Euros| decimal(sign * euros.cents());
    let siren = match &invoice.buyer.kind {
        BuyerKind::Business { siren, .. } => siren.as_str().to_owned(),
        BuyerKind::Consumer => String::new(),
    };
    [
        invoice.number.to_string(),
        invoice.kind.label().to_owned(),
        paris::short_date(invoice.issued_on),
        invoice
            .corrects
            .as_ref()
            .map_or_else(String::new, |corrected| corrected.number.to_string()),
        invoice.buyer.name.clone(),
        siren,
        invoice.mission.reference.clone(),
        amount(invoice.totals.net),
        rate(invoice.vat_rate()),
        amount(invoice.totals.vat),
        amount(invoice.totals.gross),
    ]
}

/// `20,00` for 20 %.
fn rate(rate: BasisPoints) -> String {
    decimal(i64::from(rate.points()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_one_of_paris() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (month, from, until) in [
            ("2026-11", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"),
            ("2026-03", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
            ("2026-12", "2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z"),
        ] {
            assert_eq!(month_of(month).ok(), Some((at(from), at(until))), "{month}");
        }
        for wrong in ["", "2026", "2026-13", "2026-1", "novembre", "9999-12"] {
            let code = month_of(wrong).err().map(|problem| problem.code);
            assert_eq!(code, Some("month_invalid"), "{wrong}");
        }
    }
}
