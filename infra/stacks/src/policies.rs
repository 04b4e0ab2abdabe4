//! What a function's role lists: what its binary can reach (`tests/tests/permissions.rs` reads it
//! there), and what the way in which it is called asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Actions on resources, both as the templates write them: `dynamodb:GetItem`, `!Sub "arn:…"`.
pub type Policy = BTreeSet<(String, String)>;

/// The policies by function.
pub type Policies = BTreeMap<String, Policy>;

/// The actions that code can lead to, in the order in which policies list them.
pub const ACTIONS: [&str; 17] = [
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:ListBucket",
    "events:PutEvents",
    "ses:SendEmail",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "lambda:InvokeFunction",
    "secretsmanager:GetSecretValue",
];

const NAMED: &str = "        - PolicyName: ";
/// The policy that is read from the binary.
const BINARY: &str = "binary";

/// A policy of a role.
pub(crate) fn named(name: &str, statements: &str) -> String {
    format!(
        "{NAMED}{name}\n          PolicyDocument:\n            Version: \"2012-10-17\"\n            Statement:\n{statements}"
    )
}

/// One statement of a policy.
pub(crate) fn statement(actions: &[&str], resources: &[&str]) -> String {
    let list = |values: &[&str]| match values {
        [one] => format!(" {one}\n"),
        many => many.iter().fold("\n".to_owned(), |mut text, one| {
            let _infallible = writeln!(text, "                  - {one}");
            text
        }),
    };
    format!(
        "              - Effect: Allow\n                Action:{}                Resource:{}",
        list(actions),
        list(resources)
    )
}

/// What a binary can reach, as a policy of its role.
pub(crate) fn reached(policy: &Policy) -> String {
    let statements: String = ACTIONS
        .iter()
        .filter_map(|action| {
            let resources: Vec<&str> = policy
                .iter()
                .filter(|(known, _)| known == action)
                .map(|(_, resource)| resource.as_str())
                .collect();
            (!resources.is_empty()).then(|| statement(&[action], &resources))
        })
        .collect();
    named(BINARY, &statements)
}

/// The policies that a written template lists for binaries, as they are there.
pub fn written_policies(template: &str) -> Policies {
    let mut policies = Policies::new();
    let (mut function, mut action, mut reading) = (String::new(), String::new(), false);
    for line in template.lines() {
        if let Some(code) = line.strip_prefix("      Code: ") {
            let file = code.rsplit('/').next().unwrap_or_default();
            function = file.trim_end_matches(".zip").to_owned();
            reading = false;
        } else if let Some(name) = line.strip_prefix(NAMED) {
            reading = name == BINARY;
        } else if !line.starts_with("          ") {
            reading = false;
        } else if reading && let Some(named) = line.strip_prefix("                Action: ") {
            named.clone_into(&mut action);
        } else if reading
            && let Some(resource) = line
                .strip_prefix("                Resource: ")
                .or_else(|| line.strip_prefix("                  - "))
        {
            let policy = policies.entry(function.clone()).or_default();
            policy.insert((action.clone(), resource.to_owned()));
        }
    }
    policies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_policy_reads_as_it_was() {
        let of = |action: &str, resource: &str| (action.to_owned(), resource.to_owned());
        let policy = Policy::from([
            of("dynamodb:GetItem", "!Sub \"a\""),
            of("dynamodb:GetItem", "!Sub \"b\""),
            of("secretsmanager:GetSecretValue", "!Sub \"s\""),
        ]);
        let logs = statement(
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            &["!Sub \"l\""],
        );
        let text = format!(
            "      Code: ../../target/lambda/sign-in.zip\n      Policies:\n{}{}",
            reached(&policy),
            named("deployment", &logs)
        );
        assert_eq!(
            written_policies(&text),
            Policies::from([("sign-in".to_owned(), policy)])
        );
    }
}
