//! Operators write down what the others should know of a person or a booking. Nobody else reads it.

use adapters::ids::fresh_ulid;
use adapters::store::InternalNote;
use domain::ids::{AccountId, BookingId, ProfessionalId};
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

/// What is noted.
#[derive(Deserialize, JsonSchema)]
pub struct NoteWritten {
    /// The note.
    #[schemars(length(min = 1, max = 2000))]
    note: String,
}

/// About which booking.
#[derive(Deserialize, JsonSchema)]
pub struct NotedBooking {
    booking: BookingId,
}

/// About which client.
#[derive(Deserialize, JsonSchema)]
pub struct NotedClient {
    account: AccountId,
}

/// About which professional.
#[derive(Deserialize, JsonSchema)]
pub struct NotedProfessional {
    professional: ProfessionalId,
}

fn write<O>(call: &Call<O>, subject: &str) -> Result<Reply<Nothing>, Problem>
where
    O: Operation<Who = Admin, Input = NoteWritten>,
{
    let text = call.input.note.trim();
    if !(1..=2000).contains(&text.chars().count()) {
        let problem = Problem::new(
            422,
            "note_length",
            "Une note compte de 1 à 2 000 caractères.",
        );
        return Err(problem.about("note"));
    }
    let note = InternalNote {
        subject: subject.to_owned(),
        id: fresh_ulid(call.now),
        by: call.who.account.clone(),
        at: call.now,
        text: text.to_owned(),
    };
    let changes = call
        .changes()
        .create(&note, "note")
        .activity(O::NAME, subject);
    Ok(Reply::ok(Nothing {}).changing(changes))
}

macro_rules! notes {
    ($($(#[$doc:meta])* $type:ident, $name:literal, $path:literal, $whose:ty, $field:ident;)*) => {$(
        $(#[$doc])*
        pub struct $type;

        impl Operation for $type {
            const NAME: &'static str = $name;
            const METHOD: &'static str = "POST";
            const PATH: &'static str = $path;
            const SUMMARY: &'static str = "Write down what the other operators should know.";
            const DUTY: Duty = Duty::Decide;
            type Outside = ();
            type Who = Admin;
            type Path = $whose;
            type Input = NoteWritten;
            type Output = Nothing;

            async fn run(_: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
                write(call, call.path.$field.as_str())
            }
        }
    )*};
}

notes! {
    /// About a booking.
    NoteOnBooking, "note-on-booking", "/admin/reservations/{booking}/notes", NotedBooking, booking;
    /// About a client.
    NoteOnClient, "note-on-client", "/admin/clients/{account}/notes", NotedClient, account;
    /// About a professional.
    NoteOnProfessional, "note-on-professional", "/admin/professionnels/{professional}/notes", NotedProfessional, professional;
}
