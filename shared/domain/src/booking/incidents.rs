//! What a booking says against its professional: in the ranking, on their statistics, to the operator.

use super::{Booking, BookingState, Calling, DisputeStage, Intervention};

impl Booking {
    /// Whether the professional let a mission fall that was accepted: gave it up, or lost a title that it
    /// needed.
    pub fn was_let_fall(&self) -> bool {
        let title_missing = matches!(
            self.intervention,
            Some(Intervention::CalledOff {
                calling: Calling::TitleMissing,
                ..
            })
        );
        self.state == BookingState::CancelledByProfessional
            || (title_missing && self.accepted_at.is_some())
    }

    /// Whether it is in dispute, or was and ended for the client: a claim that is open or gave something
    /// back, a refund that the operator decided, a debit contested with the bank and not won. What ends
    /// for the professional is no dispute any more.
    pub fn is_disputed(&self) -> bool {
        let claimed = self.claim.as_ref().is_some_and(|claim| {
            let outcome = claim.outcome.as_ref();
            outcome.is_none_or(|outcome| outcome.percent > 0)
        });
        let refunded = matches!(
            self.intervention,
            Some(Intervention::Refunded { percent: 1.., .. })
        );
        let contested = matches!(
            self.payment.dispute_stage(),
            Some(DisputeStage::Open | DisputeStage::Lost)
        );
        claimed || refunded || contested
    }
}
