//! Letters about the day of a mission: to the agents who are sent, and about what they tell.
//!
//! The street and whom to call there travel on the eve alone; before, the page has them. Of a log book only the
//! kind of an incident travels; its words are read on the page.

use domain::booking::{Booking, BookingState};
use domain::ids::AgentId;
use domain::members::Member;
use domain::professional::Professional;
use domain::shift::{ContactAtEnd, Duty, LateStep, Shift};
use domain::typography::of;

use super::team::to_member;
use super::{brief, town, with_mission, with_place, with_request};
use crate::files::{CrewFile, ShiftFile};
use crate::letter::{Letter, one_line};
use crate::post::{Notice, Post};

/// The agents of a booking who sign in for themselves.
fn crew(file: &CrewFile) -> impl Iterator<Item = (&AgentId, &Member)> {
    let agents = file.file.booking.agents.iter();
    agents.filter_map(|agent| Some((agent, file.members.member_of(agent)?)))
}

/// In which town an agent goes, and when.
fn with_duty(letter: Letter, booking: &Booking, agent: &AgentId) -> Letter {
    let zone = booking.mission.zone();
    let interval = Duty::of(booking, agent).map_or(booking.mission.interval, Duty::interval);
    letter
        .fact("Référence", &booking.reference)
        .fact("Mission", booking.mission.activity.label())
        .fact("Début", zone.named_date_time(interval.start()))
        .fact("Fin", zone.named_date_time(interval.end()))
        .fact("Lieu", town(booking))
}

fn day(booking: &Booking, agent: &AgentId) -> String {
    let interval = Duty::of(booking, agent).map_or(booking.mission.interval, Duty::interval);
    let zone = booking.mission.zone();
    zone.french_date_time(interval.start())
}

fn new_shift(post: &Post<'_>, booking: &Booking, agent: &AgentId, member: &Member) -> Notice {
    let letter = Letter::new(
        "agent-shift-given",
        format!("Nouvelle vacation : {}", day(booking, agent)),
    )
    .say(format!(
        "{} vous envoie sur une mission à {}.",
        booking.professional_name,
        one_line(&booking.mission.place.town)
    ));
    let letter = with_duty(letter, booking, agent)
        .button("Voir ma vacation", post.agent())
        .note("L’arrivée se pointe sur cette page, à partir de 30 min avant le début.");
    to_member(post, member, letter)
}

/// The contract is concluded and paid for: those who are sent learn where and when.
pub(crate) fn given(post: &Post<'_>, file: &CrewFile) -> Vec<Notice> {
    let booking = &file.file.booking;
    if booking.state != BookingState::Accepted {
        return Vec::new();
    }
    let Some(former) = booking.former.last() else {
        let all = crew(file).map(|(agent, member)| new_shift(post, booking, agent, member));
        return all.collect();
    };
    let all = crew(file).map(|(agent, member)| {
        if former.sent.contains(agent) {
            changed_shift(post, booking, agent, member)
        } else {
            new_shift(post, booking, agent, member)
        }
    });
    let left = former
        .sent
        .iter()
        .filter(|one| !booking.agents.contains(one));
    let left = left.filter_map(|agent| file.members.member_of(agent));
    all.chain(left.map(|member| not_needed(post, booking, member)))
        .collect()
}

/// The mission is at other hours.
fn changed_shift(post: &Post<'_>, booking: &Booking, agent: &AgentId, member: &Member) -> Notice {
    let letter = Letter::new(
        "agent-shift-changed",
        format!("Vacation modifiée : {}", day(booking, agent)),
    )
    .say("Cette mission a changé : voici ses dates, qui remplacent celles d’avant.");
    let letter = with_duty(letter, booking, agent).button("Voir ma vacation", post.agent());
    to_member(post, member, letter)
}

/// The mission goes on without this agent since it was changed.
fn not_needed(post: &Post<'_>, booking: &Booking, member: &Member) -> Notice {
    let letter = Letter::new(
        "agent-shift-not-needed",
        format!("Vacation retirée : {}", booking.reference),
    )
    .say("Cette mission a changé de dates ou d’effectif : vous n’y allez plus.")
    .fact("Référence", &booking.reference)
    .fact("Lieu", town(booking))
    .button("Voir mes vacations", post.agent());
    to_member(post, member, letter)
}

/// Somebody goes in the place of somebody else: both are told.
pub(crate) fn changed_hands(post: &Post<'_>, file: &CrewFile) -> Vec<Notice> {
    let booking = &file.file.booking;
    let Some(last) = booking.replacements.last() else {
        return Vec::new();
    };
    if booking.state != BookingState::Accepted {
        return Vec::new();
    }
    let came = file.members.member_of(&last.came);
    let came = came.map(|member| new_shift(post, booking, &last.came, member));
    let left = file.members.member_of(&last.left);
    let left = left.map(|member| taken(post, booking, member));
    came.into_iter().chain(left).collect()
}

fn taken(post: &Post<'_>, booking: &Booking, member: &Member) -> Notice {
    let letter = Letter::new(
        "agent-shift-taken",
        format!("Vacation confiée à un autre agent : {}", booking.reference),
    )
    .say(format!(
        "{} envoie un autre agent à votre place : vous n’y allez plus.",
        booking.professional_name
    ))
    .fact("Référence", &booking.reference)
    .fact("Dates", booking.mission.dates())
    .fact("Lieu", town(booking))
    .button("Voir mes vacations", post.agent());
    to_member(post, member, letter)
}

/// A mission that was accepted does not take place.
pub(crate) fn off(post: &Post<'_>, file: &CrewFile) -> Vec<Notice> {
    let booking = &file.file.booking;
    // Nobody was told of what was never accepted.
    if booking.accepted_at.is_none() || booking.state.contract_concluded() {
        return Vec::new();
    }
    let all = crew(file).map(|(_, member)| {
        let letter = Letter::new(
            "agent-shift-off",
            format!("Vacation annulée : {}", booking.reference),
        )
        .say("La mission n’a pas lieu : vous n’y allez pas.")
        .fact("Référence", &booking.reference)
        .fact("Dates", booking.mission.dates())
        .button("Voir mes vacations", post.agent());
        to_member(post, member, letter)
    });
    all.collect()
}

/// The mission begins within 24 h.
pub(crate) fn tomorrow(post: &Post<'_>, file: &CrewFile) -> Vec<Notice> {
    let booking = &file.file.booking;
    if booking.state != BookingState::Accepted {
        return Vec::new();
    }
    let all = crew(file).map(|(agent, member)| {
        let letter = Letter::new(
            "agent-shift-tomorrow",
            format!("Votre vacation commence le {}", day(booking, agent)),
        )
        .say("Votre vacation commence bientôt.");
        let letter = with_place(with_duty(letter, booking, agent), booking)
            .button("Voir ma vacation", post.agent())
            .note("Portez votre carte professionnelle et présentez-la au client qui la demande.");
        to_member(post, member, letter)
    });
    all.collect()
}

/// First name of an agent.
fn first_name(professional: &Professional, agent: &AgentId) -> String {
    let mut agents = professional.profile.agents.iter();
    let found = agents.find(|one| one.id == *agent);
    found.map_or_else(|| "Un agent".to_owned(), |one| one_line(&one.first_name))
}

/// An agent is not there.
pub(crate) fn missing(post: &Post<'_>, file: &ShiftFile, step: LateStep) -> Vec<Notice> {
    let ShiftFile { file, shift } = file;
    let booking = &file.booking;
    // The agent came while this was on its way.
    if shift.arrived.is_some() || booking.state != BookingState::Accepted {
        return Vec::new();
    }
    let name = first_name(&file.professional, &shift.agent);
    let zone = booking.mission.zone();
    let start = Duty::of(booking, &shift.agent)
        .map_or(booking.mission.interval, Duty::interval)
        .start();
    let start = zone.named_date_time(start);
    match step {
        LateStep::Company => {
            let letter = Letter::new(
                "professional-arrival-missing",
                format!("{name} n’a pas pointé son arrivée à {}", brief(&town(booking))),
            )
            .say(format!(
                "{name} devait commencer le {start} et n’a pas pointé son arrivée. Appelez cette personne, ou envoyez quelqu’un d’autre : le client est prévenu 20 min après le début."
            ));
            let letter = with_request(letter, booking)
                .button("Voir la mission et remplacer", post.request(&booking.id));
            vec![post.to_office(&file.professional, letter)]
        }
        LateStep::Client => {
            let company = &booking.professional_name;
            let phone = file.professional.profile.phone.as_ref();
            let letter = Letter::new(
                "client-arrival-missing",
                "L’arrivée de l’agent n’est pas confirmée",
            )
            .say(format!(
                "{name}, de l’équipe {}, devait commencer le {start} et n’a pas encore confirmé son arrivée. Le professionnel est prévenu.",
                of(company)
            ))
            .say("L’agent est là ? Il n’a peut-être pas de réseau : ne tenez pas compte de ce message.");
            let letter = with_mission(letter, booking);
            let letter = match phone {
                Some(phone) => letter.fact("Téléphone du professionnel", phone.display()),
                None => letter,
            };
            let letter = letter.button("Voir ma réservation", post.booking(&booking.id));
            vec![post.to_account(&file.client, letter)]
        }
    }
}

/// An agent wrote an incident down: the company is told at once.
pub(crate) fn incident(post: &Post<'_>, file: &ShiftFile, entry: usize) -> Vec<Notice> {
    let ShiftFile { file, shift } = file;
    let booking = &file.booking;
    let Some(entry) = shift.log.get(entry) else {
        return Vec::new();
    };
    let name = first_name(&file.professional, &shift.agent);
    let zone = booking.mission.zone();
    let letter = Letter::new(
        "professional-incident",
        format!(
            "Incident à {} : {}",
            brief(&town(booking)),
            entry.kind.label().to_lowercase()
        ),
    )
    .say(format!(
        "{name} signale un incident. Ce que l’agent en écrit est sur la page de la mission."
    ))
    .fact("Nature", entry.kind.label())
    .fact("Quand", zone.named_date_time(entry.moment.at));
    let letter =
        with_request(letter, booking).button("Lire la main courante", post.request(&booking.id));
    vec![post.to_office(&file.professional, letter)]
}

/// An agent said how the shift went: the client and the company read it.
pub(crate) fn reported(post: &Post<'_>, file: &ShiftFile) -> Vec<Notice> {
    let ShiftFile { file, shift } = file;
    let booking = &file.booking;
    let Some(report) = &shift.report else {
        return Vec::new();
    };
    if !booking.state.contract_concluded() {
        return Vec::new();
    }
    let name = first_name(&file.professional, &shift.agent);
    let subject = format!("Rapport de fin de mission {}", of(&name));
    let letter = Letter::new("client-shift-reported", &subject).say(format!(
        "{name} a rédigé le rapport de sa vacation. Lisez-le sur la page de votre réservation."
    ));
    let letter = with_presence(with_mission(letter, booking), booking, shift)
        .button("Lire le rapport", post.booking(&booking.id));
    let told = Letter::new("professional-shift-reported", &subject).say(format!(
        "{name} a rédigé le rapport de sa vacation : le client peut le lire."
    ));
    let told = with_presence(with_request(told, booking), booking, shift)
        .fact(
            "Contact du client",
            match report.contact {
                ContactAtEnd::Met => "Vu à la fin",
                ContactAtEnd::Absent => "Absent à la fin",
            },
        )
        .button("Lire le rapport", post.request(&booking.id));
    vec![
        post.to_account(&file.client, letter),
        post.to_office(&file.professional, told),
    ]
}

fn with_presence(letter: Letter, booking: &Booking, shift: &Shift) -> Letter {
    let zone = booking.mission.zone();
    let at = |presence: Option<domain::shift::Presence>| {
        presence.map(|one| zone.named_date_time(one.moment.at))
    };
    let facts = [("Arrivée", at(shift.arrived)), ("Départ", at(shift.left))];
    facts
        .into_iter()
        .fold(letter, |letter, (label, value)| match value {
            Some(value) => letter.fact(label, value),
            None => letter,
        })
}
