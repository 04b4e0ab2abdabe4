//! Documents that prove a professional's right to sell security (terms, article 4.2).

use jiff::{Timestamp, civil::Date};

use super::*;

/// The largest file that may be uploaded: 10 MB.
pub const LARGEST_FILE_BYTES: u64 = 10 * 1024 * 1024;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A manager's approval (AGD).
    ManagerApproval,
    /// The authorisation to exercise of an establishment (AUT).
    Authorisation,
    /// An agent's professional card (CAR).
    ProfessionalCard,
    /// Professional liability insurance.
    Insurance,
    /// Bank details of the account that is paid.
    BankDetails,
    /// The professional's own conditions of sale.
    ConditionsOfSale,
    /// An agent's fire safety diploma (SSIAP), in its period of validity.
    FireSafetyDiploma,
    /// A photo; a generic picture is shown without one.
    Photo,
}

impl DocumentKind {
    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::ManagerApproval => "Agrément dirigeant",
            Self::Authorisation => "Autorisation d’exercice CNAPS",
            Self::ProfessionalCard => "Carte professionnelle d’agent",
            Self::FireSafetyDiploma => "Diplôme SSIAP d’agent",
            Self::Insurance => "Assurance responsabilité civile professionnelle",
            Self::BankDetails => "RIB",
            Self::ConditionsOfSale => "Conditions générales de vente",
            Self::Photo => "Photo",
        }
    }
}

/// A file type that is accepted, as sniffed from its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum FileType {
    /// PDF.
    #[serde(rename = "application/pdf")]
    Pdf,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
}

impl FileType {
    /// The media type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// How the names of such files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// A file's name as it is given to others: it ends as such files do, so that it opens as what it is.
    pub fn named(self, name: &str) -> String {
        let known = name
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_lowercase());
        let is_ours = |ending: &str| match self {
            Self::Jpeg => matches!(ending, "jpg" | "jpeg"),
            Self::Pdf | Self::Png => ending == self.extension(),
        };
        if known.as_deref().is_some_and(is_ours) {
            name.to_owned()
        } else {
            format!("{name}.{}", self.extension())
        }
    }

    /// The accepted type of a media type, if it is one.
    pub fn of_mime(mime: &str) -> Option<Self> {
        [Self::Pdf, Self::Jpeg, Self::Png]
            .into_iter()
            .find(|known| known.mime() == mime)
    }
}

/// What conditions of sale must say before they can be relied on (terms, article 10).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Conditions {
    /// The nature of the services.
    pub nature: bool,
    /// Prices, with the amount of the former CNAPS tax.
    pub prices: bool,
    /// How services are performed.
    pub execution: bool,
    /// The right of withdrawal.
    pub withdrawal: bool,
}

impl Conditions {
    /// Whether all four are there.
    pub fn complete(self) -> bool {
        self.nature && self.prices && self.execution && self.withdrawal
    }

    /// What is not there, for people.
    pub fn lacking(self) -> Vec<&'static str> {
        let parts = [
            (self.nature, "nature"),
            (self.prices, "prix"),
            (self.execution, "exécution"),
            (self.withdrawal, "rétractation"),
        ];
        let lacking = parts.into_iter().filter(|(there, _)| !there);
        lacking.map(|(_, what)| what).collect()
    }
}

/// What is captured beside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are those of the paper document")]
pub enum DocumentDetails {
    ManagerApproval {
        manager: ManagerId,
        number: CnapsNumber,
        expires_on: Date,
    },
    Authorisation {
        number: CnapsNumber,
        expires_on: Date,
        /// The activities written on it: asked for since activities are verified.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        activities: Option<BTreeSet<TitleActivity>>,
        /// Of which establishment, where it is not the main one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        establishment: Option<EstablishmentId>,
    },
    ProfessionalCard {
        agent: AgentId,
        number: CnapsNumber,
        expires_on: Date,
        /// The activities written on it: asked for since activities are verified.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        activities: Option<BTreeSet<TitleActivity>>,
    },
    FireSafetyDiploma {
        agent: AgentId,
        /// The number of the diploma, or of its last refresher.
        #[schemars(length(min = 2, max = 60))]
        number: String,
        /// The day up to which no refresher is due.
        expires_on: Date,
    },
    Insurance {
        #[schemars(length(min = 2, max = 120))]
        insurer: String,
        #[schemars(length(min = 5, max = 200))]
        insurer_contact: String,
        #[schemars(length(min = 2, max = 60))]
        policy_number: String,
        /// Where it covers (terms, article 4.2).
        #[schemars(length(min = 2, max = 120))]
        coverage: String,
        valid_from: Date,
        expires_on: Date,
    },
    BankDetails {
        #[schemars(length(min = 2, max = 120))]
        holder: String,
        iban: Iban,
    },
    ConditionsOfSale {
        #[schemars(length(min = 1, max = 40))]
        version: String,
        contents: Conditions,
    },
    Photo,
}

/// Whether the operator relied on a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentStatus {
    /// An upload was prepared; no file was seen yet.
    Prepared,
    /// The file is there and is what was announced; a malware scan has not said yet that it is clean.
    Scanning,
    /// The file is there, of an accepted type, and clean.
    Deposited,
    /// The operator verified it.
    Verified,
    /// The operator turned it down.
    Rejected,
}

/// The file itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFile {
    /// Its key in the bucket: says nothing of its owner.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// As sniffed, once deposited; as declared before.
    pub file_type: FileType,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its identifier.
    pub id: DocumentId,
    /// What it is and says.
    pub details: DocumentDetails,
    /// The file.
    pub file: DocumentFile,
    /// Whether the operator relied on it.
    pub status: DocumentStatus,
    /// When the upload was prepared.
    pub prepared_at: Timestamp,
    /// When the operator decided.
    pub reviewed_at: Option<Timestamp>,
    /// How the operator verified it.
    pub review_method: Option<String>,
    /// Which operator decided.
    #[serde(default)]
    pub reviewed_by: Option<AccountId>,
    /// What spoke against it when it was verified, and why it is relied on all the same.
    #[serde(default)]
    pub despite: Option<Despite>,
    /// Why the operator turned it down.
    #[serde(default)]
    pub rejection: Option<String>,
    /// That it ended before its last day: withdrawn, suspended, cancelled.
    #[serde(default)]
    pub ended_early: Option<EarlyEnd>,
}

/// That a document is relied on although something speaks against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Despite {
    /// What was known to speak against it: what is found later is another question.
    pub contradictions: Vec<Contradiction>,
    /// Why it is relied on.
    pub reason: String,
}

/// The end of a title or an insurance before its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyEnd {
    /// The last day on which it was valid.
    pub on: Date,
    /// Why, for its owner and the file.
    pub reason: String,
    /// When the operator wrote it down.
    pub at: Timestamp,
}

impl Document {
    /// What it is.
    pub fn kind(&self) -> DocumentKind {
        self.details.kind()
    }

    /// The last day on which it is valid, for kinds that end.
    pub fn expires_on(&self) -> Option<Date> {
        let written = self.written_end()?;
        let early = self.ended_early.as_ref();
        Some(early.map_or(written, |end| end.on.min(written)))
    }

    /// The last day that is written on it.
    pub(super) fn written_end(&self) -> Option<Date> {
        match &self.details {
            DocumentDetails::ManagerApproval { expires_on, .. }
            | DocumentDetails::Authorisation { expires_on, .. }
            | DocumentDetails::ProfessionalCard { expires_on, .. }
            | DocumentDetails::FireSafetyDiploma { expires_on, .. }
            | DocumentDetails::Insurance { expires_on, .. } => Some(*expires_on),
            DocumentDetails::BankDetails { .. }
            | DocumentDetails::ConditionsOfSale { .. }
            | DocumentDetails::Photo => None,
        }
    }

    /// The CNAPS number and the kind of title expected, for titles.
    pub fn title(&self) -> Option<(CnapsKind, &CnapsNumber)> {
        self.details.title()
    }

    /// The number that names it to whoever asks to see it: of a title, or of a diploma.
    pub fn number(&self) -> Option<String> {
        match &self.details {
            DocumentDetails::FireSafetyDiploma { number, .. } => Some(number.clone()),
            _ => self.title().map(|(_, number)| number.to_string()),
        }
    }

    /// Whether the file was seen and not turned down.
    pub fn is_deposited(&self) -> bool {
        matches!(
            self.status,
            DocumentStatus::Deposited | DocumentStatus::Verified
        )
    }

    /// What the operator should look at twice: a mismatch is a warning, never a refusal, since the
    /// CNAPS publishes no grammar of its numbers.
    pub fn warnings(&self) -> Vec<String> {
        match (self.title(), self.written_end()) {
            (Some((kind, number)), Some(expires_on)) => number
                .warnings(kind, expires_on)
                .iter()
                .map(ToString::to_string)
                .collect(),
            (Some(_) | None, Some(_) | None) => Vec::new(),
        }
    }
}

/// What may be shown of a document to its owner and to the operator: the IBAN is masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ShownDocument {
    /// Its identifier.
    pub id: DocumentId,
    /// What it is, for people.
    pub label: String,
    /// What it is and says.
    pub details: ShownDetails,
    /// Whether the operator relied on it.
    pub status: DocumentStatus,
    /// Type of the file.
    pub file_type: FileType,
    /// Bytes.
    pub size: u64,
    /// When the upload was prepared.
    pub prepared_at: Timestamp,
    /// What should be looked at twice.
    pub warnings: Vec<String>,
    /// The last day on which it is valid, for kinds that end.
    pub expires_on: Option<Date>,
    /// Why the operator turned it down.
    pub rejection: Option<String>,
}

/// What may be shown of what a document says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are those of the paper document")]
pub enum ShownDetails {
    ManagerApproval {
        manager: ManagerId,
        number: CnapsNumber,
        expires_on: Date,
    },
    Authorisation {
        number: CnapsNumber,
        expires_on: Date,
        activities: Option<BTreeSet<TitleActivity>>,
        establishment: Option<EstablishmentId>,
    },
    ProfessionalCard {
        agent: AgentId,
        number: CnapsNumber,
        expires_on: Date,
        activities: Option<BTreeSet<TitleActivity>>,
    },
    FireSafetyDiploma {
        agent: AgentId,
        number: String,
        expires_on: Date,
    },
    Insurance {
        insurer: String,
        insurer_contact: String,
        policy_number: String,
        coverage: String,
        valid_from: Date,
        expires_on: Date,
    },
    BankDetails {
        holder: String,
        masked_iban: String,
    },
    ConditionsOfSale {
        version: String,
        contents: Conditions,
    },
    Photo,
}

impl Document {
    /// What its owner and the operator see of it.
    pub fn shown(&self) -> ShownDocument {
        ShownDocument {
            id: self.id.clone(),
            label: self.kind().label().to_owned(),
            details: self.details.shown(),
            status: self.status,
            file_type: self.file.file_type,
            size: self.file.size,
            prepared_at: self.prepared_at,
            warnings: self.warnings(),
            expires_on: self.expires_on(),
            rejection: self.rejection.clone(),
        }
    }
}

impl DocumentDetails {
    /// What it is.
    pub fn kind(&self) -> DocumentKind {
        match self {
            Self::ManagerApproval { .. } => DocumentKind::ManagerApproval,
            Self::Authorisation { .. } => DocumentKind::Authorisation,
            Self::ProfessionalCard { .. } => DocumentKind::ProfessionalCard,
            Self::FireSafetyDiploma { .. } => DocumentKind::FireSafetyDiploma,
            Self::Insurance { .. } => DocumentKind::Insurance,
            Self::BankDetails { .. } => DocumentKind::BankDetails,
            Self::ConditionsOfSale { .. } => DocumentKind::ConditionsOfSale,
            Self::Photo => DocumentKind::Photo,
        }
    }

    /// The CNAPS number and the kind of title expected, for titles.
    pub fn title(&self) -> Option<(CnapsKind, &CnapsNumber)> {
        match self {
            Self::ManagerApproval { number, .. } => Some((CnapsKind::Agd, number)),
            Self::Authorisation { number, .. } => Some((CnapsKind::Aut, number)),
            Self::ProfessionalCard { number, .. } => Some((CnapsKind::Car, number)),
            Self::FireSafetyDiploma { .. }
            | Self::Insurance { .. }
            | Self::BankDetails { .. }
            | Self::ConditionsOfSale { .. }
            | Self::Photo => None,
        }
    }

    fn shown(&self) -> ShownDetails {
        match self.clone() {
            Self::ManagerApproval {
                manager,
                number,
                expires_on,
            } => ShownDetails::ManagerApproval {
                manager,
                number,
                expires_on,
            },
            Self::Authorisation {
                number,
                expires_on,
                activities,
                establishment,
            } => ShownDetails::Authorisation {
                number,
                expires_on,
                activities,
                establishment,
            },
            Self::ProfessionalCard {
                agent,
                number,
                expires_on,
                activities,
            } => ShownDetails::ProfessionalCard {
                agent,
                number,
                expires_on,
                activities,
            },
            Self::FireSafetyDiploma {
                agent,
                number,
                expires_on,
            } => ShownDetails::FireSafetyDiploma {
                agent,
                number,
                expires_on,
            },
            Self::Insurance {
                insurer,
                insurer_contact,
                policy_number,
                coverage,
                valid_from,
                expires_on,
            } => ShownDetails::Insurance {
                insurer,
                insurer_contact,
                policy_number,
                coverage,
                valid_from,
                expires_on,
            },
            Self::BankDetails { holder, iban } => ShownDetails::BankDetails {
                holder,
                masked_iban: iban.masked(),
            },
            Self::ConditionsOfSale { version, contents } => {
                ShownDetails::ConditionsOfSale { version, contents }
            }
            Self::Photo => ShownDetails::Photo,
        }
    }
}
