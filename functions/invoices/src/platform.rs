//! Who the platform is, for the invoices that it writes.

use adapters::environment::{Environment, Outside};
use domain::invoice::Platform;

/// The operator's identity: `PLATFORM_IDENTITY`, in JSON, as `domain::invoice::Platform` reads it.
#[derive(Clone, Debug)]
pub struct PlatformIdentity(pub(crate) Platform);

impl Outside for PlatformIdentity {
    #[expect(
        clippy::panic,
        reason = "a function without an identity must not start: it would print wrong invoices"
    )]
    fn open(environment: &Environment) -> Self {
        let written = environment.required("PLATFORM_IDENTITY");
        match serde_json::from_str(&written) {
            Ok(platform) => Self(platform),
            Err(error) => panic!("PLATFORM_IDENTITY cannot be read: {error}"),
        }
    }
}
