//! Whether a professional may take a mission, and at what price: the same for a quote and an order.

use adapters::store::{Key, Store};
use domain::booking::{Delays, check_start, respond_by};
use domain::ids::AgentId;
use domain::ids::OfferId;
use domain::offer::{Offer, OfferRefused, OfferStatus};
use domain::places::{Department, PostalCode, understand};
use domain::pricing::{Mission, PriceBreakdown, VatStatus, price};
use domain::professional::{Document, Professional, ProfessionalRefused};
use domain::time::holidays::withdrawal_deadline;
use domain::time::interval::Interval;
use domain::time::moment::Moment;
use domain::time::zone::Zone;
use http_function::{Desk, Problem};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use adapters::agenda::{self, Agenda};

/// The mission asked about, without anything personal.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AskedMission {
    /// The offer.
    pub offer: OfferId,
    /// Start: `2026-11-28T20:00`, as clocks show it at the place, or RFC 3339.
    pub start: Moment,
    /// End.
    pub end: Moment,
    /// How many agents.
    #[schemars(range(min = 1, max = 20))]
    pub agents: u16,
    /// Where: five digits.
    pub postal_code: PostalCode,
}

/// A mission that can be ordered, with what it was decided on.
pub(crate) struct Eligible {
    pub(crate) offer: Offer,
    pub(crate) professional: Professional,
    pub(crate) conditions_of_sale: Document,
    pub(crate) interval: Interval,
    pub(crate) department: Department,
    pub(crate) price: PriceBreakdown,
    pub(crate) delays: Delays,
    pub(crate) respond_by: Timestamp,
    pub(crate) withdrawal_deadline: Timestamp,
    pub(crate) agenda: Agenda,
    pub(crate) agents: Vec<AgentId>,
}

impl Eligible {
    /// Whether a consumer must ask for a start before the withdrawal delay ends
    /// (C. conso., L221-25), even if the professional answers at the last moment.
    pub(crate) fn needs_early_start_request(&self) -> bool {
        self.interval.start() < self.withdrawal_deadline
    }
}

/// An offer that can be ordered, and its professional.
pub(crate) async fn published_offer(
    store: &Store,
    id: &OfferId,
) -> Result<(Offer, Professional), Problem> {
    let offer = store
        .get::<Offer>(Key::offer(id))
        .await?
        .ok_or_else(Problem::not_found)?
        .record;
    if offer.status != OfferStatus::Published {
        return Err(OfferRefused::NotPublished.into());
    }
    let professional = store
        .get::<Professional>(Key::professional(&offer.professional))
        .await?;
    let professional = professional.ok_or_else(Problem::not_found)?.record;
    Ok((offer, professional))
}

/// How soon a mission may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// As the offer says.
    OfTheOffer,
    /// As for an urgent mission: its professional says beforehand whether they take it.
    Agreed,
}

/// Checks everything that an order needs and holds nothing yet.
pub(crate) async fn check<O>(
    desk: &Desk<O>,
    asked: &AskedMission,
    now: Timestamp,
) -> Result<Eligible, Problem> {
    check_with(desk, asked, Notice::OfTheOffer, now).await
}

/// The same, with another notice than the offer's.
pub(crate) async fn check_with<O>(
    desk: &Desk<O>,
    asked: &AskedMission,
    notice: Notice,
    now: Timestamp,
) -> Result<Eligible, Problem> {
    let department = department_of(&asked.postal_code)?;
    let zone = Zone::of(&department);
    let interval = Interval::new(asked.start.at(zone), asked.end.at(zone))
        .map_err(|refused| Problem::new(422, "mission_dates_invalid", refused.to_string()))?;
    let (offer, professional) = published_offer(&desk.store, &asked.offer).await?;
    offer
        .terms
        .covers(interval.minutes(), asked.agents, &department)?;
    let delays = &desk.settings.delays;
    check_start(
        interval,
        offer.terms.notice_hours,
        offer.terms.takes_urgent || notice == Notice::Agreed,
        now,
        delays,
    )?;
    professional.may_perform(offer.terms.activity, interval, zone)?;
    if !professional.calendar.covers(interval, zone) {
        return Err(ProfessionalRefused::AgentsUnavailable.into());
    }
    let conditions_of_sale = professional
        .conditions_of_sale()
        .cloned()
        .ok_or(ProfessionalRefused::NotAvailable)?;
    let mission = Mission {
        interval,
        agents: asked.agents,
        department,
    };
    let vat = professional
        .profile
        .vat_status
        .unwrap_or(VatStatus::Registered);
    let in_force = desk.in_force().await?;
    let price = price(
        &mission,
        &offer.terms.rates,
        offer.terms.travel,
        vat,
        &in_force.pricing,
    )?;
    let respond_by = respond_by_from(now, interval, delays);
    // Last, so that little time is left for others to write it before an order does.
    let agenda = agenda::read(&desk.store, &professional.id, interval).await?;
    let agents = agenda
        .team(
            &professional,
            offer.terms.activity,
            interval,
            zone,
            None,
            now,
        )
        .proposal(asked.agents)
        .ok_or(ProfessionalRefused::AgentsUnavailable)?;
    Ok(Eligible {
        withdrawal_deadline: withdrawal_deadline(respond_by),
        offer,
        professional,
        conditions_of_sale,
        interval,
        department,
        price,
        delays: in_force.delays,
        respond_by,
        agenda,
        agents,
    })
}

fn respond_by_from(now: Timestamp, interval: Interval, delays: &Delays) -> Timestamp {
    respond_by(now, interval.start(), delays)
}

/// The department of a postal code: the one of its largest town, or that of companies' own codes (CEDEX).
fn department_of(postal_code: &PostalCode) -> Result<Department, Problem> {
    understand(postal_code.as_str())
        .map(|place| place.department)
        .map_err(|refused| {
            Problem::new(422, "place_unknown", refused.to_string()).about("postal_code")
        })
}
