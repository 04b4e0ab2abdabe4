//! A professional's calendar application reads the missions that were accepted: it signs in with the
//! address alone, so that nothing of the client is in it but the town.

use adapters::keys::LinkKeys;
use adapters::store::{Key, Question};
use domain::account::Account;
use domain::booking::Booking;
use domain::ids::AccountId;
use domain::members::Members;
use domain::professional::Professional;
use domain::shift::Duty;
use domain::text::on_one_line;
use domain::time::interval::Interval;
use http_function::{
    Calendar, Call, Desk, Employment, Nothing, Operation, Problem, Reply, Visitor,
    agent_feed_owner, calendar_feed_owner, is_calendar_feed,
};
use icalendar::{Component as _, Event, EventLike as _};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shifts::bookings_of;

/// Shows accepted missions to a calendar application.
pub struct ShowCalendarFeed;

/// For how long a mission stays in the calendar after its end.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long before its end a mission may have been requested: 75 days, and two for the answer.
const REQUESTED_BEFORE: SignedDuration = SignedDuration::from_hours(77 * 24);

/// The end of the feed's address.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FeedPath {
    /// Whose it is and the proof, such as `pro_01J….….ics`.
    pub feed: String,
}

impl Operation for ShowCalendarFeed {
    const NAME: &'static str = "show-calendar-feed";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/calendars/{feed}";
    const SUMMARY: &'static str = "A professional's accepted missions, for a calendar application.";
    type Outside = LinkKeys;
    type Who = Visitor;
    type Path = FeedPath;
    type Input = Nothing;
    type Output = Calendar;

    async fn run(desk: &Desk<LinkKeys>, call: &Call<Self>) -> Result<Reply<Calendar>, Problem> {
        if let Some(account) = agent_feed_owner(&call.path.feed) {
            let shifts = shifts_of(desk, &call.path.feed, &account, call.now).await?;
            return Ok(Reply::ok(Calendar(write_shifts(
                &shifts,
                &desk.settings.site,
            ))));
        }
        let professional = owner(desk, &call.path.feed).await?;
        let since = call.now - KEPT;
        let question = Question::requests_between(
            &professional.id,
            since - REQUESTED_BEFORE,
            call.now + SignedDuration::from_secs(1),
        );
        let bookings = desk.store.ask_all::<Booking>(question).await?;
        let missions = bookings
            .iter()
            .map(|read| &read.record)
            .filter(|booking| booking.state.contract_concluded())
            .filter(|booking| booking.mission.interval.end() > since);
        Ok(Reply::ok(Calendar(write(missions, &desk.settings.site))))
    }
}

/// Whose address it is, if it is the one that works. Every other answers as if it did not exist.
async fn owner(desk: &Desk<LinkKeys>, feed: &str) -> Result<Professional, Problem> {
    let id = calendar_feed_owner(feed).ok_or_else(Problem::not_found)?;
    let read = desk
        .store
        .get::<Professional>(Key::professional(&id))
        .await?;
    let works = |professional: &Professional| {
        let number = professional.feed.current();
        number.is_some_and(|number| is_calendar_feed(&desk.outside.0, feed, &id, number))
    };
    read.map(|read| read.record)
        .filter(works)
        .ok_or_else(Problem::not_found)
}

/// The shifts of the agent whose address it is, as long as they are in the team.
async fn shifts_of(
    desk: &Desk<LinkKeys>,
    feed: &str,
    account: &AccountId,
    now: Timestamp,
) -> Result<Vec<(Booking, Interval)>, Problem> {
    let store = &desk.store;
    let account = store.get::<Account>(Key::account(account)).await?;
    let account = account.ok_or_else(Problem::not_found)?.record;
    let professional = account.professional.ok_or_else(Problem::not_found)?;
    let members = store.get::<Members>(Key::members(&professional)).await?;
    let member = members.and_then(|read| read.record.member(&account.id).cloned());
    let member = member.ok_or_else(Problem::not_found)?;
    let works = member
        .feed
        .current()
        .is_some_and(|number| is_calendar_feed(&desk.outside.0, feed, &account.id, number));
    let agent = member.role.agent().cloned().filter(|_| works);
    let of = Employment {
        agent: agent.ok_or_else(Problem::not_found)?,
        professional,
    };
    let mut shifts = Vec::new();
    for id in bookings_of(store, &of, now).await? {
        let read = store.get::<Booking>(Key::booking(&id)).await?;
        let booking = read.map(|read| read.record);
        let booking = booking.filter(|booking| booking.state.contract_concluded());
        let duty = booking
            .as_ref()
            .and_then(|booking| Duty::of(booking, &of.agent));
        shifts.extend(booking.zip(duty.map(Duty::interval)));
    }
    Ok(shifts)
}

/// An agent's shifts: like the missions of the company, from when to when this agent is there.
fn write_shifts(shifts: &[(Booking, Interval)], site: &str) -> String {
    let mut calendar = begun("Vacations MonAgentDeSecu");
    for (booking, interval) in shifts {
        let page = format!("{site}/agent");
        calendar.push(entry(booking, *interval, "vacation", &page));
    }
    calendar.done().to_string()
}

fn begun(name: &str) -> icalendar::Calendar {
    let mut calendar = icalendar::Calendar::new();
    calendar.name(name);
    // How often applications are asked to read it again, as old and new ones understand it.
    for name in ["REFRESH-INTERVAL;VALUE=DURATION", "X-PUBLISHED-TTL"] {
        calendar.append_property(icalendar::Property::new(name, "PT1H"));
    }
    calendar
}

fn write<'a>(missions: impl Iterator<Item = &'a Booking>, site: &str) -> String {
    let mut calendar = begun("Missions MonAgentDeSecu");
    for booking in missions {
        calendar.push(event(booking, site));
    }
    calendar.done().to_string()
}

fn event(booking: &Booking, site: &str) -> Event {
    let page = format!("{site}/pro/commandes/{}", booking.id);
    let agents = match booking.mission.agents {
        1 => "1 agent".to_owned(),
        several => format!("{several} agents"),
    };
    entry(booking, booking.mission.interval, &agents, &page)
}

fn entry(booking: &Booking, interval: Interval, who: &str, page: &str) -> Event {
    let mission = &booking.mission;
    // An application that reads a bare line end there gives up the whole calendar.
    let town = on_one_line(&mission.place.town);
    let changed_at = booking.accepted_at.unwrap_or(booking.created_at);
    // The identifier and the moment are given: the library would take its own from chance and clock.
    Event::new()
        .uid(&format!("{}@monagentdesecu.com", booking.id))
        .add_property("DTSTAMP", utc(changed_at))
        .add_property("DTSTART", utc(interval.start()))
        .add_property("DTEND", utc(interval.end()))
        .summary(&format!("{} à {} ({who})", mission.activity.label(), town))
        .location(&format!("{} {}", mission.place.postal_code.as_str(), town))
        .description(&format!(
            "Commande {}, {}. Adresse et contact : {page}",
            booking.reference,
            booking.mission.dates(),
        ))
        .add_property("URL", page)
        .status(icalendar::EventStatus::Confirmed)
        .done()
}

/// A moment as calendars write it in UTC.
pub(crate) fn utc(moment: Timestamp) -> String {
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use domain::booking::BookingState;

    #[test]
    fn a_mission_is_told_with_its_town_and_nothing_else_of_the_client() {
        let booking = samples::booking_in(BookingState::Accepted);
        let text = write([&booking].into_iter(), "https://exemple.fr");
        let unfolded = text.replace("\r\n ", "");
        for shown in [
            "BEGIN:VCALENDAR\r\n",
            "VERSION:2.0\r\n",
            "UID:bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB@monagentdesecu.com\r\n",
            "LOCATION:69002 Lyon\r\n",
            "STATUS:CONFIRMED\r\n",
            "https://exemple.fr/pro/commandes/bkg_",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n",
        ] {
            assert!(unfolded.contains(shown), "{shown} is missing of {text}");
        }
        let [start, end] = [
            booking.mission.interval.start(),
            booking.mission.interval.end(),
        ]
        .map(utc);
        assert!(unfolded.contains(&format!("DTSTART:{start}\r\n")));
        assert!(unfolded.contains(&format!("DTEND:{end}\r\n")));
        for hidden in [
            booking.contact.name.as_str(),
            booking.contact.phone.as_str(),
            booking.mission.place.address.as_str(),
        ] {
            assert!(!unfolded.contains(hidden), "{hidden} is shown");
        }
        let mut strange = booking.clone();
        "Lyon\r\0BEGIN:VALARM".clone_into(&mut strange.mission.place.town);
        let told = write([&strange].into_iter(), "https://exemple.fr");
        assert!(
            told.contains("LOCATION:69002 Lyon BEGIN:VALARM\r\n"),
            "{told}"
        );
        let bare = told.replace("\r\n", "");
        assert!(!bare.contains(['\r', '\n', '\0']), "{told}");
        assert_eq!(
            text,
            write([&booking].into_iter(), "https://exemple.fr"),
            "nothing in it comes from the clock or from chance"
        );
    }
}
