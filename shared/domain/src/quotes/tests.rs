use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::booking::MissionPlace;
use crate::ids::TypedId as _;
use crate::money::Euros;
use crate::offer::Activity;
use crate::places::{Department, PostalCode};
use crate::pricing::{HourlyRates, PricingTerms, VatStatus, price, price_of_flat};
use crate::time::interval::Interval;

const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6A";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// Saturday, 28 November 2026, from 20 h to 4 h, two agents in Lyon.
fn mission() -> BookedMission {
    BookedMission {
        activity: Activity::HumanSurveillance,
        interval: Interval::new(at("2026-11-28T19:00:00Z"), at("2026-11-29T03:00:00Z")).unwrap(),
        agents: 2,
        place: MissionPlace {
            address: "12 rue de la République".to_owned(),
            postal_code: PostalCode::parse("69002").unwrap(),
            town: "Lyon".to_owned(),
            department: Department::parse("69").unwrap(),
        },
        context: MissionContext {
            site: "Chantier".to_owned(),
            public_road: false,
            public_expected: false,
            risks: "Appelez-moi au 06 12 34 56 78".to_owned(),
            instructions: "camille@exemple.fr".to_owned(),
        },
    }
}

fn professional(letter: char) -> ProfessionalId {
    ProfessionalId::from_ulid(&format!("{ULID}{letter}"))
}

fn asked(letter: char) -> AskedProfessional {
    AskedProfessional {
        professional: professional(letter),
        name: format!("Société {letter}"),
        offer: OfferId::from_ulid(&format!("{ULID}{letter}")),
        offer_title: "Gardiennage".to_owned(),
        reply: QuoteReply::Awaited,
    }
}

/// Asked on Thursday, 26 November, at 9 h UTC: 54 h before the last order, so 27 h for the answers.
const ASKED_AT: &str = "2026-11-26T09:00:00Z";

fn request_of(letters: &str) -> Result<QuoteMove, QuoteRefused> {
    QuoteRequest::ask(
        QuoteRequestId::from_ulid(&format!("{ULID}A")),
        AccountId::from_ulid(&format!("{ULID}B")),
        mission(),
        letters.chars().map(asked).collect(),
        &Delays::default(),
        at(ASKED_AT),
    )
}

fn request() -> QuoteRequest {
    request_of("CDE").unwrap().request
}

fn some_price(flat: i64) -> PriceBreakdown {
    let terms = PricingTerms::default();
    let flat = Euros::from_cents(flat);
    price_of_flat(&request().priced(), flat, VatStatus::Registered, &terms).unwrap()
}

impl QuoteRequest {
    fn quoted(&self, letter: char, valid: u16, now: Timestamp) -> Result<QuoteMove, QuoteRefused> {
        let delays = Delays::default();
        let price = some_price(40_000);
        self.quote(
            &professional(letter),
            price,
            "  Parking à prévoir ",
            valid,
            &delays,
            now,
        )
    }
}

fn steps(moved: &QuoteMove) -> Vec<(Option<char>, QuoteStep)> {
    let step = |event: &Event| match event {
        Event::QuotesMoved {
            professional, step, ..
        } => (
            professional
                .as_ref()
                .and_then(|who| who.as_str().chars().last()),
            *step,
        ),
        other => panic!("{other:?}"),
    };
    moved.events.iter().map(step).collect()
}

fn booking() -> BookingId {
    BookingId::from_ulid(&format!("{ULID}Z"))
}

#[test]
fn one_to_five_professionals_are_asked_each_once() {
    assert_eq!(request_of("").unwrap_err(), QuoteRefused::NumberAsked);
    assert_eq!(request_of("CDEFGH").unwrap_err(), QuoteRefused::NumberAsked);
    assert_eq!(request_of("CDC").unwrap_err(), QuoteRefused::AskedTwice);
    let moved = request_of("CDEFG").unwrap();
    assert_eq!(moved.events.len(), 5);
    assert!(
        steps(&moved)
            .iter()
            .all(|(_, step)| *step == QuoteStep::Asked)
    );
}

#[test]
fn answers_take_two_days_at_most_and_leave_the_client_as_long() {
    let delays = Delays::default();
    for (asked_at, until) in [
        // A week before: two days.
        ("2026-11-21T19:00:00Z", Ok("2026-11-23T19:00:00Z")),
        // 54 h before the last order, 4 h before the start.
        (ASKED_AT, Ok("2026-11-27T12:00:00Z")),
        ("2026-11-28T13:00:00Z", Ok("2026-11-28T14:00:00Z")),
        ("2026-11-28T13:01:00Z", Err(QuoteRefused::TooSoon)),
        ("2026-11-28T18:00:00Z", Err(QuoteRefused::TooSoon)),
        ("2026-11-30T18:00:00Z", Err(QuoteRefused::TooSoon)),
    ] {
        let until = until.map(at);
        assert_eq!(
            answer_by(&mission(), &delays, at(asked_at)),
            until,
            "{asked_at}"
        );
    }
}

#[test]
fn those_who_are_asked_read_no_address_and_no_coordinates() {
    let request = request();
    let context = request.context_before_contract();
    assert!(!context.risks.contains("06 12"), "{}", context.risks);
    assert!(
        !context.instructions.contains("camille@"),
        "{}",
        context.instructions
    );
    assert_eq!(context.site, "Chantier");
    assert_eq!(request.town_before_contract(), "Lyon");
}

#[test]
fn a_quote_is_given_once_before_the_deadline_and_holds_no_longer_than_it_can_be_ordered() {
    let request = request();
    let now = at("2026-11-26T10:00:00Z");
    let moved = request.quoted('C', 24, now).unwrap();
    assert_eq!(steps(&moved), [(Some('C'), QuoteStep::Quoted)]);
    let quoted = moved
        .request
        .of(&professional('C'))
        .unwrap()
        .quoted()
        .unwrap();
    assert_eq!(quoted.conditions, "Parking à prévoir");
    assert_eq!(quoted.valid_until, now + hours(24));
    let longest = request.quoted('C', 720, now).unwrap().request;
    assert_eq!(longest.last_valid(), Some(at("2026-11-28T15:00:00Z")));

    let again = moved.request.quoted('C', 24, now).unwrap_err();
    assert_eq!(again, QuoteRefused::AnsweredAlready);
    let again = moved.request.decline(&professional('C'), now).unwrap_err();
    assert_eq!(again, QuoteRefused::AnsweredAlready);
    let late = request.quoted('C', 24, request.answer_by).unwrap_err();
    assert_eq!(late, QuoteRefused::AnsweredTooLate);
    let stranger = request.quoted('X', 24, now).unwrap_err();
    assert_eq!(stranger, QuoteRefused::NotQuoted);
    for hours in [0, 721] {
        let refused = request.quoted('C', hours, now).unwrap_err();
        assert_eq!(refused, QuoteRefused::Validity);
    }
    let (who, long, delays) = (professional('C'), "x".repeat(501), Delays::default());
    let refused = request.quote(&who, some_price(40_000), &long, 24, &delays, now);
    assert_eq!(refused.unwrap_err(), QuoteRefused::Conditions);
}

#[test]
fn a_quote_is_ordered_while_it_is_valid_and_the_others_are_told() {
    let now = at("2026-11-26T10:00:00Z");
    let open = request().quoted('C', 2, now).unwrap().request;
    let open = open.quoted('D', 24, now).unwrap().request;
    assert_eq!(
        open.orderable(&professional('E'), now).unwrap_err(),
        QuoteRefused::NotQuoted
    );
    assert!(open.orderable(&professional('C'), now + hours(1)).is_ok());
    assert_eq!(
        open.orderable(&professional('C'), now + hours(2))
            .unwrap_err(),
        QuoteRefused::QuoteEnded
    );
    let moved = open.order(&booking(), &professional('C'), now).unwrap();
    assert_eq!(steps(&moved), [(Some('D'), QuoteStep::NotChosen)]);
    let over = moved.request;
    assert_eq!(over.next_due(), None);
    for refused in [
        over.order(&booking(), &professional('D'), now).unwrap_err(),
        over.orderable(&professional('D'), now).unwrap_err(),
    ] {
        assert_eq!(refused, QuoteRefused::OrderedAlready);
    }
    let late = over.quoted('E', 24, now).unwrap_err();
    assert_eq!(late, QuoteRefused::Closed);
    assert_eq!(over.withdraw(now).unwrap_err(), QuoteRefused::Closed);

    let given_up = open.withdraw(now).unwrap();
    let both = [
        (Some('C'), QuoteStep::NotChosen),
        (Some('D'), QuoteStep::NotChosen),
    ];
    assert_eq!(steps(&given_up), both);
    let gone = given_up.request;
    assert_eq!(
        gone.order(&booking(), &professional('C'), now).unwrap_err(),
        QuoteRefused::Closed
    );
}

#[test]
fn who_has_not_answered_is_reminded_once_and_without_answers_it_ends() {
    let request = request();
    // 27 h for the answers: the reminder leaves when a quarter is left.
    let due = request.next_due().unwrap();
    assert_eq!(due, at("2026-11-27T05:15:00Z"));
    assert_eq!(request.do_what_is_due(due - hours(1)), None);
    let declined = request.decline(&professional('D'), at(ASKED_AT)).unwrap();
    assert_eq!(declined.events, []);
    let reminded = declined.request.do_what_is_due(due).unwrap();
    let both = [
        (Some('C'), QuoteStep::AnswerDue),
        (Some('E'), QuoteStep::AnswerDue),
    ];
    assert_eq!(steps(&reminded), both);
    assert_eq!(reminded.request.do_what_is_due(due), None, "once");
    let end = reminded.request.next_due().unwrap();
    assert_eq!(end, request.answer_by);
    let ended = reminded.request.do_what_is_due(end + hours(3)).unwrap();
    assert_eq!(steps(&ended), [(None, QuoteStep::Unanswered)]);
    assert_eq!(ended.request.do_what_is_due(end + hours(4)), None);
    assert_eq!(
        ended.request.quoted('C', 24, end).unwrap_err(),
        QuoteRefused::Closed
    );
}

#[test]
fn when_all_decline_the_client_is_told_at_once() {
    let now = at("2026-11-26T10:00:00Z");
    let mut open = request();
    for letter in ['C', 'D'] {
        let moved = open.decline(&professional(letter), now).unwrap();
        assert_eq!(moved.events, []);
        open = moved.request;
    }
    let last = open.decline(&professional('E'), now).unwrap();
    assert_eq!(steps(&last), [(None, QuoteStep::Unanswered)]);
    assert_eq!(last.request.next_due(), None);
}

#[test]
fn the_client_is_reminded_before_the_last_quote_ends_then_it_is_over() {
    let now = at("2026-11-26T10:00:00Z");
    let open = request_of("C").unwrap().request;
    let open = open.quoted('C', 24, now).unwrap().request;
    let remind = open.next_due().unwrap();
    assert_eq!(remind, now + hours(18));
    let reminded = open.do_what_is_due(remind).unwrap();
    assert_eq!(steps(&reminded), [(None, QuoteStep::ChoiceDue)]);
    let end = reminded.request.next_due().unwrap();
    assert_eq!(end, now + hours(24));
    let ended = reminded.request.do_what_is_due(end).unwrap();
    assert_eq!(steps(&ended), [(Some('C'), QuoteStep::NotChosen)]);
    assert!(matches!(
        ended.request.state,
        QuoteRequestState::Ended { .. }
    ));
}

proptest! {
    /// A free total is what the professional asks: VAT and commission are on top, to the cent, and the
    /// sums add up as those of any price.
    #[test]
    fn a_free_total_adds_up(flat in 1_600_i64..2_400_000, franchise: bool) {
        let vat = if franchise { VatStatus::Franchise } else { VatStatus::Registered };
        let flat = Euros::from_cents(flat);
        let named = price_of_flat(&request().priced(), flat, vat, &PricingTerms::default()).unwrap();
        prop_assert!(named.lines.is_empty());
        prop_assert_eq!(named.flat, Some(flat));
        prop_assert_eq!(named.subtotal_excluding_tax, flat);
        let sum = |parts: [Euros; 2]| Euros::try_sum(parts).unwrap();
        prop_assert_eq!(named.professional_total, sum([flat, named.vat]));
        prop_assert_eq!(named.total, sum([named.professional_total, named.commission]));
        prop_assert_eq!(named.commission, sum([named.commission_excluding_tax, named.commission_vat]));
        let vat = if franchise { 0 } else { (flat.cents() * 20 + 50) / 100 };
        prop_assert_eq!(named.vat.cents(), vat);
        let fee = ((named.professional_total.cents() * 12 + 50) / 100).max(500);
        prop_assert_eq!(named.commission.cents(), fee);
    }

    /// Whatever is due is done: after that nothing is, and the sweep never goes on for ever.
    #[test]
    fn what_is_due_ends(valid in 1_u16..720, late in 0_i64..2_000, answers: bool) {
        let now = at("2026-11-26T10:00:00Z");
        let mut open = request();
        if answers {
            open = open.quoted('D', valid, now).unwrap().request;
        }
        let then = now + hours(late);
        let mut moves = 0;
        while let Some(moved) = open.do_what_is_due(then) {
            open = moved.request;
            moves += 1;
            prop_assert!(moves < 5);
        }
        prop_assert!(open.next_due().is_none_or(|due| due > then));
    }
}

#[test]
fn a_free_total_lies_within_what_an_hour_may_cost() {
    // Two agents for eight hours.
    let mission = request().priced();
    let terms = PricingTerms::default();
    for (cents, fits) in [
        (1_599, false),
        (1_600, true),
        (2_400_000, true),
        (2_400_001, false),
        (0, false),
        (-1, false),
    ] {
        let named = price_of_flat(
            &mission,
            Euros::from_cents(cents),
            VatStatus::Registered,
            &terms,
        );
        assert_eq!(named.is_ok(), fits, "{cents}");
    }
}

#[test]
fn what_the_rates_come_to_and_the_same_total_named_freely_cost_the_client_the_same() {
    let rates = HourlyRates::with_default_surcharges(Euros::from_cents(2_600)).unwrap();
    let terms = PricingTerms::default();
    let mission = request().priced();
    let by_rates = price(
        &mission,
        &rates,
        Euros::from_cents(1_500),
        VatStatus::Registered,
        &terms,
    );
    let by_rates = by_rates.unwrap();
    let flat = by_rates.subtotal_excluding_tax;
    let named = price_of_flat(&mission, flat, VatStatus::Registered, &terms).unwrap();
    assert_eq!(named.total, by_rates.total);
    assert_eq!(named.commission, by_rates.commission);
    assert_eq!(named.vat, by_rates.vat);
    // 16 hours of an agent.
    let sixteenth = Euros::from_cents((by_rates.total.cents() * 2 + 16) / 32);
    assert_eq!(by_rates.hourly(&mission), Some(sixteenth));
    assert_eq!(
        date(2026, 11, 28),
        mission.zone().local_date(mission.interval.start())
    );
}
