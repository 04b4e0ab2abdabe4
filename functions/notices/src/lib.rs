//! Notices: events go from the outbox to the bus, and from the bus to people's mailboxes.

mod letter;
mod letters;
mod post;
mod publish_events;
mod send_mail;
#[cfg(test)]
mod stand_in;

use http_function::Function;

pub use publish_events::PublishEvents;
pub use send_mail::{OperatorAddress, SendMail};

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::feed::<PublishEvents>(),
        Function::listener::<SendMail>(),
    ]
}
