//! The operator and two clients: a consumer in Lyon, an association in Marseille.

use adapters::store::Key;
use domain::account::second_factor::{SecondFactor, SharedSecret};
use domain::account::{Account, ClientProfile, Role};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{ADMIN_EMAIL, ADMIN_PASSWORD, PASSWORD, Stage, new_account, said};

/// The same on every machine: it protects nothing but demonstrations.
const OPERATOR_SECRET: &SharedSecret = b"MonAgentDeSecu-local";

pub(super) async fn admin(stage: &Stage) -> Result<(), String> {
    let factor = SecondFactor::enrolled(*OPERATOR_SECRET, stage.now);
    let account = Account {
        second_factor: Some(factor),
        ..new_account(1, ADMIN_EMAIL, Role::Admin, stage.now)?
    };
    stage.account(account, ADMIN_PASSWORD).await.map(|_| ())
}

/// What signs the operator in now: this machine's clock moves, a telephone's does not.
pub(super) async fn sign_in(stage: &Stage) -> Result<Value, String> {
    let account = new_account(1, ADMIN_EMAIL, Role::Admin, stage.now)?;
    let read = stage.store.get::<Account>(Key::account(&account.id)).await;
    let factor = read
        .map_err(said)?
        .and_then(|read| read.record.second_factor);
    Ok(json!({
        "email": ADMIN_EMAIL,
        "password": ADMIN_PASSWORD,
        // One that is still taken some seconds from now, when it is given.
        "code": factor.and_then(|factor| factor.unused_code(stage.now + SignedDuration::from_secs(10))),
    }))
}

pub(super) async fn clients(stage: &Stage) -> Result<Vec<Account>, String> {
    let consumer = json!({
        "kind": { "type": "consumer" }, "first_name": "Camille", "last_name": "Roux", "phone": "06 00 00 00 11",
    });
    let business = json!({
        "kind": { "type": "business", "company": "Festival des Docks", "siren": "910000041" },
        "first_name": "Inès", "last_name": "Benali", "phone": "06 00 00 00 12",
    });
    let people = [
        (2, "camille@demo.monagentdesecu.fr", consumer),
        (3, "festival@demo.monagentdesecu.fr", business),
    ];
    written(stage, people).await
}

/// Those who booked in the six towns before.
pub(super) async fn more_clients(stage: &Stage) -> Result<Vec<Account>, String> {
    let consumer = |first: &str, last: &str, phone: &str| json!({ "kind": { "type": "consumer" }, "first_name": first, "last_name": last, "phone": phone });
    let business = |company: &str, siren: &str, first: &str, last: &str, phone: &str| {
        json!({
            "kind": { "type": "business", "company": company, "siren": siren },
            "first_name": first, "last_name": last, "phone": phone,
        })
    };
    let people = [
        (
            4,
            "nadia@demo.monagentdesecu.fr",
            consumer("Nadia", "Lefèvre", "06 00 00 00 14"),
        ),
        (
            5,
            "thomas@demo.monagentdesecu.fr",
            consumer("Thomas", "Escoffier", "06 00 00 00 15"),
        ),
        (
            6,
            "opaline@demo.monagentdesecu.fr",
            business(
                "Galerie Opaline",
                "910200013",
                "Élise",
                "Morvan",
                "06 00 00 00 16",
            ),
        ),
        (
            7,
            "batir@demo.monagentdesecu.fr",
            business(
                "Bâtir Clair",
                "910200021",
                "Samir",
                "Ouali",
                "06 00 00 00 17",
            ),
        ),
        (
            8,
            "lumen@demo.monagentdesecu.fr",
            business(
                "Salons Lumen",
                "910200039",
                "Agathe",
                "Roussel",
                "06 00 00 00 18",
            ),
        ),
    ];
    written(stage, people).await
}

async fn written<const N: usize>(
    stage: &Stage,
    people: [(u16, &str, Value); N],
) -> Result<Vec<Account>, String> {
    let mut accounts = Vec::new();
    for (n, email, profile) in people {
        let profile: ClientProfile = serde_json::from_value(profile).map_err(said)?;
        let account = Account {
            client: Some(profile),
            ..new_account(n, email, Role::Client, stage.now)?
        };
        stage.account(account.clone(), PASSWORD).await?;
        accounts.push(account);
    }
    Ok(accounts)
}
