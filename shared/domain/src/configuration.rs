//! What the operator configures. A value holds from a day on and the one before it stays written:
//! what was ordered under it never changes.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::booking::Delays;
use crate::ids::AccountId;
use crate::money::{BasisPoints, Euros};
use crate::pricing::{CommissionTerms, HourRules, PricingTerms};
use crate::time::paris;

/// The highest commission that can be configured: a mistyped rate is caught.
const HIGHEST_RATE: BasisPoints = BasisPoints::constant(3_000);
/// The highest least commission, likewise.
const HIGHEST_MINIMUM: Euros = Euros::from_cents(10_000);
/// The highest CNAPS tax, likewise: the law never asked for more than 0.5 %.
const HIGHEST_TAX: BasisPoints = BasisPoints::constant(500);
/// The most days that can be made holidays with one value.
const MOST_ADDED_HOLIDAYS: usize = 20;

/// A value that holds from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated<T> {
    /// The first day, in Paris.
    pub from: Date,
    /// The value.
    pub value: T,
    /// Who decided.
    pub by: AccountId,
    /// When.
    pub decided_at: Timestamp,
    /// Who took it back before its day, and when: it never held.
    #[serde(default)]
    pub withdrawn: Option<Withdrawn>,
}

/// Who took a value back, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// How long people have, and when they are reminded: in hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// From a mission's end to its validation by the delay.
    pub validation: u16,
    /// From a mission's end to each reminder to validate it.
    pub validation_reminders: [u16; 2],
    /// From each reminder to answer to `respond_by`.
    pub answer_reminders: [u16; 2],
    /// From the reminder of a mission to its start.
    pub mission_reminder: u16,
    /// From the confirmation of a mission to the reminder to review it.
    pub review_reminder: u16,
}

impl Rhythm {
    /// As the delays say it.
    pub fn of(delays: &Delays) -> Self {
        let hours = |delay: SignedDuration| u16::try_from(delay.as_hours()).unwrap_or(u16::MAX);
        Self {
            validation: hours(delays.automatic_validation),
            validation_reminders: delays.validation_reminders.map(hours),
            answer_reminders: delays.answer_reminders.map(hours),
            mission_reminder: hours(delays.mission_reminder),
            review_reminder: hours(delays.review_reminder),
        }
    }

    /// Among the delays that cannot be configured.
    pub fn delays(self) -> Delays {
        let hours = |delay: u16| SignedDuration::from_hours(i64::from(delay));
        Delays {
            automatic_validation: hours(self.validation),
            validation_reminders: self.validation_reminders.map(hours),
            answer_reminders: self.answer_reminders.map(hours),
            mission_reminder: hours(self.mission_reminder),
            review_reminder: hours(self.review_reminder),
            ..Delays::default()
        }
    }

    /// Reminders come in their order and before what they remind of. Money that was debited 75 days
    /// ahead is still paid out within Stripe's 90 days.
    fn is_possible(self) -> bool {
        let whole = Delays::default();
        let [first, last] = self.validation_reminders;
        let [early, late] = self.answer_reminders;
        (24..=336).contains(&self.validation)
            && (1..last).contains(&first)
            && last < self.validation
            && (1..early).contains(&late)
            && i64::from(early) < whole.answer.as_hours()
            && (2..=168).contains(&self.mission_reminder)
            && (24..whole.review_window.as_hours()).contains(&i64::from(self.review_reminder))
    }
}

/// What can be configured, as the operator names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// The commission.
    Commission,
    /// Validation by the delay, and reminders.
    Rhythm,
    /// The CNAPS tax.
    CnapsTax,
    /// Nights and holidays.
    Hours,
}

/// Everything that is configured: every value that was ever planned, by first day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Configuration {
    /// The commission, of what is ordered from the day on.
    pub commission: Vec<Dated<CommissionTerms>>,
    /// Validation and reminders, of what is ordered from the day on.
    pub rhythm: Vec<Dated<Rhythm>>,
    /// The CNAPS tax, of missions that begin from the day on.
    pub cnaps_tax: Vec<Dated<BasisPoints>>,
    /// Nights and holidays, of what is ordered from the day on.
    pub hours: Vec<Dated<HourRules>>,
}

/// What holds at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InForce {
    /// What prices are made with.
    pub pricing: PricingTerms,
    /// The delays that a booking is ordered under.
    pub delays: Delays,
}

/// Why a value is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ConfigurationRefused {
    /// Today or before: what people see now does not change under their hands.
    #[error("Une valeur nouvelle s’applique au plus tôt demain.")]
    NotAhead,
    /// A value holds from that day already.
    #[error("Une valeur est déjà prévue à cette date : retirez-la d’abord.")]
    DayTaken,
    /// Out of bounds.
    #[error("La commission va de 0 à 30 %, avec un minimum de 0 à 100 €.")]
    OutOfBounds,
    /// A tax out of bounds.
    #[error("Le taux de la taxe va de 0 à 5 %.")]
    TaxOutOfBounds,
    /// Delays that contradict each other.
    #[error(
        "Ces délais ne vont pas ensemble : validation de 24 à 336 h, ses deux rappels avant elle et dans l’ordre ; rappels de réponse du plus tôt au plus tard, moins de 48 h avant l’échéance ; rappel de mission de 2 à 168 h ; rappel d’avis de 24 à 719 h."
    )]
    RhythmImpossible,
    /// Nights that are not nights, or holidays out of the mission's reach.
    #[error(
        "La nuit commence de 19 h à 23 h et finit de 4 h à 9 h. Ajoutez 20 jours fériés au plus, au format AAAA-MM-JJ."
    )]
    HoursImpossible,
    /// Nothing is planned on that day, or it holds already.
    #[error("Aucune valeur à venir n’est prévue à cette date.")]
    NotPlanned,
}

impl ConfigurationRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAhead => "value_not_ahead",
            Self::DayTaken => "value_day_taken",
            Self::OutOfBounds => "commission_out_of_bounds",
            Self::TaxOutOfBounds => "tax_out_of_bounds",
            Self::RhythmImpossible => "delays_impossible",
            Self::HoursImpossible => "hours_impossible",
            Self::NotPlanned => "value_not_planned",
        }
    }
}

/// The value that holds on a day: the one that began last, of those that were not taken back.
pub fn holding<T>(values: &[Dated<T>], on: Date) -> Option<&Dated<T>> {
    let begun = values.iter().filter(|dated| dated.from <= on);
    begun
        .filter(|dated| dated.withdrawn.is_none())
        .max_by_key(|dated| dated.from)
}

fn plan<T>(
    values: &mut Vec<Dated<T>>,
    value: T,
    from: Date,
    by: &AccountId,
    now: Timestamp,
) -> Result<(), ConfigurationRefused> {
    if from <= paris::local_date(now) {
        return Err(ConfigurationRefused::NotAhead);
    }
    if values
        .iter()
        .any(|dated| dated.from == from && dated.withdrawn.is_none())
    {
        return Err(ConfigurationRefused::DayTaken);
    }
    values.push(Dated {
        from,
        value,
        by: by.clone(),
        decided_at: now,
        withdrawn: None,
    });
    values.sort_by_key(|dated| (dated.from, dated.decided_at));
    Ok(())
}

fn withdraw<T>(
    values: &mut [Dated<T>],
    from: Date,
    by: &AccountId,
    now: Timestamp,
) -> Result<(), ConfigurationRefused> {
    let ahead = from > paris::local_date(now);
    let planned = values
        .iter_mut()
        .find(|dated| ahead && dated.from == from && dated.withdrawn.is_none());
    planned.ok_or(ConfigurationRefused::NotPlanned)?.withdrawn = Some(Withdrawn {
        by: by.clone(),
        at: now,
    });
    Ok(())
}

impl Configuration {
    /// The commission of what is priced at `now`.
    pub fn commission_at(&self, now: Timestamp) -> CommissionTerms {
        holding(&self.commission, paris::local_date(now))
            .map_or_else(CommissionTerms::default, |dated| dated.value)
    }

    /// What a mission that is priced or ordered at `now` gets.
    pub fn in_force_at(&self, now: Timestamp) -> InForce {
        let today = paris::local_date(now);
        let taxes = self.cnaps_tax.iter();
        let taxes = taxes.filter(|dated| dated.withdrawn.is_none());
        InForce {
            pricing: PricingTerms {
                commission: self.commission_at(now),
                hours: holding(&self.hours, today)
                    .map_or_else(HourRules::default, |dated| dated.value.clone()),
                cnaps_tax: taxes.map(|dated| (dated.from, dated.value)).collect(),
            },
            delays: holding(&self.rhythm, today)
                .map_or_else(Delays::default, |dated| dated.value.delays()),
        }
    }

    /// Plans a commission: share of the professional's total and least amount, both including VAT.
    pub fn plan_commission(
        &mut self,
        rate: BasisPoints,
        minimum: Euros,
        from: Date,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), ConfigurationRefused> {
        if rate > HIGHEST_RATE || !(Euros::ZERO..=HIGHEST_MINIMUM).contains(&minimum) {
            return Err(ConfigurationRefused::OutOfBounds);
        }
        let value = CommissionTerms {
            rate,
            minimum,
            ..CommissionTerms::default()
        };
        plan(&mut self.commission, value, from, by, now)
    }

    /// Plans the delay of validation and the times of reminders.
    pub fn plan_rhythm(
        &mut self,
        rhythm: Rhythm,
        from: Date,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), ConfigurationRefused> {
        if !rhythm.is_possible() {
            return Err(ConfigurationRefused::RhythmImpossible);
        }
        plan(&mut self.rhythm, rhythm, from, by, now)
    }

    /// Plans a rate of the CNAPS tax for missions that begin from a day on.
    pub fn plan_cnaps_tax(
        &mut self,
        rate: BasisPoints,
        from: Date,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), ConfigurationRefused> {
        if rate > HIGHEST_TAX {
            return Err(ConfigurationRefused::TaxOutOfBounds);
        }
        plan(&mut self.cnaps_tax, rate, from, by, now)
    }

    /// Plans what makes a night and a holiday.
    pub fn plan_hours(
        &mut self,
        hours: HourRules,
        from: Date,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), ConfigurationRefused> {
        if !hours.night.is_reasonable() || hours.added_holidays.len() > MOST_ADDED_HOLIDAYS {
            return Err(ConfigurationRefused::HoursImpossible);
        }
        plan(&mut self.hours, hours, from, by, now)
    }

    /// Takes a planned value back, before its day. It stays written.
    pub fn withdraw(
        &mut self,
        setting: Setting,
        from: Date,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), ConfigurationRefused> {
        match setting {
            Setting::Commission => withdraw(&mut self.commission, from, by, now),
            Setting::Rhythm => withdraw(&mut self.rhythm, from, by, now),
            Setting::CnapsTax => withdraw(&mut self.cnaps_tax, from, by, now),
            Setting::Hours => withdraw(&mut self.hours, from, by, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;
    use crate::pricing::{AddedHoliday, NightHours};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn operator() -> AccountId {
        AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB")
    }

    fn plan(
        configuration: &mut Configuration,
        points: u32,
        from: &str,
        now: &str,
    ) -> Result<(), ConfigurationRefused> {
        let rate = BasisPoints::new(points).unwrap();
        let minimum = Euros::from_cents(500);
        configuration.plan_commission(rate, minimum, day(from), &operator(), at(now))
    }

    #[test]
    fn a_value_holds_from_its_day_in_paris_and_until_the_next() {
        let mut configuration = Configuration::default();
        let now = "2026-11-23T10:00:00Z";
        plan(&mut configuration, 1_500, "2026-12-01", now).unwrap();
        plan(&mut configuration, 1_000, "2027-01-01", now).unwrap();
        for (now, points) in [
            ("2026-11-23T10:00:00Z", 1_200),
            ("2026-11-30T22:59:59Z", 1_200),
            ("2026-11-30T23:00:00Z", 1_500),
            ("2026-12-31T23:00:00Z", 1_000),
            ("2030-01-01T00:00:00Z", 1_000),
        ] {
            let rate = configuration.commission_at(at(now)).rate;
            assert_eq!(rate.points(), points, "{now}");
        }
    }

    #[test]
    fn nothing_changes_today_twice_or_beyond_reason() {
        let now = "2026-11-23T22:30:00Z";
        let mut configuration = Configuration::default();
        // Half past eleven in Paris: it is still the 23rd.
        assert_eq!(
            plan(&mut configuration, 1_000, "2026-11-23", now),
            Err(ConfigurationRefused::NotAhead)
        );
        assert_eq!(
            plan(&mut configuration, 3_001, "2026-11-24", now),
            Err(ConfigurationRefused::OutOfBounds)
        );
        plan(&mut configuration, 1_000, "2026-11-24", now).unwrap();
        assert_eq!(
            plan(&mut configuration, 1_100, "2026-11-24", now),
            Err(ConfigurationRefused::DayTaken)
        );
        let mut withdraw = |now: &str| {
            let from = day("2026-11-24");
            configuration.withdraw(Setting::Commission, from, &operator(), at(now))
        };
        assert_eq!(
            withdraw("2026-11-24T10:00:00Z"),
            Err(ConfigurationRefused::NotPlanned)
        );
        withdraw(now).unwrap();
        assert_eq!(withdraw(now), Err(ConfigurationRefused::NotPlanned));
        // It stays written, never holds, and leaves its day free.
        assert_eq!(configuration.commission.len(), 1);
        let later = at("2026-12-24T10:00:00Z");
        assert_eq!(configuration.in_force_at(later), InForce::default());
        plan(&mut configuration, 1_100, "2026-11-24", now).unwrap();
        assert_eq!(configuration.commission_at(later).rate.points(), 1_100);
    }

    #[test]
    fn delays_keep_their_order() {
        let usual = Rhythm::of(&Delays::default());
        assert_eq!(usual.delays(), Delays::default());
        let mut slow = usual;
        slow.validation = 120;
        slow.validation_reminders = [48, 96];
        let now = at("2026-11-23T10:00:00Z");
        let mut configuration = Configuration::default();
        configuration
            .plan_rhythm(slow, day("2026-11-24"), &operator(), now)
            .unwrap();
        let delays = configuration.in_force_at(at("2026-11-24T10:00:00Z")).delays;
        assert_eq!(delays.automatic_validation, SignedDuration::from_hours(120));
        assert_eq!(delays.answer, Delays::default().answer);
        let wrong: [fn(&mut Rhythm); 7] = [
            |one| one.validation = 23,
            |one| one.validation = 337,
            |one| one.validation_reminders = [48, 24],
            |one| one.validation_reminders = [24, 72],
            |one| one.answer_reminders = [48, 4],
            |one| one.answer_reminders = [4, 4],
            |one| one.review_reminder = 720,
        ];
        for (case, change) in wrong.into_iter().enumerate() {
            let mut rhythm = usual;
            change(&mut rhythm);
            let refused = configuration.plan_rhythm(rhythm, day("2026-12-24"), &operator(), now);
            assert_eq!(
                refused,
                Err(ConfigurationRefused::RhythmImpossible),
                "{case}"
            );
        }
    }

    #[test]
    fn taxes_follow_the_mission_and_hours_the_order() {
        let now = at("2026-11-23T10:00:00Z");
        let mut configuration = Configuration::default();
        let from = day("2027-01-01");
        let rate = BasisPoints::constant(40);
        configuration
            .plan_cnaps_tax(rate, from, &operator(), now)
            .unwrap();
        let hours = HourRules {
            night: NightHours { from: 22, until: 5 },
            local_holidays: false,
            added_holidays: vec![AddedHoliday::everywhere(day("2027-01-15"))],
        };
        configuration
            .plan_hours(hours.clone(), from, &operator(), now)
            .unwrap();
        let today = configuration.in_force_at(now).pricing;
        assert_eq!(today.cnaps_tax_rate(day("2026-12-31")), BasisPoints::ZERO);
        assert_eq!(today.cnaps_tax_rate(from), rate);
        assert_eq!(today.hours, HourRules::default());
        let then = configuration.in_force_at(at("2026-12-31T23:00:00Z"));
        assert_eq!(then.pricing.hours, hours);
        for night in [
            NightHours { from: 18, until: 6 },
            NightHours {
                from: 21,
                until: 10,
            },
            NightHours { from: 21, until: 1 },
        ] {
            let hours = HourRules {
                night,
                ..HourRules::default()
            };
            assert_eq!(
                configuration.plan_hours(hours, day("2027-02-01"), &operator(), now),
                Err(ConfigurationRefused::HoursImpossible)
            );
        }
    }
}
