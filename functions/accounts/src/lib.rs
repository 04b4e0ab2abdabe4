//! Accounts: sign up, sign in and out, passwords, and the links that prove an e-mail.

mod activate_account;
mod ask_password_reset;
mod change_password;
mod passwords;
mod read_account;
mod refresh_session;
mod reset_password;
mod sign_in;
mod sign_out;
mod sign_up_client;
mod verify_email;

use http_function::Function;

pub use activate_account::ActivateAccount;
pub use ask_password_reset::AskPasswordReset;
pub use change_password::ChangePassword;
pub use read_account::ReadAccount;
pub use refresh_session::RefreshSession;
pub use reset_password::ResetPassword;
pub use sign_in::{SignIn, identify};
pub use sign_out::SignOut;
pub use sign_up_client::SignUpClient;
pub use verify_email::VerifyEmail;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<SignUpClient>(),
        Function::operation::<VerifyEmail>(),
        Function::operation::<SignIn>(),
        Function::operation::<RefreshSession>(),
        Function::operation::<SignOut>(),
        Function::operation::<ReadAccount>(),
        Function::operation::<ChangePassword>(),
        Function::operation::<AskPasswordReset>(),
        Function::operation::<ResetPassword>(),
        Function::operation::<ActivateAccount>(),
    ]
}
