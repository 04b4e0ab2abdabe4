use adapters::store::{Listing, Page, Record as _, Store, Versioned};
use domain::booking::Delays;
use domain::calendar::{AgentTime, Availability};
use domain::places::Department;
use domain::pricing::{HourlyRates, PricingTerms, VatStatus};
use domain::time::interval::Interval;
use domain::time::zone::Zone;

use super::finding::take;
use super::*;
use crate::asked::find_place;
use crate::samples;

/// The listing of the sample company's offer, as number `number`.
fn listing(number: u32) -> Listing {
    let euros = Euros::from_cents;
    let offer = samples::offer();
    let availability = Availability::compute(
        &samples::calendar(),
        Zone::Paris,
        &[AgentTime::default(), AgentTime::default()],
        domain::staffing::Worker::Employee,
        samples::now(),
        77,
    );
    Listing {
        activity: offer.terms.activity,
        department: Department::parse("13").unwrap(),
        offer: samples::id(number),
        professional: samples::id(number),
        name: format!("Société {number}"),
        town: "Marseille".to_owned(),
        title: offer.terms.title,
        rates: HourlyRates::with_default_surcharges(euros(2_650)).unwrap(),
        travel: euros(0),
        vat: VatStatus::Registered,

        minimum_hours: 4,
        notice_hours: 24,
        takes_urgent: false,
        maximum_agents: 2,
        cancellation: CancellationPolicy::Moderate,
        ratings_sum: 0,
        ratings_count: 0,
        answer_minutes: None,
        validated_missions: 0,
        at: None,
        titles_valid_until: jiff::civil::date(2027, 6, 30),
        first_free: Some(samples::now()),
        score: 500_000,
        score_version: 1,
        portrait: false,
        availability: availability.encode(),
    }
}

fn mission(start: &str, end: &str, agents: u16) -> AskedMission {
    let interval = Interval::new(start.parse().unwrap(), end.parse().unwrap()).unwrap();
    AskedMission {
        place: find_place("Marseille").unwrap(),
        interval,
        agents,
    }
}

/// Saturday 28 November, 10:00 to 18:00, one agent.
fn day_mission() -> AskedMission {
    mission("2026-11-28T09:00:00Z", "2026-11-28T17:00:00Z", 1)
}

fn found(listing: Listing, mission: &AskedMission) -> Option<Found> {
    let (delays, pricing) = (Delays::default(), PricingTerms::default());
    Wanted {
        mission,
        delays: &delays,
        pricing: &pricing,
        now: samples::now(),
    }
    .held_against(listing)
}

/// The numbers of listings in the order in which a shelf gives them.
fn on_the_shelf(index: Index, listings: &[Listing]) -> Vec<String> {
    let order = |listing: &Listing| {
        listing
            .indexes()
            .into_iter()
            .find(|(known, _, _)| *known == index)
            .map(|(_, _, order)| order)
    };
    let mut ordered: Vec<(String, String)> = listings
        .iter()
        .filter_map(|listing| Some((order(listing)?, listing.name.clone())))
        .collect();
    ordered.sort();
    if matches!(index, Index::ListingsByScore | Index::ListingsByRating) {
        ordered.reverse();
    }
    ordered.into_iter().map(|(_, name)| name).collect()
}

fn numbered(numbers: &[u32]) -> Vec<String> {
    numbers
        .iter()
        .map(|number| format!("Société {number}"))
        .collect()
}

#[test]
fn each_order_puts_the_right_one_first() {
    let euros = Euros::from_cents;
    let advised = [(1, 90_000), (2, 1_000_000), (3, 900_000)].map(|(number, score)| Listing {
        score,
        ..listing(number)
    });
    assert_eq!(
        on_the_shelf(Index::ListingsByScore, &advised),
        numbered(&[2, 3, 1])
    );
    let rated = [
        (1, 0, 0),
        (2, 50, 10),
        (3, 47, 10),
        (4, 500, 100),
        (5, 9, 2),
    ]
    .map(|(number, ratings_sum, ratings_count)| Listing {
        ratings_sum,
        ratings_count,
        ..listing(number)
    });
    assert_eq!(
        on_the_shelf(Index::ListingsByRating, &rated),
        numbered(&[4, 2, 3, 5, 1])
    );
    let priced =
        [(1, 10_000, 11_000), (2, 9_999, 12_000), (3, 2_000, 6_000)].map(|(number, day, night)| {
            let rates = HourlyRates {
                day: euros(day),
                night: euros(night),
                sunday: euros(day),
                holiday: euros(night),
            };
            Listing {
                rates,
                ..listing(number)
            }
        });
    assert_eq!(
        on_the_shelf(Index::ListingsByDayPrice, &priced),
        numbered(&[3, 2, 1])
    );
    assert_eq!(
        on_the_shelf(Index::ListingsByNightPrice, &priced),
        numbered(&[3, 1, 2])
    );
    let moment = |text: &str| Some(text.parse().unwrap());
    let soon = [
        (1, moment("2026-12-01T09:00:00Z")),
        (2, moment("2026-11-21T09:00:00Z")),
        (3, None),
    ]
    .map(|(number, first_free)| Listing {
        first_free,
        ..listing(number)
    });
    assert_eq!(
        on_the_shelf(Index::ListingsByFirstFree, &soon),
        numbered(&[2, 1]),
        "who is never free is not found by delay"
    );
}

#[test]
fn the_price_is_that_of_the_mission_with_vat_and_commission() {
    let found = found(listing(1), &day_mission()).unwrap();
    // 8 h at 26.50 €, 20 % VAT, 12 % commission.
    assert_eq!(found.price.professional_total, Euros::from_cents(25_440));
    assert_eq!(found.price.total, Euros::from_cents(28_493));
    assert_eq!(
        found.price.cnaps_tax_sentence(),
        "Taxe CNAPS\u{a0}: 0,00\u{a0}€ (contribution supprimée au 1er janvier 2020)."
    );
}

#[test]
fn what_cannot_take_the_mission_is_left_out() {
    let taken = |listing, mission: &AskedMission| found(listing, mission).is_some();
    assert!(taken(listing(1), &day_mission()));
    assert!(taken(
        listing(1),
        &mission("2026-11-28T09:00:00Z", "2026-11-28T17:00:00Z", 2)
    ));
    assert!(
        !taken(
            listing(1),
            &mission("2026-11-28T09:00:00Z", "2026-11-28T17:00:00Z", 3)
        ),
        "too many agents"
    );
    assert!(
        !taken(
            listing(1),
            &mission("2026-11-28T19:00:00Z", "2026-11-29T03:00:00Z", 1)
        ),
        "closed at night"
    );
    assert!(
        !taken(
            listing(1),
            &mission("2026-11-28T09:00:00Z", "2026-11-28T12:00:00Z", 1)
        ),
        "too short"
    );
    assert!(
        !taken(
            listing(1),
            &mission("2026-11-21T08:00:00Z", "2026-11-21T14:00:00Z", 1)
        ),
        "too soon"
    );
    let expired = Listing {
        titles_valid_until: jiff::civil::date(2026, 11, 27),
        ..listing(1)
    };
    assert!(
        !taken(expired, &day_mission()),
        "titles end before the mission"
    );
    let unreadable = Listing {
        availability: vec![9],
        ..listing(1)
    };
    assert!(
        !taken(unreadable, &day_mission()),
        "written by another version"
    );
}

#[test]
fn a_page_is_put_in_the_exact_order_of_what_was_asked() {
    let at = |number, travel, first_possible_start: &str| {
        let listing = Listing {
            travel: Euros::from_cents(travel),
            ..listing(number)
        };
        Found {
            first_possible_start: Some(first_possible_start.parse().unwrap()),
            ..found(listing, &day_mission()).unwrap()
        }
    };
    let page = [
        at(1, 5_000, "2026-11-22T09:00:00Z"),
        at(2, 0, "2026-11-24T09:00:00Z"),
        at(3, 100, "2026-11-23T09:00:00Z"),
    ];
    for (sort, expected) in [
        (Sort::Prix, [2, 3, 1]),
        (Sort::Delai, [1, 3, 2]),
        (Sort::Conseilles, [1, 2, 3]),
        (Sort::Note, [1, 2, 3]),
    ] {
        let mut page = page.to_vec();
        put_in_order(&mut page, sort);
        let names: Vec<String> = page.into_iter().map(|found| found.listing.name).collect();
        assert_eq!(names, numbered(&expected), "{sort:?}");
    }
}

#[test]
fn a_page_used_in_part_is_gone_on_with_after_the_last_result() {
    let (mission, delays, pricing) = (day_mission(), Delays::default(), PricingTerms::default());
    let wanted = Wanted {
        mission: &mission,
        delays: &delays,
        pricing: &pricing,
        now: samples::now(),
    };
    let page = || Page {
        records: (1..=5)
            .map(|number| Versioned {
                record: listing(number),
                version: 1,
            })
            .collect(),
        next: Some("further".to_owned()),
        read_units_tenths: 5,
    };
    let mut found = Vec::new();
    let cursor = take(page(), Index::ListingsByScore, &wanted, 3, &mut found);
    assert_eq!(found.len(), 3);
    assert_eq!(
        cursor,
        Store::cursor_after(&listing(3), Index::ListingsByScore)
    );
    let mut found = Vec::new();
    assert_eq!(
        take(page(), Index::ListingsByScore, &wanted, 5, &mut found),
        Some("further".to_owned())
    );
    let mut found = Vec::new();
    assert_eq!(
        take(page(), Index::ListingsByScore, &wanted, 9, &mut found),
        Some("further".to_owned())
    );
    assert_eq!(found.len(), 5);
}

#[test]
fn a_search_reads_numbers_out_of_an_address() {
    let asked = serde_json::json!({ "activity": "event_security", "place": "Marseille", "start": "2026-11-28T10:00", "end": "2026-11-28T18:00", "agents": "2", "sort": "prix" });
    let search: Search = serde_json::from_value(asked).unwrap();
    assert_eq!(
        (search.agents, search.sort, search.limit),
        (2, Sort::Prix, 20)
    );
    let asked = serde_json::json!({ "activity": "event_security", "place": "Marseille", "start": "2026-11-28T10:00", "end": "2026-11-28T18:00", "agents": "deux" });
    assert!(serde_json::from_value::<Search>(asked).is_err());
}

/// Looks around a mission with these listings.
fn looking<T>(mission: &AskedMission, look: impl FnOnce(&Wanted<'_>) -> T) -> T {
    let (delays, pricing) = (Delays::default(), PricingTerms::default());
    look(&Wanted {
        mission,
        delays: &delays,
        pricing: &pricing,
        now: samples::now(),
    })
}

#[test]
fn other_days_are_those_on_which_somebody_could_come() {
    // Saturday 21 November is less than the notice of a day away for the first, not for the second, who
    // takes missions of eight hours only.
    let listings = [
        listing(1),
        Listing {
            minimum_hours: 8,
            travel: Euros::from_cents(1_000),
            ..listing(2)
        },
    ];
    let mission = mission("2026-11-21T08:30:00Z", "2026-11-21T14:30:00Z", 1);
    let days = looking(&mission, |wanted| otherwise::days(&listings, wanted));
    let said: Vec<_> = days
        .iter()
        .map(|day| (day.date.to_string(), day.found))
        .collect();
    assert_eq!(
        said,
        [
            ("2026-11-22".to_owned(), 1),
            ("2026-11-23".to_owned(), 1),
            ("2026-11-24".to_owned(), 1),
            ("2026-11-25".to_owned(), 1),
        ],
        "the nearest first, never before the notice ends"
    );
    // 6 h at 26.50 €, 20 % VAT, 12 % commission, on a Monday.
    assert_eq!(days[1].from, Euros::from_cents(21_370));
}

#[test]
fn fewer_agents_are_as_many_as_somebody_has() {
    let mission = mission("2026-11-28T09:00:00Z", "2026-11-28T17:00:00Z", 5);
    let fewer = looking(&mission, |wanted| {
        otherwise::fewer_agents(&[listing(1)], wanted)
    });
    let fewer = fewer.unwrap();
    assert_eq!((fewer.agents, fewer.found), (2, 1));
    assert_eq!(fewer.from, Euros::from_cents(2 * 28_493));
    let alone = looking(&day_mission(), |wanted| {
        otherwise::fewer_agents(&[listing(1)], wanted)
    });
    assert_eq!(alone, None);
}

#[test]
fn who_is_near_says_how_far() {
    let marseille = find_place("Marseille").unwrap().position;
    let near = Listing {
        at: find_place("Aix-en-Provence").unwrap().position,
        ..listing(1)
    };
    let shown = SearchResult::of(found(near, &day_mission()).unwrap(), marseille);
    // 26 km on a map.
    assert!(
        shown.distance_km.unwrap().abs_diff(26) <= 2,
        "{:?}",
        shown.distance_km
    );
    let unknown = SearchResult::of(found(listing(2), &day_mission()).unwrap(), marseille);
    assert_eq!(unknown.distance_km, None);
}
