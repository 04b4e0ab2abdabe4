//! Where a professional is paid: a Connect account, and the bank account behind it.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DocumentDetails, DocumentKind, Professional};
use crate::booking::Payouts;
use crate::identifiers::Iban;

/// A new bank account is paid on after this long: time for the owner to object (terms, article 4.2).
pub const BANK_CHANGE_HOLD: SignedDuration = SignedDuration::from_hours(24);

/// Whether a Connect account may receive transfers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PayoutStatus {
    /// Stripe's questions are not answered yet, or it examines the answers.
    Pending,
    /// It can be paid.
    Active,
    /// It could be paid, and cannot any more until Stripe's questions are answered.
    Restricted,
}

/// A professional's Connect account, as last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutAccount {
    /// Stripe's name of it.
    pub id: String,
    /// Whether it may receive transfers.
    pub status: PayoutStatus,
}

impl PayoutAccount {
    /// The account after its transfers were read as active or not.
    pub fn seen(&self, active: bool) -> Self {
        let status = match (active, self.status) {
            (true, _) => PayoutStatus::Active,
            (false, PayoutStatus::Pending) => PayoutStatus::Pending,
            (false, PayoutStatus::Active | PayoutStatus::Restricted) => PayoutStatus::Restricted,
        };
        Self {
            id: self.id.clone(),
            status,
        }
    }
}

/// A bank account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    /// Its number.
    pub iban: Iban,
    /// In whose name.
    pub holder: String,
}

impl std::fmt::Debug for BankAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BankAccount(…)")
    }
}

/// A change of bank account that waits for its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankChange {
    /// The new account.
    pub to: BankAccount,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it takes effect.
    pub effective_at: Timestamp,
}

impl BankChange {
    /// A change asked for at `now`.
    pub fn asked(to: BankAccount, now: Timestamp) -> Self {
        Self {
            to,
            asked_at: now,
            effective_at: now + BANK_CHANGE_HOLD,
        }
    }
}

impl Professional {
    /// Whether transfers may be made now. A change of bank account holds them until it took effect.
    pub fn payouts(&self) -> Payouts {
        match &self.payout_account {
            Some(account) if account.status == PayoutStatus::Active => {
                if self.bank_change.is_some() {
                    Payouts::BankDetailsChanged
                } else {
                    Payouts::Open
                }
            }
            Some(_) | None => Payouts::NotActive,
        }
    }

    /// Whether missions can be ordered: the Connect account may receive transfers.
    pub fn is_payable(&self) -> bool {
        self.payouts() != Payouts::NotActive
    }

    /// The bank account that is paid on: the last that took effect, or the one of the registration.
    pub fn current_bank_account(&self) -> Option<BankAccount> {
        self.bank_account.clone().or_else(|| {
            let rib = self.documents.iter().rev().find_map(|document| {
                match (&document.kind(), &document.details) {
                    (DocumentKind::BankDetails, DocumentDetails::BankDetails { iban, holder }) => {
                        Some(BankAccount {
                            iban: iban.clone(),
                            holder: holder.clone(),
                        })
                    }
                    _ => None,
                }
            });
            rib
        })
    }
}
