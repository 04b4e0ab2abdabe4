//! A document's way in: announced, uploaded, looked at, kept or thrown away.

use jiff::Timestamp;

use super::*;
use crate::time::paris;

/// What a file really is, read from its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenFile<'a> {
    /// The type its first bytes say, when it is an accepted one.
    pub file_type: Option<FileType>,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: &'a str,
    /// Why it cannot be kept, once it was opened.
    pub fault: Option<FileFault>,
}

/// Why an uploaded file is not the one that was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherFile {
    /// Its first bytes say another type, or none that is accepted.
    Type,
    /// Its size or its digest is another.
    Content,
    /// It is the one, and cannot be kept.
    Fault(FileFault),
}

/// Why a file of an accepted type cannot be kept: it must open, and do nothing but show itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FileFault {
    /// It does not open.
    #[error(
        "Ce fichier ne s’ouvre pas : il est abîmé ou incomplet. Enregistrez-le de nouveau, puis choisissez-le."
    )]
    Damaged,
    /// A PDF with nothing in it.
    #[error("Ce PDF n’a aucune page.")]
    NoPage,
    /// A PDF that asks for a password, or that was protected with an empty one.
    #[error("Ce PDF est protégé : enregistrez-le sans mot de passe ni restriction.")]
    Encrypted,
    /// A PDF that does something when it is opened, or carries a file.
    #[error(
        "Ce PDF contient un script, une action ou un fichier joint : « imprimez-le en PDF » pour n’en garder que les pages."
    )]
    Active,
    /// An image too large to be shown.
    #[error("Cette image compte plus de 40 millions de pixels : réduisez-la.")]
    TooManyPixels,
    /// A malware scan found something.
    #[error(
        "Ce fichier contient un logiciel malveillant : il n’est pas gardé. Analysez votre appareil avec un antivirus avant d’en envoyer un autre."
    )]
    Malware,
    /// A malware scan could not read it.
    #[error(
        "Ce fichier n’a pas pu être analysé : il n’est pas gardé. Enregistrez-le de nouveau, puis envoyez-le."
    )]
    Unscannable,
}

/// What a malware scan said of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanVerdict {
    /// Nothing was found.
    Clean,
    /// Something was.
    Infected,
    /// It could not be scanned, for whatever reason: nobody knows what it is.
    Unscannable,
}

impl ScanVerdict {
    /// Why the file is not kept, unless it is clean.
    pub fn fault(self) -> Option<FileFault> {
        match self {
            Self::Clean => None,
            Self::Infected => Some(FileFault::Malware),
            Self::Unscannable => Some(FileFault::Unscannable),
        }
    }
}

impl FileFault {
    /// How many pixels an image has at most.
    pub const MOST_PIXELS: u64 = 40_000_000;

    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Damaged => "file_damaged",
            Self::NoPage => "file_without_page",
            Self::Encrypted => "file_encrypted",
            Self::Active => "file_active",
            Self::TooManyPixels => "file_too_many_pixels",
            Self::Malware => "file_malware",
            Self::Unscannable => "file_unscannable",
        }
    }
}

impl DocumentFile {
    /// Checks a file as announced, before anything is uploaded.
    pub fn check(&self, kind: DocumentKind) -> Result<(), RegistrationRefused> {
        if !(1..=LARGEST_FILE_BYTES).contains(&self.size) {
            return Err(RegistrationRefused::FileSize);
        }
        if kind == DocumentKind::Photo && self.file_type == FileType::Pdf {
            return Err(RegistrationRefused::PhotoType);
        }
        if !self.has_digest() {
            return Err(RegistrationRefused::FileDigest);
        }
        Ok(())
    }

    /// Whether the digest is 64 hexadecimal digits in lower case.
    pub fn has_digest(&self) -> bool {
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        self.sha256.len() == 64 && self.sha256.bytes().all(hexadecimal)
    }

    /// Compares what was uploaded with what was announced.
    pub fn compare(&self, seen: &SeenFile<'_>) -> Result<(), OtherFile> {
        if seen.file_type != Some(self.file_type) {
            return Err(OtherFile::Type);
        }
        if seen.size != self.size || seen.sha256 != self.sha256 {
            return Err(OtherFile::Content);
        }
        if let Some(fault) = seen.fault {
            return Err(OtherFile::Fault(fault));
        }
        Ok(())
    }
}

impl From<OtherFile> for RegistrationRefused {
    fn from(other: OtherFile) -> Self {
        match other {
            OtherFile::Type => Self::FileType,
            OtherFile::Content => Self::FileDiffers,
            OtherFile::Fault(fault) => Self::File(fault),
        }
    }
}

impl Professional {
    /// One of the documents.
    pub fn document(&self, id: &DocumentId) -> Option<&Document> {
        self.documents.iter().find(|document| document.id == *id)
    }

    /// Announces a document: its file may then be uploaded.
    pub fn announce_document(
        &mut self,
        id: DocumentId,
        details: DocumentDetails,
        file: DocumentFile,
        now: Timestamp,
    ) -> Result<Document, RegistrationRefused> {
        self.check_depositable(details.kind())?;
        self.check_document(&details, paris::local_date(now))?;
        let document = Document {
            id,
            details,
            file,
            status: DocumentStatus::Prepared,
            prepared_at: now,
            reviewed_at: None,
            review_method: None,
            reviewed_by: None,
            despite: None,
            rejection: None,
            ended_early: None,
        };
        document.file.check(document.kind())?;
        self.documents.push(document.clone());
        Ok(document)
    }

    /// Takes a document whose file is what was announced. It waits until the malware scan, where that said
    /// nothing yet; then it is kept, in the place of those of the same kind and person that were not
    /// verified. One whose file is something else, or infected, leaves the list.
    pub fn deposit_document(
        &mut self,
        id: &DocumentId,
        seen: &SeenFile<'_>,
        verdict: Option<ScanVerdict>,
    ) -> Result<(), RegistrationRefused> {
        let Some(document) = self.document(id).cloned() else {
            return Ok(());
        };
        self.check_depositable(document.kind())?;
        if document.status != DocumentStatus::Prepared {
            return Ok(());
        }
        // Another document may have come in since this one was announced.
        self.check_number(&document.details)?;
        let infected = verdict.and_then(ScanVerdict::fault).map(OtherFile::Fault);
        let compared = document.file.compare(seen);
        if let Err(other) = infected.map_or(compared, Err) {
            self.documents.retain(|other| other.id != *id);
            return Err(other.into());
        }
        match verdict {
            Some(_) => self.keep_document(&document),
            None => self.set_status(id, DocumentStatus::Scanning),
        }
        Ok(())
    }

    /// The malware scan is over for a document that waited for it: it is kept, or its owner reads why not.
    /// Answers whether it still waited.
    pub fn end_scan(
        &mut self,
        id: &DocumentId,
        outcome: Result<(), FileFault>,
        now: Timestamp,
    ) -> bool {
        let waits = |document: &&Document| document.status == DocumentStatus::Scanning;
        let Some(document) = self.document(id).filter(waits).cloned() else {
            return false;
        };
        match outcome {
            Ok(()) => self.keep_document(&document),
            Err(fault) => {
                for refused in self.documents.iter_mut().filter(|one| one.id == *id) {
                    refused.status = DocumentStatus::Rejected;
                    refused.rejection = Some(fault.to_string());
                    refused.reviewed_at = Some(now);
                }
            }
        }
        true
    }

    /// What was announced later is not given up for what was announced before, however long its scan took.
    fn keep_document(&mut self, document: &Document) {
        let is_later = |other: &Document| {
            other.is_about_the_same(document) && other.prepared_at > document.prepared_at
        };
        self.documents.retain(|other| {
            other.id == document.id
                || other.status == DocumentStatus::Verified
                || !other.is_about_the_same(document)
                || is_later(other)
        });
        self.set_status(&document.id, DocumentStatus::Deposited);
    }

    fn set_status(&mut self, id: &DocumentId, status: DocumentStatus) {
        for document in self.documents.iter_mut().filter(|one| one.id == *id) {
            document.status = status;
        }
    }

    /// Takes a document off the list.
    pub fn remove_document(&mut self, id: &DocumentId) -> Result<(), RegistrationRefused> {
        let Some(document) = self.document(id) else {
            return Ok(());
        };
        self.check_depositable(document.kind())?;
        if self.status == ProfessionalStatus::Accepted
            && document.status == DocumentStatus::Verified
        {
            return Err(RegistrationRefused::Verified);
        }
        self.documents.retain(|document| document.id != *id);
        Ok(())
    }
}

impl Document {
    /// Whether both are of one kind, and of one person where that matters.
    pub(super) fn is_about_the_same(&self, other: &Self) -> bool {
        self.kind() == other.kind() && self.holder() == other.holder()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::legal;
    use crate::ids::TypedId as _;

    const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    const CLEAN: Option<ScanVerdict> = Some(ScanVerdict::Clean);

    fn now() -> Timestamp {
        "2026-09-01T10:00:00Z".parse().unwrap()
    }

    fn id(last: char) -> DocumentId {
        DocumentId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}"))
    }

    fn file(file_type: FileType) -> DocumentFile {
        DocumentFile {
            key: "documents/1".to_owned(),
            size: 100,
            sha256: SHA256.to_owned(),
            file_type,
        }
    }

    fn seen(file_type: Option<FileType>) -> SeenFile<'static> {
        SeenFile {
            file_type,
            size: 100,
            sha256: SHA256,
            fault: None,
        }
    }

    fn conditions() -> DocumentDetails {
        DocumentDetails::ConditionsOfSale {
            version: "1".to_owned(),
            contents: Conditions::default(),
        }
    }

    fn draft() -> Professional {
        let accepted = Acceptance::of(legal::TERMS_PROFESSIONALS, now(), "192.0.2.1", "test");
        let id = ProfessionalId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        Professional::begin(id, Email::parse("chef@example.fr").unwrap(), accepted)
    }

    #[test]
    fn a_file_of_another_type_than_announced_leaves_the_list() {
        for found in [None, Some(FileType::Png)] {
            let mut draft = draft();
            draft
                .announce_document(id('A'), conditions(), file(FileType::Pdf), now())
                .unwrap();
            assert_eq!(
                draft.deposit_document(&id('A'), &seen(found), CLEAN),
                Err(RegistrationRefused::FileType)
            );
            assert!(draft.documents.is_empty());
        }
    }

    #[test]
    fn a_file_with_other_bytes_than_announced_leaves_the_list() {
        let mut draft = draft();
        draft
            .announce_document(id('A'), conditions(), file(FileType::Pdf), now())
            .unwrap();
        let longer = SeenFile {
            size: 101,
            ..seen(Some(FileType::Pdf))
        };
        assert_eq!(
            draft.deposit_document(&id('A'), &longer, CLEAN),
            Err(RegistrationRefused::FileDiffers)
        );
        assert!(draft.documents.is_empty());
    }

    #[test]
    fn a_newer_document_replaces_an_older_one_that_was_not_verified() {
        let mut draft = draft();
        for last in ['A', 'B', 'C'] {
            draft
                .announce_document(id(last), conditions(), file(FileType::Pdf), now())
                .unwrap();
            draft
                .deposit_document(&id(last), &seen(Some(FileType::Pdf)), CLEAN)
                .unwrap();
            if last == 'A' {
                draft.documents[0].status = DocumentStatus::Verified;
            }
        }
        let left: Vec<_> = draft
            .documents
            .iter()
            .map(|document| (document.id.clone(), document.status))
            .collect();
        assert_eq!(
            left,
            [
                (id('A'), DocumentStatus::Verified),
                (id('C'), DocumentStatus::Deposited)
            ]
        );
    }

    /// Two documents of one kind: the second is scanned, and the first is given up only once it is clean.
    #[test]
    fn a_file_counts_once_it_is_clean_and_an_infected_one_says_why() {
        use DocumentStatus::{Deposited, Rejected, Scanning};
        let statuses = |draft: &Professional| -> Vec<_> {
            let documents = draft.documents.iter();
            documents
                .map(|document| (document.id.clone(), document.status))
                .collect()
        };
        for (outcome, after) in [
            (Ok(()), vec![(id('B'), Deposited)]),
            (
                Err(FileFault::Malware),
                vec![(id('A'), Deposited), (id('B'), Rejected)],
            ),
        ] {
            let mut draft = draft();
            for (last, verdict) in [('A', CLEAN), ('B', None)] {
                draft
                    .announce_document(id(last), conditions(), file(FileType::Pdf), now())
                    .unwrap();
                let pdf = seen(Some(FileType::Pdf));
                draft.deposit_document(&id(last), &pdf, verdict).unwrap();
            }
            assert_eq!(
                statuses(&draft),
                [(id('A'), Deposited), (id('B'), Scanning)]
            );
            assert!(!draft.document(&id('B')).unwrap().is_deposited());
            assert!(draft.end_scan(&id('B'), outcome, now()));
            assert_eq!(statuses(&draft), after);
            let said = draft.document(&id('B')).unwrap().rejection.clone();
            assert_eq!(said.is_some(), outcome.is_err());
            assert!(!draft.end_scan(&id('B'), Ok(()), now()), "once");
            assert!(!draft.end_scan(&id('A'), Err(FileFault::Malware), now()));
        }
    }

    /// Two of one kind are scanned at once: whichever scan ends first, the later one stays.
    #[test]
    fn of_two_files_that_are_scanned_the_later_one_stays() {
        for order in [['A', 'B'], ['B', 'A']] {
            let mut draft = draft();
            for (last, minutes) in [('A', 0), ('B', 1)] {
                let at = now() + jiff::SignedDuration::from_mins(minutes);
                draft
                    .announce_document(id(last), conditions(), file(FileType::Pdf), at)
                    .unwrap();
                let pdf = seen(Some(FileType::Pdf));
                draft.deposit_document(&id(last), &pdf, None).unwrap();
            }
            for last in order {
                draft.end_scan(&id(last), Ok(()), now());
            }
            let left: Vec<_> = draft
                .documents
                .iter()
                .map(|one| (one.id.clone(), one.status))
                .collect();
            assert_eq!(left, [(id('B'), DocumentStatus::Deposited)], "{order:?}");
        }
    }

    #[test]
    fn a_file_that_was_found_infected_before_it_is_confirmed_leaves_the_list() {
        for (verdict, fault) in [
            (ScanVerdict::Infected, FileFault::Malware),
            (ScanVerdict::Unscannable, FileFault::Unscannable),
        ] {
            let mut draft = draft();
            draft
                .announce_document(id('A'), conditions(), file(FileType::Pdf), now())
                .unwrap();
            assert_eq!(
                draft.deposit_document(&id('A'), &seen(Some(FileType::Pdf)), Some(verdict)),
                Err(RegistrationRefused::File(fault))
            );
            assert!(draft.documents.is_empty());
        }
    }

    #[test]
    fn confirming_a_deposited_document_again_changes_nothing() {
        let mut draft = draft();
        draft
            .announce_document(id('A'), conditions(), file(FileType::Pdf), now())
            .unwrap();
        draft
            .deposit_document(&id('A'), &seen(Some(FileType::Pdf)), CLEAN)
            .unwrap();
        let before = draft.clone();
        assert_eq!(draft.deposit_document(&id('A'), &seen(None), CLEAN), Ok(()));
        assert_eq!(draft, before);
    }

    #[test]
    fn files_are_checked_before_they_are_sent() {
        let kind = DocumentKind::Insurance;
        let with = |change: &dyn Fn(&mut DocumentFile)| {
            let mut file = file(FileType::Pdf);
            change(&mut file);
            file
        };
        assert_eq!(with(&|_| ()).check(kind), Ok(()));
        assert_eq!(
            with(&|_| ()).check(DocumentKind::Photo),
            Err(RegistrationRefused::PhotoType)
        );
        assert_eq!(
            with(&|file| file.size = 0).check(kind),
            Err(RegistrationRefused::FileSize)
        );
        assert_eq!(
            with(&|file| file.size = LARGEST_FILE_BYTES).check(kind),
            Ok(())
        );
        assert_eq!(
            with(&|file| file.size = LARGEST_FILE_BYTES + 1).check(kind),
            Err(RegistrationRefused::FileSize)
        );
        assert_eq!(
            with(&|file| file.sha256 = SHA256.to_uppercase()).check(kind),
            Err(RegistrationRefused::FileDigest)
        );
        assert_eq!(
            with(&|file| file.sha256.truncate(63)).check(kind),
            Err(RegistrationRefused::FileDigest)
        );
    }

    #[test]
    fn documents_of_people_who_are_not_listed_any_more_go_with_them() {
        let mut draft = draft();
        let agent = AgentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        let listed = Agent {
            id: agent.clone(),
            first_name: "Léa".to_owned(),
            last_name: "Roy".to_owned(),
        };
        draft
            .write_profile(Profile {
                agents: vec![listed],
                ..Profile::default()
            })
            .unwrap();
        let number = CnapsNumber::parse("CAR-069-2030-06-19-20250183149").unwrap();
        let card = DocumentDetails::ProfessionalCard {
            agent,
            number,
            expires_on: jiff::civil::date(2030, 6, 19),
            activities: Some(std::collections::BTreeSet::from([
                TitleActivity::Surveillance,
            ])),
        };
        draft
            .announce_document(id('A'), card, file(FileType::Pdf), now())
            .unwrap();
        draft
            .announce_document(id('B'), conditions(), file(FileType::Pdf), now())
            .unwrap();
        draft.write_profile(Profile::default()).unwrap();
        assert_eq!(
            draft
                .documents
                .iter()
                .map(|document| document.id.clone())
                .collect::<Vec<_>>(),
            [id('B')]
        );
    }
}
