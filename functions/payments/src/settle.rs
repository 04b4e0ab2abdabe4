//! Does with the money of one booking everything that is left to do, and writes down each step.
//!
//! A call to Stripe is numbered and written down before it is made, so that a run that is cut, or an
//! answer that is lost, is followed by the same call under the same key: one effect, however often
//! this runs, and however many do at once.

use adapters::bookings;
use adapters::deadline::Tries;
use adapters::store::{Changes, Trace, Versioned};
use adapters::stripe::{Stripe, StripeError};
use domain::booking::{Attempt, Booking, CardStatus, Decision, Next, Payouts, Seen, Step, Wait};
use domain::event::Event;
use domain::ids::BookingId;
use domain::money::Euros;
use http_function::{Desk, Problem};
use jiff::Timestamp;

use crate::contested::take_in;
use crate::{picture, stored};

/// No booking needs as many turns: one that does is a fault of ours.
const TURNS: usize = 32;

/// Whether to read Stripe's objects first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Something may have happened there that we do not know.
    First,
    /// Only when a step asks for it.
    WhenNeeded,
}

/// The desk of a function that settles.
pub(crate) type PaymentDesk = Desk<Stripe>;

/// Settles the money of one booking as far as it goes. Before money leaves, Stripe's objects are read in
/// any case: a chargeback that nobody told us of is to be known by then.
pub(crate) async fn settle(
    desk: &PaymentDesk,
    trace: &Trace,
    id: &BookingId,
    look: Look,
) -> Result<(), Problem> {
    let mut looks = look == Look::First;
    let mut looked = false;
    let mut tries = Tries::begin();
    for _ in 0..TURNS {
        let turn = Turn {
            desk,
            trace,
            now: desk.clock.now(),
            read: stored::booking(&desk.store, id).await?,
        };
        let done = if looks {
            turn.look().await.map(|()| Advance::More)
        } else {
            turn.advance(looked).await
        };
        match done {
            Ok(Advance::More) => {
                looked |= looks;
                looks = false;
            }
            Ok(Advance::Look) => looks = true,
            Ok(Advance::Rest) => return Ok(()),
            Err(problem) if problem.is_stale() && tries.again().await => {}
            Err(problem) => return Err(problem),
        }
    }
    Err(Problem::internal(format!("{id} does not come to rest")))
}

/// What follows a turn.
enum Advance {
    More,
    Look,
    Rest,
}

/// One turn: what was read, and what is done with it.
struct Turn<'a> {
    desk: &'a PaymentDesk,
    trace: &'a Trace,
    now: Timestamp,
    read: Versioned<Booking>,
}

impl Turn<'_> {
    fn booking(&self) -> &Booking {
        &self.read.record
    }

    /// Writes a decision, unless it changes nothing.
    async fn write(&self, decision: Decision) -> Result<(), Problem> {
        if decision.booking == self.read.record {
            return Ok(());
        }
        let id = &self.read.record.id;
        let done = decision.movements.iter().map(|moved| moved.kind.action());
        let changes = done.fold(Changes::by(self.trace, self.now), |changes, action| {
            changes.activity(action, id.as_str())
        });
        let changes = bookings::write(&self.desk.store, &self.read, decision, changes).await?;
        Ok(self.desk.store.commit(changes).await?)
    }

    /// Takes in what Stripe's objects say.
    async fn look(&self) -> Result<(), Problem> {
        let sights = self.picture().await?;
        self.write(self.learn(&sights)).await
    }

    /// What Stripe's objects say. A dispute of an order's debit is shared out over its missions first.
    async fn picture(&self) -> Result<Vec<Seen>, Problem> {
        let stripe = &self.desk.outside;
        let Some(order) = stored::order_of(&self.desk.store, self.booking()).await? else {
            return Ok(picture::picture(stripe, self.booking(), None).await?);
        };
        let disputes = match &order.payment.intent {
            Some(intent) if order.payment.card == CardStatus::Captured => {
                stripe.disputes(intent).await?
            }
            _ => Vec::new(),
        };
        let order = Box::pin(take_in(self.desk, self.trace, &order.id, &disputes)).await?;
        Ok(picture::picture(stripe, self.booking(), Some(&order)).await?)
    }

    /// What the order of a mission says of the card, as long as the mission does not know.
    async fn told_by_order(&self) -> Result<Option<Seen>, Problem> {
        if self.booking().payment.card != CardStatus::Authorised {
            return Ok(None);
        }
        let order = stored::order_of(&self.desk.store, self.booking()).await?;
        Ok(order.and_then(|order| order.card_told()))
    }

    fn learn(&self, sights: &[Seen]) -> Decision {
        self.booking().learn(sights, self.now)
    }

    async fn advance(&self, looked: bool) -> Result<Advance, Problem> {
        if let Some(told) = self.told_by_order().await? {
            self.write(self.learn(&[told])).await?;
            return Ok(Advance::More);
        }
        let payouts = self.payouts().await?;
        match self.booking().next_step(payouts.0, self.now) {
            Next::Rest => self.rest(None).await,
            Next::Wait(wait) => self.rest(Some(wait)).await,
            Next::Do(Step::Commission { .. } | Step::Transfer { .. })
                if !looked && self.booking().payment.under_way.is_none() =>
            {
                Ok(Advance::Look)
            }
            Next::Do(Step::Commission { amount }) => {
                let mut decision = self.learn(&[Seen::Commission { amount }]);
                // What is asked of Stripe next is written down with it: one write for both.
                if let Next::Do(step) = decision.booking.next_step(payouts.0, self.now) {
                    decision.booking.payment.begin(&step, self.now);
                }
                self.write(decision).await?;
                Ok(Advance::More)
            }
            Next::Do(step) => self.attempt(&step, payouts.1.as_deref()).await,
        }
    }

    /// Whether the professional can be paid, and on which account: asked only once money is owed.
    async fn payouts(&self) -> Result<(Payouts, Option<String>), Problem> {
        let due = self.booking().due.as_ref();
        if due.is_none_or(|due| due.professional == Euros::ZERO) {
            return Ok((Payouts::NotActive, None));
        }
        let professional = stored::professional(&self.desk.store, &self.booking().professional)
            .await?
            .record;
        let account = professional.payout_account.as_ref();
        Ok((
            professional.payouts(),
            account.map(|account| account.id.clone()),
        ))
    }

    /// Notes what the payment waits for, and when it was looked at, if the sweep comes back to it.
    async fn rest(&self, wait: Option<Wait>) -> Result<Advance, Problem> {
        let mut booking = self.booking().clone();
        let newly = booking.payment.waiting != wait;
        let delayed = newly && wait == Some(Wait::PayoutsNotActive);
        booking.payment.waiting = wait;
        // A look that was not due yet moves nothing: it would be a write for each event.
        let due = booking.next_payment_check();
        if newly || due.is_some_and(|due| due <= self.now) {
            booking.payment.checked_at = Some(self.now);
        }
        let mut decision = Decision::silent(booking);
        if delayed {
            decision.events.push(Event::PayoutDelayed {
                booking: self.booking().id.clone(),
            });
        }
        self.write(decision).await?;
        Ok(Advance::Rest)
    }

    /// Asks Stripe for a step: written down first, then asked, then its outcome written down.
    async fn attempt(&self, step: &Step, account: Option<&str>) -> Result<Advance, Problem> {
        let mut booking = self.booking().clone();
        let attempt = booking.payment.begin(step, self.now);
        if booking != *self.booking() {
            self.write(Decision::silent(booking)).await?;
            return Ok(Advance::More);
        }
        if attempt.is_old(self.now) {
            return self.renew(&attempt).await;
        }
        match self.ask(&attempt, account).await {
            Ok(sights) => {
                self.write(self.learn(&sights)).await?;
                Ok(Advance::More)
            }
            Err(error) if error.is_passing() => Err(error.into()),
            Err(error) => self.refused(&attempt, &error).await,
        }
    }

    /// Stripe may have forgotten the key: what the attempt asked for is looked for, and asked for
    /// anew when it is not there.
    async fn renew(&self, attempt: &Attempt) -> Result<Advance, Problem> {
        let sights = self.picture().await?;
        let mut decision = self.learn(&sights);
        let payment = &mut decision.booking.payment;
        if payment.under_way.as_ref() == Some(attempt) {
            payment.under_way = None;
        }
        self.write(decision).await?;
        Ok(Advance::More)
    }

    /// Stripe refused: either what was asked is done already, which looking shows, or it is asked
    /// again later.
    async fn refused(&self, attempt: &Attempt, error: &StripeError) -> Result<Advance, Problem> {
        tracing::warn!(booking = %self.booking().id, step = attempt.step.operation(), code = error.code(), "Stripe refused");
        let sights = self.picture().await?;
        let mut decision = self.learn(&sights);
        if decision.booking.payment.under_way.as_ref() == Some(attempt) {
            let code = error.code().unwrap_or("unknown");
            decision.booking.payment.refuse(code, self.now);
        }
        self.write(decision).await?;
        if matches!(attempt.step, Step::Transfer { .. }) {
            self.read_account_again().await?;
        }
        Ok(Advance::More)
    }

    /// A transfer was refused: perhaps the account was restricted and nobody told us.
    async fn read_account_again(&self) -> Result<(), Problem> {
        crate::accounts::refresh(self.desk, self.trace, &self.booking().professional)
            .await
            .map(|_| ())
    }

    /// One call to Stripe, and what its answer says.
    async fn ask(
        &self,
        attempt: &Attempt,
        account: Option<&str>,
    ) -> Result<Vec<Seen>, StripeError> {
        let stripe = &self.desk.outside;
        let booking = self.booking();
        let intent = booking.payment.intent.as_deref().unwrap_or_default();
        match &attempt.step {
            Step::ClosePage => {
                let session = booking.payment.session.as_deref().unwrap_or_default();
                close_page(stripe, booking, attempt, session).await
            }
            Step::Release => {
                let intent = stripe.release(booking, attempt, intent).await?;
                Ok(picture::of_intent(&intent).into_iter().collect())
            }
            Step::Capture => {
                let intent = stripe.capture(booking, attempt, intent).await?;
                expect_amount(intent.amount_received, booking.debited_total().cents())?;
                Ok(picture::of_intent(&intent).into_iter().collect())
            }
            Step::Refund { amount } => {
                let refund = stripe.refund(booking, attempt, intent, *amount).await?;
                expect_amount(refund.amount, amount.cents())?;
                Ok(vec![picture::of_refund(&refund)])
            }
            Step::Transfer { amount } => {
                let account = account.unwrap_or_default();
                let transfer = stripe.transfer(booking, attempt, account, *amount).await?;
                expect_amount(transfer.amount, amount.cents())?;
                Ok(vec![picture::of_transfer(&transfer)])
            }
            Step::Reverse { transfer, amount } => {
                stripe.reverse(booking, attempt, transfer, *amount).await?;
                let transfer = stripe.transfer_named(transfer).await?;
                Ok(vec![picture::of_transfer(&transfer)])
            }
            Step::Commission { .. } => Ok(Vec::new()),
        }
    }
}

/// Closes the payment page. When the client paid at that very moment, the payment is taken in, and
/// given back by the next step.
async fn close_page(
    stripe: &Stripe,
    booking: &Booking,
    attempt: &Attempt,
    session: &str,
) -> Result<Vec<Seen>, StripeError> {
    match stripe.expire_checkout(booking, attempt, session).await {
        Ok(_) => Ok(vec![Seen::PageClosed]),
        Err(StripeError::Refused { status: 400, .. }) => {
            let mut sights = vec![Seen::PageClosed];
            if let Some(intent) = stripe.intent_of_session(session).await? {
                sights.extend(picture::of_intent(&stripe.intent(&intent).await?));
            }
            Ok(sights)
        }
        Err(error) => Err(error),
    }
}

/// An answer about another amount than was asked for is no answer to it.
pub(crate) fn expect_amount(answered: i64, asked: i64) -> Result<(), StripeError> {
    if answered == asked {
        Ok(())
    } else {
        Err(StripeError::NoAnswer(format!(
            "{answered} cents instead of {asked}"
        )))
    }
}
