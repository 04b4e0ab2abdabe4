//! A professional's Connect account, read again from Stripe.

use adapters::deadline::Tries;
use adapters::store::{Changes, Trace};
use domain::event::Event;
use domain::ids::ProfessionalId;
use domain::professional::{PayoutStatus, Professional};
use http_function::Problem;

use crate::settle::PaymentDesk;
use crate::stored;

/// Reads whether the professional can be paid, and writes it down when it changed.
pub(crate) async fn refresh(
    desk: &PaymentDesk,
    trace: &Trace,
    id: &ProfessionalId,
) -> Result<Professional, Problem> {
    let mut tries = Tries::begin();
    loop {
        let read = stored::professional(&desk.store, id).await?;
        let Some(account) = &read.record.payout_account else {
            return Ok(read.record);
        };
        let seen = desk.outside.payout_account(&account.id).await?;
        let now_seen = account.seen(seen.receives_transfers());
        if now_seen == *account {
            return Ok(read.record);
        }
        let professional = Professional {
            payout_account: Some(now_seen.clone()),
            ..read.record.clone()
        };
        let changes = Changes::by(trace, desk.clock.now())
            .replace(&read, &professional)
            .events(changed(id, now_seen.status))
            .activity("read-payout-account", id.as_str());
        match desk.store.commit(changes).await.map_err(Problem::from) {
            Ok(()) => return Ok(professional),
            Err(problem) if problem.is_stale() && tries.again().await => {}
            Err(problem) => return Err(problem),
        }
    }
}

/// What is told when it changed whether the professional can be paid: search and pages follow.
pub(crate) fn changed(id: &ProfessionalId, status: PayoutStatus) -> [Event; 2] {
    [
        Event::PayoutsChanged {
            professional: id.clone(),
            status,
        },
        Event::ProfessionalChanged {
            professional: id.clone(),
        },
    ]
}
