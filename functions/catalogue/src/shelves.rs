//! The shelves that search reads: one listing for each published offer and department, always
//! rebuilt from what is stored now, so that late, repeated and reordered events do no harm.

use std::collections::BTreeSet;

use adapters::experience::with_experience;
use adapters::store::{
    AgendaDay, Changes, Key, Listing, Question, Record, Store, StoreError, Trace, Versioned,
};
use domain::booking::{Delays, earliest_start};
use domain::calendar::{AgentTime, Availability, Occupation};
use domain::ids::{OfferId, ProfessionalId};
use domain::offer::{Activity, Offer};
use domain::places::Department;

use domain::professional::Professional;
use domain::ranking::{RANKING_VERSION, score};
use domain::staffing::{AROUND, Worker};
use domain::time::interval::Interval;
use domain::time::paris;
use domain::time::zone::Zone;
use http_function::Desk;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::public::{is_published, position, town, vat_status};

/// What the listings of a professional are made of.
struct Stock {
    professional: Professional,
    /// From the agenda, those that are paid for.
    occupations: Vec<Occupation>,
}

/// What is the same for all professionals.
struct Terms<'a> {
    delays: &'a Delays,

    now: Timestamp,
}

/// Which differences between a listing and what it should be are worth writing it for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worth {
    /// Whatever differs: the day's round.
    Whatever,
    /// Not what follows from missions done and answers given alone: that waits for the day's round.
    MoreThanRecord,
}

impl Worth {
    fn writes(self, shelved: &Listing, wanted: &Listing) -> bool {
        match self {
            Self::Whatever => shelved != wanted,
            Self::MoreThanRecord => {
                let with_its_record = Listing {
                    answer_minutes: shelved.answer_minutes,
                    validated_missions: shelved.validated_missions,
                    score: shelved.score,
                    ..wanted.clone()
                };
                *shelved != with_its_record
            }
        }
    }
}

/// Rebuilds the listings of one offer, or of all the professional's offers.
pub(crate) async fn rebuild<O>(
    desk: &Desk<O>,
    professional: &ProfessionalId,
    one_offer: Option<&OfferId>,
    worth: Worth,
    trace: &Trace,
) -> Result<(), StoreError> {
    let store = &desk.store;
    let offers = match one_offer {
        Some(offer) => BTreeSet::from([offer.clone()]),
        None => offers_of(store, professional).await?,
    };
    // What is on the shelves is read before what it is made of: a change in between makes the write
    // fail instead of putting something older in its place.
    let mut shelved: Vec<(OfferId, Vec<Versioned<Listing>>)> = Vec::with_capacity(offers.len());
    for offer in offers {
        let listings = store.ask_all(Question::listings_of(&offer)).await?;
        shelved.push((offer, listings));
    }
    let terms = Terms {
        delays: &desk.settings.delays,
        now: desk.clock.now(),
    };
    let stock = read_stock(store, professional, &terms).await?;
    for (offer, shelved) in shelved {
        let offer = store.get::<Offer>(Key::offer(&offer)).await?;
        let wanted = match (&stock, &offer) {
            (Some(stock), Some(offer)) => listings(stock, &offer.record, &terms),
            (Some(_) | None, Some(_) | None) => Vec::new(),
        };
        let changes = difference(&shelved, &wanted, worth, Changes::by(trace, terms.now));
        // Each listing is a copy of its own: one by one costs half of what a transaction does.
        store.commit_apart(changes).await?;
    }
    Ok(())
}

/// The index may lag behind by moments; the offers themselves are then read by their keys.
async fn offers_of(
    store: &Store,
    professional: &ProfessionalId,
) -> Result<BTreeSet<OfferId>, StoreError> {
    let offers = store
        .ask_all::<Offer>(Question::offers_of(professional))
        .await?;
    Ok(offers.into_iter().map(|read| read.record.id).collect())
}

async fn read_stock(
    store: &Store,
    id: &ProfessionalId,
    terms: &Terms<'_>,
) -> Result<Option<Stock>, StoreError> {
    let Some(read) = store.get::<Professional>(Key::professional(id)).await? else {
        return Ok(None);
    };
    // What was done since Monday counts for the hours of the week; a week more is looked at than that.
    let first = paris::local_date(terms.now - AROUND);
    let last = paris::local_date(terms.now + terms.delays.horizon);
    let days = store
        .ask_all::<AgendaDay>(Question::agenda(id, first, last))
        .await?;
    let occupations = days
        .into_iter()
        .flat_map(|day| day.record.occupations)
        .filter(is_firm)
        .collect();
    Ok(Some(Stock {
        professional: with_experience(store, read.record).await?,
        occupations,
    }))
}

/// Whether search knows of it. Agents held while a client pays come back within a quarter of an hour
/// or are held for good: writing every listing twice for that costs more than a search that is a
/// little too hopeful, and whoever orders is told at once.
fn is_firm(occupation: &Occupation) -> bool {
    occupation.held_until.is_none()
}

/// The changes that turn what is on the shelves into what should be there. What is right stays
/// untouched: every write is paid for once more in each index.
fn difference(
    shelved: &[Versioned<Listing>],
    wanted: &[Listing],
    worth: Worth,
    changes: Changes,
) -> Changes {
    let same_place = |listing: &Listing| {
        shelved
            .iter()
            .find(|read| read.record.key() == listing.key())
    };
    let changes = wanted
        .iter()
        .fold(changes, |changes, listing| match same_place(listing) {
            Some(read) if !worth.writes(&read.record, listing) => changes,
            read => changes.upsert(read, listing),
        });
    let is_wanted = |read: &&Versioned<Listing>| {
        wanted
            .iter()
            .any(|listing| listing.key() == read.record.key())
    };
    shelved
        .iter()
        .filter(|read| !is_wanted(read))
        .fold(changes, Changes::delete)
}

/// The listings that an offer should have now: none when it cannot be ordered.
fn listings(stock: &Stock, offer: &Offer, terms: &Terms<'_>) -> Vec<Listing> {
    let professional = &stock.professional;
    let orderable = professional.is_before_the_public()
        && is_published(offer)
        && offer.professional == professional.id
        && professional.conditions_of_sale().is_some();
    let until = professional.sells(offer.terms.activity, terms.now).ok();
    let Some(titles_valid_until) = until.filter(|_| orderable) else {
        return Vec::new();
    };
    let listing =
        |department: &Department| listing(stock, offer, *department, titles_valid_until, terms);
    offer.terms.departments.iter().map(listing).collect()
}

fn listing(
    stock: &Stock,
    offer: &Offer,
    department: Department,
    titles_valid_until: Date,
    terms: &Terms<'_>,
) -> Listing {
    let (professional, offered) = (&stock.professional, &offer.terms);
    let record = &professional.record;
    let zone = Zone::of(&department);
    let agents = agents_and_their_time(stock, offered.activity, zone, terms);

    let horizon_days = terms.delays.horizon.as_hours() / 24;
    let shortest = i64::from(offered.minimum_hours) * 60;
    // From midnight on, so that a listing stays the same all day unless something happens; two days
    // more than the horizon, so that it is covered until it is written again.
    let midnight = paris::day_start(paris::local_date(terms.now));
    let earliest = earliest_start(
        offered.notice_hours,
        offered.takes_urgent,
        midnight,
        terms.delays,
    );
    let availability = Availability::compute(
        &professional.calendar,
        zone,
        &agents,
        Worker::of(professional),
        midnight,
        horizon_days + 2,
    );
    let last_end = midnight + terms.delays.horizon;
    let first_free = availability
        .first_start(earliest, shortest, zone)
        .filter(|start| *start + SignedDuration::from_mins(shortest) <= last_end);
    Listing {
        activity: offered.activity,
        department,
        offer: offer.id.clone(),
        professional: professional.id.clone(),
        name: professional.name().to_owned(),
        town: town(professional),
        title: offered.title.clone(),
        rates: offered.rates,
        travel: offered.travel,
        vat: vat_status(professional),
        minimum_hours: offered.minimum_hours,
        notice_hours: offered.notice_hours,
        takes_urgent: offered.takes_urgent,
        maximum_agents: offered.maximum_agents,
        cancellation: offered.cancellation,
        ratings_sum: record.ratings_sum,
        ratings_count: record.ratings_count,
        answer_minutes: record.average_answer_minutes(),
        validated_missions: record.validated_missions,
        at: position(professional),
        titles_valid_until,
        first_free,
        score: score(record),
        score_version: RANKING_VERSION,
        portrait: professional.portrait().is_some(),
        availability: availability.encode(),
    }
}

/// The agents who hold what the activity asks of them, what they have to do, and when they cannot come to a place with
/// this zone: an agent whose card has ended is away for ever after, and everybody is once an announced
/// end takes effect.
fn agents_and_their_time(
    stock: &Stock,
    activity: Activity,
    zone: Zone,
    terms: &Terms<'_>,
) -> Vec<AgentTime> {
    let professional = &stock.professional;
    let today = paris::local_date(terms.now);
    let beyond = terms.now + terms.delays.horizon + SignedDuration::from_hours(72);
    let leaving = professional.announced_absence().and_then(|(from, until)| {
        Interval::new(from, until.map_or(beyond, |until| until.min(beyond))).ok()
    });
    let agents = professional.profile.agents.iter();
    let carded = agents.filter_map(|agent| {
        let last = professional.credential_lasts_until(&agent.id, activity, today)?;
        // A mission that ends at midnight ends on the next day, when the card is no longer valid.
        let ends = zone.day_start(last.saturating_add(1.day())) - SignedDuration::from_mins(1);
        let mut away = professional.absences_of(&agent.id, zone);
        away.extend(Interval::new(ends, beyond).ok());
        Some((agent.id.to_string(), away))
    });
    let (names, away): (Vec<String>, Vec<Vec<Interval>>) = carded.unzip();
    let mut agents = AgentTime::of(&names, &stock.occupations, terms.now);
    for (agent, away) in agents.iter_mut().zip(away) {
        agent.away.extend(leaving);
        agent.away.extend(away);
    }
    agents
}

#[cfg(test)]
mod tests;
