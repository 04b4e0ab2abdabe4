//! The test cards, and what each leads to. A card's number is looked at once and never kept.

/// What a bank answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Authorised,
    NeedsAuthentication,
    Declined {
        code: &'static str,
        message: &'static str,
    },
}

/// What may be kept of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) last4: String,
    pub(crate) outcome: Outcome,
}

/// Why a card's number is not one.
pub(crate) const INVALID_NUMBER: &str = "Le numéro de carte n’est pas valide.";

/// The cards shown as a help on the payment page.
pub(crate) const HELP: [(&str, &str); 4] = [
    ("4242 4242 4242 4242", "paiement accepté"),
    (
        "4000 0025 0000 3155",
        "demande une authentification 3-D Secure",
    ),
    ("4000 0000 0000 9995", "refusée : provision insuffisante"),
    ("4000 0000 0000 0002", "refusée par la banque"),
];

pub(crate) fn look_at(number: &str) -> Result<Card, &'static str> {
    let digits: String = number
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let well_formed =
        (13..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !well_formed || !luhn(&digits) {
        return Err(INVALID_NUMBER);
    }
    let outcome = match digits.as_str() {
        "4000002500003155" | "4000002760003184" => Outcome::NeedsAuthentication,
        "4000000000009995" => Outcome::Declined {
            code: "insufficient_funds",
            message: "Votre carte a été refusée : la provision est insuffisante. Essayez une autre carte.",
        },
        "4000000000000002" => Outcome::Declined {
            code: "generic_decline",
            message: "Votre carte a été refusée par votre banque. Essayez une autre carte.",
        },
        "4242424242424242" => Outcome::Authorised,
        _ => {
            return Err(
                "Cette carte n’est pas une carte de test : choisissez l’une de celles de la liste.",
            );
        }
    };
    Ok(Card {
        last4: digits[digits.len() - 4..].to_owned(),
        outcome,
    })
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            let doubled = if place % 2 == 1 { digit * 2 } else { digit };
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    sum.is_multiple_of(10)
}
