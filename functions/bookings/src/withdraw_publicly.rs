//! A consumer withdraws from the contract without signing in, by order number and e-mail: first
//! « renoncer au contrat ici », which shows the contract, then « confirmer la rétractation »
//! (C. conso., L221-21 and D221-5).

use std::time::Duration;

use adapters::bookings;
use adapters::store::{Key, Question, Store, UniqueClaim, Versioned};
use domain::booking::{Actor, Booking, Command, decide};
use domain::identifiers::Email;
use domain::ids::AccountId;
use domain::text::check_name;
use domain::time::zone::ZoneView;
use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Reply, by_ip, throttle,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::words::words;

/// Withdrawing without signing in.
pub struct WithdrawPublicly;

/// What the consumer states.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct PublicWithdrawal {
    /// Their name.
    #[schemars(length(min = 2, max = 120))]
    name: String,
    /// The order number, such as `MAS-2026-7K3F9Q2A`.
    #[schemars(length(min = 5, max = 40))]
    reference: String,
    /// The e-mail of the order: the acknowledgement is sent there.
    email: Email,
    /// False to see the contract, true to withdraw from it.
    confirmed: bool,
}

/// The contract, and what withdrawing from it gives.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WithdrawalView {
    /// The order number.
    reference: String,
    /// With whom the contract is made.
    professional_name: String,
    /// When the mission starts.
    start: Timestamp,
    /// By whose clocks its hours are told.
    zone: ZoneView,
    /// Until when the consumer may withdraw; none before the contract is concluded.
    until: Option<Timestamp>,
    /// What is given back, in cents; nothing when the card was not debited.
    refund: i64,
    /// Why, in French.
    explanation: String,
    /// When the withdrawal was received, once confirmed.
    acknowledged_at: Option<Timestamp>,
}

/// How long looking for an order takes at least: longer than either way of looking.
const THOUGHT: Duration = Duration::from_millis(300);
/// How many wrong tries of one address in an hour are answered at once; then each takes longer. None is
/// refused, and a right one is never slowed down: this function of the law is there for everybody, also
/// beside somebody who guesses.
const TRIES: u64 = 10;
/// How much longer.
const SLOWER: Duration = Duration::from_secs(3);

impl Operation for WithdrawPublicly {
    const NAME: &'static str = "withdraw-publicly";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/withdrawals";
    const SUMMARY: &'static str =
        "Withdraw from a contract by order number and e-mail, in two steps, without signing in.";
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = PublicWithdrawal;
    type Output = WithdrawalView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<WithdrawalView>, Problem> {
        let asked = &call.input;
        let name = words("name", &asked.name, 2, 120)?;
        check_name(&name).map_err(|refused| Problem::from(refused).about("name"))?;
        // The answer takes the same time whether the address is known or not.
        let (found, ()) = tokio::join!(
            ordered_by(&desk.store, &asked.email, &asked.reference),
            tokio::time::sleep(THOUGHT),
        );
        let Some(read) = found? else {
            return Err(slowly_refused(desk, &call.trace.ip).await);
        };
        let booking = &read.record;
        let leaving = booking.withdrawing(call.now)?;
        let shown = WithdrawalView {
            reference: booking.reference.clone(),
            professional_name: booking.professional_name.clone(),
            start: booking.mission.interval.start(),
            zone: booking.mission.zone().view(),
            until: booking.withdrawal_deadline,
            refund: leaving.refund.cents(),
            explanation: leaving.explanation,
            acknowledged_at: asked.confirmed.then_some(call.now),
        };
        if !asked.confirmed {
            return Ok(Reply::ok(shown));
        }
        let decision = decide(booking, Actor::Client, &Command::Withdraw, call.now)?;
        let changes = bookings::write(&desk.store, &read, decision, call.changes()).await?;
        Ok(Reply::ok(shown).changing(changes.activity(Self::NAME, booking.id.as_str())))
    }
}

/// The order of that number, made by the account of that e-mail.
async fn ordered_by(
    store: &Store,
    email: &Email,
    reference: &str,
) -> Result<Option<Versioned<Booking>>, Problem> {
    let claim = store
        .get::<UniqueClaim>(Key::unique(&UniqueClaim::email_key(email)))
        .await?;
    let Some(client) = claim.and_then(|claim| AccountId::parse(&claim.record.owner).ok()) else {
        return Ok(None);
    };
    let wanted = reference.trim().to_uppercase();
    let mut after = None;
    loop {
        let question = Question::bookings_of_client(&client)
            .limit(100)
            .after(after);
        let page = store.ask::<Booking>(question).await?;
        let found = page
            .records
            .into_iter()
            .find(|read| read.record.reference == wanted);
        match (found, page.next) {
            // Read by its key: an index may lag behind.
            (Some(read), _) => return Ok(store.get(Key::booking(&read.record.id)).await?),
            (None, Some(next)) => after = Some(next),
            (None, None) => return Ok(None),
        }
    }
}

/// Says that there is no such order, the later the more often.
async fn slowly_refused<O>(desk: &Desk<O>, ip: &str) -> Problem {
    let counted = throttle(desk, &by_ip("withdraw", ip), TRIES, HOUR).await;
    if counted.is_err() {
        tokio::time::sleep(SLOWER).await;
    }
    no_such_order()
}

fn no_such_order() -> Problem {
    Problem::new(
        404,
        "withdrawal_not_found",
        "Aucune commande ne porte ce numéro avec cette adresse électronique. Vérifiez les deux sur le courriel de confirmation.",
    )
}
