//! Where the money is and what happens next, in a sentence for each party.

use super::settling::Wait;
use super::{Booking, BookingParty, BookingState, CardStatus, DisputeStage};
use crate::money::Euros;
use crate::typography::unbroken;

impl Booking {
    /// Where the money is and what happens next, for one of the two parties.
    pub fn money_now(&self, reader: BookingParty) -> String {
        let sentence = match reader {
            BookingParty::Client => self.money_for_client(),
            BookingParty::Professional => self.money_for_professional(),
        };
        unbroken(&sentence)
    }

    fn validates_itself(&self) -> String {
        let end = self.mission.interval.end();
        let zone = self.mission.zone();
        zone.named_date_time(end + self.delays.automatic_validation)
    }

    fn money_for_client(&self) -> String {
        let total = self.price.total;
        let money = self.money();
        match self.payment.card {
            CardStatus::Unpaid if self.state == BookingState::AwaitingPayment => {
                "Votre carte n’est pas encore autorisée. Rien n’est débité avant l’acceptation du professionnel.".to_owned()
            }
            CardStatus::Unpaid | CardStatus::Released => {
                "Votre carte n’a pas été débitée. L’autorisation, s’il y en a eu une, est annulée ; votre banque peut l’afficher encore quelques jours.".to_owned()
            }
            CardStatus::Lapsed => {
                "Votre carte n’a pas été débitée : votre banque a mis fin à l’autorisation avant le débit.".to_owned()
            }
            CardStatus::Authorised if self.due.is_some() => {
                "L’autorisation sur votre carte est en cours d’annulation.".to_owned()
            }
            CardStatus::Authorised if self.state == BookingState::Requested => format!(
                "{total} sont autorisés sur votre carte, et débités seulement si le professionnel accepte."
            ),
            CardStatus::Authorised => format!("{total} sont en cours de débit sur votre carte."),
            CardStatus::Captured => match self.payment.dispute_stage() {
                Some(DisputeStage::Open) => "Vous avez contesté ce paiement auprès de votre banque. Tant qu’elle examine votre demande, l’argent ne bouge plus.".to_owned(),
                Some(DisputeStage::Lost) => format!("Votre banque vous a donné raison : {} vous sont rendus.", money.refunded),
                Some(DisputeStage::Won) | None => self.debited_for_client(money.refunded),
            },
        }
    }

    fn debited_for_client(&self, refunded: Euros) -> String {
        let total = self.debited_total();
        if self.payment.refund_needs_decision {
            return "Votre banque a renvoyé notre remboursement. L’argent est conservé ; nous vous écrivons pour convenir d’un autre moyen.".to_owned();
        }
        let Some(due) = &self.due else {
            let lowered = self.lowered_by();
            let kept = if lowered == Euros::ZERO {
                format!(
                    "{total} ont été débités et sont conservés par Stripe, établissement de monnaie électronique."
                )
            } else {
                format!(
                    "{total} ont été débités : {lowered} vous sont rendus à la suite de la modification, et {} sont conservés par Stripe, établissement de monnaie électronique.",
                    self.price.total
                )
            };
            return match self.state {
                BookingState::UnderClaim => {
                    format!("{kept} Ils y restent jusqu’à ce que votre réclamation soit réglée.")
                }
                BookingState::Completed => format!(
                    "{kept} Le professionnel est payé quand vous validez la mission ; sans réponse de votre part, elle est validée d’office le {}.",
                    self.validates_itself()
                ),
                _ => format!(
                    "{kept} Le professionnel n’est payé qu’après la mission, quand vous la validez."
                ),
            };
        };
        let owed = self.goes_back(due);
        let back = owed.max(refunded);
        if back == Euros::ZERO {
            return format!(
                "{total} ont été débités : {} reçoit sa part, le reste paie les frais de service.",
                self.professional_name
            );
        }
        let word = if refunded >= owed {
            "Votre banque le crédite en général sous 5 à 10 jours."
        } else {
            "Le remboursement part dans les minutes qui viennent."
        };
        if back == total {
            format!("{back} vous sont remboursés en entier sur la même carte. {word}")
        } else {
            format!("{back} vous sont remboursés sur la même carte, sur {total} débités. {word}")
        }
    }

    fn money_for_professional(&self) -> String {
        let yours = self.price.professional_total;
        let money = self.money();
        match self.payment.dispute_stage() {
            Some(DisputeStage::Open) => return "Le client a contesté ce paiement auprès de sa banque. Le versement est suspendu, ou repris s’il était fait, tant qu’elle l’examine.".to_owned(),
            Some(DisputeStage::Lost) => return "La banque du client lui a donné raison : le paiement lui est rendu et ne peut pas vous être versé.".to_owned(),
            Some(DisputeStage::Won) | None => {}
        }
        let Some(due) = &self.due else {
            return match self.state {
                BookingState::Requested => format!(
                    "Le client a autorisé sa carte. Si vous acceptez, {yours} vous reviennent après la mission validée."
                ),
                BookingState::UnderClaim => {
                    "Le paiement est conservé par Stripe jusqu’à ce que la réclamation soit réglée."
                        .to_owned()
                }
                BookingState::Completed => format!(
                    "{yours} vous sont versés dès que le client valide la mission, au plus tard le {}.",
                    self.validates_itself()
                ),
                _ if self.payment.card == CardStatus::Authorised => {
                    "Le débit de la carte du client est en cours.".to_owned()
                }
                _ => format!(
                    "Le client a payé. {yours} vous sont versés après la mission, une fois validée."
                ),
            };
        };
        if due.professional == Euros::ZERO {
            return "Rien ne vous est dû pour cette réservation.".to_owned();
        }
        if money.transferred >= due.professional {
            return format!(
                "{} ont été versés sur votre compte de paiement Stripe, qui les vire à votre banque.",
                money.transferred
            );
        }
        let owed = due.professional;
        match self.payment.waiting {
            Some(Wait::PayoutsNotActive) => format!(
                "{owed} vous reviennent. Ils vous sont versés dès que vos versements sont actifs : complétez votre compte de paiement."
            ),
            Some(Wait::BankDetailsChanged) => format!(
                "{owed} vous reviennent. Vos coordonnées bancaires viennent de changer : par sécurité, le versement attend 24 heures."
            ),
            _ => format!("{owed} vous reviennent : le versement est en cours."),
        }
    }
}
