//! Where a client's missions take place, kept under a name, and the professionals they come back to: what
//! an order is filled in with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::booking::{Contact, MissionContext};
use crate::ids::{AccountId, ProfessionalId};
use crate::places::{PostalCode, together};
use crate::text::check_name;

/// How many places a client keeps at most.
pub const MOST_SITES: usize = 20;
/// How many favourites a client keeps at most.
pub const MOST_FAVOURITES: usize = 50;

/// A place of missions.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SavedSite {
    /// What the client calls it.
    #[schemars(length(min = 1, max = 60))]
    pub name: String,
    /// Street and number.
    #[schemars(length(min = 3, max = 120))]
    pub address: String,
    /// Five digits.
    pub postal_code: PostalCode,
    /// The town.
    #[schemars(length(min = 1, max = 80))]
    pub town: String,
    /// What professionals must know.
    pub context: MissionContext,
    /// Whom to call there, when it is not the client.
    #[serde(default)]
    pub contact: Option<Contact>,
}

impl std::fmt::Debug for SavedSite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SavedSite(…)")
    }
}

/// Why places or favourites are not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SitesRefused {
    /// Too many places.
    #[error("Vous pouvez enregistrer 20 lieux au plus.")]
    TooMany,
    /// No name, a long one, or the same twice.
    #[error("Donnez à chaque lieu un nom différent, de 60 caractères au plus.")]
    Name,
    /// An address or a text out of range.
    #[error(
        "L’adresse, le type de site, les risques ou les consignes d’un lieu sont trop courts ou trop longs."
    )]
    Text,
    /// The postal code and the commune do not belong together.
    #[error("Le code postal et la commune d’un lieu ne vont pas ensemble.")]
    Place,
    /// Nobody can be called so.
    #[error("Indiquez le nom de la personne à appeler, en lettres.")]
    Contact,
    /// Too many favourites.
    #[error("Vous pouvez garder 50 favoris au plus.")]
    TooManyFavourites,
}

impl SitesRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooMany => "sites_too_many",
            Self::Name => "site_name_invalid",
            Self::Text => "site_text_invalid",
            Self::Place => "site_place_invalid",
            Self::Contact => "contact_name_invalid",
            Self::TooManyFavourites => "favourites_too_many",
        }
    }
}

fn length(text: &str) -> usize {
    text.trim().chars().count()
}

/// Whether somebody can be called by this name.
///
/// # Errors
/// When it is empty, long, or no name.
pub fn check_contact(contact: &Contact) -> Result<(), SitesRefused> {
    let fits = (2..=100).contains(&length(&contact.name));
    if fits && check_name(&contact.name).is_ok() {
        Ok(())
    } else {
        Err(SitesRefused::Contact)
    }
}

impl SavedSite {
    fn checked(mut self) -> Result<Self, SitesRefused> {
        for text in [&mut self.name, &mut self.address, &mut self.town] {
            *text = text.trim().to_owned();
        }
        if !(1..=60).contains(&length(&self.name)) {
            return Err(SitesRefused::Name);
        }
        let context = &self.context;
        let fits = (3..=120).contains(&length(&self.address))
            && (2..=100).contains(&length(&context.site))
            && length(&context.risks) <= 1000
            && length(&context.instructions) <= 2000;
        if !fits {
            return Err(SitesRefused::Text);
        }
        let place = together(&self.postal_code, &self.town).map_err(|_| SitesRefused::Place)?;
        place.town.clone_into(&mut self.town);
        if let Some(contact) = &self.contact {
            check_contact(contact)?;
        }
        Ok(self)
    }
}

/// The places that a client keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSites {
    /// Whose.
    pub account: AccountId,
    /// In the client's order.
    pub sites: Vec<SavedSite>,
}

impl SavedSites {
    /// These places, and no others.
    ///
    /// # Errors
    /// When there are too many, two have one name, or one cannot be ordered for.
    pub fn keep(account: AccountId, sites: Vec<SavedSite>) -> Result<Self, SitesRefused> {
        if sites.len() > MOST_SITES {
            return Err(SitesRefused::TooMany);
        }
        let sites: Vec<SavedSite> = sites
            .into_iter()
            .map(SavedSite::checked)
            .collect::<Result<_, _>>()?;
        let twice = |(at, one): (usize, &SavedSite)| {
            let mut before = sites.iter().take(at);
            before.any(|other| other.name.to_lowercase() == one.name.to_lowercase())
        };
        if sites.iter().enumerate().any(twice) {
            return Err(SitesRefused::Name);
        }
        Ok(Self { account, sites })
    }
}

/// The professionals that a client comes back to, the last chosen first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Favourites {
    /// Whose.
    pub account: AccountId,
    /// Who.
    pub professionals: Vec<ProfessionalId>,
}

impl Favourites {
    /// Nobody yet.
    pub fn none(account: AccountId) -> Self {
        Self {
            account,
            professionals: Vec::new(),
        }
    }

    /// One more, or one less; whether that changes anything.
    ///
    /// # Errors
    /// When there would be too many.
    pub fn choose(
        &mut self,
        professional: &ProfessionalId,
        wanted: Wanted,
    ) -> Result<bool, SitesRefused> {
        let known = self.professionals.contains(professional);
        match wanted {
            Wanted::Kept if known => Ok(false),
            Wanted::Kept if self.professionals.len() >= MOST_FAVOURITES => {
                Err(SitesRefused::TooManyFavourites)
            }
            Wanted::Kept => {
                self.professionals.insert(0, professional.clone());
                Ok(true)
            }
            Wanted::Dropped => {
                self.professionals.retain(|one| one != professional);
                Ok(known)
            }
        }
    }
}

/// Whether a favourite is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// From now on.
    Kept,
    /// No longer.
    Dropped,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::Phone;
    use crate::ids::TypedId as _;

    const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6A";

    fn account() -> AccountId {
        AccountId::from_ulid(&format!("{ULID}B"))
    }

    fn site(name: &str) -> SavedSite {
        SavedSite {
            name: name.to_owned(),
            address: " 12 rue de la République ".to_owned(),
            postal_code: PostalCode::parse("69002").unwrap(),
            town: "lyon".to_owned(),
            context: MissionContext {
                site: "Chantier".to_owned(),
                public_road: false,
                public_expected: false,
                risks: String::new(),
                instructions: "Sonner au portail".to_owned(),
            },
            contact: None,
        }
    }

    #[test]
    fn a_place_is_kept_as_it_can_be_ordered_for() {
        let kept = SavedSites::keep(account(), vec![site("Dépôt")]).unwrap();
        let [one] = kept.sites.as_slice() else {
            panic!("one");
        };
        assert_eq!(one.address, "12 rue de la République");
        assert_eq!(one.town, "Lyon");
        assert_eq!(format!("{one:?}"), "SavedSite(…)");
    }

    #[test]
    fn what_could_not_be_ordered_for_is_refused() {
        let change = |change: &dyn Fn(&mut SavedSite)| {
            let mut one = site("Dépôt");
            change(&mut one);
            SavedSites::keep(account(), vec![one]).map(|_| ())
        };
        let named = |name: &str| Contact {
            name: name.to_owned(),
            phone: Phone::parse("06 12 34 56 78").unwrap(),
        };
        assert_eq!(
            change(&|one| one.contact = Some(named("Camille Martin"))),
            Ok(())
        );
        for (wrong, refused) in [
            (
                change(&|one| one.name = "  ".to_owned()),
                SitesRefused::Name,
            ),
            (change(&|one| one.name = "x".repeat(61)), SitesRefused::Name),
            (
                change(&|one| one.address = "12".to_owned()),
                SitesRefused::Text,
            ),
            (
                change(&|one| one.context.site = "x".to_owned()),
                SitesRefused::Text,
            ),
            (
                change(&|one| one.context.risks = "x".repeat(1001)),
                SitesRefused::Text,
            ),
            (
                change(&|one| one.town = "Marseille".to_owned()),
                SitesRefused::Place,
            ),
            (
                change(&|one| one.contact = Some(named("06 12"))),
                SitesRefused::Contact,
            ),
            (
                change(&|one| one.contact = Some(named("x"))),
                SitesRefused::Contact,
            ),
        ] {
            assert_eq!(wrong, Err(refused));
        }
        let twice = vec![site("Dépôt"), site("dépôt")];
        assert_eq!(SavedSites::keep(account(), twice), Err(SitesRefused::Name));
        let many: Vec<_> = (0..=MOST_SITES)
            .map(|n| site(&format!("Lieu {n}")))
            .collect();
        assert_eq!(
            SavedSites::keep(account(), many),
            Err(SitesRefused::TooMany)
        );
    }

    #[test]
    fn a_favourite_is_kept_once_the_last_first_and_dropped() {
        let mut mine = Favourites::none(account());
        let [one, other] = ['C', 'D'].map(|end| ProfessionalId::from_ulid(&format!("{ULID}{end}")));
        assert_eq!(mine.choose(&one, Wanted::Kept), Ok(true));
        assert_eq!(mine.choose(&other, Wanted::Kept), Ok(true));
        assert_eq!(mine.choose(&one, Wanted::Kept), Ok(false));
        assert_eq!(mine.professionals, [other.clone(), one.clone()]);
        assert_eq!(mine.choose(&other, Wanted::Dropped), Ok(true));
        assert_eq!(mine.choose(&other, Wanted::Dropped), Ok(false));
        assert_eq!(mine.professionals, [one]);
    }
}
