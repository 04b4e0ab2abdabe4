//! What a professional sells: one activity, where, how soon and at what price.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{OfferId, ProfessionalId};
use crate::money::Euros;
use crate::places::Department;
use crate::pricing::HourlyRates;

/// The regulated activity (CSI, L611-1), which decides the titles needed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the French label of each says what it is")]
pub enum Activity {
    HumanSurveillance,
    EventSecurity,
    DogHandling,
    ElectronicSurveillance,
    VideoProtection,
    CashTransport,
    CloseProtection,
    ArmedSurveillance,
    AirportSecurity,
    PrivateInvestigation,
    FireSafety,
}

impl Activity {
    /// Every activity.
    pub const ALL: [Self; 11] = [
        Self::HumanSurveillance,
        Self::EventSecurity,
        Self::DogHandling,
        Self::ElectronicSurveillance,
        Self::VideoProtection,
        Self::CashTransport,
        Self::CloseProtection,
        Self::ArmedSurveillance,
        Self::AirportSecurity,
        Self::PrivateInvestigation,
        Self::FireSafety,
    ];

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::HumanSurveillance => "Surveillance humaine",
            Self::EventSecurity => "Sécurité événementielle",
            Self::DogHandling => "Agent cynophile",
            Self::ElectronicSurveillance => "Télésurveillance",
            Self::VideoProtection => "Vidéoprotection",
            Self::CashTransport => "Transport de fonds",
            Self::CloseProtection => "Protection rapprochée",
            Self::ArmedSurveillance => "Surveillance armée",
            Self::AirportSecurity => "Sûreté aéroportuaire",
            Self::PrivateInvestigation => "Recherches privées",
            Self::FireSafety => "Sécurité incendie (SSIAP)",
        }
    }

    /// The code used in keys and addresses, the same as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::HumanSurveillance => "human_surveillance",
            Self::EventSecurity => "event_security",
            Self::DogHandling => "dog_handling",
            Self::ElectronicSurveillance => "electronic_surveillance",
            Self::VideoProtection => "video_protection",
            Self::CashTransport => "cash_transport",
            Self::CloseProtection => "close_protection",
            Self::ArmedSurveillance => "armed_surveillance",
            Self::AirportSecurity => "airport_security",
            Self::PrivateInvestigation => "private_investigation",
            Self::FireSafety => "fire_safety",
        }
    }

    /// Activities that a company may not combine with any other (CSI, L612-2).
    pub fn is_exclusive(self) -> bool {
        matches!(
            self,
            Self::CloseProtection
                | Self::ArmedSurveillance
                | Self::AirportSecurity
                | Self::PrivateInvestigation
        )
    }
}

/// How much of the price comes back when the client cancels (applied with cancellations).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CancellationPolicy {
    /// All of it until 24 h before the start, half after.
    Flexible,
    /// All of it until 48 h before, half after.
    Moderate,
    /// Half of it until 7 days before, nothing after.
    Strict,
}

impl CancellationPolicy {
    /// What it gives back to a client who cancels. Service fees are given back in every case.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Flexible => {
                "Souple\u{a0}: prix remboursé en entier jusqu’à 24\u{a0}h avant le début, pour moitié ensuite. Les frais de service sont toujours remboursés."
            }
            Self::Moderate => {
                "Modérée\u{a0}: prix remboursé en entier jusqu’à 48\u{a0}h avant le début, pour moitié ensuite. Les frais de service sont toujours remboursés."
            }
            Self::Strict => {
                "Stricte\u{a0}: prix remboursé pour moitié jusqu’à 7\u{a0}jours avant le début, pas du tout ensuite. Les frais de service sont toujours remboursés."
            }
        }
    }
}

/// Whether an offer can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferStatus {
    /// Being written.
    Draft,
    /// Can be found and ordered.
    Published,
    /// To be published, once the operator decides: another offer of the activity is hidden.
    Held,
    /// Taken back by the professional.
    Withdrawn,
}

/// What the professional writes of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfferTerms {
    /// A short title.
    #[schemars(length(min = 5, max = 100))]
    pub title: String,
    /// The activity.
    pub activity: Activity,
    /// What is done and how (terms, article 2.2).
    #[schemars(length(min = 20, max = 3000))]
    pub description: String,
    /// Modes of intervention: static post, patrol, access control …
    #[schemars(length(min = 1, max = 10))]
    pub modalities: Vec<String>,
    /// Departments served.
    pub departments: BTreeSet<Department>,
    /// Shortest mission, whole hours. The trade's minimum is 4 (IDCC 1351, article 7.13).
    #[schemars(range(min = 1, max = 12))]
    pub minimum_hours: u16,
    /// Least notice, whole hours.
    #[schemars(range(min = 4, max = 720))]
    pub notice_hours: u16,
    /// Whether missions that start within 12 h are taken.
    #[serde(default)]
    pub takes_urgent: bool,
    /// Most agents in one mission.
    #[schemars(range(min = 1, max = 20))]
    pub maximum_agents: u16,
    /// Prices per agent and hour, excluding VAT.
    pub rates: HourlyRates,
    /// Flat travel cost per mission, excluding VAT, in cents.
    #[serde(default)]
    pub travel: Euros,
    /// What a cancellation costs the client.
    pub cancellation: CancellationPolicy,
}

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its identifier.
    pub id: OfferId,
    /// Whose.
    pub professional: ProfessionalId,
    /// What is offered.
    pub terms: OfferTerms,
    /// Whether it can be found.
    pub status: OfferStatus,
    /// When it was first published.
    pub published_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Why an offer cannot be written so, or a mission cannot be sold under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OfferRefused {
    /// Title too short or too long.
    #[error("Le titre doit compter de 5 à 100 caractères.")]
    Title,
    /// Description too short or too long.
    #[error("La description doit compter de 20 à 3 000 caractères.")]
    Description,
    /// No mode of intervention, too many, or one that is too long.
    #[error("Indiquez de 1 à 10 modalités d’intervention, de 60 caractères au plus.")]
    Modalities,
    /// No department, or too many.
    #[error("Indiquez de 1 à 20 départements d’intervention.")]
    Departments,
    /// Minimum hours outside 1 to 12.
    #[error("La durée minimale doit être comprise entre 1 et 12 heures.")]
    MinimumHours,
    /// Notice outside 4 h to 30 days.
    #[error("Le préavis doit être compris entre 4 heures et 30 jours.")]
    Notice,
    /// Agents outside 1 to 20.
    #[error("Le nombre d’agents doit être compris entre 1 et 20.")]
    Agents,
    /// Rates that make no sense.
    #[error(
        "Les tarifs horaires ne sont pas valides : de 1 € à 500 € le jour, et une majoration n’abaisse pas le tarif de jour."
    )]
    Rates,
    /// Travel outside 0 to 1 000 €.
    #[error("Les frais de déplacement doivent être compris entre 0 € et 1 000 €.")]
    Travel,
    /// An activity that must be exercised alone.
    #[error(
        "Cette activité ne peut pas être exercée avec une autre par la même entreprise (CSI, art. L612-2)."
    )]
    ExclusiveActivity,
    /// It waits for no decision.
    #[error("Cette offre n’attend pas de décision.")]
    NotHeld,
    /// The offer is not published.
    #[error("Cette offre n’est plus publiée.")]
    NotPublished,
    /// The department is not served.
    #[error("Ce professionnel n’intervient pas dans ce département.")]
    OutsideZone,
    /// Shorter than the minimum.
    #[error("La mission est plus courte que la durée minimale de cette offre.")]
    MissionTooShort,
    /// Longer than one agent may work (IDCC 1351, article 7.08).
    #[error(
        "Une mission ne peut pas dépasser 12 heures par agent : découpez-la en plusieurs réservations."
    )]
    MissionTooLong,
    /// More agents than offered.
    #[error("Ce professionnel ne met pas autant d’agents à disposition.")]
    TooManyAgents,
}

impl OfferRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Title => "offer_title_invalid",
            Self::Description => "offer_description_invalid",
            Self::Modalities => "offer_modalities_invalid",
            Self::Departments => "offer_departments_invalid",
            Self::MinimumHours => "offer_minimum_hours_invalid",
            Self::Notice => "offer_notice_invalid",
            Self::Agents => "offer_agents_invalid",
            Self::Rates => "offer_rates_invalid",
            Self::Travel => "offer_travel_invalid",
            Self::ExclusiveActivity => "offer_activity_exclusive",
            Self::NotHeld => "offer_not_held",
            Self::NotPublished => "offer_not_published",
            Self::OutsideZone => "mission_outside_zone",
            Self::MissionTooShort => "mission_too_short",
            Self::MissionTooLong => "mission_too_long",
            Self::TooManyAgents => "mission_too_many_agents",
        }
    }
}

/// The longest mission, in minutes: 12 h of work for each agent (IDCC 1351, article 7.08).
pub const LONGEST_MISSION_MINUTES: i64 = 12 * 60;

impl OfferTerms {
    /// Checks everything that a professional writes of an offer.
    pub fn check(&self) -> Result<(), OfferRefused> {
        let length = |text: &str| text.trim().chars().count();
        if !(5..=100).contains(&length(&self.title)) {
            return Err(OfferRefused::Title);
        }
        if !(20..=3000).contains(&length(&self.description)) {
            return Err(OfferRefused::Description);
        }
        let modality_ok = |text: &String| (2..=60).contains(&length(text));
        if !(1..=10).contains(&self.modalities.len()) || !self.modalities.iter().all(modality_ok) {
            return Err(OfferRefused::Modalities);
        }
        if !(1..=20).contains(&self.departments.len()) {
            return Err(OfferRefused::Departments);
        }
        if !(1..=12).contains(&self.minimum_hours) {
            return Err(OfferRefused::MinimumHours);
        }
        if !(4..=720).contains(&self.notice_hours) {
            return Err(OfferRefused::Notice);
        }
        if !(1..=20).contains(&self.maximum_agents) {
            return Err(OfferRefused::Agents);
        }
        if self.rates.validate().is_err() {
            return Err(OfferRefused::Rates);
        }
        if !(0..=100_000).contains(&self.travel.cents()) {
            return Err(OfferRefused::Travel);
        }
        Ok(())
    }

    /// Checks that the offer covers a mission of `minutes` for `agents` in `department`.
    pub fn covers(
        &self,
        minutes: i64,
        agents: u16,
        department: &Department,
    ) -> Result<(), OfferRefused> {
        if !self.departments.contains(department) {
            return Err(OfferRefused::OutsideZone);
        }
        check_size(self.minimum_hours, self.maximum_agents, minutes, agents)
    }
}

/// Checks that a mission of `minutes` for `agents` is neither too short, too long nor too large.
pub fn check_size(
    minimum_hours: u16,
    maximum_agents: u16,
    minutes: i64,
    agents: u16,
) -> Result<(), OfferRefused> {
    if minutes < i64::from(minimum_hours) * 60 {
        return Err(OfferRefused::MissionTooShort);
    }
    if minutes > LONGEST_MISSION_MINUTES {
        return Err(OfferRefused::MissionTooLong);
    }
    if agents == 0 || agents > maximum_agents {
        return Err(OfferRefused::TooManyAgents);
    }
    Ok(())
}

/// What a basic agent costs an employer by the hour, a guard union's figure of the end of 2023: a lower
/// price hardly pays for declared work.
pub const REFERENCE_HOURLY_COST: Euros = Euros::from_cents(2_067);
/// The trade's shortest shift, in hours (IDCC 1351, article 7.13).
pub const SHORTEST_SHIFT_HOURS: u16 = 4;

/// Something that is allowed and that its author should think about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferWarning {
    /// A day rate below what an agent costs.
    LowPrice,
    /// A minimum below the trade's shortest shift.
    ShortMinimum,
    /// A holiday rate below the Sunday rate.
    HolidayBelowSunday,
    /// Payouts are not set up: the offer is seen and cannot be booked.
    NotPayable,
}

impl OfferWarning {
    /// What its author is told.
    pub fn label(self) -> &'static str {
        match self {
            Self::LowPrice => {
                "Votre tarif de jour est inférieur au coût de revient moyen d’un agent (20,67 € de l’heure fin 2023)."
            }
            Self::ShortMinimum => {
                "Votre durée minimale est inférieure à la vacation minimale de 4 heures de la branche (IDCC 1351, art. 7.13)."
            }
            Self::HolidayBelowSunday => {
                "Votre tarif de jour férié est inférieur à celui du dimanche : un jour férié qui tombe un dimanche coûtera moins qu’un dimanche ordinaire."
            }
            Self::NotPayable => {
                "Activez vos versements : d’ici là, vos offres sont visibles mais ne peuvent pas être réservées."
            }
        }
    }
}

impl OfferTerms {
    /// Whether the public would read the same of both: the activity and every text.
    fn reads_like(&self, other: &Self) -> bool {
        let read = |terms: &Self| {
            let Self {
                title,
                activity,
                description,
                modalities,
                ..
            } = terms;
            (
                title.clone(),
                *activity,
                description.clone(),
                modalities.clone(),
            )
        };
        read(self) == read(other)
    }

    /// What is allowed and should be thought about.
    pub fn warnings(&self) -> Vec<OfferWarning> {
        let low_price = self.rates.day < REFERENCE_HOURLY_COST;
        let short = self.minimum_hours < SHORTEST_SHIFT_HOURS;
        let cheap_holiday = self.rates.holiday < self.rates.sunday;
        let all = [
            (low_price, OfferWarning::LowPrice),
            (short, OfferWarning::ShortMinimum),
            (cheap_holiday, OfferWarning::HolidayBelowSunday),
        ];
        all.into_iter()
            .filter_map(|(applies, warning)| applies.then_some(warning))
            .collect()
    }
}

impl Offer {
    /// A new offer, that nobody finds yet.
    pub fn draft(
        id: OfferId,
        professional: ProfessionalId,
        terms: OfferTerms,
        now: Timestamp,
    ) -> Result<Self, OfferRefused> {
        terms.check()?;
        Ok(Self {
            id,
            professional,
            terms,
            status: OfferStatus::Draft,
            published_at: None,
            updated_at: now,
        })
    }

    /// Writes other terms; `published` are the activities of the other published offers, `hidden` those of
    /// the offers that the operator hides: what would be read under one of them waits for a decision.
    pub fn rewrite(
        &mut self,
        terms: OfferTerms,
        published: impl IntoIterator<Item = Activity>,
        hidden: &[Activity],
        now: Timestamp,
    ) -> Result<(), OfferRefused> {
        terms.check()?;
        match self.status {
            OfferStatus::Published | OfferStatus::Held => {
                check_exclusivity(terms.activity, published)?;
                let same_text = terms.reads_like(&self.terms);
                if self.status == OfferStatus::Published
                    && hidden.contains(&terms.activity)
                    && !same_text
                {
                    self.status = OfferStatus::Held;
                }
            }
            OfferStatus::Draft | OfferStatus::Withdrawn => {}
        }
        self.terms = terms;
        self.updated_at = now;
        Ok(())
    }

    /// Makes it found, or has it wait for the operator's decision while one of the same activity is hidden:
    /// what was taken off does not come back as a copy.
    pub fn ask_to_publish(
        &mut self,
        published: impl IntoIterator<Item = Activity>,
        hidden: &[Activity],
        now: Timestamp,
    ) -> Result<(), OfferRefused> {
        self.publish(published, now)?;
        if hidden.contains(&self.terms.activity) {
            self.status = OfferStatus::Held;
        }
        Ok(())
    }

    /// Makes it found; `published` are the activities of the other published offers.
    pub fn publish(
        &mut self,
        published: impl IntoIterator<Item = Activity>,
        now: Timestamp,
    ) -> Result<(), OfferRefused> {
        self.terms.check()?;
        check_exclusivity(self.terms.activity, published)?;
        self.status = OfferStatus::Published;
        self.published_at.get_or_insert(now);
        self.updated_at = now;
        Ok(())
    }

    /// Takes it back: it is not found any more, bookings made stay.
    pub fn withdraw(&mut self, now: Timestamp) -> Result<(), OfferRefused> {
        match self.status {
            OfferStatus::Published | OfferStatus::Held => {}
            OfferStatus::Draft | OfferStatus::Withdrawn => return Err(OfferRefused::NotPublished),
        }
        self.status = OfferStatus::Withdrawn;
        self.updated_at = now;
        Ok(())
    }
}

/// Checks that `wanted` may be sold beside `others` by one company (CSI, L612-2).
pub fn check_exclusivity(
    wanted: Activity,
    others: impl IntoIterator<Item = Activity>,
) -> Result<(), OfferRefused> {
    let clash =
        |other: Activity| other != wanted && (other.is_exclusive() || wanted.is_exclusive());
    if others.into_iter().any(clash) {
        Err(OfferRefused::ExclusiveActivity)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    fn now() -> Timestamp {
        "2026-09-01T10:00:00Z".parse().unwrap()
    }

    fn terms(activity: Activity) -> OfferTerms {
        OfferTerms {
            title: "Agent de surveillance".to_owned(),
            activity,
            description: "Surveillance de chantiers et de magasins.".to_owned(),
            modalities: vec!["Poste fixe".to_owned()],
            departments: BTreeSet::from([Department::parse("69").unwrap()]),
            minimum_hours: 4,
            notice_hours: 24,
            takes_urgent: false,
            maximum_agents: 2,
            rates: HourlyRates::with_default_surcharges(Euros::from_cents(2_800)).unwrap(),
            travel: Euros::ZERO,
            cancellation: CancellationPolicy::Flexible,
        }
    }

    fn draft(activity: Activity) -> Offer {
        let ulid = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";
        Offer::draft(
            OfferId::from_ulid(ulid),
            ProfessionalId::from_ulid(ulid),
            terms(activity),
            now(),
        )
        .unwrap()
    }

    #[test]
    fn a_holiday_that_costs_less_than_a_sunday_is_a_warning() {
        let mut terms = terms(Activity::HumanSurveillance);
        terms.rates.holiday = terms.rates.sunday;
        assert_eq!(terms.warnings(), []);
        terms.rates.sunday = Euros::from_cents(terms.rates.holiday.cents() + 1);
        assert_eq!(terms.warnings(), [OfferWarning::HolidayBelowSunday]);
    }

    #[test]
    fn a_low_price_and_a_short_minimum_are_warnings() {
        let mut terms = terms(Activity::HumanSurveillance);
        assert_eq!(terms.warnings(), []);
        terms.rates.day = Euros::from_cents(1_200);
        terms.minimum_hours = 2;
        assert_eq!(terms.check(), Ok(()));
        assert_eq!(
            terms.warnings(),
            [OfferWarning::LowPrice, OfferWarning::ShortMinimum]
        );
    }

    #[test]
    fn an_exclusive_activity_is_not_published_beside_another() {
        let beside = [Activity::HumanSurveillance];
        let mut offer = draft(Activity::CloseProtection);
        assert_eq!(
            offer.publish(beside, now()),
            Err(OfferRefused::ExclusiveActivity)
        );
        assert_eq!(offer.publish([], now()), Ok(()));
        assert_eq!(
            offer.rewrite(terms(Activity::CloseProtection), beside, &[], now()),
            Err(OfferRefused::ExclusiveActivity)
        );
    }

    #[test]
    fn what_the_operator_hid_does_not_come_back_as_a_copy() {
        let hidden = [Activity::HumanSurveillance];
        let mut copy = draft(Activity::HumanSurveillance);
        copy.ask_to_publish([], &hidden, now()).unwrap();
        assert_eq!(copy.status, OfferStatus::Held);
        copy.publish([], now()).unwrap();
        assert_eq!(copy.status, OfferStatus::Published, "the operator decided");

        // A published one is not turned into the hidden one; another price is no other text.
        let mut terms = terms(Activity::HumanSurveillance);
        terms.rates.day = Euros::from_cents(3_000);
        copy.rewrite(terms.clone(), [], &hidden, now()).unwrap();
        assert_eq!(copy.status, OfferStatus::Published);
        terms.title = "Gardiennage de chantier".to_owned();
        copy.rewrite(terms.clone(), [], &hidden, now()).unwrap();
        assert_eq!(copy.status, OfferStatus::Held);

        let mut other = draft(Activity::DogHandling);
        other.ask_to_publish([], &hidden, now()).unwrap();
        assert_eq!(other.status, OfferStatus::Published);
        other.rewrite(terms, [], &hidden, now()).unwrap();
        assert_eq!(other.status, OfferStatus::Held);
        other.withdraw(now()).unwrap();
        assert_eq!(other.status, OfferStatus::Withdrawn);
    }

    #[test]
    fn an_offer_keeps_the_day_of_its_first_publication() {
        let later = "2026-10-01T10:00:00Z".parse().unwrap();
        let mut offer = draft(Activity::EventSecurity);
        assert_eq!(offer.withdraw(now()), Err(OfferRefused::NotPublished));
        offer.publish([], now()).unwrap();
        offer.withdraw(later).unwrap();
        assert_eq!(offer.status, OfferStatus::Withdrawn);
        offer.publish([], later).unwrap();
        assert_eq!(offer.published_at, Some(now()));
    }
}
