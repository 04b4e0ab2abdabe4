//! Accounts: sign up, sign in and out, passwords, and the links that prove an e-mail.

mod accept_terms;
mod activate_account;
mod ask_about_data;
mod ask_identifier_change;
mod ask_password_reset;
mod change_password;
mod choose_favourite;
mod choose_newsletter;
mod close_account;
mod confirm_identifier_change;
mod correct_account;
mod end_devices;
mod export_account;
mod join_team;
mod leave_newsletter;
mod list_devices;
mod list_favourites;
mod passwords;
mod read_account;
mod read_invitation;
mod read_sites;
mod read_terms;
mod refresh_session;
mod report_suspect_access;
mod reset_password;
mod save_sites;
mod send_code_again;
mod set_up_second_factor;
mod sign_in;
mod sign_out;
mod sign_up_client;
mod verify_email;

use http_function::Function;

pub use accept_terms::AcceptTerms;
pub use activate_account::ActivateAccount;
pub use ask_about_data::{AskAboutData, AskAboutDataByMail, ConfirmDataRequest};
pub use ask_identifier_change::AskIdentifierChange;
pub use ask_password_reset::AskPasswordReset;
pub use change_password::ChangePassword;
pub use choose_favourite::ChooseFavourite;
pub use choose_newsletter::ChooseNewsletter;
pub use close_account::{CloseAccount, check_nothing_live, close_client};
pub use confirm_identifier_change::ConfirmIdentifierChange;
pub use correct_account::CorrectAccount;
pub use end_devices::EndDevices;
pub use export_account::ExportAccount;
pub use join_team::JoinTeam;
pub use leave_newsletter::LeaveNewsletter;
pub use list_devices::ListDevices;
pub use list_favourites::ListFavourites;
pub use read_account::ReadAccount;
pub use read_invitation::ReadInvitation;
pub use read_sites::ReadSites;
pub use read_terms::{ReadTerms, TermsPath, TermsQuery, TermsView, shown_terms};
pub use refresh_session::RefreshSession;
pub use report_suspect_access::ReportSuspectAccess;
pub use reset_password::ResetPassword;
pub use save_sites::SaveSites;
pub use send_code_again::SendCodeAgain;
pub use set_up_second_factor::{BeginSecondFactor, EnrolSecondFactor, GiveUpSecondFactor};
pub use sign_in::{SignIn, identify, take_factor};
pub use sign_out::SignOut;
pub use sign_up_client::SignUpClient;
pub use verify_email::VerifyEmail;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<SignUpClient>(),
        Function::operation::<VerifyEmail>(),
        Function::operation::<SendCodeAgain>(),
        Function::operation::<SignIn>(),
        Function::operation::<RefreshSession>(),
        Function::operation::<SignOut>(),
        Function::operation::<ReadAccount>(),
        Function::operation::<ReadTerms>(),
        Function::operation::<AcceptTerms>(),
        Function::operation::<ChangePassword>(),
        Function::operation::<AskPasswordReset>(),
        Function::operation::<ResetPassword>(),
        Function::operation::<ActivateAccount>(),
        Function::operation::<ReadInvitation>(),
        Function::operation::<JoinTeam>(),
        Function::operation::<CorrectAccount>(),
        Function::operation::<ChooseNewsletter>(),
        Function::operation::<LeaveNewsletter>(),
        Function::operation::<ChooseFavourite>(),
        Function::operation::<ListFavourites>(),
        Function::operation::<ReadSites>(),
        Function::operation::<SaveSites>(),
        Function::operation::<ExportAccount>(),
        Function::operation::<AskAboutData>(),
        Function::operation::<AskAboutDataByMail>(),
        Function::operation::<ConfirmDataRequest>(),
        Function::operation::<AskIdentifierChange>(),
        Function::operation::<ConfirmIdentifierChange>(),
        Function::operation::<CloseAccount>(),
        Function::operation::<ListDevices>(),
        Function::operation::<EndDevices>(),
        Function::operation::<ReportSuspectAccess>(),
        Function::operation::<BeginSecondFactor>(),
        Function::operation::<EnrolSecondFactor>(),
        Function::operation::<GiveUpSecondFactor>(),
    ]
}
