//! What a mission costs: each minute at its rate, VAT on the total, the platform's commission on top.
//!
//! Prices are computed here and nowhere else. Amounts are cents, rates are per agent and hour.

use jiff::civil::{Date, Time, Weekday, date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::money::{BasisPoints, Euros, MoneyRefused};
use crate::places::Department;
use crate::time::holidays::{is_public_holiday, is_public_holiday_in};
use crate::time::interval::Interval;
use crate::time::zone::Zone;

/// Why a price cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PricingRefused {
    /// The day rate is outside 1 € to 500 €.
    #[error("Le tarif horaire de jour doit être compris entre 1 € et 500 € hors taxes.")]
    DayRate,
    /// A night, Sunday or holiday rate below the day rate.
    #[error(
        "Un tarif de nuit, de dimanche ou de jour férié ne peut pas être inférieur au tarif de jour."
    )]
    BelowDayRate,
    /// A night, Sunday or holiday rate above 1 500 €.
    #[error(
        "Un tarif de nuit, de dimanche ou de jour férié ne peut pas dépasser 1 500 € hors taxes."
    )]
    AboveHighestRate,
    /// No agent.
    #[error("Une mission demande au moins un agent.")]
    NoAgent,
    /// A start or an end between two minutes.
    #[error("Une mission commence et finit à une minute entière.")]
    NotWholeMinutes,
    /// Negative travel costs or commission.
    #[error("Un montant ne peut pas être négatif.")]
    Negative,
    /// A total that was named freely, outside what an agent's hour may cost.
    #[error(
        "Le total doit correspondre à un tarif de 1 € à 1 500 € hors taxes par agent et par heure."
    )]
    FlatPrice,
    /// An amount that does not fit.
    #[error("Le prix de cette mission est trop élevé.")]
    TooLarge,
}

impl PricingRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::DayRate => "day_rate_out_of_range",
            Self::BelowDayRate => "rate_below_day_rate",
            Self::AboveHighestRate => "rate_above_maximum",
            Self::NoAgent => "mission_without_agent",
            Self::NotWholeMinutes => "mission_not_whole_minutes",
            Self::Negative => "amount_negative",
            Self::FlatPrice => "flat_price_out_of_range",
            Self::TooLarge => "price_too_large",
        }
    }
}

impl From<MoneyRefused> for PricingRefused {
    fn from(_: MoneyRefused) -> Self {
        Self::TooLarge
    }
}

/// What sort of hour a minute belongs to, by the clocks of its place. Nights last from 21:00 to 06:00 (IDCC 1351)
/// unless configured otherwise; a public holiday takes the place of a Sunday.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum HourClass {
    /// A weekday outside the night.
    Day,
    /// A weekday's night.
    Night,
    /// A Sunday outside the night.
    Sunday,
    /// A Sunday's night.
    SundayNight,
    /// A public holiday outside the night.
    Holiday,
    /// A public holiday's night.
    HolidayNight,
}

impl HourClass {
    /// Every class, in the order of a quote's lines.
    pub const ALL: [Self; 6] = [
        Self::Day,
        Self::Night,
        Self::Sunday,
        Self::SundayNight,
        Self::Holiday,
        Self::HolidayNight,
    ];

    /// The name that people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "Jour",
            Self::Night => "Nuit",
            Self::Sunday => "Dimanche",
            Self::SundayNight => "Nuit du dimanche",
            Self::Holiday => "Jour férié",
            Self::HolidayNight => "Nuit de jour férié",
        }
    }

    /// The same, with the hours of a night.
    pub fn label(self, night: NightHours) -> String {
        let words = self.name();
        match self {
            Self::Day | Self::Sunday | Self::Holiday => words.to_owned(),
            Self::Night | Self::SundayNight | Self::HolidayNight => {
                format!("{words} ({}\u{a0}h – {}\u{a0}h)", night.from, night.until)
            }
        }
    }
}

/// A professional's prices per agent and hour, excluding VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct HourlyRates {
    /// Weekdays outside the night, in cents.
    pub day: Euros,
    /// Nights, in cents.
    pub night: Euros,
    /// Sundays, in cents.
    pub sunday: Euros,
    /// Public holidays, in cents.
    pub holiday: Euros,
}

/// The lowest day rate: 1 €.
pub const LOWEST_DAY_RATE: Euros = Euros::from_cents(100);
/// The highest day rate: 500 €.
pub const HIGHEST_DAY_RATE: Euros = Euros::from_cents(50_000);
/// The highest night, Sunday or holiday rate: 1 500 €.
pub const HIGHEST_RATE: Euros = Euros::from_cents(150_000);

impl HourlyRates {
    /// Rates with the trade's usual surcharges: night +10 %, Sunday +10 %, public holidays +100 %
    /// (IDCC 1351).
    pub fn with_default_surcharges(day: Euros) -> Result<Self, PricingRefused> {
        let plus = |surcharge: u32| {
            let added = day.percent_of(BasisPoints::new(surcharge)?);
            day.checked_add(added).ok_or(PricingRefused::TooLarge)
        };
        let rates = Self {
            day,
            night: plus(1_000)?,
            sunday: plus(1_000)?,
            holiday: plus(10_000)?,
        };
        rates.validate()?;
        Ok(rates)
    }

    /// Checks that the day rate is between 1 € and 500 €, and that the others lie between it and 1 500 €.
    pub fn validate(&self) -> Result<(), PricingRefused> {
        if !(LOWEST_DAY_RATE..=HIGHEST_DAY_RATE).contains(&self.day) {
            return Err(PricingRefused::DayRate);
        }
        let others = [self.night, self.sunday, self.holiday];
        if others.iter().any(|rate| *rate < self.day) {
            return Err(PricingRefused::BelowDayRate);
        }
        if others.iter().any(|rate| *rate > HIGHEST_RATE) {
            return Err(PricingRefused::AboveHighestRate);
        }
        Ok(())
    }

    /// The rate of one class of hours. Night and Sunday surcharges add up; a holiday's night costs the
    /// higher of the holiday and the night rate. Refused when it does not fit, which valid rates do.
    pub fn rate(&self, class: HourClass) -> Result<Euros, PricingRefused> {
        let rate = match class {
            HourClass::Day => Some(self.day),
            HourClass::Night => Some(self.night),
            HourClass::Sunday => Some(self.sunday),
            HourClass::SundayNight => self
                .night
                .checked_sub(self.day)
                .and_then(|surcharge| self.sunday.checked_add(surcharge)),
            HourClass::Holiday => Some(self.holiday),
            HourClass::HolidayNight => Some(self.holiday.max(self.night)),
        };
        rate.ok_or(PricingRefused::TooLarge)
    }
}

/// Whether a professional charges VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VatStatus {
    /// Charges VAT.
    Registered,
    /// Below the threshold: charges none (CGI, article 293 B).
    Franchise,
}

impl VatStatus {
    /// The rate where the mission takes place: 20 %; 8.5 % in Guadeloupe, Martinique and Réunion
    /// (CGI, article 296); none in Guyane and Mayotte (article 294) nor in the overseas collectivities,
    /// where French VAT does not apply.
    pub fn rate(self, department: &Department) -> BasisPoints {
        match (self, department.code()) {
            (Self::Franchise, _) => BasisPoints::ZERO,
            (Self::Registered, "971" | "972" | "974") => BasisPoints::constant(850),
            (Self::Registered, code) if code.len() == 3 => BasisPoints::ZERO,
            (Self::Registered, _) => BasisPoints::constant(2_000),
        }
    }

    /// What invoices must say when no VAT is charged.
    pub fn mention(self) -> Option<&'static str> {
        match self {
            Self::Registered => None,
            Self::Franchise => Some("TVA non applicable, art. 293 B du CGI"),
        }
    }
}

/// What an hour of an agent costs in one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HourPrice {
    /// Which hours.
    pub class: HourClass,
    /// Excluding VAT, in cents.
    pub excluding_tax: Euros,
    /// Including VAT, in cents: the same where none is charged.
    pub including_tax: Euros,
}

/// What hours cost where one rate of VAT is charged, as consumers are told (C. conso., L112-1): VAT
/// included, service fees aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HourlyPrices {
    /// The rate.
    pub vat_rate: BasisPoints,
    /// The departments served where it is charged.
    pub departments: Vec<Department>,
    /// Every class of hours: rates add up as in a quote.
    pub hours: Vec<HourPrice>,
    /// The flat travel cost, including VAT, in cents.
    pub travel: Euros,
}

/// What hours cost in the departments served: together where the rate of VAT is the same, in the order in
/// which departments are served.
///
/// Refused when an amount does not fit, which valid rates do.
pub fn hourly_prices(
    rates: &HourlyRates,
    travel: Euros,
    vat: VatStatus,
    departments: &[Department],
) -> Result<Vec<HourlyPrices>, PricingRefused> {
    let mut prices: Vec<HourlyPrices> = Vec::new();
    for department in departments {
        let vat_rate = vat.rate(department);
        if let Some(same) = prices.iter_mut().find(|one| one.vat_rate == vat_rate) {
            same.departments.push(*department);
            continue;
        }
        let with_tax = |amount: Euros| Euros::try_sum([amount, amount.percent_of(vat_rate)]);
        let price = |class| {
            let excluding_tax = rates.rate(class)?;
            Ok(HourPrice {
                class,
                excluding_tax,
                including_tax: with_tax(excluding_tax)?,
            })
        };
        let hours: Result<_, PricingRefused> = HourClass::ALL.into_iter().map(price).collect();
        prices.push(HourlyPrices {
            vat_rate,
            departments: vec![*department],
            hours: hours?,
            travel: with_tax(travel)?,
        });
    }
    Ok(prices)
}

/// When nights begin and end, and which days are holidays beyond those of the law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HourRules {
    /// Nights.
    pub night: NightHours,
    /// Whether the holidays of some departments alone count there: two in Alsace and Moselle, one
    /// in each overseas department.
    pub local_holidays: bool,
    /// Days that are paid as holidays too, such as a day of national mourning.
    pub added_holidays: Vec<AddedHoliday>,
}

/// A day that the operator made a holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "StoredHoliday")]
pub struct AddedHoliday {
    /// The day, by the clocks of the mission's place.
    pub day: Date,
    /// Where it is one; everywhere when none is named.
    pub departments: Vec<Department>,
}

/// A day alone, as it was written before holidays could be limited to departments.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "AddedHoliday")]
enum StoredHoliday {
    Everywhere(Date),
    Limited {
        day: Date,
        #[serde(default)]
        departments: Vec<Department>,
    },
}

impl From<StoredHoliday> for AddedHoliday {
    fn from(stored: StoredHoliday) -> Self {
        match stored {
            StoredHoliday::Everywhere(day) => Self::everywhere(day),
            StoredHoliday::Limited { day, departments } => Self { day, departments },
        }
    }
}

impl AddedHoliday {
    /// A holiday in the whole country.
    pub fn everywhere(day: Date) -> Self {
        Self {
            day,
            departments: Vec::new(),
        }
    }

    fn is_one(&self, day: Date, department: &Department) -> bool {
        self.day == day && (self.departments.is_empty() || self.departments.contains(department))
    }
}

/// Nights from 21:00 to 06:00 (IDCC 1351), the law's holidays.
impl Default for HourRules {
    fn default() -> Self {
        Self {
            night: NightHours::default(),
            local_holidays: true,
            added_holidays: Vec::new(),
        }
    }
}

impl HourRules {
    fn is_holiday(&self, day: Date, department: &Department) -> bool {
        let is_added = |added: &AddedHoliday| added.is_one(day, department);
        self.added_holidays.iter().any(is_added)
            || if self.local_holidays {
                is_public_holiday_in(day, department)
            } else {
                is_public_holiday(day)
            }
    }
}

/// The hours of a night, by the clocks of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NightHours {
    /// The hour at which it begins.
    #[schemars(range(min = 19, max = 23))]
    pub from: i8,
    /// The hour at which it ends. Clocks change before it does.
    #[schemars(range(min = 4, max = 9))]
    pub until: i8,
}

impl NightHours {
    /// Nights that contain the hour at which clocks change, and no more of the day than customary.
    pub fn is_reasonable(self) -> bool {
        (19..=23).contains(&self.from) && (4..=9).contains(&self.until)
    }
}

impl Default for NightHours {
    fn default() -> Self {
        Self { from: 21, until: 6 }
    }
}

/// Everything that a price is made with, beside the professional's own rates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PricingTerms {
    /// The commission.
    pub commission: CommissionTerms,
    /// What makes a night and a holiday.
    pub hours: HourRules,
    /// Rates of the CNAPS tax by first day of the mission, where the operator set any.
    pub cnaps_tax: Vec<(Date, BasisPoints)>,
}

impl PricingTerms {
    /// The rate of the contribution on private security on the day of a mission: nothing since the
    /// law abolished it (1 January 2020, law 2018-1317, article 26), unless the operator set a rate.
    pub fn cnaps_tax_rate(&self, on: Date) -> BasisPoints {
        let set = self.cnaps_tax.iter().filter(|(since, _)| on >= *since);
        set.max_by_key(|(since, _)| *since)
            .map_or_else(|| legal_cnaps_tax_rate(on), |(_, rate)| *rate)
    }
}

impl From<CommissionTerms> for PricingTerms {
    fn from(commission: CommissionTerms) -> Self {
        Self {
            commission,
            ..Self::default()
        }
    }
}

/// The rate in the law (CGI, former article 1609 quintricies).
fn legal_cnaps_tax_rate(on: Date) -> BasisPoints {
    const RATES: [(Date, BasisPoints); 4] = [
        (date(2020, 1, 1), BasisPoints::ZERO),
        (date(2016, 1, 1), BasisPoints::constant(40)),
        (date(2015, 1, 1), BasisPoints::constant(45)),
        (date(2012, 1, 1), BasisPoints::constant(50)),
    ];
    RATES
        .iter()
        .find(|(since, _)| on >= *since)
        .map_or(BasisPoints::ZERO, |(_, rate)| *rate)
}

/// What the platform charges the client on top of the professional's price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommissionTerms {
    /// Share of the professional's total, both including VAT.
    pub rate: BasisPoints,
    /// The least, including VAT, in cents.
    pub minimum: Euros,
    /// The VAT within it.
    pub vat: BasisPoints,
}

/// 12 % including VAT, 5 € at least, VAT 20 %.
impl Default for CommissionTerms {
    fn default() -> Self {
        Self {
            rate: BasisPoints::constant(1_200),
            minimum: Euros::from_cents(500),
            vat: BasisPoints::constant(2_000),
        }
    }
}

/// What is to be priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mission {
    /// Start and end, at whole minutes.
    pub interval: Interval,
    /// How many agents, all of them from start to end.
    pub agents: u16,
    /// Where: decides VAT, public holidays and what clocks show.
    pub department: Department,
}

impl Mission {
    /// The zone whose clocks say what is night, Sunday and holiday.
    pub fn zone(&self) -> Zone {
        Zone::of(&self.department)
    }
}

/// The hours of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PriceLine {
    /// Which hours.
    pub class: HourClass,
    /// Minutes of each agent.
    pub minutes: i64,
    /// Agents.
    pub agents: u16,
    /// Per agent and hour, excluding VAT, in cents.
    pub hourly_rate: Euros,
    /// Excluding VAT, in cents.
    pub amount: Euros,
}

/// A price in full, as frozen with a booking. Amounts are cents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PriceBreakdown {
    /// One line for each class of hours that the mission has; none for a price that was named freely.
    pub lines: Vec<PriceLine>,
    /// What was named freely for the whole mission in a quote, excluding VAT: in place of lines and travel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flat: Option<Euros>,
    /// The nights that the lines were counted with.
    #[serde(default)]
    pub night: NightHours,
    /// Flat travel cost, excluding VAT.
    pub travel: Euros,
    /// Lines and travel, excluding VAT.
    pub subtotal_excluding_tax: Euros,
    /// The former CNAPS tax: nothing since 2020.
    pub cnaps_tax_rate: BasisPoints,
    /// Its amount, itself subject to VAT.
    pub cnaps_tax: Euros,
    /// The professional's VAT rate.
    pub vat_rate: BasisPoints,
    /// VAT on subtotal and tax.
    pub vat: Euros,
    /// What the professional invoices, including VAT.
    pub professional_total: Euros,
    /// The commission, excluding VAT.
    pub commission_excluding_tax: Euros,
    /// VAT within the commission.
    pub commission_vat: Euros,
    /// The commission, including VAT.
    pub commission: Euros,
    /// What the client pays.
    pub total: Euros,
}

impl PricingTerms {
    /// The line on the CNAPS tax where no mission is priced yet (terms, article 2.2).
    pub fn cnaps_tax_notice(&self, on: Date) -> String {
        match self.cnaps_tax_rate(on) {
            BasisPoints::ZERO => {
                let nothing = Euros::ZERO;
                format!("Taxe CNAPS\u{a0}: {nothing} (contribution supprimée au 1er janvier 2020).")
            }
            rate => format!("Taxe CNAPS\u{a0}: {rate} du prix hors taxes, en sus."),
        }
    }
}

impl PriceBreakdown {
    /// What one agent costs the client in one hour of the mission, everything included: to compare.
    pub fn hourly(&self, mission: &Mission) -> Option<Euros> {
        let minutes = mission
            .interval
            .minutes()
            .checked_mul(i64::from(mission.agents))?;
        self.total.times_ratio(60, minutes)
    }

    /// The line on the CNAPS tax, which must be there even while it is nothing (terms, article 2.2).
    pub fn cnaps_tax_sentence(&self) -> String {
        let why = if self.cnaps_tax_rate == BasisPoints::ZERO {
            "contribution supprimée au 1er janvier 2020".to_owned()
        } else {
            format!("{} du prix hors taxes", self.cnaps_tax_rate)
        };
        format!("Taxe CNAPS\u{a0}: {} ({why}).", self.cnaps_tax)
    }
}

/// Prices a mission (terms, article 14): each class of hours to the minute and rounded to the cent, VAT
/// on their sum, and the commission added to the professional's total.
pub fn price(
    mission: &Mission,
    rates: &HourlyRates,
    travel: Euros,
    vat: VatStatus,
    terms: &PricingTerms,
) -> Result<PriceBreakdown, PricingRefused> {
    rates.validate()?;
    if travel < Euros::ZERO {
        return Err(PricingRefused::Negative);
    }
    let lines = lines(mission, rates, &terms.hours)?;
    let subtotal = Euros::try_sum(lines.iter().map(|line| line.amount).chain([travel]))?;
    let amounts = Amounts {
        lines,
        flat: None,
        travel,
        subtotal,
    };
    with_taxes_and_fees(mission, amounts, vat, terms)
}

/// Prices a mission for which a total excluding VAT was named freely, in a quote: VAT, tax and commission
/// are those of any price.
///
/// # Errors
/// When the total is outside what an agent's hour may cost, or something does not fit.
pub fn price_of_flat(
    mission: &Mission,
    flat: Euros,
    vat: VatStatus,
    terms: &PricingTerms,
) -> Result<PriceBreakdown, PricingRefused> {
    check_minutes(mission)?;
    let agent_minutes = (mission.interval.minutes()).checked_mul(i64::from(mission.agents));
    let bound = |hourly: Euros| {
        let bound = agent_minutes.and_then(|minutes| hourly.times_ratio(minutes, 60));
        bound.ok_or(PricingRefused::TooLarge)
    };
    if flat < bound(LOWEST_DAY_RATE)? || flat > bound(HIGHEST_RATE)? {
        return Err(PricingRefused::FlatPrice);
    }
    let amounts = Amounts {
        lines: Vec::new(),
        flat: Some(flat),
        travel: Euros::ZERO,
        subtotal: flat,
    };
    with_taxes_and_fees(mission, amounts, vat, terms)
}

/// What a professional asks, excluding VAT.
struct Amounts {
    lines: Vec<PriceLine>,
    flat: Option<Euros>,
    travel: Euros,
    subtotal: Euros,
}

/// VAT on what a professional asks, and the commission on top.
fn with_taxes_and_fees(
    mission: &Mission,
    asked: Amounts,
    vat: VatStatus,
    terms: &PricingTerms,
) -> Result<PriceBreakdown, PricingRefused> {
    let commission = &terms.commission;
    if commission.minimum < Euros::ZERO {
        return Err(PricingRefused::Negative);
    }
    let cnaps_tax_rate = terms.cnaps_tax_rate(mission.zone().local_date(mission.interval.start()));
    let cnaps_tax = asked.subtotal.percent_of(cnaps_tax_rate);
    let taxable = Euros::try_sum([asked.subtotal, cnaps_tax])?;
    let vat_rate = vat.rate(&mission.department);
    let vat = taxable.percent_of(vat_rate);
    let professional_total = Euros::try_sum([taxable, vat])?;
    let fee = professional_total
        .percent_of(commission.rate)
        .max(commission.minimum);
    let fee_excluding_tax = excluding_tax(fee, commission.vat)?;
    Ok(PriceBreakdown {
        lines: asked.lines,
        flat: asked.flat,
        night: terms.hours.night,
        travel: asked.travel,
        subtotal_excluding_tax: asked.subtotal,
        cnaps_tax_rate,
        cnaps_tax,
        vat_rate,
        vat,
        professional_total,
        commission_excluding_tax: fee_excluding_tax,
        commission_vat: fee
            .checked_sub(fee_excluding_tax)
            .ok_or(PricingRefused::TooLarge)?,
        commission: fee,
        total: Euros::try_sum([professional_total, fee])?,
    })
}

/// The part of an amount that is not VAT.
fn excluding_tax(amount: Euros, vat: BasisPoints) -> Result<Euros, PricingRefused> {
    let whole = i64::from(BasisPoints::WHOLE.points());
    amount
        .times_ratio(whole, whole + i64::from(vat.points()))
        .ok_or(PricingRefused::TooLarge)
}

/// One line for each class of hours that the mission has.
fn lines(
    mission: &Mission,
    rates: &HourlyRates,
    rules: &HourRules,
) -> Result<Vec<PriceLine>, PricingRefused> {
    check_minutes(mission)?;
    let priced = minutes_by_class(mission, rules)
        .into_iter()
        .filter(|(_, minutes)| *minutes > 0);
    priced
        .map(|(class, minutes)| {
            let hourly_rate = rates.rate(class)?;
            let agent_minutes = minutes.checked_mul(i64::from(mission.agents));
            let amount = agent_minutes.and_then(|minutes| hourly_rate.times_ratio(minutes, 60));
            let amount = amount.ok_or(PricingRefused::TooLarge)?;
            Ok(PriceLine {
                class,
                minutes,
                agents: mission.agents,
                hourly_rate,
                amount,
            })
        })
        .collect()
}

/// Somebody, from one whole minute to another.
fn check_minutes(mission: &Mission) -> Result<(), PricingRefused> {
    if mission.agents == 0 {
        return Err(PricingRefused::NoAgent);
    }
    let on_the_minute = |moment: jiff::Timestamp| {
        moment.as_second().rem_euclid(60) == 0 && moment.subsec_nanosecond() == 0
    };
    if !on_the_minute(mission.interval.start()) || !on_the_minute(mission.interval.end()) {
        return Err(PricingRefused::NotWholeMinutes);
    }
    Ok(())
}

/// Minutes of each class, by the clocks of the place. Where clocks change they do so inside the night,
/// so that a night has an hour more or less and the three parts of a day never mix.
fn minutes_by_class(mission: &Mission, rules: &HourRules) -> [(HourClass, i64); 6] {
    let mut counted = HourClass::ALL.map(|class| (class, 0));
    for day in mission.interval.local_days(mission.zone()) {
        for (class, part) in parts_of(day, &mission.department, rules) {
            let minutes = part
                .and_then(|part| part.intersection(&mission.interval))
                .map_or(0, |both| both.minutes());
            if let Some((_, sum)) = counted.iter_mut().find(|(counted, _)| *counted == class) {
                *sum += minutes;
            }
        }
    }
    counted
}

/// The three parts of a day: until the night ends, until it begins, until midnight.
fn parts_of(
    day: Date,
    department: &Department,
    rules: &HourRules,
) -> [(HourClass, Option<Interval>); 3] {
    let (by_day, by_night) = if rules.is_holiday(day, department) {
        (HourClass::Holiday, HourClass::HolidayNight)
    } else if day.weekday() == Weekday::Sunday {
        (HourClass::Sunday, HourClass::SundayNight)
    } else {
        (HourClass::Day, HourClass::Night)
    };
    let hour = |hour: i8| Time::new(hour, 0, 0, 0).unwrap_or(Time::midnight());
    let zone = Zone::of(department);
    let midnight = zone.day_start(day);
    let morning = zone.local_to_utc(day.to_datetime(hour(rules.night.until)));
    let evening = zone.local_to_utc(day.to_datetime(hour(rules.night.from)));
    let next_midnight = day.tomorrow().map_or(evening, |next| zone.day_start(next));
    [
        (by_night, Interval::new(midnight, morning).ok()),
        (by_day, Interval::new(morning, evening).ok()),
        (by_night, Interval::new(evening, next_midnight).ok()),
    ]
}

/// The price by which search results are put in order: that of the hours which a mission mostly has.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PriceProfile {
    /// Mostly weekdays outside the night.
    Day,
    /// Mostly weekday nights.
    Night,
    /// Mostly Sundays or public holidays.
    Sunday,
}

impl PriceProfile {
    /// Every profile.
    pub const ALL: [Self; 3] = [Self::Day, Self::Night, Self::Sunday];
}

/// The profile that most minutes of the mission have; of two that have as many, the dearer.
pub fn dominant_class(mission: &Mission, rules: &HourRules) -> PriceProfile {
    let counted = minutes_by_class(mission, rules);
    let minutes = |profile: &PriceProfile| -> i64 {
        counted
            .iter()
            .filter(|(class, _)| profile_of(*class) == *profile)
            .map(|(_, minutes)| minutes)
            .sum()
    };
    // Of equals, `max_by_key` gives the last.
    PriceProfile::ALL
        .into_iter()
        .max_by_key(minutes)
        .unwrap_or(PriceProfile::Day)
}

fn profile_of(class: HourClass) -> PriceProfile {
    match class {
        HourClass::Day => PriceProfile::Day,
        HourClass::Night => PriceProfile::Night,
        HourClass::Sunday
        | HourClass::SundayNight
        | HourClass::Holiday
        | HourClass::HolidayNight => PriceProfile::Sunday,
    }
}

/// What a client pays for one agent during one hour of a profile, VAT and commission rate included,
/// travel and the least commission left aside. `vat` is `VatStatus::rate` where the mission takes place.
pub fn reference_hourly_price(
    rates: &HourlyRates,
    vat: BasisPoints,
    commission: &CommissionTerms,
    profile: PriceProfile,
) -> Result<Euros, PricingRefused> {
    let rate = match profile {
        PriceProfile::Day => rates.day,
        PriceProfile::Night => rates.night,
        PriceProfile::Sunday => rates.sunday,
    };
    let including_tax = Euros::try_sum([rate, rate.percent_of(vat)])?;
    Ok(Euros::try_sum([
        including_tax,
        including_tax.percent_of(commission.rate),
    ])?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::DateTime;
    use proptest::prelude::*;

    use super::*;

    fn mission(start: DateTime, end: DateTime, agents: u16, department: &str) -> Mission {
        let department = Department::parse(department).unwrap();
        let moment = |local| Zone::of(&department).local_to_utc(local);
        Mission {
            interval: Interval::new(moment(start), moment(end)).unwrap(),
            agents,
            department,
        }
    }

    fn at(year: i16, month: i8, day: i8, hour: i8, minute: i8) -> DateTime {
        date(year, month, day).at(hour, minute, 0, 0)
    }

    fn rates() -> HourlyRates {
        HourlyRates::with_default_surcharges(Euros::from_cents(2_500)).unwrap()
    }

    fn hours(mission: &Mission) -> Vec<(HourClass, i64)> {
        lines(mission, &rates(), &HourRules::default())
            .unwrap()
            .into_iter()
            .map(|line| (line.class, line.minutes))
            .collect()
    }

    #[test]
    fn consumers_are_told_what_an_hour_costs_with_the_vat_of_the_place() {
        let cents = Euros::from_cents;
        let rates = HourlyRates {
            day: cents(2_500),
            night: cents(2_750),
            sunday: cents(2_800),
            holiday: cents(2_700),
        };
        let departments = ["69", "974", "75", "973"].map(|code| Department::parse(code).unwrap());
        let told = |vat| {
            let prices = hourly_prices(&rates, cents(1_000), vat, &departments).unwrap();
            let told = prices.into_iter().map(|one| {
                let codes: Vec<_> = one.departments.iter().map(Department::code).collect();
                let hours: Vec<_> = one
                    .hours
                    .iter()
                    .map(|one| one.including_tax.cents())
                    .collect();
                (codes, hours, one.travel.cents())
            });
            told.collect::<Vec<_>>()
        };
        // Day, night, Sunday, Sunday night, holiday, holiday night.
        let untaxed = vec![2_500, 2_750, 2_800, 3_050, 2_700, 2_750];
        assert_eq!(
            told(VatStatus::Registered),
            [
                (
                    vec!["69", "75"],
                    vec![3_000, 3_300, 3_360, 3_660, 3_240, 3_300],
                    1_200
                ),
                (
                    vec!["974"],
                    vec![2_713, 2_984, 3_038, 3_309, 2_930, 2_984],
                    1_085
                ),
                (vec!["973"], untaxed.clone(), 1_000),
            ]
        );
        assert_eq!(
            told(VatStatus::Franchise),
            [(vec!["69", "974", "75", "973"], untaxed, 1_000)]
        );
    }

    #[test]
    fn every_sort_of_hour_is_told_apart() {
        use HourClass::*;
        for (name, start, end, department, expected) in [
            (
                "a weekday",
                at(2026, 11, 18, 9, 0),
                at(2026, 11, 18, 17, 0),
                "69",
                vec![(Day, 480)],
            ),
            (
                "a Saturday night",
                at(2026, 11, 14, 20, 0),
                at(2026, 11, 15, 4, 0),
                "69",
                vec![(Day, 60), (Night, 180), (SundayNight, 240)],
            ),
            (
                "a Sunday into Monday",
                at(2026, 11, 15, 20, 0),
                at(2026, 11, 16, 7, 0),
                "69",
                vec![(Day, 60), (Night, 360), (Sunday, 60), (SundayNight, 180)],
            ),
            (
                "around 06:00",
                at(2026, 11, 18, 5, 59),
                at(2026, 11, 18, 6, 1),
                "69",
                vec![(Day, 1), (Night, 1)],
            ),
            (
                "around 21:00",
                at(2026, 11, 18, 20, 59),
                at(2026, 11, 18, 21, 1),
                "69",
                vec![(Day, 1), (Night, 1)],
            ),
            (
                "Easter Monday",
                at(2026, 4, 6, 8, 0),
                at(2026, 4, 6, 22, 0),
                "69",
                vec![(Holiday, 780), (HolidayNight, 60)],
            ),
            (
                "a holiday on a Sunday",
                at(2026, 11, 1, 8, 0),
                at(2026, 11, 1, 12, 0),
                "69",
                vec![(Holiday, 240)],
            ),
            (
                "Christmas Eve",
                at(2026, 12, 24, 20, 0),
                at(2026, 12, 25, 4, 0),
                "69",
                vec![(Day, 60), (Night, 180), (HolidayNight, 240)],
            ),
            (
                "26 December in Lyon",
                at(2026, 12, 26, 8, 0),
                at(2026, 12, 26, 12, 0),
                "69",
                vec![(Day, 240)],
            ),
            (
                "26 December in Strasbourg",
                at(2026, 12, 26, 8, 0),
                at(2026, 12, 26, 12, 0),
                "67",
                vec![(Holiday, 240)],
            ),
            (
                "the night of nine hours",
                at(2026, 10, 24, 22, 0),
                at(2026, 10, 25, 6, 0),
                "69",
                vec![(Night, 120), (SundayNight, 420)],
            ),
            (
                "the night of seven hours",
                at(2027, 3, 27, 22, 0),
                at(2027, 3, 28, 6, 0),
                "69",
                vec![(Night, 120), (SundayNight, 300)],
            ),
        ] {
            assert_eq!(
                hours(&mission(start, end, 1, department)),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn a_saturday_night_is_priced_line_by_line() {
        let night = mission(at(2026, 11, 14, 20, 0), at(2026, 11, 15, 4, 0), 2, "69");
        let price = price(
            &night,
            &rates(),
            Euros::from_cents(3_000),
            VatStatus::Registered,
            &PricingTerms::default(),
        )
        .unwrap();
        let lines: Vec<_> = price
            .lines
            .iter()
            .map(|line| (line.hourly_rate.cents(), line.amount.cents()))
            .collect();
        assert_eq!(lines, [(2_500, 5_000), (2_750, 16_500), (3_000, 24_000)]);
        assert_eq!(price.subtotal_excluding_tax.cents(), 48_500);
        assert_eq!(
            (price.cnaps_tax_rate, price.cnaps_tax),
            (BasisPoints::ZERO, Euros::ZERO)
        );
        assert_eq!(
            (price.vat.cents(), price.professional_total.cents()),
            (9_700, 58_200)
        );
        assert_eq!(price.commission.cents(), 6_984);
        assert_eq!(
            (
                price.commission_excluding_tax.cents(),
                price.commission_vat.cents()
            ),
            (5_820, 1_164)
        );
        assert_eq!(price.total.cents(), 65_184);
    }

    #[test]
    fn amounts_are_exact_to_the_minute_and_rounded_to_the_cent() {
        let odd = HourlyRates::with_default_surcharges(Euros::from_cents(2_333)).unwrap();
        let mission = mission(at(2026, 11, 18, 9, 0), at(2026, 11, 18, 13, 7), 3, "69");
        // 247 min × 3 agents × 23.33 € ÷ 60 = 288.1255 €.
        assert_eq!(
            lines(&mission, &odd, &HourRules::default()).unwrap()[0]
                .amount
                .cents(),
            28_813
        );
    }

    #[test]
    fn default_surcharges_are_those_of_the_trade() {
        let rates = rates();
        for (class, cents) in [
            (HourClass::Day, 2_500),
            (HourClass::Night, 2_750),
            (HourClass::Sunday, 2_750),
            (HourClass::SundayNight, 3_000),
            (HourClass::Holiday, 5_000),
            (HourClass::HolidayNight, 5_000),
        ] {
            assert_eq!(rates.rate(class), Ok(Euros::from_cents(cents)), "{class:?}");
        }
        let dear_nights = HourlyRates {
            night: Euros::from_cents(6_000),
            ..rates
        };
        assert_eq!(
            dear_nights.rate(HourClass::HolidayNight),
            Ok(Euros::from_cents(6_000))
        );
    }

    #[test]
    fn rates_that_make_no_sense_are_refused() {
        let of = |day, night, sunday, holiday| {
            let cents = Euros::from_cents;
            HourlyRates {
                day: cents(day),
                night: cents(night),
                sunday: cents(sunday),
                holiday: cents(holiday),
            }
            .validate()
        };
        assert_eq!(of(100, 100, 100, 100), Ok(()));
        assert_eq!(of(50_000, 55_000, 55_000, 150_000), Ok(()));
        assert_eq!(of(99, 100, 100, 100), Err(PricingRefused::DayRate));
        assert_eq!(
            of(50_001, 60_000, 60_000, 60_000),
            Err(PricingRefused::DayRate)
        );
        assert_eq!(
            of(2_000, 1_999, 2_000, 2_000),
            Err(PricingRefused::BelowDayRate)
        );
        assert_eq!(
            of(2_000, 2_000, 2_000, 150_001),
            Err(PricingRefused::AboveHighestRate)
        );
        assert_eq!(
            HourlyRates::with_default_surcharges(Euros::from_cents(i64::MAX)),
            Err(PricingRefused::TooLarge)
        );
        let absurd = HourlyRates {
            night: Euros::from_cents(i64::MAX),
            sunday: Euros::from_cents(i64::MAX),
            ..rates()
        };
        assert_eq!(
            absurd.rate(HourClass::SundayNight),
            Err(PricingRefused::TooLarge)
        );
    }

    #[test]
    fn missions_that_make_no_sense_are_refused() {
        let whole = mission(at(2026, 11, 18, 9, 0), at(2026, 11, 18, 13, 0), 1, "69");
        let terms = PricingTerms::default();
        let refusal = |mission: &Mission, travel| {
            price(
                mission,
                &rates(),
                Euros::from_cents(travel),
                VatStatus::Registered,
                &terms,
            )
            .unwrap_err()
        };
        assert_eq!(
            refusal(&Mission { agents: 0, ..whole }, 0),
            PricingRefused::NoAgent
        );
        assert_eq!(refusal(&whole, -1), PricingRefused::Negative);
        assert_eq!(refusal(&whole, i64::MAX), PricingRefused::TooLarge);
        let odd = Interval::new(
            "2026-11-18T09:00:01Z".parse().unwrap(),
            "2026-11-18T13:00:00Z".parse().unwrap(),
        );
        assert_eq!(
            refusal(
                &Mission {
                    interval: odd.unwrap(),
                    ..whole
                },
                0
            ),
            PricingRefused::NotWholeMinutes
        );
    }

    #[test]
    fn vat_depends_on_the_place_and_on_the_professional() {
        for (code, points) in [
            ("69", 2_000),
            ("2A", 2_000),
            ("971", 850),
            ("972", 850),
            ("974", 850),
            ("973", 0),
            ("976", 0),
            ("988", 0),
        ] {
            let department = Department::parse(code).unwrap();
            assert_eq!(
                VatStatus::Registered.rate(&department).points(),
                points,
                "{code}"
            );
            assert_eq!(VatStatus::Franchise.rate(&department), BasisPoints::ZERO);
        }
        assert_eq!(
            VatStatus::Franchise.mention(),
            Some("TVA non applicable, art. 293 B du CGI")
        );
        assert_eq!(VatStatus::Registered.mention(), None);
    }

    #[test]
    fn the_cnaps_tax_had_three_rates_and_is_gone() {
        for (day, points) in [
            (date(2011, 12, 31), 0),
            (date(2012, 1, 1), 50),
            (date(2014, 12, 31), 50),
            (date(2015, 1, 1), 45),
            (date(2016, 1, 1), 40),
            (date(2019, 12, 31), 40),
            (date(2020, 1, 1), 0),
            (date(2026, 11, 14), 0),
        ] {
            assert_eq!(
                PricingTerms::default().cnaps_tax_rate(day).points(),
                points,
                "{day}"
            );
        }
    }

    #[test]
    fn the_cnaps_tax_was_itself_subject_to_vat() {
        let before = mission(at(2019, 11, 20, 9, 0), at(2019, 11, 20, 13, 0), 1, "69");
        let price = price(
            &before,
            &rates(),
            Euros::ZERO,
            VatStatus::Registered,
            &PricingTerms::default(),
        )
        .unwrap();
        assert_eq!(
            (
                price.subtotal_excluding_tax.cents(),
                price.cnaps_tax.cents()
            ),
            (10_000, 40)
        );
        assert_eq!(
            (price.vat.cents(), price.professional_total.cents()),
            (2_008, 12_048)
        );
    }

    #[test]
    fn a_small_mission_costs_the_least_commission() {
        let small = mission(at(2026, 11, 18, 9, 0), at(2026, 11, 18, 10, 0), 1, "69");
        let price = price(
            &small,
            &rates(),
            Euros::ZERO,
            VatStatus::Franchise,
            &PricingTerms::default(),
        )
        .unwrap();
        assert_eq!(
            (price.professional_total.cents(), price.commission.cents()),
            (2_500, 500)
        );
        assert_eq!(
            (
                price.commission_excluding_tax.cents(),
                price.commission_vat.cents()
            ),
            (417, 83)
        );
    }

    #[test]
    fn results_are_put_in_order_by_the_hours_that_a_mission_mostly_has() {
        for (start, end, profile) in [
            (
                at(2026, 11, 18, 9, 0),
                at(2026, 11, 18, 17, 0),
                PriceProfile::Day,
            ),
            (
                at(2026, 11, 18, 18, 0),
                at(2026, 11, 19, 2, 0),
                PriceProfile::Night,
            ),
            (
                at(2026, 11, 14, 20, 0),
                at(2026, 11, 15, 4, 0),
                PriceProfile::Sunday,
            ),
            (
                at(2026, 4, 6, 9, 0),
                at(2026, 4, 6, 17, 0),
                PriceProfile::Sunday,
            ),
            (
                at(2026, 11, 18, 17, 0),
                at(2026, 11, 19, 1, 0),
                PriceProfile::Night,
            ),
        ] {
            assert_eq!(
                dominant_class(&mission(start, end, 1, "69"), &HourRules::default()),
                profile,
                "{start}"
            );
        }
        let terms = CommissionTerms::default();
        let reference = |profile| {
            reference_hourly_price(&rates(), BasisPoints::constant(2_000), &terms, profile)
                .unwrap()
                .cents()
        };
        assert_eq!(PriceProfile::ALL.map(reference), [3_360, 3_696, 3_696]);
    }

    #[test]
    fn a_price_travels_whole() {
        let night = mission(at(2026, 11, 14, 20, 0), at(2026, 11, 15, 4, 0), 2, "69");
        let price = price(
            &night,
            &rates(),
            Euros::ZERO,
            VatStatus::Registered,
            &PricingTerms::default(),
        )
        .unwrap();
        let json = serde_json::to_string(&price).unwrap();
        assert_eq!(
            serde_json::from_str::<PriceBreakdown>(&json).unwrap(),
            price
        );
        assert!(json.contains(
            r#""class":"sunday_night","minutes":240,"agents":2,"hourly_rate":3000,"amount":24000"#
        ));
    }

    proptest! {
        #[test]
        fn the_parts_of_a_price_always_add_up(
            start_minute in 26_300_000_i64..33_000_000, // 2020 to 2032
            minutes in 1_i64..3_000,
            agents in 1_u16..=20,
            day in 100_i64..=50_000,
            (night, sunday, holiday) in (0_i64..=200, 0_i64..=200, 0_i64..=200),
            travel in 0_i64..100_000,
            department in prop::sample::select(Department::all().collect::<Vec<_>>()),
            registered in any::<bool>(),
        ) {
            let moment = |minute: i64| jiff::Timestamp::from_second(minute * 60).unwrap();
            let interval = Interval::new(moment(start_minute), moment(start_minute + minutes)).unwrap();
            let mission = Mission { interval, agents, department };
            let plus = |percent: i64| Euros::from_cents(day + day * percent / 100);
            let rates = HourlyRates { day: Euros::from_cents(day), night: plus(night), sunday: plus(sunday), holiday: plus(holiday) };
            let vat = if registered { VatStatus::Registered } else { VatStatus::Franchise };
            let price = price(&mission, &rates, Euros::from_cents(travel), vat, &PricingTerms::default()).unwrap();
            let cents = |amount: Euros| amount.cents();

            prop_assert_eq!(price.lines.iter().map(|line| line.minutes).sum::<i64>(), minutes);
            prop_assert_eq!(cents(price.total), cents(price.professional_total) + cents(price.commission));
            prop_assert_eq!(cents(price.commission), cents(price.commission_excluding_tax) + cents(price.commission_vat));
            prop_assert_eq!(cents(price.professional_total), cents(price.subtotal_excluding_tax) + cents(price.vat));
            prop_assert_eq!(price.cnaps_tax, Euros::ZERO);
            prop_assert!(price.commission >= CommissionTerms::default().minimum);
            let cheapest = day * minutes * i64::from(agents) / 60;
            prop_assert!(cents(price.subtotal_excluding_tax) + 6 >= cheapest + travel);
        }
    }
}
