//! What a deployment rests on: data that is not lost, files that do not travel in the open, what CloudFront
//! keeps and compresses, names and alarms that somebody hears of.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use http_function::Operation;
use journeys::{root, template, template_text};
use pages::{ShowProfessional, ShowSitemap, ShowTerms};
use serde_yaml_ng::Value;

/// AWS's own cache policy that keeps and compresses nothing.
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// A year, what browsers ask for before they believe a site for good.
const YEAR_SECONDS: u64 = 31_536_000;

fn of_kind<'a>(
    template: &'a Value,
    kind: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Value)> + 'a {
    let all = template["Resources"].as_mapping().unwrap().iter();
    all.filter(move |(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| (name.as_str().unwrap(), &resource["Properties"]))
}

/// What a tagged value such as `!Ref Api` names; a plain text is itself.
fn named(value: &Value) -> &str {
    match value {
        Value::Tagged(tagged) => tagged.value.as_str().unwrap_or_default(),
        plain => plain.as_str().unwrap_or_default(),
    }
}

fn policy<'a>(template: &'a Value, name: &str, config: &str) -> &'a Value {
    &template["Resources"][name]["Properties"][config]
}

/// The behaviours of the distribution that lead to functions, by their paths.
fn behaviours(template: &Value) -> Vec<(&str, &Value)> {
    let distribution = &template["Resources"]["Distribution"]["Properties"]["DistributionConfig"];
    let behaviours = distribution["CacheBehaviors"].as_sequence().unwrap();
    behaviours
        .iter()
        .filter(|behaviour| behaviour["TargetOriginId"] != "site")
        .map(|behaviour| (behaviour["PathPattern"].as_str().unwrap(), behaviour))
        .collect()
}

fn is_of_api(path: &str) -> bool {
    path.starts_with("/api")
}

fn is_of_operator(path: &str) -> bool {
    path.starts_with("/admin")
}

#[test]
fn buckets_are_named_by_account_and_take_no_plain_http() {
    let (data, running) = (template("data"), template("template"));
    let policies: Vec<&Value> = [&data, &running]
        .into_iter()
        .flat_map(|stack| of_kind(stack, "AWS::S3::BucketPolicy"))
        .map(|(_, policy)| policy)
        .collect();
    let mut buckets = 0;
    for (name, bucket) in of_kind(&data, "AWS::S3::Bucket") {
        buckets += 1;
        // Names of buckets are everybody's: another account may have the short one.
        assert!(
            named(&bucket["BucketName"]).ends_with("-${AWS::AccountId}"),
            "{name}"
        );
        let encryption = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
        if encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms" {
            assert_eq!(encryption["BucketKeyEnabled"], true, "{name}");
        }
        let statements = policies
            .iter()
            .find(|policy| named(&policy["Bucket"]) == name)
            .unwrap_or_else(|| panic!("{name} has no policy"))["PolicyDocument"]["Statement"]
            .as_sequence()
            .unwrap();
        let refuses = statements.iter().any(|statement| {
            statement["Effect"] == "Deny"
                && statement["Principal"] == "*"
                && statement["Action"] == "s3:*"
                && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
                && statement["Resource"].as_sequence().unwrap().len() == 2
        });
        assert!(refuses, "{name} is read over plain HTTP");
    }
    assert_eq!(buckets, 3);
}

#[test]
fn tables_are_encrypted_with_a_key_that_costs_nothing() {
    for (name, table) in of_kind(&template("data"), "AWS::DynamoDB::Table") {
        assert!(
            table.get("SSESpecification").is_none(),
            "{name}: docs/decisions/0031-encryption.md"
        );
    }
}

#[test]
fn invoices_are_locked_for_ten_years_in_production_alone() {
    let data = template("data");
    let condition = &data["Conditions"]["LocksInvoices"];
    let Value::Tagged(condition) = condition else {
        panic!("{condition:?}");
    };
    assert_eq!(condition.tag, "Equals");
    assert_eq!(condition.value[1], "prod");
    let bucket = &data["Resources"]["InvoicesBucket"]["Properties"];
    for property in ["ObjectLockEnabled", "ObjectLockConfiguration"] {
        let Value::Tagged(chosen) = &bucket[property] else {
            panic!("{property} is the same everywhere");
        };
        assert_eq!(chosen.tag, "If");
        assert_eq!(chosen.value[0], "LocksInvoices");
        assert_eq!(named(&chosen.value[2]), "AWS::NoValue");
    }
    let Value::Tagged(chosen) = &bucket["ObjectLockConfiguration"] else {
        unreachable!("seen above");
    };
    let retention = &chosen.value[1]["Rule"]["DefaultRetention"];
    assert_eq!(retention["Mode"], "COMPLIANCE");
    assert_eq!(retention["Years"], 10);
}

#[test]
fn answers_of_the_api_are_compressed_and_never_kept() {
    let template = template("template");
    let mut seen = 0;
    for (path, behaviour) in behaviours(&template) {
        if !is_of_api(path) {
            continue;
        }
        seen += 1;
        assert_eq!(behaviour["Compress"], true, "{path}");
        let cache = policy(
            &template,
            named(&behaviour["CachePolicyId"]),
            "CachePolicyConfig",
        );
        // CloudFront compresses what a policy might keep, and keeps nothing that says no-store as long as the
        // least time is none.
        assert_eq!(cache["MinTTL"], 0, "{path}");
        assert_eq!(cache["DefaultTTL"], 0, "{path}");
        assert_eq!(cache["MaxTTL"], 1, "{path}");
        let key = &cache["ParametersInCacheKeyAndForwardedToOrigin"];
        assert_eq!(key["EnableAcceptEncodingGzip"], true, "{path}");
        assert_eq!(key["EnableAcceptEncodingBrotli"], true, "{path}");
        // Should an answer ever be kept, it is never another session's, nor another question's.
        assert_eq!(key["CookiesConfig"]["CookieBehavior"], "all", "{path}");
        assert_eq!(
            key["QueryStringsConfig"]["QueryStringBehavior"], "all",
            "{path}"
        );
    }
    assert!(seen > 0);
}

#[test]
fn only_pages_for_everybody_may_be_kept() {
    let mut keeping = BTreeSet::new();
    for context in std::fs::read_dir(root().join("functions")).unwrap() {
        let folder = context.unwrap().path();
        let Ok(files) = std::fs::read_dir(folder.join("src")) else {
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            if path.is_file()
                && std::fs::read_to_string(&path)
                    .unwrap()
                    .contains(".kept_for(")
            {
                keeping.insert(folder.file_name().unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(keeping, BTreeSet::from(["pages".to_owned()]));
    let template = template("template");
    for (path, behaviour) in behaviours(&template) {
        let cache = named(&behaviour["CachePolicyId"]);
        if cache == "PagesCache" {
            assert!(
                !is_of_api(path) && !is_of_operator(path) && !path.starts_with("/webhooks"),
                "{path}"
            );
        } else if !is_of_api(path) {
            assert_eq!(cache, CACHING_DISABLED, "{path}");
        }
    }
}

/// Where a page is, and what it reads of the query.
fn reads<Page: Operation>() -> (&'static str, BTreeSet<String>) {
    let schema = schemars::schema_for!(Page::Input).to_value();
    let names = schema["properties"].as_object().into_iter().flatten();
    (Page::PATH, names.map(|(name, _)| name.clone()).collect())
}

#[test]
fn pages_are_kept_by_what_they_read_of_the_query_and_nothing_else() {
    let template = template("template");
    let pages = [
        reads::<ShowProfessional>(),
        reads::<ShowTerms>(),
        reads::<ShowSitemap>(),
    ];
    let mut behaviours_of_pages = 0;
    for (path, behaviour) in behaviours(&template) {
        if named(&behaviour["CachePolicyId"]) == "PagesCache" {
            behaviours_of_pages += 1;
            let beginning = path.trim_end_matches('*');
            assert!(
                pages.iter().any(|(page, _)| page.starts_with(beginning)),
                "{path}: say here what is read of its query"
            );
        }
    }
    assert_eq!(behaviours_of_pages, pages.len());
    let query = &policy(&template, "PagesCache", "CachePolicyConfig")["ParametersInCacheKeyAndForwardedToOrigin"]
        ["QueryStringsConfig"];
    assert_eq!(query["QueryStringBehavior"], "whitelist");
    let kept: BTreeSet<String> = query["QueryStrings"]
        .as_sequence()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    let read: BTreeSet<String> = pages.into_iter().flat_map(|(_, names)| names).collect();
    assert_eq!(kept, read);
    assert!(!read.is_empty());
}

/// The statuses that CloudFront keeps by itself
/// (<https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html>).
const KEPT_ERRORS: [u64; 11] = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

#[test]
fn refusals_and_failures_are_not_kept_either() {
    let template = template("template");
    let distribution = &template["Resources"]["Distribution"]["Properties"]["DistributionConfig"];
    let told: BTreeSet<u64> = distribution["CustomErrorResponses"]
        .as_sequence()
        .unwrap()
        .iter()
        .map(|error| {
            assert_eq!(error["ErrorCachingMinTTL"], 0, "{error:?}");
            // Another page in its place would also be the API's.
            assert!(error.get("ResponsePagePath").is_none(), "{error:?}");
            error["ErrorCode"].as_u64().unwrap()
        })
        .collect();
    assert_eq!(told, BTreeSet::from(KEPT_ERRORS));
}

#[test]
fn whatever_a_browser_shows_or_asks_for_stays_on_https() {
    let template = template("template");
    let distribution = &template["Resources"]["Distribution"]["Properties"]["DistributionConfig"];
    let site = ("the site", &distribution["DefaultCacheBehavior"]);
    for (path, behaviour) in behaviours(&template).into_iter().chain([site]) {
        if path.starts_with("/webhooks") {
            continue;
        }
        let headers = policy(
            &template,
            named(&behaviour["ResponseHeadersPolicyId"]),
            "ResponseHeadersPolicyConfig",
        );
        let transport = &headers["SecurityHeadersConfig"]["StrictTransportSecurity"];
        assert_eq!(transport["AccessControlMaxAgeSec"], YEAR_SECONDS, "{path}");
        assert_eq!(transport["IncludeSubdomains"], true, "{path}");
        assert_eq!(transport["Override"], true, "{path}");
        assert_ne!(behaviour["ViewerProtocolPolicy"], "allow-all", "{path}");
    }
}

#[test]
fn a_missing_file_of_the_site_is_not_found_and_not_forbidden() {
    let template = template("template");
    let statements =
        template["Resources"]["SiteBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
            .as_sequence()
            .unwrap();
    let lists = statements
        .iter()
        .find(|statement| statement["Action"] == "s3:ListBucket")
        .unwrap();
    assert_eq!(lists["Principal"]["Service"], "cloudfront.amazonaws.com");
    assert!(
        !named(&lists["Resource"]).ends_with("/*"),
        "of the bucket itself"
    );
    assert!(
        lists["Condition"]["StringEquals"]
            .get("AWS:SourceArn")
            .is_some()
    );
}

#[test]
fn www_has_its_alias_its_certificate_and_a_function_on_every_page() {
    let running = template("template");
    let distribution = &running["Resources"]["Distribution"]["Properties"]["DistributionConfig"];
    let Value::Tagged(aliases) = &distribution["Aliases"] else {
        panic!("{:?}", distribution["Aliases"]);
    };
    let aliases: Vec<&str> = aliases.value[1]
        .as_sequence()
        .unwrap()
        .iter()
        .map(named)
        .collect();
    assert_eq!(aliases, ["DomainName", "www.${DomainName}"]);
    let certificate = &template("edge")["Resources"]["Certificate"]["Properties"];
    assert_eq!(
        named(&certificate["SubjectAlternativeNames"][0]),
        "www.${DomainName}"
    );
    assert_eq!(
        certificate["DomainValidationOptions"]
            .as_sequence()
            .unwrap()
            .len(),
        2
    );
    for (path, behaviour) in behaviours(&running) {
        if is_of_api(path) || path.starts_with("/webhooks") {
            continue;
        }
        let function = &behaviour["FunctionAssociations"][0];
        assert_eq!(function["EventType"], "viewer-request", "{path}");
        assert_eq!(
            named(&function["FunctionARN"]),
            "BareName.FunctionARN",
            "{path}"
        );
    }
    // The same words in both functions.
    let text = template_text("template");
    let begun = text.matches("function bare(request) {").count();
    let bodies: BTreeSet<&str> = text
        .split("function bare(request) {")
        .skip(1)
        .map(|rest| rest.split("function handler").next().unwrap())
        .collect();
    assert_eq!((begun, bodies.len()), (2, 1));
}

#[test]
fn the_stacks_say_what_has_to_be_written_elsewhere() {
    let (data, running) = (template("data"), template("template"));
    for record in ["DkimRecord1", "DkimRecord2", "DkimRecord3"] {
        assert!(named(&data["Outputs"][record]["Value"]).contains("MailIdentity.DkimDNSTokenName"));
    }
    assert_eq!(named(&data["Outputs"]["Alarms"]["Value"]), "Alarms");
    assert_eq!(
        named(&running["Outputs"]["SiteName"]["Value"]),
        "Distribution.DomainName"
    );
    // Before anything runs somebody must have confirmed: the topic is of the stack that is deployed first.
    let subscription = &data["Resources"]["Alarms"]["Properties"]["Subscription"][0];
    assert_eq!(named(&subscription["Endpoint"]), "OperatorEmail");
}

/// Every template that may have functions in it.
fn templates_with_functions() -> Vec<Value> {
    let contexts = std::fs::read_dir(root().join("infra/contexts"));
    let written = contexts.into_iter().flatten().map(|file| {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        serde_yaml_ng::from_str(&text).unwrap()
    });
    written.chain([template("template")]).collect()
}

#[test]
fn nothing_runs_by_itself_before_it_may() {
    let mut schedules = 0;
    for stack in templates_with_functions() {
        let events = of_kind(&stack, "AWS::Serverless::Function")
            .flat_map(|(_, function)| function["Events"].as_mapping().into_iter().flatten())
            .map(|(_, event)| (&event["Properties"], "Schedule"));
        let rules =
            of_kind(&stack, "AWS::Events::Rule").map(|(_, rule)| (rule, "ScheduleExpression"));
        for (properties, expression) in events.chain(rules) {
            if properties.get(expression).is_none() {
                continue;
            }
            schedules += 1;
            assert_eq!(named(&properties["State"]), "Schedules", "{properties:?}");
        }
    }
    assert!(schedules > 0);
    // Its silence is an alarm only where it is to run.
    let running = template("template");
    let alarm = &running["Resources"]["SweepStoppedAlarm"]["Properties"];
    let Value::Tagged(enabled) = &alarm["ActionsEnabled"] else {
        panic!("the alarm rings before anything runs");
    };
    assert_eq!(enabled.value[0], "SchedulesRun");
}
