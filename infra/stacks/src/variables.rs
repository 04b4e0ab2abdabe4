//! Which variables a function is given: it is opened, and what it asks for is noted.

use std::collections::{BTreeMap, BTreeSet};

use adapters::clock::Clock;
use adapters::environment::Environment;
use adapters::vault::{LinkSecret, Secret as _, SessionSecret, StripeSecret};
use http_function::Function;

/// What a stage's secrets hold, and the variable that names the secret: the function itself reads it
/// when it starts.
const SECRETS: [(&str, &str); 4] = [
    ("SESSION_SECRETS", SessionSecret::NAMED_BY),
    ("LINK_SECRETS", LinkSecret::NAMED_BY),
    ("STRIPE_SECRET_KEY", StripeSecret::NAMED_BY),
    ("STRIPE_WEBHOOK_SECRETS", StripeSecret::NAMED_BY),
];

/// What a variable is in the templates: a value, and the parameters that it is made of.
fn value(variable: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match variable {
        "PUBLIC_URL" => ("!Ref PublicUrl", Some("PublicUrl")),
        "MAIL_SENDER" => ("!Ref MailSender", Some("MailSender")),
        "OPERATOR_EMAIL" => ("!Ref OperatorEmail", Some("OperatorEmail")),
        "ORIGIN_PROOFS" => ("!Ref OriginProofs", Some("OriginProofs")),
        "PLATFORM_IDENTITY" => ("!Ref PlatformIdentity", Some("PlatformIdentity")),
        SessionSecret::NAMED_BY => ("!Sub \"${Stage}/monagentdesecu/session\"", None),
        LinkSecret::NAMED_BY => ("!Sub \"${Stage}/monagentdesecu/links\"", None),
        StripeSecret::NAMED_BY => ("!Sub \"${Stage}/monagentdesecu/stripe\"", None),
        "DOCUMENTS_BUCKET" => ("!Ref DocumentsBucket", Some("DocumentsBucket")),
        "INVOICES_BUCKET" => ("!Ref InvoicesBucket", Some("InvoicesBucket")),
        "SITE_BUCKET" => ("!Ref SiteBucket", Some("SiteBucket")),
        "UNDELIVERED_QUEUE" => ("!Ref UndeliveredQueue", Some("UndeliveredQueue")),
        "STAGE" => ("!Ref Stage", None),
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
    let environment = Environment::given(BTreeMap::new(), Clock::system());
    // Only to hear what it asks for: it is never called.
    drop(function.open(&environment));
    let mut asked = BTreeSet::new();
    for name in environment.asked() {
        if let Some((_, named_by)) = SECRETS.iter().find(|(held, _)| *held == name) {
            asked.insert((*named_by).to_owned());
        } else if !name.starts_with("AWS_") && !name.ends_with("_ENDPOINT") {
            // The others are Lambda's own, and what stands for AWS and Stripe on one machine.
            asked.insert(name);
        }
    }
    asked
}
