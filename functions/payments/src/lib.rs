//! Payments: what Stripe tells us, and what bookings ask of Stripe. Every call is safe twice.

mod capture_payment;
mod open_payout_account;
mod receive_stripe_event;
mod release_payment;
mod stored;
mod transfer_payment;

use http_function::Function;

pub use capture_payment::CapturePayment;
pub use open_payout_account::OpenPayoutAccount;
pub use receive_stripe_event::ReceiveStripeEvent;
pub use release_payment::ReleasePayment;
pub use transfer_payment::TransferPayment;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<ReceiveStripeEvent>(),
        Function::listener::<CapturePayment>(),
        Function::listener::<ReleasePayment>(),
        Function::listener::<TransferPayment>(),
        Function::listener::<OpenPayoutAccount>(),
    ]
}
