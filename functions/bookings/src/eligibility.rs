//! Whether a professional may take a mission, and at what price: the same for a quote and an order.

use adapters::store::{Key, Store};
use domain::booking::{AgreedTerms, Booking, BookingRefused, Delays, check_start, respond_by};
use domain::configuration::InForce;
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

/// What the dates of an order have in common: the offer, its professional, the place, what prices go by.
pub(crate) struct Basis {
    pub(crate) offer: Offer,
    pub(crate) professional: Professional,
    pub(crate) conditions_of_sale: Document,
    pub(crate) department: Department,
    pub(crate) in_force: InForce,
    limits: Delays,
}

impl Basis {
    pub(crate) async fn read<O>(
        desk: &Desk<O>,
        offer: &OfferId,
        postal_code: &PostalCode,
    ) -> Result<Self, Problem> {
        let department = department_of(postal_code)?;
        let (offer, professional) = published_offer(&desk.store, offer).await?;
        let conditions_of_sale = professional
            .conditions_of_sale()
            .cloned()
            .ok_or(ProfessionalRefused::NotAvailable)?;
        Ok(Self {
            offer,
            professional,
            conditions_of_sale,
            department,
            in_force: desk.in_force().await?,
            limits: desk.settings.delays.clone(),
        })
    }

    pub(crate) fn zone(&self) -> Zone {
        Zone::of(&self.department)
    }

    /// How far ahead a mission may end.
    pub(crate) fn horizon(&self, now: Timestamp) -> Timestamp {
        now + self.limits.horizon
    }

    /// Checks everything of one mission but who is free, and prices it.
    pub(crate) fn price(
        &self,
        interval: Interval,
        agents: u16,
        now: Timestamp,
    ) -> Result<PriceBreakdown, Problem> {
        self.price_with(interval, agents, Notice::OfTheOffer, now)
    }

    /// The same, with another notice than the offer's.
    fn price_with(
        &self,
        interval: Interval,
        agents: u16,
        notice: Notice,
        now: Timestamp,
    ) -> Result<PriceBreakdown, Problem> {
        let (terms, zone) = (&self.offer.terms, self.zone());
        terms.covers(interval.minutes(), agents, &self.department)?;
        check_start(
            interval,
            terms.notice_hours,
            terms.takes_urgent || notice == Notice::Agreed,
            now,
            &self.limits,
        )?;
        self.professional
            .may_perform(terms.activity, interval, zone)?;
        if !self.professional.calendar.covers(interval, zone) {
            return Err(ProfessionalRefused::AgentsUnavailable.into());
        }
        let mission = Mission {
            interval,
            agents,
            department: self.department,
        };
        let (first_day, _) = interval.first_and_last_day(zone);
        let vat = self.professional.vat_on(first_day);
        let vat = vat.map_or(VatStatus::Registered, |vat| vat.status);
        Ok(price(
            &mission,
            &terms.rates,
            terms.travel,
            vat,
            &self.in_force.pricing,
        )?)
    }

    /// When the professional would have to answer at the latest, were it ordered now.
    pub(crate) fn respond_by(&self, start: Timestamp, now: Timestamp) -> Timestamp {
        respond_by(now, start, &self.limits)
    }
}

/// Checks everything that an order needs and holds nothing yet.
pub(crate) async fn check<O>(
    desk: &Desk<O>,
    asked: &AskedMission,
    now: Timestamp,
) -> Result<Eligible, Problem> {
    Box::pin(check_with(desk, asked, Notice::OfTheOffer, now)).await
}

/// The same, with another notice than the offer's.
pub(crate) async fn check_with<O>(
    desk: &Desk<O>,
    asked: &AskedMission,
    notice: Notice,
    now: Timestamp,
) -> Result<Eligible, Problem> {
    let zone = Zone::of(&department_of(&asked.postal_code)?);
    let interval = interval(asked.start, asked.end, zone)?;
    let basis = Basis::read(desk, &asked.offer, &asked.postal_code).await?;
    let price = basis.price_with(interval, asked.agents, notice, now)?;
    let respond_by = basis.respond_by(interval.start(), now);
    // Last, so that little time is left for others to write it before an order does.
    let agenda = agenda::read(&desk.store, &basis.professional.id, interval).await?;
    let agents = agenda
        .team(
            &basis.professional,
            basis.offer.terms.activity,
            interval,
            zone,
            None,
            now,
        )
        .proposal(asked.agents)
        .ok_or(ProfessionalRefused::AgentsUnavailable)?;
    Ok(Eligible {
        withdrawal_deadline: withdrawal_deadline(respond_by),
        offer: basis.offer,
        professional: basis.professional,
        conditions_of_sale: basis.conditions_of_sale,
        interval,
        department: basis.department,
        price,
        delays: basis.in_force.delays,
        respond_by,
        agenda,
        agents,
    })
}

/// What a mission that is paid for would be with other hours or agents.
pub(crate) struct Repriced {
    pub(crate) terms: AgreedTerms,
    pub(crate) agents: Vec<AgentId>,
    pub(crate) agenda: Agenda,
}

/// Checks what a modification of a booking needs and prices it by the offer's rates of today; a price that
/// was named in a quote stays, for the same length and agents. The company agrees to it or proposed it, so
/// its own notice does not count.
pub(crate) async fn reprice<O>(
    desk: &Desk<O>,
    booking: &Booking,
    interval: Interval,
    agents: u16,
    now: Timestamp,
) -> Result<Repriced, Problem> {
    let mission = &booking.mission;
    let basis = Basis::read(desk, &booking.offer, &mission.place.postal_code).await?;
    let price = basis.price_with(interval, agents, Notice::Agreed, now)?;
    let price = match booking.price.flat {
        None => price,
        Some(_) if (interval.minutes(), agents) == (mission.interval.minutes(), mission.agents) => {
            booking.price.clone()
        }
        Some(_) => return Err(BookingRefused::PriceWasNamed.into()),
    };
    let agenda = agenda::read_to_move(&desk.store, booking, interval).await?;
    let (professional, zone) = (&basis.professional, mission.zone());
    let own = Some(&booking.id);
    let team = agenda.team(professional, mission.activity, interval, zone, own, now);
    // Whoever was to come comes, when they may.
    let wanted = usize::from(agents);
    let same = booking.agents.get(..wanted).map(<[AgentId]>::to_vec);
    let same = same.filter(|same| team.check(professional, same).is_ok());
    let agents_sent = same
        .or_else(|| team.proposal(agents))
        .ok_or(ProfessionalRefused::AgentsUnavailable)?;
    Ok(Repriced {
        terms: AgreedTerms {
            interval,
            agents,
            price,
        },
        agents: agents_sent,
        agenda,
    })
}

/// From one moment to another, as they were asked.
pub(crate) fn interval(start: Moment, end: Moment, zone: Zone) -> Result<Interval, Problem> {
    Interval::new(start.at(zone), end.at(zone))
        .map_err(|refused| Problem::new(422, "mission_dates_invalid", refused.to_string()))
}

/// The department of a postal code: the one of its largest town, or that of companies' own codes (CEDEX).
pub(crate) fn department_of(postal_code: &PostalCode) -> Result<Department, Problem> {
    understand(postal_code.as_str())
        .map(|place| place.department)
        .map_err(|refused| {
            Problem::new(422, "place_unknown", refused.to_string()).about("postal_code")
        })
}
