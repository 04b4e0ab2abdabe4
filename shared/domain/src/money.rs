//! Money as whole cents and rates as basis points: no floats, and no sum that wraps.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why an amount or a rate cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoneyRefused {
    /// The amount does not fit in 64 bits of cents.
    #[error("Ce montant est trop grand.")]
    TooLarge,
    /// A rate above 100 %.
    #[error("Un taux ne peut pas dépasser 100 %.")]
    RateTooHigh,
}

impl MoneyRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "amount_too_large",
            Self::RateTooHigh => "rate_too_high",
        }
    }
}

/// An amount in euros, held and serialised as a whole number of cents.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(transparent)]
pub struct Euros(i64);

impl Euros {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of so many cents.
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    /// The amount in cents.
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// The sum; `None` when it does not fit.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(cents) => Some(Self(cents)),
            None => None,
        }
    }

    /// The difference; `None` when it does not fit.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(cents) => Some(Self(cents)),
            None => None,
        }
    }

    /// The sum of all amounts.
    pub fn try_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyRefused> {
        amounts
            .into_iter()
            .try_fold(Self::ZERO, Self::checked_add)
            .ok_or(MoneyRefused::TooLarge)
    }

    /// This share of the amount, to the nearest cent; half a cent goes away from zero.
    pub const fn percent_of(self, rate: BasisPoints) -> Self {
        // A rate is at most 100 %, so the share is never larger than the amount.
        Self(half_up(
            self.0 as i128 * rate.0 as i128,
            BasisPoints::WHOLE.0 as i128,
        ) as i64)
    }

    /// `self × numerator ÷ denominator`, to the nearest cent; half a cent goes away from zero.
    /// `None` when the denominator is zero or the result does not fit.
    pub fn times_ratio(self, numerator: i64, denominator: i64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let product = i128::from(self.0) * i128::from(numerator);
        let cents = half_up(product, i128::from(denominator));
        i64::try_from(cents).ok().map(Self)
    }
}

/// Hundredths as spreadsheets and accounting files read them: `-12,05`, without a sign between thousands.
pub fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let hundredths = hundredths.unsigned_abs();
    format!("{sign}{},{:02}", hundredths / 100, hundredths % 100)
}

/// `numerator ÷ denominator` to the nearest unit, halves away from zero. The denominator is not
/// zero, and both are products of at most two 64-bit numbers, so that nothing overflows.
const fn half_up(numerator: i128, denominator: i128) -> i128 {
    let quotient = numerator / denominator;
    let remainder = (numerator % denominator).unsigned_abs();
    if remainder >= denominator.unsigned_abs() - remainder {
        quotient
            + if (numerator < 0) == (denominator < 0) {
                1
            } else {
                -1
            }
    } else {
        quotient
    }
}

/// French notation, such as `1 234,56 €`, with spaces that do not break.
impl fmt::Display for Euros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = self.0.unsigned_abs();
        let units = (cents / 100).to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (index, digit) in units.chars().enumerate() {
            if index > 0 && (units.len() - index).is_multiple_of(3) {
                f.write_str("\u{202f}")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ",{:02}\u{a0}€", cents % 100)
    }
}

/// A rate from 0 to 100 % in hundredths of a percent: 10 000 is 100 %.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(try_from = "u32", into = "u32")]
#[schemars(with = "u32")]
pub struct BasisPoints(u32);

impl BasisPoints {
    /// 0 %.
    pub const ZERO: Self = Self(0);
    /// 100 %.
    pub const WHOLE: Self = Self(10_000);

    /// A rate of so many hundredths of a percent; refused above 10 000.
    pub const fn new(points: u32) -> Result<Self, MoneyRefused> {
        if points <= Self::WHOLE.0 {
            Ok(Self(points))
        } else {
            Err(MoneyRefused::RateTooHigh)
        }
    }

    /// A rate written in the code itself, in hundredths of a percent.
    ///
    /// # Panics
    /// Above 10 000. Meant for constants, where the panic is a compile error.
    pub const fn constant(points: u32) -> Self {
        assert!(points <= Self::WHOLE.0, "a rate is at most 100 %");
        Self(points)
    }

    /// The rate in hundredths of a percent.
    pub const fn points(self) -> u32 {
        self.0
    }
}

/// French notation, such as `8,5 %`.
impl fmt::Display for BasisPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, hundredths) = (self.0 / 100, self.0 % 100);
        match hundredths {
            0 => write!(f, "{units}\u{a0}%"),
            _ if hundredths % 10 == 0 => write!(f, "{units},{}\u{a0}%", hundredths / 10),
            _ => write!(f, "{units},{hundredths:02}\u{a0}%"),
        }
    }
}

impl TryFrom<u32> for BasisPoints {
    type Error = MoneyRefused;
    fn try_from(points: u32) -> Result<Self, MoneyRefused> {
        Self::new(points)
    }
}

impl From<BasisPoints> for u32 {
    fn from(rate: BasisPoints) -> Self {
        rate.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_written_the_french_way() {
        let written = |cents| Euros::from_cents(cents).to_string();
        assert_eq!(written(0), "0,00\u{a0}€");
        assert_eq!(written(5), "0,05\u{a0}€");
        assert_eq!(written(-5), "-0,05\u{a0}€");
        assert_eq!(written(99_999), "999,99\u{a0}€");
        assert_eq!(written(123_456), "1\u{202f}234,56\u{a0}€");
        assert_eq!(written(-123_456_789), "-1\u{202f}234\u{202f}567,89\u{a0}€");
        assert_eq!(
            written(i64::MIN),
            "-92\u{202f}233\u{202f}720\u{202f}368\u{202f}547\u{202f}758,08\u{a0}€"
        );
    }

    #[test]
    fn rates_are_written_the_french_way() {
        let written = |points| BasisPoints::constant(points).to_string();
        assert_eq!(written(2000), "20\u{a0}%");
        assert_eq!(written(850), "8,5\u{a0}%");
        assert_eq!(written(45), "0,45\u{a0}%");
        assert_eq!(written(105), "1,05\u{a0}%");
    }

    #[test]
    fn halves_go_away_from_zero() {
        let half = BasisPoints::constant(5000);
        for (cents, share) in [(1, 1), (2, 1), (3, 2), (-1, -1), (-2, -1), (-3, -2), (0, 0)] {
            assert_eq!(
                Euros::from_cents(cents).percent_of(half),
                Euros::from_cents(share),
                "{cents}"
            );
        }
        for (cents, numerator, denominator, result) in [
            (100, 1, 3, 33),
            (100, 2, 3, 67),
            (1, -1, 2, -1),
            (1, 1, -2, -1),
            (-1, 1, -2, 1),
            (7, 5, 5, 7),
        ] {
            assert_eq!(
                Euros::from_cents(cents).times_ratio(numerator, denominator),
                Some(Euros::from_cents(result))
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let most = Euros::from_cents(i64::MAX);
        let cent = Euros::from_cents(1);
        assert_eq!(most.checked_add(cent), None);
        assert_eq!(Euros::from_cents(i64::MIN).checked_sub(cent), None);
        assert_eq!(Euros::try_sum([most, cent]), Err(MoneyRefused::TooLarge));
        assert_eq!(Euros::try_sum([cent, cent]), Ok(Euros::from_cents(2)));
        assert_eq!(most.times_ratio(2, 1), None);
        assert_eq!(most.times_ratio(1, 0), None);
        assert_eq!(
            Euros::from_cents(i64::MIN).times_ratio(i64::MIN, i64::MIN),
            Some(Euros::from_cents(i64::MIN))
        );
        assert_eq!(BasisPoints::new(10_001), Err(MoneyRefused::RateTooHigh));
        assert_eq!(most.percent_of(BasisPoints::WHOLE), most);
        assert_eq!(
            Euros::from_cents(i64::MIN)
                .percent_of(BasisPoints::WHOLE)
                .cents(),
            i64::MIN
        );
    }

    #[test]
    fn amounts_and_rates_travel_as_integers() {
        assert_eq!(
            serde_json::to_string(&Euros::from_cents(1250)).unwrap(),
            "1250"
        );
        assert_eq!(
            serde_json::from_str::<Euros>("-3").unwrap(),
            Euros::from_cents(-3)
        );
        assert!(serde_json::from_str::<Euros>("12.5").is_err());
        assert_eq!(
            serde_json::from_str::<BasisPoints>("1200")
                .unwrap()
                .points(),
            1200
        );
        assert!(serde_json::from_str::<BasisPoints>("10001").is_err());
    }

    #[test]
    fn amounts_are_written_as_spreadsheets_read_them() {
        for (cents, written) in [
            (0, "0,00"),
            (5, "0,05"),
            (123_456, "1234,56"),
            (-1_205, "-12,05"),
        ] {
            assert_eq!(decimal(cents), written);
        }
    }

    proptest! {
        #[test]
        fn a_share_and_the_rest_make_the_whole_to_the_cent(cents in -1_000_000_000_i64..1_000_000_000, points in 0_u32..=10_000) {
            let amount = Euros::from_cents(cents);
            let share = amount.percent_of(BasisPoints::constant(points));
            let rest = amount.percent_of(BasisPoints::constant(10_000 - points));
            let both = share.checked_add(rest).unwrap().cents();
            prop_assert!((both - cents).abs() <= 1);
        }

        #[test]
        fn a_ratio_is_at_most_half_a_cent_off(cents in any::<i32>(), numerator in any::<i32>(), denominator in 1_i64..100_000) {
            let result = Euros::from_cents(i64::from(cents)).times_ratio(i64::from(numerator), denominator).unwrap();
            let exact = i128::from(cents) * i128::from(numerator);
            let off = i128::from(result.cents()) * i128::from(denominator) - exact;
            prop_assert!(off.abs() * 2 <= i128::from(denominator));
        }
    }
}
