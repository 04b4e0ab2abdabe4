//! The whole product on one machine, in one process, from the same templates and the same
//! handlers as on AWS: real protocols (DynamoDB, S3, SES, EventBridge, Stripe) on 127.0.0.1.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::allow_attributes,
        reason = "a test stops at the first surprise"
    )
)]

mod answers;
mod aws;
mod clock;
mod conflicts;
mod declared;
mod deliveries;
pub mod demo;
mod disk;
mod edge;
mod events;
mod front;
pub mod functions;
mod gateway;
mod ids;
mod lambdas;
mod letters;
mod levers;
mod mail;
mod meter;
mod outbox;
mod pattern;
mod permissions;
mod platform;
mod queues;
mod s3;
mod scanner;
mod schedules;
mod site;
mod stripe;
mod tables;
mod template;
mod world;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use futures::future::BoxFuture;

pub use clock::{ClockRefused, MovedClock};
pub use declared::{Declared, Rule, Stream};
pub use meter::Spent;
pub use permissions::access_key;
pub use platform::{LocalError, Platform, start};
pub use s3::{ACCESS_KEY, SECRET_KEY};
pub use tables::TableError;
pub use template::TemplateError;
pub use world::LeverError;

/// One Lambda in process: takes the event AWS would give, returns what Lambda would return.
pub type Invoke = Arc<
    dyn Fn(serde_json::Value) -> BoxFuture<'static, Result<serde_json::Value, String>>
        + Send
        + Sync,
>;

/// The functions by name, e.g. `accept-booking`.
pub type Functions = BTreeMap<String, Invoke>;

/// What `POST /local/demo` runs; its answer is shown as JSON.
pub type Demo = Arc<
    dyn Fn(Surroundings) -> BoxFuture<'static, Result<serde_json::Value, String>> + Send + Sync,
>;

/// What surrounds the functions: where the services answer, and what the templates give them.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// DynamoDB, as `http://127.0.0.1:port`.
    pub dynamodb_endpoint: String,
    /// SES v2 and EventBridge, as `http://127.0.0.1:port`.
    pub aws_endpoint: String,
    /// S3, path style: the public origin, so that presigned URLs are valid in the browser.
    pub s3_endpoint: String,
    /// Stripe's base URL, without a trailing slash or `/v1`.
    pub stripe_base: String,
    /// The one public origin, without a trailing slash.
    pub public_url: String,
    /// The gateway's own address, without a trailing slash: CloudFront is not before it.
    pub gateway_endpoint: String,
    /// What the templates give the functions, resolved, all together.
    pub environment: BTreeMap<String, String>,
    /// The same function by function.
    pub environments: BTreeMap<String, BTreeMap<String, String>>,
    /// The product's time.
    pub clock: MovedClock,
}

/// How to start: where to listen, where to keep things, what to serve.
#[derive(Clone)]
pub struct LocalSettings {
    /// Public port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Everything that survives a restart.
    pub data_dir: PathBuf,
    /// The templates: what is kept, then what runs.
    pub templates: Vec<PathBuf>,
    /// What runs, and what wakes it.
    pub functions: Vec<Declared>,
    /// The built site; need not exist.
    pub site: PathBuf,
    /// The template's parameters, as given at a deployment: those without a default, or another
    /// value than the default. `Stage` is `local` unless it is here.
    pub parameters: BTreeMap<String, String>,
    /// Environment variables that replace the template's, which are then not even resolved: what
    /// only exists once deployed (a distribution's domain, a secret).
    pub environment: BTreeMap<String, String>,
    /// The secret with which Stripe's webhooks are signed.
    pub stripe_webhook_secret: String,
    /// The secret key Stripe's API asks for.
    pub stripe_secret_key: String,
    /// What `POST /local/demo` runs.
    pub demo: Option<Demo>,
    /// What a machine begins with: runs at every start and after every reset, so twice must be the
    /// same as once.
    pub beginning: Option<Demo>,
}

// Secrets of a machine that only answers to itself. They are no secrets anywhere else.
const SESSION_SECRET: &str = "only-for-this-machine-0123456789abcdef";
const ORIGIN_PROOFS: &str = "only-from-the-edge-of-this-machine,the-one-before";
const LINK_SECRET: &str = "only-for-this-machine-abcdef0123456789";
const STRIPE_SECRET_KEY: &str = "sk_test_local";
const STRIPE_WEBHOOK_SECRET: &str = "whsec_local";

/// The settings of the marketplace whose sources are in `root`.
#[must_use]
pub fn settings(port: u16, data_dir: PathBuf, root: &std::path::Path) -> LocalSettings {
    let parameters = [("OriginProofs", ORIGIN_PROOFS)];
    let contexts = directory::contexts().into_iter();
    // What the stage's secrets hold on AWS; there are none to open here.
    let secrets = [
        ("SESSION_SECRET_ID", ""),
        ("LINK_SECRET_ID", ""),
        ("STRIPE_SECRET_ID", ""),
        ("SESSION_SECRETS", SESSION_SECRET),
        ("LINK_SECRETS", LINK_SECRET),
        ("STRIPE_SECRET_KEY", STRIPE_SECRET_KEY),
        ("STRIPE_WEBHOOK_SECRETS", STRIPE_WEBHOOK_SECRET),
    ];
    LocalSettings {
        port,
        data_dir,
        templates: ["infra/data.yaml", "infra/template.yaml"]
            .map(str::to_owned)
            .into_iter()
            .chain(contexts.map(|context| format!("infra/contexts/{}.yaml", context.name)))
            .map(|path| root.join(path))
            .collect(),
        functions: directory::functions().iter().map(Declared::of).collect(),
        site: root.join("frontend/build"),
        parameters: parameters
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        environment: secrets
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        stripe_webhook_secret: STRIPE_WEBHOOK_SECRET.to_owned(),
        stripe_secret_key: STRIPE_SECRET_KEY.to_owned(),
        demo: Some(demo::loader()),
        beginning: Some(demo::operator()),
    }
}
