//! Template, code and documents hold each other to account.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};

use adapters::store::{Index, PATTERNS, Table, patterns_page};
use http_function::{Every, Kind};
use journeys::{context_names, root, same_as_on_disk, template, template_path, template_text};
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

/// What is written for each context with the policies that are there: `tests/permissions.rs` holds
/// those against the binaries.
#[test]
fn the_stacks_are_written_from_the_code() {
    for context in directory::contexts() {
        let written = stacks::written_policies(&template_text(context.name));
        let policy = |name: &str| written.get(name).cloned().unwrap_or_default();
        let text = stacks::context(&context, policy);
        same_as_on_disk(&template_path(context.name), &text);
    }
    let apis = stacks::api(&directory::functions());
    same_as_on_disk(&template_path("api"), &apis);
}

#[test]
fn the_description_of_the_api_is_written_from_the_code() {
    let description = http_function::openapi(&directory::functions());
    let path = root().join("frontend/static/api/openapi.json");
    same_as_on_disk(&path, &format!("{description:#}\n"));
}

#[test]
fn the_stacks_and_the_code_name_the_same_functions_routes_and_events() {
    let mut deployed = routes_of_the_apis();
    for stack in context_names() {
        deployed.extend(woken_in(stack));
    }
    let mut coded = BTreeSet::new();
    for function in directory::functions() {
        let mut add = |woken_by: String| coded.insert((function.name.to_owned(), woken_by));
        match function.kind {
            Kind::Http(route) => add(format!("{} {}", route.method, route.path)),
            Kind::Pages(pages) => {
                add(format!("GET {}", pages.prefix));
                add(format!("ANY {}/{{proxy+}}", pages.prefix))
            }
            Kind::Listener(events) | Kind::Observer { events, .. } => {
                let events: BTreeSet<&str> = events.iter().copied().collect();
                add(events.into_iter().collect::<Vec<_>>().join(" "))
            }
            Kind::Chore(Every::Minute) => add("rate(1 minute)".to_owned()),
            Kind::Chore(Every::Hour) => add("rate(1 hour)".to_owned()),
            Kind::Chore(Every::Day) => add("rate(1 day)".to_owned()),
            Kind::Feed(_) => add("stream".to_owned()),
        };
    }
    let missing: Vec<_> = coded.symmetric_difference(&deployed).collect();
    assert!(missing.is_empty(), "only on one side: {missing:#?}");
}

/// Which function each route of the two APIs leads to.
fn routes_of_the_apis() -> BTreeSet<(String, String)> {
    let mut routes = BTreeSet::new();
    for (_, api) in resources(&template("api"), "AWS::ApiGatewayV2::Api") {
        for (path, operations) in api["Body"]["paths"].as_mapping().unwrap() {
            for (method, operation) in operations.as_mapping().unwrap() {
                let integration = &operation["x-amazon-apigateway-integration"];
                let uri = integration["uri"]["Fn::Sub"].as_str().unwrap();
                let function = uri.rsplit("${Stage}-").next().unwrap();
                let function = function.strip_suffix("/invocations").unwrap();
                let method = match method.as_str().unwrap() {
                    "x-amazon-apigateway-any-method" => "ANY".to_owned(),
                    named => named.to_uppercase(),
                };
                let path = path.as_str().unwrap();
                routes.insert((function.to_owned(), format!("{method} {path}")));
            }
        }
    }
    routes
}

/// What wakes the functions of a context, besides routes.
fn woken_in(stack: &str) -> BTreeSet<(String, String)> {
    let template = template(stack);
    let lambdas: BTreeMap<String, String> = resources(&template, "AWS::Lambda::Function")
        .into_iter()
        .map(|(id, function)| {
            let code = function["Code"].as_str().unwrap();
            let file = code.rsplit('/').next().unwrap();
            (id, file.trim_end_matches(".zip").to_owned())
        })
        .collect();
    let of = |reference: &Value| {
        let Value::Tagged(reference) = reference else {
            panic!("{reference:?} names no function");
        };
        let id = reference.value.as_str().unwrap().split('.').next().unwrap();
        lambdas[id].clone()
    };
    let mut woken = BTreeSet::new();
    for (_, rule) in resources(&template, "AWS::Events::Rule") {
        let by = match rule["ScheduleExpression"].as_str() {
            Some(expression) => expression.to_owned(),
            None => texts(&rule["EventPattern"]["detail-type"])
                .into_iter()
                .collect::<Vec<_>>()
                .join(" "),
        };
        woken.insert((of(&rule["Targets"][0]["Arn"]), by));
    }
    for (_, mapping) in resources(&template, "AWS::Lambda::EventSourceMapping") {
        woken.insert((of(&mapping["FunctionName"]), "stream".to_owned()));
    }
    woken
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
fn the_template_declares_the_tables_and_indexes_that_the_code_reads() {
    let tables = resources(&template("data"), "AWS::DynamoDB::Table");
    assert_eq!(tables.len(), Table::ALL.len());
    for table in Table::ALL {
        let name = format!("{table:?}Table");
        let (_, properties) = tables
            .iter()
            .find(|(found, _)| *found == name)
            .unwrap_or_else(|| panic!("no {name}"));
        let named = &properties["TableName"];
        let Value::Tagged(named) = named else {
            panic!("{name} is not named by its stage");
        };
        assert_eq!(named.value, format!("${{Stage}}-{}", table.name()).as_str());
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
        let declared: BTreeSet<(String, Vec<String>, String)> =
            properties["GlobalSecondaryIndexes"]
                .as_sequence()
                .into_iter()
                .flatten()
                .map(|index| {
                    (
                        index["IndexName"].as_str().unwrap().to_owned(),
                        key(&index["KeySchema"]),
                        index["Projection"]["ProjectionType"]
                            .as_str()
                            .unwrap()
                            .to_owned(),
                    )
                })
                .collect();
        let holds = |index: &Index| {
            if index.holds_keys_only() {
                "KEYS_ONLY"
            } else {
                "ALL"
            }
        };
        let coded: BTreeSet<(String, Vec<String>, String)> = Index::ALL
            .iter()
            .filter(|(_, of)| *of == table)
            .map(|(index, _)| {
                (
                    index.name().to_owned(),
                    vec![index.partition().to_owned(), index.order().to_owned()],
                    holds(index).to_owned(),
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
    for stack in context_names()
        .into_iter()
        .chain(["data", "template", "api"])
    {
        assert!(!template_text(stack).contains("/local/"), "{stack}");
    }
    assert!(directory::functions().iter().all(
        |function| !matches!(function.kind, Kind::Http(route) if route.path.starts_with("/local"))
    ));
}
