//! `docs/terms.md` names functions, pages and tests: each of them exists.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use journeys::root;

/// The cells of every row that is about an article.
fn rows(page: &str) -> Vec<[&str; 5]> {
    let table = page.lines().filter(|line| line.starts_with("| "));
    let cells = table.map(|line| -> [&str; 5] {
        let inner = line.trim_matches('|');
        let cells: Vec<&str> = inner.split('|').map(str::trim).collect();
        cells
            .try_into()
            .unwrap_or_else(|_| panic!("five cells: {line}"))
    });
    cells
        .filter(|[article, ..]| *article != "what the article says")
        .collect()
}

/// What stands between backticks.
fn named(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The files under a folder whose names end so, but what was built and what was installed.
fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["target", "node_modules"].contains(&name.as_str()) {
            files(&path, ending, found);
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

fn texts(folders: &[&str], ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for folder in folders {
        files(&root().join(folder), ending, &mut found);
    }
    found
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

/// The names of Rust tests: functions that follow `#[test]`, `#[tokio::test…]` or stand in `proptest!`.
fn rust_tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in texts(&["shared", "functions", "infra", "tests"], ".rs") {
        let mut marked = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                marked = true;
            } else if let Some((_, after)) = line.split_once("fn ") {
                let name = after.split(['(', '<']).next().unwrap_or_default();
                if std::mem::take(&mut marked) {
                    names.insert(name.to_owned());
                }
            }
        }
    }
    names
}

fn page_exists(page: &str, dashboard: &[String]) -> bool {
    if page.starts_with("/admin") {
        return dashboard.iter().any(|text| text.contains(page));
    }
    let routes = root().join("frontend/src/routes");
    routes
        .join(page.trim_start_matches('/'))
        .join("+page.svelte")
        .exists()
}

#[test]
fn every_function_page_and_test_that_the_page_of_terms_names_exists() {
    let page = std::fs::read_to_string(root().join("docs/terms.md")).unwrap();
    let functions: BTreeSet<String> = directory::functions()
        .iter()
        .map(|function| function.name.to_string())
        .collect();
    let rust = rust_tests();
    let browser = texts(&["tests/browser"], ".test.mjs").join("\n");
    let dashboard = texts(&["functions/dashboard/src"], ".rs");
    let mut wrong = Vec::new();
    for [article, what, by, on, proof] in rows(&page) {
        for function in named(by).filter(|name| !functions.contains(*name)) {
            wrong.push(format!("no function {function}"));
        }
        for address in named(on).filter(|page| !page_exists(page, &dashboard)) {
            wrong.push(format!("no page {address}"));
        }
        for test in named(proof) {
            let exists = if test.contains(' ') {
                browser.contains(&format!("test('{test}'"))
            } else {
                rust.contains(test)
            };
            if !exists {
                wrong.push(format!("no test {test}"));
            }
        }
        // What is done by a function is proved by something; what is not done says so.
        let done = named(by).next().is_some();
        if done && named(proof).next().is_none() {
            wrong.push(format!("nothing proves « {article} »"));
        }
        let law = what.starts_with("a matter of law");
        if !done && named(proof).next().is_none() && !law && !what.contains("**not done**") {
            wrong.push(format!(
                "« {article} » says neither who does it nor that nobody does"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_article_of_the_terms_has_its_part() {
    let page = std::fs::read_to_string(root().join("docs/terms.md")).unwrap();
    let titles: String = page
        .lines()
        .filter(|line| line.starts_with("## "))
        .collect::<Vec<_>>()
        .join("\n");
    for (first, last) in [
        (1, 2),
        (5, 6),
        (7, 8),
        (9, 13),
        (14, 15),
        (17, 21),
        (22, 23),
    ] {
        let range = [
            format!("{first} and {last}:"),
            format!("{first} to {last}:"),
        ];
        assert!(
            range.iter().any(|range| titles.contains(range)),
            "{range:?}"
        );
    }
    for alone in ["Preamble", "3:", "4:", "16:", "24:"] {
        assert!(titles.contains(alone), "{alone}");
    }
}
