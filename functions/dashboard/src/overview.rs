//! The state of the marketplace at a glance, and what to do about it.

use adapters::store::{DocumentsRow, Question, SentMail};
use adapters::stripe::Stripe;
use adapters::undelivered::UndeliveredQueue;
use askama::Template;
use domain::account::Account;
use domain::again::MAIL_IS_LOST;
use domain::booking::{Booking, BookingState};
use domain::operator::ProposedDecision;
use domain::professional::{Complaints, FileChange, Professional, ProfessionalStatus};
use domain::report::{Report, ReportState};
use domain::review::{Review, ReviewQueue};
use futures::FutureExt as _;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::{SignedDuration, Timestamp};

use crate::frame::{Frame, Section, shown, since};
use crate::money::HELD_ALERT_DAYS;
use crate::undelivered::{Health, health, webhooks_not_brought};

/// The front page.
pub(crate) struct OverviewPage;

/// What is due within seven days is an alert while there is time to do it.
const ANSWER_SOON: SignedDuration = SignedDuration::from_hours(5 * 24);

/// A figure, and what it asks for.
struct Tile {
    figure: String,
    label: &'static str,
    todo: &'static str,
    address: String,
    alert: bool,
    /// For how long the oldest has waited, where things wait in a queue.
    age: Option<String>,
}

/// The figures of what asks for nothing.
const CALM: [&str; 3] = ["0", "Aucune", "À jour"];

impl Tile {
    /// Whether there is something to look at.
    fn waits(&self) -> bool {
        self.alert || !CALM.contains(&self.figure.as_str())
    }
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewTemplate {
    frame: Frame,
    waiting: Vec<Tile>,
    calm: Vec<Tile>,
    /// A drawing of the site's, for a day without decisions.
    nothing_waits: &'static str,
}

impl Operation for OverviewPage {
    const NAME: &'static str = "show-overview";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin";
    const SUMMARY: &'static str = "The state of the marketplace at a glance.";
    type Outside = (UndeliveredQueue, Stripe);
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(
        desk: &Desk<(UndeliveredQueue, Stripe)>,
        call: &Call<Self>,
    ) -> Result<Reply<Html>, Problem> {
        let (queue, stripe) = &desk.outside;
        // What is asked outside is asked while our own tables are read: the page waits for the
        // slowest, and for nobody longer than it has patience.
        let (queue, webhooks, tiles) = tokio::join!(
            health(desk, queue, call.now),
            webhooks_not_brought(stripe, call.now),
            ours(desk, call.now)
        );
        let (queue, mut tiles) = (queue?, tiles?);
        tiles.extend([
            undelivered(queue.as_ref()),
            of_stripe(queue.as_ref(), webhooks),
        ]);
        // What has waited too long comes first.
        tiles.sort_by_key(|tile| !tile.alert);
        let (waiting, calm) = tiles.into_iter().partition(Tile::waits);
        shown(&OverviewTemplate {
            frame: Frame::of(Section::Overview, &call.notice),
            waiting,
            calm,
            nothing_waits: include_str!("../../../frontend/src/lib/look/done.svg"),
        })
    }
}

/// What our own tables say. Each question is on the heap: sixteen at once are more than a stack holds.
async fn ours<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Vec<Tile>, Problem> {
    let (registrations, reviews, doubts, reports, overdue, troubles) = tokio::try_join!(
        registrations(desk, now).boxed(),
        reviews(desk, now).boxed(),
        doubts(desk, now).boxed(),
        reports(desk, now).boxed(),
        overdue(desk, now).boxed(),
        troubles(desk).boxed()
    )?;
    let (
        held,
        claims,
        proposals,
        complaints,
        [appeals, notifications, notices],
        [mails, unsent],
        titles,
        identifiers,
        suspicions,
        [file_changes, documents],
    ) = tokio::try_join!(
        held(desk, now).boxed(),
        claims(desk, now).boxed(),
        proposals(desk, now).boxed(),
        complaints(desk, now).boxed(),
        standings(desk, now).boxed(),
        mails(desk, now).boxed(),
        titles(desk).boxed(),
        identifiers(desk, now).boxed(),
        suspicions(desk, now).boxed(),
        files(desk, now).boxed()
    )?;
    Ok(vec![
        registrations,
        reviews,
        doubts,
        reports,
        overdue,
        troubles,
        held,
        claims,
        proposals,
        complaints,
        appeals,
        notifications,
        notices,
        mails,
        unsent,
        titles,
        identifiers,
        suspicions,
        file_changes,
        documents,
    ])
}

async fn registrations<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::professionals_in_status(ProfessionalStatus::Submitted);
    let waiting = desk.store.ask_all::<Professional>(question).await?;
    let oldest = waiting
        .iter()
        .filter_map(|read| read.record.submitted_at)
        .min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: named(
            waiting.len(),
            "inscription à examiner",
            "inscriptions à examiner",
        ),
        todo: "Ouvrir la plus ancienne.",
        address: "/admin/inscriptions".to_owned(),
        alert: oldest
            .is_some_and(|oldest| now.duration_since(oldest) >= SignedDuration::from_hours(72)),
        age: oldest.map(|oldest| since(&oldest, &now)),
    })
}

async fn reviews<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::reviews_in(ReviewQueue::Pending);
    let waiting = desk.store.ask_all::<Review>(question).await?;
    let oldest = waiting.iter().map(|read| read.record.submitted_at).min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: "avis à modérer",
        todo: "La décision est due sous sept jours.",
        address: "/admin/avis".to_owned(),
        alert: oldest.is_some_and(|oldest| now.duration_since(oldest) >= ANSWER_SOON),
        age: oldest.map(|oldest| since(&oldest, &now)),
    })
}

/// Published reviews that a professional doubts.
async fn doubts<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::reviews_in(ReviewQueue::Doubted);
    let waiting = desk.store.ask_all::<Review>(question).await?;
    let doubts = waiting.iter().filter_map(|read| read.record.doubt.as_ref());
    let oldest = doubts.map(|doubt| doubt.remark.at).min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: named(waiting.len(), "doute sur un avis", "doutes sur des avis"),
        todo: "Examiner les preuves, puis maintenir l’avis ou le retirer.",
        address: "/admin/avis?etat=doubted".to_owned(),
        alert: oldest.is_some_and(|oldest| now.duration_since(oldest) >= ANSWER_SOON),
        age: oldest.map(|oldest| since(&oldest, &now)),
    })
}

/// Contents that somebody says are illegal or false: they are examined without delay (DSA, article 16).
async fn reports<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::reports_in_state(ReportState::Open);
    let waiting = desk.store.ask_all::<Report>(question).await?;
    let oldest = waiting.iter().map(|read| read.record.reported_at).min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: named(
            waiting.len(),
            "signalement ou demande d’aide à traiter",
            "signalements et demandes d’aide à traiter",
        ),
        todo: "Masquer ou retirer ce qui doit l’être, puis répondre.",
        address: "/admin/signalements".to_owned(),
        alert: oldest
            .is_some_and(|oldest| now.duration_since(oldest) >= SignedDuration::from_hours(72)),
        age: oldest.map(|oldest| since(&oldest, &now)),
    })
}

/// What fell due and was not done: the sweep runs every minute.
async fn overdue<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::bookings_due(now).limit(1);
    let page = desk.store.ask::<Booking>(question).await?;
    let first = page.records.first().map(|read| &read.record);
    let deadline = first.and_then(|booking| booking.next_deadline());
    Ok(match deadline {
        Some(deadline) => Tile {
            figure: since(&deadline.at, &now),
            label: "de retard sur la plus ancienne échéance",
            todo: "Au-delà de quelques minutes, le balayage ne passe plus\u{a0}: voir le journal de sweep-deadlines.",
            address: "/admin/activite?who=system&action=sweep".to_owned(),
            alert: now.duration_since(deadline.at) >= SignedDuration::from_mins(5),
            age: None,
        },
        None => Tile {
            figure: "À jour".to_owned(),
            label: "échéances des réservations",
            todo: "Chaque minute, ce qui est dû est fait.",
            address: "/admin/argent".to_owned(),
            alert: false,
            age: None,
        },
    })
}

async fn troubles<O: Sync>(desk: &Desk<O>) -> Result<Tile, Problem> {
    let question = Question::payments_in_trouble();
    let list = desk.store.ask_all::<Booking>(question).await?;
    Ok(Tile {
        figure: list.len().to_string(),
        label: named(list.len(), "paiement à suivre", "paiements à suivre"),
        todo: "Remboursements renvoyés, débits contestés, étapes refusées par Stripe.",
        address: "/admin/argent".to_owned(),
        alert: !list.is_empty(),
        age: None,
    })
}

async fn held<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
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
        figure: match oldest {
            Some(_) => format!("{days} j"),
            None => "Aucune".to_owned(),
        },
        label: match oldest {
            Some(_) => "pour la plus ancienne somme conservée",
            None => "somme conservée",
        },
        todo: "Stripe ne conserve pas au-delà de 90 jours.",
        address: "/admin/argent".to_owned(),
        alert: days >= HELD_ALERT_DAYS,
        age: None,
    })
}

/// Decisions that wait for the operator: contested ones, those whose mail did not arrive, and formal
/// notices whose thirty days are over.
async fn standings<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<[Tile; 3], Problem> {
    let mut all = Vec::new();
    for status in [ProfessionalStatus::Accepted, ProfessionalStatus::Closed] {
        let question = Question::professionals_in_status(status);
        let read = desk.store.ask_all::<Professional>(question).await?;
        all.extend(read.into_iter().map(|read| read.record));
    }
    let open = ProfessionalStatus::Accepted;
    let tile = |waits: &dyn Fn(&Professional) -> bool, words: [&'static str; 2], todo, part| {
        let waiting: Vec<&Professional> = all.iter().filter(|one| waits(one)).collect();
        Tile {
            figure: waiting.len().to_string(),
            label: named(waiting.len(), words[0], words[1]),
            todo,
            address: waiting.first().map_or_else(
                || "/admin/professionnels".to_owned(),
                |one| format!("/admin/professionnels/{}#{part}", one.id),
            ),
            alert: !waiting.is_empty(),
            age: None,
        }
    };
    Ok([
        tile(
            &|one| one.standing.awaits_answer().is_some(),
            ["décision contestée", "décisions contestées"],
            "Relire le dossier, lever la décision ou répondre.",
            "contestation",
        ),
        tile(
            &|one| one.status == open && one.standing.needs_delivery(now),
            [
                "notification à remettre autrement",
                "notifications à remettre autrement",
            ],
            "Le courriel est revenu, ou rien ne dit après 24 heures qu’il est arrivé\u{a0}: le délai ne court pas encore. Remettre par un autre moyen, puis inscrire la réception dans le dossier.",
            "compte",
        ),
        tile(
            &|one| {
                one.status == open
                    && one
                        .standing
                        .notice
                        .as_ref()
                        .is_some_and(|it| it.is_due(now))
            },
            ["mise en demeure échue", "mises en demeure échues"],
            "Résilier, ou clore la mise en demeure si la situation est régularisée.",
            "compte",
        ),
    ])
}

/// What could not be delivered after every retry.
fn undelivered(queue: Option<&Health>) -> Tile {
    let address = "/admin/evenements".to_owned();
    let Some(queue) = queue else {
        return Tile {
            figure: "?".to_owned(),
            label: "événements non livrés",
            todo: "La file ne répond pas\u{a0}: voir le journal de show-dashboard.",
            address,
            alert: true,
            age: None,
        };
    };
    let waits = queue.count > 0;
    Tile {
        figure: match &queue.oldest {
            Some(oldest) => format!("{}, depuis {oldest}", queue.count),
            None => queue.count.to_string(),
        },
        label: named(
            usize::try_from(queue.count).unwrap_or(usize::MAX),
            "événement non livré",
            "événements non livrés",
        ),
        todo: if queue.given_up > 0 {
            "Redonnés un jour durant sans succès\u{a0}: ouvrir la liste, chaque ligne dit quoi faire."
        } else if waits {
            "Redonnés d’eux-mêmes pendant un jour\u{a0}: voir quelle fonction échoue, et pourquoi."
        } else {
            "Rien n’attend\u{a0}: tout ce qui devait être livré l’a été."
        },
        address,
        alert: waits,
        age: None,
    }
}

/// What Stripe tells and nobody took: webhooks that it could not bring, and those that were brought
/// and then failed.
fn of_stripe(queue: Option<&Health>, webhooks: Option<usize>) -> Tile {
    let failed = queue.map_or(0, |queue| queue.of_stripe);
    let not_brought = webhooks.unwrap_or(0);
    let (todo, address) = match webhooks {
        None => (
            "Stripe ne répond pas\u{a0}: voir status.stripe.com, puis le journal de show-dashboard.",
            "/admin/argent",
        ),
        Some(1..) => (
            "Stripe n’a pas pu les remettre\u{a0}: voir chez Stripe, Développeurs, Webhooks, pourquoi, et les renvoyer. Les paiements sont relus chaque minute sans eux.",
            "/admin/argent",
        ),
        Some(0) => (
            "Reprendre le paiement depuis la réservation, puis redonner l’événement.",
            "/admin/evenements",
        ),
    };
    Tile {
        figure: match webhooks {
            Some(_) => (failed + not_brought).to_string(),
            None => "?".to_owned(),
        },
        label: "avis de Stripe en échec",
        todo,
        address: address.to_owned(),
        alert: webhooks.is_none() || failed + not_brought > 0,
        age: None,
    }
}

/// Mails that did not reach their reader, and those that are not known to have left.
async fn mails<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<[Tile; 2], Problem> {
    let (returned, unsent) = tokio::try_join!(
        desk.store.ask_all::<SentMail>(Question::returned_mails()),
        desk.store
            .ask_all::<SentMail>(Question::unsent_mails(now - MAIL_IS_LOST))
    )?;
    let news = returned.iter().filter_map(|read| read.record.news.as_ref());
    let oldest = news.map(|news| news.at).min();
    let returned_age = oldest.map(|oldest| since(&oldest, &now));
    let oldest = unsent.iter().map(|read| read.record.at).min();
    let unsent_age = oldest.map(|oldest| since(&oldest, &now));
    let returned = Tile {
        figure: returned.len().to_string(),
        label: named(returned.len(), "courriel revenu", "courriels revenus"),
        todo: "Voir à qui, et joindre la personne autrement.",
        address: "/admin/courriels".to_owned(),
        alert: !returned.is_empty(),
        age: returned_age,
    };
    let unsent = Tile {
        figure: unsent.len().to_string(),
        label: named(unsent.len(), "courriel non parti", "courriels non partis"),
        todo: "Commencés, et rien ne dit qu’ils sont partis\u{a0}: renvoyés d’eux-mêmes, ou depuis la liste.",
        address: "/admin/courriels#non-partis".to_owned(),
        alert: !unsent.is_empty(),
        age: unsent_age,
    };
    Ok([returned, unsent])
}

/// Missions that lack a title which ended meanwhile.
async fn titles<O: Sync>(desk: &Desk<O>) -> Result<Tile, Problem> {
    let question = Question::missions_without_title();
    let missions = desk.store.ask_all::<Booking>(question).await?;
    Ok(Tile {
        figure: missions.len().to_string(),
        label: named(missions.len(), "mission sans titre", "missions sans titre"),
        todo: "Un titre prend fin avant la mission\u{a0}: obtenir le suivant ou faire annuler.",
        address: "/admin/titres".to_owned(),
        alert: !missions.is_empty(),
        age: None,
    })
}

/// Professionals who want to sign in with another e-mail.
async fn identifiers<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let waiting = desk
        .store
        .ask_all::<Account>(Question::identifier_changes())
        .await?;
    let changes = waiting
        .iter()
        .filter_map(|read| read.record.identifier_awaits_operator());
    let oldest = changes.map(|change| change.asked_at).min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: named(
            waiting.len(),
            "changement d’adresse à décider",
            "changements d’adresse à décider",
        ),
        todo: "Les deux adresses ont confirmé\u{a0}: accepter, ou refuser avec un motif.",
        address: "/admin/identifiants".to_owned(),
        alert: !waiting.is_empty(),
        age: oldest.map(|oldest| since(&oldest, &now)),
    })
}

/// What accepted professionals asked to have looked at.
async fn files<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<[Tile; 2], Problem> {
    let (changes, documents) = tokio::try_join!(file_changes(desk, now), documents(desk, now))?;
    Ok([changes, documents])
}

/// Professionals whose documents wait for a decision.
async fn documents<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::documents_waiting();
    let waiting = desk.store.ask_all::<DocumentsRow>(question).await?;
    let oldest = waiting.iter().map(|read| read.record.since).min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: named(
            waiting.len(),
            "dossier avec des pièces à vérifier",
            "dossiers avec des pièces à vérifier",
        ),
        todo: "Ouvrir la pièce, comparer avec le registre, puis vérifier ou refuser.",
        address: "/admin/pieces".to_owned(),
        alert: oldest
            .is_some_and(|oldest| now.duration_since(oldest) >= SignedDuration::from_hours(72)),
        age: oldest.map(|oldest| since(&oldest, &now)),
    })
}

/// Changes of professionals' files that wait for a decision.
async fn file_changes<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::file_changes_waiting();
    let waiting = desk.store.ask_all::<FileChange>(question).await?;
    let times = waiting.iter().filter_map(|read| read.record.waits_since());
    let oldest = times.min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: named(
            waiting.len(),
            "changement de dossier à décider",
            "changements de dossier à décider",
        ),
        todo: "Comparer avec le registre et les pièces, puis accepter, refuser ou demander.",
        address: "/admin/changements".to_owned(),
        alert: oldest
            .is_some_and(|oldest| now.duration_since(oldest) >= SignedDuration::from_hours(72)),
        age: oldest.map(|oldest| since(&oldest, &now)),
    })
}

/// Accounts into which somebody else may have come.
async fn suspicions<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let waiting = desk
        .store
        .ask_all::<Account>(Question::suspected_accesses())
        .await?;
    let oldest = waiting
        .iter()
        .filter_map(|read| read.record.suspected_at)
        .min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: named(
            waiting.len(),
            "accès suspect signalé",
            "accès suspects signalés",
        ),
        todo: "Le compte est fermé à tous : vérifier ce qui y a été fait, joindre le titulaire.",
        address: "/admin/acces-suspects".to_owned(),
        alert: !waiting.is_empty(),
        age: oldest.map(|oldest| since(&oldest, &now)),
    })
}

/// The words for so many.
fn named(count: usize, one: &'static str, many: &'static str) -> &'static str {
    if count < 2 { one } else { many }
}

/// Claims are among the bookings whose money is kept.
async fn claims<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let held = desk
        .store
        .ask_all::<Booking>(Question::money_held())
        .await?;
    let under_claim = held
        .iter()
        .filter(|read| read.record.state == BookingState::UnderClaim);
    let opened = under_claim.map(|read| read.record.claim.as_ref().map(|claim| claim.opened_at));
    let opened: Vec<Option<Timestamp>> = opened.collect();
    let oldest = opened.iter().flatten().min();
    Ok(Tile {
        figure: opened.len().to_string(),
        label: named(
            opened.len(),
            "réclamation en cours",
            "réclamations en cours",
        ),
        todo: "Les parties s’accordent d’abord\u{a0}; à défaut, trancher depuis la réservation.",
        address: "/admin/reservations?etat=under_claim&sens=croissant".to_owned(),
        alert: false,
        age: oldest.map(|oldest| since(oldest, &now)),
    })
}

/// Decisions that wait for a second operator.
async fn proposals<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let question = Question::proposed_decisions();
    let waiting = desk.store.ask_all::<ProposedDecision>(question).await?;
    let oldest = waiting.iter().map(|read| read.record.at).min();
    Ok(Tile {
        figure: waiting.len().to_string(),
        label: named(
            waiting.len(),
            "décision à confirmer",
            "décisions à confirmer",
        ),
        todo: "Au-delà de 500 €, un second exploitant confirme.",
        address: "/admin/a-confirmer".to_owned(),
        alert: !waiting.is_empty(),
        age: oldest.map(|oldest| since(&oldest, &now)),
    })
}

/// Professionals of whom clients complained three times in ninety days (terms, article 16.1).
async fn complaints<O: Sync>(desk: &Desk<O>, now: Timestamp) -> Result<Tile, Problem> {
    let often = desk
        .store
        .ask_all::<Complaints>(Question::complained_of())
        .await?;
    let often: Vec<Complaints> = often
        .into_iter()
        .map(|read| read.record)
        .filter(|one| one.are_told(now))
        .collect();
    Ok(Tile {
        figure: often.len().to_string(),
        label: named(
            often.len(),
            "professionnel à trois réclamations en 90 jours",
            "professionnels à trois réclamations en 90 jours",
        ),
        todo: "Relire ses missions, puis mettre en demeure ou classer par une note interne.",
        address: often.first().map_or_else(
            || "/admin/professionnels".to_owned(),
            |one| format!("/admin/professionnels/{}#compte", one.professional),
        ),
        alert: !often.is_empty(),
        age: None,
    })
}
