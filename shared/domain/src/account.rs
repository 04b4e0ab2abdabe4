//! People who can sign in, and what they agreed to.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::identifiers::{Email, Phone, Siren};
use crate::ids::{AccountId, ProfessionalId};
use crate::professional::Professional;
use crate::text::{TextRefused, check_name};

pub mod device;
pub mod identifier;
pub mod proof;
pub mod second_factor;
pub mod sites;

use identifier::{FormerIdentifier, IdentifierChange};
use second_factor::SecondFactor;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Orders missions.
    Client,
    /// Acts for an accepted professional, and answers for it: its owner.
    Professional,
    /// Runs an accepted professional's orders and planning, without its money and its identity.
    Manager,
    /// Is sent on an accepted professional's missions: sees their own shifts and nothing else.
    Agent,
    /// The operator.
    Admin,
    /// Is registering a professional; sees that registration and nothing else.
    Applicant,
}

/// How somebody proved who they are when they signed in; written as a token's `amr` has it (RFC 8176,
/// which has no name for a link).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SignInMethod {
    /// A password.
    #[serde(rename = "pwd")]
    Password,
    /// A one-time code, or a recovery code in its place.
    #[serde(rename = "otp")]
    OneTimeCode,
    /// A link or a code that was mailed.
    #[serde(rename = "link")]
    MailedLink,
}

/// The version of a legal text that was accepted, and the proof of it (terms, preamble).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Which text: `cgu-professionnels`, `cgu-clients`, `mandat-facturation` …
    pub document: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its text, hexadecimal.
    #[serde(default)]
    pub sha256: Option<String>,
    /// When.
    pub at: Timestamp,
    /// From which address.
    pub ip: String,
    /// With which browser.
    pub browser: String,
}

impl Acceptance {
    /// One of the texts of [`legal`], accepted at `at` from this address with this browser.
    pub fn of(text: (&str, &str), at: Timestamp, ip: &str, browser: &str) -> Self {
        let (document, version) = text;
        Self {
            document: document.to_owned(),
            version: version.to_owned(),
            sha256: None,
            at,
            ip: ip.to_owned(),
            browser: browser.to_owned(),
        }
    }

    /// The same, of a text with this SHA-256.
    pub fn of_text(self, sha256: String) -> Self {
        Self {
            sha256: Some(sha256),
            ..self
        }
    }
}

/// The first versions of the platform's own texts; `terms` has those that followed.
pub mod legal {
    /// Terms for professionals.
    pub const TERMS_PROFESSIONALS: (&str, &str) = ("cgu-professionnels", "2026-09");
    /// Terms for clients.
    pub const TERMS_CLIENTS: (&str, &str) = ("cgu-clients", "2026-09");
    /// The mandate by which the platform invoices in the professional's name (CGI, 289 I-2).
    pub const BILLING_MANDATE: (&str, &str) = ("mandat-facturation", "2026-09");
}

/// An account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// What signs in.
    pub email: Email,
    /// When the e-mail was verified; until then the account cannot order.
    pub email_verified_at: Option<Timestamp>,
    /// Argon2id hash in PHC form.
    pub password_hash: Option<String>,
    /// The password was attributed: it must be changed before anything else works.
    pub must_change_password: bool,
    /// Until when an attributed password works.
    pub password_expires_at: Option<Timestamp>,
    /// Devices signed in before this are signed out: the password changed.
    #[serde(default)]
    pub signed_out_before: Option<Timestamp>,
    /// What it may do.
    pub role: Role,
    /// The client's particulars, for clients.
    pub client: Option<ClientProfile>,
    /// The professional acted for, for professionals.
    pub professional: Option<ProfessionalId>,
    /// What was accepted, append-only.
    pub acceptances: Vec<Acceptance>,
    /// What an operator gives beside the password.
    #[serde(default)]
    pub second_factor: Option<SecondFactor>,
    /// Every time the newsletter was asked for or given up, append-only.
    #[serde(default)]
    pub newsletter_choices: Vec<NewsletterChoice>,
    /// Another e-mail that was asked for.
    #[serde(default)]
    pub identifier_change: Option<IdentifierChange>,
    /// What signed in before, append-only.
    #[serde(default)]
    pub former_identifiers: Vec<FormerIdentifier>,
    /// When its holder said that somebody else comes in, until the operator has looked.
    #[serde(default)]
    pub suspected_at: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When its holder closed it: nobody signs in any more, and what must be kept is kept.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
}

/// Where somebody said whether they want the newsletter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChosenBy {
    /// The form that opens an account.
    SignUp,
    /// The page of the account.
    Account,
    /// The link that each newsletter carries.
    MailLink,
    /// The account was closed.
    Closing,
    /// An opposition was granted.
    Opposition,
}

/// The newsletter asked for or given up: the proof of a consent, and of its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewsletterChoice {
    /// Whether it is wanted from then on.
    pub wanted: bool,
    /// When.
    pub at: Timestamp,
    /// Where.
    pub by: ChosenBy,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({}, {:?})", self.id, self.role)
    }
}

/// For how long an attributed password works.
pub const ATTRIBUTED_PASSWORD_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Why something about an account is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AccountRefused {
    /// The terms were not accepted.
    #[error("L’acceptation des conditions générales d’utilisation est nécessaire.")]
    TermsNotAccepted,
    /// First or last name empty or too long.
    #[error("Le prénom et le nom doivent compter de 1 à 80 caractères.")]
    Name,
    /// A name with what no name has.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Company name too short or too long.
    #[error("La raison sociale doit compter de 2 à 120 caractères.")]
    Company,
    /// The attributed password was not used in time (terms, article 4).
    #[error(
        "Le mot de passe qui vous a été attribué a expiré : choisissez-en un nouveau par « Mot de passe oublié »."
    )]
    PasswordExpired,
    /// The new password is the present one.
    #[error("Le nouveau mot de passe doit être différent de l’actuel.")]
    PasswordUnchanged,
    /// It was closed by its holder.
    #[error("Ce compte est fermé.")]
    Closed,
    /// The password was already chosen: none is attributed any more.
    #[error(
        "Ce compte est déjà activé : connectez-vous, ou choisissez un nouveau mot de passe par « Mot de passe oublié »."
    )]
    AlreadyActive,
}

impl AccountRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::TermsNotAccepted => "terms_not_accepted",
            Self::Name => "name_invalid",
            Self::Text(refused) => refused.code(),
            Self::Company => "company_invalid",
            Self::PasswordExpired => "attributed_password_expired",
            Self::PasswordUnchanged => "password_unchanged",
            Self::Closed => "account_closed",
            Self::AlreadyActive => "account_already_active",
        }
    }
}

impl Account {
    /// A client's account: it can order once its e-mail is verified. Without a password, the code of a mail
    /// is what signs in.
    pub fn of_client(
        id: AccountId,
        email: Email,
        password_hash: Option<String>,
        client: ClientProfile,
        accepted: Acceptance,
    ) -> Self {
        let newsletter_choices = client.newsletter.then_some(NewsletterChoice {
            wanted: true,
            at: accepted.at,
            by: ChosenBy::SignUp,
        });
        Self {
            created_at: accepted.at,
            newsletter_choices: newsletter_choices.into_iter().collect(),
            password_hash,
            client: Some(client),
            acceptances: vec![accepted],
            ..Self::empty(id, email, Role::Client)
        }
    }

    /// The account of a professional accepted at `now`: it has no password until one is attributed.
    pub fn of_professional(id: AccountId, professional: &Professional, now: Timestamp) -> Self {
        Self {
            created_at: now,
            email_verified_at: professional.email_verified_at,
            must_change_password: true,
            professional: Some(professional.id.clone()),
            acceptances: professional.acceptances.clone(),
            ..Self::empty(id, professional.email.clone(), Role::Professional)
        }
    }

    /// The account of an operator whom another lets in and hands a password and a key to.
    pub fn of_operator(
        id: AccountId,
        email: Email,
        password_hash: String,
        factor: SecondFactor,
        now: Timestamp,
    ) -> Self {
        Self {
            created_at: now,
            email_verified_at: Some(now),
            password_hash: Some(password_hash),
            second_factor: Some(factor),
            ..Self::empty(id, email, Role::Admin)
        }
    }

    /// Takes an operator's account out of use: nobody signs in to it, and every session ends.
    pub fn end_operator(&mut self, now: Timestamp) {
        self.password_hash = None;
        self.signed_out_before = Some(now);
        self.closed_at = Some(now);
    }

    /// The account of somebody who joins a professional's team: whoever invited them and the link of the mail
    /// prove the address.
    pub fn of_member(
        (id, role): (AccountId, Role),
        (email, professional): (Email, ProfessionalId),
        password_hash: String,
        accepted: Acceptance,
    ) -> Self {
        Self {
            created_at: accepted.at,
            email_verified_at: Some(accepted.at),
            password_hash: Some(password_hash),
            professional: Some(professional),
            acceptances: vec![accepted],
            ..Self::empty(id, email, role)
        }
    }

    fn empty(id: AccountId, email: Email, role: Role) -> Self {
        Self {
            id,
            email,
            email_verified_at: None,
            password_hash: None,
            must_change_password: false,
            password_expires_at: None,
            signed_out_before: None,
            role,
            client: None,
            professional: None,
            acceptances: Vec::new(),
            second_factor: None,
            newsletter_choices: Vec::new(),
            identifier_change: None,
            former_identifiers: Vec::new(),
            suspected_at: None,
            created_at: Timestamp::UNIX_EPOCH,
            closed_at: None,
        }
    }

    /// The holder reads the e-mail: the first proof counts.
    pub fn verify_email(&mut self, now: Timestamp) {
        self.email_verified_at.get_or_insert(now);
    }

    /// Gives the account of an accepted professional its first password (terms, article 4).
    pub fn attribute_password(
        &mut self,
        hash: String,
        now: Timestamp,
    ) -> Result<(), AccountRefused> {
        if !self.must_change_password {
            return Err(AccountRefused::AlreadyActive);
        }
        self.password_hash = Some(hash);
        self.password_expires_at = Some(now + ATTRIBUTED_PASSWORD_LIFE);
        self.signed_out_before = Some(now);
        Ok(())
    }

    /// The holder chose a password: it lasts, and other devices are signed out.
    pub fn choose_password(&mut self, hash: String, now: Timestamp) {
        self.password_hash = Some(hash);
        self.must_change_password = false;
        self.password_expires_at = None;
        self.signed_out_before = Some(now);
    }

    /// The holder says that somebody else comes in (terms, article 6): every device is signed out, no
    /// password opens the account until another is chosen by mail, and the operator looks.
    pub fn suspect_access(&mut self, now: Timestamp) {
        self.password_hash = None;
        self.password_expires_at = None;
        self.signed_out_before = Some(now);
        self.suspected_at = Some(now);
    }

    /// Every device is signed out.
    pub fn sign_out_everywhere(&mut self, now: Timestamp) {
        self.signed_out_before = Some(now);
    }

    /// Whether the password still opens the account: an attributed one ends.
    pub fn check_password_in_time(&self, now: Timestamp) -> Result<(), AccountRefused> {
        match self.password_expires_at {
            Some(end) if now >= end => Err(AccountRefused::PasswordExpired),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a code is asked for beside the password.
    pub fn has_second_factor(&self) -> bool {
        let factor = self.second_factor.as_ref();
        factor.is_some_and(|factor| factor.enrolled_at.is_some())
    }

    /// Whether a session opened at `since` may still act as the operator.
    pub fn is_operator_since(&self, since: Timestamp) -> bool {
        self.role == Role::Admin && self.keeps_device(since)
    }

    /// Whether a device that signed in at `since` is still signed in.
    pub fn keeps_device(&self, since: Timestamp) -> bool {
        self.closed_at.is_none() && self.signed_out_before.is_none_or(|limit| since >= limit)
    }

    /// Corrects the name and the phone number. Bookings keep those they were ordered with.
    pub fn correct(&mut self, corrected: &Corrected) -> Result<(), AccountRefused> {
        let client = self.open_client()?;
        let mut changed = client.clone();
        changed.first_name = corrected.first_name.trim().to_owned();
        changed.last_name = corrected.last_name.trim().to_owned();
        changed.phone = corrected.phone.clone();
        changed.check()?;
        *client = changed;
        Ok(())
    }

    /// Asks for the newsletter or gives it up; whether that changes anything.
    pub fn choose_newsletter(
        &mut self,
        wanted: bool,
        by: ChosenBy,
        now: Timestamp,
    ) -> Result<bool, AccountRefused> {
        let client = self.open_client()?;
        if client.newsletter == wanted {
            return Ok(false);
        }
        client.newsletter = wanted;
        self.newsletter_choices.push(NewsletterChoice {
            wanted,
            at: now,
            by,
        });
        Ok(true)
    }

    /// Closes it: no password opens it, every device is signed out, no newsletter follows. Name and
    /// e-mail stay for the documents that the law asks to keep.
    pub fn close(&mut self, now: Timestamp) -> Result<(), AccountRefused> {
        self.choose_newsletter(false, ChosenBy::Closing, now)?;
        self.password_hash = None;
        self.password_expires_at = None;
        self.signed_out_before = Some(now);
        self.closed_at = Some(now);
        Ok(())
    }

    /// Its holder is no member of the team any more: nobody signs in with it again, and every device is
    /// signed out. What they did stays under it.
    pub fn end_membership(&mut self, now: Timestamp) {
        self.password_hash = None;
        self.password_expires_at = None;
        self.signed_out_before = Some(now);
        self.closed_at = Some(now);
    }

    /// The particulars of a client whose account is open.
    fn open_client(&mut self) -> Result<&mut ClientProfile, AccountRefused> {
        match &mut self.client {
            Some(client) if self.closed_at.is_none() => Ok(client),
            Some(_) | None => Err(AccountRefused::Closed),
        }
    }
}

/// What a client may correct by themselves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Corrected {
    /// First name.
    #[schemars(length(min = 1, max = 80))]
    pub first_name: String,
    /// Last name.
    #[schemars(length(min = 1, max = 80))]
    pub last_name: String,
    /// Phone number.
    pub phone: Phone,
}

/// Whether the client is protected as a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientKind {
    /// A natural person acting outside a trade.
    Consumer,
    /// A company, an association, a public body.
    Business {
        /// Its name.
        #[schemars(length(min = 2, max = 120))]
        company: String,
        /// Its SIREN, required on invoices.
        siren: Siren,
    },
}

/// A client's particulars: shown to a professional only once a booking is accepted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientProfile {
    /// Consumer or business.
    pub kind: ClientKind,
    /// First name.
    #[schemars(length(min = 1, max = 80))]
    pub first_name: String,
    /// Last name.
    #[schemars(length(min = 1, max = 80))]
    pub last_name: String,
    /// Phone number.
    pub phone: Phone,
    /// Whether the newsletter was asked for; never by default.
    #[serde(default)]
    pub newsletter: bool,
}

impl ClientProfile {
    /// Checks what the client wrote.
    pub fn check(&self) -> Result<(), AccountRefused> {
        let length = |text: &str| text.trim().chars().count();
        if ![&self.first_name, &self.last_name]
            .into_iter()
            .all(|name| (1..=80).contains(&length(name)))
        {
            return Err(AccountRefused::Name);
        }
        check_name(&self.first_name)?;
        check_name(&self.last_name)?;
        match &self.kind {
            ClientKind::Business { company, .. } if !(2..=120).contains(&length(company)) => {
                Err(AccountRefused::Company)
            }
            ClientKind::Business { .. } | ClientKind::Consumer => Ok(()),
        }
    }

    /// Whether consumer law protects this client.
    pub fn is_consumer(&self) -> bool {
        matches!(self.kind, ClientKind::Consumer)
    }

    /// First name and initial, as shown beside a review.
    pub fn public_name(&self) -> String {
        let initial = self
            .last_name
            .chars()
            .next()
            .map(|letter| letter.to_uppercase().to_string());
        format!("{} {}.", self.first_name, initial.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn attributed() -> Account {
        let id = AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        let email = Email::parse("chef@example.fr").unwrap();
        Account {
            must_change_password: true,
            ..Account::empty(id, email, Role::Professional)
        }
    }

    #[test]
    fn an_attributed_password_works_for_seven_days() {
        let mut account = attributed();
        account
            .attribute_password("hash".to_owned(), at("2026-09-01T10:00:00Z"))
            .unwrap();
        assert!(account.must_change_password);
        assert_eq!(
            account.check_password_in_time(at("2026-09-08T09:59:59Z")),
            Ok(())
        );
        assert_eq!(
            account.check_password_in_time(at("2026-09-08T10:00:00Z")),
            Err(AccountRefused::PasswordExpired)
        );
    }

    #[test]
    fn no_password_is_attributed_once_one_was_chosen() {
        let mut account = attributed();
        account.choose_password("hash".to_owned(), at("2026-09-01T10:00:00Z"));
        assert_eq!(
            account.attribute_password("other".to_owned(), at("2026-09-02T10:00:00Z")),
            Err(AccountRefused::AlreadyActive)
        );
        assert_eq!(
            account.check_password_in_time(at("2030-01-01T00:00:00Z")),
            Ok(())
        );
    }

    #[test]
    fn a_new_password_signs_out_the_devices_of_before() {
        let mut account = attributed();
        assert!(account.keeps_device(at("2026-08-31T10:00:00Z")));
        account.choose_password("hash".to_owned(), at("2026-09-01T10:00:00Z"));
        assert!(!account.keeps_device(at("2026-08-31T10:00:00Z")));
        assert!(account.keeps_device(at("2026-09-01T10:00:00Z")));
    }

    fn client(newsletter: bool) -> Account {
        Account::of_client(
            AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
            Email::parse("nadia@example.fr").unwrap(),
            Some("hash".to_owned()),
            ClientProfile {
                kind: ClientKind::Consumer,
                first_name: "Nadia".to_owned(),
                last_name: "Martin".to_owned(),
                phone: Phone::parse("06 12 34 56 78").unwrap(),
                newsletter,
            },
            Acceptance::of(legal::TERMS_CLIENTS, at("2026-09-01T10:00:00Z"), "", ""),
        )
    }

    fn choices(account: &Account) -> Vec<(bool, ChosenBy)> {
        let all = account.newsletter_choices.iter();
        all.map(|choice| (choice.wanted, choice.by)).collect()
    }

    #[test]
    fn each_change_of_mind_about_the_newsletter_is_kept_once() {
        let now = at("2026-09-02T10:00:00Z");
        assert_eq!(choices(&client(false)), []);
        let mut account = client(true);
        for (wanted, by, changes) in [
            (true, ChosenBy::Account, false),
            (false, ChosenBy::MailLink, true),
            (false, ChosenBy::MailLink, false),
            (true, ChosenBy::Account, true),
        ] {
            assert_eq!(account.choose_newsletter(wanted, by, now), Ok(changes));
        }
        assert_eq!(
            choices(&account),
            [
                (true, ChosenBy::SignUp),
                (false, ChosenBy::MailLink),
                (true, ChosenBy::Account),
            ]
        );
    }

    #[test]
    fn a_closed_account_opens_to_nobody_and_keeps_what_documents_name() {
        let mut account = client(true);
        let now = at("2026-09-02T10:00:00Z");
        account.close(now).unwrap();
        assert_eq!(account.password_hash, None);
        assert_eq!(account.closed_at, Some(now));
        assert!(!account.keeps_device(now));
        assert_eq!(
            choices(&account),
            [(true, ChosenBy::SignUp), (false, ChosenBy::Closing)]
        );
        assert_eq!(account.client.as_ref().unwrap().last_name, "Martin");
        let later = at("2026-09-03T10:00:00Z");
        assert_eq!(account.close(later), Err(AccountRefused::Closed));
        assert_eq!(
            account.choose_newsletter(true, ChosenBy::MailLink, later),
            Err(AccountRefused::Closed)
        );
    }

    #[test]
    fn a_client_corrects_name_and_phone_and_nothing_empty() {
        let mut account = client(false);
        let corrected = |first_name: &str| Corrected {
            first_name: first_name.to_owned(),
            last_name: " Durand ".to_owned(),
            phone: Phone::parse("07 00 00 00 01").unwrap(),
        };
        assert_eq!(account.correct(&corrected(" ")), Err(AccountRefused::Name));
        assert_eq!(account.client.as_ref().unwrap().last_name, "Martin");
        account.correct(&corrected("Zoé")).unwrap();
        let client = account.client.as_ref().unwrap();
        assert_eq!(
            (client.first_name.as_str(), client.last_name.as_str()),
            ("Zoé", "Durand")
        );
        assert_eq!(
            attributed().correct(&corrected("Zoé")),
            Err(AccountRefused::Closed)
        );
    }

    #[test]
    fn a_suspected_access_ends_every_session_and_the_password() {
        let mut account = client(false);
        let now = at("2026-09-02T10:00:00Z");
        account.suspect_access(now);
        assert_eq!(account.password_hash, None);
        assert!(!account.keeps_device(at("2026-09-02T09:59:59Z")));
        assert_eq!(account.suspected_at, Some(now));
        account.choose_password("hash".to_owned(), at("2026-09-02T11:00:00Z"));
        assert_eq!(account.suspected_at, Some(now), "the operator still looks");
    }

    #[test]
    fn the_first_proof_of_an_email_counts() {
        let mut account = attributed();
        account.verify_email(at("2026-09-01T10:00:00Z"));
        account.verify_email(at("2026-09-02T10:00:00Z"));
        assert_eq!(account.email_verified_at, Some(at("2026-09-01T10:00:00Z")));
    }
}
