//! Every minute: decisions about professionals that are due take effect, however late the run is, and
//! everybody is told of new terms.

use adapters::bookings;
use adapters::orders;
use adapters::store::{Changes, Key, Question, Trace, Versioned};
use domain::booking::{Actor, Booking, BookingState, Command, decide};
use domain::event::Event;
use domain::order::{self, Order, OrderCommand, OrderState};
use domain::professional::{LiveBookings, Measure, Professional, ProfessionalStatus, StandingStep};
use http_function::{Chore, Desk, Every, Problem, Round};

use crate::announce_terms::announce_terms;

/// The sweep.
pub struct SweepStandings;

/// What the client of a mission that is given up reads.
const GIVEN_UP: &str =
    "Le professionnel n’exerce plus sur la plateforme. Vous êtes intégralement remboursé.";

impl Chore for SweepStandings {
    const NAME: &'static str = "sweep-standings";
    const EVERY: Every = Every::Minute;
    const SUMMARY: &'static str = "Every minute: decisions about professionals that are due take effect, however late \
        the run is, and everybody is told of new terms.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let question = Question::standings_due(desk.clock.now());
        let mut round = Round::begin(desk, trace, Self::NAME).await?;
        for listed in desk.store.ask_all::<Professional>(question).await? {
            let work = apply(desk, trace, &listed.record);
            round.item(listed.record.id.as_str(), work).await;
        }
        round.item("terms", announce_terms(desk, trace)).await;
        round.end()
    }
}

/// Bookings first, the decision last: interrupted in between, the next run goes on. Losing to somebody
/// who writes at the same time leaves it to the next run too.
async fn apply(desk: &Desk<()>, trace: &Trace, listed: &Professional) -> Result<(), Problem> {
    let key = Key::professional(&listed.id);
    let Some(read) = desk.store.get::<Professional>(key).await? else {
        return Ok(());
    };
    let now = desk.clock.now();
    let mut after = read.record.clone();
    let Some(step) = after.apply_due(now) else {
        return Ok(());
    };
    if step == StandingStep::Applied
        && let Some(measure) = &after.standing.measure
    {
        give_up_bookings(desk, trace, &after, measure).await?;
    }
    let id = after.id.clone();
    let changes = Changes::by(trace, now)
        .replace(&read, &after)
        .activity(SweepStandings::NAME, id.as_str())
        .event(Event::ProfessionalChanged {
            professional: id.clone(),
        })
        .event(Event::StandingChanged {
            professional: id,
            step,
        });
    Ok(desk.store.commit(changes).await?)
}

/// Nobody can answer requests any more; confirmed missions are given up if it was decided so. One that
/// fails leaves the decision to the next run, and the other clients are told now.
async fn give_up_bookings(
    desk: &Desk<()>,
    trace: &Trace,
    professional: &Professional,
    measure: &Measure,
) -> Result<(), Problem> {
    let closed = professional.status == ProfessionalStatus::Closed;
    let refund = measure.bookings == LiveBookings::Refund;
    let question = Question::bookings_of_professional(&professional.id);
    let mut outcome = Ok(());
    for read in desk.store.ask_all::<Booking>(question).await? {
        let reason = GIVEN_UP.to_owned();
        let command = match read.record.state {
            BookingState::Requested if closed || refund => Command::Refuse { reason },
            BookingState::Accepted
                if refund && desk.clock.now() < read.record.mission.interval.start() =>
            {
                Command::CancelAsProfessional { reason }
            }
            _ => continue,
        };
        outcome = outcome.and(give_up(desk, trace, &read, &command).await);
    }
    if closed || refund {
        outcome = outcome.and(refuse_orders(desk, trace, professional).await);
    }
    outcome
}

/// Orders of several missions that wait for an answer are refused.
async fn refuse_orders(
    desk: &Desk<()>,
    trace: &Trace,
    professional: &Professional,
) -> Result<(), Problem> {
    let question = Question::orders_of_professional(&professional.id);
    let mut outcome = Ok(());
    for read in desk.store.ask_all::<Order>(question).await? {
        if read.record.state == OrderState::Requested {
            outcome = outcome.and(refuse_order(desk, trace, &read).await);
        }
    }
    outcome
}

async fn refuse_order(
    desk: &Desk<()>,
    trace: &Trace,
    read: &Versioned<Order>,
) -> Result<(), Problem> {
    let now = desk.clock.now();
    let none = OrderCommand::Answer {
        accepted: Vec::new(),
        advice: None,
        reason: Some(GIVEN_UP.to_owned()),
    };
    // One whose time to answer is over expires by itself.
    let Ok(decision) = order::decide(&read.record, &none, now) else {
        return Ok(());
    };
    let changes = orders::write(&desk.store, read, decision, Changes::by(trace, now)).await?;
    let changes = changes.activity(SweepStandings::NAME, read.record.id.as_str());
    Ok(desk.store.commit(changes).await?)
}

async fn give_up(
    desk: &Desk<()>,
    trace: &Trace,
    read: &Versioned<Booking>,
    command: &Command,
) -> Result<(), Problem> {
    let now = desk.clock.now();
    // A request whose time to answer is over expires by itself.
    let Ok(decision) = decide(&read.record, Actor::System, command, now) else {
        return Ok(());
    };
    let changes = bookings::write(&desk.store, read, decision, Changes::by(trace, now)).await?;
    let changes = changes.activity(SweepStandings::NAME, read.record.id.as_str());
    Ok(desk.store.commit(changes).await?)
}
