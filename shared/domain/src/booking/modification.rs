//! A mission changes once both parties agree: one proposes, the other answers, and silence changes nothing
//! (terms, article 6). What costs more than was debited is ordered as a mission of its own.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::payment::less;
use super::{
    Booking, BookingParty, BookingRefused, BookingState, CardStatus, Decision, Reminder, Shares,
};
use crate::event::Event;
use crate::ids::AgentId;
use crate::money::Euros;
use crate::pricing::PriceBreakdown;
use crate::time::interval::Interval;

/// How often the terms of a contract change: each version is kept with it.
const MOST_MODIFICATIONS: usize = 10;

/// What a contract says that a modification may change: when, with how many agents, at what price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedTerms {
    /// Start and end.
    pub interval: Interval,
    /// How many agents.
    pub agents: u16,
    /// The price.
    pub price: PriceBreakdown,
}

/// What one party proposes to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modification {
    /// Who proposes.
    pub by: BookingParty,
    /// What the contract would say.
    pub terms: AgreedTerms,
    /// What they say with it.
    pub message: String,
    /// When it was proposed, which names it: only what was read is agreed to.
    pub at: Timestamp,
    /// The last moment to agree.
    pub answer_by: Timestamp,
}

/// What a contract said before a modification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FormerTerms {
    /// Start and end.
    pub interval: Interval,
    /// How many agents.
    pub agents: u16,
    /// The price.
    pub price: PriceBreakdown,
    /// Who was sent.
    pub sent: Vec<AgentId>,
    /// Until when it held.
    pub until: Timestamp,
}

impl Booking {
    /// What the card was debited, or will be: the price as the contract was concluded. Modifications only
    /// make it less.
    pub fn debited_total(&self) -> Euros {
        let first = self.former.first();
        first.map_or(self.price.total, |first| first.price.total)
    }

    /// What modifications made the mission cheaper by: it goes back to the client whatever follows.
    pub fn lowered_by(&self) -> Euros {
        less(self.debited_total(), self.price.total)
    }

    /// What goes back to the client in all: of the price, and what modifications made it less by.
    pub fn goes_back(&self, due: &Shares) -> Euros {
        let lowered = self.lowered_by();
        due.client.checked_add(lowered).unwrap_or(due.client)
    }

    /// What would go back to the client under these terms.
    pub fn given_back_under(&self, terms: &AgreedTerms) -> Euros {
        less(self.price.total, terms.price.total)
    }

    /// The proposal that can be agreed to at `now`.
    pub fn open_modification(&self, now: Timestamp) -> Option<&Modification> {
        let proposed = self.modification.as_ref();
        proposed.filter(|one| self.check_modifiable(now).is_ok() && now < one.answer_by)
    }

    /// Whether the mission can change at `now`: the contract stands and is paid for, no bank examines the
    /// payment, and there is time left for an answer.
    pub fn check_modifiable(&self, now: Timestamp) -> Result<(), BookingRefused> {
        let paid = self.payment.card == CardStatus::Captured;
        if self.state != BookingState::Accepted || !paid || self.payment.dispute_stage().is_some() {
            return Err(BookingRefused::WrongState);
        }
        if self.order.is_some() {
            return Err(BookingRefused::OneOfSeveral);
        }
        if self.former.len() >= MOST_MODIFICATIONS {
            return Err(BookingRefused::TooManyModifications);
        }
        let last = self.mission.interval.start() - self.delays.answer_before_start;
        if now >= last {
            return Err(BookingRefused::ModificationTooLate);
        }
        Ok(())
    }

    /// What one party proposes takes the place of what was proposed before. Prices come from the offer's
    /// rates; who may go is asked of `staffing`.
    ///
    /// # Errors
    /// When the mission cannot change any more, would not change, would cost more than was debited, or
    /// would begin too soon or end after the money can be held.
    pub fn propose_modification(
        &self,
        by: BookingParty,
        terms: AgreedTerms,
        message: String,
        now: Timestamp,
    ) -> Result<Decision, BookingRefused> {
        self.check_modifiable(now)?;
        self.check_terms(&terms, now)?;
        let mut booking = self.clone();
        booking.modification = Some(Modification {
            by,
            answer_by: self.answer_by(terms.interval, now),
            terms,
            message,
            at: now,
        });
        Ok(told(
            booking,
            Event::ModificationProposed {
                booking: self.id.clone(),
            },
        ))
    }

    /// Whether these terms can be proposed.
    ///
    /// # Errors
    /// As [`Self::propose_modification`] does.
    pub fn check_terms(&self, terms: &AgreedTerms, now: Timestamp) -> Result<(), BookingRefused> {
        if terms.interval == self.mission.interval && terms.agents == self.mission.agents {
            return Err(BookingRefused::NothingChanges);
        }
        if self.answer_by(terms.interval, now) <= now {
            return Err(BookingRefused::ModificationTooLate);
        }
        let held_since = self.payment.captured_at.unwrap_or(now);
        if terms.interval.end() > held_since + self.delays.horizon {
            return Err(BookingRefused::TooFarAhead);
        }
        if terms.price.total > self.price.total {
            return Err(BookingRefused::ModificationDearer);
        }
        Ok(())
    }

    /// The last moment to answer: 48 h, and 4 h before whichever mission begins first.
    fn answer_by(&self, wanted: Interval, now: Timestamp) -> Timestamp {
        let first = self.mission.interval.start().min(wanted.start());
        (now + self.delays.answer).min(first - self.delays.answer_before_start)
    }

    /// The other party agrees to what was proposed at `proposed_at`: the contract says it from now on, these
    /// agents go, and a difference is given back.
    ///
    /// # Errors
    /// When that proposal is one's own, was replaced or taken back, or is too old.
    pub fn agree_to_modification(
        &self,
        by: BookingParty,
        proposed_at: Timestamp,
        agents: Vec<AgentId>,
        now: Timestamp,
    ) -> Result<Decision, BookingRefused> {
        let terms = self
            .proposed_to(by, proposed_at, now)
            .map(|one| one.terms.clone())?;
        let mut booking = self.with_agents(agents);
        booking.former.push(FormerTerms {
            interval: self.mission.interval,
            agents: self.mission.agents,
            price: self.price.clone(),
            sent: self.agents.clone(),
            until: now,
        });
        booking.mission.interval = terms.interval;
        booking.mission.agents = terms.agents;
        booking.price = terms.price;
        booking.modification = None;
        // Both are reminded of the day that counts, and told of titles that end before that one.
        (booking.reminded).retain(|reminder| *reminder != Reminder::MissionTomorrow);
        booking.title_alerts.clear();
        Ok(told(
            booking,
            Event::BookingModified {
                booking: self.id.clone(),
            },
        ))
    }

    /// The proposal that `by` may agree to.
    ///
    /// # Errors
    /// As [`Self::agree_to_modification`] does.
    pub fn proposed_to(
        &self,
        by: BookingParty,
        proposed_at: Timestamp,
        now: Timestamp,
    ) -> Result<&Modification, BookingRefused> {
        self.check_modifiable(now)?;
        let proposed = self.modification.as_ref();
        let proposed = proposed
            .filter(|one| one.by != by && one.at == proposed_at)
            .ok_or(BookingRefused::NoSuchModification)?;
        if now >= proposed.answer_by {
            return Err(BookingRefused::ModificationTooLate);
        }
        Ok(proposed)
    }

    /// A party declines what was proposed, or takes its own proposal back: the mission stays as it is.
    ///
    /// # Errors
    /// When that proposal was replaced, or is no longer there.
    pub fn drop_modification(
        &self,
        by: BookingParty,
        proposed_at: Timestamp,
    ) -> Result<Decision, BookingRefused> {
        let proposed = self.modification.as_ref();
        let proposed = proposed
            .filter(|one| one.at == proposed_at)
            .ok_or(BookingRefused::NoSuchModification)?;
        let mut booking = self.clone();
        booking.modification = None;
        if proposed.by == by || self.state != BookingState::Accepted {
            return Ok(Decision::silent(booking));
        }
        let event = Event::ModificationDeclined {
            booking: self.id.clone(),
            by,
        };
        Ok(told(booking, event))
    }
}

fn told(booking: Booking, event: Event) -> Decision {
    Decision {
        events: vec![event],
        ..Decision::silent(booking)
    }
}
