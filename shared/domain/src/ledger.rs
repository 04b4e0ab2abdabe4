//! Double-entry lines: whose money it is, at every moment. What leaves one account enters another.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{BookingId, ProfessionalId};
use crate::money::Euros;

/// On whose side money is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LedgerAccount {
    /// The client's card or bank: below zero by what the client has paid and not got back.
    Client,
    /// Kept at Stripe for the booking. Below zero when more was given out than came in: the
    /// professional owes it.
    Held,
    /// Taken back by the client's bank while it examines a dispute.
    Disputed,
    /// The professional's Connect account.
    Professional,
    /// The platform's commission.
    Commission,
}

impl LedgerAccount {
    /// Every account.
    pub const ALL: [Self; 5] = [
        Self::Client,
        Self::Held,
        Self::Disputed,
        Self::Professional,
        Self::Commission,
    ];
}

/// Why money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// The card was debited.
    Capture,
    /// Given back to the client.
    Refund,
    /// A refund that the client's bank sent back.
    RefundFailure,
    /// The professional's part was paid.
    Transfer,
    /// A transfer was taken back.
    Reversal,
    /// The commission was recognised (terms, article 15).
    Commission,
    /// The commission was given up.
    CommissionReturn,
    /// The client's bank took the money back to examine a dispute.
    Dispute,
    /// A dispute was won: the money came back.
    DisputeWon,
    /// A dispute was lost: the money stays with the client.
    DisputeLost,
}

impl MovementKind {
    /// What was done, as the activity log calls it.
    pub fn action(self) -> &'static str {
        match self {
            Self::Capture => "capture-payment",
            Self::Refund => "refund-payment",
            Self::RefundFailure => "refund-failed",
            Self::Transfer => "transfer-payment",
            Self::Reversal => "reverse-transfer",
            Self::Commission => "keep-commission",
            Self::CommissionReturn => "return-commission",
            Self::Dispute => "dispute-opened",
            Self::DisputeWon => "dispute-won",
            Self::DisputeLost => "dispute-lost",
        }
    }
}

/// One movement: an amount from one account to another. The two lines of a double entry are the
/// amount taken from `from` and the same amount added to `to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Movement {
    /// Names the movement within its booking. It is made of what Stripe calls the object behind it,
    /// so that the same thing seen twice is written once.
    pub id: String,
    /// Whose booking.
    pub booking: BookingId,
    /// Whose mission.
    pub professional: ProfessionalId,
    /// The payment intent by which the money came: that of an order is the same for all its missions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// Why.
    pub kind: MovementKind,
    /// The account it leaves.
    pub from: LedgerAccount,
    /// The account it enters.
    pub to: LedgerAccount,
    /// How much, above zero.
    pub amount: Euros,
    /// When it was written down.
    pub at: Timestamp,
    /// Stripe's object, where there is one.
    pub stripe_object: Option<String>,
}

impl Movement {
    /// The two signed entries.
    pub fn entries(&self) -> [(LedgerAccount, i64); 2] {
        [
            (self.from, -self.amount.cents()),
            (self.to, self.amount.cents()),
        ]
    }
}

/// The balance of one account over movements, in signed cents.
pub fn balance<'a>(
    movements: impl IntoIterator<Item = &'a Movement>,
    account: LedgerAccount,
) -> i64 {
    movements
        .into_iter()
        .flat_map(Movement::entries)
        .filter(|(of, _)| *of == account)
        .map(|(_, cents)| cents)
        .sum()
}
