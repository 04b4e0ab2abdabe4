//! Sample bookings for tests: an 8 h mission ordered 10 days before its start.

use domain::booking::{
    Acknowledgements, BookedMission, Booking, BookingState, CardStatus, Claim, ClaimReason,
    Contact, MissionContext, MissionPlace, Payment, Shares, Transfer,
};
use domain::identifiers::Phone;
use domain::ids::{AccountId, AgentId, BookingId, DocumentId, OfferId, ProfessionalId, TypedId};
use domain::money::Euros;
use domain::offer::{Activity, CancellationPolicy};
use domain::places::{Department, PostalCode};
use domain::pricing::{HourlyRates, Mission, PriceBreakdown, PricingTerms, VatStatus, price};
use domain::time::interval::Interval;
use jiff::{SignedDuration, Timestamp};

/// Monday 11 January 2027, 09:00 in Paris.
pub(crate) const START: Timestamp = Timestamp::constant(1_799_654_400, 0);

const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";

pub(crate) fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

fn id<T: TypedId>() -> T {
    T::from_ulid(ULID)
}

/// A booking in a state, with the timestamps that lead there.
pub(crate) fn booking_in(state: BookingState) -> Booking {
    let interval = Interval::new(START, START + hours(8)).unwrap();
    let department = Department::parse("69").unwrap();
    let mission = Mission {
        interval,
        agents: 1,
        department,
    };
    let rates = HourlyRates::with_default_surcharges(Euros::from_cents(2800)).unwrap();
    let price = price(
        &mission,
        &rates,
        Euros::ZERO,
        VatStatus::Registered,
        &PricingTerms::default(),
    )
    .unwrap();
    let created_at = START - hours(240);
    let requested = !matches!(
        state,
        BookingState::AwaitingPayment | BookingState::Abandoned
    );
    let accepted = !matches!(
        state,
        BookingState::AwaitingPayment
            | BookingState::Abandoned
            | BookingState::Requested
            | BookingState::Refused
            | BookingState::Expired
            | BookingState::PaymentFailed
    );
    let due = due_in(state, &price);
    Booking {
        id: id::<BookingId>(),
        order: None,
        reference: "MAS-2026-Y7R1S6AB".to_owned(),
        client: id::<AccountId>(),
        consumer: true,
        contact: Contact {
            name: "Camille Martin".to_owned(),
            phone: Phone::parse("06 12 34 56 78").unwrap(),
        },
        professional: id::<ProfessionalId>(),
        professional_name: "Bastion Sud".to_owned(),
        offer: id::<OfferId>(),
        offer_title: "Surveillance de chantier".to_owned(),
        mission: BookedMission {
            activity: Activity::HumanSurveillance,
            interval,
            agents: 1,
            place: MissionPlace {
                address: "12 rue de la République".to_owned(),
                postal_code: PostalCode::parse("69002").unwrap(),
                town: "Lyon".to_owned(),
                department,
            },
            context: MissionContext {
                site: "Chantier".to_owned(),
                public_road: false,
                public_expected: false,
                risks: String::new(),
                instructions: String::new(),
            },
        },
        billing_address: None,
        agents: vec![id::<AgentId>()],
        price: price.clone(),
        delays: domain::booking::Delays::default(),
        cancellation: CancellationPolicy::Moderate,
        acknowledgements: Acknowledgements {
            conditions_of_sale: id::<DocumentId>(),
            conditions_of_sale_sha256: "00".repeat(32),
            terms_version: "2026-09".to_owned(),
            withdrawal_information: true,
            early_start_requested: true,
            loss_of_withdrawal_acknowledged: true,
            at: created_at,
            ip: "192.0.2.1".to_owned(),
            browser: "test".to_owned(),
        },
        state,
        payment: payment_in(state, &price, created_at),
        created_at,
        hold_until: created_at + SignedDuration::from_mins(15),
        requested_at: requested.then_some(created_at),
        respond_by: requested.then(|| created_at + hours(48)),
        accepted_at: accepted.then(|| created_at + hours(1)),
        advice: None,
        withdrawal_deadline: accepted.then(|| created_at + hours(15 * 24)),
        completed_at: matches!(state, BookingState::Completed | BookingState::Validated)
            .then(|| START + hours(9)),
        validated_at: (state == BookingState::Validated).then(|| START + hours(10)),
        validated_automatically: false,
        closed_at: (state == BookingState::Settled).then(|| START + hours(10)),
        refusal_reason: None,
        cancellation_reason: None,
        claim: matches!(state, BookingState::UnderClaim | BookingState::Settled).then(|| Claim {
            opened_at: START + hours(9),
            reason: ClaimReason::Late,
            description: "Deux heures de retard".to_owned(),
            proposals: Vec::new(),
            outcome: None,
        }),
        due,
        reminded: Vec::new(),
        review: None,
        evaluation: None,
        archived: Default::default(),
        title_alerts: Vec::new(),
        intervention: None,
        replacements: Vec::new(),
        modification: None,
        former: Vec::new(),
        quote: None,
    }
}

/// Who is due what in a state.
fn due_in(state: BookingState, price: &PriceBreakdown) -> Option<Shares> {
    match state {
        BookingState::AwaitingPayment
        | BookingState::Requested
        | BookingState::Accepted
        | BookingState::Completed
        | BookingState::UnderClaim => None,
        BookingState::Validated => Some(Shares::of_performed(price)),
        BookingState::Settled => Some(Shares::reduced_by(price, 30)),
        BookingState::Refused
        | BookingState::Expired
        | BookingState::Cancelled
        | BookingState::Abandoned
        | BookingState::CancelledByProfessional
        | BookingState::CancelledByPlatform
        | BookingState::Withdrawn
        | BookingState::PaymentFailed => Some(Shares::of_nothing(price)),
    }
}

/// The payment once everything that a state asks for is done.
fn payment_in(state: BookingState, price: &PriceBreakdown, at: Timestamp) -> Payment {
    let paid = Payment {
        card: CardStatus::Captured,
        intent: Some("pi_1".to_owned()),
        charge: Some("ch_1".to_owned()),
        captured_at: Some(at + hours(1)),
        ..Payment::NONE
    };
    let with_card = |card| Payment {
        card,
        intent: Some("pi_1".to_owned()),
        ..Payment::NONE
    };
    let shared = |shares: Shares| Payment {
        commission: shares.commission,
        transfers: vec![Transfer {
            id: "tr_1".to_owned(),
            amount: shares.professional,
            reversed: Euros::ZERO,
            at: START + hours(10),
        }],
        ..paid.clone()
    };
    match state {
        BookingState::AwaitingPayment | BookingState::Abandoned => Payment::NONE,
        BookingState::Requested => with_card(CardStatus::Authorised),
        BookingState::Accepted | BookingState::Completed | BookingState::UnderClaim => paid,
        BookingState::Validated => shared(Shares::of_performed(price)),
        BookingState::Settled => shared(Shares::reduced_by(price, 30)),
        BookingState::Refused
        | BookingState::Expired
        | BookingState::Cancelled
        | BookingState::CancelledByProfessional
        | BookingState::CancelledByPlatform
        | BookingState::Withdrawn => with_card(CardStatus::Released),
        BookingState::PaymentFailed => with_card(CardStatus::Lapsed),
    }
}
