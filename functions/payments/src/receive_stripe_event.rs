//! Stripe says that something happened. What it is about is read again; we only move forward, so
//! an event may come twice, late or out of order.

use adapters::agenda::confirm_hold;
use adapters::environment::{Environment, Outside};
use adapters::store::{Answered, Changes, Key, Versioned};
use adapters::stripe::{PaymentIntent, Stripe, WebhookEvent, euros, verify_signature};
use domain::booking::{Actor, Booking, BookingRefused, BookingState, Command, decide};
use domain::ids::BookingId;
use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, RawBody, Reply};

/// Receiving an event.
pub struct ReceiveStripeEvent;

/// Stripe, and the secrets with which it signs.
#[derive(Clone, Debug)]
pub struct SigningStripe {
    stripe: Stripe,
    secrets: Vec<String>,
}

impl Outside for SigningStripe {
    fn open(environment: &Environment) -> Self {
        let secrets = environment.required("STRIPE_WEBHOOK_SECRETS");
        Self {
            stripe: Stripe::open(environment),
            secrets: secrets.split(',').map(str::to_owned).collect(),
        }
    }
}

impl Operation for ReceiveStripeEvent {
    const NAME: &'static str = "receive-stripe-event";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/webhooks/stripe";
    const SUMMARY: &'static str = "Stripe's events, signed.";
    const RAW_BODY: bool = true;
    type Outside = SigningStripe;
    type Who = Anyone;
    type Path = Nothing;
    type Input = RawBody;
    type Output = Nothing;

    async fn run(desk: &Desk<SigningStripe>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        verify_signature(
            &call.input.signature,
            &call.input.body,
            &desk.outside.secrets,
            call.now,
        )
        .map_err(|refused| {
            Problem::new(400, "signature_refused", "La signature n’est pas valide.")
                .because(refused)
        })?;
        let event: WebhookEvent = serde_json::from_str(&call.input.body).map_err(|_| {
            Problem::new(400, "event_unreadable", "Cet événement n’est pas lisible.")
        })?;
        if event.r#type != "payment_intent.amount_capturable_updated" {
            tracing::debug!(kind = event.r#type, "an event that changes nothing here");
            return Ok(Reply::ok(Nothing {}));
        }
        if desk
            .store
            .get::<Answered>(Key::answered("stripe", Self::NAME, &event.id))
            .await?
            .is_some()
        {
            return Ok(Reply::ok(Nothing {}));
        }
        let changes =
            Changes::by(&call.trace, call.now).create(&seen(&event.id, call), "stripe_event");
        let intent = desk.outside.stripe.intent(&event.data.object.id).await?;
        let changes = authorised(desk, &intent, changes).await?;
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// The event is noted once, with what it led to, in one transaction.
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

/// A card was authorised: the request reaches the professional, or the authorisation goes back when
/// it came too late.
async fn authorised(
    desk: &Desk<SigningStripe>,
    intent: &PaymentIntent,
    changes: Changes,
) -> Result<Changes, Problem> {
    let Some(id) = intent
        .metadata
        .get("booking")
        .and_then(|id| BookingId::parse(id).ok())
    else {
        return Ok(changes);
    };
    let Some(read) = desk.store.get::<Booking>(Key::booking(&id)).await? else {
        return Ok(changes);
    };
    if intent.status != "requires_capture" {
        return Ok(changes);
    }
    match request(desk, &read, intent, changes.now()) {
        Ok(decision) => {
            let changes = confirm_hold(&desk.store, &read.record, changes).await?;
            let changes = changes
                .replace(&read, &decision.booking)
                .events(decision.events);
            Ok(changes.activity(ReceiveStripeEvent::NAME, id.as_str()))
        }
        Err(BookingRefused::AmountDiffers) => {
            tracing::error!(booking = %id, "authorised with another amount: given back");
            release(desk, &id, intent, changes).await
        }
        Err(_) if too_late(&read.record, changes.now()) => {
            release(desk, &id, intent, changes).await
        }
        Err(_) => Ok(changes),
    }
}

fn request(
    desk: &Desk<SigningStripe>,
    read: &Versioned<Booking>,
    intent: &PaymentIntent,
    now: jiff::Timestamp,
) -> Result<domain::booking::Decision, BookingRefused> {
    let amount =
        euros(intent.amount_capturable, &intent.currency).ok_or(BookingRefused::AmountDiffers)?;
    let command = Command::Authorise {
        intent: intent.id.clone(),
        amount,
    };
    decide(
        &read.record,
        Actor::System,
        &command,
        now,
        &desk.settings.delays,
    )
}

/// Whether the agents of the booking are not held any more, or its request was closed.
fn too_late(booking: &Booking, now: jiff::Timestamp) -> bool {
    match booking.state {
        BookingState::AwaitingPayment => now >= booking.hold_until,
        BookingState::Abandoned
        | BookingState::Expired
        | BookingState::Cancelled
        | BookingState::Refused => true,
        BookingState::Requested
        | BookingState::Accepted
        | BookingState::Completed
        | BookingState::Validated => false,
    }
}

async fn release(
    desk: &Desk<SigningStripe>,
    id: &BookingId,
    intent: &PaymentIntent,
    changes: Changes,
) -> Result<Changes, Problem> {
    desk.outside.stripe.release(id, &intent.id).await?;
    Ok(changes.activity("release-late-payment", id.as_str()))
}
