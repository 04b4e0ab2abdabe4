//! What every resource of the templates must have, and what it may not lack without anybody noticing.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use adapters::vault::{LinkSecret, Secret as _, SessionSecret, StripeSecret};
use http_function::{Figure, Function, Kind, Pages, Route};
use journeys::{context_names, root, template, template_text};
use serde_yaml_ng::{Mapping, Value};
use stacks::{Door, MOST_BYTES, MOST_INTEGRATIONS, MOST_RESOURCES};

/// What is written by hand: what is kept, and what is around the functions.
const BY_HAND: [&str; 2] = ["data", "template"];
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

fn of_kind<'a>(template: &'a Value, wanted: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    resources(template)
        .filter(move |(_, kind, _)| *kind == wanted)
        .map(|(name, _, properties)| (name, properties))
}

/// What a tagged value such as `!Ref Api` or `!GetAtt Queue.Arn` names.
fn named(value: &Value) -> &str {
    match value {
        Value::Tagged(tagged) => tagged.value.as_str().unwrap_or_default(),
        plain => plain.as_str().unwrap_or_default(),
    }
}

/// The resource that a `!Ref` or a `!GetAtt` names.
fn resource(value: &Value) -> &str {
    named(value).split('.').next().unwrap_or_default()
}

#[test]
fn every_resource_says_why_it_is_there() {
    for stack in BY_HAND {
        let text = template_text(stack);
        let lines: Vec<&str> = text.lines().collect();
        for (name, _, _) in resources(&template(stack)) {
            let declared = format!("  {name}:");
            let at = lines.iter().position(|line| *line == declared).unwrap();
            let before = lines[at - 1].trim_start();
            assert!(
                before.starts_with("# ") && !before.starts_with("# --"),
                "{name} does not say why"
            );
        }
    }
    for function in directory::functions() {
        let length = function.summary.len();
        // 256 characters are what Lambda takes.
        assert!((10..256).contains(&length), "{}: {length}", function.name);
    }
}

/// What CloudFormation and API Gateway take, over the stacks of such contexts; their files.
fn stay_below_every_limit(contexts: &[directory::Context]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for context in contexts {
        let written = stacks::written_policies(&template_text(context.name));
        let policy = |name: &str| {
            let original = name.split("--").next().unwrap();
            written.get(original).cloned().unwrap_or_default()
        };
        let text = stacks::context(context, policy);
        let parsed: Value = serde_yaml_ng::from_str(&text).unwrap();
        let count = resources(&parsed).count();
        let counted: usize = context.functions.iter().map(stacks::resources).sum();
        assert_eq!(count, counted, "{}", context.name);
        assert!(
            count <= MOST_RESOURCES,
            "{}: {count} resources",
            context.name
        );
        assert!(
            text.len() <= MOST_BYTES,
            "{}: {} bytes",
            context.name,
            text.len()
        );
    }
    let functions: Vec<Function> = contexts
        .iter()
        .flat_map(|context| context.functions.clone())
        .collect();
    let apis = stacks::api(&functions);
    assert!(apis.len() <= MOST_BYTES, "the APIs: {} bytes", apis.len());
    for door in Door::ALL {
        let routes = functions.iter().flat_map(Function::routes);
        let integrations = routes.filter(|(_, path)| Door::of(path) == door).count();
        assert!(
            integrations <= MOST_INTEGRATIONS,
            "{door:?}: {integrations} integrations"
        );
    }
    files.push(("api.json".to_owned(), apis));
    files
}

#[test]
fn every_stack_stays_below_the_limits_of_cloudformation() {
    stay_below_every_limit(&directory::contexts());
    for stack in BY_HAND {
        let count = resources(&template(stack)).count();
        assert!(count <= MOST_RESOURCES, "{stack}: {count} resources");
        assert!(template_text(stack).len() <= MOST_BYTES, "{stack}");
    }
}

/// A function like another, of another name and at another address.
fn another(original: &Function, copy: usize) -> Function {
    let mut copied = original.clone();
    copied.name = format!("{}--{copy}", original.name).leak();
    copied.kind = match original.kind {
        Kind::Http(route) => Kind::Http(Route {
            path: format!("{}/{copy}", route.path).leak(),
            ..route
        }),
        Kind::Pages(pages) => Kind::Pages(Pages {
            prefix: format!("{}/{copy}", pages.prefix).leak(),
            ..pages
        }),
        woken @ (Kind::Listener(_) | Kind::Observer { .. } | Kind::Chore(_) | Kind::Feed(_)) => {
            woken
        }
    };
    copied
}

/// Room to grow: the contexts with two and a half times their functions.
#[test]
fn three_hundred_functions_stay_below_them_too() {
    let mut contexts = directory::contexts();
    let many = contexts.iter().map(|it| it.functions.len()).sum::<usize>();
    for context in &mut contexts {
        let wanted = (context.functions.len() * 300).div_ceil(many);
        let originals = context.functions.clone();
        let mut copies = originals.iter().cycle().zip(0..).skip(originals.len());
        while context.functions.len() < wanted {
            let (original, copy) = copies.next().unwrap();
            context.functions.push(another(original, copy));
        }
    }
    let all: usize = contexts.iter().map(|it| it.functions.len()).sum();
    assert!(all >= 300, "{all}");
    // `make deploy-lint` asks CloudFormation's own rules about these too.
    let room = Path::new(env!("CARGO_TARGET_TMPDIR")).join("room");
    std::fs::create_dir_all(&room).unwrap();
    for (name, text) in stay_below_every_limit(&contexts) {
        std::fs::write(room.join(name), text).unwrap();
    }
}

#[test]
fn every_function_logs_into_a_group_that_forgets_and_into_no_other() {
    let template = template("template");
    let mut groups = BTreeSet::new();
    for (name, group) in of_kind(&template, "AWS::Logs::LogGroup") {
        let days = group["RetentionInDays"].as_u64();
        assert!(days.is_some(), "{name} keeps logs for ever");
        groups.insert(named(&group["LogGroupName"]).to_owned());
    }
    for stack in context_names() {
        let template = journeys::template(stack);
        for (name, function) in of_kind(&template, "AWS::Lambda::Function") {
            let group = named(&function["LoggingConfig"]["LogGroup"]);
            assert!(groups.contains(group), "{name} logs into « {group} »");
            let role = &template["Resources"][resource(&function["Role"])]["Properties"];
            assert!(role.get("ManagedPolicyArns").is_none(), "{name}");
            let allowed = logs_of(role);
            let own = format!(
                "arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{group}:*"
            );
            assert_eq!(allowed, [own], "{name}");
        }
    }
}

/// Where a role may log.
fn logs_of(role: &Value) -> Vec<String> {
    let policies = role["Policies"].as_sequence().unwrap().iter();
    let statements =
        policies.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_sequence().unwrap());
    let logging = statements.filter(|statement| {
        let action = &statement["Action"];
        let actions = action.as_sequence().cloned();
        let actions = actions.unwrap_or_else(|| vec![action.clone()]);
        actions
            .iter()
            .any(|action| named(action).starts_with("logs:"))
    });
    logging
        .map(|it| named(&it["Resource"]).to_owned())
        .collect()
}

#[test]
fn no_function_shares_its_role() {
    for stack in context_names() {
        let template = template(stack);
        let functions: Vec<_> = of_kind(&template, "AWS::Lambda::Function").collect();
        let roles: BTreeSet<&str> = functions
            .iter()
            .map(|(_, function)| resource(&function["Role"]))
            .collect();
        assert_eq!(roles.len(), functions.len(), "{stack}");
    }
}

/// The stack of the queue that everything undelivered goes to.
const UNDELIVERED: &str =
    "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Stage}-undelivered";

#[test]
fn whatever_nobody_waits_for_is_tried_again_and_then_kept() {
    for stack in context_names() {
        let template = template(stack);
        let kept: BTreeMap<&str, &Value> = of_kind(&template, "AWS::Lambda::EventInvokeConfig")
            .map(|(_, config)| (resource(&config["FunctionName"]), config))
            .collect();
        for (name, rule) in of_kind(&template, "AWS::Events::Rule") {
            let target = &rule["Targets"][0];
            let config = kept[resource(&target["Arn"])];
            assert_eq!(config["MaximumRetryAttempts"], LAMBDA_RETRIES, "{name}");
            let queue = &config["DestinationConfig"]["OnFailure"]["Destination"];
            assert_eq!(named(queue), UNDELIVERED, "{name}");
            // A schedule's next tick does what a lost one did not; an event comes once.
            if rule.get("EventPattern").is_some() {
                let retries = target["RetryPolicy"]["MaximumRetryAttempts"].as_u64();
                assert!(retries.unwrap_or(0) >= LEAST_RETRIES, "{name}");
                assert_eq!(
                    named(&target["DeadLetterConfig"]["Arn"]),
                    UNDELIVERED,
                    "{name}"
                );
            }
        }
        for (name, mapping) in of_kind(&template, "AWS::Lambda::EventSourceMapping") {
            let retries = mapping["MaximumRetryAttempts"].as_u64().unwrap();
            assert!(retries >= LEAST_RETRIES, "{name}");
            let answers = &mapping["FunctionResponseTypes"][0];
            assert_eq!(*answers, "ReportBatchItemFailures", "{name}");
            let queue = &mapping["DestinationConfig"]["OnFailure"]["Destination"];
            assert_eq!(named(queue), UNDELIVERED, "{name}");
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
        // Records for the zone are for people.
        let asked =
            parameters.contains_key(name) || name.as_str().unwrap().starts_with("DkimRecord");
        assert!(asked, "nobody asks for {name:?}");
    }
    for (name, parameter) in parameters {
        let given = parameter.get("Default").is_some()
            || outputs.contains_key(name)
            // Kept by `infra/deploy/origin`.
            || name.as_str() == Some("OriginProofs");
        assert!(given, "nobody gives {name:?}");
    }
}

#[test]
fn every_stack_inside_is_given_what_it_asks_for() {
    let running = template("template");
    let mut stacks = BTreeMap::new();
    for (id, stack) in of_kind(&running, "AWS::CloudFormation::Stack") {
        let file = stack["TemplateURL"].as_str().unwrap();
        let name = file.rsplit('/').next().unwrap().split('.').next().unwrap();
        let given = names_in(&stack["Parameters"]);
        let inside = template(name);
        let asked = names_in(&inside["Parameters"]);
        assert_eq!(given, asked, "{id}");
        stacks.insert(name.to_owned(), id);
    }
    let mut wanted: BTreeSet<&str> = context_names().into_iter().collect();
    wanted.insert("api");
    let named: BTreeSet<&str> = stacks.keys().map(String::as_str).collect();
    assert_eq!(named, wanted);
    // A route that leads nowhere answers 500: routes come last.
    let after: BTreeSet<&str> = running["Resources"]["Apis"]["DependsOn"]
        .as_sequence()
        .unwrap()
        .iter()
        .map(named_text)
        .collect();
    stacks.remove("api");
    assert_eq!(after, stacks.into_values().collect());
}

fn names_in(mapping: &Value) -> BTreeSet<&str> {
    mapping
        .as_mapping()
        .unwrap()
        .keys()
        .map(named_text)
        .collect()
}

fn named_text(value: &Value) -> &str {
    value.as_str().unwrap()
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
    let origins = distribution["Origins"].as_sequence().unwrap();
    for (door, origin) in [(Door::Public, "functions"), (Door::Operator, "operator")] {
        let host = origins.iter().find(|it| it["Id"] == origin).unwrap();
        let host = named(&host["DomainName"]);
        let api = format!("${{Apis.Outputs.{}}}.execute-api.", door.name());
        assert!(host.starts_with(&api), "{host}");
    }
    for function in directory::functions() {
        for (method, path) in function.routes() {
            let behaviour = behaviours.iter().find(|behaviour| {
                let pattern = behaviour["PathPattern"].as_str().unwrap();
                matches(pattern, &path)
            });
            let name = function.name;
            let behaviour = behaviour
                .unwrap_or_else(|| panic!("{name}: {path} would be sought in the site's bucket"));
            let origin = match Door::of(&path) {
                Door::Public => "functions",
                Door::Operator => "operator",
            };
            assert_eq!(behaviour["TargetOriginId"], origin, "{name}");
            let methods = &behaviour["AllowedMethods"];
            let allowed = match methods.as_sequence() {
                Some(methods) => method == "ANY" || methods.contains(&method.into()),
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
fn functions_are_given_the_variables_that_the_code_reads_and_no_others() {
    let mut given: BTreeSet<String> = BTreeSet::new();
    let mut take = |variables: Option<&Mapping>| {
        let names = variables.into_iter().flatten().map(|(name, _)| name);
        given.extend(names.map(|name| name.as_str().unwrap().to_owned()));
    };
    for stack in context_names() {
        let template = template(stack);
        for (_, function) in of_kind(&template, "AWS::Lambda::Function") {
            take(function["Environment"]["Variables"].as_mapping());
        }
    }
    // A secret is a JSON object of variables; those that nothing generates are put in by hand.
    let data = template("data");
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

    let mut read = BTreeSet::new();
    for folder in ["functions", "shared/adapters", "shared/http"] {
        collect(&root().join(folder), &mut read);
    }
    // A function asks for its secrets by type.
    let by_type = [
        SessionSecret::NAMED_BY,
        LinkSecret::NAMED_BY,
        StripeSecret::NAMED_BY,
    ];
    read.extend(by_type.map(str::to_owned));
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
