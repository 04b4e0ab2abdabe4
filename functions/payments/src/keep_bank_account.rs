//! A professional takes back a change of bank account before it takes effect.

use domain::event::Event;
use domain::professional;
use http_function::{Call, Desk, Nothing, Operation, Owner, Problem, Reply};

use crate::payouts::{PayoutsView, own, view};

/// Keeping the bank account that there was.
pub struct KeepBankAccount;

impl Operation for KeepBankAccount {
    const NAME: &'static str = "keep-bank-account";
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/api/professional/iban";
    const SUMMARY: &'static str = "Take a change of bank account back before it takes effect.";
    type Outside = ();
    type Who = Owner;
    type Path = Nothing;
    type Input = Nothing;
    type Output = PayoutsView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<PayoutsView>, Problem> {
        let read = own(&desk.store, &call.who.professional).await?;
        if read.record.bank_change.is_none() {
            return Ok(Reply::ok(view(&read.record)));
        }
        let kept = professional::Professional {
            bank_change: None,
            ..read.record.clone()
        };
        let settled = Event::BankDetailsSettled {
            professional: kept.id.clone(),
        };
        let changes = call
            .changes()
            .replace(&read, &kept)
            .event(settled)
            .activity(Self::NAME, kept.id.as_str());
        Ok(Reply::ok(view(&kept)).changing(changes))
    }
}
