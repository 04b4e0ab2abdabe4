//! A client closes their account: at once, unless a booking is still under way.

use adapters::store::{Key, Question, UniqueClaim};
use domain::account::Account;
use domain::booking::Booking;
use domain::event::Event;
use http_function::{
    Call, Client, Desk, Nothing, Operation, Problem, Reply, confirm_password, sessions,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Close one's account.
pub struct CloseAccount;

/// The password again.
#[derive(Deserialize, JsonSchema)]
pub struct PasswordAgain {
    /// The present one.
    #[schemars(length(max = 128))]
    pub(crate) password: String,
}

impl Operation for CloseAccount {
    const NAME: &'static str = "close-account";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/account/close";
    const SUMMARY: &'static str = "Close the account; refused while a booking is under way.";
    const SECRET: bool = true;
    const BEFORE_TERMS: bool = true;
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = PasswordAgain;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let id = &call.who.account;
        let read = confirm_password(desk, id, &call.input.password)
            .await
            .map_err(|problem| problem.about("password"))?;
        let bookings = desk
            .store
            .ask_all::<Booking>(Question::bookings_of_client(id))
            .await?;
        let live: Vec<&str> = bookings
            .iter()
            .filter(|read| read.record.state.is_live())
            .map(|read| read.record.reference.as_str())
            .collect();
        if !live.is_empty() {
            return Err(still_live(&live));
        }
        let mut account: Account = read.record.clone();
        account.close(call.now)?;
        // The e-mail is free again: whoever opens another account with it sees nothing of this one.
        let claim = Key::unique(&UniqueClaim::email_key(&account.email));
        let changes = call
            .changes()
            .replace(&read, &account)
            .forget::<UniqueClaim>(claim)
            .activity(Self::NAME, id.as_str())
            .event(Event::AccountClosed {
                account: id.clone(),
            });
        Ok(Reply::ok(Nothing {})
            .changing(changes)
            .cookies(sessions::no_cookies(&desk.settings)))
    }
}

fn still_live(references: &[&str]) -> Problem {
    let which = references.join(", ");
    let sentence = match references {
        [_] => {
            format!("Votre compte ne peut pas être fermé : la réservation {which} est en cours.")
        }
        _ => {
            format!("Votre compte ne peut pas être fermé : les réservations {which} sont en cours.")
        }
    };
    Problem::new(409, "bookings_live", sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_names_each_booking() {
        for (references, words) in [
            (vec!["MAS-2026-0001"], "la réservation MAS-2026-0001 est"),
            (
                vec!["MAS-2026-0001", "MAS-2026-0002"],
                "les réservations MAS-2026-0001, MAS-2026-0002 sont",
            ),
        ] {
            let problem = still_live(&references);
            assert!(problem.detail.contains(words), "{}", problem.detail);
        }
    }
}
