//! A client goes to the payment page of an order whose agents are still held.

use adapters::stripe::Stripe;
use domain::order::{OrderRefused, OrderState};
use http_function::{Call, Client, Desk, Nothing, Operation, OrderPath, Problem, Reply};

use crate::open_checkout::{PaymentPage, payer};
use crate::order_ownership::own_order;

/// Going to pay for an order.
pub struct OpenOrderCheckout;

impl Operation for OpenOrderCheckout {
    const NAME: &'static str = "open-order-checkout";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/orders/{order}/checkout";
    const SUMMARY: &'static str = "The payment page of an order that waits for its payment. The card is authorised, not debited.";
    type Outside = Stripe;
    type Who = Client;
    type Path = OrderPath;
    type Input = Nothing;
    type Output = PaymentPage;

    async fn run(desk: &Desk<Stripe>, call: &Call<Self>) -> Result<Reply<PaymentPage>, Problem> {
        let read = own_order(&desk.store, &call.who, &call.path.order).await?;
        let mut order = read.record.clone();
        if order.state != OrderState::AwaitingPayment {
            return Err(OrderRefused::WrongState.into());
        }
        if call.now >= order.hold_until {
            return Err(OrderRefused::HoldLapsed.into());
        }
        let payer = payer(desk, &call.who).await?;
        let session = desk
            .outside
            .open_order_checkout(&order, payer.as_str(), &desk.settings.site)
            .await?;
        let reply = Reply::ok(PaymentPage::of(&session)?);
        if order.payment.session.as_deref() == Some(session.id.as_str()) {
            return Ok(reply);
        }
        order.payment.session = Some(session.id);
        let changes = call
            .changes()
            .replace(&read, &order)
            .activity(Self::NAME, order.id.as_str());
        Ok(reply.changing(changes))
    }
}
