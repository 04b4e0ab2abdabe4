//! A professional was accepted: the Connect account that they are paid on is opened. They still have to
//! answer Stripe's questions before it receives anything.

use adapters::store::{Changes, OutboxItem, Versioned};
use adapters::stripe::Stripe;
use domain::event::Event;
use domain::professional::{PayoutAccount, PayoutStatus, Professional};
use http_function::{Desk, Listener, Problem};

use crate::accounts::changed;
use crate::stored;

/// Opening a payout account.
pub struct OpenPayoutAccount;

impl Listener for OpenPayoutAccount {
    const NAME: &'static str = "open-payout-account";
    const SUMMARY: &'static str =
        "A professional was accepted: the Connect account that they are paid on is opened.";
    const EVENTS: &'static [&'static str] = &["ProfessionalAccepted"];
    type Outside = Stripe;

    async fn on(
        desk: &Desk<Stripe>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let Event::ProfessionalAccepted { professional } = &happened.event else {
            return Ok(changes);
        };
        let read = stored::professional(&desk.store, professional).await?;
        let (_account, changes) = open(desk, &read, changes).await?;
        Ok(changes)
    }
}

/// The professional's Connect account: the one there is, or a new one, paid out to the bank account of
/// the registration.
pub(crate) async fn open(
    desk: &Desk<Stripe>,
    read: &Versioned<Professional>,
    changes: Changes,
) -> Result<(String, Changes), Problem> {
    if let Some(account) = &read.record.payout_account {
        return Ok((account.id.clone(), changes));
    }
    let mut professional = read.record.clone();
    let opened = desk
        .outside
        .open_payout_account(
            &professional.id,
            professional.name(),
            professional.email.as_str(),
        )
        .await?;
    if let Some(bank) = professional.current_bank_account() {
        desk.outside
            .set_bank_account(&opened.id, &bank, "registration")
            .await?;
    }
    let account = PayoutAccount {
        id: opened.id.clone(),
        status: PayoutStatus::Pending,
    };
    let account = account.seen(opened.receives_transfers());
    professional.payout_account = Some(account.clone());
    let changes = changes
        .replace(read, &professional)
        .events(changed(&professional.id, account.status))
        .activity(OpenPayoutAccount::NAME, professional.id.as_str());
    Ok((opened.id, changes))
}
