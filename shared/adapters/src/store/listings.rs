//! What search reads: one small item for each published offer and department.
//!
//! A page of 20 is to cost two read units (16 kB), so an item stays under 800 bytes: fields have one
//! letter once stored, and only what a result and its exact price need is kept.

use domain::calendar::Availability;
use domain::ids::{OfferId, ProfessionalId};
use domain::money::{BasisPoints, Euros};
use domain::offer::{Activity, CancellationPolicy};
use domain::places::{Department, Position};
use domain::pricing::{
    CommissionTerms, HourlyRates, PriceProfile, VatStatus, reference_hourly_price,
};
use domain::time::zone::Zone;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::patterns::shelf;
use super::{Index, Key, Record, Table};

/// An offer as it is found in one department. Always rebuilt from the offer, its professional and
/// the agenda; never the truth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The activity.
    #[serde(rename = "a")]
    pub activity: Activity,
    /// Where.
    #[serde(rename = "d")]
    pub department: Department,
    /// The offer.
    #[serde(rename = "o")]
    pub offer: OfferId,
    /// Whose.
    #[serde(rename = "p")]
    pub professional: ProfessionalId,
    /// The professional's name.
    #[serde(rename = "n")]
    pub name: String,
    /// The town of the establishment.
    #[serde(rename = "w")]
    pub town: String,
    /// The offer's title.
    #[serde(rename = "l")]
    pub title: String,
    /// Prices per agent and hour, excluding VAT.
    #[serde(rename = "r", with = "four_rates")]
    pub rates: HourlyRates,
    /// Travel, excluding VAT.
    #[serde(rename = "t")]
    pub travel: Euros,
    /// Whether VAT is charged.
    #[serde(rename = "v")]
    pub vat: VatStatus,
    /// Shortest mission, hours.
    #[serde(rename = "h")]
    pub minimum_hours: u16,
    /// Least notice, hours.
    #[serde(rename = "e")]
    pub notice_hours: u16,
    /// Whether missions that start within 12 h are taken.
    #[serde(rename = "u")]
    pub takes_urgent: bool,
    /// Most agents in one mission.
    #[serde(rename = "m")]
    pub maximum_agents: u16,
    /// What a cancellation gives back.
    #[serde(rename = "c")]
    pub cancellation: CancellationPolicy,
    /// Sum of the ratings.
    #[serde(rename = "s")]
    pub ratings_sum: u32,
    /// How many ratings.
    #[serde(rename = "k")]
    pub ratings_count: u32,
    /// Mean time of an answer, minutes.
    #[serde(rename = "i")]
    pub answer_minutes: Option<u32>,
    /// Missions that clients validated.
    #[serde(rename = "j", default)]
    pub validated_missions: u32,
    /// Where the establishment is, if its commune is known.
    #[serde(rename = "y", default)]
    pub at: Option<Position>,
    /// The last day on which every title is valid.
    #[serde(rename = "x")]
    pub titles_valid_until: Date,
    /// The first moment at which a mission could have started that was ordered at midnight of the day
    /// on which this was written: what orders the shelf, and stays the same all day. `None` within the
    /// horizon. The exact moment is `first_possible_start`.
    #[serde(
        rename = "f",
        default,
        with = "jiff::fmt::serde::timestamp::second::optional"
    )]
    pub first_free: Option<Timestamp>,
    /// The score under "Conseillés".
    #[serde(rename = "g")]
    pub score: u32,
    /// By which version of the formula it was computed; 0 before versions were kept.
    #[serde(rename = "z", default)]
    pub score_version: u32,
    /// Whether a photo or a logo was verified.
    #[serde(rename = "q", default)]
    pub portrait: bool,
    /// How many agents are free when, as `Availability::encode` writes it.
    #[serde(rename = "b", with = "serde_bytes")]
    pub availability: Vec<u8>,
}

/// The index that puts a shelf in the order of one profile's prices.
pub fn price_index(profile: PriceProfile) -> Index {
    match profile {
        PriceProfile::Day => Index::ListingsByDayPrice,
        PriceProfile::Night => Index::ListingsByNightPrice,
        PriceProfile::Sunday => Index::ListingsBySundayPrice,
    }
}

impl Listing {
    /// The first moment, not before `earliest`, at which an agent is free for the shortest mission;
    /// `None` within the horizon.
    pub fn first_possible_start(&self, earliest: Timestamp) -> Option<Timestamp> {
        let availability = Availability::decode(&self.availability).ok()?;
        self.first_start_in(&availability, earliest)
    }

    /// The same, when the availability is read already.
    pub fn first_start_in(
        &self,
        availability: &Availability,
        earliest: Timestamp,
    ) -> Option<Timestamp> {
        let zone = Zone::of(&self.department);
        availability.first_start(earliest, i64::from(self.minimum_hours) * 60, zone)
    }

    /// Mean rating in hundredths, then the number of ratings: text that sorts by both.
    fn rating_order(&self) -> String {
        let hundredths = (u64::from(self.ratings_sum) * 100)
            .checked_div(u64::from(self.ratings_count))
            .unwrap_or(0);
        format!("{hundredths:03}#{:06}", self.ratings_count.min(999_999))
    }

    /// What an hour costs, VAT included: text that sorts. The commission is the same share for all and
    /// changes nothing in the order.
    fn price_order(&self, profile: PriceProfile) -> String {
        let none = CommissionTerms {
            rate: BasisPoints::ZERO,
            minimum: Euros::ZERO,
            vat: BasisPoints::ZERO,
        };
        let price =
            reference_hourly_price(&self.rates, self.vat.rate(&self.department), &none, profile);
        format!(
            "{:07}",
            price.map_or(9_999_999, Euros::cents).clamp(0, 9_999_999)
        )
    }
}

impl Record for Listing {
    const TABLE: Table = Table::Listings;
    fn key(&self) -> Key {
        Key::listing(self.activity, &self.department, &self.offer)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let shelf = shelf(self.activity, &self.department);
        let mut indexes = vec![
            (
                Index::ListingsByOffer,
                self.offer.to_string(),
                shelf.clone(),
            ),
            (
                Index::ListingsByScore,
                shelf.clone(),
                format!("{:07}", self.score),
            ),
            (Index::ListingsByRating, shelf.clone(), self.rating_order()),
        ];
        for profile in PriceProfile::ALL {
            indexes.push((
                price_index(profile),
                shelf.clone(),
                self.price_order(profile),
            ));
        }
        // Who is not free within the horizon is not found by delay.
        if let Some(first_free) = self.first_free {
            indexes.push((
                Index::ListingsByFirstFree,
                shelf,
                format!("{first_free:.0}"),
            ));
        }
        indexes
    }
}

/// Rates without the names of their fields.
mod four_rates {
    use domain::money::Euros;
    use domain::pricing::HourlyRates;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        rates: &HourlyRates,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        (rates.day, rates.night, rates.sunday, rates.holiday).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<HourlyRates, D::Error> {
        let (day, night, sunday, holiday) =
            <(Euros, Euros, Euros, Euros)>::deserialize(deserializer)?;
        Ok(HourlyRates {
            day,
            night,
            sunday,
            holiday,
        })
    }
}
