//! A client corrects their name or phone number.

use domain::account::{Account, ClientProfile, Corrected};
use domain::event::Event;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};

use crate::read_account::own_account;

/// Correct one's particulars.
pub struct CorrectAccount;

impl Operation for CorrectAccount {
    const NAME: &'static str = "correct-account";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/account/profile";
    const SUMMARY: &'static str = "Correct name and phone number; past bookings keep theirs.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = Corrected;
    type Output = ClientProfile;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<ClientProfile>, Problem> {
        let read = own_account(&desk.store, &call.who.account).await?;
        let mut account: Account = read.record.clone();
        account.correct(&call.input)?;
        let profile = account.client.clone().ok_or_else(Problem::not_found)?;
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, account.id.as_str())
            .event(Event::AccountChanged {
                account: account.id.clone(),
            });
        Ok(Reply::ok(profile).changing(changes))
    }
}
