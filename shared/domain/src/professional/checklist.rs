//! What the operator decides before accepting a professional, and keeps deciding afterwards: each point
//! by itself, with a method and a date of its own, and with a reason where something speaks against it
//! (terms, articles 4.1 and 4.2).

use super::*;
use crate::offer::Activity;
use crate::typography::of;

/// Something that no document proves by itself: the operator looks it up and says how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Checked {
    /// Name, legal form, registry and address are those of the register.
    Identity,
    /// The SIREN exists, is active, and is theirs.
    Siren,
    /// The SIRET is that of an open establishment.
    Siret,
    /// The VAT number is valid, or the exemption plausible.
    Vat,
    /// The managers are those of the register extract.
    Managers,
    /// The bank account is theirs, although its holder is written otherwise.
    BankHolder,
    /// The mediator is one that consumers may turn to.
    Mediator,
    /// The titles cover an activity that they sell.
    Activity(Activity),
}

/// Why a word names nothing to verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Cette vérification n’existe pas.")]
pub struct NotChecked;

impl Checked {
    /// What is looked up whoever the professional is and whatever they sell.
    const OF_EVERYBODY: [Self; 7] = [
        Self::Identity,
        Self::Siren,
        Self::Siret,
        Self::Vat,
        Self::Managers,
        Self::BankHolder,
        Self::Mediator,
    ];

    /// The word of forms and records, such as `siren` or `activity:dog_handling`.
    pub fn code(self) -> String {
        match self {
            Self::Identity => "identity".to_owned(),
            Self::Siren => "siren".to_owned(),
            Self::Siret => "siret".to_owned(),
            Self::Vat => "vat".to_owned(),
            Self::Managers => "managers".to_owned(),
            Self::BankHolder => "bank_holder".to_owned(),
            Self::Mediator => "mediator".to_owned(),
            Self::Activity(activity) => format!("activity:{}", activity.code()),
        }
    }

    /// What the operator reads.
    fn label(self) -> String {
        match self {
            Self::Identity => "Identité au registre".to_owned(),
            Self::Siren => "SIREN au registre".to_owned(),
            Self::Siret => "SIRET de l’établissement".to_owned(),
            Self::Vat => "TVA".to_owned(),
            Self::Managers => "Dirigeants du Kbis".to_owned(),
            Self::BankHolder => "Titulaire du compte = dénomination".to_owned(),
            Self::Mediator => "Médiateur de la consommation".to_owned(),
            Self::Activity(activity) => format!("Activité : {}", activity.label()),
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
        let activities = Activity::ALL.into_iter().map(Self::Activity);
        let mut known = Self::OF_EVERYBODY.into_iter().chain(activities);
        known.find(|one| one.code() == code).ok_or(NotChecked)
    }
}

/// What speaks against relying on something. It is relied on all the same only for a written reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Contradiction {
    /// The number is of another kind of title.
    #[error("Le numéro est celui d’un autre titre ({}) que celui attendu ({}).", found.label(), expected.label())]
    KindDiffers {
        /// What the number says.
        found: CnapsKind,
        /// What the document should be.
        expected: CnapsKind,
    },
    /// The number says another last day than the one typed.
    #[error("Le numéro indique une fin de validité au {} et non au {}.", paris::short_date(*in_number), paris::short_date(*typed))]
    ExpiryDiffers {
        /// What the number says.
        in_number: Date,
        /// What was typed.
        typed: Date,
    },
    /// Two people of this file have the same number.
    #[error("Le même numéro figure sur la pièce d’une autre personne de ce dossier.")]
    NumberTwice,
    /// The card is in another professional's file: one person may work for two.
    #[error("Le même numéro de carte figure dans un autre dossier : voir les doublons possibles.")]
    NumberElsewhere {
        /// Whose file.
        other: ProfessionalId,
    },
    /// One company may not exercise together what the authorisation carries (CSI, L612-2 and L622-2).
    #[error(
        "L’autorisation porte une activité qui ne se cumule avec aucune autre (CSI, art. L612-2)."
    )]
    ExclusiveActivities,
    /// The account is in another name than the professional's.
    #[error("Le compte est au nom {}, et non {}.", of(holder), of(name))]
    HolderDiffers {
        /// In whose name it is.
        holder: String,
        /// The professional's.
        name: String,
    },
}

impl Contradiction {
    /// What the number of a title says against what was typed beside it. A form that is not known says
    /// nothing: the CNAPS publishes no grammar.
    fn of_number(warning: CnapsWarning) -> Option<Self> {
        match warning {
            CnapsWarning::FormatUnknown => None,
            CnapsWarning::KindDiffers { found, expected } => {
                Some(Self::KindDiffers { found, expected })
            }
            CnapsWarning::ExpiryDiffers { in_number, typed } => {
                Some(Self::ExpiryDiffers { in_number, typed })
            }
        }
    }
}

/// How the operator came to a decision on one point.
#[derive(Debug, Clone, Copy)]
pub struct Finding<'a> {
    /// Which operator.
    pub by: &'a AccountId,
    /// By whom or where it was asked.
    pub method: &'a str,
    /// Why it is relied on although something speaks against it, 10 to 500 characters; asked for then.
    pub reason: Option<&'a str>,
    /// When.
    pub at: Timestamp,
}

impl Finding<'_> {
    /// What the activity log keeps of it.
    pub fn said(&self) -> String {
        match self.reason.map(str::trim).filter(|text| !text.is_empty()) {
            Some(reason) => format!("{} ; {reason}", self.method),
            None => self.method.to_owned(),
        }
    }

    /// The reason, which is asked for where there are contradictions.
    pub(super) fn reason_for(
        &self,
        contradictions: &[Contradiction],
    ) -> Result<Option<String>, DocumentRefused> {
        let reason = self.reason.map(str::trim).filter(|text| !text.is_empty());
        let long = |text: &str| (10..=500).contains(&text.chars().count());
        match reason {
            Some(reason) if !long(reason) => Err(DocumentRefused::Reason),
            None if !contradictions.is_empty() => Err(DocumentRefused::Reason),
            Some(_) | None => Ok(reason.map(str::to_owned)),
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
    /// Why it is relied on although something speaks against it.
    #[serde(default)]
    pub reason: Option<String>,
    /// What is wrong with it, when it was found not to be right.
    #[serde(default)]
    pub fault: Option<String>,
}

impl std::fmt::Debug for Verification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verification({})", self.what.code())
    }
}

/// How far one point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Decided, and still valid.
    Done,
    /// There, and not looked at.
    ToCheck,
    /// There, and something speaks against it: to be decided with a reason.
    Contradictory,
    /// There, and it does not count: ended, not begun, incomplete, turned down, found wrong.
    Invalid,
    /// Not there.
    Missing,
}

/// One point of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// Stable code, such as `siren` or `document_insurance`; several people may share one.
    pub code: String,
    /// What, for people.
    pub label: String,
    /// How far it is.
    pub state: CheckState,
    /// What it says, or what is wrong with it.
    pub detail: String,
    /// What speaks against it and is not decided.
    pub contradictions: Vec<String>,
    /// How it was decided.
    pub method: Option<String>,
    /// Why it is relied on although something speaks against it.
    pub reason: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// The document that says it, if one does.
    pub document: Option<DocumentId>,
    /// What the operator says to have looked up, where no document says it.
    pub by_hand: Option<Checked>,
}

impl Check {
    fn new(
        code: &str,
        label: impl Into<String>,
        state: CheckState,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            code: code.to_owned(),
            label: label.into(),
            state,
            detail: detail.into(),
            contradictions: Vec::new(),
            method: None,
            reason: None,
            at: None,
            document: None,
            by_hand: None,
        }
    }

    /// Whether the operator may decide it now.
    pub fn is_open(&self) -> bool {
        match self.state {
            CheckState::ToCheck | CheckState::Contradictory => true,
            // A document that does not count is given again; what was found wrong may be looked up again.
            CheckState::Invalid => self.by_hand.is_some(),
            CheckState::Done | CheckState::Missing => false,
        }
    }
}

/// What a point of the checklist asks a document for.
struct Need<'a> {
    kind: DocumentKind,
    whose: Holder<'a>,
    code: &'static str,
    label: String,
}

impl Professional {
    /// Everything to decide, in the order in which one works: who they are, what allows them to practise,
    /// who is insured and paid, and the titles that each activity sold asks for. `others` are those who
    /// have something in common with them.
    pub fn checklist(&self, offered: &[Activity], others: &[Self], today: Date) -> Vec<Check> {
        let mut list = vec![self.email_check()];
        list.push(self.by_hand(Checked::Identity, "Incomplète"));
        list.push(self.by_hand(Checked::Siren, "Non indiqué"));
        list.push(self.by_hand(Checked::Siret, "Non indiqué"));
        list.push(self.by_hand(Checked::Vat, "Non indiquée"));
        // A natural person is the manager; a company's are those of its register extract.
        if self.profile.kind != Some(PersonKind::Natural) {
            list.push(self.by_hand(Checked::Managers, "Aucun dirigeant"));
        }
        for need in self.titles_asked_for() {
            list.extend(self.document_points(&need, others, today));
        }
        if self.profile.managers.is_empty() {
            let label = "Agrément dirigeant (AGD)";
            let code = "document_manager_approval";
            list.push(Check::new(
                code,
                label,
                CheckState::Missing,
                "Aucun dirigeant",
            ));
        }
        if self.profile.agents.is_empty() {
            let label = "Carte professionnelle (CAR)";
            let code = "document_professional_card";
            list.push(Check::new(code, label, CheckState::Missing, "Aucun agent"));
        }
        for need in Self::papers_asked_for() {
            list.extend(self.document_points(&need, others, today));
        }
        list.push(self.by_hand(Checked::BankHolder, "Aucun RIB"));
        list.push(self.by_hand(Checked::Mediator, "Non indiqué"));
        list.extend(self.diploma_points(others, today));
        list.extend(self.photo_point(others, today));
        for activity in offered {
            list.push(self.activity_check(*activity, offered, today));
        }
        list
    }

    /// What stands in the way of accepting this registration on `today`: whatever is missing, not valid,
    /// contradictory or not decided.
    pub fn undecided(&self, others: &[Self], today: Date) -> Vec<Missing> {
        let points = self.checklist(&[], others, today);
        let absent = self.missing();
        let absent = absent
            .into_iter()
            .filter(|one| points.iter().all(|point| point.code != one.code));
        let open = points.iter().filter(|one| one.state != CheckState::Done);
        let open = open.map(|one| Missing {
            code: one.code.clone(),
            label: one.label.clone(),
        });
        absent.chain(open).collect()
    }

    fn titles_asked_for(&self) -> impl Iterator<Item = Need<'_>> {
        let authorisation = Need {
            kind: DocumentKind::Authorisation,
            whose: Holder::Company,
            code: "document_authorisation",
            label: "Autorisation d’exercice (AUT)".to_owned(),
        };
        let managers = self.profile.managers.iter().map(|manager| Need {
            kind: DocumentKind::ManagerApproval,
            whose: Holder::Manager(&manager.id),
            code: "document_manager_approval",
            label: format!("Agrément dirigeant (AGD) : {}", manager.name),
        });
        let agents = self.profile.agents.iter().map(|agent| Need {
            kind: DocumentKind::ProfessionalCard,
            whose: Holder::Agent(&agent.id),
            code: "document_professional_card",
            label: format!(
                "Carte professionnelle (CAR) : {} {}",
                agent.first_name, agent.last_name
            ),
        });
        let listed = std::iter::once(authorisation).chain(managers).chain(agents);
        listed.chain(self.titles_of_proposed())
    }

    /// Who waits for the operator since acceptance is decided once their titles are.
    fn titles_of_proposed(&self) -> impl Iterator<Item = Need<'_>> {
        let managers = self.proposed.managers.iter().map(|manager| Need {
            kind: DocumentKind::ManagerApproval,
            whose: Holder::Manager(&manager.id),
            code: "document_manager_approval",
            label: format!("Agrément dirigeant (AGD) : {}, à venir", manager.name),
        });
        let agents = self.proposed.agents.iter().map(|agent| Need {
            kind: DocumentKind::ProfessionalCard,
            whose: Holder::Agent(&agent.id),
            code: "document_professional_card",
            label: format!("Carte professionnelle (CAR) : {}, à venir", agent.name()),
        });
        let opened = self.profile.establishments.iter();
        let opened = opened.chain(&self.proposed.establishments).map(|one| Need {
            kind: DocumentKind::Authorisation,
            whose: Holder::Establishment(&one.id),
            code: "document_authorisation",
            label: format!("Autorisation d’exercice (AUT) : {}", one.address.town),
        });
        managers.chain(agents).chain(opened)
    }

    fn papers_asked_for() -> [Need<'static>; 3] {
        let of_company = |kind, code, label: &str| Need {
            kind,
            whose: Holder::Company,
            code,
            label: label.to_owned(),
        };
        [
            of_company(
                DocumentKind::Insurance,
                "document_insurance",
                "Assurance RC professionnelle",
            ),
            of_company(DocumentKind::BankDetails, "document_bank_details", "RIB"),
            of_company(
                DocumentKind::ConditionsOfSale,
                "document_conditions_of_sale",
                "Contenu des CGV",
            ),
        ]
    }

    fn email_check(&self) -> Check {
        let (code, label) = ("email_verification", "Adresse électronique");
        let email = self.email.as_str();
        match self.email_verified_at {
            Some(at) => Check {
                method: Some("Lien ouvert depuis le courriel".to_owned()),
                at: Some(at),
                ..Check::new(code, label, CheckState::Done, email)
            },
            None => Check::new(code, label, CheckState::Missing, email),
        }
    }

    /// The points of one need: the document that counts, and the one that waits to take its place.
    /// Before anything counts, the one that waits is the point.
    fn document_points(&self, need: &Need<'_>, others: &[Self], today: Date) -> Vec<Check> {
        let of_need = || {
            let all = self.documents.iter();
            all.filter(|one| one.kind() == need.kind && one.holder() == need.whose)
        };
        let with = |status: DocumentStatus| of_need().filter(move |one| one.status == status);
        let counts = self.in_force(need.kind, need.whose, today);
        let waiting = with(DocumentStatus::Deposited).next_back();
        let verified = with(DocumentStatus::Verified).max_by_key(|one| one.expires_on());
        let turned_down = with(DocumentStatus::Rejected).next_back();
        let first = counts.or(waiting).or(verified).or(turned_down);
        let Some(first) = first else {
            let scanned = with(DocumentStatus::Scanning).next().is_some();
            let nothing = if scanned {
                "Fichier en cours d’analyse"
            } else {
                "Pas de pièce retenue"
            };
            return vec![Check::new(
                need.code,
                &need.label,
                CheckState::Missing,
                nothing,
            )];
        };
        let mut points = vec![self.document_point(need, first, others, today)];
        if let Some(renewal) = waiting.filter(|one| one.id != first.id) {
            let mut point = self.document_point(need, renewal, others, today);
            point.label = format!("{} : pièce suivante", need.label);
            // It may begin once the one before ends.
            if renewal.valid_from().is_some_and(|first| first > today) {
                point.state = CheckState::ToCheck;
            }
            points.push(point);
        }
        points
    }

    fn document_point(
        &self,
        need: &Need<'_>,
        document: &Document,
        others: &[Self],
        today: Date,
    ) -> Check {
        let against = self.open_contradictions(document, others);
        let (state, detail) = match (document.status, document.check_today(today)) {
            (DocumentStatus::Rejected, _) => {
                let why = document.rejection.as_deref();
                let why = why.unwrap_or("à fournir à nouveau");
                (CheckState::Invalid, format!("Refusée : {why}"))
            }
            (_, Err(wrong)) => (CheckState::Invalid, wrong),
            (_, Ok(said)) if !against.is_empty() => (CheckState::Contradictory, said),
            (DocumentStatus::Verified, Ok(said)) => (CheckState::Done, said),
            (
                DocumentStatus::Deposited | DocumentStatus::Scanning | DocumentStatus::Prepared,
                Ok(said),
            ) => (CheckState::ToCheck, said),
        };
        Check {
            contradictions: against.iter().map(ToString::to_string).collect(),
            method: document.review_method.clone(),
            reason: document.despite.as_ref().map(|one| one.reason.clone()),
            at: document.reviewed_at,
            document: Some(document.id.clone()),
            ..Check::new(need.code, &need.label, state, detail)
        }
    }

    /// Diplomas are asked for by fire safety alone; those that were deposited are looked at.
    fn diploma_points(&self, others: &[Self], today: Date) -> Vec<Check> {
        let kind = DocumentKind::FireSafetyDiploma;
        let agents = self.profile.agents.iter().chain(&self.proposed.agents);
        let agents = agents.filter(|agent| {
            let mut documents = self.documents.iter();
            documents.any(|one| one.kind() == kind && one.holder() == Holder::Agent(&agent.id))
        });
        let points = agents.flat_map(|agent| {
            let need = Need {
                kind,
                whose: Holder::Agent(&agent.id),
                code: "document_fire_safety_diploma",
                label: format!("Diplôme SSIAP : {} {}", agent.first_name, agent.last_name),
            };
            self.document_points(&need, others, today)
        });
        points.collect()
    }

    /// A photo is not asked for; one that was deposited is looked at.
    fn photo_point(&self, others: &[Self], today: Date) -> Option<Check> {
        let mut photos = self.documents.iter();
        let photo = photos.rfind(|one| one.kind() == DocumentKind::Photo && one.is_deposited())?;
        let need = Need {
            kind: DocumentKind::Photo,
            whose: Holder::Company,
            code: "document_photo",
            label: "Photo".to_owned(),
        };
        Some(self.document_point(&need, photo, others, today))
    }

    /// What speaks against relying on a document.
    pub fn contradictions(&self, document: &Document, others: &[Self]) -> Vec<Contradiction> {
        let Some((kind, number)) = document.title() else {
            return Vec::new();
        };
        let mixed = document.details.mixes_exclusive_activities();
        let typed = document.written_end();
        let warnings = typed.map(|typed| number.warnings(kind, typed));
        let warnings = warnings.into_iter().flatten();
        let mut list: Vec<Contradiction> = warnings.filter_map(Contradiction::of_number).collect();
        if mixed {
            list.push(Contradiction::ExclusiveActivities);
        }
        if self.has_number_of_another(number, document.kind(), document.holder()) {
            list.push(Contradiction::NumberTwice);
        }
        if document.kind() == DocumentKind::ProfessionalCard {
            let others = others.iter().filter(|other| other.counts_as_account());
            let sharing = others.filter(|other| other.id != self.id && other.has_card(number));
            list.extend(sharing.map(|other| Contradiction::NumberElsewhere {
                other: other.id.clone(),
            }));
        }
        list
    }

    /// Those of them that the operator has not decided on.
    pub(super) fn open_contradictions(
        &self,
        document: &Document,
        others: &[Self],
    ) -> Vec<Contradiction> {
        let decided = |one: &Contradiction| {
            let despite = document.despite.as_ref();
            despite.is_some_and(|despite| despite.contradictions.contains(one))
        };
        let mut list = self.contradictions(document, others);
        list.retain(|one| !decided(one));
        list
    }

    /// Whether a document of somebody in this file, or who waits for the operator, has the number.
    pub(super) fn has_number(&self, number: &CnapsNumber) -> bool {
        let mut deposited = self.documents.iter().filter(|one| one.is_deposited());
        deposited.any(|one| {
            let same = one.title().is_some_and(|(_, known)| known == number);
            same && self.has_holder(one.holder())
        })
    }

    /// Whether a document of somebody else, or of another kind, in this file has the number. Who left is
    /// nobody of it any more: they may come back.
    pub(super) fn has_number_of_another(
        &self,
        number: &CnapsNumber,
        kind: DocumentKind,
        whose: Holder<'_>,
    ) -> bool {
        let mut deposited = self.documents.iter().filter(|one| one.is_deposited());
        deposited.any(|other| {
            let same = other.title().is_some_and(|(_, known)| known == number);
            same && (other.kind() != kind || other.holder() != whose)
                && self.has_holder(other.holder())
        })
    }

    fn has_card(&self, number: &CnapsNumber) -> bool {
        let mut deposited = self.documents.iter().filter(|one| one.is_deposited());
        deposited.any(|one| {
            one.kind() == DocumentKind::ProfessionalCard
                && one.title().is_some_and(|(_, known)| known == number)
                && self.has_holder(one.holder())
        })
    }

    /// Whether the operator looked something up as it is written now, and found it right.
    pub(super) fn has_found_right(&self, what: Checked) -> bool {
        let about = self.about(what);
        let mut verified = self.verifications.iter().rev();
        verified
            .find(|one| one.what == what && Some(&one.about) == about.as_ref())
            .is_some_and(|one| one.fault.is_none())
    }

    /// A point that the operator looks up: decided while what was verified is what is written now.
    fn by_hand(&self, what: Checked, absent: &str) -> Check {
        let (code, label) = (what.code(), what.label());
        let Some(about) = self.about(what) else {
            return Check::new(&code, label, CheckState::Missing, absent);
        };
        let against = self.against(what);
        if what == Checked::BankHolder && against.is_none() {
            return Check {
                method: Some("Comparaison des deux noms".to_owned()),
                ..Check::new(&code, label, CheckState::Done, about)
            };
        }
        let mut verified = self.verifications.iter().rev();
        let verified = verified.find(|one| one.what == what && one.about == about);
        let (state, detail) = match (verified, &against) {
            (
                Some(Verification {
                    fault: Some(fault), ..
                }),
                _,
            ) => (CheckState::Invalid, format!("{about} : {fault}")),
            (Some(_), _) => (CheckState::Done, about),
            (None, Some(_)) => (CheckState::Contradictory, about),
            (None, None) => (CheckState::ToCheck, about),
        };
        let open = against.filter(|_| verified.is_none());
        Check {
            contradictions: open.iter().map(ToString::to_string).collect(),
            method: verified.map(|one| one.method.clone()),
            reason: verified.and_then(|one| one.reason.clone()),
            at: verified.map(|one| one.at),
            by_hand: Some(what),
            ..Check::new(&code, label, state, detail)
        }
    }

    /// What an activity asks for beside what every professional has (CSI, L611-1 and L612-2): that titles
    /// in force carry it. On titles deposited before activities were asked for, the operator looks it up.
    fn activity_check(&self, activity: Activity, offered: &[Activity], today: Date) -> Check {
        let what = Checked::Activity(activity);
        let authorisation = self.in_force(DocumentKind::Authorisation, Holder::Company, today);
        let untyped = authorisation.is_some_and(|one| one.details.activities().is_none());
        let mut check = if untyped && activity.on_titles().is_some() {
            self.by_hand(what, "")
        } else {
            let (state, detail) = match self.check_titles_for(activity, today) {
                Ok(()) => (CheckState::Done, titles_of(activity).to_owned()),
                Err(refused) => (CheckState::Missing, refused.to_string()),
            };
            Check::new(&what.code(), what.label(), state, detail)
        };
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
    pub(super) fn about(&self, what: Checked) -> Option<String> {
        let profile = &self.profile;
        match what {
            Checked::Identity => {
                let registry = match profile.registry.as_ref()? {
                    Registry::Rcs { town } => format!("RCS {town}"),
                    Registry::Rne => "RNE".to_owned(),
                };
                let parts = [
                    profile.denomination.clone()?,
                    profile.legal_form.clone()?,
                    registry,
                    profile.establishment.as_ref()?.to_string(),
                ];
                Some(parts.join(", "))
            }
            Checked::Siren => Some(profile.siren.as_ref()?.as_str().to_owned()),
            Checked::Siret => Some(profile.siret.as_ref()?.as_str().to_owned()),
            Checked::Vat => match profile.vat_status? {
                VatStatus::Registered => Some(profile.vat_number.as_ref()?.as_str().to_owned()),
                VatStatus::Franchise => {
                    Some("Franchise en base de TVA (CGI, art. 293 B)".to_owned())
                }
            },
            Checked::Managers => {
                let managers = profile.managers.iter();
                let names: Vec<&str> = managers.map(|one| one.name.as_str()).collect();
                (!names.is_empty()).then(|| names.join(", "))
            }
            Checked::BankHolder => self.current_bank_account().map(|account| account.holder),
            Checked::Mediator => {
                let mediator = profile.mediator.as_ref()?;
                Some(format!("{}, {}", mediator.name, mediator.website))
            }
            Checked::Activity(activity) => Some(titles_of(activity).to_owned()),
        }
    }

    /// What speaks against something that is looked up.
    fn against(&self, what: Checked) -> Option<Contradiction> {
        match what {
            Checked::BankHolder => {
                let holder = self.current_bank_account()?.holder;
                let name = self.name().to_owned();
                let differs = !self.is_called(&holder);
                differs.then_some(Contradiction::HolderDiffers { holder, name })
            }
            Checked::Identity
            | Checked::Siren
            | Checked::Siret
            | Checked::Vat
            | Checked::Managers
            | Checked::Mediator
            | Checked::Activity(_) => None,
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

    /// The operator looked something up, and found it right.
    pub fn verify(&mut self, what: Checked, finding: &Finding<'_>) -> Result<(), DocumentRefused> {
        let against = self.against(what);
        let reason = finding.reason_for(against.as_slice())?;
        self.looked_up(what, finding, reason, None)
    }

    /// The operator looked something up, and found it wrong: the registration cannot be accepted until
    /// something else is written.
    pub fn refute(
        &mut self,
        what: Checked,
        finding: &Finding<'_>,
        fault: &str,
    ) -> Result<(), DocumentRefused> {
        self.looked_up(what, finding, None, Some(fault.to_owned()))
    }

    fn looked_up(
        &mut self,
        what: Checked,
        finding: &Finding<'_>,
        reason: Option<String>,
        fault: Option<String>,
    ) -> Result<(), DocumentRefused> {
        if !self.is_examined() {
            return Err(DocumentRefused::NotExamined);
        }
        let about = self.about(what).ok_or(DocumentRefused::NothingToVerify)?;
        self.verifications.push(Verification {
            what,
            about,
            method: finding.method.to_owned(),
            by: finding.by.clone(),
            at: finding.at,
            reason,
            fault,
        });
        Ok(())
    }

    /// Whether the operator may decide on what is in the file.
    pub fn is_examined(&self) -> bool {
        match self.status {
            ProfessionalStatus::Submitted | ProfessionalStatus::Accepted => true,
            ProfessionalStatus::Draft
            | ProfessionalStatus::ComplementsRequested
            | ProfessionalStatus::Refused
            | ProfessionalStatus::Closed => false,
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
            ) => {
                let carried = self.details.activities().into_iter().flatten();
                let carried = carried.map(|one| format!(", {}", one.label()));
                let carried: String = carried.collect();
                format!("{}, {}{carried}", number.as_str(), until(last))
            }
            (DocumentDetails::FireSafetyDiploma { number, .. }, Some(last)) => {
                format!("{number}, {}", until(last))
            }
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
            reviewed_by: None,
            despite: None,
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
                siret: Some(Siret::parse("91000001700012").unwrap()),
                registry: Some(Registry::Rcs {
                    town: "Lyon".to_owned(),
                }),
                vat_status: Some(VatStatus::Franchise),
                establishment: Some(Address {
                    street: "1 place Bellecour".to_owned(),
                    postal_code: PostalCode::parse("69002").unwrap(),
                    town: "Lyon".to_owned(),
                }),
                phone: Some(Phone::parse("04 72 00 00 00").unwrap()),
                description: Some("Surveillance de chantiers depuis 2012. ".repeat(2)),
                mediator: Some(Mediator {
                    name: "Médiateur".to_owned(),
                    website: "https://mediateur.exemple.fr".to_owned(),
                }),
                ..Profile::default()
            },
            documents: vec![
                document(
                    'A',
                    DocumentDetails::Authorisation {
                        number: number("AUT-069-2123-12-09-20240960800"),
                        expires_on: day("2123-12-09"),
                        activities: None,
                        establishment: None,
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
                        activities: None,
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

    fn finding<'a>(operator: &'a AccountId, method: &'a str) -> Finding<'a> {
        Finding {
            by: operator,
            method,
            reason: None,
            at: now(),
        }
    }

    /// Decides what is open, each point by itself, as an operator with a reason for everything.
    fn decide_each(one: &mut Professional, others: &[Professional]) {
        let operator = operator();
        let finding = Finding {
            reason: Some("Lu et comparé ce jour."),
            ..finding(&operator, "vue des pièces")
        };
        for point in one.checklist(&[], others, today()) {
            match (point.is_open(), point.by_hand, point.document) {
                (true, Some(what), _) => one.verify(what, &finding).unwrap(),
                (true, None, Some(id)) => one.verify_document(&id, &finding, others).unwrap(),
                (_, _, _) => {}
            }
        }
    }

    fn accepted(one: &mut Professional, others: &[Professional]) -> Result<(), Vec<String>> {
        match one.accept(&operator(), operator(), others, now()) {
            Ok(()) => Ok(()),
            Err(RegistrationRefused::Undecided(open)) => {
                Err(open.into_iter().map(|one| one.code).collect())
            }
            Err(other) => panic!("{other}"),
        }
    }

    /// A card of the agent, beside nothing else of theirs.
    fn with_card(one: &mut Professional, number: &str, until: &str) {
        one.documents
            .retain(|one| one.kind() != DocumentKind::ProfessionalCard);
        let details = DocumentDetails::ProfessionalCard {
            agent: agent().id,
            number: CnapsNumber::parse(number).unwrap(),
            expires_on: day(until),
            activities: None,
        };
        one.documents.push(document('C', details));
    }

    fn with_holder(one: &mut Professional, holder: &str) {
        one.documents
            .retain(|one| one.kind() != DocumentKind::BankDetails);
        let details = DocumentDetails::BankDetails {
            holder: holder.to_owned(),
            iban: Iban::parse("FR76 3000 6000 0112 3456 7890 189").unwrap(),
        };
        one.documents.push(document('E', details));
    }

    fn insurance(last: char, from: &str, until: &str) -> Document {
        let details = DocumentDetails::Insurance {
            insurer: "Autre assureur".to_owned(),
            insurer_contact: "1 rue du Test".to_owned(),
            policy_number: "RC-2".to_owned(),
            coverage: "France".to_owned(),
            valid_from: day(from),
            expires_on: day(until),
        };
        document(last, details)
    }

    #[test]
    fn a_natural_person_and_a_company_are_not_asked_for_the_same() {
        use CheckState::{Done, ToCheck};
        let person = [
            ("Adresse électronique", Done),
            ("Identité au registre", ToCheck),
            ("SIREN au registre", ToCheck),
            ("SIRET de l’établissement", ToCheck),
            ("TVA", ToCheck),
            ("Autorisation d’exercice (AUT)", ToCheck),
            ("Agrément dirigeant (AGD) : Alex Moreau", ToCheck),
            ("Carte professionnelle (CAR) : Alex Moreau", ToCheck),
            ("Assurance RC professionnelle", ToCheck),
            ("RIB", ToCheck),
            ("Contenu des CGV", ToCheck),
            ("Titulaire du compte = dénomination", Done),
            ("Médiateur de la consommation", ToCheck),
        ];
        let list = submitted(PersonKind::Natural).checklist(&[], &[], today());
        assert_eq!(states(&list), person);
        let mut company = person.to_vec();
        company.insert(5, ("Dirigeants du Kbis", ToCheck));
        let list = submitted(PersonKind::Legal).checklist(&[], &[], today());
        assert_eq!(states(&list), company);
    }

    #[test]
    fn an_empty_registration_lacks_everything() {
        let accepted = Acceptance::of(legal::TERMS_PROFESSIONALS, now(), "", "");
        let email = Email::parse("chef@exemple.fr").unwrap();
        let begun = Professional::begin(ProfessionalId::from_ulid(ULID), email, accepted);
        let list = begun.checklist(&[], &[], today());
        assert_eq!(list.len(), 14);
        assert!(list.iter().all(|check| check.state == CheckState::Missing));
    }

    /// Each point alone keeps the registration from being accepted.
    #[test]
    fn nothing_is_accepted_over_a_hole() {
        let ready = || {
            let mut one = submitted(PersonKind::Legal);
            decide_each(&mut one, &[]);
            one
        };
        assert_eq!(accepted(&mut ready(), &[]), Ok(()));
        type Spoil<'a> = (&'a str, &'a dyn Fn(&mut Professional));
        let set = |kind: DocumentKind, status: DocumentStatus| {
            move |one: &mut Professional| {
                let mut of_kind = one.documents.iter_mut();
                of_kind.find(|one| one.kind() == kind).unwrap().status = status;
            }
        };
        let undecided = |kind| set(kind, DocumentStatus::Deposited);
        let forget = |what: Checked| {
            move |one: &mut Professional| one.verifications.retain(|kept| kept.what != what)
        };
        let holes: [Spoil<'_>; 20] = [
            ("email_verification", &|one| one.email_verified_at = None),
            ("phone", &|one| one.profile.phone = None),
            ("identity", &forget(Checked::Identity)),
            ("identity", &|one| {
                one.profile.registry = Some(Registry::Rne)
            }),
            ("siren", &forget(Checked::Siren)),
            ("siret", &forget(Checked::Siret)),
            ("vat", &forget(Checked::Vat)),
            ("managers", &forget(Checked::Managers)),
            ("mediator", &forget(Checked::Mediator)),
            (
                "document_authorisation",
                &undecided(DocumentKind::Authorisation),
            ),
            (
                "document_authorisation",
                &set(DocumentKind::Authorisation, DocumentStatus::Rejected),
            ),
            (
                "document_manager_approval",
                &undecided(DocumentKind::ManagerApproval),
            ),
            (
                "document_professional_card",
                &undecided(DocumentKind::ProfessionalCard),
            ),
            ("document_insurance", &undecided(DocumentKind::Insurance)),
            ("document_insurance", &|one| {
                one.documents
                    .retain(|one| one.kind() != DocumentKind::Insurance);
            }),
            ("document_insurance", &|one| {
                one.documents
                    .retain(|one| one.kind() != DocumentKind::Insurance);
                let mut next = insurance('G', "2027-01-01", "2027-12-31");
                next.status = DocumentStatus::Verified;
                one.documents.push(next);
            }),
            (
                "document_bank_details",
                &undecided(DocumentKind::BankDetails),
            ),
            (
                "document_conditions_of_sale",
                &undecided(DocumentKind::ConditionsOfSale),
            ),
            ("document_photo", &|one| {
                one.documents.push(document('H', DocumentDetails::Photo));
            }),
            ("siren", &|one| {
                let operator = operator();
                one.refute(Checked::Siren, &finding(&operator, "Annuaire"), "Radié")
                    .unwrap();
            }),
        ];
        for (code, spoil) in holes {
            let mut one = ready();
            spoil(&mut one);
            let before = one.clone();
            let refused = accepted(&mut one, &[]).expect_err(code);
            assert_eq!(refused, [code]);
            assert_eq!(one, before, "{code}: nothing changed");
        }
        // A RIB in another name is a point of its own.
        let mut one = ready();
        with_holder(&mut one, "Quelqu’un d’autre");
        let refused = accepted(&mut one, &[]).expect_err("a holder who differs");
        assert_eq!(refused, ["document_bank_details", "bank_holder"]);
    }

    #[test]
    fn what_contradicts_itself_is_decided_with_a_reason() {
        let mut other = submitted(PersonKind::Legal);
        other.id = ProfessionalId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AZ");
        let usual = "CAR-069-2030-06-12-20250183149";
        for (number, until, others, says) in [
            (usual, "2030-06-12", vec![], None),
            (usual, "2030-06-13", vec![], Some("et non au 13/06/2030")),
            (
                "AGD-069-2030-06-13-20250183149",
                "2030-06-13",
                vec![],
                Some("autre titre"),
            ),
            (
                usual,
                "2030-06-12",
                vec![other.clone()],
                Some("autre dossier"),
            ),
            ("CAR-1", "2030-06-12", vec![], None),
        ] {
            let mut one = submitted(PersonKind::Legal);
            with_card(&mut one, number, until);
            let list = one.checklist(&[], &others, today());
            let point = line(&list, "Carte");
            let operator = operator();
            let plain = finding(&operator, "Portail CNAPS");
            let id = point.document.clone().unwrap();
            let Some(says) = says else {
                assert_eq!(point.state, CheckState::ToCheck, "{number}");
                one.verify_document(&id, &plain, &others).unwrap();
                continue;
            };
            assert_eq!(point.state, CheckState::Contradictory, "{number}");
            assert!(
                point.contradictions[0].contains(says),
                "{:?}",
                point.contradictions
            );
            for reason in [None, Some(""), Some("trop court")] {
                let short = Finding {
                    reason: reason.map(|text| &text[..text.len().min(9)]),
                    ..plain
                };
                let refused = one.verify_document(&id, &short, &others);
                assert_eq!(refused, Err(DocumentRefused::Reason), "{reason:?}");
            }
            decide_each(&mut one, &others);
            let list = one.checklist(&[], &others, today());
            let point = line(&list, "Carte");
            assert_eq!(point.state, CheckState::Done);
            assert_eq!(point.reason.as_deref(), Some("Lu et comparé ce jour."));
            // Something new that speaks against it is another question.
            let mut later = others.clone();
            let mut third = submitted(PersonKind::Legal);
            third.id = ProfessionalId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AY");
            with_card(&mut third, number, until);
            later.push(third);
            let list = one.checklist(&[], &later, today());
            assert_eq!(line(&list, "Carte").state, CheckState::Contradictory);
            assert_eq!(
                accepted(&mut one, &later),
                Err(vec!["document_professional_card".to_owned()])
            );
            decide_each(&mut one, &later);
            assert_eq!(accepted(&mut one, &later), Ok(()));
        }
    }

    #[test]
    fn a_number_of_somebody_else_in_the_file_and_dates_the_wrong_way_round_are_not_taken() {
        let one = submitted(PersonKind::Legal);
        let number = CnapsNumber::parse("AGD-069-2030-06-12-20250183149").unwrap();
        let details = DocumentDetails::ProfessionalCard {
            agent: agent().id,
            number,
            expires_on: day("2030-06-12"),
            activities: Some(BTreeSet::from([TitleActivity::Surveillance])),
        };
        let refused = one.check_document(&details, today());
        assert_eq!(refused, Err(RegistrationRefused::NumberOfAnother));
        for (from, until, taken) in [
            (
                "2027-06-01",
                "2027-01-31",
                Err(RegistrationRefused::DatesReversed),
            ),
            ("2027-01-31", "2027-01-31", Ok(())),
        ] {
            let details = insurance('G', from, until).details;
            assert_eq!(one.check_document(&details, today()), taken);
        }
    }

    #[test]
    fn each_manager_and_each_agent_has_a_line() {
        let mut one = submitted(PersonKind::Legal);
        one.profile.managers.push(Manager {
            id: ManagerId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AC"),
            name: "Dominique Leroy".to_owned(),
        });
        let list = one.checklist(&[], &[], today());
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
        let operator = operator();
        let looked_up = finding(&operator, "Annuaire des entreprises");
        one.verify(Checked::Siren, &looked_up).unwrap();
        let list = one.checklist(&[], &[], today());
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
        let list = one.checklist(&[], &[], today());
        assert_eq!(line(&list, "SIREN").state, CheckState::ToCheck);
        one.status = ProfessionalStatus::Refused;
        let late = one.verify(Checked::Siren, &looked_up);
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
            with_holder(&mut one, holder);
            let list = one.checklist(&[], &[], today());
            let state = line(&list, "Titulaire").state;
            let expected = if done {
                CheckState::Done
            } else {
                CheckState::Contradictory
            };
            assert_eq!(state, expected, "{holder}");
        }
    }

    #[test]
    fn dates_and_contents_decide_whether_a_document_counts() {
        let mut one = submitted(PersonKind::Legal);
        let insured = |one: &Professional, today| {
            let list = one.checklist(&[], &[], day(today));
            (
                line(&list, "Assurance").state,
                line(&list, "Assurance").detail.clone(),
            )
        };
        assert_eq!(insured(&one, "2026-12-31").0, CheckState::ToCheck);
        assert_eq!(insured(&one, "2025-12-31").0, CheckState::Invalid);
        let over = insured(&one, "2027-01-01");
        assert_eq!(
            over,
            (CheckState::Invalid, "Expirée le 31/12/2026".to_owned())
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
        let list = one.checklist(&[], &[], today());
        let conditions = line(&list, "CGV");
        assert_eq!(conditions.state, CheckState::Invalid);
        assert_eq!(conditions.detail, "Version 2 : manque prix, rétractation");
    }

    #[test]
    fn a_renewal_that_waits_is_a_point_of_its_own_and_does_not_undo_what_holds() {
        let mut one = submitted(PersonKind::Legal);
        decide_each(&mut one, &[]);
        accepted(&mut one, &[]).unwrap();
        one.documents
            .push(insurance('H', "2027-01-01", "2027-12-31"));
        let list = one.checklist(&[], &[], today());
        let insured: Vec<_> = states(&list)
            .into_iter()
            .filter(|(label, _)| label.contains("Assurance"))
            .collect();
        assert_eq!(
            insured,
            [
                ("Assurance RC professionnelle", CheckState::Done),
                (
                    "Assurance RC professionnelle : pièce suivante",
                    CheckState::ToCheck
                )
            ]
        );
        let list = one.checklist(&[], &[], day("2027-01-01"));
        assert_eq!(line(&list, "Assurance").state, CheckState::ToCheck);
        let operator = operator();
        let seen = finding(&operator, "vue");
        one.verify_document(&one.documents.last().unwrap().id.clone(), &seen, &[])
            .unwrap();
        let list = one.checklist(&[], &[], day("2027-01-01"));
        assert_eq!(line(&list, "Assurance").state, CheckState::Done);
    }

    #[test]
    fn each_activity_asks_for_its_own_and_exclusive_ones_say_so() {
        let mut one = submitted(PersonKind::Natural);
        // Verified before activities were asked for: each is looked up, but for the one that asks for a
        // diploma.
        decide_each(&mut one, &[]);
        for activity in Activity::ALL {
            let list = one.checklist(&[activity], &[], today());
            let check = line(&list, activity.label());
            let expected = match activity {
                Activity::FireSafety => CheckState::Missing,
                _ => CheckState::ToCheck,
            };
            assert_eq!(check.state, expected, "{activity:?}");
            assert!(!check.detail.contains("L612-2"), "alone: {}", check.detail);
            assert_eq!(
                Checked::try_from(Checked::Activity(activity).code()),
                Ok(Checked::Activity(activity))
            );
        }
        let both = [Activity::CloseProtection, Activity::DogHandling];
        let list = one.checklist(&both, &[], today());
        assert!(
            line(&list, "Protection rapprochée")
                .detail
                .contains("L612-2")
        );
        assert!(line(&list, "cynophile").detail.contains("chien"));
        let operator = operator();
        let dog = Checked::Activity(Activity::DogHandling);
        one.verify(dog, &finding(&operator, "Carte lue")).unwrap();
        let list = one.checklist(&both, &[], today());
        assert_eq!(line(&list, "cynophile").state, CheckState::Done);
        assert_eq!(Checked::try_from("activity:x".to_owned()), Err(NotChecked));
    }
}
