//! Payments: what bookings ask of Stripe, what Stripe tells us, and how professionals are paid. One
//! loop, `settle`, does all that is left to do with a booking's money; whatever wakes it up is safe to
//! come twice, late, or out of order.

mod accounts;
mod change_bank_account;
mod contested;
mod follow_stripe;
mod keep_bank_account;
mod ledger;
mod open_payout_account;
mod payouts;
mod picture;
mod read_balance;
mod read_ledger;
mod read_payouts;
mod read_yearly_statement;
mod receive_stripe_event;
mod reconcile_payments;
mod refresh_payouts;
mod resume_payouts;
mod settle;
mod settle_by_hand;
mod settle_order;
mod settle_payment;
mod start_payout_onboarding;
mod stored;
mod sweep_payments;
mod tell_yearly_statements;

use http_function::Function;

pub use change_bank_account::ChangeBankAccount;
pub use follow_stripe::FollowStripe;
pub use keep_bank_account::KeepBankAccount;
pub use open_payout_account::OpenPayoutAccount;
pub use read_balance::ReadBalance;
pub use read_ledger::ReadLedger;
pub use read_payouts::ReadPayouts;
pub use read_yearly_statement::ReadYearlyStatement;
pub use receive_stripe_event::{FOLLOWED, ReceiveStripeEvent};
pub use reconcile_payments::{Difference, ReconcilePayments, compare_month};
pub use refresh_payouts::RefreshPayouts;
pub use resume_payouts::ResumePayouts;
pub use settle_by_hand::SettleByHand;
pub use settle_payment::SettlePayment;
pub use start_payout_onboarding::StartPayoutOnboarding;
pub use sweep_payments::SweepPayments;
pub use tell_yearly_statements::TellYearlyStatements;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<ReceiveStripeEvent>(),
        Function::listener::<FollowStripe>(),
        Function::listener::<SettlePayment>(),
        Function::listener::<ResumePayouts>(),
        Function::listener::<OpenPayoutAccount>(),
        Function::chore::<SweepPayments>().timeout(55).alone(),
        Function::operation::<ReadPayouts>(),
        Function::operation::<RefreshPayouts>(),
        Function::operation::<StartPayoutOnboarding>(),
        Function::operation::<ChangeBankAccount>(),
        Function::operation::<KeepBankAccount>(),
        Function::operation::<ReadLedger>(),
        Function::operation::<ReadYearlyStatement>(),
        Function::chore::<TellYearlyStatements>()
            .timeout(300)
            .alone(),
        Function::operation::<ReadBalance>(),
        Function::operation::<ReconcilePayments>(),
        Function::operation::<SettleByHand>(),
    ]
}
