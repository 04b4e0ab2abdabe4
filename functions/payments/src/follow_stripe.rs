//! Stripe said that something happened: what it is about is read again, and followed.

use adapters::store::{Changes, OutboxItem, Trace};
use adapters::stripe::{Stripe, StripeError};
use domain::event::Event;
use domain::ids::{BookingId, ProfessionalId};
use http_function::{Desk, Listener, Problem};

use crate::accounts;
use crate::settle::{Look, settle};
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
        } else if let Some(booking) = booking_of(desk, subject).await? {
            settle(desk, &trace, &booking, Look::First).await?;
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

/// The booking that a payment intent or a transfer group names. One that is not ours is nobody's.
async fn booking_of(desk: &Desk<Stripe>, subject: &str) -> Result<Option<BookingId>, Problem> {
    let named = if subject.starts_with("pi_") {
        let intent = known(desk.outside.intent(subject).await)?;
        intent.and_then(|intent| intent.metadata.get("booking").cloned())
    } else if subject.starts_with("cs_") {
        let session = known(desk.outside.checkout(subject).await)?;
        session.and_then(|session| session.client_reference_id)
    } else {
        Some(subject.to_owned())
    };
    let Some(id) = named.and_then(|name| BookingId::parse(&name).ok()) else {
        return Ok(None);
    };
    let exists = stored::find_booking(&desk.store, &id).await?.is_some();
    Ok(exists.then_some(id))
}

/// An object that Stripe does not know (any more) is no failure of ours.
fn known<T>(read: Result<T, StripeError>) -> Result<Option<T>, Problem> {
    match read {
        Ok(object) => Ok(Some(object)),
        Err(StripeError::Refused { status: 404, .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
