//! `first-operator EMAIL`: opens the account of somebody who runs the marketplace, on tables that are
//! deployed. Nobody can sign up as an operator, so the first one is made by who may write the tables;
//! `infra/deploy/first-operator` tells this program where they are, as AWS tells a function.
//!
//! The password and the key of the second factor are shown once. The password opens nothing by itself:
//! the first sign-in at `/admin` asks for a code that the key makes, so that who only learns the password
//! cannot set a telephone of theirs up. Running it again for the same address changes nothing.

use std::process::ExitCode;

use adapters::environment::{Environment, Outside as _};
use adapters::ids::fresh;
use adapters::secrets::{attributed_password, hash_password, random_bytes};
use adapters::store::{Changes, Store, StoreError, Trace, UniqueClaim};
use domain::account::second_factor::SecondFactor;
use domain::account::{Account, Role};
use domain::identifiers::Email;
use domain::ids::AccountId;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(email), None) = (arguments.next(), arguments.next()) else {
        eprintln!("first-operator EMAIL");
        return ExitCode::from(2);
    };
    match open(&email).await {
        Ok(Opened { password, factor }) => {
            println!("{password}\n{}", factor.secret_text());
            if let Ok(code) = QrCode::new(factor.address(&email)) {
                eprintln!("{}", code.render::<Dense1x2>().build());
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("No operator was made: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the new operator is given.
struct Opened {
    password: String,
    factor: SecondFactor,
}

/// Opens the account.
async fn open(email: &str) -> Result<Opened, Failure> {
    let email = Email::parse(email)?;
    let environment = Environment::of_process();
    let store = Store::open(&environment);
    environment.check()?;
    let now = environment.clock.now();
    let password = attributed_password();
    let factor = SecondFactor::begin(random_bytes());
    let account = Account {
        id: fresh::<AccountId>(now),
        email,
        // Who may write the tables vouches for the address.
        email_verified_at: Some(now),
        password_hash: Some(hash_password(&password).map_err(|error| error.to_string())?),
        must_change_password: false,
        password_expires_at: None,
        role: Role::Admin,
        client: None,
        professional: None,
        acceptances: Vec::new(),
        created_at: now,
        signed_out_before: None,
        second_factor: Some(factor.clone()),
        newsletter_choices: Vec::new(),
        identifier_change: None,
        former_identifiers: Vec::new(),
        suspected_at: None,
        closed_at: None,
    };
    let changes = Changes::by(&Trace::system("first-operator"), now)
        .create(&account, "account")
        .claim(UniqueClaim::email(&account.email, &account.id), "email")
        .activity("open-operator-account", account.id.as_str());
    match store.commit(changes).await {
        Ok(()) => Ok(Opened { password, factor }),
        Err(StoreError::Taken(_)) => Err("this address has an account already".into()),
        Err(error) => Err(error.into()),
    }
}
