//! The sentences that an invoice must carry, each with its article.

use serde::{Deserialize, Serialize};

use super::{Buyer, Corrected, InvoiceKind, Platform, Seller, VatTreatment, long_date};
use crate::professional::NO_PUBLIC_POWER;
use crate::typography::of as elided_of;

/// What a sentence is for: its place on the page and its code in the XML depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MentionKind {
    /// Which invoice is corrected (CGI, article 289, I-5).
    Correction,
    /// Issued by the platform in the professional's name (CGI, 289 I-2; annex II, 242 nonies).
    Mandate,
    /// Why no VAT is charged (annex II, 242 nonies A, I-12°).
    VatExemption,
    /// Goods or services (annex II, 242 nonies A, I-8° bis).
    Category,
    /// VAT is due on invoicing (annex II, 242 nonies A, I-11° bis).
    VatOnDebits,
    /// When and how it was paid.
    Payment,
    /// No discount for early payment (C. com., L441-9).
    EarlyPayment,
    /// Penalties for late payment (C. com., L441-10).
    LatePenalties,
    /// 40 € for recovery costs (C. com., D441-5).
    RecoveryCosts,
    /// The authorisation to exercise and its sentence (CSI, L612-14 and L612-15).
    Authorisation,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// What it is for.
    pub kind: MentionKind,
    /// The sentence, in French.
    pub text: String,
}

/// What decides which sentences a document carries.
pub(super) struct Circumstances<'a> {
    pub(super) kind: InvoiceKind,
    /// Of what a credit note corrects; the document itself otherwise.
    pub(super) origin: InvoiceKind,
    pub(super) seller: &'a Seller,
    pub(super) buyer: &'a Buyer,
    pub(super) treatment: VatTreatment,
    pub(super) corrects: Option<&'a Corrected>,
    pub(super) platform: &'a Platform,
    pub(super) paid_on: jiff::civil::Date,
}

/// Every sentence of a document, in the order of print.
pub(super) fn mentions(of: &Circumstances<'_>) -> Vec<Mention> {
    let credit = of.kind == InvoiceKind::CreditNote;
    let mandated = of.origin != InvoiceKind::Commission;
    let mut all = Vec::new();
    let mut say = |kind, text: String| all.push(Mention { kind, text });

    if let Some(corrected) = of.corrects {
        let text = format!(
            "Avoir sur la facture {} du {} : {}",
            corrected.number,
            long_date(corrected.issued_on),
            corrected.reason
        );
        say(MentionKind::Correction, text);
    }
    if mandated {
        let document = if credit {
            "Avoir établi"
        } else {
            "Facture établie"
        };
        let text = format!(
            "{document} par {} au nom et pour le compte {}",
            of.platform.name,
            elided_of(&of.seller.name)
        );
        say(MentionKind::Mandate, text);
    }
    if let Some(text) = of.treatment.mention() {
        say(MentionKind::VatExemption, text.to_owned());
    }
    if of.origin != InvoiceKind::Indemnity {
        say(
            MentionKind::Category,
            "Catégorie de l’opération : prestation de services".to_owned(),
        );
    }
    if !mandated && of.platform.vat_on_debits {
        say(
            MentionKind::VatOnDebits,
            "Option pour le paiement de la taxe d’après les débits".to_owned(),
        );
    }
    let payment = if credit {
        format!(
            "Somme rendue le {} sur la carte qui a payé la commande",
            long_date(of.paid_on)
        )
    } else {
        format!(
            "Payée par carte à la commande, débitée le {} : rien ne reste dû",
            long_date(of.paid_on)
        )
    };
    say(MentionKind::Payment, payment);
    // On credit notes too: the platforms of electronic invoicing refuse one without (BR-FR-05).
    if of.buyer.is_business() {
        say(
            MentionKind::EarlyPayment,
            "Pas d’escompte pour paiement anticipé".to_owned(),
        );
        say(
            MentionKind::LatePenalties,
            "En cas de retard de paiement, pénalités au taux de refinancement de la Banque centrale européenne majoré de 10 points (C. com., art. L441-10)".to_owned(),
        );
        say(
            MentionKind::RecoveryCosts,
            "Indemnité forfaitaire pour frais de recouvrement : 40 € (C. com., art. D441-5)"
                .to_owned(),
        );
    }
    if let Some(number) = &of.seller.authorisation {
        say(
            MentionKind::Authorisation,
            format!("Autorisation d’exercice CNAPS {number}. {NO_PUBLIC_POWER}"),
        );
    }
    all
}
