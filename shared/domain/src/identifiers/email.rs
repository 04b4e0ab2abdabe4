//! E-mail addresses: what an account signs in with and mail is sent to.

use email_address::{EmailAddress, Options};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{hides_in_debug, travels_as_text};

/// The longest address that mail systems carry (RFC 5321, 4.5.3.1.3), in characters.
const LONGEST: usize = 254;

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EmailRefused {
    /// Not `someone@somewhere.tld`.
    #[error("Cette adresse électronique n’est pas valide.")]
    Malformed,
    /// Longer than 254 characters.
    #[error("Cette adresse électronique est trop longue (254 caractères au plus).")]
    TooLong,
}

impl EmailRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "email_malformed",
            Self::TooLong => "email_too_long",
        }
    }
}

/// An e-mail address in lower case, so that one person has one account; `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Email(String);

travels_as_text!(Email, EmailRefused);
hides_in_debug!(Email);

impl Email {
    /// Reads an address. A domain with accents is kept as the network knows it (IDNA: `xn--…`); quoted
    /// names, addresses of machines and other characters outside ASCII are refused: the mail service
    /// does not deliver to them.
    pub fn parse(text: &str) -> Result<Self, EmailRefused> {
        let address = in_ascii(&text.trim().to_lowercase()).ok_or(EmailRefused::Malformed)?;
        if address.chars().count() > LONGEST {
            return Err(EmailRefused::TooLong);
        }
        let plain = |c: char| c.is_ascii_graphic() && !"\"(),:;<>[\\]".contains(c);
        let options = Options::default()
            .with_required_tld()
            .without_domain_literal()
            .without_display_text();
        if !address.chars().all(plain)
            || EmailAddress::parse_with_options(&address, options).is_err()
            || is_of_a_machine(&address)
        {
            return Err(EmailRefused::Malformed);
        }
        Ok(Self(address))
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// The address with its domain in ASCII; `None` for a domain that no name can have.
fn in_ascii(address: &str) -> Option<String> {
    if address.is_ascii() {
        return Some(address.to_owned());
    }
    let (local, domain) = address.rsplit_once('@')?;
    let domain = idna::domain_to_ascii_strict(domain).ok()?;
    Some(format!("{local}@{domain}"))
}

/// `a@1.2.3.4`: no top-level domain is a number (RFC 3696, section 2).
fn is_of_a_machine(address: &str) -> bool {
    let last = address.rsplit(['.', '@']).next().unwrap_or_default();
    last.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_kept_in_one_form() {
        let email = Email::parse("  Jeanne.Martin+Secu@Exemple.FR ").unwrap();
        assert_eq!(email.as_str(), "jeanne.martin+secu@exemple.fr");
        assert_eq!(
            (email.local_part(), email.domain()),
            ("jeanne.martin+secu", "exemple.fr")
        );
    }

    #[test]
    fn a_domain_with_accents_is_kept_as_the_network_knows_it() {
        for (typed, kept) in [
            ("a@élysée.example", "a@xn--lyse-9oad.example"),
            ("A@ÉLYSÉE.example", "a@xn--lyse-9oad.example"),
            ("a@e\u{301}lyse\u{301}e.example", "a@xn--lyse-9oad.example"),
        ] {
            assert_eq!(
                Email::parse(typed).map(String::from),
                Ok(kept.to_owned()),
                "{typed}"
            );
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "@",
            "jeanne",
            "jeanne@",
            "@exemple.fr",
            "jeanne@exemple",
            "jeanne@@exemple.fr",
            "jeanne martin@exemple.fr",
            "\"jeanne\"@exemple.fr",
            "Jeanne <jeanne@exemple.fr>",
            "jeanne@[127.0.0.1]",
            "jeanne@exemple.fr\r\nBcc: x@y.fr",
            "jeanne@exemple..fr",
            "jérôme@exemple.fr",
            "a@1.2.3.4",
            "a@exemple.123",
            "a@élysée..example",
            "a@-é-.example",
        ] {
            assert_eq!(Email::parse(text), Err(EmailRefused::Malformed), "{text}");
        }
        let long = format!("j@{}.fr", "a".repeat(260));
        assert_eq!(Email::parse(&long), Err(EmailRefused::TooLong));
    }

    #[test]
    fn it_hides_in_debug() {
        assert_eq!(
            format!("{:?}", Email::parse("j@exemple.fr").unwrap()),
            "Email(…)"
        );
    }

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(text in "[a-zA-Z0-9.]{1,10}@[a-z]{1,10}\\.[a-z]{2,4}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }

        #[test]
        fn no_text_breaks_it(text in ".{0,20}@?.{0,20}") {
            let _ = Email::parse(&text);
        }
    }
}
