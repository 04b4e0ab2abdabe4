//! What the functions about modifications have in common: what is asked, and what the mission would be.

use domain::booking::Booking;
use domain::money::Euros;
use domain::pricing::PriceBreakdown;
use domain::time::interval::Interval;
use domain::time::moment::Moment;
use http_function::{Desk, Problem};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::eligibility::{Repriced, interval, reprice};

/// What a mission would be instead.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AskedTerms {
    /// Start: `2026-11-28T20:00`, as clocks show it at the place, or RFC 3339.
    pub start: Moment,
    /// End.
    pub end: Moment,
    /// How many agents.
    #[schemars(range(min = 1, max = 20))]
    pub agents: u16,
}

/// What a modification would come to, for whoever proposes it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ModificationQuote {
    /// When the mission would begin.
    pub start: Timestamp,
    /// When it would end.
    pub end: Timestamp,
    /// How many agents would come.
    pub agents: u16,
    /// The price it would have.
    pub price: PriceBreakdown,
    /// What goes back to the client.
    pub given_back: Euros,
    /// What the professional gets.
    pub professional_share: Euros,
}

impl AskedTerms {
    fn interval(&self, booking: &Booking) -> Result<Interval, Problem> {
        interval(self.start, self.end, booking.mission.zone())
    }

    /// What the booking would be, when it may.
    pub(crate) async fn of(
        &self,
        desk: &Desk<()>,
        booking: &Booking,
        now: Timestamp,
    ) -> Result<Repriced, Problem> {
        booking.check_modifiable(now)?;
        let interval = self.interval(booking)?;
        let repriced = Box::pin(reprice(desk, booking, interval, self.agents, now)).await?;
        booking.check_terms(&repriced.terms, now)?;
        Ok(repriced)
    }
}

impl ModificationQuote {
    pub(crate) fn of(booking: &Booking, repriced: Repriced) -> Self {
        let terms = repriced.terms;
        Self {
            start: terms.interval.start(),
            end: terms.interval.end(),
            agents: terms.agents,
            given_back: booking.given_back_under(&terms),
            professional_share: terms.price.professional_total,
            price: terms.price,
        }
    }
}
