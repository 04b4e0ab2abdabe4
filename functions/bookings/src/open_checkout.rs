//! A client goes to the payment page of a booking whose agents are still held.

use adapters::store::Key;
use adapters::stripe::{CheckoutSession, Stripe};
use domain::account::Account;
use domain::booking::{BookingRefused, BookingState};
use domain::identifiers::Email;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ownership::{BookingPath, own_booking};

/// Going to pay.
pub struct OpenCheckout;

/// Where to pay.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PaymentPage {
    /// Stripe's page. Asked again, it is the same one.
    pub url: String,
    /// The session, as Stripe names it.
    pub session: String,
}

impl PaymentPage {
    /// The page of an open session.
    pub(crate) fn of(session: &CheckoutSession) -> Result<Self, Problem> {
        let url = session.url.clone();
        Ok(Self {
            url: url.ok_or_else(|| Problem::internal("an open session without an address"))?,
            session: session.id.clone(),
        })
    }
}

/// Where Stripe writes to the client.
pub(crate) async fn payer(desk: &Desk<Stripe>, client: &Client) -> Result<Email, Problem> {
    let read = desk.store.get::<Account>(Key::account(&client.account));
    Ok(read.await?.ok_or_else(Problem::not_found)?.record.email)
}

impl Operation for OpenCheckout {
    const NAME: &'static str = "open-checkout";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/checkout";
    const SUMMARY: &'static str = "The payment page of a booking that waits for its payment. The card is authorised, not debited.";
    type Outside = Stripe;
    type Who = Client;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = PaymentPage;

    async fn run(desk: &Desk<Stripe>, call: &Call<Self>) -> Result<Reply<PaymentPage>, Problem> {
        let read = own_booking(&desk.store, &call.who, &call.path.booking).await?;
        let mut booking = read.record.clone();
        if booking.state != BookingState::AwaitingPayment {
            return Err(BookingRefused::WrongState.into());
        }
        if call.now >= booking.hold_until {
            return Err(BookingRefused::HoldLapsed.into());
        }
        let payer = payer(desk, &call.who).await?;
        let session = desk
            .outside
            .open_checkout(&booking, payer.as_str(), &desk.settings.site)
            .await?;
        let reply = Reply::ok(PaymentPage::of(&session)?);
        if booking.payment.session.as_deref() == Some(session.id.as_str()) {
            return Ok(reply);
        }
        booking.payment.session = Some(session.id);
        let changes = call
            .changes()
            .replace(&read, &booking)
            .activity(Self::NAME, booking.id.as_str());
        Ok(reply.changing(changes))
    }
}
