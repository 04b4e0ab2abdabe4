//! Letters about invoices: what was made, and where it is. The file is behind a sign-in.

use adapters::store::PLATFORM;
use domain::invoice::InvoiceKind;

use crate::files::InvoiceFile;
use crate::letter::Letter;
use crate::post::{Notice, Post};

/// An invoice or a credit note can be downloaded: its buyer is told, and the professional in whose name
/// it is.
pub(crate) fn ready(post: &Post<'_>, file: &InvoiceFile) -> Vec<Notice> {
    let invoice = &file.stored.invoice;
    let booking = &invoice.mission.booking;
    let (thing, about) = match invoice.kind {
        InvoiceKind::Mission => ("facture", "de votre mission"),
        InvoiceKind::Commission => ("facture", "des frais de service"),
        InvoiceKind::Indemnity => ("facture", "de l’indemnité d’annulation"),
        InvoiceKind::CreditNote => ("note d’avoir", "qui corrige une facture"),
    };
    let letter = |template, subject: String| {
        Letter::new(template, subject)
            .fact("Numéro", invoice.number.as_str())
            .fact("Mission", &invoice.mission.reference)
            .fact("Vendeur", &invoice.seller.name)
            .fact("Total", format!("{} TTC", invoice.totals.gross))
    };
    let told_client = letter(
        "client-invoice-ready",
        format!("Votre {thing} {} est disponible", invoice.number),
    )
    .say(format!(
        "La {thing} {about} est disponible, en PDF, sur la page de votre réservation."
    ))
    .button("Voir et télécharger", post.booking(booking));
    let mut notices = vec![post.to_account(&file.client, told_client)];
    if file.stored.seller() != PLATFORM {
        let told_professional = letter(
            "professional-invoice-ready",
            format!("Une {thing} a été établie en votre nom : {}", invoice.number),
        )
        .say(format!("Selon le mandat de facturation que vous avez donné, la {thing} {about} a été établie en votre nom et transmise au client. Vous pouvez la contester en nous écrivant."))
        .button("Voir mes factures", post.payouts());
        notices.push(post.to_professional(&file.professional, told_professional));
    }
    notices
}
