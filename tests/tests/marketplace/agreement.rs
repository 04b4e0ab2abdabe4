//! Template, code and documents hold each other to account.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use adapters::store::{Index, PATTERNS, Table, patterns_page};
use http_function::Kind;
use journeys::{root, same_as_on_disk, template, template_text};
use serde_yaml_ng::Value;

fn resources(template: &Value, kind: &str) -> Vec<(String, Value)> {
    let all = template["Resources"].as_mapping().unwrap().iter();
    all.filter(|(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| {
            (
                name.as_str().unwrap().to_owned(),
                resource["Properties"].clone(),
            )
        })
        .collect()
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_sequence()
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

#[test]
fn the_template_and_the_code_name_the_same_functions_routes_and_events() {
    let template = template("template");
    let mut deployed = BTreeSet::new();
    for (_, function) in resources(&template, "AWS::Serverless::Function") {
        let name = function["CodeUri"]
            .as_str()
            .unwrap()
            .trim_end_matches(".zip")
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        let event = function["Events"]
            .as_mapping()
            .unwrap()
            .values()
            .next()
            .unwrap();
        let properties = &event["Properties"];
        let called_by = match event["Type"].as_str().unwrap() {
            "HttpApi" => format!(
                "{} {}",
                properties["Method"].as_str().unwrap(),
                properties["Path"].as_str().unwrap()
            ),
            "EventBridgeRule" => texts(&properties["Pattern"]["detail-type"])
                .into_iter()
                .collect::<Vec<_>>()
                .join(" "),
            "Schedule" => "schedule".to_owned(),
            "DynamoDB" => "stream".to_owned(),
            other => panic!("{name} is called by {other}"),
        };
        deployed.insert((name, called_by));
    }
    let coded: BTreeSet<(String, String)> = directory::functions()
        .iter()
        .map(|function| {
            let called_by = match function.kind {
                Kind::Http(route) => format!("{} {}", route.method, route.path),
                Kind::Listener(events) | Kind::Observer { events, .. } => events
                    .iter()
                    .map(|event| (*event).to_owned())
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .collect::<Vec<_>>()
                    .join(" "),
                Kind::Chore => "schedule".to_owned(),
                Kind::Feed => "stream".to_owned(),
                Kind::Pages(pages) => format!("ANY {}/{{proxy+}}", pages.prefix),
            };
            (function.name.to_owned(), called_by)
        })
        .collect();
    let missing: Vec<_> = coded.symmetric_difference(&deployed).collect();
    assert!(missing.is_empty(), "only on one side: {missing:#?}");
}

#[test]
fn every_function_has_a_thin_binary_of_its_name() {
    let mut binaries = BTreeSet::new();
    for context in std::fs::read_dir(root().join("functions")).unwrap() {
        let Ok(files) = std::fs::read_dir(context.unwrap().path().join("src/bin")) else {
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(
                text.lines().count() <= 30,
                "{} is wiring and no more",
                path.display()
            );
            binaries.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    let functions: BTreeSet<String> = directory::functions()
        .iter()
        .map(|function| function.name.to_owned())
        .collect();
    assert_eq!(binaries, functions);
}

#[test]
fn the_templates_declare_the_tables_indexes_and_variables_that_the_code_reads() {
    let running = template("template");
    let variables = running["Globals"]["Function"]["Environment"]["Variables"]
        .as_mapping()
        .unwrap();
    let tables = resources(&template("data"), "AWS::DynamoDB::Table");
    assert_eq!(tables.len(), Table::ALL.len());
    for table in Table::ALL {
        let name = format!("{table:?}Table");
        let (_, properties) = tables
            .iter()
            .find(|(found, _)| *found == name)
            .unwrap_or_else(|| panic!("no {name}"));
        assert!(
            variables.contains_key(table.variable()),
            "{}",
            table.variable()
        );
        assert_eq!(
            properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true,
            "{name}"
        );
        let key = |schema: &Value| -> Vec<String> {
            schema
                .as_sequence()
                .unwrap()
                .iter()
                .map(|part| part["AttributeName"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(key(&properties["KeySchema"]), ["pk", "sk"]);
        let declared: BTreeSet<(String, Vec<String>)> = properties["GlobalSecondaryIndexes"]
            .as_sequence()
            .into_iter()
            .flatten()
            .map(|index| {
                (
                    index["IndexName"].as_str().unwrap().to_owned(),
                    key(&index["KeySchema"]),
                )
            })
            .collect();
        let coded: BTreeSet<(String, Vec<String>)> = Index::ALL
            .iter()
            .filter(|(_, of)| *of == table)
            .map(|(index, _)| {
                (
                    index.name().to_owned(),
                    vec![index.partition().to_owned(), index.order().to_owned()],
                )
            })
            .collect();
        assert_eq!(declared, coded, "{name}");
    }
}

#[test]
fn every_index_is_used_by_a_pattern_and_the_page_of_patterns_is_up_to_date() {
    for (index, table) in Index::ALL {
        assert!(
            PATTERNS
                .iter()
                .any(|pattern| pattern.index == Some(index) && pattern.table == table),
            "{index:?}"
        );
    }
    same_as_on_disk(&root().join("docs/access-patterns.md"), &patterns_page());
}

#[test]
fn levers_exist_on_one_machine_only() {
    assert!(!template_text("template").contains("/local/"));
    assert!(directory::functions().iter().all(
        |function| !matches!(function.kind, Kind::Http(route) if route.path.starts_with("/local"))
    ));
}
