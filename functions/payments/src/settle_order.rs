//! Does with the card of one order everything that is left to do, and writes down each step, as `settle`
//! does for a booking. What is paid out and given back of each mission is its booking's.

use adapters::deadline::Tries;
use adapters::orders;
use adapters::store::{Changes, Trace, Versioned};
use adapters::stripe::{PaymentIntent, StripeError};
use domain::booking::{Attempt, Booking, CardStatus, Next, Seen, Step, Wait};
use domain::ids::OrderId;
use domain::order::{Order, OrderDecision};
use http_function::Problem;
use jiff::Timestamp;

use crate::contested::take_in;
use crate::picture::{self, Lists, of_mission};
use crate::settle::{Look, PaymentDesk, expect_amount, settle};
use crate::stored;

/// No order needs as many turns: one that does is a fault of ours.
const TURNS: usize = 16;

/// Settles the card of one order as far as it goes, after a look at Stripe's objects where that is asked
/// for; a look goes through its missions too.
pub(crate) async fn settle_order(
    desk: &PaymentDesk,
    trace: &Trace,
    id: &OrderId,
    look: Look,
) -> Result<(), Problem> {
    let mut looks = look == Look::First;
    let mut tries = Tries::begin();
    for _ in 0..TURNS {
        let turn = Turn {
            desk,
            trace,
            now: desk.clock.now(),
            read: stored::order(&desk.store, id).await?,
        };
        let done = if looks {
            Box::pin(turn.look()).await.map(|()| false)
        } else {
            Box::pin(turn.advance()).await
        };
        match done {
            Ok(true) => return Ok(()),
            Ok(false) => looks = false,
            Err(problem) if problem.is_stale() && tries.again().await => {}
            Err(problem) => return Err(problem),
        }
    }
    Err(Problem::internal(format!("{id} does not come to rest")))
}

/// One turn: what was read, and what is done with it.
struct Turn<'a> {
    desk: &'a PaymentDesk,
    trace: &'a Trace,
    now: Timestamp,
    read: Versioned<Order>,
}

impl Turn<'_> {
    fn order(&self) -> &Order {
        &self.read.record
    }

    /// Writes a decision, unless it changes nothing.
    async fn write(&self, decision: OrderDecision) -> Result<(), Problem> {
        let (before, after) = (self.order(), &decision.order);
        if after == before {
            return Ok(());
        }
        let debited = after.payment.card == CardStatus::Captured
            && before.payment.card != CardStatus::Captured;
        let mut changes = Changes::by(self.trace, self.now);
        if debited {
            changes = changes.activity("capture-order", before.id.as_str());
        }
        let changes = orders::write(&self.desk.store, &self.read, decision, changes).await?;
        Ok(self.desk.store.commit(changes).await?)
    }

    /// Takes in what Stripe's objects say of the card, of its disputes, and of each mission.
    async fn look(&self) -> Result<(), Problem> {
        let stripe = &self.desk.outside;
        let payment = &self.order().payment;
        let Some(intent) = picture::intent_of(stripe, payment).await? else {
            return Ok(());
        };
        let intent = stripe.intent(&intent).await?;
        self.write(self.learn(&sights(&intent))).await?;
        if intent.status != "succeeded" {
            return Ok(());
        }
        let id = &self.order().id;
        let lists = Lists::read(stripe, &intent.id, id.as_str()).await?;
        let order = Box::pin(take_in(self.desk, self.trace, id, &lists.disputes)).await?;
        for booking in stored::bookings_of(&self.desk.store, &order).await? {
            let seen = booking.learn(&of_mission(&order, &booking, &lists), self.now);
            if seen.booking != booking {
                // On the heap: a look within a look would be deep.
                Box::pin(settle(self.desk, self.trace, &booking.id, Look::First)).await?;
            }
        }
        Ok(())
    }

    fn learn(&self, sights: &[Seen]) -> OrderDecision {
        self.order().learn(sights, self.now)
    }

    /// Takes the next step. Answers whether nothing is left to do.
    async fn advance(&self) -> Result<bool, Problem> {
        match self.order().next_step(self.now) {
            Next::Rest => self.rest(None).await,
            Next::Wait(wait) => self.rest(Some(wait)).await,
            Next::Do(step) => self.attempt(&step).await.map(|()| false),
        }
    }

    /// Notes what the payment waits for, and when it was looked at, if the sweep comes back to it.
    async fn rest(&self, wait: Option<Wait>) -> Result<bool, Problem> {
        let mut order = self.order().clone();
        let newly = order.payment.waiting != wait;
        order.payment.waiting = wait;
        let due = order.next_payment_check();
        if newly || due.is_some_and(|due| due <= self.now) {
            order.payment.checked_at = Some(self.now);
        }
        self.write(OrderDecision::silent(order)).await?;
        Ok(true)
    }

    /// Asks Stripe for a step: written down first, then asked, then its outcome written down.
    async fn attempt(&self, step: &Step) -> Result<(), Problem> {
        let mut order = self.order().clone();
        let attempt = order.payment.begin(step, self.now);
        if order != *self.order() {
            return self.write(OrderDecision::silent(order)).await;
        }
        if attempt.is_old(self.now) {
            // Stripe may have forgotten the key: what is there is taken in, and asked for anew otherwise.
            return self
                .seen_again(&attempt, |order| order.payment.under_way = None)
                .await;
        }
        match self.ask(&attempt).await {
            Ok(sights) => self.write(self.learn(&sights)).await,
            Err(error) if error.is_passing() => Err(error.into()),
            Err(error) => {
                let (step, code) = (attempt.step.operation(), error.code());
                tracing::warn!(order = %self.order().id, step, code, "Stripe refused");
                let code = code.unwrap_or("unknown").to_owned();
                let refuse = |order: &mut Order| order.payment.refuse(&code, self.now);
                self.seen_again(&attempt, refuse).await
            }
        }
    }

    /// Looks at the intent; what is done where the attempt is still under way after that.
    async fn seen_again(
        &self,
        attempt: &Attempt,
        otherwise: impl FnOnce(&mut Order),
    ) -> Result<(), Problem> {
        let stripe = &self.desk.outside;
        let mut seen = Vec::new();
        if let Some(intent) = picture::intent_of(stripe, &self.order().payment).await? {
            seen = sights(&stripe.intent(&intent).await?);
        }
        let mut decision = self.learn(&seen);
        if decision.order.payment.under_way.as_ref() == Some(attempt) {
            otherwise(&mut decision.order);
        }
        self.write(decision).await
    }

    /// One call to Stripe, and what its answer says.
    async fn ask(&self, attempt: &Attempt) -> Result<Vec<Seen>, StripeError> {
        let stripe = &self.desk.outside;
        let order = self.order();
        let intent = order.payment.intent.as_deref().unwrap_or_default();
        match &attempt.step {
            Step::ClosePage => self.close_page(attempt).await,
            Step::Release => Ok(sights(&stripe.release_order(order, attempt, intent).await?)),
            Step::Capture => {
                let intent = stripe.capture_order(order, attempt, intent).await?;
                expect_amount(intent.amount_received, order.accepted_total().cents())?;
                Ok(sights(&intent))
            }
            Step::Refund { .. }
            | Step::Commission { .. }
            | Step::Transfer { .. }
            | Step::Reverse { .. } => Ok(Vec::new()),
        }
    }

    /// Closes the payment page. When the client paid at that very moment, the payment is taken in, and
    /// given back by the next step.
    async fn close_page(&self, attempt: &Attempt) -> Result<Vec<Seen>, StripeError> {
        let stripe = &self.desk.outside;
        let session = self.order().payment.session.as_deref().unwrap_or_default();
        let closed = stripe
            .expire_order_checkout(self.order(), attempt, session)
            .await;
        match closed {
            Ok(_) => Ok(vec![Seen::PageClosed]),
            Err(StripeError::Refused { status: 400, .. }) => {
                let mut seen = vec![Seen::PageClosed];
                if let Some(intent) = stripe.intent_of_session(session).await? {
                    seen.extend(sights(&stripe.intent(&intent).await?));
                }
                Ok(seen)
            }
            Err(error) => Err(error),
        }
    }
}

fn sights(intent: &PaymentIntent) -> Vec<Seen> {
    picture::of_intent(intent).into_iter().collect()
}

/// Settles every mission of an order that is a booking by now: the order moved.
pub(crate) async fn settle_missions(
    desk: &PaymentDesk,
    trace: &Trace,
    id: &OrderId,
    concerned: impl Fn(&Order, &Booking) -> bool,
    look: Look,
) -> Result<(), Problem> {
    let order = stored::order(&desk.store, id).await?.record;
    let mut outcome = Ok(());
    for booking in stored::bookings_of(&desk.store, &order).await? {
        if concerned(&order, &booking) {
            // Each of them whatever became of the others.
            let settled = Box::pin(settle(desk, trace, &booking.id, look)).await;
            outcome = outcome.and(settled);
        }
    }
    outcome
}
