//! What people read of how long things are kept is made from the table by which they are erased: the site is
//! given it, and nobody writes a duration of retention by hand.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

use domain::retention::{RULES, after_closure};
use regex_lite::Regex;
use serde_json::json;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `UPDATE_DOCS=1` renews it (`make docs`).
#[test]
fn the_site_is_given_the_table() {
    let path = root().join("frontend/src/lib/site/retention.json");
    let kept: Vec<_> = RULES
        .iter()
        .map(|rule| {
            json!({
                "what": rule.what,
                "keeps": rule.duration_in_words(),
                "then": rule.then_in_words(),
                "law": rule.law,
            })
        })
        .collect();
    let table = json!({ "after_closure": after_closure(), "kept": kept });
    let written = serde_json::to_string_pretty(&table).unwrap() + "\n";
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

/// What a sentence about retention looks like that somebody wrote by hand: a number of months or years
/// beside a word for keeping or erasing.
fn said_by_hand(text: &str) -> Vec<String> {
    let duration = Regex::new(
        r"(?i)\b(un|deux|trois|quatre|cinq|six|dix|douze|vingt-[a-z]+|\d+)[ \u{a0}](ans?|mois)\b",
    )
    .unwrap();
    let keeping =
        Regex::new(r"(?i)(conserv|gardée?s?\b|gardons|efface|effacé|supprim|anonymis|purg)")
            .unwrap();
    let sentences = text.split(['.', ';', '\n', '"']);
    sentences
        .filter(|sentence| duration.is_match(sentence) && keeping.is_match(sentence))
        .map(|sentence| sentence.trim().to_owned())
        .collect()
}

#[test]
fn a_duration_by_hand_is_seen() {
    for (text, seen) in [
        ("Vos données sont conservées deux ans à l’écart.", true),
        ("Elles sont gardées pendant 3 ans.", true),
        ("Il travaille depuis dix ans.", false),
        (
            "Résilier, avec un préavis de deux mois. Vos données sont gardées.",
            false,
        ),
    ] {
        assert_eq!(!said_by_hand(text).is_empty(), seen, "{text}");
    }
}

#[test]
fn no_page_and_no_mail_says_a_duration_of_retention_by_hand() {
    let mut faults = Vec::new();
    let mut read = 0;
    for folder in [
        "frontend/src",
        "functions",
        "shared/http/src",
        "shared/domain/src",
    ] {
        let mut folders = vec![root().join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.to_string_lossy().into_owned();
                let spoken = [".rs", ".svelte", ".ts", ".html"]
                    .iter()
                    .any(|extension| name.ends_with(extension));
                // The table itself, and tests of what it says.
                if !spoken || name.contains("/retention") || name.ends_with("tests.rs") {
                    continue;
                }
                read += 1;
                let text = std::fs::read_to_string(&path).unwrap();
                let said = said_by_hand(&text);
                faults.extend(said.into_iter().map(|said| format!("{name}: {said}")));
            }
        }
    }
    assert!(read > 300, "only {read} files were read");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
