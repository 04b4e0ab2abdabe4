//! What a professional is told of their payouts.

use adapters::store::{Store, Versioned};
use domain::booking::Payouts;
use domain::ids::ProfessionalId;
use domain::professional::{PayoutStatus, Professional};
use http_function::Problem;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::stored;

/// Whether and where a professional is paid.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PayoutsView {
    /// `none`, `pending`, `active` or `restricted`.
    status: &'static str,
    /// The same in French.
    label: &'static str,
    /// What to do, in French.
    explanation: &'static str,
    /// The last four characters of the IBAN that is paid on.
    iban_end: Option<String>,
    /// In whose name it is.
    holder: Option<String>,
    /// A bank account that will replace it.
    iban_change: Option<BankChangeView>,
    /// Until when transfers wait because of that.
    hold_until: Option<Timestamp>,
}

/// A change of bank account that waits for its day.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct BankChangeView {
    /// The last four characters of the new IBAN.
    iban_end: String,
    /// When it takes effect.
    effective_at: Timestamp,
}

/// The professional of the caller.
pub(crate) async fn own(
    store: &Store,
    id: &ProfessionalId,
) -> Result<Versioned<Professional>, Problem> {
    stored::find_professional(store, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// What they are told.
pub(crate) fn view(professional: &Professional) -> PayoutsView {
    let status = professional
        .payout_account
        .as_ref()
        .map(|account| account.status);
    let (code, label, explanation) = match status {
        None => (
            "none",
            "Versements non activés",
            "Activez vos versements : Stripe, qui conserve et verse l’argent, doit vérifier qui vous êtes.",
        ),
        Some(PayoutStatus::Pending) => (
            "pending",
            "Vérification à terminer",
            "Stripe attend des informations de votre part, ou les examine. Vos offres restent visibles et seront réservables dès que c’est fini.",
        ),
        Some(PayoutStatus::Active) => (
            "active",
            "Versements actifs",
            "Chaque mission validée vous est versée sur votre compte de paiement Stripe, qui vire à votre banque.",
        ),
        Some(PayoutStatus::Restricted) => (
            "restricted",
            "Versements suspendus par Stripe",
            "Stripe demande de nouvelles informations. D’ici là vos offres ne sont pas réservables et les versements attendent ; ils partent dès que c’est réglé.",
        ),
    };
    let bank = professional.current_bank_account();
    let change = professional.bank_change.as_ref();
    PayoutsView {
        status: code,
        label,
        explanation,
        iban_end: bank.as_ref().map(|bank| bank.iban.end().to_owned()),
        holder: bank.map(|bank| bank.holder),
        iban_change: change.map(|change| BankChangeView {
            iban_end: change.to.iban.end().to_owned(),
            effective_at: change.effective_at,
        }),
        hold_until: change
            .filter(|_| professional.payouts() == Payouts::BankDetailsChanged)
            .map(|change| change.effective_at),
    }
}
