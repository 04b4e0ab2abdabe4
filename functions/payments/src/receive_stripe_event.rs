//! Stripe says that something happened: the event is verified, written down once, and answered at
//! once. What it is about is read again by `follow-stripe`.

use adapters::environment::{Environment, Outside};
use adapters::store::{Answered, Changes, Key};
use adapters::stripe::{Notification, verify_signature};
use adapters::vault::{self, StripeSecret, Variables, VaultError};
use domain::event::Event;
use http_function::{Call, Desk, Figure, Nothing, Operation, Problem, RawBody, Reply, Visitor};

/// Receiving an event.
pub struct ReceiveStripeEvent;

/// The secrets with which Stripe signs: several while one is replaced.
#[derive(Clone)]
pub struct SigningSecrets(Vec<String>);

impl std::fmt::Debug for SigningSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningSecrets")
    }
}

impl Outside for SigningSecrets {
    async fn unlock(environment: &Environment) -> Result<Variables, VaultError> {
        vault::read::<StripeSecret>(environment).await
    }
    fn open(environment: &Environment) -> Self {
        let secrets = environment.required("STRIPE_WEBHOOK_SECRETS");
        Self(secrets.split(',').map(str::to_owned).collect())
    }
}

/// The events that are followed. Stripe's endpoint is to be set up for these.
pub const FOLLOWED: &[&str] = &[
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.canceled",
    "checkout.session.expired",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "transfer.created",
    "transfer.updated",
    "transfer.reversed",
    "v2.core.account[configuration.recipient].capability_status_updated",
    "v2.core.account[requirements].updated",
];

impl Operation for ReceiveStripeEvent {
    const NAME: &'static str = "receive-stripe-event";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/webhooks/stripe";
    const SUMMARY: &'static str = "Stripe's events, signed.";
    const RAW_BODY: bool = true;
    type Outside = SigningSecrets;
    type Who = Visitor;
    type Path = Nothing;
    type Input = RawBody;
    type Output = Nothing;

    async fn run(
        desk: &Desk<SigningSecrets>,
        call: &Call<Self>,
    ) -> Result<Reply<Nothing>, Problem> {
        let RawBody { signature, body } = &call.input;
        verify_signature(signature, body, &desk.outside.0, call.now).map_err(|refused| {
            Figure::WebhookRefused.is(1);
            Problem::new(400, "signature_refused", "La signature n’est pas valide.")
                .because(refused)
        })?;
        let event: Notification = serde_json::from_str(body).map_err(|_| {
            Problem::new(400, "event_unreadable", "Cet événement n’est pas lisible.")
        })?;
        let followed = FOLLOWED.contains(&event.r#type.as_str());
        let Some(subject) = event.subject().filter(|_| followed) else {
            tracing::info!(kind = event.r#type, "an event that is not followed");
            return Ok(Reply::ok(Nothing {}));
        };
        let known = Key::answered("stripe", Self::NAME, &event.id);
        if desk.store.get::<Answered>(known).await?.is_some() {
            return Ok(Reply::ok(Nothing {}));
        }
        let notified = Event::StripeNotified {
            kind: event.r#type.clone(),
            subject: subject.to_owned(),
        };
        let changes = Changes::by(&call.trace, call.now)
            .create(&seen(&event.id, call), "stripe_event")
            .event(notified);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// The event is noted once, by its name.
fn seen(event: &str, call: &Call<ReceiveStripeEvent>) -> Answered {
    Answered {
        who: "stripe".to_owned(),
        operation: ReceiveStripeEvent::NAME.to_owned(),
        key: event.to_owned(),
        request_sha256: String::new(),
        status: 200,
        body: String::new(),
        at: call.now,
    }
}
