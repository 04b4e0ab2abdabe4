//! Goes through everybody once a day and writes what search and lists read of them, where it is missing or
//! old: what was stored before there was an index, and what changed without an event. Every hour it goes on
//! where the hour before ended.

use adapters::deadline::Tries;
use adapters::finding::{self, Indexed, Spent};
use adapters::store::{Changes, Question, StoreError, Trace};
use domain::account::{Account, Role};
use domain::booking::Booking;
use domain::ids::AccountId;
use domain::professional::{Professional, ProfessionalStatus};
use domain::time::paris;
use futures::future::BoxFuture;
use http_function::{Chore, Desk, Every, Problem, Round};

/// Goes through everybody.
pub struct RefreshIndex;

/// Professionals carry their documents: a page of them stays well under 1 MB.
const PAGE: i32 = 20;

/// A tour for each status, each with a place of its own.
const PROFESSIONALS: [(&str, ProfessionalStatus); 6] = [
    ("refresh-index-draft", ProfessionalStatus::Draft),
    ("refresh-index-submitted", ProfessionalStatus::Submitted),
    (
        "refresh-index-complements",
        ProfessionalStatus::ComplementsRequested,
    ),
    ("refresh-index-accepted", ProfessionalStatus::Accepted),
    ("refresh-index-refused", ProfessionalStatus::Refused),
    ("refresh-index-closed", ProfessionalStatus::Closed),
];

impl Chore for RefreshIndex {
    const NAME: &'static str = "refresh-index";
    const EVERY: Every = Every::Hour;
    const SUMMARY: &'static str = "Writes once a day, for everybody, what the operator's search and lists read, where it is missing or old.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let clients = clients(desk, trace).await;
        for (sweep, status) in PROFESSIONALS {
            professionals(desk, trace, sweep, status).await?;
        }
        clients
    }
}

async fn clients(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
    let today = paris::local_date(desk.clock.now());
    let mut round = Round::begin(desk, trace, RefreshIndex::NAME).await?;
    let everybody = Question::accounts_of_role(Role::Client);
    if let Some(mut tour) = round.tour::<Account>(everybody, Some(today)).await? {
        while let Some(read) = round.next(&mut tour).await? {
            let id = &read.record.id;
            round.item(id.as_str(), client(desk, id, trace)).await;
        }
    }
    round.end()
}

async fn professionals(
    desk: &Desk<()>,
    trace: &Trace,
    sweep: &'static str,
    status: ProfessionalStatus,
) -> Result<(), Problem> {
    let today = paris::local_date(desk.clock.now());
    let mut round = Round::begin(desk, trace, sweep).await?;
    let everybody = Question::professionals_in_status(status).limit(PAGE);
    if let Some(mut tour) = round.tour::<Professional>(everybody, Some(today)).await? {
        while let Some(read) = round.next(&mut tour).await? {
            let id = &read.record.id;
            let changes = Changes::by(trace, desk.clock.now());
            let work = again(|| Box::pin(finding::index_professional(&desk.store, id, &changes)));
            round.item(id.as_str(), work).await;
        }
    }
    round.end()
}

/// A client, with everything that they ordered.
async fn client(desk: &Desk<()>, id: &AccountId, trace: &Trace) -> Result<(), Problem> {
    let changes = Changes::by(trace, desk.clock.now());
    let store = &desk.store;
    let read = store
        .ask_all::<Booking>(Question::bookings_of_client(id))
        .await?;
    let bookings: Vec<Booking> = read.into_iter().map(|read| read.record).collect();
    for booking in &bookings {
        let indexed = finding::index_booking(store, &booking.id, &changes).await?;
        if indexed == Indexed::New {
            finding::index_invoices_of(store, &booking.id, &changes).await?;
        }
    }
    let spent = Spent::on(&bookings);
    again(|| Box::pin(finding::index_client(store, id, Some(&spent), &changes))).await
}

/// Does it again as long as others are in the way.
async fn again<'a>(
    work: impl Fn() -> BoxFuture<'a, Result<(), StoreError>>,
) -> Result<(), Problem> {
    let mut tries = Tries::begin();
    loop {
        match work().await.map_err(Problem::from) {
            Err(problem) if problem.is_stale() && tries.again().await => {}
            outcome => return outcome,
        }
    }
}
