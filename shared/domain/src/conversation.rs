//! What a client and a professional write to each other (terms, articles 2 and 22): one conversation
//! for the two of them, whichever bookings it is about.
//!
//! Coordinates are for the ordered service alone (terms, article 22): until a first contract is
//! concluded, those that a text holds are shown to neither party.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::booking::{Booking, BookingParty};
use crate::ids::{AccountId, AttachmentId, ConversationId, MessageId, ProfessionalId};
use crate::professional::{
    DocumentFile, FileFault, LARGEST_FILE_BYTES, OtherFile, ScanVerdict, SeenFile,
};

mod contacts;

pub use contacts::{Masked, masked};

/// The longest text, in characters.
const LONGEST_TEXT: usize = 4000;
/// How many files one message carries at most.
const MOST_ATTACHMENTS: usize = 5;
/// The longest name of a file, in characters.
const LONGEST_NAME: usize = 120;

/// Why a message, or a file for one, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MessageRefused {
    /// Nothing written, or too much.
    #[error("Un message doit compter de 1 à 4 000 caractères.")]
    Text,
    /// Too many files.
    #[error("Un message porte au plus 5 pièces jointes.")]
    TooManyAttachments,
    /// A name that no file has.
    #[error("Le nom d’un fichier doit compter de 1 à 120 caractères, sans barre oblique.")]
    FileName,
    /// Empty, or too heavy.
    #[error("Une pièce jointe ne doit être ni vide, ni peser plus de 10 Mo.")]
    FileSize,
    /// The digest is not one.
    #[error("L’empreinte du fichier n’est pas valide : choisissez-le de nouveau.")]
    FileDigest,
    /// The bytes are those of something else.
    #[error("Une pièce jointe doit être un vrai fichier PDF, JPEG ou PNG.")]
    FileType,
    /// The bytes are not those announced.
    #[error("Le fichier reçu n’est pas celui qui était annoncé : choisissez-le de nouveau.")]
    FileDiffers,
    /// It is the announced one, and cannot be kept.
    #[error(transparent)]
    File(#[from] FileFault),
    /// No malware scan said yet that it is clean.
    #[error("Une pièce jointe est en cours d’analyse : envoyez le message dans quelques instants.")]
    BeingScanned,
    /// It goes with another message already.
    #[error("Cette pièce jointe a déjà été envoyée : choisissez-la de nouveau.")]
    AlreadySent,
    /// The other has left the marketplace, or the conversation never began.
    #[error("Votre correspondant n’est plus joignable sur le site.")]
    NobodyThere,
    /// The client's e-mail is not proved.
    #[error("Confirmez votre adresse électronique avant d’écrire : le lien est dans votre boîte.")]
    EmailNotVerified,
}

impl MessageRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "message_text_invalid",
            Self::TooManyAttachments => "too_many_attachments",
            Self::FileName => "attachment_name_invalid",
            Self::FileSize => "attachment_size_invalid",
            Self::FileDigest => "attachment_digest_invalid",
            Self::FileType => "attachment_type_refused",
            Self::FileDiffers => "attachment_differs",
            Self::File(fault) => fault.code(),
            Self::BeingScanned => "attachment_being_scanned",
            Self::AlreadySent => "attachment_already_sent",
            Self::NobodyThere => "correspondent_gone",
            Self::EmailNotVerified => "email_not_verified",
        }
    }
}

impl From<OtherFile> for MessageRefused {
    fn from(other: OtherFile) -> Self {
        match other {
            OtherFile::Type => Self::FileType,
            OtherFile::Content => Self::FileDiffers,
            OtherFile::Fault(fault) => Self::File(fault),
        }
    }
}

/// A conversation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its identifier.
    pub id: ConversationId,
    /// One party.
    pub client: AccountId,
    /// The other.
    pub professional: ProfessionalId,
    /// The professional, as named when it began or at the last contract.
    pub professional_name: String,
    /// The client, as named in the first contract; unknown to the professional before.
    pub client_name: Option<String>,
    /// When the first contract between them was concluded: coordinates are shown since.
    pub acquainted_at: Option<Timestamp>,
    /// When it began.
    pub started_at: Timestamp,
    /// When something was last written.
    pub last_at: Timestamp,
    /// How many messages it has.
    pub messages: u32,
    /// How many messages the client has not read.
    pub client_unread: u32,
    /// How many messages the professional has not read.
    pub professional_unread: u32,
}

impl std::fmt::Debug for Conversation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Conversation({}, {} messages)", self.id, self.messages)
    }
}

/// A file that goes with a message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its identifier.
    pub id: AttachmentId,
    /// Its name on the sender's device.
    pub name: String,
    /// Where it is.
    pub file: DocumentFile,
}

/// A file on its way: announced, uploaded, not sent yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentDraft {
    /// The file.
    pub attachment: Attachment,
    /// Who announced it.
    pub owner: AccountId,
    /// When.
    pub announced_at: Timestamp,
    /// The message it went with.
    pub sent_in: Option<MessageId>,
}

/// Something written.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its identifier.
    pub id: MessageId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// By which party.
    pub by: BookingParty,
    /// By which account.
    pub author: AccountId,
    /// When.
    pub at: Timestamp,
    /// The words, as written.
    pub text: String,
    /// The reference of the booking it is about, such as `MAS-2026-7K3F9Q2A`.
    pub about: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({}, {:?})", self.id, self.by)
    }
}

/// The words of a message, without the spaces around them.
pub fn written(text: &str) -> Result<String, MessageRefused> {
    let text = text.trim();
    if (1..=LONGEST_TEXT).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(MessageRefused::Text)
    }
}

/// Checks how many files go with a message.
pub fn check_attachment_count(count: usize) -> Result<(), MessageRefused> {
    if count <= MOST_ATTACHMENTS {
        Ok(())
    } else {
        Err(MessageRefused::TooManyAttachments)
    }
}

impl Attachment {
    /// Checks a file as announced, before anything is uploaded.
    pub fn check(&self) -> Result<(), MessageRefused> {
        let name = self.name.trim();
        let impossible = |letter: char| letter.is_control() || matches!(letter, '/' | '\\');
        if !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.chars().any(impossible) {
            return Err(MessageRefused::FileName);
        }
        if !(1..=LARGEST_FILE_BYTES).contains(&self.file.size) {
            return Err(MessageRefused::FileSize);
        }
        if !self.file.has_digest() {
            return Err(MessageRefused::FileDigest);
        }
        Ok(())
    }
}

impl AttachmentDraft {
    /// A file goes with one message.
    pub fn check_unsent(&self) -> Result<(), MessageRefused> {
        match self.sent_in {
            Some(_) => Err(MessageRefused::AlreadySent),
            None => Ok(()),
        }
    }

    /// Sends it with a message, if what was uploaded is what was announced, and the malware scan said that
    /// it is clean.
    pub fn send(
        &mut self,
        message: &MessageId,
        seen: &SeenFile<'_>,
        verdict: Option<ScanVerdict>,
    ) -> Result<(), MessageRefused> {
        self.check_unsent()?;
        self.attachment.file.compare(seen)?;
        let verdict = verdict.ok_or(MessageRefused::BeingScanned)?;
        if let Some(fault) = verdict.fault() {
            return Err(fault.into());
        }
        self.sent_in = Some(message.clone());
        Ok(())
    }
}

impl Conversation {
    /// Begins one, in which nothing is written yet.
    pub fn between(
        id: ConversationId,
        client: AccountId,
        professional: ProfessionalId,
        professional_name: String,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            client,
            professional,
            professional_name,
            client_name: None,
            acquainted_at: None,
            started_at: now,
            last_at: now,
            messages: 0,
            client_unread: 0,
            professional_unread: 0,
        }
    }

    /// A contract was concluded: from the first on, each knows who the other is.
    pub fn acquaint(&mut self, client_name: &str, professional_name: &str, at: Timestamp) {
        self.acquainted_at.get_or_insert(at);
        self.client_name = Some(client_name.to_owned());
        professional_name.clone_into(&mut self.professional_name);
    }

    /// A contract was concluded by this booking.
    pub fn acquaint_by(&mut self, booking: &Booking) {
        if let Some(at) = booking.accepted_at {
            self.acquaint(&booking.contact.name, &booking.professional_name, at);
        }
    }

    /// How many messages a party has not read.
    pub fn unread(&self, party: BookingParty) -> u32 {
        match party {
            BookingParty::Client => self.client_unread,
            BookingParty::Professional => self.professional_unread,
        }
    }

    fn unread_of(&mut self, party: BookingParty) -> &mut u32 {
        match party {
            BookingParty::Client => &mut self.client_unread,
            BookingParty::Professional => &mut self.professional_unread,
        }
    }

    /// Adds a message. Answers whether the other is to be told by mail: for the first that waits, not
    /// for those that follow it.
    pub fn add(&mut self, message: &Message) -> bool {
        self.messages = self.messages.saturating_add(1);
        self.last_at = self.last_at.max(message.at);
        let unread = self.unread_of(other(message.by));
        *unread = unread.saturating_add(1);
        *unread == 1
    }

    /// A party has read the conversation as it was when it had `messages` messages. What was written
    /// since stays unread. Answers whether that changes anything.
    pub fn read(&mut self, party: BookingParty, messages: u32) -> bool {
        if messages != self.messages || self.unread(party) == 0 {
            return false;
        }
        *self.unread_of(party) = 0;
        true
    }

    /// A text as both parties may read it now.
    pub fn shown(&self, text: &str) -> Masked {
        if self.acquainted_at.is_some() {
            Masked::untouched(text)
        } else {
            masked(text)
        }
    }
}

/// The other party.
pub fn other(party: BookingParty) -> BookingParty {
    match party {
        BookingParty::Client => BookingParty::Professional,
        BookingParty::Professional => BookingParty::Client,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;
    use crate::professional::FileType;

    const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";
    const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn conversation() -> Conversation {
        Conversation::between(
            ConversationId::from_ulid(ULID),
            AccountId::from_ulid(ULID),
            ProfessionalId::from_ulid(ULID),
            "Bastion Sud".to_owned(),
            at("2026-11-01T10:00:00Z"),
        )
    }

    fn message(by: BookingParty, text: &str) -> Message {
        Message {
            id: MessageId::from_ulid(ULID),
            conversation: ConversationId::from_ulid(ULID),
            by,
            author: AccountId::from_ulid(ULID),
            at: at("2026-11-02T10:00:00Z"),
            text: text.to_owned(),
            about: None,
            attachments: Vec::new(),
        }
    }

    fn attachment() -> Attachment {
        Attachment {
            id: AttachmentId::from_ulid(ULID),
            name: "plan du site.pdf".to_owned(),
            file: DocumentFile {
                key: "attachments/1".to_owned(),
                size: 100,
                sha256: SHA256.to_owned(),
                file_type: FileType::Pdf,
            },
        }
    }

    #[test]
    fn the_other_is_told_of_the_first_message_that_waits_and_not_of_the_next() {
        use BookingParty::{Client, Professional};
        let mut conversation = conversation();
        assert!(conversation.add(&message(Client, "Bonjour")));
        assert!(!conversation.add(&message(Client, "Êtes-vous libre ?")));
        assert_eq!(conversation.unread(Professional), 2);
        assert!(conversation.add(&message(Professional, "Oui")));
        assert!(conversation.read(Professional, 3));
        assert_eq!(
            (
                conversation.unread(Professional),
                conversation.unread(Client)
            ),
            (0, 1)
        );
        assert!(conversation.add(&message(Client, "Parfait")));
    }

    #[test]
    fn what_was_written_meanwhile_stays_unread() {
        let mut conversation = conversation();
        conversation.add(&message(BookingParty::Client, "Un"));
        let seen = conversation.messages;
        conversation.add(&message(BookingParty::Client, "Deux"));
        assert!(!conversation.read(BookingParty::Professional, seen));
        assert_eq!(conversation.unread(BookingParty::Professional), 2);
        assert!(conversation.read(BookingParty::Professional, 2));
        assert!(!conversation.read(BookingParty::Professional, 2));
    }

    #[test]
    fn coordinates_are_shown_once_a_contract_is_concluded() {
        let mut conversation = conversation();
        let text = "Appelez-moi au 06 12 34 56 78.";
        assert_ne!(conversation.shown(text).text, text);
        conversation.acquaint("Léa Roy", "Bastion", at("2026-11-03T10:00:00Z"));
        conversation.acquaint("Léa Roy", "Bastion Sud", at("2026-11-09T10:00:00Z"));
        assert_eq!(conversation.shown(text), Masked::untouched(text));
        assert_eq!(conversation.acquainted_at, Some(at("2026-11-03T10:00:00Z")));
    }

    #[test]
    fn a_text_has_from_1_to_4000_characters() {
        assert_eq!(written("  Bonjour \n"), Ok("Bonjour".to_owned()));
        assert_eq!(written(" \n "), Err(MessageRefused::Text));
        assert!(written(&"é".repeat(4000)).is_ok());
        assert_eq!(written(&"é".repeat(4001)), Err(MessageRefused::Text));
    }

    #[test]
    fn files_are_checked_before_they_are_sent() {
        let with = |change: &dyn Fn(&mut Attachment)| {
            let mut attachment = attachment();
            change(&mut attachment);
            attachment.check()
        };
        assert_eq!(with(&|_| ()), Ok(()));
        for name in ["", " ", "../../plan.pdf", "a\\b.pdf", "a\nb.pdf"] {
            assert_eq!(
                with(&|it| it.name = name.to_owned()),
                Err(MessageRefused::FileName),
                "{name:?}"
            );
        }
        assert_eq!(with(&|it| it.file.size = 0), Err(MessageRefused::FileSize));
        assert_eq!(
            with(&|it| it.file.size = LARGEST_FILE_BYTES + 1),
            Err(MessageRefused::FileSize)
        );
        assert_eq!(
            with(&|it| it.file.sha256.truncate(3)),
            Err(MessageRefused::FileDigest)
        );
    }

    const CLEAN: Option<ScanVerdict> = Some(ScanVerdict::Clean);

    #[test]
    fn a_file_goes_once_and_only_if_it_is_what_was_announced() {
        let draft = || AttachmentDraft {
            attachment: attachment(),
            owner: AccountId::from_ulid(ULID),
            announced_at: at("2026-11-02T10:00:00Z"),
            sent_in: None,
        };
        let message = MessageId::from_ulid(ULID);
        let seen = SeenFile {
            file_type: Some(FileType::Pdf),
            size: 100,
            sha256: SHA256,
            fault: None,
        };
        let sent = |change: &dyn Fn(&mut SeenFile<'_>)| {
            let mut seen = seen;
            change(&mut seen);
            draft().send(&message, &seen, CLEAN)
        };
        assert_eq!(sent(&|_| ()), Ok(()));
        // A program named .pdf has no type that is accepted.
        assert_eq!(
            sent(&|seen| seen.file_type = None),
            Err(MessageRefused::FileType)
        );
        assert_eq!(
            sent(&|seen| seen.size = 99),
            Err(MessageRefused::FileDiffers)
        );
        for (verdict, refused) in [
            (None, MessageRefused::BeingScanned),
            (
                Some(ScanVerdict::Infected),
                MessageRefused::File(FileFault::Malware),
            ),
            (
                Some(ScanVerdict::Unscannable),
                MessageRefused::File(FileFault::Unscannable),
            ),
        ] {
            let mut draft = draft();
            assert_eq!(draft.send(&message, &seen, verdict), Err(refused));
            assert_eq!(draft.sent_in, None);
        }
        let mut draft = draft();
        draft.send(&message, &seen, CLEAN).unwrap();
        assert_eq!(
            draft.send(&message, &seen, CLEAN),
            Err(MessageRefused::AlreadySent)
        );
    }
}
