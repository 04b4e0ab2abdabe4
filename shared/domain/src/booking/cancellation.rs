//! What leaving a booking gives back: the offer's policy for everybody, the right of withdrawal for
//! consumers.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settling::Shares;
use super::{Booking, BookingRefused, BookingState, CardStatus};
use crate::money::Euros;
use crate::offer::CancellationPolicy;

impl CancellationPolicy {
    /// How much of the professional's price a client gets back who cancels `ahead` of the start, in
    /// percent. Service fees are given back whole (terms, article 15).
    pub fn refunded_percent(self, ahead: SignedDuration) -> u8 {
        let hours = |hours| SignedDuration::from_hours(hours);
        match self {
            Self::Flexible if ahead >= hours(24) => 100,
            Self::Moderate if ahead >= hours(48) => 100,
            Self::Flexible | Self::Moderate => 50,
            Self::Strict if ahead >= hours(7 * 24) => 50,
            Self::Strict => 0,
        }
    }
}

/// What a consumer reads who leaves within the delay of withdrawal.
const WITHDRAWN_WHOLE: &str =
    "Vous renoncez au contrat dans le délai légal\u{a0}: tout vous est rendu.";

/// What leaving a booking now would give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Leaving {
    /// Goes back to the client. Zero also when the card was never debited: see `explanation`.
    pub refund: Euros,
    /// Kept by the professional.
    pub kept: Euros,
    /// Why, in French.
    pub explanation: String,
}

impl Booking {
    /// Who is due what when the client cancels at `now`. A mission that has begun is not cancelled:
    /// a claim can be made.
    pub fn shares_on_cancelling(&self, now: Timestamp) -> Result<Shares, BookingRefused> {
        match self.state {
            BookingState::Requested => Ok(Shares::of_nothing(&self.price)),
            BookingState::Accepted => {
                let start = self.mission.interval.start();
                if now >= start {
                    return Err(BookingRefused::MissionBegun);
                }
                if self.may_still_withdraw_whole(now) {
                    return self.shares_on_withdrawing(now);
                }
                let given_back = i64::from(
                    self.cancellation
                        .refunded_percent(start.duration_since(now)),
                );
                let kept = self
                    .price
                    .professional_total
                    .times_ratio(100 - given_back, 100);
                Ok(Shares::keeping(&self.price, kept.unwrap_or(Euros::ZERO)))
            }
            _ => Err(BookingRefused::WrongState),
        }
    }

    /// Who is due what when a consumer withdraws at `now` (C. conso., L221-18). Once the mission has
    /// begun at the consumer's express request, the part already performed is paid for (L221-25);
    /// once it is fully performed, the right is lost (L221-28, 1°).
    pub fn shares_on_withdrawing(&self, now: Timestamp) -> Result<Shares, BookingRefused> {
        if !self.consumer {
            return Err(BookingRefused::NoWithdrawalForBusinesses);
        }
        match self.state {
            BookingState::Requested => Ok(Shares::of_nothing(&self.price)),
            BookingState::Accepted => {
                let mission = self.mission.interval;
                if now >= mission.end() {
                    return Err(BookingRefused::FullyPerformed);
                }
                if self.withdrawal_deadline.is_none_or(|until| now >= until) {
                    return Err(BookingRefused::WithdrawalOver);
                }
                Ok(Shares::keeping(&self.price, self.performed_part(now)))
            }
            BookingState::Completed
            | BookingState::Validated
            | BookingState::UnderClaim
            | BookingState::Settled => Err(BookingRefused::FullyPerformed),
            _ => Err(BookingRefused::WrongState),
        }
    }

    /// Whether a consumer who leaves at `now` withdraws: within the delay and before the mission begins,
    /// everything is given back.
    pub fn may_still_withdraw_whole(&self, now: Timestamp) -> bool {
        self.consumer
            && now < self.mission.interval.start()
            && self.withdrawal_deadline.is_some_and(|until| now < until)
    }

    /// The professional's price for the part of the mission that has gone by; nothing when the
    /// consumer did not ask for an early start.
    fn performed_part(&self, now: Timestamp) -> Euros {
        let mission = self.mission.interval;
        if now <= mission.start() || !self.acknowledgements.early_start_requested {
            return Euros::ZERO;
        }
        let gone = now.duration_since(mission.start()).as_secs();
        let whole = mission.end().duration_since(mission.start()).as_secs();
        let part = self.price.professional_total.times_ratio(gone, whole);
        part.unwrap_or(Euros::ZERO)
    }

    /// What cancelling would give now, for the page on which the client confirms.
    pub fn cancelling(&self, now: Timestamp) -> Option<Leaving> {
        let shares = self.shares_on_cancelling(now).ok()?;
        let rule = if self.may_still_withdraw_whole(now) {
            WITHDRAWN_WHOLE
        } else {
            self.cancellation.sentence()
        };
        Some(self.leaving(&shares, rule))
    }

    /// What withdrawing would give now, for the page on which the consumer confirms.
    pub fn withdrawing(&self, now: Timestamp) -> Result<Leaving, BookingRefused> {
        let shares = self.shares_on_withdrawing(now)?;
        let rule = if shares.professional > Euros::ZERO {
            "La mission a commencé à votre demande\u{a0}: vous payez la part déjà effectuée."
        } else {
            WITHDRAWN_WHOLE
        };
        Ok(self.leaving(&shares, rule))
    }

    /// The refund that people are told of: what was debited and comes back, or nothing when the card
    /// was only authorised.
    fn leaving(&self, shares: &Shares, rule: &str) -> Leaving {
        let never_debited = self.state == BookingState::Requested;
        if never_debited {
            return Leaving {
                refund: Euros::ZERO,
                kept: Euros::ZERO,
                explanation: "Votre carte n’a pas été débitée\u{a0}: l’autorisation sera levée, et rien ne vous sera demandé."
                    .to_owned(),
            };
        }
        Leaving {
            refund: shares.client,
            kept: shares.professional,
            explanation: rule.to_owned(),
        }
    }

    /// What the client gets back on leaving with `shares`, as `Leaving::refund` says it.
    pub fn refund_told(&self, shares: &Shares) -> Euros {
        self.leaving(shares, "").refund
    }

    /// Whether the card was debited, or will be although the booking ended.
    pub fn is_debited(&self) -> bool {
        self.payment.card == CardStatus::Captured
    }
}
