//! Style that is kept by a test: functions that fit on a screen, states that are matched without a
//! catch-all, words and names that were agreed. What there was before is in `tidy.txt`, which may only get
//! shorter.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use journeys::root;

/// Lines of a function, from its name to its closing brace.
const LONGEST: usize = 70;
/// Lines of a handler's `run`: who asks, what, the rule, the answer.
const LONGEST_RUN: usize = 40;

/// Names that say nothing of what a file is for.
const EMPTY_NAMES: [&str; 6] = ["handler", "utils", "util", "common", "helpers", "misc"];

/// Words that are not said, and what is said instead (docs/architecture.md, Words).
const WORDS: [(&str, &str); 4] = [
    // Stripe keeps the money; the platform holds none, and the law has a word for whoever does.
    ("séquestre", "conservé par Stripe"),
    ("escrow", "held"),
    ("compte bloqué", "compte suspendu"),
    ("lorem ipsum", "a text that somebody could have written"),
];

/// Every source of ours that is no test: its path from the root, and its text without the tests in it.
fn sources() -> BTreeMap<String, String> {
    let root = root().canonicalize().unwrap();
    let mut found = BTreeMap::new();
    let mut folders = ["shared", "functions", "infra", "tests"]
        .map(|name| root.join(name))
        .to_vec();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                if is_test(&name) {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap();
                found.insert(name, code.to_owned());
            }
        }
    }
    assert!(found.len() > 250, "only {} sources were found", found.len());
    found
}

/// Whether a source is a test: stories and tables may be long.
fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("tests.rs") || path.starts_with("tests/")
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The functions of a formatted source: name, and how many lines.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((before, after)) = line.split_once("fn ") else {
            continue;
        };
        let qualified = before
            .trim()
            .split(' ')
            .all(|word| matches!(word, "" | "pub" | "const" | "async") || word.starts_with("pub("));
        if !qualified {
            continue;
        }
        let depth = indent(line);
        let rest = || lines.iter().skip(at).enumerate();
        // A trait's function may have no body.
        let opens = rest().find(|(_, line)| line.ends_with('{') || line.ends_with(';'));
        if !opens.is_some_and(|(_, line)| line.ends_with('{')) {
            continue;
        }
        let end = rest()
            .skip(1)
            .find(|(_, line)| indent(line) == depth && line.trim_start() == "}");
        let name = after.split(['(', '<']).next().unwrap();
        if let Some((length, _)) = end {
            found.push((name.to_owned(), length + 1));
        }
    }
    found
}

/// Where a state of a booking is matched beside a catch-all, by line.
fn catch_alls(text: &str) -> Vec<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let arm = line.trim_start();
        if !(arm.starts_with("_ =>") || arm.starts_with("_ if ")) {
            continue;
        }
        let depth = indent(line);
        let block = lines.iter().take(at).rev();
        let mut block = block.take_while(|line| line.is_empty() || indent(line) >= depth);
        let of_state = block.any(|line| {
            let pattern = line.trim_start().trim_start_matches(['|', ' ', '(']);
            indent(line) == depth && pattern.starts_with("BookingState::")
        });
        if of_state {
            found.push(at + 1);
        }
    }
    found
}

/// What is not as it should be, a line for each: what, and how much of it.
fn untidy() -> BTreeMap<String, usize> {
    let mut untidy = BTreeMap::new();
    for (path, text) in sources() {
        for (name, length) in functions(&text) {
            let handler = name == "run" && path.starts_with("functions/");
            if length > if handler { LONGEST_RUN } else { LONGEST } {
                untidy.insert(format!("{path}: fn {name}"), length);
            }
        }
        let catch_alls = catch_alls(&text).len();
        if catch_alls > 0 {
            untidy.insert(format!("{path}: `_` over states"), catch_alls);
        }
        let stem = Path::new(&path).file_stem().unwrap().to_str().unwrap();
        if EMPTY_NAMES.contains(&stem) {
            untidy.insert(format!("{path}: a name that says nothing"), 1);
        }
    }
    untidy
}

#[test]
fn what_was_untidy_gets_less_and_nothing_else_becomes_so() {
    let known: BTreeMap<String, usize> = include_str!("tidy.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (what, much) = line.rsplit_once(" = ").unwrap();
            (what.to_owned(), much.parse().unwrap())
        })
        .collect();
    let found = untidy();
    let mut wrong: BTreeSet<String> = BTreeSet::new();
    for (what, much) in &found {
        match known.get(what) {
            Some(known) if known == much => {}
            Some(known) if known > much => {
                wrong.insert(format!(
                    "{what} = {much}, {known} before: write the new number into tidy.txt"
                ));
            }
            Some(known) => {
                wrong.insert(format!(
                    "{what} = {much}, {known} before: it may only get less"
                ));
            }
            None => {
                wrong.insert(format!("{what} = {much}: split it"));
            }
        }
    }
    for what in known.keys().filter(|what| !found.contains_key(*what)) {
        wrong.insert(format!("{what}: mended, take it out of tidy.txt"));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn words_that_were_given_up_do_not_come_back() {
    let mut said = Vec::new();
    for (path, text) in sources() {
        let text = text.to_lowercase();
        for (word, instead) in WORDS {
            if text.contains(word) {
                said.push(format!("{path} says « {word} »: « {instead} »"));
            }
        }
    }
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn long_functions_and_catch_alls_are_found() {
    let body = "        let one = 1;\n".repeat(69);
    let text = format!(
        "impl A {{\n    pub(crate) async fn long<T>(\n        self,\n    ) {{\n{body}    }}\n    fn short() {{\n    }}\n    fn bodiless(\n        self,\n    );\n}}\n"
    );
    let found = functions(&text);
    assert_eq!(found, [("long".to_owned(), 73), ("short".to_owned(), 2)]);
    let text = "match state {\n    BookingState::Accepted => 1,\n    _ => 2,\n}\nmatch number {\n    1 => 1,\n    _ => 2,\n}\n";
    assert_eq!(catch_alls(text), [3]);
}
