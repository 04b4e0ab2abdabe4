//! Somebody closes their account. A client's closes at once, unless a booking is still under way; a
//! professional's within five days, or with two months' notice (terms, articles 7 and 16), and they may
//! change their mind until then.

use adapters::store::{Changes, Key, Question, Store, UniqueClaim, Versioned};
use domain::account::Account;
use domain::booking::{Booking, OpenOrders};
use domain::event::Event;
use domain::ids::ProfessionalId;
use domain::order::Order;
use domain::professional::{Departing, Professional, StandingStep};
use http_function::{
    Call, Desk, Nothing, Operation, Principal, Problem, Reply, confirm_password, sessions,
};
use jiff::Timestamp;
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

/// What is asked.
#[derive(Deserialize, JsonSchema)]
pub struct Closing {
    /// The present password.
    #[schemars(length(max = 128))]
    password: String,
    /// How, for a professional.
    how: Option<HowToClose>,
}

/// How a professional's account is closed, or that it is not after all.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HowToClose {
    /// Within five days, unless a booking is still under way.
    InFiveDays,
    /// With two months' notice.
    WithNotice,
    /// Not after all.
    Stay,
}

impl Operation for CloseAccount {
    const NAME: &'static str = "close-account";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/account/close";
    const SUMMARY: &'static str = "Close the account: a client's at once, a professional's after the delay that they choose; refused while a booking is under way, but for two months' notice.";
    const SECRET: bool = true;
    const BEFORE_TERMS: bool = true;
    type Outside = ();
    type Who = Principal;
    type Path = Nothing;
    type Input = Closing;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let id = &call.who.account;
        let read = confirm_password(desk, id, &call.input.password)
            .await
            .map_err(|problem| problem.about("password"))?;
        if let Some(professional) = &call.who.professional {
            return leave(desk, call, professional).await;
        }
        let changes = close_client(&desk.store, &read, call.now, call.changes()).await?;
        let changes = changes.activity(Self::NAME, id.as_str());
        Ok(Reply::ok(Nothing {})
            .changing(changes)
            .cookies(sessions::no_cookies(&desk.settings)))
    }
}

/// A professional leaves within five days only when no booking is under way.
///
/// # Errors
/// `bookings_live` while one is.
pub async fn check_nothing_live(store: &Store, id: &ProfessionalId) -> Result<(), Problem> {
    let mut live = live(store, Question::bookings_of_professional(id)).await?;
    live.extend(open_orders(store, Question::orders_of_professional(id)).await?);
    if live.is_empty() {
        Ok(())
    } else {
        Err(still_live(&live))
    }
}

/// Closes a client's account, at once.
///
/// # Errors
/// `bookings_live` while a booking is under way; `account_closed` when it is.
pub async fn close_client(
    store: &Store,
    read: &Versioned<Account>,
    now: Timestamp,
    changes: Changes,
) -> Result<Changes, Problem> {
    let id = &read.record.id;
    // Read before the bookings: an order that is taken from here on writes it too, and one of both fails.
    let known = store.get::<OpenOrders>(Key::open_orders(id)).await?;
    let mut orders = known
        .as_ref()
        .map_or_else(|| OpenOrders::of(id.clone()), |known| known.record.clone());
    let live = live_of_client(store, &orders).await?;
    if !live.is_empty() {
        return Err(still_live(&live));
    }
    orders.close(now);
    let mut account: Account = read.record.clone();
    account.close(now)?;
    // The e-mail is free again: whoever opens another account with it sees nothing of this one.
    let claim = Key::unique(&UniqueClaim::email_key(&account.email));
    Ok(changes
        .replace(read, &account)
        .upsert(known.as_ref(), &orders)
        .forget::<UniqueClaim>(claim)
        .event(Event::AccountClosed {
            account: id.clone(),
        }))
}

/// The professional's account ends when the delay is over: the sweep closes it.
async fn leave(
    desk: &Desk<()>,
    call: &Call<CloseAccount>,
    id: &ProfessionalId,
) -> Result<Reply<Nothing>, Problem> {
    let read = desk
        .store
        .get::<Professional>(Key::professional(id))
        .await?;
    let read = read.ok_or_else(Problem::not_found)?;
    let mut professional = read.record.clone();
    let step = match call.input.how.ok_or_else(how_missing)? {
        HowToClose::InFiveDays => {
            check_nothing_live(&desk.store, id).await?;
            professional.leave(Departing::InFiveDays, &call.who.account, call.now)?;
            StandingStep::Leaving
        }
        HowToClose::WithNotice => {
            professional.leave(Departing::WithNotice, &call.who.account, call.now)?;
            StandingStep::Leaving
        }
        HowToClose::Stay => {
            professional.stay(call.now)?;
            StandingStep::Stayed
        }
    };
    let changes = call
        .changes()
        .replace(&read, &professional)
        .activity(CloseAccount::NAME, id.as_str())
        .event(Event::ProfessionalChanged {
            professional: id.clone(),
        })
        .event(Event::StandingChanged {
            professional: id.clone(),
            step,
        });
    Ok(Reply::ok(Nothing {}).changing(changes))
}

/// The references of a client's bookings that are still under way. The index may be moments behind, so
/// the latest orders are looked at by themselves.
async fn live_of_client(store: &Store, orders: &OpenOrders) -> Result<Vec<String>, Problem> {
    let mut live = live(store, Question::bookings_of_client(&orders.client)).await?;
    live.extend(open_orders(store, Question::orders_of_client(&orders.client)).await?);
    for order in &orders.orders {
        if let Some(id) = &order.order {
            let read = store.get::<Order>(Key::order(id)).await?;
            let read = read.filter(|read| read.record.state.is_open());
            live.extend(read.map(|read| read.record.reference));
            continue;
        }
        let key = Key::booking(&order.booking);
        let read = store.get::<Booking>(key).await?;
        let read = read.filter(|read| read.record.state.is_live());
        live.extend(read.map(|read| read.record.reference));
    }
    live.sort();
    live.dedup();
    Ok(live)
}

/// The references of the orders of several missions that wait for their payment or their answer.
async fn open_orders(store: &Store, question: Question) -> Result<Vec<String>, Problem> {
    let orders = store.ask_all::<Order>(question).await?;
    let open = orders
        .into_iter()
        .filter(|read| read.record.state.is_open());
    Ok(open.map(|read| read.record.reference).collect())
}

/// The references of the bookings that are still under way.
async fn live(store: &Store, question: Question) -> Result<Vec<String>, Problem> {
    let bookings = store.ask_all::<Booking>(question).await?;
    let live = bookings
        .into_iter()
        .filter(|read| read.record.state.is_live());
    Ok(live.map(|read| read.record.reference).collect())
}

fn how_missing() -> Problem {
    Problem::new(
        422,
        "how_missing",
        "Choisissez entre la désinscription sous cinq jours et le préavis de deux mois.",
    )
    .about("how")
}

fn still_live(references: &[String]) -> Problem {
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
        let owned = |references: Vec<&str>| -> Vec<String> {
            references.into_iter().map(str::to_owned).collect()
        };
        for (references, words) in [
            (vec!["MAS-2026-0001"], "la réservation MAS-2026-0001 est"),
            (
                vec!["MAS-2026-0001", "MAS-2026-0002"],
                "les réservations MAS-2026-0001, MAS-2026-0002 sont",
            ),
        ] {
            let problem = still_live(&owned(references));
            assert!(problem.detail.contains(words), "{}", problem.detail);
        }
    }
}
