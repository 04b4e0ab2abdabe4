//! What the operator looks at before accepting a professional, and keeps looking at afterwards: each
//! thing with whether it is done, how it was verified and when (terms, articles 4.1 and 4.2).

use super::*;
use crate::offer::Activity;
use crate::typography::of;

/// Something that no document proves by itself: the operator looks it up and says how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Checked {
    /// The SIREN exists, is active, and is theirs.
    Siren,
    /// The managers are those of the register extract.
    Managers,
    /// The bank account is theirs, although its holder is written otherwise.
    BankHolder,
    /// The titles cover an activity that they sell.
    Activity(Activity),
}

/// Why a word names nothing to verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Cette vérification n’existe pas.")]
pub struct NotChecked;

impl Checked {
    /// The word of forms and records, such as `siren` or `activity:dog_handling`.
    pub fn code(self) -> String {
        match self {
            Self::Siren => "siren".to_owned(),
            Self::Managers => "managers".to_owned(),
            Self::BankHolder => "bank_holder".to_owned(),
            Self::Activity(activity) => format!("activity:{}", activity.code()),
        }
    }
}

impl From<Checked> for String {
    fn from(checked: Checked) -> Self {
        checked.code()
    }
}

impl TryFrom<String> for Checked {
    type Error = NotChecked;
    fn try_from(code: String) -> Result<Self, NotChecked> {
        match code.as_str() {
            "siren" => Ok(Self::Siren),
            "managers" => Ok(Self::Managers),
            "bank_holder" => Ok(Self::BankHolder),
            other => {
                let activity = other.strip_prefix("activity:").ok_or(NotChecked)?;
                let known = Activity::ALL.into_iter();
                let mut named = known.filter(|one| one.code() == activity);
                named.next().map(Self::Activity).ok_or(NotChecked)
            }
        }
    }
}

/// That the operator looked something up. Only ever added.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// What.
    pub what: Checked,
    /// What it said then: once it says something else, it is to be verified again.
    pub about: String,
    /// How: by whom or where it was asked.
    pub method: String,
    /// Which operator.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

impl std::fmt::Debug for Verification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verification({})", self.what.code())
    }
}

/// How far one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Verified, and still valid.
    Done,
    /// There, and not looked at.
    ToCheck,
    /// Not there, or not valid any more.
    Missing,
}

/// One line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// What, for people.
    pub label: String,
    /// How far it is.
    pub state: CheckState,
    /// What it says, or what is wrong with it.
    pub detail: String,
    /// How it was verified.
    pub method: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// The document that says it, if one does.
    pub document: Option<DocumentId>,
    /// What the operator says to have looked up, where no document says it.
    pub by_hand: Option<Checked>,
}

impl Check {
    fn new(label: impl Into<String>, state: CheckState, detail: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            state,
            detail: detail.into(),
            method: None,
            at: None,
            document: None,
            by_hand: None,
        }
    }
}

impl Professional {
    /// Everything to look at, in the order in which one works: who they are, what allows them to
    /// practise, who is insured and paid, and the titles that each activity sold asks for.
    pub fn checklist(&self, offered: &[Activity], today: Date) -> Vec<Check> {
        let profile = &self.profile;
        let mut list = vec![self.email_check()];
        list.push(match profile.kind {
            Some(PersonKind::Natural) => {
                Check::new("Nature", CheckState::Done, "Personne physique")
            }
            Some(PersonKind::Legal) => Check::new("Nature", CheckState::Done, "Société"),
            None => Check::new("Nature", CheckState::Missing, "Non indiquée"),
        });
        list.push(self.by_hand(Checked::Siren, "SIREN au registre", "Non indiqué"));
        // A natural person is the manager; a company's are those of its register extract.
        if profile.kind != Some(PersonKind::Natural) {
            list.push(self.by_hand(Checked::Managers, "Dirigeants du Kbis", "Aucun dirigeant"));
        }
        let any = |_: &Document| true;
        list.push(self.document_check(
            DocumentKind::Authorisation,
            "Autorisation d’exercice (AUT)",
            &any,
            today,
        ));
        for manager in &profile.managers {
            list.push(self.document_check(
                DocumentKind::ManagerApproval,
                &format!("Agrément dirigeant (AGD) : {}", manager.name),
                &|document| document.manager() == Some(&manager.id),
                today,
            ));
        }
        if profile.managers.is_empty() {
            let label = "Agrément dirigeant (AGD)";
            list.push(Check::new(label, CheckState::Missing, "Aucun dirigeant"));
        }
        for agent in &profile.agents {
            list.push(self.document_check(
                DocumentKind::ProfessionalCard,
                &format!(
                    "Carte professionnelle (CAR) : {} {}",
                    agent.first_name, agent.last_name
                ),
                &|document| document.agent() == Some(&agent.id),
                today,
            ));
        }
        if profile.agents.is_empty() {
            let label = "Carte professionnelle (CAR)";
            list.push(Check::new(label, CheckState::Missing, "Aucun agent"));
        }
        list.push(self.document_check(
            DocumentKind::Insurance,
            "Assurance RC professionnelle",
            &any,
            today,
        ));
        list.push(self.document_check(DocumentKind::BankDetails, "RIB", &any, today));
        list.push(self.by_hand(
            Checked::BankHolder,
            "Titulaire du compte = dénomination",
            "Aucun RIB",
        ));
        list.push(self.document_check(
            DocumentKind::ConditionsOfSale,
            "Contenu des CGV",
            &any,
            today,
        ));
        for activity in offered {
            list.push(self.activity_check(*activity, offered));
        }
        list
    }

    fn email_check(&self) -> Check {
        let email = self.email.as_str();
        match self.email_verified_at {
            Some(at) => Check {
                method: Some("Lien ouvert depuis le courriel".to_owned()),
                at: Some(at),
                ..Check::new("Adresse électronique", CheckState::Done, email)
            },
            None => Check::new("Adresse électronique", CheckState::Missing, email),
        }
    }

    /// The document that counts for one need: the last verified one that lasts longest, or else the
    /// newest that waits.
    fn document_check(
        &self,
        kind: DocumentKind,
        label: &str,
        about: &dyn Fn(&Document) -> bool,
        today: Date,
    ) -> Check {
        let with = |status: DocumentStatus| {
            let all = self.documents.iter();
            all.filter(move |document| {
                document.kind() == kind && document.status == status && about(document)
            })
        };
        let waiting = with(DocumentStatus::Deposited).last();
        let verified = with(DocumentStatus::Verified).max_by_key(|document| document.expires_on());
        let valid = verified.filter(|document| document.check_today(today).is_ok());
        // What waits after acceptance renews what holds; before, nothing holds.
        let Some(document) = valid.or(waiting).or(verified) else {
            return Check::new(label, CheckState::Missing, "Pas de pièce retenue");
        };
        let (state, detail) = match (document.status, document.check_today(today)) {
            (_, Err(wrong)) => (CheckState::Missing, wrong),
            (DocumentStatus::Verified, Ok(said)) => (CheckState::Done, said),
            (_, Ok(said)) => (CheckState::ToCheck, said),
        };
        Check {
            method: document.review_method.clone(),
            at: document.reviewed_at,
            document: Some(document.id.clone()),
            ..Check::new(label, state, detail)
        }
    }

    /// A line that the operator looks up: done while what was verified is what is written now.
    fn by_hand(&self, what: Checked, label: &str, absent: &str) -> Check {
        let Some(about) = self.about(what) else {
            return Check::new(label, CheckState::Missing, absent);
        };
        let verified = self
            .verifications
            .iter()
            .rev()
            .find(|one| one.what == what && one.about == about);
        if what == Checked::BankHolder && self.is_called(&about) {
            return Check {
                method: Some("Comparaison des deux noms".to_owned()),
                ..Check::new(label, CheckState::Done, about)
            };
        }
        let state = match verified {
            Some(_) => CheckState::Done,
            None => CheckState::ToCheck,
        };
        let detail = match what {
            Checked::BankHolder => format!("Au nom {}, et non {}", of(&about), of(self.name())),
            Checked::Siren | Checked::Managers | Checked::Activity(_) => about,
        };
        Check {
            method: verified.map(|one| one.method.clone()),
            at: verified.map(|one| one.at),
            by_hand: Some(what),
            ..Check::new(label, state, detail)
        }
    }

    /// What an activity asks for beside what every professional has (CSI, L611-1 and L612-2).
    fn activity_check(&self, activity: Activity, offered: &[Activity]) -> Check {
        let mut check = self.by_hand(
            Checked::Activity(activity),
            &format!("Activité : {}", activity.label()),
            "",
        );
        let alone = offered.iter().all(|other| *other == activity);
        if activity.is_exclusive() && !alone {
            check.detail = format!(
                "{} Cette activité ne se cumule avec aucune autre (CSI, art. L612-2).",
                check.detail
            );
        }
        check
    }

    /// What is written now of something that is looked up; nothing when nothing is.
    fn about(&self, what: Checked) -> Option<String> {
        match what {
            Checked::Siren => {
                let siren = self.profile.siren.as_ref()?;
                Some(siren.as_str().to_owned())
            }
            Checked::Managers => {
                let managers = self.profile.managers.iter();
                let names: Vec<&str> = managers.map(|one| one.name.as_str()).collect();
                (!names.is_empty()).then(|| names.join(", "))
            }
            Checked::BankHolder => self.current_bank_account().map(|account| account.holder),
            Checked::Activity(activity) => Some(titles_of(activity).to_owned()),
        }
    }

    /// Whether a holder's name is this professional's: capitals, accents, punctuation and the legal
    /// form aside. A natural person may be named as the manager is.
    fn is_called(&self, holder: &str) -> bool {
        let form = self.profile.legal_form.as_deref().unwrap_or_default();
        let plain = |name: &str| -> Vec<String> {
            let plain = deunicode::deunicode(name).to_lowercase();
            let form = deunicode::deunicode(form).to_lowercase();
            let words = plain.split(|letter: char| !letter.is_ascii_alphanumeric());
            let words = words.filter(|word| !word.is_empty() && *word != form);
            words.map(str::to_owned).collect()
        };
        let holder = plain(holder);
        let mut names = vec![self.profile.denomination.as_deref().unwrap_or_default()];
        if self.profile.kind == Some(PersonKind::Natural) {
            names.extend(self.profile.managers.iter().map(|one| one.name.as_str()));
        }
        let mut names = names.into_iter().map(plain);
        !holder.is_empty() && names.any(|name| name == holder)
    }

    /// The operator looked something up, by `method`.
    pub fn verify(
        &mut self,
        what: Checked,
        by: &AccountId,
        method: &str,
        now: Timestamp,
    ) -> Result<(), DocumentRefused> {
        if !matches!(
            self.status,
            ProfessionalStatus::Submitted | ProfessionalStatus::Accepted
        ) {
            return Err(DocumentRefused::NotExamined);
        }
        let about = self.about(what).ok_or(DocumentRefused::NothingToVerify)?;
        self.verifications.push(Verification {
            what,
            about,
            method: method.to_owned(),
            by: by.clone(),
            at: now,
        });
        Ok(())
    }

    /// What is still to be looked up by hand before acceptance is taken as looked up with it.
    pub(super) fn verify_the_rest(&mut self, by: &AccountId, method: &str, now: Timestamp) {
        let today = paris::local_date(now);
        let open = self.checklist(&[], today).into_iter();
        let open = open.filter(|check| check.state == CheckState::ToCheck);
        for what in open.filter_map(|check| check.by_hand).collect::<Vec<_>>() {
            let about = self.about(what).unwrap_or_default();
            self.verifications.push(Verification {
                what,
                about,
                method: method.to_owned(),
                by: by.clone(),
                at: now,
            });
        }
    }
}

impl Document {
    /// What the document says that is worth checking, or why it does not count on `today`.
    fn check_today(&self, today: Date) -> Result<String, String> {
        let until = |last: Date| format!("jusqu’au {}", paris::short_date(last));
        if let Some(last) = self.expires_on().filter(|last| *last < today) {
            return Err(format!("Expirée le {}", paris::short_date(last)));
        }
        Ok(match (&self.details, self.expires_on()) {
            (
                DocumentDetails::ManagerApproval { number, .. }
                | DocumentDetails::Authorisation { number, .. }
                | DocumentDetails::ProfessionalCard { number, .. },
                Some(last),
            ) => format!("{}, {}", number.as_str(), until(last)),
            (
                DocumentDetails::Insurance {
                    insurer,
                    valid_from,
                    ..
                },
                Some(last),
            ) => {
                if *valid_from > today {
                    let from = paris::short_date(*valid_from);
                    return Err(format!("Ne commence que le {from}"));
                }
                let from = paris::short_date(*valid_from);
                format!("{insurer}, du {from} au {}", paris::short_date(last))
            }
            (DocumentDetails::BankDetails { iban, .. }, _) => iban.masked(),
            (DocumentDetails::ConditionsOfSale { version, contents }, _) => {
                let lacking = contents.lacking();
                if !lacking.is_empty() {
                    return Err(format!("Version {version} : manque {}", lacking.join(", ")));
                }
                format!("Version {version} : nature, prix, exécution et rétractation")
            }
            (_, _) => String::new(),
        })
    }
}

/// What to look for in the titles of whoever sells an activity.
fn titles_of(activity: Activity) -> &'static str {
    match activity {
        Activity::HumanSurveillance
        | Activity::EventSecurity
        | Activity::ElectronicSurveillance => {
            "L’autorisation et chaque carte portent « surveillance humaine ou surveillance par des systèmes électroniques »."
        }
        Activity::DogHandling => {
            "L’autorisation et la carte portent « agent cynophile » ; la carte porte le numéro d’identification du chien."
        }
        Activity::VideoProtection => {
            "L’autorisation et chaque carte portent « opérateur de vidéoprotection »."
        }
        Activity::CashTransport => "L’autorisation et chaque carte portent « transport de fonds ».",
        Activity::CloseProtection => {
            "L’autorisation et chaque carte portent « protection physique des personnes »."
        }
        Activity::ArmedSurveillance => {
            "L’autorisation et chaque carte portent « surveillance armée » ; l’arme a son autorisation."
        }
        Activity::AirportSecurity => {
            "L’autorisation et chaque carte portent « sûreté aéroportuaire » ; l’agrément préfectoral est en cours."
        }
        Activity::PrivateInvestigation => {
            "L’agrément et la carte portent « agent de recherches privées »."
        }
        Activity::FireSafety => {
            "Hors livre VI : diplôme SSIAP en cours de recyclage pour chaque agent."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::legal;
    use crate::ids::TypedId as _;

    const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn now() -> Timestamp {
        "2026-11-20T10:00:00Z".parse().unwrap()
    }

    fn today() -> Date {
        day("2026-11-20")
    }

    fn operator() -> AccountId {
        AccountId::from_ulid(ULID)
    }

    fn document(last: char, details: DocumentDetails) -> Document {
        Document {
            id: DocumentId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}")),
            details,
            file: DocumentFile {
                key: "documents/1".to_owned(),
                size: 10,
                sha256: "0".repeat(64),
                file_type: FileType::Pdf,
            },
            status: DocumentStatus::Deposited,
            prepared_at: now(),
            reviewed_at: None,
            review_method: None,
            rejection: None,
            ended_early: None,
        }
    }

    fn manager() -> Manager {
        Manager {
            id: ManagerId::from_ulid(ULID),
            name: "Alex Moreau".to_owned(),
        }
    }

    fn agent() -> Agent {
        Agent {
            id: AgentId::from_ulid(ULID),
            first_name: "Alex".to_owned(),
            last_name: "Moreau".to_owned(),
        }
    }

    /// Handed in with every document, none looked at.
    fn submitted(kind: PersonKind) -> Professional {
        let accepted = Acceptance::of(legal::TERMS_PROFESSIONALS, now(), "", "");
        let email = Email::parse("chef@exemple.fr").unwrap();
        let number = |text| CnapsNumber::parse(text).unwrap();
        let begun = Professional::begin(ProfessionalId::from_ulid(ULID), email, accepted);
        Professional {
            status: ProfessionalStatus::Submitted,
            email_verified_at: Some(now()),
            profile: Profile {
                kind: Some(kind),
                legal_form: Some("SAS".to_owned()),
                denomination: Some("Rex Sécurité".to_owned()),
                siren: Some(Siren::parse("910000017").unwrap()),
                managers: vec![manager()],
                agents: vec![agent()],
                ..Profile::default()
            },
            documents: vec![
                document(
                    'A',
                    DocumentDetails::Authorisation {
                        number: number("AUT-069-2123-12-09-20240960800"),
                        expires_on: day("2123-12-09"),
                    },
                ),
                document(
                    'B',
                    DocumentDetails::ManagerApproval {
                        manager: manager().id,
                        number: number("AGD-069-2030-06-12-20250183149"),
                        expires_on: day("2030-06-12"),
                    },
                ),
                document(
                    'C',
                    DocumentDetails::ProfessionalCard {
                        agent: agent().id,
                        number: number("CAR-069-2030-06-12-20250183149"),
                        expires_on: day("2030-06-12"),
                    },
                ),
                document(
                    'D',
                    DocumentDetails::Insurance {
                        insurer: "Assureur".to_owned(),
                        insurer_contact: "1 rue du Test".to_owned(),
                        policy_number: "RC-1".to_owned(),
                        coverage: "France".to_owned(),
                        valid_from: day("2026-01-01"),
                        expires_on: day("2026-12-31"),
                    },
                ),
                document(
                    'E',
                    DocumentDetails::BankDetails {
                        holder: "REX SECURITE SAS".to_owned(),
                        iban: Iban::parse("FR76 3000 6000 0112 3456 7890 189").unwrap(),
                    },
                ),
                document(
                    'F',
                    DocumentDetails::ConditionsOfSale {
                        version: "1".to_owned(),
                        contents: Conditions {
                            nature: true,
                            prices: true,
                            execution: true,
                            withdrawal: true,
                        },
                    },
                ),
            ],
            ..begun
        }
    }

    fn states(list: &[Check]) -> Vec<(&str, CheckState)> {
        list.iter()
            .map(|check| (check.label.as_str(), check.state))
            .collect()
    }

    fn line<'a>(list: &'a [Check], label: &str) -> &'a Check {
        let found = list.iter().find(|check| check.label.contains(label));
        found.unwrap_or_else(|| panic!("{label} is not in {list:?}"))
    }

    #[test]
    fn a_natural_person_and_a_company_are_not_asked_for_the_same() {
        use CheckState::{Done, ToCheck};
        let person = [
            ("Adresse électronique", Done),
            ("Nature", Done),
            ("SIREN au registre", ToCheck),
            ("Autorisation d’exercice (AUT)", ToCheck),
            ("Agrément dirigeant (AGD) : Alex Moreau", ToCheck),
            ("Carte professionnelle (CAR) : Alex Moreau", ToCheck),
            ("Assurance RC professionnelle", ToCheck),
            ("RIB", ToCheck),
            ("Titulaire du compte = dénomination", Done),
            ("Contenu des CGV", ToCheck),
        ];
        let list = submitted(PersonKind::Natural).checklist(&[], today());
        assert_eq!(states(&list), person);
        let mut company = person.to_vec();
        company.insert(3, ("Dirigeants du Kbis", ToCheck));
        let list = submitted(PersonKind::Legal).checklist(&[], today());
        assert_eq!(states(&list), company);
    }

    #[test]
    fn an_empty_registration_lacks_everything() {
        let accepted = Acceptance::of(legal::TERMS_PROFESSIONALS, now(), "", "");
        let email = Email::parse("chef@exemple.fr").unwrap();
        let begun = Professional::begin(ProfessionalId::from_ulid(ULID), email, accepted);
        let list = begun.checklist(&[], today());
        assert_eq!(list.len(), 11);
        assert!(list.iter().all(|check| check.state == CheckState::Missing));
    }

    #[test]
    fn each_manager_and_each_agent_has_a_line() {
        let mut one = submitted(PersonKind::Legal);
        one.profile.managers.push(Manager {
            id: ManagerId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AC"),
            name: "Dominique Leroy".to_owned(),
        });
        let list = one.checklist(&[], today());
        assert_eq!(
            line(&list, "Dominique Leroy").state,
            CheckState::Missing,
            "the other manager’s approval is no use"
        );
        assert_eq!(line(&list, "AGD) : Alex").state, CheckState::ToCheck);
    }

    #[test]
    fn what_was_verified_says_how_and_when_until_it_says_something_else() {
        let mut one = submitted(PersonKind::Legal);
        one.verify(
            Checked::Siren,
            &operator(),
            "Annuaire des entreprises",
            now(),
        )
        .unwrap();
        let list = one.checklist(&[], today());
        let siren = line(&list, "SIREN");
        assert_eq!(
            (siren.state, siren.method.as_deref(), siren.at),
            (
                CheckState::Done,
                Some("Annuaire des entreprises"),
                Some(now())
            )
        );
        one.profile.siren = Some(Siren::parse("910000025").unwrap());
        let list = one.checklist(&[], today());
        assert_eq!(line(&list, "SIREN").state, CheckState::ToCheck);
        one.status = ProfessionalStatus::Refused;
        let late = one.verify(Checked::Siren, &operator(), "Annuaire", now());
        assert_eq!(late, Err(DocumentRefused::NotExamined));
    }

    #[test]
    fn the_holder_is_compared_as_people_read_names() {
        for (holder, kind, done) in [
            ("REX SECURITE SAS", PersonKind::Legal, true),
            ("Rex-Sécurité", PersonKind::Legal, true),
            ("Alex Moreau", PersonKind::Legal, false),
            ("M. Alex Moreau", PersonKind::Natural, false),
            ("alex moreau", PersonKind::Natural, true),
            ("SAS", PersonKind::Legal, false),
        ] {
            let mut one = submitted(kind);
            one.documents
                .retain(|one| one.kind() != DocumentKind::BankDetails);
            one.documents.push(document(
                'E',
                DocumentDetails::BankDetails {
                    holder: holder.to_owned(),
                    iban: Iban::parse("FR76 3000 6000 0112 3456 7890 189").unwrap(),
                },
            ));
            let list = one.checklist(&[], today());
            let state = line(&list, "Titulaire").state;
            assert_eq!(state == CheckState::Done, done, "{holder}");
        }
    }

    #[test]
    fn dates_and_contents_decide_whether_a_document_counts() {
        let mut one = submitted(PersonKind::Legal);
        let insured = |one: &Professional, today| {
            let list = one.checklist(&[], day(today));
            (
                line(&list, "Assurance").state,
                line(&list, "Assurance").detail.clone(),
            )
        };
        assert_eq!(insured(&one, "2026-12-31").0, CheckState::ToCheck);
        assert_eq!(insured(&one, "2025-12-31").0, CheckState::Missing);
        let over = insured(&one, "2027-01-01");
        assert_eq!(
            over,
            (CheckState::Missing, "Expirée le 31/12/2026".to_owned())
        );
        one.documents.push(document(
            'G',
            DocumentDetails::ConditionsOfSale {
                version: "2".to_owned(),
                contents: Conditions {
                    prices: false,
                    nature: true,
                    execution: true,
                    withdrawal: false,
                },
            },
        ));
        let list = one.checklist(&[], today());
        let conditions = line(&list, "CGV");
        assert_eq!(conditions.state, CheckState::Missing);
        assert_eq!(conditions.detail, "Version 2 : manque prix, rétractation");
    }

    #[test]
    fn accepting_verifies_the_rest_by_one_method() {
        let mut one = submitted(PersonKind::Legal);
        one.verify(
            Checked::Siren,
            &operator(),
            "Annuaire des entreprises",
            now(),
        )
        .unwrap();
        one.accept(&operator(), operator(), "Portail CNAPS", now())
            .unwrap();
        let list = one.checklist(&[], today());
        assert!(
            list.iter().all(|check| check.state == CheckState::Done),
            "{list:?}"
        );
        assert_eq!(
            line(&list, "SIREN").method.as_deref(),
            Some("Annuaire des entreprises")
        );
        assert_eq!(line(&list, "AUT").method.as_deref(), Some("Portail CNAPS"));
        // A renewal that waits does not undo what holds, until that ends.
        one.documents.push(document(
            'H',
            DocumentDetails::Insurance {
                insurer: "Autre assureur".to_owned(),
                insurer_contact: "1 rue du Test".to_owned(),
                policy_number: "RC-2".to_owned(),
                coverage: "France".to_owned(),
                valid_from: day("2027-01-01"),
                expires_on: day("2027-12-31"),
            },
        ));
        let list = one.checklist(&[], today());
        assert_eq!(line(&list, "Assurance").state, CheckState::Done);
        let list = one.checklist(&[], day("2027-01-01"));
        assert_eq!(line(&list, "Assurance").state, CheckState::ToCheck);
    }

    #[test]
    fn each_activity_asks_for_its_own_and_exclusive_ones_say_so() {
        let mut one = submitted(PersonKind::Natural);
        for activity in Activity::ALL {
            let list = one.checklist(&[activity], today());
            let check = line(&list, activity.label());
            assert_eq!(check.state, CheckState::ToCheck);
            assert!(!check.detail.contains("L612-2"), "alone: {}", check.detail);
            assert_eq!(
                Checked::try_from(Checked::Activity(activity).code()),
                Ok(Checked::Activity(activity))
            );
        }
        let both = [Activity::CloseProtection, Activity::DogHandling];
        let list = one.checklist(&both, today());
        assert!(
            line(&list, "Protection rapprochée")
                .detail
                .contains("L612-2")
        );
        assert!(line(&list, "cynophile").detail.contains("chien"));
        one.verify(
            Checked::Activity(Activity::DogHandling),
            &operator(),
            "Carte lue",
            now(),
        )
        .unwrap();
        let list = one.checklist(&both, today());
        assert_eq!(line(&list, "cynophile").state, CheckState::Done);
        assert_eq!(Checked::try_from("activity:x".to_owned()), Err(NotChecked));
    }
}
