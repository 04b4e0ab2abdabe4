//! Who runs the marketplace, as the terms say it, and as the site is given it.

use std::path::Path;

use domain::money::Euros;
use domain::platform::Platform;

#[test]
fn the_operator_is_the_one_that_the_terms_name() {
    let platform = Platform::auxilyo().unwrap();
    assert_eq!(platform.name, "AUXILYO");
    assert_eq!(platform.legal_form, "SAS");
    assert_eq!(platform.capital, Some(Euros::from_cents(1_400_000)));
    assert_eq!(platform.siren.to_string(), "834875593");
    assert_eq!(platform.registry, "RCS Versailles");
    assert_eq!(platform.vat_number.to_string(), "FR73834875593");
    assert_eq!(
        platform.address.to_string(),
        "23 avenue de l’Europe, 78400 Chatou"
    );
    assert_eq!(platform.email.as_str(), "contact@monagentdesecu.com");
    assert_eq!(
        platform.publication_director.as_deref(),
        Some("Marc Fesler")
    );
    let phone = platform.phone.unwrap().display();
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits, "0175001747");
}

/// `UPDATE_DOCS=1` renews it (`make docs`).
#[test]
fn the_site_is_given_the_same() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/src/lib/site/platform.json");
    let written = serde_json::to_string_pretty(&Platform::auxilyo().unwrap()).unwrap() + "\n";
    #[expect(
        clippy::disallowed_methods,
        reason = "whether to check or to renew is asked of the developer's shell"
    )]
    let renew = std::env::var_os("UPDATE_DOCS").is_some();
    if renew {
        std::fs::write(&path, &written).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, written, "UPDATE_DOCS=1 renews {}", path.display());
}
