//! Lists of bookings and of clients: filters and order stand in the address, a page costs less than twenty
//! read units whatever there is, and everything that a filter finds can be had as a file.
//!
//! One index gives the order; what it does not filter is filtered as it is read. A page ends when it is full
//! or has cost enough: then the next one goes on from there.

use adapters::store::{
    BookingRow, ClientRow, ClientState, Index, Listed, Question, Record, Store, sortable,
    sortable_amount, state_code,
};
use askama::Template;
use domain::booking::BookingState;
use domain::money::{Euros, decimal};
use domain::places::Department;
use domain::time::moment::is_within_reach;
use domain::time::paris;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::csv_file::Csv;
use crate::frame::{Frame, Section, shown};

/// How many lines a page shows.
const SHOWN: usize = 50;
/// How many are asked for at a time.
const READ: i32 = 40;
/// After how many tenths of a read unit a page reads no further: one more reading stays under twenty units.
const ENOUGH: u32 = 120;
/// The most lines of a file: a function answers six megabytes at most.
const MOST_IN_A_FILE: usize = 20_000;

/// What lists are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// When it was ordered, or the account opened.
    Commande,
    /// When the mission begins.
    Mission,
    /// What it costs.
    Montant,
}

/// From which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// The earliest or the cheapest first.
    Croissant,
    /// The latest or the dearest first.
    Decroissant,
}

/// What is asked of a list, as an address says it. A form sends its empty fields too.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub(crate) struct ListQuery {
    /// A state, by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etat: Option<String>,
    /// A department, by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    departement: Option<String>,
    /// From this day on, in Paris: missions that begin, or accounts that were opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    du: Option<String>,
    /// Until the end of this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    au: Option<String>,
    /// At least so much, in euros.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<String>,
    /// At most so much, in euros.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tri: Option<Order>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sens: Option<Direction>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    apres: Option<String>,
}

/// The filters, read: what cannot be is refused with the field that it was typed into.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Filters {
    state: Option<String>,
    department: Option<Department>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    least: Option<Euros>,
    most: Option<Euros>,
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn not_understood(field: &'static str, detail: &str) -> Problem {
    Problem::new(422, "filter_invalid", detail).about(field)
}

/// `1 234,5` or `1234.50`: an amount as people type it.
fn amount(text: &str) -> Option<Euros> {
    let plain: String = text
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '€')
        .collect();
    let (whole, cents) = plain.split_once([',', '.']).unwrap_or((&plain, ""));
    let cents = match cents.len() {
        0 => 0,
        1 => cents.parse::<i64>().ok()?.checked_mul(10)?,
        2 => cents.parse().ok()?,
        _ => return None,
    };
    let whole: i64 = whole
        .parse()
        .ok()
        .filter(|whole| (0..100_000_000).contains(whole))?;
    Some(Euros::from_cents(whole * 100 + cents))
}

impl ListQuery {
    fn filters(&self) -> Result<Filters, Problem> {
        let day = |field, text: Option<&String>| -> Result<Option<Date>, Problem> {
            let wrong = || not_understood(field, "Indiquez un jour, par exemple 2026-11-30.");
            let read = |text: &str| text.parse().ok().filter(|day| is_within_reach(*day));
            given(text)
                .map(|text| read(text).ok_or_else(wrong))
                .transpose()
        };
        let euros = |field, text: Option<&String>| -> Result<Option<Euros>, Problem> {
            let wrong =
                || not_understood(field, "Indiquez un montant en euros, par exemple 1 250,50.");
            given(text)
                .map(|text| amount(text).ok_or_else(wrong))
                .transpose()
        };
        let department = given(self.departement.as_ref())
            .map(Department::parse)
            .transpose();
        let until = day("au", self.au.as_ref())?.and_then(|day| day.tomorrow().ok());
        let filters = Filters {
            state: given(self.etat.as_ref()).map(str::to_owned),
            department: department.map_err(|_| {
                not_understood("departement", "Choisissez un département de la liste.")
            })?,
            from: day("du", self.du.as_ref())?.map(paris::day_start),
            until: until.map(paris::day_start),
            least: euros("min", self.min.as_ref())?,
            most: euros("max", self.max.as_ref())?,
        };
        let reversed = filters
            .from
            .zip(filters.until)
            .is_some_and(|(from, until)| until <= from);
        if reversed {
            return Err(not_understood(
                "au",
                "La période doit finir au plus tôt le jour où elle commence.",
            ));
        }
        Ok(filters)
    }

    /// The order: what was chosen, or else the one that finds what is filtered the fastest.
    fn order(&self, filters: &Filters, list: Listed) -> Order {
        let dates = filters.from.is_some() || filters.until.is_some();
        let amounts = filters.least.is_some() || filters.most.is_some();
        match self.tri {
            Some(Order::Mission) if list == Listed::Clients => Order::Commande,
            Some(chosen) => chosen,
            None if filters.state.is_some() || filters.department.is_some() => Order::Commande,
            None if dates && list == Listed::Bookings => Order::Mission,
            None if amounts => Order::Montant,
            None => Order::Commande,
        }
    }

    /// The question that gives the order and as much of the filters as its index knows.
    fn question(&self, filters: &Filters, list: Listed) -> Question {
        let low = filters.from.map_or_else(|| "0".to_owned(), sortable);
        let high = filters.until.map_or_else(|| "~".to_owned(), sortable);
        let question = match (
            self.order(filters, list),
            &filters.state,
            &filters.department,
        ) {
            (Order::Commande, Some(state), _) => Question::listed_in_state(list, state),
            (Order::Commande, None, Some(department)) => {
                Question::listed_in_department(list, department)
            }
            (Order::Commande, None, None) => {
                let question = Question::listed(list, Index::FindingByTime);
                match list {
                    Listed::Clients => question.within(low, high),
                    Listed::Bookings => question,
                }
            }
            (Order::Mission, _, _) => {
                Question::listed(list, Index::FindingByStart).within(low, high)
            }
            (Order::Montant, _, _) => Question::listed(list, Index::FindingByAmount).within(
                sortable_amount(filters.least.unwrap_or(Euros::ZERO)),
                filters.most.map_or_else(|| "~".to_owned(), sortable_amount),
            ),
        };
        match self.sens {
            Some(Direction::Croissant) => question.lowest_first(),
            Some(Direction::Decroissant) | None => question,
        }
    }

    /// The same question as an address asks it.
    fn address(&self, path: &str) -> String {
        let fields = serde_json::to_value(self).unwrap_or_default();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields.as_object().into_iter().flatten() {
            if let Some(value) = value.as_str().filter(|value| !value.is_empty()) {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        }
    }

    /// The address of the same list in another order: the other way round, if it is its order already.
    fn ordered(&self, path: &str, order: Order, now: Order) -> String {
        let sens = match self.sens {
            Some(Direction::Croissant) => Direction::Decroissant,
            Some(Direction::Decroissant) | None if order == now => Direction::Croissant,
            Some(Direction::Decroissant) | None => Direction::Decroissant,
        };
        let other = Self {
            tri: Some(order),
            sens: Some(sens),
            apres: None,
            ..self.clone()
        };
        other.address(path)
    }
}

/// What a list shows of a kind of record.
trait Row: Record {
    fn is_wanted(&self, filters: &Filters) -> bool;
}

fn within(at: Timestamp, filters: &Filters) -> bool {
    filters.from.is_none_or(|from| from <= at) && filters.until.is_none_or(|until| at < until)
}

fn costs(amount: Euros, filters: &Filters) -> bool {
    filters.least.is_none_or(|least| least <= amount)
        && filters.most.is_none_or(|most| amount <= most)
}

impl Row for BookingRow {
    fn is_wanted(&self, filters: &Filters) -> bool {
        let state = filters.state.as_deref();
        state.is_none_or(|state| state == state_code(self.state))
            && filters
                .department
                .is_none_or(|department| department == self.department)
            && within(self.starts_at, filters)
            && costs(self.total, filters)
    }
}

impl Row for ClientRow {
    fn is_wanted(&self, filters: &Filters) -> bool {
        let state = filters.state.as_deref();
        state.is_none_or(|state| state == self.state.code())
            && filters
                .department
                .is_none_or(|department| Some(department) == self.department)
            && within(self.opened_at, filters)
            && costs(self.spent, filters)
    }
}

struct Rows<R> {
    rows: Vec<R>,
    next: Option<String>,
}

/// Reads until a page is full or has cost enough.
async fn read<R: Row>(
    store: &Store,
    query: &ListQuery,
    filters: &Filters,
    list: Listed,
) -> Result<Rows<R>, Problem> {
    let question = query.question(filters, list);
    let index = question.index();
    let mut rows = Vec::new();
    let mut next = query.apres.clone().filter(|cursor| !cursor.is_empty());
    let mut spent = 0;
    loop {
        let page = store
            .ask::<R>(question.clone().limit(READ).after(next))
            .await?;
        spent += page.read_units_tenths;
        next = page.next;
        let wanted = page.records.into_iter().map(|read| read.record);
        let mut wanted = wanted.filter(|row| row.is_wanted(filters));
        rows.extend(wanted.by_ref().take(SHOWN - rows.len()));
        if wanted.next().is_some() {
            // The page is full before what was read is used up.
            let last = rows.last().zip(index);
            next = last.and_then(|(row, index)| Store::cursor_after(row, index));
        }
        if rows.len() >= SHOWN || next.is_none() || spent >= ENOUGH {
            return Ok(Rows { rows, next });
        }
    }
}

/// Everything that is wanted, for a file.
async fn read_all<R: Row>(
    store: &Store,
    query: &ListQuery,
    list: Listed,
) -> Result<Vec<R>, Problem> {
    let filters = query.filters()?;
    let question = query.question(&filters, list).limit(100);
    let mut rows: Vec<R> = Vec::new();
    let mut next = None;
    loop {
        let page = store.ask::<R>(question.clone().after(next)).await?;
        let records = page.records.into_iter().map(|read| read.record);
        rows.extend(records.filter(|row| row.is_wanted(&filters)));
        next = page.next;
        if next.is_none() || rows.len() >= MOST_IN_A_FILE {
            rows.truncate(MOST_IN_A_FILE);
            return Ok(rows);
        }
    }
}

struct Choice {
    code: String,
    label: String,
    chosen: bool,
}

fn departments(query: &ListQuery) -> Vec<Choice> {
    let chosen = given(query.departement.as_ref());
    let choice = |department: Department| Choice {
        code: department.code().to_owned(),
        label: department.to_string(),
        chosen: chosen == Some(department.code()),
    };
    Department::all().map(choice).collect()
}

/// What the form of a list holds.
struct Form {
    states: Vec<Choice>,
    departments: Vec<Choice>,
    from: String,
    until: String,
    least: String,
    most: String,
    order: &'static str,
    direction: &'static str,
    csv: String,
    /// Whether anything is filtered.
    filtered: bool,
}

impl Form {
    fn of(query: &ListQuery, states: Vec<Choice>, csv: &str) -> Self {
        let text = |text: Option<&String>| given(text).unwrap_or_default().to_owned();
        let fields = [
            &query.etat,
            &query.departement,
            &query.du,
            &query.au,
            &query.min,
            &query.max,
        ];
        let file = ListQuery {
            apres: None,
            ..query.clone()
        };
        Self {
            states,
            departments: departments(query),
            from: text(query.du.as_ref()),
            until: text(query.au.as_ref()),
            least: text(query.min.as_ref()),
            most: text(query.max.as_ref()),
            order: match query.tri {
                Some(Order::Commande) => "commande",
                Some(Order::Mission) => "mission",
                Some(Order::Montant) => "montant",
                None => "",
            },
            direction: match query.sens {
                Some(Direction::Croissant) => "croissant",
                Some(Direction::Decroissant) => "decroissant",
                None => "",
            },
            csv: file.address(csv),
            filtered: fields
                .into_iter()
                .any(|field| given(field.as_ref()).is_some()),
        }
    }
}

/// A column that can be sorted by: where its head leads, and whether it is the order now.
struct Head {
    address: String,
    sorted: &'static str,
}

fn head(query: &ListQuery, path: &str, order: Order, now: Order) -> Head {
    Head {
        address: query.ordered(path, order, now),
        sorted: match (order == now, query.sens) {
            (false, _) => "none",
            (true, Some(Direction::Croissant)) => "ascending",
            (true, Some(Direction::Decroissant) | None) => "descending",
        },
    }
}

fn day(at: Timestamp) -> String {
    paris::short_date(paris::local_date(at))
}

/// The list of bookings.
pub(crate) struct BookingsPage;

struct BookingLine {
    row: BookingRow,
    ordered: String,
    starts: String,
}

#[derive(Template)]
#[template(path = "bookings.html")]
struct BookingsTemplate {
    frame: Frame,
    form: Form,
    by_order: Head,
    by_start: Head,
    by_amount: Head,
    lines: Vec<BookingLine>,
    next: Option<String>,
}

fn booking_states(query: &ListQuery) -> Vec<Choice> {
    let chosen = given(query.etat.as_ref());
    let choice = |state: BookingState| Choice {
        code: state_code(state).to_owned(),
        label: state.label().to_owned(),
        chosen: chosen == Some(state_code(state)),
    };
    BookingState::ALL.into_iter().map(choice).collect()
}

impl Operation for BookingsPage {
    const NAME: &'static str = "show-bookings";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/reservations";
    const SUMMARY: &'static str = "Bookings by state, date, department and amount.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ListQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let query = &call.input;
        let mut frame = Frame::of(Section::Bookings, &call.notice);
        let (read, order) =
            asked::<BookingRow>(&desk.store, query, Listed::Bookings, &mut frame).await?;
        shown(&BookingsTemplate {
            frame,
            form: Form::of(query, booking_states(query), DownloadBookings::PATH),
            by_order: head(query, Self::PATH, Order::Commande, order),
            by_start: head(query, Self::PATH, Order::Mission, order),
            by_amount: head(query, Self::PATH, Order::Montant, order),
            next: further(query, Self::PATH, read.next),
            lines: read.rows.into_iter().map(booking_line).collect(),
        })
    }
}

/// What the form asks for; nothing, with the reason on the page, where it cannot be asked for.
async fn asked<R: Row>(
    store: &Store,
    query: &ListQuery,
    list: Listed,
    frame: &mut Frame,
) -> Result<(Rows<R>, Order), Problem> {
    match query.filters() {
        Ok(filters) => {
            let read = read::<R>(store, query, &filters, list).await?;
            Ok((read, query.order(&filters, list)))
        }
        Err(problem) => {
            frame.refuse(&problem);
            let nothing = Rows {
                rows: Vec::new(),
                next: None,
            };
            Ok((nothing, Order::Commande))
        }
    }
}

fn further(query: &ListQuery, path: &str, next: Option<String>) -> Option<String> {
    let further = ListQuery {
        apres: Some(next?),
        ..query.clone()
    };
    Some(further.address(path))
}

fn booking_line(row: BookingRow) -> BookingLine {
    BookingLine {
        ordered: day(row.ordered_at),
        starts: day(row.starts_at),
        row,
    }
}

/// The same as a file for a spreadsheet.
pub(crate) struct DownloadBookings;

impl Operation for DownloadBookings {
    const NAME: &'static str = "download-bookings";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/reservations.csv";
    const SUMMARY: &'static str = "The bookings that were asked for, for a spreadsheet.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ListQuery;
    type Output = Csv;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Csv>, Problem> {
        let rows = read_all::<BookingRow>(&desk.store, &call.input, Listed::Bookings).await?;
        let head = [
            "référence",
            "commandée le",
            "mission le",
            "client",
            "professionnel",
            "ville",
            "département",
            "état",
            "total TTC",
        ];
        let lines = rows.into_iter().map(|row| {
            [
                row.reference,
                paris::local_date(row.ordered_at).to_string(),
                paris::local_date(row.starts_at).to_string(),
                row.client_name,
                row.professional_name,
                row.town,
                row.department.code().to_owned(),
                row.state.label().to_owned(),
                decimal(row.total.cents()),
            ]
        });
        Ok(Reply::ok(Csv::of(head, lines)?))
    }
}

/// The list of clients.
pub(crate) struct ClientsPage;

struct ClientLine {
    row: ClientRow,
    opened: String,
    state: &'static str,
    department: String,
}

#[derive(Template)]
#[template(path = "clients.html")]
struct ClientsTemplate {
    frame: Frame,
    form: Form,
    by_order: Head,
    by_amount: Head,
    lines: Vec<ClientLine>,
    next: Option<String>,
}

fn client_state(state: ClientState) -> &'static str {
    match state {
        ClientState::Open => "Ouvert",
        ClientState::Suspected => "Accès suspect",
        ClientState::Closed => "Fermé",
    }
}

fn client_states(query: &ListQuery) -> Vec<Choice> {
    let chosen = given(query.etat.as_ref());
    let choice = |state: ClientState| Choice {
        code: state.code().to_owned(),
        label: client_state(state).to_owned(),
        chosen: chosen == Some(state.code()),
    };
    ClientState::ALL.into_iter().map(choice).collect()
}

impl Operation for ClientsPage {
    const NAME: &'static str = "show-clients";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/clients";
    const SUMMARY: &'static str = "Clients by state, date, department and amount.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ListQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let query = &call.input;
        let mut frame = Frame::of(Section::Clients, &call.notice);
        let (read, order) =
            asked::<ClientRow>(&desk.store, query, Listed::Clients, &mut frame).await?;
        shown(&ClientsTemplate {
            frame,
            form: Form::of(query, client_states(query), DownloadClients::PATH),
            by_order: head(query, Self::PATH, Order::Commande, order),
            by_amount: head(query, Self::PATH, Order::Montant, order),
            next: further(query, Self::PATH, read.next),
            lines: read.rows.into_iter().map(client_line).collect(),
        })
    }
}

fn client_line(row: ClientRow) -> ClientLine {
    ClientLine {
        opened: day(row.opened_at),
        state: client_state(row.state),
        department: row
            .department
            .map(|one| one.to_string())
            .unwrap_or_default(),
        row,
    }
}

/// The same as a file for a spreadsheet.
pub(crate) struct DownloadClients;

impl Operation for DownloadClients {
    const NAME: &'static str = "download-clients";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/clients.csv";
    const SUMMARY: &'static str = "The clients that were asked for, for a spreadsheet.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ListQuery;
    type Output = Csv;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Csv>, Problem> {
        let rows = read_all::<ClientRow>(&desk.store, &call.input, Listed::Clients).await?;
        let head = [
            "compte",
            "nom",
            "société",
            "état",
            "ouvert le",
            "département",
            "réservations",
            "total TTC",
        ];
        let lines = rows.into_iter().map(|row| {
            [
                row.id.to_string(),
                row.name,
                row.company.unwrap_or_default(),
                client_state(row.state).to_owned(),
                paris::local_date(row.opened_at).to_string(),
                row.department
                    .map(|one| one.code().to_owned())
                    .unwrap_or_default(),
                row.bookings.to_string(),
                decimal(row.spent.cents()),
            ]
        });
        Ok(Reply::ok(Csv::of(head, lines)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(fields: &[(&str, &str)]) -> ListQuery {
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()));
        serde_json::from_value(serde_json::Value::Object(fields.collect())).unwrap()
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (typed, cents) in [
            ("12", Some(1_200)),
            ("1 250,5", Some(125_050)),
            ("1250.50 €", Some(125_050)),
            ("0,05", Some(5)),
            ("-3", None),
            ("douze", None),
            ("1,234", None),
        ] {
            assert_eq!(amount(typed), cents.map(Euros::from_cents), "{typed}");
        }
    }

    #[test]
    fn each_filter_chooses_the_index_that_finds_it() {
        for (fields, list, index) in [
            (&[][..], Listed::Bookings, Index::FindingByTime),
            (
                &[("etat", "accepted")],
                Listed::Bookings,
                Index::FindingByState,
            ),
            (
                &[("departement", "69")],
                Listed::Bookings,
                Index::FindingByDepartment,
            ),
            (
                &[("du", "2026-11-30")],
                Listed::Bookings,
                Index::FindingByStart,
            ),
            (&[("min", "500")], Listed::Bookings, Index::FindingByAmount),
            (
                &[("min", "500"), ("tri", "commande")],
                Listed::Bookings,
                Index::FindingByTime,
            ),
            (
                &[("etat", "accepted"), ("tri", "montant")],
                Listed::Bookings,
                Index::FindingByAmount,
            ),
            (
                &[("du", "2026-11-30")],
                Listed::Clients,
                Index::FindingByTime,
            ),
            (&[("tri", "mission")], Listed::Clients, Index::FindingByTime),
        ] {
            let query = asked(fields);
            let filters = query.filters().unwrap();
            assert_eq!(
                query.question(&filters, list).index(),
                Some(index),
                "{fields:?}"
            );
        }
    }

    #[test]
    fn the_address_keeps_what_was_asked_and_forgets_what_was_left_empty() {
        let query = asked(&[
            ("etat", "accepted"),
            ("du", ""),
            ("departement", "2A"),
            ("apres", "x"),
        ]);
        assert_eq!(
            query.ordered("/admin/reservations", Order::Montant, Order::Commande),
            "/admin/reservations?departement=2A&etat=accepted&sens=decroissant&tri=montant"
        );
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_field() {
        for (field, value) in [("du", "hier"), ("min", "cher"), ("departement", "999")] {
            let refused = asked(&[(field, value)]).filters().unwrap_err();
            assert_eq!(refused.code, "filter_invalid", "{field}");
        }
        let reversed = asked(&[("du", "2026-11-30"), ("au", "2026-11-29")]).filters();
        assert!(reversed.is_err());
    }
}
