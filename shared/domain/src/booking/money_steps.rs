//! The way of a booking's money, step by step: what happened, and what is still to come. A booking that
//! ended otherwise than by its mission says so; nothing is announced that will not happen.

use schemars::JsonSchema;
use serde::Serialize;

use super::payment::less;
use super::{Booking, BookingParty, CardStatus, DisputeStage};
use crate::money::Euros;
use crate::typography::unbroken;

/// A step of the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoneyMove {
    /// The card is authorised.
    Authorised,
    /// The card is debited.
    Captured,
    /// Stripe keeps the money.
    Held,
    /// The professional is paid.
    PaidOut,
    /// Money goes back to the client.
    Refunded,
    /// The authorisation is lifted: nothing is debited.
    Released,
}

/// One step of the money's way, in the order in which they come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoneyStep {
    /// Which.
    pub step: MoneyMove,
    /// For people, with what moved or will move.
    pub label: String,
    /// Whether it was reached.
    pub done: bool,
}

impl Booking {
    /// What comes to the professional after every reduction: what is due, or what would be if the mission
    /// is done as ordered. Of a debit that the client's bank took back, what is left of what was paid.
    pub fn professional_share(&self) -> Euros {
        if self.was_taken_back() {
            let money = self.money();
            return less(money.transferred, money.to_recover);
        }
        let whole = self.price.professional_total;
        self.due.as_ref().map_or(whole, |due| due.professional)
    }

    /// The steps of the money, as one of the two parties reads them.
    pub fn money_steps(&self, reader: BookingParty) -> Vec<MoneyStep> {
        let debited = self.payment.card == CardStatus::Captured;
        let nothing_debited = self.due.is_some() && !debited && self.owes_nobody();
        if nothing_debited {
            return self.steps_without_debit();
        }
        let due = self.due.as_ref();
        let share = self.professional_share();
        let lowered = self.lowered_by();
        let back = due.map_or(Euros::ZERO, |due| self.goes_back(due));
        let whole = self.debited_total();
        let money = self.money();
        let mut steps = vec![
            step(
                MoneyMove::Authorised,
                format!("Carte autorisée : {whole}"),
                !matches!(self.payment.card, CardStatus::Unpaid),
            ),
            step(
                MoneyMove::Captured,
                match due {
                    Some(_) => format!("Carte débitée : {whole}"),
                    None => "Carte débitée à l’acceptation".to_owned(),
                },
                debited,
            ),
        ];
        if due.is_none() && lowered > Euros::ZERO {
            let label = format!("Différence de la modification rendue : {lowered}");
            let done = money.refunded >= lowered;
            steps.push(step(MoneyMove::Refunded, label, done));
        }
        if due.is_none() || share > Euros::ZERO {
            let held = match reader {
                BookingParty::Client => "Somme conservée par Stripe jusqu’à votre validation",
                BookingParty::Professional => {
                    "Somme conservée par Stripe jusqu’à la validation du client"
                }
            };
            let paid = match reader {
                BookingParty::Client => format!("Professionnel payé : {share}"),
                BookingParty::Professional => format!("Vous êtes payé : {share}"),
            };
            if due.is_none_or(|due| due.client < self.price.total) && !self.ended_otherwise() {
                steps.push(step(MoneyMove::Held, held.to_owned(), debited));
            }
            let done = due.is_some() && money.transferred >= share;
            steps.push(step(MoneyMove::PaidOut, paid, done));
        }
        if back > Euros::ZERO {
            let label = match reader {
                BookingParty::Client => format!("Remboursé sur votre carte : {back}"),
                BookingParty::Professional => format!("Remboursé au client : {back}"),
            };
            steps.push(step(MoneyMove::Refunded, label, money.refunded >= back));
        }
        if self.was_taken_back() {
            let label = match reader {
                BookingParty::Client => format!("Rendu par votre banque : {}", money.refunded),
                BookingParty::Professional => {
                    format!("Rendu au client par sa banque : {}", money.refunded)
                }
            };
            steps.push(step(MoneyMove::Refunded, label, true));
        }
        steps
    }

    /// Whether the client's bank took the debit back.
    fn was_taken_back(&self) -> bool {
        self.payment.dispute_stage() == Some(DisputeStage::Lost)
    }

    /// A booking that ended before anything was debited.
    fn steps_without_debit(&self) -> Vec<MoneyStep> {
        let lifted = matches!(
            self.payment.card,
            CardStatus::Unpaid | CardStatus::Released | CardStatus::Lapsed
        );
        let authorised = self.payment.card != CardStatus::Unpaid;
        let label = if authorised {
            "Autorisation levée : rien n’est débité"
        } else {
            "Rien n’a été autorisé ni débité"
        };
        let mut steps = Vec::new();
        if authorised {
            let label = format!("Carte autorisée : {}", self.price.total);
            steps.push(step(MoneyMove::Authorised, label, true));
        }
        steps.push(step(MoneyMove::Released, label.to_owned(), lifted));
        steps
    }

    /// Whether everything that was paid goes back.
    fn owes_nobody(&self) -> bool {
        let total = self.price.total;
        self.due.as_ref().is_some_and(|due| due.client == total)
    }

    /// Whether it ended otherwise than by a mission that took place.
    fn ended_otherwise(&self) -> bool {
        self.due.is_some() && !self.state.contract_concluded()
    }
}

fn step(step: MoneyMove, label: String, done: bool) -> MoneyStep {
    MoneyStep {
        step,
        label: unbroken(&label),
        done,
    }
}
