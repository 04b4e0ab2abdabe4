//! How the operator sees movements of money.

use domain::booking::MoneyPosition;
use domain::ids::{BookingId, ProfessionalId};
use domain::ledger::{LedgerAccount, Movement, MovementKind, balance};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// A movement: the same amount leaves one account and enters another.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct MovementView {
    /// Its name within its booking.
    id: String,
    /// Whose booking.
    booking: BookingId,
    /// Whose mission.
    professional: ProfessionalId,
    /// The payment intent by which the money came.
    payment: Option<String>,
    /// Why.
    kind: MovementKind,
    /// The account it leaves.
    from: LedgerAccount,
    /// The account it enters.
    to: LedgerAccount,
    /// How much, in cents.
    amount: i64,
    /// When it was written down.
    at: Timestamp,
    /// Stripe's object, where there is one.
    stripe_object: Option<String>,
}

impl MovementView {
    pub(crate) fn of(movement: &Movement) -> Self {
        Self {
            id: movement.id.clone(),
            booking: movement.booking.clone(),
            professional: movement.professional.clone(),
            payment: movement.payment.clone(),
            kind: movement.kind,
            from: movement.from,
            to: movement.to,
            amount: movement.amount.cents(),
            at: movement.at,
            stripe_object: movement.stripe_object.clone(),
        }
    }
}

/// The balance of every account, in signed cents. They add up to zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Balances {
    /// Below zero by what clients paid and did not get back.
    client: i64,
    /// Kept at Stripe.
    held: i64,
    /// Taken back by clients' banks while they examine disputes.
    disputed: i64,
    /// Paid to professionals.
    professional: i64,
    /// The platform's commission.
    commission: i64,
}

impl Balances {
    pub(crate) fn of(movements: &[Movement]) -> Self {
        let of = |account| balance(movements, account);
        Self {
            client: of(LedgerAccount::Client),
            held: of(LedgerAccount::Held),
            disputed: of(LedgerAccount::Disputed),
            professional: of(LedgerAccount::Professional),
            commission: of(LedgerAccount::Commission),
        }
    }

    /// Whether these books say what a booking's payment says.
    pub(crate) fn agree_with(&self, money: &MoneyPosition) -> bool {
        let cents = |amount: domain::money::Euros| amount.cents();
        self.professional == cents(money.transferred)
            && self.commission == cents(money.commission)
            && -self.client == cents(money.captured) - cents(money.refunded)
            && self.held + self.disputed == cents(money.held) - cents(money.to_recover)
    }
}
