//! The functions this machine serves, by the name of their binary, with the variables that AWS
//! would give them and the endpoints of the local services.

use std::collections::BTreeMap;

use adapters::clock::Clock;
use adapters::environment::Environment;

use crate::{ACCESS_KEY, Functions, SECRET_KEY, Surroundings, access_key};

/// All of them.
#[must_use]
pub fn all(surroundings: Surroundings) -> Functions {
    let open = |function: directory::Function| {
        let environment = signing_with(&access_key(function.name), &surroundings);
        (function.name.to_owned(), function.open(&environment))
    };
    directory::functions().into_iter().map(open).collect()
}

/// What a function is told on this machine, with a key that may do anything: for what is no
/// function, such as the demonstration.
#[must_use]
pub fn environment(surroundings: &Surroundings) -> Environment {
    signing_with(ACCESS_KEY, surroundings)
}

fn signing_with(key: &str, surroundings: &Surroundings) -> Environment {
    let mut variables: BTreeMap<String, String> = surroundings.environment.clone();
    let local = [
        ("AWS_ACCESS_KEY_ID", key),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
        ("AWS_REGION", "eu-west-3"),
        ("DYNAMODB_ENDPOINT", &surroundings.dynamodb_endpoint),
        ("S3_ENDPOINT", &surroundings.s3_endpoint),
        ("SES_ENDPOINT", &surroundings.aws_endpoint),
        ("EVENTBRIDGE_ENDPOINT", &surroundings.aws_endpoint),
        ("SQS_ENDPOINT", &surroundings.aws_endpoint),
        ("LAMBDA_ENDPOINT", &surroundings.aws_endpoint),
        ("STRIPE_ENDPOINT", &surroundings.stripe_base),
        ("PUBLIC_URL", &surroundings.public_url),
    ];
    variables.extend(local.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let clock = surroundings.clock.clone();
    Environment::given(variables, Clock::reading(move || clock.now()))
}
