//! The outside: DynamoDB, S3, SES, EventBridge, Stripe, secrets, time and identifiers.
//!
//! One production path, over the real protocols. Only binaries and `infra/local` open these.

pub mod agenda;
pub mod bookings;
pub mod bus;
pub mod clock;
pub mod deadline;
pub mod documents;
pub mod environment;
pub mod experience;
pub mod finding;
pub mod ids;
pub mod invoices;
pub mod keys;
pub mod lambdas;
pub mod likenesses;
pub mod mailer;
pub mod orders;
pub mod platform;
pub mod secrets;
pub mod site;
pub mod store;
pub mod stripe;
pub mod undelivered;
pub mod vault;

mod aws;
