//! Letters about missions that change.

use domain::booking::{AgreedTerms, BookingParty, BookingState, FormerTerms, Modification};
use domain::event::Event;
use domain::ids::AgentId;
use domain::money::Euros;
use domain::pricing::PriceBreakdown;
use domain::time::interval::Interval;

use super::*;

/// An hour later, as long, and 20 € cheaper; to be answered on the eve.
pub(super) fn proposal(by: BookingParty, price: &PriceBreakdown) -> Modification {
    let interval = Interval::new(at("2026-11-14T20:00:00Z"), at("2026-11-15T04:00:00Z")).unwrap();
    let total = Euros::from_cents(price.total.cents() - 2_000);
    Modification {
        by,
        terms: AgreedTerms {
            interval,
            agents: 1,
            price: PriceBreakdown {
                total,
                ..price.clone()
            },
        },
        message: "Le portail ferme plus tôt".to_owned(),
        at: at("2026-11-12T09:00:00Z"),
        answer_by: at("2026-11-13T09:00:00Z"),
    }
}

/// What the booking was before the mission of the samples was agreed on, 20 € dearer.
fn former(sample: &Sample) -> FormerTerms {
    let booking = &sample.booking;
    let total = Euros::from_cents(booking.price.total.cents() + 2_000);
    FormerTerms {
        interval: Interval::new(at("2026-11-12T19:00:00Z"), at("2026-11-13T03:00:00Z")).unwrap(),
        agents: 1,
        price: PriceBreakdown {
            total,
            ..booking.price.clone()
        },
        sent: vec![AgentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AZ")],
        until: at("2026-11-11T09:00:00Z"),
    }
}

fn letters_of(event: &Event, change: impl Fn(&mut Sample)) -> Vec<(Notice, Mail)> {
    let mut sample = Sample::new(BookingState::Accepted);
    change(&mut sample);
    let letters = sample.letters(event).into_iter();
    letters
        .map(|notice| (notice.clone(), rendered(&notice)))
        .collect()
}

#[test]
fn the_other_party_alone_is_asked_with_what_it_comes_to_and_until_when() {
    let proposed = Event::ModificationProposed { booking: id() };
    for (by, recipient, amount) in [
        (BookingParty::Client, "pro_", "Montant qui vous reviendrait"),
        (
            BookingParty::Professional,
            "acc_",
            "Vous serait rendu : 20,00",
        ),
    ] {
        let letters = letters_of(&proposed, |sample| {
            sample.booking.modification = Some(proposal(by, &sample.booking.price));
        });
        let [(notice, mail)] = letters.as_slice() else {
            panic!("{} letters", letters.len());
        };
        assert!(notice.recipient.starts_with(recipient), "{by:?}");
        let text = mail.text.replace(['\u{a0}', '\u{202f}'], " ");
        for words in [
            amount,
            "samedi 14 novembre 2026 à 21 h",
            "vendredi 13 novembre 2026 à 10 h",
        ] {
            assert!(text.contains(words), "{words} is not in {text}");
        }
        assert!(
            !text.contains("portail"),
            "what they wrote stays on the page"
        );
    }
    let gone = letters_of(&proposed, |sample| sample.booking.modification = None);
    assert!(gone.is_empty(), "what was taken back is not asked for");
}

#[test]
fn both_are_told_what_was_agreed_and_the_client_gets_the_order_as_it_holds() {
    let printed = Event::OrderPrinted { booking: id() };
    let letters = letters_of(&printed, |sample| {
        let former = former(sample);
        sample.booking.former = vec![former];
    });
    let templates: Vec<&str> = letters.iter().map(|(one, _)| one.letter.template).collect();
    assert_eq!(
        templates,
        ["client-booking-modified", "professional-booking-modified"]
    );
    let text = letters[0].1.text.replace(['\u{a0}', '\u{202f}'], " ");
    for words in [
        "20,00 € vous sont rendus",
        "Elle remplace",
        "jeudi 12 novembre 2026",
    ] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    assert_eq!(letters[0].0.papers.len(), 1);
    assert!(letters[1].0.papers.is_empty());
}

#[test]
fn agents_are_told_of_new_hours_of_a_new_shift_and_of_one_that_is_not_theirs_any_more() {
    let keys = KeySet::of("key", "links");
    let post = posting("evt_1", &keys);
    let gone = AgentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AZ");
    let told = |sent: AgentId| -> Vec<&'static str> {
        let mut sample = Sample::new(BookingState::Accepted);
        let mut former = former(&sample);
        former.sent = vec![sent];
        sample.booking.former = vec![former];
        let file = BookingFile {
            booking: sample.booking,
            client: sample.client,
            professional: sample.professional,
        };
        let (_, write) = to_crew(&Event::OrderPrinted { booking: id() }).unwrap();
        let letters = write(
            &post,
            &CrewFile {
                file,
                members: team(),
            },
        );
        letters.iter().map(|one| one.letter.template).collect()
    };
    assert_eq!(told(id()), ["agent-shift-changed"]);
    assert_eq!(told(gone), ["agent-shift-given"]);
}
