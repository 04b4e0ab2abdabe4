//! Changing the e-mail that signs in. A professional may not do it alone (terms, article 6): both
//! addresses confirm, then the operator decides. A client needs both confirmations and nobody else.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::proof::{ProofRefused, SentCode};
use super::{Account, Role};
use crate::identifiers::Email;
use crate::ids::AccountId;

/// For how long a change may be confirmed.
pub const CONFIRMATION_LIFE: SignedDuration = SignedDuration::from_hours(72);

/// Which of the two addresses confirms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConfirmedBy {
    /// The one that signs in today.
    Current,
    /// The one that is to.
    Wanted,
}

/// A change that was asked for and has not taken effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentifierChange {
    /// The e-mail that is to sign in.
    pub email: Email,
    /// Why, for the operator.
    pub reason: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When the address of today confirmed it.
    pub current_confirmed_at: Option<Timestamp>,
    /// When the address to come confirmed it.
    pub wanted_confirmed_at: Option<Timestamp>,
    /// Why the operator declined it, for whoever asked.
    pub declined: Option<String>,
    /// The mails that went out last, with a code for each address; none where it was asked for before
    /// mails had codes.
    #[serde(default)]
    pub codes: Option<SentCodes>,
}

/// A mail to each of the two addresses, with codes that are guessed apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCodes {
    /// To the address of today.
    pub current: SentCode,
    /// To the address to come.
    pub wanted: SentCode,
}

impl SentCodes {
    /// Both mails tell `event`.
    fn of(event: String, now: Timestamp) -> Self {
        Self {
            current: SentCode::of(event.clone(), now),
            wanted: SentCode::of(event, now),
        }
    }
}

impl ConfirmedBy {
    /// What an address's code is made from: both mails tell one event.
    pub fn code_of(self, event: &str) -> String {
        match self {
            Self::Current => format!("{event} current"),
            Self::Wanted => format!("{event} wanted"),
        }
    }
}

/// An e-mail that signed in before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerIdentifier {
    /// Which.
    pub email: Email,
    /// Until when.
    pub until: Timestamp,
    /// The operator who allowed the change, for a professional.
    pub allowed_by: Option<AccountId>,
}

/// Why a change of e-mail is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdentifierRefused {
    /// It is the present one.
    #[error("Cette adresse est déjà celle de votre compte.")]
    Unchanged,
    /// Too short or too long.
    #[error("Le motif doit compter de 10 à 500 caractères.")]
    Reason,
    /// Nothing waits, or it waits for something else.
    #[error("Aucune demande de changement d’adresse n’attend de décision.")]
    NothingWaits,
    /// Somebody else signs in with it.
    #[error("Un autre compte utilise déjà cette adresse : le changement n’est pas possible.")]
    Taken,
    /// A member of a team signs in with the address that they were invited at.
    #[error(
        "Votre adresse est celle à laquelle votre entreprise vous a invité : demandez-lui de vous inviter à une autre."
    )]
    ByInvitation,
}

impl IdentifierRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unchanged => "identifier_unchanged",
            Self::Reason => "identifier_reason_invalid",
            Self::NothingWaits => "identifier_change_absent",
            Self::Taken => "identifier_taken",
            Self::ByInvitation => "identifier_by_invitation",
        }
    }
}

impl IdentifierChange {
    /// Whether both addresses have confirmed.
    pub fn is_confirmed(&self) -> bool {
        self.current_confirmed_at.is_some() && self.wanted_confirmed_at.is_some()
    }

    /// Whether both have, and nobody declined it.
    fn is_decidable(&self) -> bool {
        self.is_confirmed() && self.declined.is_none()
    }

    /// Whether it may still be confirmed, or is, and was not declined.
    pub fn is_pending(&self, now: Timestamp) -> bool {
        self.declined.is_none() && (self.is_confirmed() || now < self.asked_at + CONFIRMATION_LIFE)
    }
}

/// What a confirmation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// The other address is awaited.
    OtherAwaited,
    /// The operator is to decide.
    OperatorAwaited,
    /// It may take effect at once.
    Complete,
}

fn written(reason: &str) -> Result<String, IdentifierRefused> {
    let reason = reason.trim();
    if (10..=500).contains(&reason.chars().count()) {
        Ok(reason.to_owned())
    } else {
        Err(IdentifierRefused::Reason)
    }
}

impl Account {
    /// Asks for another e-mail, in the place of what was asked before. `event` tells both addresses.
    pub fn ask_for_identifier(
        &mut self,
        email: Email,
        reason: &str,
        event: String,
        now: Timestamp,
    ) -> Result<(), IdentifierRefused> {
        match self.role {
            Role::Manager | Role::Agent => return Err(IdentifierRefused::ByInvitation),
            Role::Client | Role::Professional | Role::Admin | Role::Applicant => {}
        }
        if email == self.email {
            return Err(IdentifierRefused::Unchanged);
        }
        let reason = written(reason)?;
        self.identifier_change = Some(IdentifierChange {
            email,
            reason,
            asked_at: now,
            current_confirmed_at: None,
            wanted_confirmed_at: None,
            declined: None,
            codes: Some(SentCodes::of(event, now)),
        });
        Ok(())
    }

    /// Both addresses are written to again, by `event`: the codes before it end.
    ///
    /// # Errors
    /// [`ProofRefused::Expired`] when nothing is to be confirmed, [`ProofRefused::TooSoon`] within a minute.
    pub fn send_identifier_codes_again(
        &mut self,
        event: String,
        now: Timestamp,
    ) -> Result<(), ProofRefused> {
        let change = self.unconfirmed(now)?;
        match &mut change.codes {
            Some(codes) => {
                codes.current.send_again(event.clone(), now)?;
                codes.wanted.send_again(event, now)
            }
            None => {
                change.codes = Some(SentCodes::of(event, now));
                Ok(())
            }
        }
    }

    /// One more code of an address is tried, written before it is compared. Answers the event that the
    /// right one is made from, and which change it confirms.
    ///
    /// # Errors
    /// [`ProofRefused::Expired`] after five codes, a quarter of an hour, or when nothing is to be confirmed.
    pub fn try_identifier_code(
        &mut self,
        by: ConfirmedBy,
        now: Timestamp,
    ) -> Result<(String, Timestamp), ProofRefused> {
        let change = self.unconfirmed(now)?;
        let codes = change.codes.as_mut().ok_or(ProofRefused::Expired)?;
        let sent = match by {
            ConfirmedBy::Current => &mut codes.current,
            ConfirmedBy::Wanted => &mut codes.wanted,
        };
        sent.try_code(now)?;
        Ok((sent.event.clone(), change.asked_at))
    }

    /// The change that one of the addresses is still to confirm.
    fn unconfirmed(&mut self, now: Timestamp) -> Result<&mut IdentifierChange, ProofRefused> {
        self.identifier_change
            .as_mut()
            .filter(|change| change.is_pending(now) && !change.is_confirmed())
            .ok_or(ProofRefused::Expired)
    }

    /// One of the two addresses confirms the change that was asked for at `asked_at`. Confirming twice
    /// is confirming once.
    pub fn confirm_identifier(
        &mut self,
        by: ConfirmedBy,
        asked_at: Timestamp,
        now: Timestamp,
    ) -> Result<Confirmation, IdentifierRefused> {
        let role = self.role;
        let change = self
            .identifier_change
            .as_mut()
            .filter(|change| change.asked_at == asked_at && change.is_pending(now))
            .ok_or(IdentifierRefused::NothingWaits)?;
        let confirmed_at = match by {
            ConfirmedBy::Current => &mut change.current_confirmed_at,
            ConfirmedBy::Wanted => &mut change.wanted_confirmed_at,
        };
        confirmed_at.get_or_insert(now);
        Ok(match (change.is_confirmed(), role) {
            (false, _) => Confirmation::OtherAwaited,
            (true, Role::Client) => Confirmation::Complete,
            (
                true,
                Role::Professional | Role::Manager | Role::Agent | Role::Admin | Role::Applicant,
            ) => Confirmation::OperatorAwaited,
        })
    }

    /// Whether the operator is to decide on a change.
    pub fn identifier_awaits_operator(&self) -> Option<&IdentifierChange> {
        self.identifier_change
            .as_ref()
            .filter(|change| change.is_decidable() && self.role != Role::Client)
    }

    /// The change takes effect: every device is signed out, and the former e-mail is kept.
    pub fn change_identifier(
        &mut self,
        allowed_by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<(), IdentifierRefused> {
        let change = self
            .identifier_change
            .take_if(|change| change.is_decidable())
            .ok_or(IdentifierRefused::NothingWaits)?;
        let former = std::mem::replace(&mut self.email, change.email);
        self.email_verified_at = change.wanted_confirmed_at;
        self.signed_out_before = Some(now);
        self.former_identifiers.push(FormerIdentifier {
            email: former,
            until: now,
            allowed_by,
        });
        Ok(())
    }

    /// The operator corrects the e-mail of somebody whom it does not reach, and who proved otherwise who they
    /// are: every device is signed out, and the operator's word stands for the proof of the address.
    pub fn correct_address(
        &mut self,
        email: &Email,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), IdentifierRefused> {
        if self.closed_at.is_some() {
            return Err(IdentifierRefused::NothingWaits);
        }
        if *email == self.email {
            return Err(IdentifierRefused::Unchanged);
        }
        self.identifier_change = None;
        let former = std::mem::replace(&mut self.email, email.clone());
        self.email_verified_at = self.email_verified_at.map(|_| now);
        self.signed_out_before = Some(now);
        self.former_identifiers.push(FormerIdentifier {
            email: former,
            until: now,
            allowed_by: Some(by.clone()),
        });
        Ok(())
    }

    /// The operator declines, and says why to whoever asked.
    pub fn decline_identifier(&mut self, reason: &str) -> Result<(), IdentifierRefused> {
        let reason = written(reason)?;
        let change = self
            .identifier_change
            .as_mut()
            .filter(|change| change.is_decidable())
            .ok_or(IdentifierRefused::NothingWaits)?;
        change.declined = Some(reason);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    fn account(role: Role) -> Account {
        let id = AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        Account::empty(id, email("avant@example.fr"), role)
    }

    const ASKED: &str = "2026-11-20T10:00:00Z";

    fn asked(role: Role) -> Account {
        let mut account = account(role);
        account
            .ask_for_identifier(
                email("apres@example.fr"),
                "L’entreprise change de nom.",
                "evt_1".to_owned(),
                at(ASKED),
            )
            .unwrap();
        account
    }

    #[test]
    fn a_professional_needs_both_addresses_and_the_operator() {
        use ConfirmedBy::{Current, Wanted};
        for (role, last) in [
            (Role::Professional, Confirmation::OperatorAwaited),
            (Role::Client, Confirmation::Complete),
        ] {
            for order in [[Current, Wanted], [Wanted, Current]] {
                let mut account = asked(role);
                let now = at("2026-11-21T10:00:00Z");
                assert_eq!(
                    account.change_identifier(None, now),
                    Err(IdentifierRefused::NothingWaits)
                );
                let results =
                    order.map(|by| account.confirm_identifier(by, at(ASKED), now).unwrap());
                assert_eq!(results, [Confirmation::OtherAwaited, last], "{role:?}");
                assert_eq!(
                    account.identifier_awaits_operator().is_some(),
                    role == Role::Professional
                );
                assert_eq!(account.email, email("avant@example.fr"));
                account.change_identifier(None, now).unwrap();
                assert_eq!(account.email, email("apres@example.fr"));
                assert_eq!(
                    account.former_identifiers[0].email,
                    email("avant@example.fr")
                );
                assert!(!account.keeps_device(at("2026-11-20T10:00:00Z")));
                assert_eq!(
                    account.change_identifier(None, now),
                    Err(IdentifierRefused::NothingWaits)
                );
            }
        }
    }

    #[test]
    fn one_address_twice_is_not_both() {
        let mut account = asked(Role::Client);
        for _ in 0..2 {
            assert_eq!(
                account.confirm_identifier(ConfirmedBy::Wanted, at(ASKED), at(ASKED)),
                Ok(Confirmation::OtherAwaited)
            );
        }
    }

    #[test]
    fn a_link_confirms_what_it_was_sent_for_and_for_72_hours() {
        let mut account = asked(Role::Client);
        let confirm = |account: &mut Account, asked_at: &str, now: &str| {
            account.confirm_identifier(ConfirmedBy::Wanted, at(asked_at), at(now))
        };
        assert_eq!(
            confirm(&mut account, "2026-11-19T10:00:00Z", ASKED),
            Err(IdentifierRefused::NothingWaits)
        );
        assert_eq!(
            confirm(&mut account, ASKED, "2026-11-23T10:00:00Z"),
            Err(IdentifierRefused::NothingWaits)
        );
        assert!(confirm(&mut account, ASKED, "2026-11-23T09:59:59Z").is_ok());
    }

    #[test]
    fn each_address_has_five_tries_and_a_quarter_of_an_hour() {
        use ConfirmedBy::{Current, Wanted};
        let mut account = asked(Role::Client);
        let last = at("2026-11-20T10:14:59Z");
        for _ in 0..5 {
            let tried = account.try_identifier_code(Wanted, last);
            assert_eq!(tried, Ok(("evt_1".to_owned(), at(ASKED))));
        }
        let over = Err(ProofRefused::Expired);
        assert_eq!(account.try_identifier_code(Wanted, last), over);
        assert!(account.try_identifier_code(Current, last).is_ok());
        let late = at("2026-11-20T10:15:00Z");
        assert_eq!(account.try_identifier_code(Current, late), over);
        assert_eq!(
            asked(Role::Client).send_identifier_codes_again("evt_2".to_owned(), at(ASKED)),
            Err(ProofRefused::TooSoon)
        );
        let again = account.send_identifier_codes_again("evt_2".to_owned(), late);
        assert_eq!(again, Ok(()));
        let tried = account.try_identifier_code(Wanted, late);
        assert_eq!(tried, Ok(("evt_2".to_owned(), at(ASKED))));
        for by in [Current, Wanted] {
            account.confirm_identifier(by, at(ASKED), late).unwrap();
        }
        assert_eq!(account.try_identifier_code(Wanted, late), over, "confirmed");
    }

    /// As it was stored before mails had codes.
    #[test]
    fn an_older_change_is_read_and_gets_its_codes_with_the_next_mail() {
        let mut account = asked(Role::Client);
        let written = r#"{"email":"apres@example.fr","reason":"L’entreprise change de nom.","asked_at":"2026-11-20T10:00:00Z","current_confirmed_at":null,"wanted_confirmed_at":null,"declined":null}"#;
        account.identifier_change = Some(serde_json::from_str(written).unwrap());
        let code =
            |account: &mut Account| account.try_identifier_code(ConfirmedBy::Wanted, at(ASKED));
        assert_eq!(code(&mut account), Err(ProofRefused::Expired));
        let again = account.send_identifier_codes_again("evt_2".to_owned(), at(ASKED));
        assert_eq!(again, Ok(()));
        assert!(code(&mut account).is_ok());
    }

    #[test]
    fn what_is_asked_must_change_something_and_say_why() {
        let mut account = account(Role::Professional);
        for (wanted, reason, refused) in [
            (
                "avant@example.fr",
                "Une bonne raison.",
                IdentifierRefused::Unchanged,
            ),
            ("apres@example.fr", " Parce. ", IdentifierRefused::Reason),
        ] {
            assert_eq!(
                account.ask_for_identifier(email(wanted), reason, "evt_1".to_owned(), at(ASKED)),
                Err(refused)
            );
        }
        assert_eq!(account.identifier_change, None);
    }

    #[test]
    fn what_the_operator_declines_is_given_up() {
        let mut account = asked(Role::Professional);
        let reason = "Le nom ne correspond pas.";
        assert!(account.decline_identifier(reason).is_err());
        for by in [ConfirmedBy::Current, ConfirmedBy::Wanted] {
            account
                .confirm_identifier(by, at(ASKED), at(ASKED))
                .unwrap();
        }
        assert!(account.decline_identifier("Non.").is_err());
        assert!(account.decline_identifier(reason).is_ok());
        assert!(account.identifier_awaits_operator().is_none());
        assert!(account.change_identifier(None, at(ASKED)).is_err());
        assert!(account.decline_identifier(reason).is_err());
        assert_eq!(account.email, email("avant@example.fr"));
    }
}
