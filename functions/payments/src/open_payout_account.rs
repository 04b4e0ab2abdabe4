//! A professional was accepted: the Connect account that they are paid on is opened.

use adapters::store::{Changes, OutboxItem};
use adapters::stripe::Stripe;
use domain::event::Event;
use http_function::{Desk, Listener, Problem};

use crate::stored;

/// Opening a payout account.
pub struct OpenPayoutAccount;

impl Listener for OpenPayoutAccount {
    const NAME: &'static str = "open-payout-account";
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
        if read.record.payout_account.is_some() {
            return Ok(changes);
        }
        let mut professional = read.record.clone();
        let account = desk
            .outside
            .open_payout_account(
                &professional.id,
                professional.name(),
                professional.email.as_str(),
            )
            .await?;
        professional.payout_account = Some(account);
        let changed = Event::ProfessionalChanged {
            professional: professional.id.clone(),
        };
        Ok(changes
            .replace(&read, &professional)
            .event(changed)
            .activity(Self::NAME, professional.id.as_str()))
    }
}
