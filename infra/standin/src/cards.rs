//! The test cards, and what each leads to. A card's number is looked at once and never kept.

use serde_json::{Value, json};

/// What a bank answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Authorised,
    NeedsAuthentication,
    Declined(Decline),
}

/// Why a bank says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decline {
    /// Stripe's error code.
    pub(crate) code: &'static str,
    /// The bank's reason, for `card_declined`.
    pub(crate) reason: Option<&'static str>,
    /// For the API.
    pub(crate) english: &'static str,
    /// For the person who pays.
    pub(crate) french: &'static str,
}

/// The person who pays did not prove to the bank that they are the holder.
pub(crate) const NOT_AUTHENTICATED: Decline = Decline {
    code: "payment_intent_authentication_failure",
    reason: None,
    english: "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
    french: "L’authentification a échoué : rien n’a été débité. Essayez de nouveau ou utilisez une autre carte.",
};

const INSUFFICIENT_FUNDS: Decline = Decline {
    code: "card_declined",
    reason: Some("insufficient_funds"),
    english: "Your card has insufficient funds.",
    french: "Votre carte a été refusée : la provision est insuffisante. Essayez une autre carte.",
};

const GENERIC: Decline = Decline {
    code: "card_declined",
    reason: Some("generic_decline"),
    english: "Your card was declined.",
    french: "Votre carte a été refusée par votre banque. Essayez une autre carte.",
};

const EXPIRED: Decline = Decline {
    code: "expired_card",
    reason: None,
    english: "Your card has expired.",
    french: "Votre carte est expirée. Essayez une autre carte.",
};

const WRONG_CVC: Decline = Decline {
    code: "incorrect_cvc",
    reason: None,
    english: "Your card's security code is incorrect.",
    french: "Le code de sécurité de votre carte est incorrect.",
};

const TROUBLE: Decline = Decline {
    code: "processing_error",
    reason: None,
    english: "An error occurred while processing your card. Try again in a little bit.",
    french: "Une erreur est survenue pendant le traitement de votre carte. Réessayez dans un instant.",
};

const CARDS: [(&str, &str, Outcome); 9] = [
    ("4242424242424242", "visa", Outcome::Authorised),
    ("5555555555554444", "mastercard", Outcome::Authorised),
    ("4000002500003155", "visa", Outcome::NeedsAuthentication),
    ("4000002760003184", "visa", Outcome::NeedsAuthentication),
    (
        "4000000000009995",
        "visa",
        Outcome::Declined(INSUFFICIENT_FUNDS),
    ),
    ("4000000000000002", "visa", Outcome::Declined(GENERIC)),
    ("4000000000000069", "visa", Outcome::Declined(EXPIRED)),
    ("4000000000000127", "visa", Outcome::Declined(WRONG_CVC)),
    ("4000000000000119", "visa", Outcome::Declined(TROUBLE)),
];

/// The cards shown as a help on the payment page.
pub(crate) const HELP: [(&str, &str); 5] = [
    ("4242 4242 4242 4242", "paiement accepté"),
    ("4000 0025 0000 3155", "demande 3-D Secure"),
    ("4000 0027 6000 3184", "3-D Secure à chaque fois"),
    ("4000 0000 0000 9995", "provision insuffisante"),
    ("4000 0000 0000 0002", "refusée par la banque"),
];

/// What may be kept of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) brand: String,
    pub(crate) last4: String,
    pub(crate) exp_month: i64,
    pub(crate) exp_year: i64,
    /// The holder.
    pub(crate) name: Option<String>,
    pub(crate) outcome: Outcome,
}

impl Card {
    /// Looks at a number. What is wrong with it is said in French.
    pub(crate) fn parse(number: &str) -> Result<(&'static str, String, Outcome), &'static str> {
        const INVALID: &str = "Le numéro de carte n’est pas valide.";
        let digits: String = number
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        let well_formed =
            (13..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !well_formed || !luhn(&digits) {
            return Err(INVALID);
        }
        let known = CARDS.iter().find(|(card, _, _)| *card == digits);
        let (_, brand, outcome) = known.ok_or(
            "Ce numéro n’est pas celui d’une carte de test : utilisez l’une des cartes de la liste.",
        )?;
        Ok((
            brand,
            digits.chars().skip(digits.len() - 4).collect(),
            *outcome,
        ))
    }

    /// As kept while the bank authenticates.
    pub(crate) fn kept(&self) -> Value {
        json!({
            "brand": self.brand, "last4": self.last4, "name": self.name,
            "exp_month": self.exp_month, "exp_year": self.exp_year,
        })
    }

    /// The card that the bank authenticates.
    pub(crate) fn of_kept(kept: &Value) -> Option<Self> {
        Some(Self {
            brand: kept["brand"].as_str()?.to_owned(),
            last4: kept["last4"].as_str()?.to_owned(),
            exp_month: kept["exp_month"].as_i64()?,
            exp_year: kept["exp_year"].as_i64()?,
            name: kept["name"].as_str().map(str::to_owned),
            outcome: Outcome::NeedsAuthentication,
        })
    }
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

#[cfg(test)]
mod tests {
    use super::{CARDS, Card, HELP, Outcome};

    #[test]
    fn every_test_card_is_a_well_formed_number() {
        for (number, _, outcome) in CARDS {
            assert_eq!(Card::parse(number).unwrap().2, outcome, "{number}");
        }
        for (number, _) in HELP {
            assert!(Card::parse(number).is_ok(), "{number}");
        }
    }

    #[test]
    fn a_number_with_a_wrong_digit_is_refused() {
        for number in [
            "4242424242424241",
            "",
            "4242",
            "abcd efgh ijkl mnop",
            "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
        ] {
            assert_eq!(
                Card::parse(number),
                Err("Le numéro de carte n’est pas valide."),
                "{number}"
            );
        }
        assert_eq!(
            Card::parse("4242 4242 4242 4242").unwrap(),
            ("visa", "4242".to_owned(), Outcome::Authorised)
        );
    }
}
