//! Typed, prefixed, sortable identifiers (`bkg_01J…`): a ULID behind a prefix that says what it names.
//!
//! The domain never invents one: it is handed those it needs.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is not an identifier of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Cet identifiant n’est pas valide.")]
pub struct IdRefused;

/// What every identifier type offers.
pub trait TypedId: Sized {
    /// The letters before the underscore.
    const PREFIX: &'static str;
    /// Wraps a ULID given in its 26-character form.
    fn from_ulid(ulid: &str) -> Self;
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads an identifier written as `prefix_ULID`.
            pub fn parse(text: &str) -> Result<Self, IdRefused> {
                let ulid = text.strip_prefix(concat!($prefix, "_")).ok_or(IdRefused)?;
                let well_formed = ulid.len() == 26
                    && ulid.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
                if well_formed { Ok(Self(text.to_owned())) } else { Err(IdRefused) }
            }

            /// The identifier as it is stored and shown.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl TypedId for $name {
            const PREFIX: &'static str = $prefix;
            fn from_ulid(ulid: &str) -> Self { Self(format!(concat!($prefix, "_{}"), ulid)) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }

        impl TryFrom<String> for $name {
            type Error = IdRefused;
            fn try_from(text: String) -> Result<Self, IdRefused> { Self::parse(&text) }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String { id.0 }
        }
    )*};
}

typed_ids! {
    /// A person who can sign in.
    AccountId = "acc";
    /// An address that is to be proved, and what is wished from it.
    ProofId = "prf";
    /// A seller: a natural person or a company holding CNAPS titles.
    ProfessionalId = "pro";
    /// A manager named in the company's register extract.
    ManagerId = "mgr";
    /// A guard whom a professional makes available.
    AgentId = "agt";
    /// Somebody invited into a professional's team.
    InvitationId = "ivt";
    /// An uploaded document.
    DocumentId = "doc";
    /// A bookable service of a professional.
    OfferId = "off";
    /// One booking, from payment to archive.
    BookingId = "bkg";
    /// A client asks several professionals for a quote.
    QuoteRequestId = "qrq";
    /// A client wants to know when somebody is free for a mission.
    AlertId = "alr";
    /// An order of several missions, paid for together.
    OrderId = "ord";
    /// A client's public review of a validated booking.
    ReviewId = "rev";
    /// A professional's private evaluation of a client.
    EvaluationId = "evl";
    /// A report of something illegal or false.
    ReportId = "rpt";
    /// What somebody asks about their own data.
    DataRequestId = "drq";
    /// What a client and a professional write to each other.
    ConversationId = "cnv";
    /// Something written in a conversation.
    MessageId = "msg";
    /// A file that goes with a message.
    AttachmentId = "att";
    /// An invoice or a credit note, once issued.
    InvoiceId = "inv";
    /// Something that happened, as published.
    EventId = "evt";
    /// A change of an accepted professional's file.
    FileChangeId = "chg";
    /// An establishment beside the main one.
    EstablishmentId = "est";
    /// A company to which a professional subcontracts.
    SubcontractorId = "sub";
    /// A family of refresh tokens: one signed-in device.
    SessionId = "ses";
}

impl BookingId {
    /// The reference people read and quote, such as `MAS-2026-7K3F9Q2A`: the year of the request
    /// and eight characters of the identifier's random part.
    pub fn reference(&self, year: i16) -> String {
        format!("MAS-{year}-{}", last_eight(&self.0))
    }
}

impl OrderId {
    /// The reference people read and quote, such as `CMD-2026-7K3F9Q2A`.
    pub fn reference(&self, year: i16) -> String {
        format!("CMD-{year}-{}", last_eight(&self.0))
    }
}

/// Eight characters of an identifier's random part.
fn last_eight(id: &str) -> &str {
    id.get(id.len().saturating_sub(8)..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_of_another_kind_is_refused() {
        assert!(BookingId::parse("bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB").is_ok());
        assert_eq!(
            BookingId::parse("off_01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
            Err(IdRefused)
        );
        assert_eq!(BookingId::parse("bkg_short"), Err(IdRefused));
        assert_eq!(
            BookingId::parse("bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6A/"),
            Err(IdRefused)
        );
    }
}
