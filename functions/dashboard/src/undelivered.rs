//! What functions did not take after every retry: given again by itself for a day, then by a button.

use adapters::store::{Question, StoreError, UndeliveredEvent};
use adapters::stripe::Stripe;
use adapters::undelivered::UndeliveredQueue;
use askama::Template;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::{SignedDuration, Timestamp};

use crate::frame::{Frame, Section, moment, shown, since};

/// The functions that follow what Stripe says.
const OF_STRIPE: [&str; 2] = ["follow-stripe", "receive-stripe-event"];

/// How many of each kind are shown at most.
const SHOWN: i32 = 100;

/// What waits to be given again.
pub(crate) struct UndeliveredPage;

struct Line {
    id: String,
    what: String,
    function: String,
    since: String,
    tries: u32,
    next: String,
    error: String,
    todo: &'static str,
    can_be_given: bool,
    given_up: bool,
}

#[derive(Template)]
#[template(path = "undelivered.html")]
struct UndeliveredTemplate {
    frame: Frame,
    lines: Vec<Line>,
    in_queue: Option<u64>,
    more: bool,
}

impl Operation for UndeliveredPage {
    const NAME: &'static str = "show-undelivered";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/evenements";
    const SUMMARY: &'static str =
        "Events that no function took: those that wait for the operator, then those given again.";
    type Outside = UndeliveredQueue;
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<UndeliveredQueue>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let (events, in_queue) = tokio::join!(
            events(&desk.store),
            tokio::time::timeout(PATIENCE, desk.outside.count())
        );
        let Events { list, more } = events?;
        shown(&UndeliveredTemplate {
            frame: Frame::of(Section::Overview, &call.notice),
            lines: list.into_iter().map(line).collect(),
            in_queue: counted(in_queue),
            more,
        })
    }
}

/// What the store has of them.
struct Events {
    list: Vec<UndeliveredEvent>,
    more: bool,
}

/// Those that wait for the operator first, longest waiting first.
async fn events(store: &adapters::store::Store) -> Result<Events, StoreError> {
    let given_up = Question::undelivered_given_up().limit(SHOWN);
    let waiting = Question::undelivered_events().limit(SHOWN);
    let (given_up, waiting) = tokio::try_join!(
        store.ask::<UndeliveredEvent>(given_up),
        store.ask::<UndeliveredEvent>(waiting)
    )?;
    let more = given_up.next.is_some() || waiting.next.is_some();
    let all = given_up.records.into_iter().chain(waiting.records);
    Ok(Events {
        list: all.map(|read| read.record).collect(),
        more,
    })
}

/// How many messages the queue has; nothing where it does not say, which stops no page.
fn counted(
    answer: Result<Result<u64, adapters::undelivered::QueueError>, tokio::time::error::Elapsed>,
) -> Option<u64> {
    match answer {
        Ok(Ok(count)) => Some(count),
        Ok(Err(error)) => {
            tracing::error!(cause = %error, "the undelivered queue cannot be counted");
            None
        }
        Err(_) => {
            tracing::error!("the undelivered queue does not answer in time");
            None
        }
    }
}

/// What the overview tells: how many, since when, how many wait for the operator, and how many of them
/// are Stripe's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) count: u64,
    pub(crate) oldest: Option<String>,
    pub(crate) given_up: usize,
    pub(crate) of_stripe: usize,
}

/// Looks at the events and at the queue they come from; nothing where the queue does not answer.
pub(crate) async fn health<O: Sync>(
    desk: &Desk<O>,
    queue: &UndeliveredQueue,
    now: Timestamp,
) -> Result<Option<Health>, Problem> {
    let (events, in_queue) = tokio::join!(
        events(&desk.store),
        tokio::time::timeout(PATIENCE, queue.count())
    );
    let events = events?.list;
    Ok(counted(in_queue).map(|in_queue| of(&events, in_queue, now)))
}

/// How long Stripe may take to bring a webhook before it counts as failed.
const BROUGHT_WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// How far back webhooks are looked for: Stripe gives up after three days.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a page waits for the queue, and for Stripe.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

/// How many webhooks Stripe could not bring; nothing where it does not answer, which stops no page.
pub(crate) async fn webhooks_not_brought(stripe: &Stripe, now: Timestamp) -> Option<usize> {
    let asked = stripe.events_not_brought(now - LOOKED_BACK, now - BROUGHT_WITHIN);
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(events)) => Some(events.len()),
        Ok(Err(error)) => {
            tracing::error!(cause = %error, "Stripe does not say which webhooks failed");
            None
        }
        Err(_) => {
            tracing::error!("Stripe does not say in time which webhooks failed");
            None
        }
    }
}

fn of(events: &[UndeliveredEvent], in_queue: u64, now: Timestamp) -> Health {
    let oldest = events.iter().map(|event| event.since).min();
    let given_up = events.iter().filter(|event| event.next_at.is_none());
    Health {
        count: in_queue + u64::try_from(events.len()).unwrap_or(u64::MAX),
        oldest: oldest.map(|oldest| since(&oldest, &now)),
        given_up: given_up.count(),
        of_stripe: events.iter().filter(|event| is_of_stripe(event)).count(),
    }
}

fn is_of_stripe(event: &UndeliveredEvent) -> bool {
    event.what == "StripeNotified" || OF_STRIPE.contains(&event.function.as_str())
}

fn line(event: UndeliveredEvent) -> Line {
    let what = if event.can_be_given() {
        event.what.clone()
    } else if event.function.is_empty() {
        "message illisible".to_owned()
    } else {
        "enregistrements du flux".to_owned()
    };
    Line {
        todo: todo(&event),
        what,
        since: moment(&event.since),
        next: event.next_at.as_ref().map(moment).unwrap_or_default(),
        can_be_given: event.can_be_given(),
        given_up: event.next_at.is_none(),
        id: event.id,
        function: event.function,
        tries: event.tries,
        error: event.error,
    }
}

/// Functions are safe twice: once the cause is gone, what was lost is given to them again.
fn todo(event: &UndeliveredEvent) -> &'static str {
    if !event.can_be_given() {
        return "Ce message ne dit pas ce qu’il contenait\u{a0}: le manuel d’exploitation (undelivered) dit où le retrouver.";
    }
    if event.next_at.is_some() {
        return "Rien\u{a0}: il est redonné de lui-même pendant un jour. Si l’erreur dure, lire le journal de la fonction et corriger la cause.";
    }
    if is_of_stripe(event) {
        return "Un avis de Stripe n’a pas été pris en compte\u{a0}: ouvrir la réservation, «\u{a0}Reprendre le paiement\u{a0}», puis redonner l’événement.";
    }
    match event.function.as_str() {
        "send-mail" => {
            "Des courriels ne sont pas partis\u{a0}: lire le journal de la fonction, corriger, puis redonner l’événement. Un courriel déjà envoyé ne repart pas."
        }
        "settle-payment" | "resume-payouts" => {
            "De l’argent attend\u{a0}: ouvrir «\u{a0}Argent\u{a0}», relire la réservation chez Stripe, puis redonner l’événement."
        }
        "record-mail-fate" => {
            "Le sort d’un courriel est inconnu\u{a0}: redonner l’événement, ou remettre la notification autrement."
        }
        _ => {
            "Lire le journal de la fonction, corriger la cause, puis redonner l’événement\u{a0}: tout est sans risque deux fois."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(function: &str, what: &str, since: &str, next_at: Option<&str>) -> UndeliveredEvent {
        UndeliveredEvent {
            id: "m-1".to_owned(),
            function: function.to_owned(),
            what: what.to_owned(),
            payload: "{}".to_owned(),
            since: since.parse().unwrap(),
            tries: 3,
            given: 0,
            error: "unavailable".to_owned(),
            next_at: next_at.map(|at| at.parse().unwrap()),
        }
    }

    #[test]
    fn the_overview_tells_how_many_since_when_and_which_are_stripes() {
        let now = "2026-11-23T10:00:00Z".parse().unwrap();
        let soon = Some("2026-11-23T10:05:00Z");
        let events = [
            event(
                "follow-stripe",
                "StripeNotified",
                "2026-11-20T09:00:00Z",
                None,
            ),
            event("send-mail", "BookingAccepted", "2026-11-23T09:00:00Z", soon),
        ];
        let told = Health {
            count: 5,
            oldest: Some("3 j".to_owned()),
            given_up: 1,
            of_stripe: 1,
        };
        assert_eq!(of(&events, 3, now), told);
        let nothing = Health {
            count: 0,
            oldest: None,
            given_up: 0,
            of_stripe: 0,
        };
        assert_eq!(of(&[], 0, now), nothing);
    }

    #[test]
    fn each_event_says_what_to_do() {
        let at = "2026-11-23T09:00:00Z";
        for (function, what, next_at, words) in [
            (
                "follow-stripe",
                "StripeNotified",
                None,
                "Reprendre le paiement",
            ),
            ("send-mail", "BookingAccepted", None, "ne repart pas"),
            ("settle-payment", "BookingAccepted", None, "Argent"),
            (
                "index-offers",
                "BookingAccepted",
                None,
                "journal de la fonction",
            ),
            ("send-mail", "BookingAccepted", Some(at), "de lui-même"),
            ("publish-events", "", None, "manuel d’exploitation"),
        ] {
            let said = todo(&event(function, what, at, next_at));
            assert!(said.contains(words), "{function}: {said}");
        }
    }
}
