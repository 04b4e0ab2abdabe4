//! What could not be delivered after every retry, and what to do about it.

use adapters::stripe::Stripe;
use adapters::undelivered::{DeadLetter, Undelivered, Waiting};
use askama::Template;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::{SignedDuration, Timestamp};

use crate::frame::{Frame, Section, moment, shown, since};

/// The functions that follow what Stripe says.
const OF_STRIPE: [&str; 2] = ["follow-stripe", "receive-stripe-event"];

/// What EventBridge calls a call by the clock.
const SCHEDULED: &str = "Scheduled Event";

/// What waits in the queue.
pub(crate) struct UndeliveredPage;

struct Line {
    what: String,
    function: String,
    when: String,
    todo: &'static str,
}

#[derive(Template)]
#[template(path = "undelivered.html")]
struct UndeliveredTemplate {
    frame: Frame,
    lines: Vec<Line>,
    count: u64,
    more: u64,
}

impl Operation for UndeliveredPage {
    const NAME: &'static str = "show-undelivered";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/evenements";
    const SUMMARY: &'static str = "Events that could not be delivered, longest waiting first.";
    type Outside = Undelivered;
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<Undelivered>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let waiting = desk.outside.look().await.map_err(Problem::unavailable)?;
        let shown_ones = u64::try_from(waiting.letters.len()).unwrap_or(u64::MAX);
        shown(&UndeliveredTemplate {
            frame: Frame::of(Section::Overview, &call.notice),
            count: waiting.count,
            more: waiting.count.saturating_sub(shown_ones),
            lines: waiting.letters.into_iter().map(line).collect(),
        })
    }
}

/// What the overview tells of the queue: how many, since when, and how many of them are Stripe's.
pub(crate) struct Health {
    pub(crate) count: u64,
    pub(crate) oldest: Option<String>,
    pub(crate) of_stripe: usize,
}

/// Looks at the queue; nothing where it does not answer, which is told and stops no page.
pub(crate) async fn health(queue: &Undelivered, now: Timestamp) -> Option<Health> {
    match tokio::time::timeout(PATIENCE, queue.look()).await {
        Ok(Ok(waiting)) => Some(of(&waiting, now)),
        Ok(Err(error)) => {
            tracing::error!(cause = %error, "the undelivered queue cannot be looked at");
            None
        }
        Err(_) => {
            tracing::error!("the undelivered queue does not answer in time");
            None
        }
    }
}

/// How long Stripe may take to bring a webhook before it counts as failed.
const BROUGHT_WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// How far back webhooks are looked for: Stripe gives up after three days.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long the overview waits for the queue, and for Stripe.
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

fn of(waiting: &Waiting, now: Timestamp) -> Health {
    let oldest = waiting.letters.iter().find_map(|letter| letter.since);
    Health {
        count: waiting.count,
        oldest: oldest.map(|oldest| since(&oldest, &now)),
        of_stripe: waiting
            .letters
            .iter()
            .filter(|one| is_of_stripe(one))
            .count(),
    }
}

fn is_of_stripe(letter: &DeadLetter) -> bool {
    let function = letter.function.as_deref();
    letter.what.as_deref() == Some("StripeNotified")
        || function.is_some_and(|function| OF_STRIPE.contains(&function))
}

fn line(letter: DeadLetter) -> Line {
    let todo = todo(&letter);
    let what = letter.what.as_deref().unwrap_or("contenu illisible");
    Line {
        what: match what {
            SCHEDULED => "tâche planifiée".to_owned(),
            what => what.to_owned(),
        },
        function: letter.function.unwrap_or_default(),
        when: letter.since.as_ref().map(moment).unwrap_or_default(),
        todo,
    }
}

/// Functions are safe twice: once the cause is gone, what was lost is given to them again.
fn todo(letter: &DeadLetter) -> &'static str {
    if is_of_stripe(letter) {
        return "Un avis de Stripe n’a pas été pris en compte\u{a0}: ouvrir la réservation, «\u{a0}Reprendre le paiement\u{a0}», puis rejouer l’événement.";
    }
    if letter.what.as_deref() == Some(SCHEDULED) {
        return "Rien à rejouer\u{a0}: la tâche repasse d’elle-même. Lire le journal de la fonction et corriger la cause.";
    }
    match letter.function.as_deref() {
        Some("send-mail") => {
            "Des courriels ne sont pas partis\u{a0}: lire le journal de la fonction, corriger, puis rejouer l’événement. Un courriel déjà envoyé ne repart pas."
        }
        Some("settle-payment" | "resume-payouts") => {
            "De l’argent attend\u{a0}: ouvrir «\u{a0}Argent\u{a0}», relire la réservation chez Stripe, puis rejouer l’événement."
        }
        Some("record-mail-fate") => {
            "Le sort d’un courriel est inconnu\u{a0}: rejouer l’événement, ou remettre la notification autrement."
        }
        _ => {
            "Lire le journal de la fonction, corriger la cause, puis rejouer l’événement\u{a0}: tout est sans risque deux fois."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(function: Option<&str>, what: Option<&str>, since: Option<&str>) -> DeadLetter {
        DeadLetter {
            function: function.map(str::to_owned),
            what: what.map(str::to_owned),
            since: since.map(|at| at.parse().unwrap()),
        }
    }

    #[test]
    fn the_overview_tells_how_many_since_when_and_which_are_stripes() {
        let now = "2026-11-23T10:00:00Z".parse().unwrap();
        let waiting = Waiting {
            count: 12,
            letters: vec![
                letter(
                    Some("follow-stripe"),
                    Some("StripeNotified"),
                    Some("2026-11-20T09:00:00Z"),
                ),
                letter(None, Some("StripeNotified"), Some("2026-11-22T09:00:00Z")),
                letter(
                    Some("send-mail"),
                    Some("BookingAccepted"),
                    Some("2026-11-23T09:00:00Z"),
                ),
            ],
        };
        let health = of(&waiting, now);
        assert_eq!(
            (health.count, health.oldest.as_deref(), health.of_stripe),
            (12, Some("3 j"), 2)
        );
        let nothing = of(&Waiting::default(), now);
        assert_eq!(
            (nothing.count, nothing.oldest, nothing.of_stripe),
            (0, None, 0)
        );
    }

    #[test]
    fn each_letter_says_what_to_do() {
        for (function, words) in [
            (Some("follow-stripe"), "Reprendre le paiement"),
            (Some("send-mail"), "ne repart pas"),
            (Some("settle-payment"), "Argent"),
            (Some("index-offers"), "journal de la fonction"),
            (None, "journal de la fonction"),
        ] {
            let said = todo(&letter(function, None, None));
            assert!(said.contains(words), "{function:?}: {said}");
        }
        let said = todo(&letter(Some("sweep-payments"), Some(SCHEDULED), None));
        assert!(said.starts_with("Rien à rejouer"), "{said}");
    }
}
