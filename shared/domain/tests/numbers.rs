//! Numbers that people type: the file that the site reads too says which are good.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use domain::identifiers::{CnapsNumber, Iban, Phone, Siren, Siret, VatNumber};
use serde::Deserialize;

#[derive(Deserialize)]
struct Numbers {
    siren: Vec<Typed>,
    siret: Vec<Typed>,
    vat_number: Vec<Typed>,
    iban: Vec<Typed>,
    phone: Vec<Typed>,
    cnaps: Vec<Typed>,
}

#[derive(Deserialize)]
struct Typed {
    text: String,
    kept: Option<String>,
    siren: Option<String>,
}

fn numbers() -> Numbers {
    serde_json::from_str(include_str!("numbers.json")).unwrap()
}

fn check(typed: &[Typed], read: impl Fn(&Typed) -> Option<String>) {
    assert!(
        typed.iter().any(|one| one.kept.is_some()) && typed.iter().any(|one| one.kept.is_none())
    );
    for one in typed {
        assert_eq!(read(one), one.kept, "{:?}", one.text);
    }
}

#[test]
fn good_numbers_are_kept_in_one_form_and_bad_ones_refused() {
    let numbers = numbers();
    let own = |typed: &Typed| {
        typed
            .siren
            .as_deref()
            .map(|siren| Siren::parse(siren).unwrap())
    };
    check(&numbers.siren, |typed| {
        Some(Siren::parse(&typed.text).ok()?.into())
    });
    check(&numbers.siret, |typed| {
        let siret = Siret::parse(&typed.text).ok()?;
        let belongs = own(typed).is_none_or(|siren| siret.belongs_to(&siren));
        belongs.then(|| siret.into())
    });
    check(&numbers.vat_number, |typed| {
        let number = VatNumber::parse(&typed.text).ok()?;
        let matches = own(typed).is_none_or(|siren| number.matches(&siren));
        matches.then(|| number.into())
    });
    check(&numbers.iban, |typed| {
        Some(Iban::parse(&typed.text).ok()?.into())
    });
    check(&numbers.phone, |typed| {
        Some(Phone::parse(&typed.text).ok()?.into())
    });
    check(&numbers.cnaps, |typed| {
        Some(CnapsNumber::parse(&typed.text).ok()?.into())
    });
}
