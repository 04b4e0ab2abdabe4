//! What a decision's mails would say, before it is taken: written by the letters that tell it afterwards.

use adapters::keys::KeySet;
use domain::account::Account;
use domain::booking::Booking;
use domain::event::Event;
use domain::platform::Platform;
use domain::professional::Professional;

use crate::files::BookingFile;
use crate::mailing::{Mailing, mailing};
use crate::post::{Notice, Post};

/// A mail as its reader would read it.
pub struct Preview {
    /// To whom: `au client` or `au professionnel`.
    pub to: &'static str,
    /// Its subject.
    pub subject: String,
    /// What it says, paragraph by paragraph.
    pub paragraphs: Vec<String>,
}

/// The mails of these events of a booking, as it would be once the decision is taken. Links lead nowhere:
/// only words are shown.
pub fn letters_of_decision(
    events: &[Event],
    booking: &Booking,
    client: &Account,
    professional: &Professional,
    platform: &Platform,
) -> Vec<Preview> {
    let keys = KeySet::none();
    let at = booking.created_at;
    let post = Post {
        site: "",
        keys: &keys,
        platform,
        operator: None,
        event: "",
        happened_at: at,
        now: at,
    };
    let file = BookingFile {
        booking: booking.clone(),
        client: client.clone(),
        professional: professional.clone(),
    };
    let letters = events.iter().flat_map(|event| match mailing(event) {
        Mailing::Booking(_, write) => write(&post, &file),
        _ => Vec::new(),
    });
    letters.map(|notice| preview(notice, client)).collect()
}

/// The mails of an event of a client's account, as it would be once it happened.
pub fn letters_of_account(event: &Event, client: &Account, platform: &Platform) -> Vec<Preview> {
    let keys = KeySet::none();
    let at = client.created_at;
    let post = Post {
        site: "",
        keys: &keys,
        platform,
        operator: None,
        event: "",
        happened_at: at,
        now: at,
    };
    let letters = match mailing(event) {
        Mailing::Account(_, write) => write(&post, client),
        _ => Vec::new(),
    };
    let letters = letters.into_iter();
    letters.map(|notice| preview(notice, client)).collect()
}

fn preview(notice: Notice, client: &Account) -> Preview {
    let to = if notice.recipient == client.id.as_str() {
        "au client"
    } else {
        "au professionnel"
    };
    let letter = notice.letter;
    let facts = letter
        .facts
        .iter()
        .map(|fact| format!("{} : {}", fact.label, fact.value));
    let paragraphs = std::iter::once(letter.greeting.clone())
        .chain(letter.paragraphs.iter().cloned())
        .chain(facts);
    Preview {
        to,
        subject: letter.subject.clone(),
        paragraphs: paragraphs.collect(),
    }
}
