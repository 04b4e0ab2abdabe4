//! The stand-in, driven over HTTP as the marketplace, a browser and a script drive it.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

mod accounts_and_transfers;
mod checkout;
mod disputes;
mod idempotency;
mod lists_and_errors;
mod payments;
mod refunds;
mod reversals;
mod support;
mod webhooks;
