//! What a function is told when it starts: variables, and the clock it reads.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, ready};
use std::sync::{Arc, Mutex};

use thiserror::Error;

use crate::clock::Clock;
use crate::vault::{Variables, VaultError};

/// The variables and the clock of one function.
#[derive(Clone, Debug)]
pub struct Environment {
    variables: Arc<BTreeMap<String, String>>,
    missing: Arc<Mutex<Vec<&'static str>>>,
    asked: Arc<Mutex<BTreeSet<String>>>,
    /// What time it is for this function.
    pub clock: Clock,
}

/// Variables that a function needs and was not given, all named at once.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("missing environment variables: {}", .0.join(", "))]
pub struct MissingVariables(pub Vec<&'static str>);

impl Environment {
    /// The process's own variables and the machine's clock.
    #[expect(clippy::disallowed_methods, reason = "settings come in here, once")]
    pub fn of_process() -> Self {
        Self::given(std::env::vars().collect(), Clock::system())
    }

    /// Variables and a clock given by hand.
    pub fn given(variables: BTreeMap<String, String>, clock: Clock) -> Self {
        Self {
            variables: Arc::new(variables),
            missing: Arc::default(),
            asked: Arc::default(),
            clock,
        }
    }

    /// The same with further variables, which win over those of the same name.
    pub fn with(mut self, variables: BTreeMap<String, String>) -> Self {
        Arc::make_mut(&mut self.variables).extend(variables);
        self
    }

    /// A variable that must be there. Absent, it reads as empty and `check` names it.
    pub fn required(&self, name: &'static str) -> String {
        match self.optional(name) {
            Some(value) => value,
            None => {
                if let Ok(mut missing) = self.missing.lock() {
                    missing.push(name);
                }
                String::new()
            }
        }
    }

    /// A variable that may be absent or empty.
    pub fn optional(&self, name: &str) -> Option<String> {
        if let Ok(mut asked) = self.asked.lock() {
            asked.insert(name.to_owned());
        }
        self.variables
            .get(name)
            .filter(|value| !value.is_empty())
            .cloned()
    }

    /// The variables that were asked for, whether they are there or not.
    pub fn asked(&self) -> BTreeSet<String> {
        let asked = self.asked.lock();
        asked.map(|asked| asked.clone()).unwrap_or_default()
    }

    /// Names every required variable that was asked for in vain.
    pub fn check(&self) -> Result<(), MissingVariables> {
        let missing = self
            .missing
            .lock()
            .map(|list| list.clone())
            .unwrap_or_default();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(MissingVariables(missing))
        }
    }
}

/// Something outside that a function may be given: opened once, when the function starts.
pub trait Outside: Clone + Send + Sync + 'static {
    /// Reads the secrets that it needs, and says what they hold. Naming the type is what lets a
    /// function read them.
    fn unlock(
        _environment: &Environment,
    ) -> impl Future<Output = Result<Variables, VaultError>> + Send {
        ready(Ok(Variables::new()))
    }
    /// Opens it with what the environment says. Must not do I/O.
    fn open(environment: &Environment) -> Self;
}

impl Outside for () {
    fn open(_: &Environment) -> Self {}
}

impl<A: Outside, B: Outside> Outside for (A, B) {
    async fn unlock(environment: &Environment) -> Result<Variables, VaultError> {
        let (one, other) = tokio::join!(A::unlock(environment), B::unlock(environment));
        let mut variables = one?;
        variables.extend(other?);
        Ok(variables)
    }
    fn open(environment: &Environment) -> Self {
        (A::open(environment), B::open(environment))
    }
}
