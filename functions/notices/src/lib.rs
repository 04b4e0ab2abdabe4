//! Notices: events go from the outbox to the bus, and from the bus to people's mailboxes.

mod files;
mod letter;
mod letters;
mod mailing;
mod post;
mod preview;
mod publish_events;
mod record_mail_fate;
mod send_mail;
#[cfg(test)]
mod stand_in;
mod sweep_undelivered;

use adapters::store::Table;
use http_function::{Function, Stream};

pub use preview::{Preview, letters_of_account, letters_of_decision};
pub use publish_events::PublishEvents;
pub use record_mail_fate::RecordMailFate;
pub use send_mail::{PostOffice, SendMail};
pub use sweep_undelivered::SweepUndelivered;

/// Events on their way to the bus. One that cannot be published is put aside after fifty tries, and those
/// behind it go on.
const OUTBOX: Stream = Stream {
    table: Table::Outbox,
    batch: 10,
    retries: 50,
};

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::feed::<PublishEvents>(OUTBOX),
        Function::listener::<SendMail>(),
        Function::observer::<RecordMailFate>(),
        // Each of fifty events may wait for its function's own limit, eight at once.
        Function::chore::<SweepUndelivered>().timeout(300),
    ]
}
