//! The operator and two clients: a consumer in Lyon, an association in Marseille.

use domain::account::{Account, ClientProfile, Role};
use serde_json::json;

use super::{ADMIN_EMAIL, ADMIN_PASSWORD, PASSWORD, Stage, new_account, said};

pub(super) async fn admin(stage: &Stage) -> Result<(), String> {
    let account = new_account(1, ADMIN_EMAIL, Role::Admin, stage.now)?;
    stage.account(account, ADMIN_PASSWORD).await.map(|_| ())
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
