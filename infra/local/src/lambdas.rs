//! The functions, called as Lambda calls them: a time limit, a crash that stays inside the call,
//! and a caller who may go away without stopping the work.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Notify;

use crate::declared::Declared;
use crate::{Functions, Invoke, LocalError};

pub(crate) struct Lambdas {
    functions: BTreeMap<String, (Invoke, Duration)>,
    /// Calls since the start: two equal readings mean nothing happened in between.
    calls: AtomicU64,
    /// How many of them were told already.
    told: AtomicU64,
    in_progress: AtomicUsize,
    /// A call that may have written something has ended: the outbox should be looked at.
    pub(crate) wrote: Notify,
}

impl Lambdas {
    /// Pairs the declared functions with those that can be called.
    pub(crate) fn new(declared: &[Declared], mut given: Functions) -> Result<Self, LocalError> {
        let mut functions = BTreeMap::new();
        let mut missing = Vec::new();
        for function in declared {
            match given.remove(&function.name) {
                Some(invoke) => {
                    functions.insert(function.name.clone(), (invoke, function.timeout));
                }
                None => missing.push(function.name.clone()),
            }
        }
        if !missing.is_empty() {
            return Err(LocalError::MissingFunctions(missing.join(", ")));
        }
        if !given.is_empty() {
            let unknown = given.into_keys().collect::<Vec<_>>().join(", ");
            return Err(LocalError::UnknownFunctions(unknown));
        }
        Ok(Self {
            functions,
            calls: AtomicU64::new(0),
            told: AtomicU64::new(0),
            in_progress: AtomicUsize::new(0),
            wrote: Notify::new(),
        })
    }

    /// Calls one function with the payload AWS would give it.
    ///
    /// # Errors
    /// A sentence for the log: the function's own error, its crash, or the time it took.
    pub(crate) async fn call(&self, name: &str, payload: Value) -> Result<Value, String> {
        let Some((invoke, timeout)) = self.functions.get(name) else {
            return Err(format!("no function named {name}"));
        };
        let counted = Counted::new(self);
        // Reading requests are most of the load and write nothing worth hurrying for.
        let method = payload.pointer("/requestContext/http/method");
        let reads = method.is_some_and(|method| method == "GET" || method == "HEAD");
        // A task of its own: a panic ends the call and not the connection, and a browser that
        // leaves does not stop a function half way, just as on AWS.
        let mut call = tokio::spawn(adapters::deadline::within(*timeout, invoke(payload)));
        let answer = match tokio::time::timeout(*timeout, &mut call).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(crash)) => Err(format!("the function crashed: {crash}")),
            Err(_) => {
                call.abort();
                Err(format!("timed out after {} s", timeout.as_secs()))
            }
        };
        drop(counted);
        if !reads {
            self.wrote.notify_one();
        }
        answer
    }

    /// How many calls began since this was asked last.
    pub(crate) fn calls_since_asked(&self) -> u64 {
        let calls = self.calls.load(Ordering::Acquire);
        calls - self.told.swap(calls, Ordering::AcqRel)
    }

    pub(crate) fn activity(&self) -> Activity {
        Activity {
            calls: self.calls.load(Ordering::Acquire),
            in_progress: self.in_progress.load(Ordering::Acquire) > 0,
        }
    }
}

/// How many calls were made so far, and whether one is under way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Activity {
    calls: u64,
    pub(crate) in_progress: bool,
}

struct Counted<'a>(&'a Lambdas);

impl<'a> Counted<'a> {
    fn new(lambdas: &'a Lambdas) -> Self {
        lambdas.in_progress.fetch_add(1, Ordering::AcqRel);
        lambdas.calls.fetch_add(1, Ordering::AcqRel);
        Self(lambdas)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.in_progress.fetch_sub(1, Ordering::AcqRel);
    }
}
