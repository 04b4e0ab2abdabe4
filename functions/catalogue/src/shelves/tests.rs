use adapters::store::item_size;
use domain::ids::{AccountId, AgentId};
use domain::professional::{Departing, DocumentKind, ProfessionalStatus};
use jiff::civil::date;

use super::*;
use crate::samples;

fn shelve(stock: &Stock, offer: &Offer) -> Vec<Listing> {
    let terms = Terms {
        delays: &Delays::default(),
        now: samples::now(),
    };
    listings(stock, offer, &terms)
}

fn stock(professional: Professional) -> Stock {
    Stock {
        professional,
        occupations: vec![],
    }
}

fn hours(day: Date, from: i8, to: i8) -> Interval {
    let moment = |hour| paris::local_to_utc(day.at(hour, 0, 0, 0));
    Interval::new(moment(from), moment(to)).unwrap()
}

fn free_on(listing: &Listing, day: Date) -> u16 {
    Availability::decode(&listing.availability)
        .unwrap()
        .free_agents_during(hours(day, 9, 17), Zone::Paris)
}

/// Twenty missions over the horizon, an agent each.
fn busy_stock() -> Stock {
    let occupation = |rank: i32| Occupation {
        agent: samples::id::<AgentId>(u32::try_from(rank % 2 + 1).unwrap()).to_string(),
        interval: hours(date(2026, 11, 22).saturating_add((rank * 3).days()), 9, 13),
        booking: format!("bkg_{rank}"),
        held_until: None,
    };
    Stock {
        professional: samples::professional(),
        occupations: (0..20).map(occupation).collect(),
    }
}

#[test]
fn a_page_of_twenty_listings_is_read_for_two_units() {
    let size = |stock: &Stock| item_size(&shelve(stock, &samples::offer()).remove(0)).unwrap();
    let usual = size(&stock(samples::professional()));
    assert!(usual < 800, "{usual} bytes");
    assert!(usual * 20 <= 4 * 4096, "four kilobytes for each half unit");
    // Not even when a diary is full to the horizon.
    let busy = size(&busy_stock());
    assert!(busy < 800, "{busy} bytes");
}

#[test]
fn an_offer_is_listed_in_each_of_its_departments() {
    let found: Vec<&str> = shelve(&stock(samples::professional()), &samples::offer())
        .iter()
        .map(|listing| listing.department.code())
        .collect();
    assert_eq!(found, ["13", "83"]);
}

#[test]
fn nobody_is_free_once_an_announced_end_takes_effect() {
    let mut leaving = samples::professional();
    let by = samples::id::<AccountId>(1);
    leaving
        .leave(Departing::InFiveDays, &by, samples::now())
        .unwrap();
    let (stays, leaves) = (stock(samples::professional()), stock(leaving));
    let free = |stock: &Stock, day| free_on(&shelve(stock, &samples::offer())[0], day);
    // Five days from Friday 20 November at 10:00.
    let (before, after) = (date(2026, 11, 24), date(2026, 11, 26));
    assert_eq!(free(&leaves, before), free(&stays, before));
    assert!(free(&stays, after) > 0);
    assert_eq!(free(&leaves, after), 0);
    // What search leaves out is what a quote refuses.
    let refused = |day| {
        let mission = hours(day, 9, 17);
        leaves
            .professional
            .may_perform(samples::offer().terms.activity, mission, Zone::Paris)
            .is_err()
    };
    assert_eq!((refused(before), refused(after)), (false, true));
}

#[test]
fn what_cannot_be_ordered_is_not_listed() {
    type Change = fn(&mut Professional, &mut Offer);
    let changes: [(&str, Change); 8] = [
        ("not accepted", |professional, _| {
            professional.status = ProfessionalStatus::Submitted
        }),
        ("hidden", |professional, _| {
            professional.hidden_at = Some(samples::now())
        }),
        ("not payable", |professional, _| {
            professional.payout_account = None
        }),
        ("without a page", |professional, _| professional.page = None),
        ("page not published", |professional, _| {
            professional.page.as_mut().unwrap().published = false
        }),
        ("without titles", |professional, _| {
            professional
                .documents
                .retain(|document| document.kind() != DocumentKind::Authorisation)
        }),
        ("without conditions of sale", |professional, _| {
            professional
                .documents
                .retain(|document| document.kind() != DocumentKind::ConditionsOfSale)
        }),
        ("offer withdrawn", |_, offer| {
            offer.status = domain::offer::OfferStatus::Withdrawn
        }),
    ];
    for (what, change) in changes {
        let (mut professional, mut offer) = (samples::professional(), samples::offer());
        change(&mut professional, &mut offer);
        assert_eq!(shelve(&stock(professional), &offer), [], "{what}");
    }
}

#[test]
fn a_busy_agent_and_one_whose_card_has_ended_do_not_count() {
    let mut stock = stock(samples::professional());
    stock.professional.documents.pop();
    stock
        .professional
        .documents
        .push(samples::card(2, date(2026, 12, 1)));
    let busy = hours(date(2026, 11, 25), 8, 12);
    stock.occupations.push(Occupation {
        agent: samples::id::<AgentId>(1).to_string(),
        interval: busy,
        booking: "bkg".to_owned(),
        held_until: None,
    });
    let listing = shelve(&stock, &samples::offer()).remove(0);
    for (day, free) in [
        (date(2026, 11, 24), 2),
        (date(2026, 11, 25), 1),
        (date(2026, 12, 1), 2),
        (date(2026, 12, 2), 1),
        (date(2027, 2, 2), 1),
    ] {
        assert_eq!(free_on(&listing, day), free, "{day}");
    }
}

#[test]
fn a_listing_stays_the_same_all_day() {
    let (professional, offer) = (samples::professional(), samples::offer());
    let stock = stock(professional);
    let at = |day: Date, hour, minute| {
        let terms = Terms {
            delays: &Delays::default(),
            now: paris::local_to_utc(day.at(hour, minute, 0, 0)),
        };
        listings(&stock, &offer, &terms)
    };
    let today = date(2026, 11, 20);
    let morning = at(today, 0, 0);
    for (hour, minute) in [(0, 1), (9, 30), (12, 0), (18, 59), (23, 59)] {
        assert_eq!(at(today, hour, minute), morning, "{hour}:{minute}");
    }
    assert_ne!(at(date(2026, 11, 21), 0, 0), morning);
    // In the order of the shelf the notice of 24 hours counts from midnight.
    assert_eq!(
        morning[0].first_free,
        Some(paris::local_to_utc(date(2026, 11, 21).at(8, 30, 0, 0)))
    );
    // Who is shown a moment is shown that of now.
    let ten = paris::local_to_utc(date(2026, 11, 21).at(10, 0, 0, 0));
    assert_eq!(morning[0].first_possible_start(ten), Some(ten));
    let evening = paris::local_to_utc(date(2026, 11, 21).at(16, 0, 0, 0));
    assert_eq!(
        morning[0].first_possible_start(evening),
        Some(paris::local_to_utc(date(2026, 11, 22).at(8, 30, 0, 0))),
        "four hours do not fit before 19:00"
    );
}

#[test]
fn agents_held_while_a_client_pays_are_not_rewritten() {
    let occupation = |held_until| Occupation {
        agent: samples::id::<AgentId>(1).to_string(),
        interval: hours(date(2026, 11, 25), 8, 12),
        booking: "bkg".to_owned(),
        held_until,
    };
    assert!(is_firm(&occupation(None)));
    assert!(!is_firm(&occupation(Some(samples::now()))));
}

#[test]
fn what_is_right_stays_untouched_and_what_is_no_longer_wanted_goes() {
    let trace = Trace::system("test");
    let changes = || Changes::by(&trace, samples::now());
    let wanted = shelve(&stock(samples::professional()), &samples::offer());
    assert_eq!(
        difference(&[], &wanted, Worth::Whatever, changes()).len(),
        2
    );
    let shelved: Vec<Versioned<Listing>> = wanted
        .iter()
        .map(|listing| Versioned {
            record: listing.clone(),
            version: 3,
        })
        .collect();
    assert!(difference(&shelved, &wanted, Worth::Whatever, changes()).is_empty());
    assert_eq!(
        difference(&shelved, &wanted[..1], Worth::Whatever, changes()).len(),
        1,
        "a department is no longer served"
    );
    assert_eq!(
        difference(&shelved, &[], Worth::Whatever, changes()).len(),
        2,
        "the offer is withdrawn"
    );
}

#[test]
fn what_follows_from_missions_alone_waits_for_the_days_round() {
    let [listing, ..] = &shelve(&stock(samples::professional()), &samples::offer())[..] else {
        panic!("nothing is shelved");
    };
    let more_done = Listing {
        answer_minutes: Some(7),
        validated_missions: listing.validated_missions + 1,
        score: listing.score + 1,
        ..listing.clone()
    };
    assert!(!Worth::MoreThanRecord.writes(listing, &more_done));
    assert!(Worth::Whatever.writes(listing, &more_done));
    let rated = Listing {
        ratings_count: listing.ratings_count + 1,
        ..more_done
    };
    assert!(Worth::MoreThanRecord.writes(listing, &rated));
}
