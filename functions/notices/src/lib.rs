//! Notices: events go from the outbox to the bus, and from the bus to people's mailboxes.

mod files;
mod letter;
mod letters;
mod mailing;
mod post;
mod publish_events;
mod record_mail_fate;
mod send_mail;
#[cfg(test)]
mod stand_in;
mod sweep_undelivered;

use http_function::Function;

pub use publish_events::PublishEvents;
pub use record_mail_fate::RecordMailFate;
pub use send_mail::{OperatorAddress, SendMail};
pub use sweep_undelivered::SweepUndelivered;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::feed::<PublishEvents>(),
        Function::listener::<SendMail>(),
        Function::observer::<RecordMailFate>(),
        Function::chore::<SweepUndelivered>(),
    ]
}
