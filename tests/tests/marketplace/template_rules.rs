//! What every resource of the templates must have, and what it may not lack without anybody noticing.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};

use adapters::vault::{LinkSecret, Secret as _, SessionSecret, StripeSecret};
use http_function::Figure;
use journeys::{root, template, template_text};
use serde_yaml_ng::{Mapping, Value};

/// What is kept, and what runs: a stack each.
const STACKS: [&str; 2] = ["data", "template"];

/// What CloudFormation takes in one stack is 500; this leaves room for the next release.
const MOST_RESOURCES: usize = 480;
/// Lambda tries an event again twice at most: three tries.
const LAMBDA_RETRIES: u64 = 2;
/// What a bus or a stream tries again at least.
const LEAST_RETRIES: u64 = 3;

fn resources(template: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let all = template["Resources"].as_mapping().unwrap().iter();
    all.map(|(name, resource)| {
        let kind = resource["Type"].as_str().unwrap();
        (name.as_str().unwrap(), kind, &resource["Properties"])
    })
}

fn functions(template: &Value) -> impl Iterator<Item = (&str, &Value)> {
    resources(template)
        .filter(|(_, kind, _)| *kind == "AWS::Serverless::Function")
        .map(|(name, _, properties)| (name, properties))
}

fn events(function: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = function["Events"].as_mapping().unwrap().values();
    all.map(|event| (event["Type"].as_str().unwrap(), &event["Properties"]))
}

/// What a tagged value such as `!Ref Api` or `!GetAtt Queue.Arn` names.
fn named(value: &Value) -> &str {
    match value {
        Value::Tagged(tagged) => tagged.value.as_str().unwrap_or_default(),
        plain => plain.as_str().unwrap_or_default(),
    }
}

#[test]
fn every_resource_says_why_it_is_there() {
    for stack in STACKS {
        every_resource_of(stack);
    }
}

fn every_resource_of(stack: &str) {
    let text = template_text(stack);
    let lines: Vec<&str> = text.lines().collect();
    let template = template(stack);
    for (name, kind, properties) in resources(&template) {
        if kind == "AWS::Serverless::Function" {
            let why = properties["Description"].as_str().unwrap_or_default();
            // 256 characters are what Lambda takes.
            assert!((10..256).contains(&why.len()), "{name}: {why}");
            continue;
        }
        let declared = format!("  {name}:");
        let at = lines.iter().position(|line| *line == declared).unwrap();
        let before = lines[at - 1].trim_start();
        assert!(
            before.starts_with("# ") && !before.starts_with("# --"),
            "{name} does not say why"
        );
    }
}

#[test]
fn the_stack_stays_below_the_limit_of_cloudformation() {
    let template = template("template");
    let count: usize = resources(&template)
        .map(|(_, kind, properties)| match kind {
            // Its role; the permission or the rule of each event.
            "AWS::Serverless::Function" => {
                let rules = events(properties)
                    .filter(|(kind, _)| *kind != "HttpApi")
                    .count();
                let kept = usize::from(properties.get("EventInvokeConfig").is_some());
                2 + events(properties).count() + rules + kept
            }
            "AWS::Serverless::HttpApi" => 2,
            _ => 1,
        })
        .sum();
    assert!(
        count <= MOST_RESOURCES,
        "{count} resources: move tables, alarms or the distribution into a nested template"
    );
}

#[test]
fn every_function_logs_into_a_group_that_forgets() {
    let template = template("template");
    let groups: BTreeMap<&str, &Value> = resources(&template)
        .filter(|(_, kind, _)| *kind == "AWS::Logs::LogGroup")
        .map(|(name, _, properties)| (name, properties))
        .collect();
    for (name, group) in &groups {
        assert!(
            group["RetentionInDays"].as_u64().is_some(),
            "{name} keeps logs for ever"
        );
    }
    for (name, function) in functions(&template) {
        let group = named(&function["LoggingConfig"]["LogGroup"]);
        assert!(groups.contains_key(group), "{name} logs into « {group} »");
    }
}

#[test]
fn whatever_nobody_waits_for_is_tried_again_and_then_kept() {
    let template = template("template");
    for (name, function) in functions(&template) {
        for (kind, event) in events(function) {
            if kind == "HttpApi" {
                continue;
            }
            let queue = match kind {
                "DynamoDB" => {
                    assert!(
                        event["MaximumRetryAttempts"].as_u64().unwrap() >= LEAST_RETRIES,
                        "{name}"
                    );
                    assert_eq!(
                        event["FunctionResponseTypes"][0], "ReportBatchItemFailures",
                        "{name}"
                    );
                    &event["DestinationConfig"]
                }
                _ => {
                    let config = &function["EventInvokeConfig"];
                    assert_eq!(
                        config["MaximumRetryAttempts"].as_u64(),
                        Some(LAMBDA_RETRIES),
                        "{name}"
                    );
                    &config["DestinationConfig"]
                }
            };
            assert_eq!(
                named(&queue["OnFailure"]["Destination"]),
                "UndeliveredQueue.Arn",
                "{name}"
            );
            // A schedule's next tick does what a lost one did not; an event comes once.
            if kind == "EventBridgeRule" {
                let retries = event["RetryPolicy"]["MaximumRetryAttempts"].as_u64();
                assert!(retries.unwrap_or(0) >= LEAST_RETRIES, "{name}");
                assert_eq!(
                    named(&event["DeadLetterConfig"]["Arn"]),
                    "UndeliveredQueue.Arn",
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn what_is_kept_can_be_brought_back_and_is_not_removed_with_the_stack() {
    let template = template("data");
    let all = template["Resources"].as_mapping().unwrap();
    for (name, resource) in all {
        let (name, kind) = (name.as_str().unwrap(), resource["Type"].as_str().unwrap());
        let properties = &resource["Properties"];
        match kind {
            "AWS::DynamoDB::Table" => {
                assert_eq!(
                    properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"],
                    true,
                    "{name}"
                );
                assert_eq!(properties["DeletionProtectionEnabled"], true, "{name}");
                assert_eq!(properties["BillingMode"], "PAY_PER_REQUEST", "{name}");
            }
            "AWS::S3::Bucket" => {
                let access = &properties["PublicAccessBlockConfiguration"];
                assert_eq!(access["RestrictPublicBuckets"], true, "{name}");
                assert_eq!(
                    properties["VersioningConfiguration"]["Status"], "Enabled",
                    "{name}"
                );
                assert!(properties.get("BucketEncryption").is_some(), "{name}");
                assert!(properties.get("LifecycleConfiguration").is_some(), "{name}");
            }
            "AWS::SecretsManager::Secret" | "AWS::SES::EmailIdentity" => {}
            _ => continue,
        }
        // What failed before it held anything goes, or its name would be taken at the next try.
        assert_eq!(resource["DeletionPolicy"], "RetainExceptOnCreate", "{name}");
        assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{name}");
    }
}

#[test]
fn what_runs_is_given_what_is_kept() {
    let (data, running) = (template("data"), template("template"));
    let outputs = data["Outputs"].as_mapping().unwrap();
    let parameters = running["Parameters"].as_mapping().unwrap();
    for (name, _) in outputs {
        assert!(parameters.contains_key(name), "nobody asks for {name:?}");
    }
    for (name, parameter) in parameters {
        let given = parameter.get("Default").is_some()
            || outputs.contains_key(name)
            || name == "PlatformIdentity";
        assert!(given, "nobody gives {name:?}");
    }
}

#[test]
fn files_that_were_announced_and_never_used_are_forgotten() {
    let template = template("data");
    let bucket = &template["Resources"]["DocumentsBucket"]["Properties"];
    let rules = bucket["LifecycleConfiguration"]["Rules"]
        .as_sequence()
        .unwrap();
    let forgets = |rule: &&Value| rule["Prefix"] == adapters::documents::ANNOUNCED;
    let rule = rules.iter().find(forgets).unwrap();
    // An upload may come for 15 minutes, and a file be announced a day before it is sent.
    assert!(rule["ExpirationInDays"].as_u64().unwrap() >= 2);
    let others = rules.iter().filter(|rule| !forgets(rule));
    for rule in others {
        assert!(rule.get("ExpirationInDays").is_none(), "{rule:?}");
    }
}

/// A path pattern of CloudFront: `*` stands for anything, slashes included.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        Some((beginning, "")) => path.starts_with(beginning),
        Some(_) => panic!("{pattern} is more than this test understands"),
        None => pattern == path,
    }
}

#[test]
fn cloudfront_leads_every_route_to_its_function() {
    let template = template("template");
    let distribution = &template["Resources"]["Distribution"]["Properties"]["DistributionConfig"];
    let behaviours = distribution["CacheBehaviors"].as_sequence().unwrap();
    for (name, function) in functions(&template) {
        for (kind, event) in events(function) {
            if kind != "HttpApi" {
                continue;
            }
            let path = event["Path"].as_str().unwrap();
            let behaviour = behaviours.iter().find(|behaviour| {
                let pattern = behaviour["PathPattern"].as_str().unwrap();
                matches(pattern, path)
            });
            let behaviour = behaviour
                .unwrap_or_else(|| panic!("{name}: {path} would be sought in the site's bucket"));
            assert_eq!(behaviour["TargetOriginId"], "functions", "{name}");
            let methods = &behaviour["AllowedMethods"];
            let method = &event["Method"];
            let allowed = match methods.as_sequence() {
                Some(methods) => method == "ANY" || methods.contains(method),
                None => method == "GET",
            };
            assert!(allowed, "{name}: {path} is not let through");
        }
    }
}

/// The metrics of AWS that alarms may watch, with the dimensions that AWS publishes them under.
const METRICS_OF_AWS: &[(&str, &str, &[&str])] = &[
    ("AWS/ApiGateway", "5xx", &["ApiId"]),
    ("AWS/Lambda", "Errors", &[]),
    ("AWS/Lambda", "Throttles", &[]),
    ("AWS/Lambda", "IteratorAge", &["FunctionName"]),
    ("AWS/Lambda", "Invocations", &["FunctionName"]),
    (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        &["QueueName"],
    ),
    ("AWS/SES", "Reputation.BounceRate", &[]),
];

#[test]
fn every_alarm_watches_a_metric_that_something_emits_and_names_a_page() {
    let template = template("template");
    let filters: BTreeSet<(String, String)> = resources(&template)
        .filter(|(_, kind, _)| *kind == "AWS::Logs::MetricFilter")
        .map(|(name, _, filter)| {
            let metric = &filter["MetricTransformations"][0];
            let pattern = filter["FilterPattern"].as_str().unwrap();
            let figure = metric["MetricName"].as_str().unwrap();
            assert_eq!(
                pattern,
                format!("{{ $.fields.figure = \"{figure}\" }}"),
                "{name}"
            );
            assert_eq!(metric["MetricValue"], "$.fields.value", "{name}");
            let known = Figure::ALL.iter().any(|known| known.name() == figure);
            assert!(known, "{name} waits for {figure}, which nothing logs");
            (
                named(&metric["MetricNamespace"]).to_owned(),
                figure.to_owned(),
            )
        })
        .collect();
    assert_eq!(filters.len(), Figure::ALL.len(), "every figure is a metric");

    let pages = std::fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let mut alarms = 0;
    for (name, kind, alarm) in resources(&template) {
        if kind != "AWS::CloudWatch::Alarm" {
            continue;
        }
        alarms += 1;
        let namespace = named(&alarm["Namespace"]);
        let metric = alarm["MetricName"].as_str().unwrap();
        let none = Vec::new();
        let dimensions: Vec<&str> = alarm["Dimensions"]
            .as_sequence()
            .unwrap_or(&none)
            .iter()
            .map(|dimension| dimension["Name"].as_str().unwrap())
            .collect();
        let of_aws = METRICS_OF_AWS.iter().any(|(of, known, by)| {
            *of == namespace && *known == metric && *by == dimensions.as_slice()
        });
        let ours =
            dimensions.is_empty() && filters.contains(&(namespace.to_owned(), metric.to_owned()));
        assert!(
            of_aws || ours,
            "{name}: nothing emits {namespace} {metric} by {dimensions:?}"
        );
        let description = alarm["AlarmDescription"].as_str().unwrap();
        let (_, anchor) = description.split_once("docs/operations.md#").unwrap();
        assert!(
            pages.contains(&format!("\n### {anchor}\n")),
            "docs/operations.md has no #{anchor}"
        );
        assert_eq!(named(&alarm["AlarmActions"][0]), "Alarms", "{name}");
    }
    assert!(alarms >= 8);
}

/// CloudFormation generates a secret anew when how it is made changes, whatever the difference: all
/// that was signed with it, and all that was put into it by hand, would be gone.
#[test]
fn what_makes_a_secret_never_changes() {
    let data = template("data");
    let frozen = |name: &str, made: &str| {
        let written = format!(
            "{{\"Name\":\"${{Stage}}/monagentdesecu/{name}\",\"GenerateSecretString\":{{\"SecretStringTemplate\":\"{{}}\",\"GenerateStringKey\":\"{made}\",\"PasswordLength\":64,\"ExcludePunctuation\":true}}}}"
        );
        serde_json::from_str::<serde_json::Value>(&written).unwrap()
    };
    let mut expected = BTreeMap::from([
        ("SessionSecret", frozen("session", "SESSION_SECRETS")),
        ("LinkSecret", frozen("links", "LINK_SECRETS")),
        (
            "StripeSecret",
            serde_json::json!({ "Name": "${Stage}/monagentdesecu/stripe" }),
        ),
    ]);
    for (name, kind, properties) in resources(&data) {
        if kind != "AWS::SecretsManager::Secret" {
            continue;
        }
        let mut properties = properties.clone();
        // The tag of a short form is not JSON's.
        if let Value::Tagged(tagged) = &properties["Name"] {
            properties["Name"] = tagged.value.clone();
        }
        let written = serde_json::to_value(&properties).unwrap();
        assert_eq!(Some(written), expected.remove(name), "{name}");
    }
    assert!(expected.is_empty(), "{expected:?}");
}

#[test]
fn the_template_gives_the_variables_that_the_code_reads_and_no_others() {
    let template = template("template");
    let mut given: BTreeSet<String> = BTreeSet::new();
    let mut take = |variables: Option<&Mapping>| {
        let names = variables.into_iter().flatten().map(|(name, _)| name);
        given.extend(names.map(|name| name.as_str().unwrap().to_owned()));
    };
    take(template["Globals"]["Function"]["Environment"]["Variables"].as_mapping());
    for (_, function) in functions(&template) {
        take(function["Environment"]["Variables"].as_mapping());
    }
    // A secret is a JSON object of variables; those that nothing generates are put in by hand.
    let data = journeys::template("data");
    for (_, kind, properties) in resources(&data) {
        if kind == "AWS::SecretsManager::Secret"
            && let Some(made) = properties["GenerateSecretString"]["GenerateStringKey"].as_str()
        {
            given.insert(made.to_owned());
        }
    }
    let by_hand = std::fs::read_to_string(root().join("infra/deploy/secrets")).unwrap();
    let named = |line: &str| {
        Some(
            line.strip_prefix("    \"STRIPE_")?
                .split_once("\": (")?
                .0
                .to_owned(),
        )
    };
    given.extend(
        by_hand
            .lines()
            .filter_map(named)
            .map(|rest| format!("STRIPE_{rest}")),
    );
    // A function asks for its secrets by type.
    let by_type = [
        SessionSecret::NAMED_BY,
        LinkSecret::NAMED_BY,
        StripeSecret::NAMED_BY,
    ];

    let mut read = BTreeSet::new();
    for folder in ["functions", "shared/adapters", "shared/http"] {
        collect(&root().join(folder), &mut read);
    }
    read.extend(by_type.map(str::to_owned));
    read.extend(
        adapters::store::Table::ALL
            .iter()
            .map(|table| table.variable().to_owned()),
    );
    // What Lambda gives by itself, and what only exists beside another endpoint.
    read.retain(|name| !name.starts_with("AWS_") && !name.ends_with("_ENDPOINT"));
    let differ: Vec<_> = given.symmetric_difference(&read).collect();
    assert!(differ.is_empty(), "only on one side: {differ:?}");
}

/// The names of variables read in the sources under a folder.
fn collect(folder: &std::path::Path, read: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, read);
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for call in [".required(\"", ".optional(\""] {
            let names = text
                .split(call)
                .skip(1)
                .filter_map(|rest| rest.split('"').next());
            read.extend(names.map(str::to_owned));
        }
    }
}
