//! What people read of their money's way, in every state: what happened, and nothing that will not.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::booking::MoneyMove::{self, Authorised, Captured, Held, PaidOut, Refunded, Released};
use domain::booking::{
    Booking, BookingParty, BookingState, CardStatus, Payment, Refund, RefundStatus, Shares,
    Transfer,
};
use domain::money::Euros;
use samples::{START, booking_in, hours};

fn steps(booking: &Booking) -> Vec<(MoneyMove, bool)> {
    let steps = booking.money_steps(BookingParty::Client);
    steps.iter().map(|step| (step.step, step.done)).collect()
}

#[test]
fn every_state_tells_what_happened_and_what_is_still_to_come() {
    for (state, expected) in [
        (
            BookingState::AwaitingPayment,
            vec![
                (Authorised, false),
                (Captured, false),
                (Held, false),
                (PaidOut, false),
            ],
        ),
        (
            BookingState::Requested,
            vec![
                (Authorised, true),
                (Captured, false),
                (Held, false),
                (PaidOut, false),
            ],
        ),
        (
            BookingState::Accepted,
            vec![
                (Authorised, true),
                (Captured, true),
                (Held, true),
                (PaidOut, false),
            ],
        ),
        (
            BookingState::Completed,
            vec![
                (Authorised, true),
                (Captured, true),
                (Held, true),
                (PaidOut, false),
            ],
        ),
        (
            BookingState::UnderClaim,
            vec![
                (Authorised, true),
                (Captured, true),
                (Held, true),
                (PaidOut, false),
            ],
        ),
        (
            BookingState::Validated,
            vec![
                (Authorised, true),
                (Captured, true),
                (Held, true),
                (PaidOut, true),
            ],
        ),
        (
            BookingState::Settled,
            vec![
                (Authorised, true),
                (Captured, true),
                (Held, true),
                (PaidOut, true),
                (Refunded, false),
            ],
        ),
        (
            BookingState::Refused,
            vec![(Authorised, true), (Released, true)],
        ),
        (
            BookingState::Expired,
            vec![(Authorised, true), (Released, true)],
        ),
        (
            BookingState::Cancelled,
            vec![(Authorised, true), (Released, true)],
        ),
        (
            BookingState::CancelledByProfessional,
            vec![(Authorised, true), (Released, true)],
        ),
        (
            BookingState::CancelledByPlatform,
            vec![(Authorised, true), (Released, true)],
        ),
        (
            BookingState::Withdrawn,
            vec![(Authorised, true), (Released, true)],
        ),
        (BookingState::Abandoned, vec![(Released, true)]),
        (
            BookingState::PaymentFailed,
            vec![(Authorised, true), (Released, true)],
        ),
    ] {
        assert_eq!(steps(&booking_in(state)), expected, "{state:?}");
    }
}

/// A mission that was debited and then cancelled, with `kept` for the professional.
fn cancelled_keeping(kept: Euros, refunded: bool, paid: bool) -> Booking {
    let mut booking = booking_in(BookingState::Cancelled);
    let due = Shares::keeping(&booking.price, kept);
    booking.accepted_at = Some(START - hours(200));
    booking.payment = Payment {
        card: CardStatus::Captured,
        captured_at: Some(START - hours(200)),
        ..booking_in(BookingState::Accepted).payment
    };
    if refunded {
        booking.payment.refunds.push(Refund {
            id: "re_1".to_owned(),
            amount: due.client,
            status: RefundStatus::Succeeded,
            at: START,
        });
    }
    if paid && kept > Euros::ZERO {
        booking.payment.transfers.push(Transfer {
            id: "tr_1".to_owned(),
            amount: kept,
            reversed: Euros::ZERO,
            at: START,
        });
    }
    booking.due = Some(due);
    booking
}

#[test]
fn a_mission_that_was_cancelled_after_the_debit_tells_the_refund_and_never_a_payment_that_is_not_due()
 {
    let nothing = Euros::ZERO;
    let refunding = cancelled_keeping(nothing, false, false);
    assert_eq!(
        steps(&refunding),
        [(Authorised, true), (Captured, true), (Refunded, false)]
    );
    let refunded = cancelled_keeping(nothing, true, false);
    assert_eq!(
        steps(&refunded),
        [(Authorised, true), (Captured, true), (Refunded, true)]
    );
    let kept = Euros::from_cents(5_000);
    let partly = cancelled_keeping(kept, true, false);
    assert_eq!(
        steps(&partly),
        [
            (Authorised, true),
            (Captured, true),
            (PaidOut, false),
            (Refunded, true)
        ]
    );
    let labels: Vec<String> = cancelled_keeping(kept, true, true)
        .money_steps(BookingParty::Professional)
        .into_iter()
        .map(|step| step.label)
        .collect();
    assert!(
        labels.contains(&format!("Vous êtes payé : {kept}").replace(" :", "\u{a0}:")),
        "{labels:?}"
    );
    assert_eq!(partly.professional_share(), kept);
}
