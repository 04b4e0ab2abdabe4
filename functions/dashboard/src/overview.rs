//! The state of the marketplace at a glance, and what to do about it.

use adapters::store::{Question, SentMail};
use askama::Template;
use domain::booking::{Booking, BookingState};
use domain::professional::Professional;
use domain::review::Review;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::{SignedDuration, Timestamp};

use crate::frame::{Frame, Section, shown, since};
use crate::money::HELD_ALERT_DAYS;

/// The front page.
pub(crate) struct OverviewPage;

/// A figure, and what it asks for.
struct Tile {
    figure: String,
    label: &'static str,
    todo: &'static str,
    address: String,
    alert: bool,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewTemplate {
    frame: Frame,
    tiles: Vec<Tile>,
}

impl Operation for OverviewPage {
    const NAME: &'static str = "show-overview";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin";
    const SUMMARY: &'static str = "The state of the marketplace at a glance.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let tiles = vec![
            registrations(desk, call.now).await?,
            reviews(desk, call.now).await?,
            overdue(desk, call.now).await?,
            troubles(desk).await?,
            held(desk, call.now).await?,
            claims(desk).await?,
            appeals(desk).await?,
            mails(desk).await?,
            titles(desk).await?,
        ];
        shown(&OverviewTemplate {
            frame: Frame::of(Section::Overview, &call.notice),
            tiles,
        })
    }
}

async fn registrations(desk: &Desk<()>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::professionals_in_status("submitted");
    let waiting = desk.store.ask_all::<Professional>(question).await?;
    let oldest = waiting
        .iter()
        .filter_map(|read| read.record.submitted_at)
        .min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: "inscriptions à examiner",
        todo: "Ouvrir la plus ancienne.",
        address: "/admin/inscriptions".to_owned(),
        alert: oldest
            .is_some_and(|oldest| now.duration_since(oldest) >= SignedDuration::from_hours(72)),
    })
}

async fn reviews(desk: &Desk<()>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::reviews_in_status("pending");
    let waiting = desk.store.ask_all::<Review>(question).await?;
    let oldest = waiting.iter().map(|read| read.record.submitted_at).min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: "avis à modérer",
        todo: "La décision est due sous sept jours.",
        address: "/admin/avis".to_owned(),
        alert: oldest
            .is_some_and(|oldest| now.duration_since(oldest) >= SignedDuration::from_hours(7 * 24)),
    })
}

/// What fell due and was not done: the sweep runs every minute.
async fn overdue(desk: &Desk<()>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::bookings_due(now).limit(1);
    let page = desk.store.ask::<Booking>(question).await?;
    let first = page.records.first().map(|read| &read.record);
    let deadline = first.and_then(|booking| booking.next_deadline());
    Ok(match deadline {
        Some(deadline) => Tile {
            figure: since(&deadline.at, &now),
            label: "de retard sur la plus ancienne échéance",
            todo: "Au-delà de quelques minutes, le balayage ne passe plus : voir le journal de sweep-deadlines.",
            address: "/admin/activite?who=system&action=sweep".to_owned(),
            alert: now.duration_since(deadline.at) >= SignedDuration::from_mins(5),
        },
        None => Tile {
            figure: "À jour".to_owned(),
            label: "échéances des réservations",
            todo: "Chaque minute, ce qui est dû est fait.",
            address: "/admin/argent".to_owned(),
            alert: false,
        },
    })
}

async fn troubles(desk: &Desk<()>) -> Result<Tile, Problem> {
    let question = Question::payments_in_trouble();
    let list = desk.store.ask_all::<Booking>(question).await?;
    Ok(Tile {
        figure: list.len().to_string(),
        label: "paiements à suivre",
        todo: "Remboursements renvoyés, débits contestés, étapes refusées par Stripe.",
        address: "/admin/argent".to_owned(),
        alert: !list.is_empty(),
    })
}

async fn held(desk: &Desk<()>, now: Timestamp) -> Result<Tile, Problem> {
    let page = desk
        .store
        .ask::<Booking>(Question::money_held().limit(1))
        .await?;
    let oldest = page
        .records
        .first()
        .and_then(|read| read.record.payment.captured_at);
    let days = oldest.map_or(0, |oldest| now.duration_since(oldest).as_hours() / 24);
    Ok(Tile {
        figure: format!("{days} j"),
        label: "pour la plus ancienne somme conservée",
        todo: "Stripe ne conserve pas au-delà de 90 jours.",
        address: "/admin/argent".to_owned(),
        alert: days >= HELD_ALERT_DAYS,
    })
}

/// Decisions that are contested and wait for an answer.
async fn appeals(desk: &Desk<()>) -> Result<Tile, Problem> {
    let mut waiting = Vec::new();
    for status in ["accepted", "closed"] {
        let question = Question::professionals_in_status(status);
        let all = desk.store.ask_all::<Professional>(question).await?;
        waiting.extend(
            all.into_iter()
                .filter(|read| read.record.standing.awaits_answer().is_some())
                .map(|read| read.record.id),
        );
    }
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: "décisions contestées",
        todo: "Relire le dossier, lever la décision ou répondre.",
        address: waiting.first().map_or_else(
            || "/admin/professionnels".to_owned(),
            |id| format!("/admin/professionnels/{id}#contestation"),
        ),
        alert: !waiting.is_empty(),
    })
}

/// Mails that did not reach their reader.
async fn mails(desk: &Desk<()>) -> Result<Tile, Problem> {
    let question = Question::returned_mails();
    let returned = desk.store.ask_all::<SentMail>(question).await?;
    Ok(Tile {
        figure: returned.len().to_string(),
        label: "courriels revenus",
        todo: "Voir à qui, et joindre la personne autrement.",
        address: "/admin/courriels".to_owned(),
        alert: !returned.is_empty(),
    })
}

/// Missions that lack a title which ended meanwhile.
async fn titles(desk: &Desk<()>) -> Result<Tile, Problem> {
    let question = Question::missions_without_title();
    let missions = desk.store.ask_all::<Booking>(question).await?;
    Ok(Tile {
        figure: missions.len().to_string(),
        label: "missions sans titre",
        todo: "Un titre prend fin avant la mission : obtenir le suivant ou faire annuler.",
        address: "/admin/titres".to_owned(),
        alert: !missions.is_empty(),
    })
}

/// Claims are among the bookings whose money is kept.
async fn claims(desk: &Desk<()>) -> Result<Tile, Problem> {
    let held = desk
        .store
        .ask_all::<Booking>(Question::money_held())
        .await?;
    let open = held
        .iter()
        .filter(|read| read.record.state == BookingState::UnderClaim)
        .count();
    Ok(Tile {
        figure: open.to_string(),
        label: "réclamations en cours",
        todo: "Les parties s’accordent d’abord ; à défaut, trancher depuis la réservation.",
        address: "/admin/argent".to_owned(),
        alert: false,
    })
}
