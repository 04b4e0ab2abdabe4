//! What professionals were paid over a year, by quarter: what each is told, and what the tax office is told
//! of them, before the end of January (CGI, articles 242 bis and 1649 ter A; directive 2021/514, "DAC 7").
//!
//! A sum counts in the quarter in which it moved, in Paris. What was taken back counts against the quarter
//! in which it was. Services have no threshold: whoever was paid anything is told of.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{BookingId, ProfessionalId};
use crate::ledger::{Movement, MovementKind};
use crate::time::paris;

/// The first year of which there can be anything.
const FIRST_YEAR: i16 = 2026;

/// No statement of that year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Choisissez une année de 2026 à celle en cours.")]
pub struct NoSuchYear;

impl NoSuchYear {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        "year_invalid"
    }
}

/// A year of which there is, or will be, a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year(i16);

impl Year {
    /// One from the first year on to the present one, in Paris, as it is typed: `2026`.
    ///
    /// # Errors
    /// Any other, and what is no year.
    pub fn parse(typed: &str, now: Timestamp) -> Result<Self, NoSuchYear> {
        let year = typed.parse().map_err(|_| NoSuchYear)?;
        let years = FIRST_YEAR..=Self::of(now).0;
        years
            .contains(&year)
            .then_some(Self(year))
            .ok_or(NoSuchYear)
    }

    /// The year in which a moment is, in Paris.
    pub fn of(now: Timestamp) -> Self {
        Self(paris::local_date(now).year())
    }

    /// Every year from the first one on, the present one first.
    pub fn all(now: Timestamp) -> impl Iterator<Item = Self> {
        (FIRST_YEAR..=Self::of(now).0).rev().map(Self)
    }

    /// The year of which professionals are told at a moment: the last one, from the second to the last day of
    /// January, so that what was paid on its last evening is in it.
    pub fn told_of(now: Timestamp) -> Option<Self> {
        let today = paris::local_date(now);
        let last = today.year() - 1;
        (today.month() == 1 && today.day() > 1 && last >= FIRST_YEAR).then_some(Self(last))
    }

    /// The number that people call it by.
    pub fn number(self) -> i16 {
        self.0
    }

    /// Whether it is over, so that nothing is added to it.
    pub fn is_over(self, now: Timestamp) -> bool {
        Self::of(now).0 > self.0
    }

    /// Its beginning, and that of the next.
    pub fn bounds(self) -> (Timestamp, Timestamp) {
        let first = |year| paris::day_start(Date::constant(year, 1, 1));
        (first(self.0), first(self.0 + 1))
    }
}

/// What moved in three months.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quarter {
    /// What was paid to the professional, less what was taken back of it, in cents. Service fees are not
    /// in it: clients pay them beside the professional's price.
    pub paid: i64,
    /// For how many missions something was paid.
    pub missions: u32,
    /// The platform's service fees on those missions, less what was given back of them, in cents.
    pub fees: i64,
}

/// A professional's year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paid {
    /// January to March, and so on.
    pub quarters: [Quarter; 4],
}

impl Paid {
    /// The year as one.
    pub fn whole(&self) -> Quarter {
        self.quarters
            .iter()
            .fold(Quarter::default(), |sum, one| Quarter {
                paid: sum.paid + one.paid,
                missions: sum.missions + one.missions,
                fees: sum.fees + one.fees,
            })
    }

    /// Whether there is nothing to tell of.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What each professional was paid in a year, of the movements of that year and any others.
pub fn paid_in<'a>(
    year: Year,
    movements: impl IntoIterator<Item = &'a Movement>,
) -> BTreeMap<ProfessionalId, Paid> {
    let mut all: BTreeMap<ProfessionalId, Paid> = BTreeMap::new();
    let mut missions: BTreeSet<(usize, &BookingId)> = BTreeSet::new();
    for movement in movements {
        let day = paris::local_date(movement.at);
        let cents = movement.amount.cents();
        let (paid, fees) = match movement.kind {
            MovementKind::Transfer => (cents, 0),
            MovementKind::Reversal => (-cents, 0),
            MovementKind::Commission => (0, cents),
            MovementKind::CommissionReturn => (0, -cents),
            MovementKind::Capture
            | MovementKind::Refund
            | MovementKind::RefundFailure
            | MovementKind::Dispute
            | MovementKind::DisputeWon
            | MovementKind::DisputeLost => continue,
        };
        let number = usize::try_from((day.month() - 1) / 3).unwrap_or_default();
        let of = all.entry(movement.professional.clone()).or_default();
        let Some(quarter) = of.quarters.get_mut(number).filter(|_| day.year() == year.0) else {
            continue;
        };
        quarter.paid += paid;
        quarter.fees += fees;
        let first =
            movement.kind == MovementKind::Transfer && missions.insert((number, &movement.booking));
        quarter.missions += u32::from(first);
    }
    all.retain(|_, paid| !paid.is_nothing());
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::TypedId as _;
    use crate::ledger::LedgerAccount;
    use crate::money::Euros;

    const KINDS: [MovementKind; 10] = [
        MovementKind::Capture,
        MovementKind::Refund,
        MovementKind::RefundFailure,
        MovementKind::Transfer,
        MovementKind::Reversal,
        MovementKind::Commission,
        MovementKind::CommissionReturn,
        MovementKind::Dispute,
        MovementKind::DisputeWon,
        MovementKind::DisputeLost,
    ];

    fn booking(number: u32) -> BookingId {
        BookingId::from_ulid(&format!("{number:026}"))
    }

    fn professional(number: u32) -> ProfessionalId {
        ProfessionalId::from_ulid(&format!("{number:026}"))
    }

    fn movement(kind: MovementKind, cents: i64, at: &str, of: (u32, u32)) -> Movement {
        Movement {
            id: format!("{kind:?} {at}"),
            booking: booking(of.1),
            professional: professional(of.0),
            payment: None,
            kind,
            from: LedgerAccount::ALL[0],
            to: LedgerAccount::ALL[1],
            amount: Euros::from_cents(cents),
            at: at.parse().unwrap(),
            stripe_object: None,
        }
    }

    fn year(number: i16) -> Year {
        Year::parse(&number.to_string(), "2028-06-01T00:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn sums_count_in_the_quarter_in_which_they_moved_in_paris() {
        use MovementKind::{Capture, Commission, CommissionReturn, Reversal, Transfer};
        let movements = [
            // 23:30 in Greenwich on New Year's Eve is the new year in Paris.
            movement(Transfer, 10_000, "2026-12-31T23:30:00Z", (1, 1)),
            movement(Commission, 1_200, "2026-12-31T23:30:00Z", (1, 1)),
            movement(Capture, 11_200, "2027-01-04T12:00:00Z", (1, 2)),
            // Twice for one mission, then one for another.
            movement(Transfer, 3_000, "2027-02-01T12:00:00Z", (1, 2)),
            movement(Transfer, 2_000, "2027-03-31T21:59:00Z", (1, 2)),
            movement(Transfer, 7_000, "2027-03-31T22:00:00Z", (1, 3)),
            // Taken back in autumn.
            movement(Reversal, 7_000, "2027-10-02T12:00:00Z", (1, 3)),
            movement(CommissionReturn, 400, "2027-10-02T12:00:00Z", (1, 3)),
            movement(Transfer, 500, "2027-07-01T12:00:00Z", (2, 4)),
        ];
        let quarter = |paid, missions, fees| Quarter {
            paid,
            missions,
            fees,
        };
        let paid = paid_in(year(2027), &movements);
        let first = paid[&professional(1)];
        assert_eq!(
            first.quarters,
            [
                quarter(15_000, 2, 1_200),
                quarter(7_000, 1, 0),
                quarter(0, 0, 0),
                quarter(-7_000, 0, -400),
            ]
        );
        assert_eq!(first.whole(), quarter(15_000, 3, 800));
        assert_eq!(paid[&professional(2)].quarters[2], quarter(500, 1, 0));
        assert!(paid_in(year(2026), &movements).is_empty());
    }

    #[test]
    fn a_year_is_one_from_the_first_to_the_present_one() {
        let now = "2026-12-31T23:30:00Z".parse().unwrap();
        for (number, known) in [(2025, false), (2026, true), (2027, true), (2028, false)] {
            assert_eq!(
                Year::parse(&number.to_string(), now).is_ok(),
                known,
                "{number}"
            );
        }
        assert!(year(2026).is_over(now) && !year(2027).is_over(now));
        let (from, until) = year(2027).bounds();
        assert_eq!(from.to_string(), "2026-12-31T23:00:00Z");
        assert_eq!(until.to_string(), "2027-12-31T23:00:00Z");
    }

    #[test]
    fn professionals_are_told_of_the_last_year_in_january() {
        for (now, told) in [
            ("2026-01-15T12:00:00Z", None),
            ("2026-12-31T22:59:00Z", None),
            ("2027-01-01T12:00:00Z", None),
            ("2027-01-01T23:00:00Z", Some(2026)),
            ("2027-01-31T22:59:00Z", Some(2026)),
            ("2027-01-31T23:00:00Z", None),
            ("2028-01-10T12:00:00Z", Some(2027)),
        ] {
            let year = Year::told_of(now.parse().unwrap());
            assert_eq!(year.map(Year::number), told, "{now}");
        }
    }

    proptest! {
        /// Whatever moved, quarters and professionals together come to what the ledger says of the year.
        #[test]
        fn the_parts_make_the_ledgers_whole(
            moved in prop::collection::vec((0_usize..10, 1_i64..1_000_000, 0_i64..800, 0_u32..3, 0_u32..6), 0..60)
        ) {
            let start: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
            let movements: Vec<Movement> = moved.iter().map(|(kind, cents, days, who, what)| {
                let at = start + jiff::SignedDuration::from_hours(24 * days);
                movement(KINDS[*kind], *cents, &at.to_string(), (*who, *what))
            }).collect();
            let (from, until) = year(2027).bounds();
            let within = movements.iter().filter(|one| from <= one.at && one.at < until);
            let sum = |kind| -> i64 {
                let of = within.clone().filter(|one| one.kind == kind);
                of.map(|one| one.amount.cents()).sum()
            };
            let told = paid_in(year(2027), &movements);
            let paid: i64 = told.values().map(|one| one.whole().paid).sum();
            let fees: i64 = told.values().map(|one| one.whole().fees).sum();
            prop_assert_eq!(paid, sum(MovementKind::Transfer) - sum(MovementKind::Reversal));
            prop_assert_eq!(fees, sum(MovementKind::Commission) - sum(MovementKind::CommissionReturn));
        }
    }
}
