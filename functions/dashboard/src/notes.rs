//! What operators noted about a person or a booking, and the form that adds to it.
//!
//! A page holds [`Notes`] as `notes` and includes `notes.html`.

use adapters::store::{InternalNote, Key, Question};
use domain::account::Account;
use http_function::{Desk, Notice, Problem};

use crate::frame::moment;

/// One note.
pub(crate) struct Line {
    pub(crate) by: String,
    pub(crate) when: String,
    pub(crate) text: String,
}

/// The notes of a page.
pub(crate) struct Notes {
    /// Where the form is sent.
    pub(crate) address: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) typed: String,
}

/// How many are shown.
const SHOWN: i32 = 30;

/// What was noted about `subject`, for the page at `page`.
pub(crate) async fn notes<O: Sync>(
    desk: &Desk<O>,
    subject: &str,
    page: &str,
    notice: &Notice,
) -> Result<Notes, Problem> {
    let question = Question::internal_notes(subject).limit(SHOWN);
    let read = desk.store.ask::<InternalNote>(question).await?;
    let mut lines: Vec<Line> = Vec::new();
    for note in read.records.into_iter().map(|read| read.record) {
        let account = desk.store.get::<Account>(Key::account(&note.by)).await?;
        lines.push(Line {
            by: account.map_or_else(
                || note.by.to_string(),
                |read| read.record.email.as_str().to_owned(),
            ),
            when: moment(&note.at),
            text: note.text,
        });
    }
    Ok(Notes {
        address: format!("{page}/notes"),
        lines,
        typed: notice.typed("note").to_owned(),
    })
}
