//! The payment page.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::{euros, field, follow, page, payable, total};
use crate::StripeStandin;
use crate::cards::{Card, Decline, HELP};
use crate::checkout_sessions::description;
use crate::paying::try_card;

#[derive(Template)]
#[template(path = "checkout.html")]
struct CheckoutPage<'a> {
    session: &'a str,
    total: String,
    description: String,
    items: Vec<Item>,
    email: &'a str,
    cancel_url: &'a str,
    manual: bool,
    error: Option<Wrong>,
    name: &'a str,
    expiry: &'a str,
    help: [(&'static str, &'static str); 5],
}

impl CheckoutPage<'_> {
    fn wrong(&self, field: &str) -> bool {
        self.error
            .as_ref()
            .is_some_and(|wrong| wrong.field == field)
    }
}

struct Item {
    name: String,
    amount: String,
}

/// What is wrong, and in which field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wrong {
    field: &'static str,
    message: &'static str,
}

impl From<Decline> for Wrong {
    fn from(decline: Decline) -> Self {
        let field = match decline.code {
            "incorrect_cvc" => "cvc",
            "expired_card" => "expiry",
            _ => "number",
        };
        Self {
            field,
            message: decline.french,
        }
    }
}

/// What a person types. The number and the security code are never sent back to the page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CardForm {
    number: String,
    expiry: String,
    cvc: String,
    name: String,
}

impl CardForm {
    fn parse(&self, now: i64) -> Result<Card, Wrong> {
        let wrong = |field, message| Wrong { field, message };
        let (brand, last4, outcome) =
            Card::parse(&self.number).map_err(|message| wrong("number", message))?;
        let (exp_month, exp_year) = self
            .expiry(now)
            .map_err(|message| wrong("expiry", message))?;
        let cvc = self.cvc.trim();
        if !(3..=4).contains(&cvc.len()) || !cvc.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong("cvc", "Le code de sécurité compte 3 ou 4 chiffres."));
        }
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            return Err(wrong("name", "Indiquez le nom du titulaire de la carte."));
        }
        Ok(Card {
            brand: brand.to_owned(),
            last4,
            exp_month,
            exp_year,
            name: Some(name.to_owned()),
            outcome,
        })
    }

    /// `12/30` or `1230`: a card is good until the end of its month.
    fn expiry(&self, now: i64) -> Result<(i64, i64), &'static str> {
        let digits: String = self
            .expiry
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '/')
            .collect();
        let number = digits
            .parse::<i64>()
            .ok()
            .filter(|_| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.ok_or("La date d’expiration s’écrit MM/AA, par exemple 12/30.")?;
        let (month, year) = (number / 100, 2000 + number % 100);
        if !(1..=12).contains(&month) {
            return Err("Le mois d’expiration va de 01 à 12.");
        }
        let today = jiff::Timestamp::from_second(now)
            .unwrap_or_default()
            .to_zoned(TimeZone::UTC);
        let expired = (year, month) < (i64::from(today.year()), i64::from(today.month()));
        if expired {
            Err("Cette carte est expirée.")
        } else {
            Ok((month, year))
        }
    }
}

pub(super) fn form(id: &str, session: &Value, error: Option<Wrong>, card: &CardForm) -> Response {
    let items = session["_line_items"].as_array().into_iter().flatten();
    let items = items.map(|item| Item {
        name: field(item, "description").to_owned(),
        amount: euros(item["amount_total"].as_i64().unwrap_or(0)),
    });
    let template = CheckoutPage {
        session: id,
        total: total(session),
        description: description(session),
        items: items.collect(),
        email: field(session, "customer_email"),
        cancel_url: field(session, "cancel_url"),
        manual: session["_intent"]["capture_method"] == "manual",
        error,
        name: &card.name,
        expiry: &card.expiry,
        help: HELP,
    };
    page(
        &template,
        if error.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        },
    )
}

pub(super) async fn show(State(standin): State<StripeStandin>, Path(id): Path<String>) -> Response {
    match payable(&standin, &id) {
        Ok(session) => form(&id, &session, None, &CardForm::default()),
        Err(response) => *response,
    }
}

pub(super) async fn pay(
    State(standin): State<StripeStandin>,
    Path(id): Path<String>,
    Form(typed): Form<CardForm>,
) -> Response {
    let session = match payable(&standin, &id) {
        Ok(session) => session,
        Err(response) => return *response,
    };
    let card = match typed.parse(standin.now()) {
        Ok(card) => card,
        Err(wrong) => return form(&id, &session, Some(wrong), &typed),
    };
    let paid = standin.act(|work| try_card(work, &id, &card));
    follow(&standin, &id, paid, |decline| {
        form(&id, &session, Some(decline.into()), &typed)
    })
}

#[cfg(test)]
mod tests {
    use super::{CardForm, Wrong};

    /// July 2026.
    const NOW: i64 = 1_783_000_000;

    fn typed(
        number: &str,
        expiry: &str,
        cvc: &str,
        name: &str,
    ) -> Result<(String, i64, i64), Wrong> {
        let form = CardForm {
            number: number.into(),
            expiry: expiry.into(),
            cvc: cvc.into(),
            name: name.into(),
        };
        form.parse(NOW)
            .map(|card| (card.last4, card.exp_month, card.exp_year))
    }

    #[test]
    fn a_card_is_read_field_by_field_and_the_first_wrong_one_is_named() {
        let good = "4242 4242 4242 4242";
        assert_eq!(
            typed(good, "12/30", "123", "Camille"),
            Ok(("4242".to_owned(), 12, 2030))
        );
        assert_eq!(
            typed(good, "07 / 26", "1234", "Camille"),
            Ok(("4242".to_owned(), 7, 2026))
        );
        for (number, expiry, cvc, name, field) in [
            ("4242 4242 4242 4243", "12/30", "123", "Camille", "number"),
            ("4111 1111 1111 1111", "12/30", "123", "Camille", "number"),
            (good, "06/26", "123", "Camille", "expiry"),
            (good, "13/30", "123", "Camille", "expiry"),
            (good, "00/30", "123", "Camille", "expiry"),
            (good, "", "123", "Camille", "expiry"),
            (good, "12/2030", "123", "Camille", "expiry"),
            (good, "+1/+3", "123", "Camille", "expiry"),
            (good, "12/30", "12", "Camille", "cvc"),
            (good, "12/30", "12a", "Camille", "cvc"),
            (good, "12/30", "123", "  ", "name"),
        ] {
            assert_eq!(
                typed(number, expiry, cvc, name).unwrap_err().field,
                field,
                "{number} {expiry} {cvc} {name}"
            );
        }
    }
}
