//! Demonstration data: invented people and companies, written through the same store as everything
//! else. Loading it twice changes nothing; identifiers are fixed, so links to it keep working.

mod bookings;
mod people;
mod professionals;
mod team;
mod towns;
mod visitor;
pub(crate) mod week;

use adapters::documents::Documents;
use adapters::environment::{Environment, Outside as _};
use adapters::secrets::hash_password;
use adapters::store::{Changes, Store, StoreError, Trace, UniqueClaim};
use adapters::stripe::Stripe;
use domain::account::{Account, Role};
use domain::identifiers::Email;
use domain::ids::{AccountId, TypedId};
use domain::offer::Offer;
use domain::professional::Professional;
use futures::FutureExt as _;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{Demo, Surroundings, functions};

/// The operator's account, made when this machine starts.
pub const ADMIN_EMAIL: &str = "admin@demo.monagentdesecu.fr";
/// Its password.
pub const ADMIN_PASSWORD: &str = "Admin-Demo-2026";
/// The password of every other demonstration account.
pub const PASSWORD: &str = "Demo-Secret-2026";

/// What `POST /local/demo` runs.
#[must_use]
pub fn loader() -> Demo {
    std::sync::Arc::new(|surroundings| load(surroundings).boxed())
}

/// What a new or emptied machine begins with: somebody who can accept professionals. Answers what
/// signs them in.
#[must_use]
pub fn operator() -> Demo {
    std::sync::Arc::new(|surroundings| {
        async move {
            let stage = Stage::open(&surroundings);
            people::admin(&stage).await?;
            people::sign_in(&stage).await
        }
        .boxed()
    })
}

/// What the demonstration is written with.
struct Stage {
    store: Store,
    documents: Documents,
    stripe: Stripe,
    now: Timestamp,
}

impl Stage {
    fn open(surroundings: &Surroundings) -> Self {
        let environment: Environment = functions::environment(surroundings);
        Self {
            store: Store::open(&environment),
            documents: Documents::open(&environment),
            stripe: Stripe::open(&environment),
            now: environment.clock.now(),
        }
    }

    fn changes(&self) -> Changes {
        Changes::by(&Trace::system("demo"), self.now)
    }

    /// Writes what is not there yet.
    async fn write(&self, changes: Changes) -> Result<bool, String> {
        match self.store.commit(changes).await {
            Ok(()) => Ok(true),
            Err(StoreError::Taken(_)) => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    }

    /// An account that is verified and whose password is known.
    async fn account(&self, mut account: Account, password: &'static str) -> Result<bool, String> {
        let hashed = tokio::task::spawn_blocking(move || hash_password(password)).await;
        account.password_hash = Some(hashed.map_err(said)?.map_err(said)?);
        let claim = UniqueClaim::email(&account.email, &account.id);
        self.write(
            self.changes()
                .create(&account, "account")
                .claim(claim, "email"),
        )
        .await
    }
}

fn new_account(n: u16, email: &str, role: Role, now: Timestamp) -> Result<Account, String> {
    Ok(Account {
        id: id::<AccountId>(n),
        email: Email::parse(email).map_err(said)?,
        email_verified_at: Some(now),
        password_hash: None,
        must_change_password: false,
        password_expires_at: None,
        role,
        client: None,
        professional: None,
        acceptances: Vec::new(),
        created_at: now,
        signed_out_before: None,
        second_factor: None,
        newsletter_choices: Vec::new(),
        identifier_change: None,
        former_identifiers: Vec::new(),
        suspected_at: None,
        closed_at: None,
    })
}

/// The same identifier every time.
fn id<T: TypedId>(n: u16) -> T {
    T::from_ulid(&format!("01KDEM0DEM0DEM0DEM0DEM0{n:03}"))
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

async fn load(surroundings: Surroundings) -> Result<Value, String> {
    let stage = Stage::open(&surroundings);
    people::admin(&stage).await?;
    let clients = people::clients(&stage).await?;
    let sellers = professionals::accepted(&stage).await?;
    bookings::past(&stage, &clients, &sellers).await?;
    team::joined(&stage, &sellers).await?;
    Ok(told(&clients, &sellers))
}

/// The market around them: six towns, in each of which several professionals sell the same.
pub(crate) async fn open_towns(surroundings: Surroundings) -> Result<Value, String> {
    let stage = Stage::open(&surroundings);
    let clients = people::more_clients(&stage).await?;
    let sellers = towns::opened(&stage, &clients).await?;
    Ok(told(&clients, &sellers))
}

/// Who was loaded, and what signs them in.
fn told(clients: &[Account], sellers: &[(Professional, Offer)]) -> Value {
    json!({
        "admin": { "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD },
        "password": PASSWORD,
        "clients": clients.iter().map(|client| client.email.as_str()).collect::<Vec<_>>(),
        "professionals": sellers.iter().map(|(seller, _)| json!({ "email": seller.email.as_str(), "name": seller.name() })).collect::<Vec<_>>(),
    })
}
