//! What somebody asks about their own data (GDPR, articles 12 and 15 to 22; terms, article 22): received,
//! proved, answered within a month, or within three for a reason that is told in the first.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::identifiers::Email;
use crate::ids::{AccountId, DataRequestId};
use crate::retention::Length;

/// Within which delay a request is answered (GDPR, article 12, 3).
pub const ANSWER_WITHIN: Length = Length::Months(1);
/// Within which delay, where it was lengthened.
pub const LENGTHENED_WITHIN: Length = Length::Months(3);

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DataRight {
    /// A copy of what is kept.
    Access,
    /// That what is wrong be put right.
    Rectification,
    /// That data be erased.
    Erasure,
    /// That data not be used for a purpose.
    Opposition,
    /// That data be kept and not used.
    Limitation,
    /// Data in a form that machines read.
    Portability,
    /// What is to become of data after one’s death.
    Directives,
}

impl DataRight {
    /// Each.
    pub const ALL: [Self; 7] = [
        Self::Access,
        Self::Rectification,
        Self::Erasure,
        Self::Opposition,
        Self::Limitation,
        Self::Portability,
        Self::Directives,
    ];

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Access => "Accès à mes données",
            Self::Rectification => "Rectification de mes données",
            Self::Erasure => "Effacement de mes données",
            Self::Opposition => "Opposition à une utilisation",
            Self::Limitation => "Limitation d’une utilisation",
            Self::Portability => "Portabilité de mes données",
            Self::Directives => "Directives pour après mon décès",
        }
    }

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Rectification => "rectification",
            Self::Erasure => "erasure",
            Self::Opposition => "opposition",
            Self::Limitation => "limitation",
            Self::Portability => "portability",
            Self::Directives => "directives",
        }
    }

    /// On what it rests.
    pub fn law(self) -> &'static str {
        match self {
            Self::Access => "RGPD, article 15",
            Self::Rectification => "RGPD, article 16",
            Self::Erasure => "RGPD, article 17",
            Self::Opposition => "RGPD, article 21",
            Self::Limitation => "RGPD, article 18",
            Self::Portability => "RGPD, article 20",
            Self::Directives => "loi Informatique et Libertés, article 85",
        }
    }
}

/// How it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The form of the site.
    Site,
    /// A mail.
    Mail,
    /// A letter.
    Post,
    /// The telephone.
    Phone,
}

impl Channel {
    /// Those that the operator enters.
    pub const ENTERED: [Self; 3] = [Self::Mail, Self::Post, Self::Phone];

    /// What the operator reads.
    pub fn label(self) -> &'static str {
        match self {
            Self::Site => "formulaire du site",
            Self::Mail => "courriel",
            Self::Post => "courrier postal",
            Self::Phone => "téléphone",
        }
    }

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Mail => "mail",
            Self::Post => "post",
            Self::Phone => "phone",
        }
    }
}

/// That more time is needed, told within the first month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lengthening {
    /// Why, as the person reads it.
    pub reason: String,
    /// Which operator.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// What was made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All of it was done.
    Granted,
    /// Some of it was done.
    PartlyGranted,
    /// Nothing of it was done.
    Refused,
}

impl Outcome {
    /// Each.
    pub const ALL: [Self; 3] = [Self::Granted, Self::PartlyGranted, Self::Refused];

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Granted => "acceptée",
            Self::PartlyGranted => "acceptée en partie",
            Self::Refused => "refusée",
        }
    }

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::PartlyGranted => "partly_granted",
            Self::Refused => "refused",
        }
    }
}

/// The answer, and the proof of what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataAnswer {
    /// What was made of it.
    pub outcome: Outcome,
    /// What the person reads.
    pub text: String,
    /// What was done and how that is shown, for the register alone.
    pub proof: String,
    /// Which operator.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// A request.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRequest {
    /// Its identifier.
    pub id: DataRequestId,
    /// What is asked.
    pub right: DataRight,
    /// In the person’s words.
    pub text: String,
    /// Who asks, as they say; the account’s own name where they are signed in.
    pub name: String,
    /// Where to answer.
    pub email: Email,
    /// The account that asked, where somebody was signed in.
    pub account: Option<AccountId>,
    /// How it came.
    pub channel: Channel,
    /// Which operator entered it.
    pub entered_by: Option<AccountId>,
    /// When it came.
    pub received_at: Timestamp,
    /// When it was sure that who asks reads the address: the delay runs from there.
    pub proved_at: Option<Timestamp>,
    /// That more time is needed.
    pub lengthening: Option<Lengthening>,
    /// The answer.
    pub answer: Option<DataAnswer>,
}

impl std::fmt::Debug for DataRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DataRequest({}, {:?})", self.id, self.right)
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataRequestState {
    /// The address is not proved.
    Unproved,
    /// It waits for the operator.
    Open,
    /// It was answered.
    Answered,
}

/// Why something about a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DataRequestRefused {
    /// Too little or too much was written.
    #[error("Décrivez votre demande en 10 à 4 000 caractères.")]
    Text,
    /// No name.
    #[error("Indiquez votre nom, de 2 à 120 caractères.")]
    Name,
    /// No reason.
    #[error("Indiquez pourquoi plus de temps est nécessaire, en 10 à 1 000 caractères.")]
    Reason,
    /// No answer.
    #[error("La réponse doit compter de 20 à 4 000 caractères.")]
    Answer,
    /// No proof.
    #[error("Inscrivez au registre ce qui a été fait, en 5 à 1 000 caractères.")]
    Proof,
    /// The address is not proved, or the request was answered.
    #[error("Cette demande n’attend pas de réponse.")]
    NotOpen,
    /// It was lengthened already.
    #[error("Le délai de cette demande a déjà été prolongé : il ne l’est qu’une fois.")]
    LengthenedAlready,
    /// The first month is over.
    #[error("Le premier mois est passé : la prolongation devait être annoncée avant.")]
    TooLate,
    /// A day that is still to come.
    #[error("La date de réception ne peut pas être à venir.")]
    NotYet,
}

impl DataRequestRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "request_text_invalid",
            Self::Name => "name_invalid",
            Self::Reason => "reason_invalid",
            Self::Answer => "answer_invalid",
            Self::Proof => "proof_invalid",
            Self::NotOpen => "request_not_open",
            Self::LengthenedAlready => "request_lengthened_already",
            Self::TooLate => "request_lengthened_too_late",
            Self::NotYet => "request_not_yet",
        }
    }
}

fn written(
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    refused: DataRequestRefused,
) -> Result<String, DataRequestRefused> {
    let text = text.trim();
    if length.contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(refused)
    }
}

impl DataRequest {
    /// The same, if what was written in it can be taken.
    pub fn taken(self) -> Result<Self, DataRequestRefused> {
        Ok(Self {
            text: written(&self.text, 10..=4000, DataRequestRefused::Text)?,
            name: written(&self.name, 2..=120, DataRequestRefused::Name)?,
            ..self
        })
    }

    /// Where it stands.
    pub fn state(&self) -> DataRequestState {
        if self.answer.is_some() {
            DataRequestState::Answered
        } else if self.proved_at.is_some() {
            DataRequestState::Open
        } else {
            DataRequestState::Unproved
        }
    }

    /// Who asks reads the address. Doing so twice changes nothing.
    pub fn prove(&mut self, now: Timestamp) -> bool {
        let first = self.proved_at.is_none();
        self.proved_at.get_or_insert(now);
        first
    }

    /// Until when it is to be answered: from the day on which it was sure who asks.
    pub fn due_at(&self) -> Timestamp {
        let begun = self.proved_at.unwrap_or(self.received_at);
        match self.lengthening {
            Some(_) => LENGTHENED_WITHIN.after(begun),
            None => ANSWER_WITHIN.after(begun),
        }
    }

    /// Two more months, once, told within the first (GDPR, article 12, 3).
    pub fn lengthen(
        &mut self,
        reason: &str,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), DataRequestRefused> {
        self.check_open()?;
        if self.lengthening.is_some() {
            return Err(DataRequestRefused::LengthenedAlready);
        }
        if now >= self.due_at() {
            return Err(DataRequestRefused::TooLate);
        }
        self.lengthening = Some(Lengthening {
            reason: written(reason, 10..=1000, DataRequestRefused::Reason)?,
            by: by.clone(),
            at: now,
        });
        Ok(())
    }

    /// Answers it, once.
    pub fn answer(
        &mut self,
        outcome: Outcome,
        text: &str,
        proof: &str,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), DataRequestRefused> {
        self.check_open()?;
        self.answer = Some(DataAnswer {
            outcome,
            text: written(text, 20..=4000, DataRequestRefused::Answer)?,
            proof: written(proof, 5..=1000, DataRequestRefused::Proof)?,
            by: by.clone(),
            at: now,
        });
        Ok(())
    }

    fn check_open(&self) -> Result<(), DataRequestRefused> {
        match self.state() {
            DataRequestState::Open => Ok(()),
            DataRequestState::Unproved | DataRequestState::Answered => {
                Err(DataRequestRefused::NotOpen)
            }
        }
    }

    /// Whether prospecting ends by it: an opposition that was not refused.
    pub fn ends_prospecting(&self) -> bool {
        let granted = self.answer.as_ref().map(|answer| answer.outcome);
        self.right == DataRight::Opposition
            && matches!(granted, Some(Outcome::Granted | Outcome::PartlyGranted))
    }

    /// Whether what may go of a closed account goes at once by it.
    pub fn hastens_erasure(&self) -> bool {
        let granted = self.answer.as_ref().map(|answer| answer.outcome);
        self.right == DataRight::Erasure && granted == Some(Outcome::Granted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn operator() -> AccountId {
        AccountId::from_ulid(ULID)
    }

    fn request() -> DataRequest {
        DataRequest {
            id: DataRequestId::from_ulid(ULID),
            right: DataRight::Erasure,
            text: "Je souhaite que tout soit effacé.".to_owned(),
            name: "Camille Martin".to_owned(),
            email: Email::parse("camille@exemple.fr").unwrap(),
            account: None,
            channel: Channel::Site,
            entered_by: None,
            received_at: at("2026-12-30T10:00:00Z"),
            proved_at: Some(at("2026-12-31T10:00:00Z")),
            lengthening: None,
            answer: None,
        }
    }

    #[test]
    fn a_request_is_due_a_month_after_it_was_proved_and_three_where_lengthened() {
        let mut request = request();
        assert_eq!(request.due_at(), at("2027-01-31T10:00:00Z"));
        let why = "Vos fichiers sont nombreux et archivés.";
        let late = request.lengthen(why, &operator(), at("2027-01-31T10:00:00Z"));
        assert_eq!(late, Err(DataRequestRefused::TooLate));
        let short = request.lengthen("trop", &operator(), at("2027-01-15T10:00:00Z"));
        assert_eq!(short, Err(DataRequestRefused::Reason));
        let done = request.lengthen(why, &operator(), at("2027-01-31T09:59:59Z"));
        assert_eq!(done, Ok(()));
        // The last of February is a month after the last of January, and so on.
        // At eleven in Paris, where it is summer by then.
        assert_eq!(request.due_at(), at("2027-03-31T09:00:00Z"));
        let twice = request.lengthen(why, &operator(), at("2027-02-01T10:00:00Z"));
        assert_eq!(twice, Err(DataRequestRefused::LengthenedAlready));
    }

    #[test]
    fn a_month_of_a_long_one_ends_with_a_short_one() {
        let proved_at = Some(at("2027-01-31T10:00:00Z"));
        let request = DataRequest {
            proved_at,
            ..request()
        };
        assert_eq!(request.due_at(), at("2027-02-28T10:00:00Z"));
    }

    #[test]
    fn a_month_is_one_of_paris() {
        // Received on the first of December, which began in Paris an hour before UTC's.
        let proved_at = Some(at("2026-11-30T23:00:00Z"));
        let request = DataRequest {
            proved_at,
            ..request()
        };
        assert_eq!(request.due_at(), at("2026-12-31T23:00:00Z"));
    }

    #[test]
    fn nothing_is_answered_before_the_address_is_proved_nor_twice() {
        let now = at("2027-01-15T10:00:00Z");
        let answer = |request: &mut DataRequest| {
            request.answer(
                Outcome::Granted,
                "Vos données sont effacées ce jour.",
                "Effacement avancé, voir le journal.",
                &operator(),
                now,
            )
        };
        let mut unproved = DataRequest {
            proved_at: None,
            ..request()
        };
        assert_eq!(answer(&mut unproved), Err(DataRequestRefused::NotOpen));
        assert_eq!(unproved.state(), DataRequestState::Unproved);
        assert!(unproved.prove(now) && !unproved.prove(at("2027-02-01T10:00:00Z")));
        assert_eq!(unproved.proved_at, Some(now));
        assert!(!unproved.hastens_erasure());
        assert_eq!(answer(&mut unproved), Ok(()));
        assert!(unproved.hastens_erasure() && !unproved.ends_prospecting());
        assert_eq!(answer(&mut unproved), Err(DataRequestRefused::NotOpen));
        assert_eq!(unproved.state(), DataRequestState::Answered);
    }

    #[test]
    fn an_opposition_that_is_not_refused_ends_prospecting() {
        for (outcome, ends) in [
            (Outcome::Granted, true),
            (Outcome::PartlyGranted, true),
            (Outcome::Refused, false),
        ] {
            let mut opposed = DataRequest {
                right: DataRight::Opposition,
                ..request()
            };
            let now = at("2027-01-15T10:00:00Z");
            let text = "Nous avons examiné votre opposition.";
            opposed
                .answer(outcome, text, "Lettre retirée.", &operator(), now)
                .unwrap();
            assert_eq!(opposed.ends_prospecting(), ends, "{outcome:?}");
        }
    }
}
