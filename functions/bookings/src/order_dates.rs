//! The dates of an order: asked one by one or by a pattern, priced and staffed together. Somebody who is
//! proposed for one date rests before the next, so dates are staffed in their order.

use adapters::agenda::{self, Agenda};
use domain::calendar::Occupation;
use domain::ids::{AgentId, OfferId};
use domain::money::Euros;
use domain::offer::OfferTerms;
use domain::order::{Pattern, Slot, in_order};
use domain::places::PostalCode;
use domain::pricing::PriceBreakdown;
use domain::professional::ProfessionalRefused;
use domain::staffing::{Demand, Team};
use domain::time::holidays::{holiday_name, is_public_holiday_in};
use domain::time::interval::Interval;
use domain::time::moment::Moment;
use http_function::{Desk, Problem};
use jiff::Timestamp;
use jiff::civil::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::eligibility::{Basis, interval};

/// One date that is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AskedDate {
    /// Start: `2026-11-28T20:00`, as clocks show it at the place, or RFC 3339.
    pub start: Moment,
    /// End.
    pub end: Moment,
}

/// Dates that follow a pattern, at the same hours each.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AskedPattern {
    /// On which days.
    #[serde(flatten)]
    pub days: Pattern,
    /// From: `19:00`, as clocks show it at the place.
    pub starts: Time,
    /// To: on the next day when it is not after the start.
    pub ends: Time,
}

/// Several missions of one offer at one place, without anything personal.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AskedMissions {
    /// The offer.
    pub offer: OfferId,
    /// How many agents each mission wants.
    #[schemars(range(min = 1, max = 20))]
    pub agents: u16,
    /// Where: five digits.
    pub postal_code: PostalCode,
    /// The dates.
    #[serde(default)]
    #[schemars(length(max = 60))]
    pub missions: Vec<AskedDate>,
    /// Or how they are found.
    #[serde(default)]
    pub pattern: Option<AskedPattern>,
}

impl AskedMissions {
    /// The missions, in the order of their start.
    fn intervals(&self, basis: &Basis, now: Timestamp) -> Result<Vec<Interval>, Problem> {
        let zone = basis.zone();
        if let Some(asked) = &self.pattern {
            let slot = Slot {
                starts: asked.starts,
                ends: asked.ends,
            };
            let found = asked.days.missions(slot, zone, now, basis.horizon(now))?;
            return Ok(in_order(found)?);
        }
        let each = self.missions.iter();
        let found: Result<Vec<Interval>, Problem> = each
            .map(|date| interval(date.start, date.end, zone))
            .collect();
        Ok(in_order(found?)?)
    }
}

/// One date, as far as it can be ordered.
pub(crate) struct PlannedDate {
    pub(crate) interval: Interval,
    /// What it costs, and who would go; or why it cannot be ordered.
    pub(crate) outcome: Result<(PriceBreakdown, Vec<AgentId>), Problem>,
}

/// Every date, with what they were decided on.
pub(crate) struct Plan {
    pub(crate) basis: Basis,
    pub(crate) dates: Vec<PlannedDate>,
    pub(crate) agenda: Agenda,
    pub(crate) respond_by: Timestamp,
}

impl Plan {
    /// Prices and staffs every date. The agenda is read once, whatever their number.
    pub(crate) async fn make<O>(
        desk: &Desk<O>,
        asked: &AskedMissions,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let basis = Basis::read(desk, &asked.offer, &asked.postal_code).await?;
        let intervals = asked.intervals(&basis, now)?;
        let (first, last) = ends(&intervals)?;
        let span = Interval::new(first.start(), last.end())
            .map_err(|refused| Problem::new(422, refused.code(), refused.to_string()))?;
        let agenda = agenda::read(&desk.store, &basis.professional.id, span).await?;
        let mut occupations = agenda.occupations();
        let each = intervals.into_iter();
        let dates = each
            .map(|interval| {
                let price = basis.price(interval, asked.agents, now);
                let outcome = price.and_then(|price| {
                    let agents = staff(&basis, interval, asked.agents, &mut occupations, now)?;
                    Ok((price, agents))
                });
                PlannedDate { interval, outcome }
            })
            .collect();
        Ok(Self {
            respond_by: basis.respond_by(first.start(), now),
            basis,
            dates,
            agenda,
        })
    }

    /// What all dates that can be ordered cost.
    pub(crate) fn total(&self) -> Euros {
        let priced = self
            .dates
            .iter()
            .filter_map(|date| date.outcome.as_ref().ok());
        Euros::from_cents(priced.map(|(price, _)| price.total.cents()).sum())
    }

    /// The terms of the offer.
    pub(crate) fn terms(&self) -> &OfferTerms {
        &self.basis.offer.terms
    }

    /// The name of the public holiday on which a date begins or ends, if it does.
    pub(crate) fn holiday(&self, interval: Interval) -> Option<String> {
        let (first, last) = interval.first_and_last_day(self.basis.zone());
        let mut days = [first, last].into_iter();
        let holiday = days.find(|day| is_public_holiday_in(*day, &self.basis.department))?;
        Some(holiday_name(holiday).unwrap_or("Jour férié").to_owned())
    }
}

fn ends(intervals: &[Interval]) -> Result<(Interval, Interval), Problem> {
    let (first, last) = (
        intervals.first(),
        intervals.iter().max_by_key(|one| one.end()),
    );
    let both = first.copied().zip(last.copied());
    both.ok_or_else(|| domain::order::OrderRefused::NoMission.into())
}

/// Who goes on one date, given who goes on those before: they are noted as busy for those after.
fn staff(
    basis: &Basis,
    interval: Interval,
    wanted: u16,
    occupations: &mut Vec<Occupation>,
    now: Timestamp,
) -> Result<Vec<AgentId>, Problem> {
    let team = Team::of(
        &basis.professional,
        Some(basis.offer.terms.activity),
        occupations,
        Demand::new(interval, basis.zone()),
        None,
        now,
    );
    let agents = team
        .proposal(wanted)
        .ok_or(ProfessionalRefused::AgentsUnavailable)?;
    occupations.extend(agents.iter().map(|agent| Occupation {
        agent: agent.to_string(),
        interval,
        booking: String::new(),
        held_until: None,
    }));
    Ok(agents)
}
