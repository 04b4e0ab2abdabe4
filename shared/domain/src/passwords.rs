//! Passwords that people choose (CNIL, deliberation 2022-100): long and varied, not one that anyone
//! would try first.

use std::sync::LazyLock;

use deunicode::deunicode;
use precis_profiles::OpaqueString;
use precis_profiles::precis_core::profile::Profile as _;
use regex_lite::Regex;
use thiserror::Error;

use crate::identifiers::{Email, hides_in_debug};

/// The longest password, in characters: hashing stays cheap.
const LONGEST: usize = 128;

/// Why a password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordRefused {
    /// None of the three forms that the CNIL accepts.
    #[error(
        "Choisissez au moins 12 caractères avec des minuscules, des majuscules, des chiffres et des symboles, ou 14 caractères de trois de ces sortes, ou une phrase de 7 mots."
    )]
    TooWeak,
    /// More than 128 characters.
    #[error("Ce mot de passe est trop long (128 caractères au plus).")]
    TooLong,
    /// A word that anyone would try, a keyboard row, a sequence, few different characters.
    #[error("Ce mot de passe est trop facile à deviner.")]
    TooCommon,
    /// The e-mail address's own name.
    #[error("Le mot de passe ne doit pas contenir votre adresse électronique.")]
    ContainsEmail,
}

impl PasswordRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooWeak => "password_too_weak",
            Self::TooLong => "password_too_long",
            Self::TooCommon => "password_too_common",
            Self::ContainsEmail => "password_contains_email",
        }
    }
}

/// A password as chosen, on its way to being hashed; `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

hides_in_debug!(NewPassword);

impl NewPassword {
    /// Accepts 12 characters of four classes, 14 of three, or seven different words of 25 characters in
    /// all, unless they are easy to guess or repeat the e-mail address.
    pub fn parse(text: &str, email: &Email) -> Result<Self, PasswordRefused> {
        let length = text.chars().count();
        if length > LONGEST {
            return Err(PasswordRefused::TooLong);
        }
        let classes = classes(text);
        let varied = (length >= 12 && classes == 4) || (length >= 14 && classes >= 3);
        if !varied && !is_passphrase(text, length) {
            return Err(PasswordRefused::TooWeak);
        }
        if contains_email(text, email) {
            return Err(PasswordRefused::ContainsEmail);
        }
        if is_easy_to_guess(text) {
            return Err(PasswordRefused::TooCommon);
        }
        Ok(Self(comparable(text)))
    }

    /// The password in clear, for hashing alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The password as it is hashed and compared (RFC 8265, OpaqueString): the same whichever keyboard
/// composed its accents, with every kind of space as one. One that the profile does not take is
/// compared as it was typed. Blanks copied around an attributed password are ignored.
pub fn comparable(typed: &str) -> String {
    let trimmed = typed.trim();
    if ATTRIBUTED.is_match(trimmed) {
        return trimmed.to_owned();
    }
    let profile = OpaqueString::new();
    profile
        .enforce(typed)
        .map_or_else(|_| typed.to_owned(), |prepared| prepared.into_owned())
}

/// Such as `kq3m-77hd-x2yz-ab4c-9pnr`.
#[expect(clippy::expect_used, reason = "the pattern is a constant, and tested")]
static ATTRIBUTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[a-z0-9]{4}(-[a-z0-9]{4}){4}$").expect("a pattern"));

/// How many of small letters, capitals, digits and other characters there are.
fn classes(text: &str) -> usize {
    let tests: [fn(char) -> bool; 4] = [
        char::is_lowercase,
        char::is_uppercase,
        char::is_numeric,
        |c| !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric(),
    ];
    tests.iter().filter(|test| text.chars().any(test)).count()
}

/// Seven different words, 25 characters in all.
fn is_passphrase(text: &str, length: usize) -> bool {
    let mut words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.sort_unstable();
    words.dedup();
    words.len() >= 7 && length >= 25
}

/// Whether the part of the address before `@` is in the password; shorter than four letters, it may be
/// there by chance.
fn contains_email(text: &str, email: &Email) -> bool {
    let name = letters_and_digits(email.local_part());
    name.len() >= 4 && letters_and_digits(text).contains(&name)
}

/// Words that are tried first: of every list of stolen passwords, of France, of this trade and site.
const COMMON_WORDS: [&str; 60] = [
    "password",
    "passwort",
    "motdepasse",
    "monmotdepasse",
    "azerty",
    "azertyuiop",
    "qwerty",
    "qwertyuiop",
    "qsdfgh",
    "qsdfghjklm",
    "wxcvbn",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "abc",
    "abcd",
    "abcdef",
    "admin",
    "administrateur",
    "administrator",
    "root",
    "user",
    "utilisateur",
    "welcome",
    "bienvenue",
    "bonjour",
    "bonsoir",
    "salut",
    "coucou",
    "hello",
    "letmein",
    "iloveyou",
    "jetaime",
    "soleil",
    "doudou",
    "loulou",
    "chouchou",
    "princesse",
    "princess",
    "sunshine",
    "football",
    "baseball",
    "dragon",
    "monkey",
    "shadow",
    "master",
    "superman",
    "batman",
    "marseille",
    "france",
    "paris",
    "secret",
    "securite",
    "agent",
    "agentdesecurite",
    "agentdesecu",
    "monagentdesecu",
    "changeme",
    "test",
];

/// Whether the password is a common word with decoration, a run along the alphabet or the keyboard, or
/// made of few different characters.
fn is_easy_to_guess(text: &str) -> bool {
    let folded = deunicode(text).to_lowercase();
    let mut different: Vec<char> = folded.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < 6 {
        return true;
    }
    let letters = |text: &str| {
        text.chars()
            .filter(char::is_ascii_alphabetic)
            .collect::<String>()
    };
    let undisguised = |text: &str| text.chars().map(undisguise).collect::<String>();
    // Digits and symbols at the end are decoration more often than disguised letters.
    let undecorated = folded.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    let readings = [
        letters(&folded),
        letters(&undisguised(&folded)),
        letters(&undisguised(undecorated)),
    ];
    readings
        .iter()
        .any(|reading| is_made_of_common_words(reading))
        || is_mostly_a_run(&folded)
}

/// The letter that a digit or a symbol commonly stands for.
fn undisguise(character: char) -> char {
    match character {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Whether nothing is left once common words are taken away, one letter or two apart.
fn is_made_of_common_words(letters: &str) -> bool {
    if letters.is_empty() {
        return false;
    }
    let mut rest = letters.to_owned();
    let mut words = COMMON_WORDS;
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        rest = rest.replace(word, "");
    }
    rest.len() <= 2 && rest.len() < letters.len()
}

/// Whether more than half of the steps from one character to the next stay on it or go to its neighbour
/// in the alphabet, among the digits or on a keyboard's row.
fn is_mostly_a_run(folded: &str) -> bool {
    const ROWS: [&str; 6] = [
        "azertyuiop",
        "qsdfghjklm",
        "wxcvbn",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
    ];
    let on_row = |first: char, second: char| {
        ROWS.iter().any(|row| {
            row.find(first)
                .zip(row.find(second))
                .is_some_and(|(a, b)| a.abs_diff(b) == 1)
        })
    };
    let near = |first: char, second: char| {
        let both = first.is_ascii_alphanumeric() && second.is_ascii_alphanumeric();
        first == second
            || (both && u32::from(first).abs_diff(u32::from(second)) == 1)
            || on_row(first, second)
    };
    let steps: Vec<bool> = folded
        .chars()
        .zip(folded.chars().skip(1))
        .map(|(a, b)| near(a, b))
        .collect();
    let runs = steps.iter().filter(|near| **near).count();
    runs * 2 > steps.len()
}

/// Small letters without accents, and digits.
fn letters_and_digits(text: &str) -> String {
    deunicode(text)
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<(), PasswordRefused> {
        let email = Email::parse("jeanne.martin@exemple.fr").unwrap();
        NewPassword::parse(text, &email).map(|_| ())
    }

    #[test]
    fn the_three_forms_of_the_cnil_are_accepted() {
        for text in [
            "Kd7!vPq2#mZx",
            "kd7!vpq2#mzxwa",
            "Kd7vPq2mZxWa9T",
            "le cheval mange cinq pommes vertes hier",
            "Éù7!vPq2#mZx",
            "Grenouille-Tartine-42",
        ] {
            assert_eq!(parse(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn weaker_forms_are_refused() {
        for text in [
            "",
            "Kd7!vPq2#mZ",                     // 11 characters
            "kd7!vpq2#mzx",                    // 12 of three classes
            "kd7vpq2mzxwatr9b",                // 16 of two
            "un deux trois quatre cinq six",   // 6 words
            "a b c d e f g",                   // 7 words of 13 characters
            "oui oui oui oui oui oui oui oui", // one word
        ] {
            assert_eq!(parse(text), Err(PasswordRefused::TooWeak), "{text}");
        }
        assert_eq!(parse(&"Aa1!".repeat(33)), Err(PasswordRefused::TooLong));
    }

    #[test]
    fn what_anyone_would_try_is_refused() {
        for text in [
            "Motdepasse123!",
            "M0tdep@sse2026!",
            "Azerty123456!",
            "AzertyUiop123!",
            "Password1234!",
            "P@ssw0rd2026!!",
            "MonAgentDeSecu2026!",
            "Agent-de-Securite-2026",
            "Bonjour123456!",
            "Aaaaaaaaaa1!",
            "Abcdefghijkl1!",
            "Qsdfghjklm123!",
            "1234567890aB!",
            "Bonjour-Marseille-13",
        ] {
            assert_eq!(parse(text), Err(PasswordRefused::TooCommon), "{text}");
        }
    }

    #[test]
    fn the_address_is_no_password() {
        for text in [
            "Jeanne.Martin42!",
            "!!JEANNEMARTIN-x7",
            "xx-jeanne-martin-99-Zz",
        ] {
            assert_eq!(parse(text), Err(PasswordRefused::ContainsEmail), "{text}");
        }
        let short = Email::parse("jo@exemple.fr").unwrap();
        assert!(NewPassword::parse("Kd7!jo-vPq2#mZx", &short).is_ok());
    }

    #[test]
    fn it_hides_in_debug() {
        let email = Email::parse("jeanne@exemple.fr").unwrap();
        let password = NewPassword::parse("Kd7!vPq2#mZx", &email).unwrap();
        assert_eq!(format!("{password:?}"), "NewPassword(…)");
        assert_eq!(password.as_str(), "Kd7!vPq2#mZx");
    }

    #[test]
    fn one_password_has_one_form() {
        for (typed, compared) in [
            ("Été-Cheval-9 ", "Été-Cheval-9 "),
            ("E\u{301}te\u{301}-Cheval-9", "Été-Cheval-9"),
            ("mot\u{a0}de\u{2003}passe", "mot de passe"),
            (" kq3m-77hd-x2yz-ab4c-9pnr\n", "kq3m-77hd-x2yz-ab4c-9pnr"),
            // What is not attributed keeps its blanks, and its capitals.
            (" Correct-Cheval-9 ", " Correct-Cheval-9 "),
            ("", ""),
        ] {
            assert_eq!(comparable(typed), compared, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it_and_none_under_twelve_characters_passes(text in ".{0,140}") {
            let accepted = parse(&text).is_ok();
            prop_assert!(!accepted || (12..=128).contains(&text.chars().count()));
        }
    }
}
