//! Who the platform is, for what it writes.

use domain::platform::Platform;

use crate::environment::{Environment, Outside};

/// The operator's identity: AUXILYO's. A stage that is a trial says another in `PLATFORM_IDENTITY`, in
/// JSON, as `Platform` reads it.
#[derive(Clone, Debug)]
pub struct PlatformIdentity(pub Platform);

impl Outside for PlatformIdentity {
    #[expect(
        clippy::panic,
        reason = "a function without an identity must not start: it would print wrong invoices"
    )]
    fn open(environment: &Environment) -> Self {
        let Some(written) = environment.optional("PLATFORM_IDENTITY") else {
            return Self(Platform::auxilyo().unwrap_or_else(|| panic!("AUXILYO cannot be read")));
        };
        match serde_json::from_str(&written) {
            Ok(platform) => Self(platform),
            Err(error) => panic!("PLATFORM_IDENTITY cannot be read: {error}"),
        }
    }
}
