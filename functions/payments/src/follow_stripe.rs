//! Stripe said that something happened: what it is about is read again, and followed.

use adapters::store::{Changes, OutboxItem, Trace};
use adapters::stripe::{Stripe, StripeError};
use domain::event::Event;
use domain::ids::{BookingId, OrderId, ProfessionalId};
use http_function::{Desk, Listener, Problem};

use crate::accounts;
use crate::settle::{Look, settle};
use crate::settle_order::settle_order;
use crate::stored;

/// Following Stripe.
pub struct FollowStripe;

impl Listener for FollowStripe {
    const NAME: &'static str = "follow-stripe";
    const SUMMARY: &'static str =
        "Stripe said that something happened: what it is about is read again, and followed.";
    const EVENTS: &'static [&'static str] = &["StripeNotified"];
    type Outside = Stripe;

    async fn on(
        desk: &Desk<Stripe>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let Event::StripeNotified { subject, .. } = &happened.event else {
            return Ok(changes);
        };
        let trace = Trace::system(&happened.request);
        if subject.starts_with("acct_") {
            if let Some(professional) = owner_of(desk, subject).await? {
                accounts::refresh(desk, &trace, &professional).await?;
            }
            return Ok(changes);
        }
        match about(desk, subject).await? {
            Some(About::Booking(id)) => settle(desk, &trace, &id, Look::First).await?,
            Some(About::Order(id)) => {
                Box::pin(settle_order(desk, &trace, &id, Look::First)).await?
            }
            None => {}
        }
        Ok(changes)
    }
}

/// The professional of a Connect account. One that is not ours is nobody's.
async fn owner_of(desk: &Desk<Stripe>, account: &str) -> Result<Option<ProfessionalId>, Problem> {
    let account = known(desk.outside.payout_account(account).await)?;
    let named = account.and_then(|account| ProfessionalId::parse(account.professional()?).ok());
    let Some(id) = named else { return Ok(None) };
    let exists = stored::find_professional(&desk.store, &id).await?.is_some();
    Ok(exists.then_some(id))
}

/// What an event is about.
enum About {
    Booking(BookingId),
    Order(OrderId),
}

impl About {
    fn named(name: &str) -> Option<Self> {
        let booking = BookingId::parse(name).map(Self::Booking);
        let named = booking.or_else(|_| OrderId::parse(name).map(Self::Order));
        named.ok()
    }
}

/// The booking or the order that a payment intent or a transfer group names. One that is not ours is
/// nobody's.
async fn about(desk: &Desk<Stripe>, subject: &str) -> Result<Option<About>, Problem> {
    let named = if subject.starts_with("pi_") {
        let intent = known(desk.outside.intent(subject).await)?;
        intent.and_then(|intent| {
            let notes = intent.metadata;
            let name = notes.get("booking").or_else(|| notes.get("order"));
            name.cloned()
        })
    } else if subject.starts_with("cs_") {
        let session = known(desk.outside.checkout(subject).await)?;
        session.and_then(|session| session.client_reference_id)
    } else {
        Some(subject.to_owned())
    };
    let Some(about) = named.as_deref().and_then(About::named) else {
        return Ok(None);
    };
    let exists = match &about {
        About::Booking(id) => stored::find_booking(&desk.store, id).await?.is_some(),
        About::Order(id) => stored::find_order(&desk.store, id).await?.is_some(),
    };
    Ok(exists.then_some(about))
}

/// An object that Stripe does not know (any more) is no failure of ours.
fn known<T>(read: Result<T, StripeError>) -> Result<Option<T>, Problem> {
    match read {
        Ok(object) => Ok(Some(object)),
        Err(StripeError::Refused { status: 404, .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
