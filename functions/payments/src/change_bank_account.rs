//! A professional asks to be paid on another bank account: with the password, announced by mail, and
//! after a day in which it can be taken back and nothing is paid (terms, article 4.2).

use adapters::likenesses;
use domain::event::Event;
use domain::identifiers::Iban;
use domain::professional::{BankAccount, BankChange};
use http_function::{Call, Desk, Nothing, Operation, Owner, Problem, Reply, confirm_password};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::payouts::{PayoutsView, own, view};

/// Changing the bank account.
pub struct ChangeBankAccount;

/// The new account, and the password again.
#[derive(Deserialize, JsonSchema)]
pub struct NewBankAccount {
    /// The present password.
    #[schemars(length(max = 128))]
    password: String,
    /// The account's number.
    iban: Iban,
    /// In whose name it is.
    #[schemars(length(min = 2, max = 120))]
    holder: String,
}

impl Operation for ChangeBankAccount {
    const NAME: &'static str = "change-bank-account";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/professional/iban";
    const SUMMARY: &'static str =
        "Be paid on another bank account, in 24 hours. Asks for the password and alerts by mail.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Owner;
    type Path = Nothing;
    type Input = NewBankAccount;
    type Output = PayoutsView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<PayoutsView>, Problem> {
        let holder = call.input.holder.trim();
        if !(2..=120).contains(&holder.chars().count()) {
            return Err(Problem::new(
                422,
                "holder_invalid",
                "Indiquez le titulaire du compte, de 2 à 120 caractères.",
            )
            .about("holder"));
        }
        confirm_password(desk, &call.who.account, &call.input.password)
            .await
            .map_err(|problem| problem.about("password"))?;
        let read = own(&desk.store, &call.who.professional).await?;
        let mut professional = read.record.clone();
        let to = BankAccount {
            iban: call.input.iban.clone(),
            holder: holder.to_owned(),
        };
        if professional.current_bank_account().as_ref() == Some(&to) {
            return Err(Problem::new(
                422,
                "iban_unchanged",
                "Vos versements se font déjà sur ce compte.",
            )
            .about("iban"));
        }
        professional.bank_change = Some(BankChange::asked(to, call.now));
        let asked = Event::BankDetailsChanged {
            professional: professional.id.clone(),
        };
        let changes = call
            .changes()
            .replace(&read, &professional)
            .event(asked)
            .activity(Self::NAME, professional.id.as_str());
        let changes = likenesses::mark(changes, &professional);
        Ok(Reply::ok(view(&professional)).changing(changes))
    }
}
