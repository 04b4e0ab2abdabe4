//! The professional's money: Connect account, bank account, transfers and their reversals.

use domain::booking::{Attempt, Booking};
use domain::ids::ProfessionalId;
use domain::money::Euros;
use domain::professional::BankAccount;
use serde::Deserialize;
use serde_json::json;

use super::payments::{key, mark};
use super::{Account, Reversal, Stripe, StripeError, Transfer};

/// What to read of an account with it.
const INCLUDED: &str = "include[0]=configuration.recipient&include[1]=requirements";

#[derive(Deserialize)]
struct Link {
    url: String,
}

#[derive(Deserialize)]
struct Identified {
    #[serde(rename = "id")]
    _id: String,
}

/// The group that a booking's transfers belong to: that of the payment that they are taken from.
fn group(booking: &Booking) -> &str {
    match &booking.order {
        Some(order) => order.as_str(),
        None => booking.id.as_str(),
    }
}

impl Stripe {
    /// Pays the professional. The first transfer is taken from the captured charge; a later one, after
    /// a reversal, from the balance.
    pub async fn transfer(
        &self,
        booking: &Booking,
        attempt: &Attempt,
        account: &str,
        amount: Euros,
    ) -> Result<Transfer, StripeError> {
        let mut form = json!({
            "amount": amount.cents(),
            "currency": "eur",
            "destination": account,
            "transfer_group": group(booking),
            "metadata": mark(booking, attempt),
        });
        let charge = booking.payment.charge.as_deref();
        if let Some(charge) = charge.filter(|_| booking.payment.transfers.is_empty()) {
            form["source_transaction"] = json!(charge);
        }
        self.post("/v1/transfers", &form, &key(booking, attempt))
            .await
    }

    /// Takes a part of a transfer back.
    pub async fn reverse(
        &self,
        booking: &Booking,
        attempt: &Attempt,
        transfer: &str,
        amount: Euros,
    ) -> Result<Reversal, StripeError> {
        let form = json!({ "amount": amount.cents(), "metadata": mark(booking, attempt) });
        let path = format!("/v1/transfers/{transfer}/reversals");
        self.post(&path, &form, &key(booking, attempt)).await
    }

    /// Reads a transfer.
    pub async fn transfer_named(&self, transfer: &str) -> Result<Transfer, StripeError> {
        self.read(&format!("/v1/transfers/{transfer}")).await
    }

    /// Every transfer of a group: of a booking, or of the order that it is part of.
    pub async fn transfers(&self, group: &str) -> Result<Vec<Transfer>, StripeError> {
        self.whole_list(&format!("/v1/transfers?transfer_group={group}&limit=100"))
            .await
    }

    /// Opens the Connect account that a professional is paid on. It has no dashboard of Stripe's: a
    /// bank account is changed with us, where a password is asked for and the owner is alerted.
    pub async fn open_payout_account(
        &self,
        professional: &ProfessionalId,
        name: &str,
        email: &str,
    ) -> Result<Account, StripeError> {
        let body = json!({
            "contact_email": email,
            "display_name": name,
            "identity": { "country": "fr" },
            "configuration": {
                "recipient": { "capabilities": { "stripe_balance": { "stripe_transfers": { "requested": true } } } }
            },
            "defaults": { "responsibilities": { "fees_collector": "application", "losses_collector": "application" } },
            "dashboard": "none",
            "metadata": { "professional": professional.as_str() },
            "include": ["configuration.recipient", "requirements"],
        });
        let key = format!("{professional}:payout-account:1");
        self.post_json("/v2/core/accounts", &body, &key).await
    }

    /// Reads a Connect account.
    pub async fn payout_account(&self, account: &str) -> Result<Account, StripeError> {
        self.read(&format!("/v2/core/accounts/{account}?{INCLUDED}"))
            .await
    }

    /// A link to the pages on which the professional answers Stripe's questions. It serves once and for
    /// minutes: `again` is where Stripe sends who comes with an old one. `request` makes each link new.
    pub async fn onboarding_link(
        &self,
        account: &str,
        back: &str,
        again: &str,
        request: &str,
    ) -> Result<String, StripeError> {
        let body = json!({
            "account": account,
            "use_case": {
                "type": "account_onboarding",
                "account_onboarding": {
                    "configurations": ["recipient"],
                    "return_url": back,
                    "refresh_url": again,
                },
            },
        });
        let key = format!("{account}:link:{request}");
        let link: Link = self
            .post_json("/v2/core/account_links", &body, &key)
            .await?;
        Ok(link.url)
    }

    /// Makes a bank account the one that an account is paid out to. `change` names the change, so that
    /// it is made once.
    pub async fn set_bank_account(
        &self,
        account: &str,
        bank: &BankAccount,
        change: &str,
    ) -> Result<(), StripeError> {
        let form = json!({
            "external_account": {
                "object": "bank_account",
                "country": bank.iban.country(),
                "currency": "eur",
                "account_holder_name": bank.holder,
                "account_number": bank.iban.as_str(),
            },
            "default_for_currency": true,
        });
        let key = format!("{account}:bank-account:{change}");
        let path = format!("/v1/accounts/{account}/external_accounts");
        let _made: Identified = self.post(&path, &form, &key).await?;
        Ok(())
    }
}
