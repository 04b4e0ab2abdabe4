//! What the code says of its functions, as CloudFormation takes it: a stack for each context
//! (`infra/contexts/*.yaml`) and one for the two HTTP APIs (`infra/api.json`). `make docs` writes them,
//! tests compare, and nothing in them is changed by hand.

mod api;
mod context;
mod policies;
mod variables;

pub use api::{Door, api};
pub use context::{context, resources};
pub use policies::{ACTIONS, Policies, Policy, written_policies};
pub use variables::{parameters, variables};

/// What CloudFormation takes in one stack is 500; this leaves room for the next release.
pub const MOST_RESOURCES: usize = 300;
/// An HTTP API takes 300 integrations and no more (a quota that cannot be raised).
pub const MOST_INTEGRATIONS: usize = 250;
/// CloudFormation reads a template of 1 MB from S3.
pub const MOST_BYTES: usize = 900_000;

/// `accept-booking` as a logical name: `AcceptBooking`.
pub fn logical(name: &str) -> String {
    name.split('-')
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        })
        .collect()
}
