//! What each record is without what goes: the rest stays as it was, so that counts and books still add up.

use crate::account::{Account, ClientKind};
use crate::booking::{Booking, Calling, Intervention};
use crate::calendar::OpeningCalendar;
use crate::conversation::{Conversation, Message};
use crate::identifiers::{Email, Phone};
use crate::members::Members;
use crate::order::Order;
use crate::professional::{Document, DocumentKind, Professional, Profile};
use crate::review::Review;

/// In the place of a client’s name.
pub const ERASED_CLIENT: &str = "Client (compte effacé)";
/// In the place of a professional’s name.
pub const ERASED_PROFESSIONAL: &str = "Professionnel (compte effacé)";
/// In the place of the name of somebody of a team.
const ERASED_MEMBER: &str = "Membre (compte effacé)";
/// In the place of what was written.
pub const ERASED_MESSAGE: &str = "[message effacé]";
/// In the place of the author of a review.
pub const ERASED_AUTHOR: &str = "Un client";

/// A number that nobody has (Arcep, numbers for fiction).
const NOBODYS_PHONE: &str = "+33199000000";

/// An address that nobody has (RFC 2606).
fn nobodys_email(id: &str) -> Option<Email> {
    let name = id.to_lowercase();
    Email::parse(&format!("{name}@efface.invalid")).ok()
}

fn nobodys_phone(phone: &mut Phone) {
    if let Ok(none) = Phone::parse(NOBODYS_PHONE) {
        *phone = none;
    }
}

impl Account {
    /// Nobody opens it any more, and it says nothing but what was accepted, and when.
    pub fn anonymise(&mut self) {
        if let Some(email) = nobodys_email(self.id.as_str()) {
            self.email = email;
        }
        self.password_hash = None;
        self.second_factor = None;
        self.identifier_change = None;
        self.former_identifiers.clear();
        self.newsletter_choices.clear();
        self.suspected_at = None;
        if let Some(client) = &mut self.client {
            ERASED_CLIENT.clone_into(&mut client.first_name);
            client.last_name = String::new();
            client.kind = ClientKind::Consumer;
            nobodys_phone(&mut client.phone);
        }
    }
}

impl Booking {
    /// Without what its parties wrote of it.
    pub fn erase_content(&mut self) {
        let context = &mut self.mission.context;
        for text in [
            &mut context.site,
            &mut context.risks,
            &mut context.instructions,
        ] {
            text.clear();
        }
        self.advice = None;
        let reasons = [&mut self.refusal_reason, &mut self.cancellation_reason];
        reasons.into_iter().flatten().for_each(String::clear);
        if let Some(claim) = &mut self.claim {
            claim.description.clear();
            for proposal in &mut claim.proposals {
                proposal.message.clear();
            }
            if let Some(outcome) = &mut claim.outcome {
                outcome.decision = None;
            }
        }
        match &mut self.intervention {
            Some(
                Intervention::CalledOff {
                    calling: Calling::Operator { reason },
                    ..
                }
                | Intervention::Refunded { reason, .. },
            ) => reason.clear(),
            Some(Intervention::CalledOff {
                calling: Calling::TitleMissing,
                ..
            })
            | None => {}
        }
    }

    /// Without who ordered it, and where.
    pub fn anonymise_client(&mut self) {
        ERASED_CLIENT.clone_into(&mut self.contact.name);
        nobodys_phone(&mut self.contact.phone);
        self.mission.place.address.clear();
        self.billing_address = None;
    }
}

impl Order {
    /// Without what its parties wrote of it.
    pub fn erase_content(&mut self) {
        let context = &mut self.context;
        for text in [
            &mut context.site,
            &mut context.risks,
            &mut context.instructions,
        ] {
            text.clear();
        }
        self.advice = None;
        self.refusal_reason = None;
    }

    /// Without who ordered it, and where.
    pub fn anonymise_client(&mut self) {
        ERASED_CLIENT.clone_into(&mut self.contact.name);
        nobodys_phone(&mut self.contact.phone);
        self.place.address.clear();
        self.billing_address = None;
    }
}

impl Review {
    /// Without its author.
    pub fn anonymise(&mut self) {
        ERASED_AUTHOR.clone_into(&mut self.author);
    }
}

impl Message {
    /// Whether what was written is gone.
    pub fn is_erased(&self) -> bool {
        self.text == ERASED_MESSAGE && self.attachments.is_empty()
    }

    /// Without what was written, so that the other’s answers still stand where they were. Answers the
    /// files that go.
    pub fn erase(&mut self) -> Vec<String> {
        ERASED_MESSAGE.clone_into(&mut self.text);
        let attachments = std::mem::take(&mut self.attachments);
        let keys = attachments.into_iter().map(|one| one.file.key);
        keys.collect()
    }
}

impl Conversation {
    /// Without the client’s name.
    pub fn anonymise_client(&mut self) {
        if let Some(name) = &mut self.client_name {
            ERASED_CLIENT.clone_into(name);
        }
    }
}

impl Members {
    /// Without names and without those who never joined.
    pub fn anonymise(&mut self) {
        self.invitations.clear();
        for member in &mut self.members {
            ERASED_MEMBER.clone_into(&mut member.first_name);
            member.last_name.clear();
        }
    }
}

/// Whether a document says who a person is, or where the money goes.
fn identifies(document: &Document) -> bool {
    match document.kind() {
        DocumentKind::ManagerApproval
        | DocumentKind::ProfessionalCard
        | DocumentKind::FireSafetyDiploma
        | DocumentKind::BankDetails
        | DocumentKind::Photo => true,
        DocumentKind::Authorisation | DocumentKind::Insurance | DocumentKind::ConditionsOfSale => {
            false
        }
    }
}

impl Professional {
    /// Without its identity documents and bank details. Answers the files that go.
    pub fn erase_identity_documents(&mut self) -> Vec<String> {
        self.bank_account = None;
        self.bank_change = None;
        let documents = std::mem::take(&mut self.documents);
        let (gone, kept) = documents.into_iter().partition(identifies);
        self.documents = kept;
        files(gone)
    }

    /// Without its page, its calendar and every document. Answers the files that go.
    pub fn erase_content(&mut self) -> Vec<String> {
        self.page = None;
        self.profile.description = None;
        self.calendar = OpeningCalendar::default();
        self.absences.clear();
        self.verifications.clear();
        self.expiry_reminders.clear();
        self.complements = None;
        self.internal_reason = None;
        files(std::mem::take(&mut self.documents))
    }

    /// Without who it is: what remains is what its agreements rest on.
    pub fn anonymise(&mut self) {
        if let Some(email) = nobodys_email(self.id.as_str()) {
            self.email = email;
        }
        self.profile = Profile {
            kind: self.profile.kind,
            legal_form: self.profile.legal_form.take(),
            denomination: Some(ERASED_PROFESSIONAL.to_owned()),
            ..Profile::default()
        };
        self.exemptions.clear();
        self.payout_account = None;
        self.standing.past.clear();
        self.standing.appeal = None;
        self.standing.notice = None;
    }
}

fn files(documents: Vec<Document>) -> Vec<String> {
    let keys = documents.into_iter().map(|document| document.file.key);
    keys.collect()
}
