//! The stack of a context: its functions, each with a role of its own and what wakes it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use adapters::store::Table;
use directory::Context;
use http_function::{Function, Kind, Limits};
use serde_json::{Value, json};

use crate::logical;
use crate::policies::{Policy, named, reached, statement};
use crate::variables::{parameters, variables};

/// How often a bus tries to hand an event over, in a day at most.
const DELIVERIES: &str = "{MaximumRetryAttempts: 20, MaximumEventAgeInSeconds: 86400}";

fn arn(service: &str, rest: &str) -> String {
    format!(
        "!Sub \"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{rest}\""
    )
}

fn undelivered() -> String {
    arn("sqs", "${Stage}-undelivered")
}

/// The template of a context, with the policy of each of its functions.
pub fn context(context: &Context, policy: impl Fn(&str) -> Policy) -> String {
    let name = context.name;
    let mut needed = BTreeSet::from(["Stage"]);
    let mut resources = String::new();
    for function in &context.functions {
        let policy = policy(function.name);
        needed.extend(parameters(function));
        for (_, resource) in &policy {
            let asked = [
                "MailDomain",
                "DocumentsBucket",
                "InvoicesBucket",
                "SiteBucket",
            ];
            let named = |parameter: &&str| resource.contains(&format!("${{{parameter}}}"));
            needed.extend(asked.into_iter().filter(named));
        }
        match function.kind {
            Kind::Chore(_) => {
                needed.insert("Schedules");
            }
            Kind::Feed(_) => {
                needed.insert("OutboxStream");
            }
            Kind::Http(_) | Kind::Listener(_) | Kind::Observer { .. } | Kind::Pages(_) => {}
        }
        resources.push_str(&lambda(name, function));
        resources.push_str(&role(name, function, &policy));
        resources.push_str(&woken_by(function));
    }
    let mut text = format!(
        "# Written by `make docs`, from functions/{name}/src/lib.rs and from what the binaries can reach.\n\
         AWSTemplateFormatVersion: \"2010-09-09\"\n\
         Description: MonAgentDeSecu, {name}\n\nParameters:\n"
    );
    for parameter in needed {
        // What only CloudFront and the functions know.
        let hidden = if parameter == "OriginProofs" {
            ", NoEcho: true"
        } else {
            ""
        };
        let _infallible = writeln!(text, "  {parameter}: {{Type: String{hidden}}}");
    }
    text.push_str("\nResources:\n");
    text.push_str(resources.trim_end());
    text.push('\n');
    text
}

/// How many resources a function is.
pub fn resources(function: &Function) -> usize {
    // Itself, its role; a rule, the permission to call, what becomes of failures; or a mapping.
    match function.kind {
        Kind::Http(_) | Kind::Pages(_) => 2,
        Kind::Listener(_) | Kind::Observer { .. } | Kind::Chore(_) => 5,
        Kind::Feed(_) => 3,
    }
}

fn lambda(context: &str, function: &Function) -> String {
    let Function { name, summary, .. } = function;
    let Limits {
        memory,
        timeout,
        at_once,
        ..
    } = function.limits;
    let id = logical(name);
    let summary = json!(summary);
    let mut text = format!(
        r#"  {id}:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub "${{Stage}}-{name}"
      Description: {summary}
      Code: ../../target/lambda/{name}.zip
      Handler: bootstrap
      Runtime: provided.al2023
      Architectures: [arm64]
      MemorySize: {memory}
      Timeout: {timeout}
"#
    );
    if let Some(at_once) = at_once {
        let _infallible = writeln!(text, "      ReservedConcurrentExecutions: {at_once}");
    }
    let _infallible = write!(
        text,
        "      Role: !GetAtt {id}Role.Arn\n      LoggingConfig: {{LogFormat: JSON, LogGroup: !Sub \"/${{Stage}}/{context}\"}}\n      Environment:\n        Variables:\n"
    );
    for (variable, value) in variables(function) {
        let _infallible = writeln!(text, "          {variable}: {value}");
    }
    text.push('\n');
    text
}

fn role(context: &str, function: &Function, policy: &Policy) -> String {
    let name = function.name;
    let id = logical(name);
    let group = arn("logs", &format!("log-group:/${{Stage}}/{context}:*"));
    let mut statements = statement(&["logs:CreateLogStream", "logs:PutLogEvents"], &[&group]);
    if let Kind::Feed(stream) = function.kind {
        let stream = arn(
            "dynamodb",
            &format!("table/${{Stage}}-{}/stream/*", stream.table.name()),
        );
        statements.push_str(&statement(
            &[
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator",
                "dynamodb:ListStreams",
            ],
            &[&stream],
        ));
    }
    if !is_asked(function) {
        statements.push_str(&statement(&["sqs:SendMessage"], &[&undelivered()]));
    }
    format!(
        r#"  {id}Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {{Effect: Allow, Action: sts:AssumeRole, Principal: {{Service: lambda.amazonaws.com}}}}
      Policies:
{}{}
"#,
        reached(policy),
        named("deployment", &statements)
    )
}

/// Whether somebody waits for its answer.
fn is_asked(function: &Function) -> bool {
    match function.kind {
        Kind::Http(_) | Kind::Pages(_) => true,
        Kind::Listener(_) | Kind::Observer { .. } | Kind::Chore(_) | Kind::Feed(_) => false,
    }
}

fn woken_by(function: &Function) -> String {
    match function.kind {
        Kind::Http(_) | Kind::Pages(_) => String::new(),
        Kind::Listener(_) | Kind::Observer { .. } => heard(function),
        Kind::Chore(every) => {
            let expression = every.expression();
            let rule =
                format!("      ScheduleExpression: {expression}\n      State: !Ref Schedules\n");
            format!("{}{}", rule_of(function, &rule, ""), kept(function))
        }
        Kind::Feed(stream) => {
            let id = logical(function.name);
            let source = match stream.table {
                Table::Outbox => "OutboxStream",
                other => panic!("{other:?} has no stream"),
            };
            let (batch, retries) = (stream.batch, stream.retries);
            let queue = undelivered();
            format!(
                r#"  {id}Stream:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref {id}
      EventSourceArn: !Ref {source}
      StartingPosition: TRIM_HORIZON
      BatchSize: {batch}
      MaximumRetryAttempts: {retries}
      FunctionResponseTypes: [ReportBatchItemFailures]
      DestinationConfig: {{OnFailure: {{Destination: {queue}}}}}

"#
            )
        }
    }
}

fn heard(function: &Function) -> String {
    let Some(rule) = function.rule("${Stage}") else {
        return String::new();
    };
    let mut text = String::new();
    if let Some(bus) = &rule.bus {
        let _infallible = writeln!(text, "      EventBusName: !Sub \"{bus}\"");
    }
    text.push_str("      EventPattern:\n");
    yaml(&rule.pattern, 8, &mut text);
    let target = format!(
        "          RetryPolicy: {DELIVERIES}\n          DeadLetterConfig: {{Arn: {}}}\n",
        undelivered()
    );
    format!("{}{}", rule_of(function, &text, &target), kept(function))
}

/// A value of a pattern on one line: a text, or what a text is compared with.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if text.contains("${") => format!("!Sub {}", json!(text)),
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, value)| format!("{}: {}", json!(name), scalar(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            value.to_string()
        }
    }
}

/// An event pattern as YAML, indented.
fn yaml(value: &Value, indent: usize, text: &mut String) {
    let margin = " ".repeat(indent);
    for (name, value) in value.as_object().into_iter().flatten() {
        let name = json!(name);
        match value {
            Value::Array(items) => {
                let _infallible = writeln!(text, "{margin}{name}:");
                for item in items {
                    let _infallible = writeln!(text, "{margin}  - {}", scalar(item));
                }
            }
            Value::Object(_) => {
                let _infallible = writeln!(text, "{margin}{name}:");
                yaml(value, indent + 2, text);
            }
            other => {
                let _infallible = writeln!(text, "{margin}{name}: {}", scalar(other));
            }
        }
    }
}

/// The rule, and that it may call the function.
fn rule_of(function: &Function, rule: &str, target: &str) -> String {
    let name = function.name;
    let id = logical(name);
    format!(
        r#"  {id}Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: !Sub "${{Stage}}-{name}"
{rule}      Targets:
        - Id: function
          Arn: !GetAtt {id}.Arn
{target}
  {id}Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref {id}
      Principal: events.amazonaws.com
      SourceArn: !GetAtt {id}Rule.Arn

"#
    )
}

/// A call that keeps failing is kept, not dropped.
fn kept(function: &Function) -> String {
    let id = logical(function.name);
    let retries = function.limits.retries;
    let queue = undelivered();
    format!(
        r#"  {id}Failures:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref {id}
      Qualifier: $LATEST
      MaximumRetryAttempts: {retries}
      DestinationConfig: {{OnFailure: {{Destination: {queue}}}}}

"#
    )
}
