//! The operator signs in: a password, then a code.

mod code;
mod enrolment;
mod password;
mod sign_out;

use adapters::keys::Claims;
use cookie::Cookie;
use domain::account::Account;
use domain::ids::AccountId;
use http_function::{Desk, Problem, sessions};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use code::{GiveCode, GiveCodePage};
pub(crate) use enrolment::{EnrolSecondFactor, EnrolmentPage};
pub(crate) use password::{SignInOperator, SignInPage};
pub(crate) use sign_out::SignOutOperator;

/// How long the code may take.
const STEP_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// Somebody gave a right password; the code is still to come.
#[derive(Serialize, Deserialize)]
struct Step {
    #[serde(rename = "sub")]
    account: AccountId,
}

impl Claims for Step {
    const PURPOSE: &'static str = "operator-step";
    const PATH: &'static str = "/admin";
}

/// Remembers for five minutes that the password was right.
fn begin_step<O>(desk: &Desk<O>, account: &AccountId, now: Timestamp) -> Cookie<'static> {
    let step = Step {
        account: account.clone(),
    };
    sessions::signed_cookie(&desk.settings, step, now, now + STEP_LIFE)
}

fn end_step<O>(desk: &Desk<O>) -> Cookie<'static> {
    sessions::no_cookie::<Step>(&desk.settings)
}

/// Whose password was right just now.
async fn in_step<O>(
    desk: &Desk<O>,
    cookies: &[Cookie<'static>],
    now: Timestamp,
) -> Result<adapters::store::Versioned<Account>, Problem> {
    let again = || {
        Problem::new(
            401,
            "sign_in_again",
            "Saisissez d’abord votre adresse et votre mot de passe.",
        )
    };
    let step: Step = sessions::read_signed(&desk.settings, cookies, now).ok_or_else(again)?;
    let key = adapters::store::Key::account(&step.account);
    desk.store.get::<Account>(key).await?.ok_or_else(again)
}

/// An address of the dashboard to go back to: nowhere else.
fn back(asked: Option<&str>) -> String {
    asked
        .filter(|address| {
            let rest = address.strip_prefix("/admin");
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
                && !address.starts_with("/admin/connexion")
                && address.chars().all(|one| one.is_ascii_graphic())
        })
        .unwrap_or("/admin")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::back;

    #[test]
    fn one_goes_back_to_the_dashboard_and_nowhere_else() {
        for (asked, led) in [
            (None, "/admin"),
            (Some("/admin/avis?etat=refuses"), "/admin/avis?etat=refuses"),
            (Some("https://example.com"), "/admin"),
            (Some("//example.com/admin"), "/admin"),
            (Some("/pro"), "/admin"),
            (Some("/administration"), "/admin"),
            (Some("/admin\r\nset-cookie: a=b"), "/admin"),
            (
                Some("/admin?fait=publish-terms"),
                "/admin?fait=publish-terms",
            ),
            (Some("/admin/connexion"), "/admin"),
        ] {
            assert_eq!(back(asked), led, "{asked:?}");
        }
    }
}
