//! Professionals who may be one and the same: a professional has one account (terms, article 4.1).

use super::*;

/// Something that two professionals should not have in common.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Resemblance {
    /// The same SIREN.
    Siren,
    /// The same phone number.
    Phone,
    /// The same bank account.
    Iban,
    /// The same authorisation to exercise.
    Authorisation,
    /// The same manager's approval.
    ManagerApproval,
    /// The same agent's card: somebody may be employed twice, so this one is only told.
    ProfessionalCard,
}

impl Resemblance {
    /// Every one, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::Siren,
        Self::Phone,
        Self::Iban,
        Self::Authorisation,
        Self::ManagerApproval,
        Self::ProfessionalCard,
    ];

    /// The word used in keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Siren => "siren",
            Self::Phone => "phone",
            Self::Iban => "iban",
            Self::Authorisation => "authorisation",
            Self::ManagerApproval => "manager_approval",
            Self::ProfessionalCard => "professional_card",
        }
    }

    /// Whether it has to be decided before a registration is accepted.
    pub fn is_to_decide(self) -> bool {
        self != Self::ProfessionalCard
    }
}

/// One thing that a professional has and that nobody else should.
#[derive(Clone, PartialEq, Eq)]
pub struct Likeness {
    /// What it is.
    pub of: Resemblance,
    /// The number itself: never a key, a log or a page.
    pub value: String,
}

impl std::fmt::Debug for Likeness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Likeness({})", self.of.code())
    }
}

/// That two professionals may have something in common: who allowed it, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateExemption {
    /// With whom.
    pub other: ProfessionalId,
    /// What they had in common then. Something else in common later is another question.
    pub same: Vec<Resemblance>,
    /// Which operator.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// Another professional who may be the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateHint {
    /// Who.
    pub other: ProfessionalId,
    /// Their name.
    pub name: String,
    /// Where they stand.
    pub status: ProfessionalStatus,
    /// What both have.
    pub same: Vec<Resemblance>,
    /// What of it is still to be decided: empty once exempted, or when there is no second account.
    pub to_decide: Vec<Resemblance>,
    /// What was allowed, whichever of the two files it was written in.
    pub exemptions: Vec<DuplicateExemption>,
}

/// Why an exemption is not recorded, or a registration not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DuplicateRefused {
    /// A hint was neither exempted nor ended by a refusal.
    #[error(
        "Un doublon possible n’est pas tranché : refusez l’inscription comme doublon, ou enregistrez une exemption motivée."
    )]
    Unresolved,
    /// Nothing between these two is to be decided.
    #[error("Ces deux dossiers n’ont rien en commun qui soit à trancher.")]
    NothingToDecide,
    /// Why is part of the record.
    #[error("Le motif de l’exemption doit compter de 10 à 500 caractères.")]
    Reason,
}

impl DuplicateRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unresolved => "duplicate_unresolved",
            Self::NothingToDecide => "duplicate_nothing_to_decide",
            Self::Reason => "duplicate_reason_invalid",
        }
    }
}

/// The most authorisations that are compared, the newest: one for each establishment.
const MOST_AUTHORISATIONS: usize = 15;
/// The most bank accounts that are compared, the newest.
const MOST_ACCOUNTS: usize = 4;

impl Professional {
    /// What nobody else should have, at most 90 things: one transaction writes them all. The SIREN is
    /// not among them; it has an owner.
    pub fn likenesses(&self) -> Vec<Likeness> {
        let newest = || {
            let deposited = self.documents.iter().rev();
            deposited.filter(|document| document.is_deposited())
        };
        let numbers = |of: Resemblance, kind: DocumentKind, most: usize| {
            let mut whose: Vec<&str> = Vec::new();
            let of_kind = newest().filter(move |document| document.kind() == kind);
            // An older title of the same person says nothing that the newest does not.
            let of_kind = of_kind.filter(move |document| {
                let person = document.manager().map(ManagerId::as_str);
                match person.or_else(|| document.agent().map(AgentId::as_str)) {
                    Some(person) if whose.contains(&person) => false,
                    Some(person) => {
                        whose.push(person);
                        true
                    }
                    None => true,
                }
            });
            let titles = of_kind.filter_map(|document| document.title()).take(most);
            titles.map(move |(_, number)| Likeness {
                of,
                value: number.as_str().to_owned(),
            })
        };
        let iban = |iban: &Iban| Likeness {
            of: Resemblance::Iban,
            value: iban.as_str().to_owned(),
        };
        let coming = self.bank_change.as_ref().map(|change| &change.to.iban);
        let current = self.bank_account.as_ref().map(|account| &account.iban);
        let deposited = newest().filter_map(|document| match &document.details {
            DocumentDetails::BankDetails { iban, .. } => Some(iban),
            _ => None,
        });
        let accounts = coming.into_iter().chain(current).chain(deposited);
        let phone = self.profile.phone.iter().map(|phone| Likeness {
            of: Resemblance::Phone,
            value: phone.as_str().to_owned(),
        });
        let mut list: Vec<Likeness> = Vec::new();
        let all = phone
            .chain(accounts.take(MOST_ACCOUNTS).map(iban))
            .chain(numbers(
                Resemblance::Authorisation,
                DocumentKind::Authorisation,
                MOST_AUTHORISATIONS,
            ))
            .chain(numbers(
                Resemblance::ManagerApproval,
                DocumentKind::ManagerApproval,
                20,
            ))
            .chain(numbers(
                Resemblance::ProfessionalCard,
                DocumentKind::ProfessionalCard,
                50,
            ));
        for likeness in all {
            if !list.contains(&likeness) {
                list.push(likeness);
            }
        }
        list
    }

    /// What this professional has in common with another that two should not have.
    pub fn resembles(&self, other: &Self) -> Vec<Resemblance> {
        let same_siren = self.profile.siren.is_some() && self.profile.siren == other.profile.siren;
        let (ours, theirs) = (self.likenesses(), other.likenesses());
        let shared = |of: Resemblance| {
            (of == Resemblance::Siren && same_siren)
                || ours.iter().any(|one| one.of == of && theirs.contains(one))
        };
        let all = Resemblance::ALL.into_iter();
        all.filter(|of| shared(*of)).collect()
    }

    /// What the operator is told of another professional; nothing when they have nothing in common.
    pub fn duplicate_hint(&self, other: &Self) -> Option<DuplicateHint> {
        if self.id == other.id {
            return None;
        }
        let same = self.resembles(other);
        if same.is_empty() {
            return None;
        }
        let ours = self.exemptions.iter().filter(|one| one.other == other.id);
        let theirs = other.exemptions.iter().filter(|one| one.other == self.id);
        let exemptions: Vec<DuplicateExemption> = ours.chain(theirs).cloned().collect();
        let allowed = |of: &Resemblance| exemptions.iter().any(|one| one.same.contains(of));
        let to_decide = if self.counts_as_account() && other.counts_as_account() {
            let open = same.iter().filter(|of| of.is_to_decide() && !allowed(of));
            open.copied().collect()
        } else {
            Vec::new()
        };
        Some(DuplicateHint {
            other: other.id.clone(),
            name: other.name().to_owned(),
            status: other.status,
            same,
            to_decide,
            exemptions,
        })
    }

    /// What the operator is told of all who have something in common.
    pub fn duplicate_hints(&self, others: &[Self]) -> Vec<DuplicateHint> {
        let hints = others.iter().filter_map(|other| self.duplicate_hint(other));
        hints.collect()
    }

    /// Whether this is an account, or would be one: what was refused or closed is not a second one, and
    /// a draft has not been handed in.
    pub(super) fn counts_as_account(&self) -> bool {
        match self.status {
            ProfessionalStatus::Submitted
            | ProfessionalStatus::ComplementsRequested
            | ProfessionalStatus::Accepted => true,
            ProfessionalStatus::Draft
            | ProfessionalStatus::Refused
            | ProfessionalStatus::Closed => false,
        }
    }

    /// The operator agreed beforehand to what `self` and `other` have in common (terms, article 4.1).
    pub fn exempt(
        &mut self,
        other: &Self,
        by: &AccountId,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), DuplicateRefused> {
        let hint = self.duplicate_hint(other);
        let same = hint.map(|hint| hint.to_decide).unwrap_or_default();
        if same.is_empty() {
            return Err(DuplicateRefused::NothingToDecide);
        }
        let reason = reason.trim();
        if !(10..=500).contains(&reason.chars().count()) {
            return Err(DuplicateRefused::Reason);
        }
        self.exemptions.push(DuplicateExemption {
            other: other.id.clone(),
            same,
            by: by.clone(),
            at: now,
            reason: reason.to_owned(),
        });
        Ok(())
    }

    /// Whether every hint is decided, as it must be before this registration is accepted.
    pub fn check_duplicates<'a>(
        &self,
        others: impl IntoIterator<Item = &'a Self>,
    ) -> Result<(), DuplicateRefused> {
        let mut hints = others
            .into_iter()
            .filter_map(|other| self.duplicate_hint(other));
        if hints.any(|hint| !hint.to_decide.is_empty()) {
            return Err(DuplicateRefused::Unresolved);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::legal;
    use crate::ids::TypedId as _;

    const NOW: &str = "2026-09-01T10:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn submitted(last: char) -> Professional {
        let accepted = Acceptance::of(legal::TERMS_PROFESSIONALS, at(NOW), "192.0.2.1", "test");
        let id = ProfessionalId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}"));
        Professional {
            status: ProfessionalStatus::Submitted,
            ..Professional::begin(id, Email::parse("chef@example.fr").unwrap(), accepted)
        }
    }

    fn with_phone(last: char) -> Professional {
        let mut one = submitted(last);
        one.profile.phone = Some(Phone::parse("06 12 34 56 78").unwrap());
        one
    }

    fn document(details: DocumentDetails, status: DocumentStatus) -> Document {
        Document {
            id: DocumentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AD"),
            details,
            file: DocumentFile {
                key: "documents/1".to_owned(),
                size: 10,
                sha256: "0".repeat(64),
                file_type: FileType::Pdf,
            },
            status,
            prepared_at: at(NOW),
            reviewed_at: None,
            review_method: None,
            reviewed_by: None,
            despite: None,
            rejection: None,
            ended_early: None,
        }
    }

    fn operator() -> AccountId {
        AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB")
    }

    const WHY: &str = "Deux sociétés d’un même groupe, accord du 1er septembre.";

    #[test]
    fn two_empty_registrations_do_not_resemble_each_other() {
        assert_eq!(submitted('A').resembles(&submitted('B')), []);
        assert_eq!(submitted('A').duplicate_hint(&submitted('B')), None);
    }

    #[test]
    fn each_thing_in_common_is_a_hint_of_its_own() {
        let day = "2030-06-12".parse().unwrap();
        let manager = ManagerId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AM");
        let agent = AgentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AG");
        let number = |text| CnapsNumber::parse(text).unwrap();
        let table = [
            (
                Resemblance::Iban,
                DocumentDetails::BankDetails {
                    holder: "Société".to_owned(),
                    iban: Iban::parse("FR76 3000 6000 0112 3456 7890 189").unwrap(),
                },
            ),
            (
                Resemblance::Authorisation,
                DocumentDetails::Authorisation {
                    number: number("AUT-069-2123-12-09-20240960800"),
                    expires_on: day,
                    activities: None,
                    establishment: None,
                },
            ),
            (
                Resemblance::ManagerApproval,
                DocumentDetails::ManagerApproval {
                    manager,
                    number: number("AGD-069-2030-06-12-20250183149"),
                    expires_on: day,
                },
            ),
            (
                Resemblance::ProfessionalCard,
                DocumentDetails::ProfessionalCard {
                    agent,
                    number: number("CAR-069-2030-06-12-20250183149"),
                    expires_on: day,
                    activities: None,
                },
            ),
        ];
        for (of, details) in table {
            let with = |last, status| {
                let mut one = submitted(last);
                one.documents.push(document(details.clone(), status));
                one
            };
            let one = with('A', DocumentStatus::Deposited);
            let two = with('B', DocumentStatus::Verified);
            assert_eq!(one.resembles(&two), [of]);
            let hint = one.duplicate_hint(&two).unwrap();
            assert_eq!(!hint.to_decide.is_empty(), of.is_to_decide(), "{of:?}");
            // What was turned down, or never arrived, is nobody's.
            for status in [DocumentStatus::Rejected, DocumentStatus::Prepared] {
                assert_eq!(one.resembles(&with('B', status)), []);
            }
        }
        assert_eq!(
            with_phone('A').resembles(&with_phone('B')),
            [Resemblance::Phone]
        );
    }

    #[test]
    fn an_account_that_is_paid_now_counts_as_much_as_the_one_of_the_registration() {
        let account = BankAccount {
            iban: Iban::parse("FR76 3000 6000 0112 3456 7890 189").unwrap(),
            holder: "Société".to_owned(),
        };
        let mut one = submitted('A');
        one.bank_account = Some(account.clone());
        let mut two = submitted('B');
        two.bank_change = Some(BankChange::asked(account, at(NOW)));
        assert_eq!(one.resembles(&two), [Resemblance::Iban]);
    }

    #[test]
    fn a_hint_is_decided_by_an_exemption_in_either_file_or_by_a_refusal() {
        let (mut one, mut two) = (with_phone('A'), with_phone('B'));
        assert_eq!(
            one.check_duplicates([&two]),
            Err(DuplicateRefused::Unresolved)
        );
        assert_eq!(
            one.exempt(&two, &operator(), "court", at(NOW)),
            Err(DuplicateRefused::Reason)
        );
        one.exempt(&two, &operator(), WHY, at(NOW)).unwrap();
        assert_eq!(one.check_duplicates([&two]), Ok(()));
        assert_eq!(two.check_duplicates([&one]), Ok(()), "the pair is decided");
        assert_eq!(
            two.exempt(&one, &operator(), WHY, at(NOW)),
            Err(DuplicateRefused::NothingToDecide)
        );
        let hint = two.duplicate_hint(&one).unwrap();
        assert_eq!(hint.exemptions.len(), 1, "told in both files");

        // Something else in common later is another question.
        let siren = Siren::parse("910000017").unwrap();
        one.profile.siren = Some(siren.clone());
        two.profile.siren = Some(siren);
        assert_eq!(
            one.duplicate_hint(&two).unwrap().to_decide,
            [Resemblance::Siren]
        );
        for (status, blocks) in [
            (ProfessionalStatus::Draft, false),
            (ProfessionalStatus::Submitted, true),
            (ProfessionalStatus::ComplementsRequested, true),
            (ProfessionalStatus::Accepted, true),
            (ProfessionalStatus::Refused, false),
            (ProfessionalStatus::Closed, false),
        ] {
            two.status = status;
            assert_eq!(one.check_duplicates([&two]).is_err(), blocks, "{status:?}");
            assert!(one.duplicate_hint(&two).is_some(), "told all the same");
        }
    }

    #[test]
    fn what_is_compared_fits_one_transaction_and_hides_in_debug() {
        let mut one = with_phone('A');
        let day = "2030-06-12".parse().unwrap();
        for n in 0..120 {
            let number = format!("AUT-069-2123-12-09-2024{n:07}");
            one.documents.push(document(
                DocumentDetails::Authorisation {
                    number: CnapsNumber::parse(&number).unwrap(),
                    expires_on: day,
                    activities: None,
                    establishment: None,
                },
                DocumentStatus::Deposited,
            ));
        }
        assert_eq!(one.likenesses().len(), 1 + MOST_AUTHORISATIONS);
        assert!(!format!("{:?}", one.likenesses()).contains("612"));
    }
}
