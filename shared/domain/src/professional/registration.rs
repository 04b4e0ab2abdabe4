//! From a first line to the operator's decision.

use super::*;
use crate::places::{NotTogether, together};
use crate::text::check_name;
use crate::typography::of;

/// Something that the terms ask for and that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Missing {
    /// Stable code, such as `siren` or `document_insurance`.
    pub code: String,
    /// What to add, for people.
    pub label: String,
}

impl Missing {
    fn new(code: &str, label: &str) -> Self {
        Self {
            code: code.to_owned(),
            label: label.to_owned(),
        }
    }
}

/// Why a step of the registration is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RegistrationRefused {
    /// Not being written any more.
    #[error("Cette inscription a déjà été transmise : elle ne peut plus être modifiée.")]
    NotEditable,
    /// Not waiting for a decision.
    #[error("Cette inscription n’attend pas de décision.")]
    NotSubmitted,
    /// Something required is missing.
    #[error("L’inscription n’est pas complète.")]
    Incomplete(Vec<Missing>),
    /// A point of the checklist is missing, not valid, contradictory or not decided.
    #[error("Chaque point de la liste de contrôle se décide avant d’accepter.")]
    Undecided(Vec<Missing>),
    /// SIRET and SIREN differ.
    #[error("Le SIRET doit commencer par le SIREN.")]
    SiretOfAnother,
    /// VAT number and SIREN differ.
    #[error("Le numéro de TVA ne correspond pas au SIREN.")]
    VatNumberOfAnother,
    /// The postal code of an address is not its commune's.
    #[error(transparent)]
    TownElsewhere(#[from] NotTogether),
    /// A text is too short or too long.
    #[error("{0}")]
    Text(&'static str),
    /// A phone number or link in a public text, or a claim that the code of ethics forbids.
    #[error("{0}")]
    Description(&'static str),
    /// A document names a manager or an agent that is not listed.
    #[error("Ce document désigne une personne absente de la liste des dirigeants ou des agents.")]
    UnknownPerson,
    /// A natural person acts alone.
    #[error("Une personne physique exerce seule : un seul dirigeant et un seul agent, elle-même.")]
    ActsAlone,
    /// Bank details after acceptance.
    #[error("Changez de compte bancaire depuis vos versements : votre mot de passe y est demandé.")]
    BankDetailsElsewhere,
    /// A document that was verified stays in the file.
    #[error("Une pièce vérifiée ne se retire pas : déposez la suivante.")]
    Verified,
    /// More documents than a registration can need.
    #[error("Le nombre de documents est limité à 120.")]
    TooManyDocuments,
    /// A title that has already ended.
    #[error("Ce document est déjà expiré.")]
    AlreadyExpired,
    /// A title without the activities that are written on it.
    #[error("Indiquez les activités inscrites sur ce titre.")]
    ActivitiesMissing,
    /// The last day is before the first.
    #[error("La fin de validité précède son début : vérifiez les deux dates.")]
    DatesReversed,
    /// The number of a title is on the document of somebody else in this file.
    #[error(
        "Ce numéro figure déjà sur une autre pièce de votre dossier : chaque personne a le sien."
    )]
    NumberOfAnother,
    /// An empty file, or one that is too large.
    #[error("Un fichier pèse de 1 octet à 10 Mo.")]
    FileSize,
    /// Not PDF, JPEG or PNG, whatever its name says.
    #[error("Ce fichier n’est pas un PDF, un JPEG ou un PNG.")]
    FileType,
    /// A photo that is not a picture.
    #[error("Une photo est un JPEG ou un PNG.")]
    PhotoType,
    /// Not a SHA-256.
    #[error("L’empreinte SHA-256 du fichier doit compter 64 chiffres hexadécimaux.")]
    FileDigest,
    /// What arrived is not what was announced.
    #[error("Le fichier reçu n’est pas celui qui a été annoncé : envoyez-le à nouveau.")]
    FileDiffers,
    /// It is the announced one, and cannot be kept.
    #[error(transparent)]
    File(#[from] FileFault),
}

impl RegistrationRefused {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEditable => "registration_not_editable",
            Self::NotSubmitted => "registration_not_submitted",
            Self::Incomplete(_) => "registration_incomplete",
            Self::Undecided(_) => "checklist_undecided",
            Self::SiretOfAnother => "siret_of_another",
            Self::VatNumberOfAnother => "vat_number_of_another",
            Self::TownElsewhere(_) => NotTogether::CODE,
            Self::Text(_) => "registration_text_invalid",
            Self::Description(_) => "description_refused",
            Self::UnknownPerson => "document_of_unknown_person",
            Self::ActsAlone => "natural_person_acts_alone",
            Self::BankDetailsElsewhere => "bank_details_elsewhere",
            Self::Verified => "document_verified",
            Self::TooManyDocuments => "too_many_documents",
            Self::AlreadyExpired => "document_already_expired",
            Self::ActivitiesMissing => "document_activities_missing",
            Self::DatesReversed => "document_dates_reversed",
            Self::NumberOfAnother => "document_number_of_another",
            Self::FileSize => "file_size_refused",
            Self::FileType => "file_type_refused",
            Self::PhotoType => "photo_type_refused",
            Self::FileDigest => "file_digest_invalid",
            Self::FileDiffers => "file_differs",
            Self::File(fault) => fault.code(),
        }
    }
}

impl Profile {
    /// Checks what was written so far; what is absent is not an error yet.
    pub fn check(&self) -> Result<(), RegistrationRefused> {
        if let (Some(siren), Some(siret)) = (&self.siren, &self.siret)
            && !siret.belongs_to(siren)
        {
            return Err(RegistrationRefused::SiretOfAnother);
        }
        self.check_further()?;
        if let (Some(siren), Some(vat_number)) = (&self.siren, &self.vat_number)
            && !vat_number.matches(siren)
        {
            return Err(RegistrationRefused::VatNumberOfAnother);
        }
        check_length(
            self.legal_form.as_deref(),
            2..=40,
            "La forme juridique doit compter de 2 à 40 caractères.",
        )?;
        check_length(
            self.denomination.as_deref(),
            2..=120,
            "Le nom doit compter de 2 à 120 caractères.",
        )?;
        check_length(
            self.description.as_deref(),
            50..=2000,
            "Le descriptif doit compter de 50 à 2 000 caractères.",
        )?;
        for address in [&self.establishment, &self.head_office]
            .into_iter()
            .flatten()
        {
            address.check()?;
        }
        for name in self.managers.iter().map(|manager| &manager.name) {
            check_length(
                Some(name),
                2..=120,
                "Le nom d’un dirigeant doit compter de 2 à 120 caractères.",
            )?;
        }
        for agent in &self.agents {
            check_length(
                Some(&agent.first_name),
                1..=80,
                "Le prénom d’un agent doit compter de 1 à 80 caractères.",
            )?;
            check_length(
                Some(&agent.last_name),
                1..=80,
                "Le nom d’un agent doit compter de 1 à 80 caractères.",
            )?;
        }
        let agents = self.agents.iter();
        let agents = agents.flat_map(|agent| [&agent.first_name, &agent.last_name]);
        let managers = self.managers.iter().map(|manager| &manager.name);
        for name in managers.chain(agents) {
            check_name(name).map_err(|_| {
                RegistrationRefused::Text(
                    "Un nom s’écrit sans chiffre, adresse électronique ni adresse de site.",
                )
            })?;
        }
        if let Some(mediator) = &self.mediator {
            check_length(
                Some(&mediator.name),
                2..=120,
                "Le nom du médiateur doit compter de 2 à 120 caractères.",
            )?;
            if !mediator.website.starts_with("https://") || mediator.website.len() > 200 {
                return Err(RegistrationRefused::Text(
                    "Le site du médiateur doit commencer par https://.",
                ));
            }
        }
        if self.managers.len() > 20 || self.agents.len() > 50 {
            return Err(RegistrationRefused::Text(
                "Au plus 20 dirigeants et 50 agents.",
            ));
        }
        if self.kind == Some(PersonKind::Natural)
            && (self.managers.len() > 1 || self.agents.len() > 1)
        {
            return Err(RegistrationRefused::ActsAlone);
        }
        self.description
            .as_deref()
            .map_or(Ok(()), |text| check_public_text(text, Weapons::NotNamed))
    }
}

impl Profile {
    /// Checks what is listed beside the main establishment.
    fn check_further(&self) -> Result<(), RegistrationRefused> {
        for one in &self.establishments {
            one.address.check()?;
            if (self.siren.as_ref()).is_some_and(|siren| !one.siret.belongs_to(siren)) {
                return Err(RegistrationRefused::SiretOfAnother);
            }
        }
        for subcontractor in &self.subcontractors {
            check_length(
                Some(&subcontractor.denomination),
                2..=120,
                "La dénomination d’un sous-traitant doit compter de 2 à 120 caractères.",
            )?;
        }
        Ok(())
    }
}

impl Address {
    fn check(&self) -> Result<(), RegistrationRefused> {
        check_length(
            Some(&self.street),
            3..=120,
            "La rue doit compter de 3 à 120 caractères.",
        )?;
        check_length(
            Some(&self.town),
            1..=80,
            "La commune doit compter de 1 à 80 caractères.",
        )?;
        Ok(together(&self.postal_code, &self.town).map(drop)?)
    }
}

/// Counts characters, not bytes; an absent text is not checked.
pub(super) fn check_length(
    text: Option<&str>,
    allowed: std::ops::RangeInclusive<usize>,
    refusal: &'static str,
) -> Result<(), RegistrationRefused> {
    match text {
        Some(text) if !allowed.contains(&text.trim().chars().count()) => {
            Err(RegistrationRefused::Text(refusal))
        }
        Some(_) | None => Ok(()),
    }
}

impl Professional {
    /// A registration of which nothing is written yet.
    pub fn begin(id: ProfessionalId, email: Email, accepted: Acceptance) -> Self {
        Self {
            id,
            email,
            email_verified_at: None,
            status: ProfessionalStatus::Draft,
            profile: Profile::default(),
            documents: Vec::new(),
            created_at: accepted.at,
            acceptances: vec![accepted],
            submitted_at: None,
            decided_at: None,
            decided_by: None,
            internal_reason: None,
            complements: None,
            account: None,
            hidden_at: None,
            standing: Standing::default(),
            page: None,
            calendar: OpeningCalendar::default(),
            feed: CalendarFeed::default(),
            payout_account: None,
            bank_account: None,
            bank_change: None,
            record: TrackRecord::default(),
            expiry_reminders: Vec::new(),
            exemptions: Vec::new(),
            verifications: Vec::new(),
            absences: Vec::new(),
            proposed: Proposed::default(),
            vat_history: VatHistory::default(),
            statement_told: None,
            departed: Vec::new(),
        }
    }

    /// The applicant reads the e-mail: the first proof counts.
    pub fn verify_email(&mut self, now: Timestamp) {
        self.email_verified_at.get_or_insert(now);
    }

    /// Writes the profile; documents of people who are not listed any more go with them.
    pub fn write_profile(&mut self, profile: Profile) -> Result<(), RegistrationRefused> {
        self.check_editable()?;
        profile.check()?;
        self.documents.retain(|document| {
            document
                .manager()
                .is_none_or(|named| profile.managers.iter().any(|manager| manager.id == *named))
                && document
                    .agent()
                    .is_none_or(|named| profile.agents.iter().any(|agent| agent.id == *named))
        });
        self.profile = profile;
        Ok(())
    }

    /// Whether the applicant may still change the registration.
    pub fn check_editable(&self) -> Result<(), RegistrationRefused> {
        match self.status {
            ProfessionalStatus::Draft | ProfessionalStatus::ComplementsRequested => Ok(()),
            ProfessionalStatus::Submitted
            | ProfessionalStatus::Accepted
            | ProfessionalStatus::Refused
            | ProfessionalStatus::Closed => Err(RegistrationRefused::NotEditable),
        }
    }

    /// Whether a document may be given: while the registration is written, and to renew one afterwards.
    pub(super) fn check_depositable(&self, kind: DocumentKind) -> Result<(), RegistrationRefused> {
        match self.status {
            ProfessionalStatus::Accepted if kind == DocumentKind::BankDetails => {
                Err(RegistrationRefused::BankDetailsElsewhere)
            }
            ProfessionalStatus::Accepted => Ok(()),
            _ => self.check_editable(),
        }
    }

    /// Checks a document before its upload is prepared.
    pub fn check_document(
        &self,
        details: &DocumentDetails,
        today: Date,
    ) -> Result<(), RegistrationRefused> {
        if self.documents.len() >= 120 {
            return Err(RegistrationRefused::TooManyDocuments);
        }
        let known = self.has_holder(details.holder());
        let ends = match details {
            DocumentDetails::ManagerApproval { expires_on, .. }
            | DocumentDetails::ProfessionalCard { expires_on, .. }
            | DocumentDetails::Authorisation { expires_on, .. } => Some(*expires_on),
            DocumentDetails::FireSafetyDiploma {
                number, expires_on, ..
            } => {
                check_length(
                    Some(number),
                    2..=60,
                    "Le numéro du diplôme doit compter de 2 à 60 caractères.",
                )?;
                Some(*expires_on)
            }
            DocumentDetails::Insurance {
                insurer,
                insurer_contact,
                policy_number,
                coverage,
                valid_from,
                expires_on,
            } => {
                if expires_on < valid_from {
                    return Err(RegistrationRefused::DatesReversed);
                }
                check_length(
                    Some(insurer),
                    2..=120,
                    "Le nom de l’assureur doit compter de 2 à 120 caractères.",
                )?;
                check_length(
                    Some(insurer_contact),
                    5..=200,
                    "Les coordonnées de l’assureur doivent compter de 5 à 200 caractères.",
                )?;
                check_length(
                    Some(policy_number),
                    2..=60,
                    "Le numéro de police doit compter de 2 à 60 caractères.",
                )?;
                check_length(
                    Some(coverage),
                    2..=120,
                    "La couverture géographique doit compter de 2 à 120 caractères.",
                )?;
                Some(*expires_on)
            }
            DocumentDetails::BankDetails { holder, .. } => {
                check_length(
                    Some(holder),
                    2..=120,
                    "Le titulaire du compte doit compter de 2 à 120 caractères.",
                )?;
                None
            }
            DocumentDetails::ConditionsOfSale { version, .. } => {
                check_length(
                    Some(version),
                    1..=40,
                    "La version des CGV doit compter de 1 à 40 caractères.",
                )?;
                None
            }
            DocumentDetails::Photo => None,
        };
        if !known {
            return Err(RegistrationRefused::UnknownPerson);
        }
        if ends.is_some_and(|last| last < today) {
            return Err(RegistrationRefused::AlreadyExpired);
        }
        if details.lacks_activities() {
            return Err(RegistrationRefused::ActivitiesMissing);
        }
        self.check_number(details)
    }

    /// Whether somebody, or some place, is of this file: listed, or proposed since acceptance.
    pub fn has_holder(&self, whose: Holder<'_>) -> bool {
        let (profile, proposed) = (&self.profile, &self.proposed);
        match whose {
            Holder::Company => true,
            Holder::Manager(id) => {
                let mut all = profile.managers.iter().chain(&proposed.managers);
                all.any(|one| one.id == *id)
            }
            Holder::Agent(id) => {
                let mut all = profile.agents.iter().chain(&proposed.agents);
                all.any(|one| one.id == *id)
            }
            Holder::Establishment(id) => {
                let all = profile.establishments.iter();
                let mut all = all.chain(&proposed.establishments);
                all.any(|one| one.id == *id)
            }
        }
    }

    /// Whether somebody, or some place, is listed: what is proposed is not public yet, and who left is not
    /// any more.
    pub fn lists(&self, whose: Holder<'_>) -> bool {
        let profile = &self.profile;
        match whose {
            Holder::Company => true,
            Holder::Manager(id) => profile.managers.iter().any(|one| one.id == *id),
            Holder::Agent(id) => profile.agents.iter().any(|one| one.id == *id),
            Holder::Establishment(id) => profile.establishments.iter().any(|one| one.id == *id),
        }
    }

    /// Whether the number of a title is nobody else's in this file.
    pub(super) fn check_number(
        &self,
        details: &DocumentDetails,
    ) -> Result<(), RegistrationRefused> {
        let number = details.title().map(|(_, number)| number);
        let taken = number.is_some_and(|number| {
            self.has_number_of_another(number, details.kind(), details.holder())
        });
        if taken {
            return Err(RegistrationRefused::NumberOfAnother);
        }
        Ok(())
    }

    /// Everything that article 4.2 of the terms asks for and that is not there yet.
    pub fn missing(&self) -> Vec<Missing> {
        let profile = &self.profile;
        let mut missing = Vec::new();
        let mut ask = |absent: bool, code: &str, label: &str| {
            if absent {
                missing.push(Missing::new(code, label));
            }
        };
        ask(
            self.email_verified_at.is_none(),
            "email_verification",
            "Vérification de l’adresse électronique",
        );
        ask(
            profile.kind.is_none(),
            "kind",
            "Personne physique ou morale",
        );
        ask(
            profile.legal_form.is_none(),
            "legal_form",
            "Forme juridique",
        );
        ask(
            profile.denomination.is_none(),
            "denomination",
            "Nom ou dénomination sociale",
        );
        ask(profile.siren.is_none(), "siren", "Numéro SIREN");
        ask(
            profile.siret.is_none(),
            "siret",
            "Numéro SIRET de l’établissement",
        );
        ask(
            profile.registry.is_none(),
            "registry",
            "Immatriculation au RCS ou au RNE",
        );
        ask(
            profile.vat_status.is_none(),
            "vat_status",
            "Situation au regard de la TVA",
        );
        let needs_vat_number = profile.vat_status == Some(VatStatus::Registered);
        ask(
            needs_vat_number && profile.vat_number.is_none(),
            "vat_number",
            "Numéro de TVA intracommunautaire",
        );
        ask(
            profile.establishment.is_none(),
            "establishment",
            "Adresse de l’établissement",
        );
        ask(profile.phone.is_none(), "phone", "Numéro de téléphone");
        ask(
            profile.description.is_none(),
            "description",
            "Descriptif des compétences et expériences",
        );
        ask(
            profile.managers.is_empty(),
            "managers",
            "Dirigeant mentionné au Kbis",
        );
        ask(
            profile.agents.is_empty(),
            "agents",
            "Agent mis à disposition",
        );
        ask(
            profile.mediator.is_none(),
            "mediator",
            "Médiateur de la consommation",
        );
        let has = |kind: DocumentKind| {
            self.documents
                .iter()
                .any(|document| document.kind() == kind && document.is_deposited())
        };
        ask(
            !has(DocumentKind::Authorisation),
            "document_authorisation",
            "Autorisation d’exercice CNAPS",
        );
        ask(
            !has(DocumentKind::Insurance),
            "document_insurance",
            "Assurance responsabilité civile professionnelle",
        );
        ask(
            !has(DocumentKind::BankDetails),
            "document_bank_details",
            "RIB",
        );
        let conditions = self.documents.iter().any(|document| {
            document.is_deposited()
                && matches!(&document.details, DocumentDetails::ConditionsOfSale { contents, .. } if contents.complete())
        });
        ask(
            !conditions,
            "document_conditions_of_sale",
            "Conditions générales de vente complètes (nature, prix, exécution, rétractation)",
        );
        let deposited = |test: &dyn Fn(&Document) -> bool| {
            self.documents
                .iter()
                .any(|document| document.is_deposited() && test(document))
        };
        for manager in &profile.managers {
            let approved = deposited(&|document| document.manager() == Some(&manager.id));
            ask(
                !approved,
                "document_manager_approval",
                &format!("Agrément dirigeant {}", of(&manager.name)),
            );
        }
        for agent in &profile.agents {
            let carded = deposited(&|document| {
                document.kind() == DocumentKind::ProfessionalCard
                    && document.agent() == Some(&agent.id)
            });
            ask(
                !carded,
                "document_professional_card",
                &format!(
                    "Carte professionnelle {} {}",
                    of(&agent.first_name),
                    agent.last_name
                ),
            );
        }
        missing
    }

    /// Submits the registration, with the applicant's declarations.
    pub fn submit(
        &mut self,
        declarations: &Declarations,
        acceptances: Vec<Acceptance>,
        now: Timestamp,
    ) -> Result<(), RegistrationRefused> {
        self.check_editable()?;
        self.profile.check()?;
        let mut missing = self.missing();
        let mut ask = |given: bool, code: &str, label: &str| {
            if !given {
                missing.push(Missing::new(code, label));
            }
        };
        ask(
            declarations.accepts_terms,
            "accepts_terms",
            "Acceptation des conditions générales d’utilisation",
        );
        ask(
            declarations.certifies_accuracy,
            "certifies_accuracy",
            "Certification de l’exactitude des informations",
        );
        ask(
            declarations.follows_code_of_ethics,
            "follows_code_of_ethics",
            "Engagement à respecter le code de déontologie",
        );
        ask(
            declarations.gives_billing_mandate,
            "gives_billing_mandate",
            "Mandat de facturation",
        );
        if !missing.is_empty() {
            return Err(RegistrationRefused::Incomplete(missing));
        }
        self.documents
            .retain(|document| document.status != DocumentStatus::Prepared);
        self.acceptances.extend(acceptances);
        self.submitted_at = Some(now);
        self.status = ProfessionalStatus::Submitted;
        Ok(())
    }

    fn decided(
        &mut self,
        by: &AccountId,
        reason: Option<String>,
        now: Timestamp,
    ) -> Result<(), RegistrationRefused> {
        if self.status != ProfessionalStatus::Submitted {
            return Err(RegistrationRefused::NotSubmitted);
        }
        self.decided_at = Some(now);
        self.decided_by = Some(by.clone());
        self.internal_reason = reason;
        Ok(())
    }

    /// The operator accepts, once each point is decided by itself: nothing is taken as verified with it.
    /// `others` are those who have something in common; duplicates are decided before:
    /// `check_duplicates`.
    pub fn accept(
        &mut self,
        by: &AccountId,
        account: AccountId,
        others: &[Self],
        now: Timestamp,
    ) -> Result<(), RegistrationRefused> {
        if self.status != ProfessionalStatus::Submitted {
            return Err(RegistrationRefused::NotSubmitted);
        }
        let open = self.undecided(others, paris::local_date(now));
        if !open.is_empty() {
            return Err(RegistrationRefused::Undecided(open));
        }
        self.decided(by, None, now)?;
        self.account = Some(account);
        self.complements = None;
        self.status = ProfessionalStatus::Accepted;
        Ok(())
    }

    /// The operator refuses, without having to say why (terms, article 4.1); the file keeps the reason.
    pub fn refuse(
        &mut self,
        by: &AccountId,
        internal_reason: String,
        now: Timestamp,
    ) -> Result<(), RegistrationRefused> {
        self.decided(by, Some(internal_reason), now)?;
        self.status = ProfessionalStatus::Refused;
        Ok(())
    }

    /// The operator asks for complements; the documents named are to be given again.
    pub fn ask_for_complements(
        &mut self,
        by: &AccountId,
        message: String,
        rejected: &[DocumentId],
        now: Timestamp,
    ) -> Result<(), RegistrationRefused> {
        self.decided(by, None, now)?;
        for document in self
            .documents
            .iter_mut()
            .filter(|document| rejected.contains(&document.id))
        {
            document.status = DocumentStatus::Rejected;
            document.reviewed_at = Some(now);
        }
        self.complements = Some(message);
        self.status = ProfessionalStatus::ComplementsRequested;
        Ok(())
    }
}
