//! The platform's terms, version by version (terms, preamble; P2B regulation, article 3): what holds
//! now, what was announced, and who still has to accept.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::account::{Acceptance, Role, legal};
use crate::ids::AccountId;
use crate::time::paris;
use crate::typography::unbroken;

/// A new version takes effect this long after its publication at the soonest.
pub const NOTICE: SignedDuration = SignedDuration::from_hours(15 * 24);
/// The longest text.
const LONGEST: usize = 60_000;

/// For whom a set of terms is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Audience {
    /// Clients.
    #[serde(rename = "clients")]
    Clients,
    /// Professionals.
    #[serde(rename = "professionnels")]
    Professionals,
}

impl Audience {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Clients, Self::Professionals];

    /// As addresses name it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::Professionals => "professionnels",
        }
    }

    /// What the text is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Clients => "Conditions d’utilisation",
            Self::Professionals => "Conditions pour les professionnels",
        }
    }

    /// Whose terms a role has to accept.
    pub fn of(role: Role) -> Option<Self> {
        match role {
            Role::Client => Some(Self::Clients),
            Role::Professional => Some(Self::Professionals),
            // What binds the team is the owner's to accept.
            Role::Manager | Role::Agent | Role::Admin | Role::Applicant => None,
        }
    }

    /// The accounts that the terms are for.
    pub fn role(self) -> Role {
        match self {
            Self::Clients => Role::Client,
            Self::Professionals => Role::Professional,
        }
    }

    fn first_name(self) -> (&'static str, &'static str) {
        match self {
            Self::Clients => legal::TERMS_CLIENTS,
            Self::Professionals => legal::TERMS_PROFESSIONALS,
        }
    }

    /// The text of the first version, which came with the site.
    pub fn first_text(self) -> &'static str {
        match self {
            Self::Clients => include_str!("../data/terms/clients-2026-09.txt"),
            Self::Professionals => include_str!("../data/terms/professionals-2026-09.txt"),
        }
    }
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsVersion {
    /// For whom.
    pub audience: Audience,
    /// Its name, such as `2027-01`.
    pub version: String,
    /// SHA-256 of its text, hexadecimal; `None` for the first, whose text is in the code.
    pub sha256: Option<String>,
    /// When it was published; `None` for the first.
    pub published_at: Option<Timestamp>,
    /// When it takes effect.
    pub effective_at: Timestamp,
    /// Who published it.
    pub by: Option<AccountId>,
    /// Everybody up to here was written to.
    #[serde(default)]
    pub told_until: Option<String>,
    /// When everybody was.
    #[serde(default)]
    pub told_at: Option<Timestamp>,
}

impl TermsVersion {
    /// The version that came with the site.
    pub fn first(audience: Audience) -> Self {
        Self {
            audience,
            version: audience.first_name().1.to_owned(),
            sha256: None,
            published_at: None,
            effective_at: paris::day_start(date(2026, 9, 1)),
            by: None,
            told_until: None,
            told_at: None,
        }
    }

    /// The text and its version, as acceptances name them.
    pub fn name(&self) -> (&str, &str) {
        (self.audience.first_name().0, &self.version)
    }

    /// The end of its public address, which never changes.
    pub fn address(&self) -> String {
        format!("/cgu/{}?version={}", self.audience.slug(), self.version)
    }
}

/// Every version that was published after the first ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsRegister {
    /// In the order of their effect.
    pub published: Vec<TermsVersion>,
}

/// Why a version is not published, or not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TermsRefused {
    /// Fifteen days are the least.
    #[error("Une version nouvelle prend effet au plus tôt 15 jours entiers après sa publication.")]
    TooSoon,
    /// Another was announced and does not hold yet.
    #[error("Une version est déjà annoncée : elle doit d’abord prendre effet.")]
    OneAnnounced,
    /// The name is taken or is not one.
    #[error(
        "Donnez à cette version un nom nouveau : de 1 à 20 lettres sans accent, chiffres, points ou tirets."
    )]
    NameInvalid,
    /// No text, or too much of it.
    #[error("Le texte doit compter de 200 à 60 000 caractères.")]
    TextInvalid,
    /// Accepting something else than what holds.
    #[error("Cette version n’est pas celle qui s’applique : relisez les conditions en vigueur.")]
    NotInForce,
}

impl TermsRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooSoon => "terms_too_soon",
            Self::OneAnnounced => "terms_already_announced",
            Self::NameInvalid => "terms_version_invalid",
            Self::TextInvalid => "terms_text_invalid",
            Self::NotInForce => "terms_version_changed",
        }
    }
}

/// The first day on which a version published at `now` may take effect.
pub fn soonest(now: Timestamp) -> Date {
    let day = paris::local_date(now + NOTICE);
    if paris::day_start(day) >= now + NOTICE {
        day
    } else {
        day.tomorrow().unwrap_or(day)
    }
}

impl TermsRegister {
    /// Every version for an audience, the oldest first.
    pub fn versions(&self, audience: Audience) -> Vec<TermsVersion> {
        let later = self.published.iter();
        let later = later.filter(|one| one.audience == audience).cloned();
        std::iter::once(TermsVersion::first(audience))
            .chain(later)
            .collect()
    }

    /// The version that holds at `now`.
    pub fn in_force(&self, audience: Audience, now: Timestamp) -> TermsVersion {
        let begun = self.versions(audience).into_iter();
        begun
            .filter(|one| one.effective_at <= now)
            .max_by_key(|one| one.effective_at)
            .unwrap_or_else(|| TermsVersion::first(audience))
    }

    /// The version that was announced and does not hold yet.
    pub fn announced(&self, audience: Audience, now: Timestamp) -> Option<&TermsVersion> {
        let mut later = self.published.iter();
        later.find(|one| one.audience == audience && now < one.effective_at)
    }

    /// Publishes a version, whose text has this SHA-256.
    #[expect(clippy::too_many_arguments, reason = "each is a field of the record")]
    pub fn publish(
        &mut self,
        audience: Audience,
        version: &str,
        text: &str,
        sha256: String,
        from: Date,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<TermsVersion, TermsRefused> {
        let letter = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '-');
        let named = (1..=20).contains(&version.len()) && version.chars().all(letter);
        let taken = self
            .versions(audience)
            .iter()
            .any(|one| one.version == version);
        if !named || taken {
            return Err(TermsRefused::NameInvalid);
        }
        if !(200..=LONGEST).contains(&text.trim().chars().count()) {
            return Err(TermsRefused::TextInvalid);
        }
        if self.announced(audience, now).is_some() {
            return Err(TermsRefused::OneAnnounced);
        }
        if from < soonest(now) {
            return Err(TermsRefused::TooSoon);
        }
        let published = TermsVersion {
            audience,
            version: version.to_owned(),
            sha256: Some(sha256),
            published_at: Some(now),
            effective_at: paris::day_start(from),
            by: Some(by.clone()),
            told_until: None,
            told_at: None,
        };
        self.published.push(published.clone());
        self.published.sort_by_key(|one| one.effective_at);
        Ok(published)
    }

    /// What somebody with these acceptances still has to accept. The first version is accepted by
    /// opening an account.
    pub fn to_accept(
        &self,
        role: Role,
        acceptances: &[Acceptance],
        now: Timestamp,
    ) -> Option<TermsVersion> {
        let holds = self.in_force(Audience::of(role)?, now);
        let (document, version) = holds.name();
        let accepted = holds.published_at.is_none()
            || acceptances
                .iter()
                .any(|one| one.document == document && one.version == version);
        (!accepted).then_some(holds)
    }

    /// The version of which not everybody was told yet.
    pub fn untold(&mut self) -> Option<&mut TermsVersion> {
        self.published.iter_mut().find(|one| one.told_at.is_none())
    }
}

/// A part of a text as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// Whether it is a heading.
    pub heading: bool,
    /// Its words.
    pub text: String,
}

/// The blocks of a text: between empty lines, headings begin with `##`.
pub fn blocks(text: &str) -> Vec<Block> {
    let text = text.replace("\r\n", "\n");
    let parts = text.split("\n\n").map(|part| unbroken(part.trim()));
    parts
        .filter(|part| !part.is_empty())
        .map(|part| match part.strip_prefix("##") {
            Some(words) => Block {
                heading: true,
                text: words.trim().to_owned(),
            },
            None => Block {
                heading: false,
                text: part,
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn publish(register: &mut TermsRegister, from: &str, now: &str) -> Result<(), TermsRefused> {
        let by = AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        let text = "x".repeat(200);
        register
            .publish(
                Audience::Professionals,
                from,
                &text,
                "00".repeat(32),
                from.parse().unwrap(),
                &by,
                at(now),
            )
            .map(|_| ())
    }

    #[test]
    fn fifteen_whole_days_are_the_least() {
        let now = "2026-11-23T10:00:00Z";
        let mut register = TermsRegister::default();
        assert_eq!(
            publish(&mut register, "2026-12-08", now),
            Err(TermsRefused::TooSoon)
        );
        assert_eq!(soonest(at(now)), date(2026, 12, 9));
        // At midnight in Paris, the fifteenth day is whole.
        assert_eq!(soonest(at("2026-11-22T23:00:00Z")), date(2026, 12, 8));
        publish(&mut register, "2026-12-09", now).unwrap();
        assert_eq!(
            publish(&mut register, "2026-12-20", now),
            Err(TermsRefused::OneAnnounced)
        );
        assert_eq!(
            publish(&mut register, "2026-12-09", "2026-12-10T10:00:00Z"),
            Err(TermsRefused::NameInvalid)
        );
    }

    #[test]
    fn a_version_is_asked_for_from_its_effect_on_and_once() {
        let mut register = TermsRegister::default();
        publish(&mut register, "2026-12-09", "2026-11-23T10:00:00Z").unwrap();
        let (before, after) = (at("2026-12-08T22:59:59Z"), at("2026-12-08T23:00:00Z"));
        let first = Acceptance::of(legal::TERMS_PROFESSIONALS, before, "", "");
        let mut accepted = vec![first];
        let role = Role::Professional;
        assert_eq!(register.to_accept(role, &accepted, before), None);
        assert!(
            register
                .announced(Audience::Professionals, before)
                .is_some()
        );
        let asked = register.to_accept(role, &accepted, after).unwrap();
        assert_eq!(asked.version, "2026-12-09");
        assert_eq!(register.to_accept(Role::Client, &accepted, after), None);
        assert_eq!(register.to_accept(Role::Admin, &accepted, after), None);
        accepted.push(Acceptance::of(asked.name(), after, "", ""));
        assert_eq!(register.to_accept(role, &accepted, after), None);
        assert_eq!(register.versions(Audience::Professionals).len(), 2);
    }

    #[test]
    fn texts_are_read_as_headings_and_paragraphs() {
        let read = blocks("## Titre\r\n\r\nUn.\nDeux.\n\n\n\nTrois.\n");
        let shape: Vec<_> = read
            .iter()
            .map(|one| (one.heading, one.text.as_str()))
            .collect();
        assert_eq!(
            shape,
            [(true, "Titre"), (false, "Un.\nDeux."), (false, "Trois.")]
        );
        for audience in Audience::ALL {
            let first = blocks(audience.first_text());
            assert!(first.len() > 8, "{audience:?}");
            assert!(first.iter().any(|one| one.heading));
        }
    }
}
