//! Which variables a function is given: it is opened, and what it asks for is noted.

use std::collections::{BTreeMap, BTreeSet};

use adapters::clock::Clock;
use adapters::environment::Environment;
use domain::invoice::Platform;
use http_function::Function;

/// What the stage's secret holds: read by the function itself when it starts.
const SECRETS: [&str; 3] = [
    "SESSION_SECRET",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRETS",
];

/// What a variable is in the templates: a value, and the parameters that it is made of.
fn value(variable: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match variable {
        "PUBLIC_URL" => ("!Ref PublicUrl", Some("PublicUrl")),
        "MAIL_SENDER" => ("!Ref MailSender", Some("MailSender")),
        "OPERATOR_EMAIL" => ("!Ref OperatorEmail", Some("OperatorEmail")),
        "ORIGIN_PROOFS" => ("!Ref OriginProofs", Some("OriginProofs")),
        "PLATFORM_IDENTITY" => ("!Ref PlatformIdentity", Some("PlatformIdentity")),
        "SECRETS" => ("!Ref Secrets", Some("Secrets")),
        "DOCUMENTS_BUCKET" => ("!Ref DocumentsBucket", Some("DocumentsBucket")),
        "INVOICES_BUCKET" => ("!Ref InvoicesBucket", Some("InvoicesBucket")),
        "SITE_BUCKET" => ("!Ref SiteBucket", Some("SiteBucket")),
        "UNDELIVERED_QUEUE" => ("!Ref UndeliveredQueue", Some("UndeliveredQueue")),
        "EVENT_BUS" => ("!Sub \"${Stage}-events\"", None),
        "TABLE_PREFIX" => ("!Sub \"${Stage}-\"", None),
        _ => return None,
    })
}

/// The variables that a function is given, by name, as the templates write their values.
///
/// # Panics
/// When a function asks for something that nothing here gives.
pub fn variables(function: &Function) -> BTreeMap<String, &'static str> {
    asked(function)
        .into_iter()
        .map(|name| {
            let (value, _) = value(&name)
                .unwrap_or_else(|| panic!("{}: nothing gives it {name}", function.name));
            (name, value)
        })
        .collect()
}

/// The parameters that the variables of a function are made of.
pub fn parameters(function: &Function) -> BTreeSet<&'static str> {
    let asked = asked(function);
    asked.iter().filter_map(|name| value(name)?.1).collect()
}

fn asked(function: &Function) -> BTreeSet<String> {
    // One that is not readable stops a function at once; the others may be missing.
    let identity = serde_json::to_string(&Platform::demo()).unwrap_or_default();
    let readable = BTreeMap::from([("PLATFORM_IDENTITY".to_owned(), identity)]);
    let environment = Environment::given(readable, Clock::system());
    // Only to hear what it asks for: it is never called.
    drop(function.open(&environment));
    let mut asked = BTreeSet::new();
    for name in environment.asked() {
        if SECRETS.contains(&name.as_str()) {
            asked.insert("SECRETS".to_owned());
        } else if !name.starts_with("AWS_") && !name.ends_with("_ENDPOINT") {
            // The others are Lambda's own, and what stands for AWS and Stripe on one machine.
            asked.insert(name);
        }
    }
    asked
}
