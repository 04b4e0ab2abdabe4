//! Numbers and addresses that identify people, companies, titles and accounts, parsed once at the
//! edge. Those that are personal data hide themselves in `Debug`.

mod cnaps;
mod email;
mod iban;
mod phone;
mod siren;
mod siret;
mod vat_number;

pub use cnaps::{CnapsKind, CnapsNumber, CnapsRefused, CnapsTitle, CnapsWarning};
pub use email::{Email, EmailRefused};
pub use iban::{Iban, IbanRefused};
pub use phone::{Phone, PhoneRefused};
pub use siren::{Siren, SirenRefused};
pub use siret::{Siret, SiretRefused};
pub use vat_number::{VatNumber, VatNumberRefused};

/// Makes a type that wraps a text travel as that text, always through its `parse`.
macro_rules! travels_as_text {
    ($name:ident, $refused:ident) => {
        impl $name {
            /// The normalised text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $refused;
            fn try_from(text: String) -> Result<Self, $refused> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

/// Keeps a type's value out of logs: `Debug` prints its name alone.
macro_rules! hides_in_debug {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

pub(crate) use {hides_in_debug, travels_as_text};

/// The text without spaces of any kind, in capitals.
fn compact(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect()
}

/// Whether the text is exactly `length` ASCII digits.
fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Luhn's check: every second digit from the right is doubled, and the sum is a multiple of ten.
fn passes_luhn(digits: &str) -> bool {
    let weighted = digits.bytes().rev().enumerate().map(|(rank, byte)| {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        let doubled = digit * if rank % 2 == 1 { 2 } else { 1 };
        doubled / 10 + doubled % 10
    });
    weighted.sum::<u32>() % 10 == 0
}

/// The number that a text of ASCII digits writes, modulo `modulus`.
fn digits_modulo(digits: &str, modulus: u32) -> u32 {
    digits.bytes().fold(0, |rest, byte| {
        (rest * 10 + u32::from(byte.wrapping_sub(b'0'))) % modulus
    })
}
