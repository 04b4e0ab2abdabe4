//! What an identifier of the activity log is called, and where it leads.

use std::collections::BTreeMap;

use adapters::store::{BookingRow, FoundPlaces, Key, SYSTEM, Store, StoreError};
use domain::account::{Account, Role};
use domain::ids::{AccountId, BookingId, ProfessionalId};
use domain::members::Members;
use futures::future::try_join_all;

use crate::words;

/// Somebody or something, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// What it is called; the identifier where it has no name.
    pub(crate) name: String,
    /// Its page, where there is one.
    pub(crate) address: Option<String>,
}

/// The names of all these identifiers, each looked up once.
pub(crate) async fn names(
    store: &Store,
    ids: impl IntoIterator<Item = &str>,
) -> Result<BTreeMap<String, Named>, StoreError> {
    let mut wanted: Vec<&str> = ids.into_iter().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let found = wanted.iter().map(|id| named(store, id));
    let found = try_join_all(found).await?;
    Ok(wanted.into_iter().map(str::to_owned).zip(found).collect())
}

async fn named(store: &Store, id: &str) -> Result<Named, StoreError> {
    if id == SYSTEM {
        return Ok(plain("La plateforme", None));
    }
    if id == "visitor" {
        return Ok(plain("Un visiteur", None));
    }
    if let Ok(booking) = BookingId::parse(id) {
        let row = store.get::<BookingRow>(Key::booking_row(&booking)).await?;
        let reference = row.map(|read| read.record.reference);
        let address = Some(format!("/admin/reservations/{id}"));
        return Ok(match reference {
            Some(reference) => plain(&format!("réservation {reference}"), address),
            None => plain("réservation", address),
        });
    }
    if ProfessionalId::parse(id).is_ok() {
        return professional(store, id).await;
    }
    if let Ok(account) = AccountId::parse(id) {
        return person(store, &account).await;
    }
    Ok(other(id))
}

fn plain(name: &str, address: Option<String>) -> Named {
    Named {
        name: name.to_owned(),
        address,
    }
}

async fn professional(store: &Store, id: &str) -> Result<Named, StoreError> {
    let known = store.get::<FoundPlaces>(Key::found_places(id)).await?;
    let name = known
        .map(|read| read.record.label)
        .filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "un professionnel qui s’inscrit".to_owned());
    Ok(plain(&name, Some(format!("/admin/professionnels/{id}"))))
}

async fn person(store: &Store, id: &AccountId) -> Result<Named, StoreError> {
    let known = store
        .get::<FoundPlaces>(Key::found_places(id.as_str()))
        .await?;
    if let Some(known) = known {
        let address = Some(format!("/admin/clients/{id}"));
        return Ok(plain(&known.record.label, address));
    }
    let Some(read) = store.get::<Account>(Key::account(id)).await? else {
        return Ok(plain(id.as_str(), None));
    };
    let account = read.record;
    match (account.role, &account.professional) {
        (_, Some(company)) => in_a_team(store, id, company).await,
        (Role::Client, None) => Ok(plain("un client", Some(format!("/admin/clients/{id}")))),
        (
            Role::Admin | Role::Professional | Role::Manager | Role::Agent | Role::Applicant,
            None,
        ) => Ok(plain(account.email.as_str(), None)),
    }
}

/// Somebody of a professional's team by name and role, its owner by the professional's name.
async fn in_a_team(
    store: &Store,
    id: &AccountId,
    company: &ProfessionalId,
) -> Result<Named, StoreError> {
    let named = professional(store, company.as_str()).await?;
    let members = store.get::<Members>(Key::members(company)).await?;
    let member = members.and_then(|read| read.record.whoever(id).cloned());
    let Some(member) = member else {
        return Ok(named);
    };
    let role = words::member(&member.role);
    let name = format!("{} ({role}, {})", member.name(), named.name);
    Ok(plain(&name, named.address))
}

/// What has no name of its own: its kind, and its page where it has one.
fn other(id: &str) -> Named {
    let kind = id.split('_').next().unwrap_or_default();
    let to = |path: &str| Some(format!("/admin/{path}/{id}"));
    match kind {
        "rev" => plain("avis", to("avis")),
        "rpt" => plain("signalement", to("signalements")),
        "inv" => plain("facture", None),
        "doc" => plain("pièce", None),
        "off" => plain("offre", None),
        "cnv" => plain("conversation", None),
        "evl" | "eva" => plain("évaluation", None),
        "prf" => plain("adresse à confirmer", None),
        "ses" => plain("session", None),
        _ if id.starts_with("/admin") => plain("page", Some(id.to_owned())),
        _ => plain(id, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_says_its_kind() {
        for (id, name, address) in [
            ("rev_1", "avis", Some("/admin/avis/rev_1")),
            ("inv_1", "facture", None),
            ("/admin/argent", "page", Some("/admin/argent")),
            ("2026-10", "2026-10", None),
        ] {
            let named = other(id);
            assert_eq!(
                (named.name.as_str(), named.address.as_deref()),
                (name, address)
            );
        }
    }
}
