//! What a function over HTTP declares of itself, and the call it is given.

use std::collections::BTreeMap;
use std::future::Future;

use adapters::environment::Outside;
use adapters::store::{Changes, Trace};
use cookie::Cookie;
use domain::operator::Duty;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Reply};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::who::Who;

/// One action over HTTP: one route, one binary, one Lambda.
pub trait Operation: Send + Sync + 'static {
    /// What a person does: the name of the binary and of the Lambda.
    const NAME: &'static str;
    /// `GET`, `POST`, `PUT` or `DELETE`.
    const METHOD: &'static str;
    /// The route, such as `/api/bookings/{booking}/accept`.
    const PATH: &'static str;
    /// One English sentence for the API's documentation.
    const SUMMARY: &'static str;
    /// Whether it works before an attributed password is changed.
    const BEFORE_PASSWORD_CHANGE: bool = false;
    /// Whether it works before new terms are accepted: what one needs to read them, or to leave.
    const BEFORE_TERMS: bool = Self::BEFORE_PASSWORD_CHANGE;
    /// Whether it works for a professional who was suspended, or whose account is closed: what is theirs to
    /// read and to answer, and what protects their account. Nothing of their clients, and no money.
    const WHILE_BARRED: bool = false;
    /// Whether the body is taken as it came, with the `Stripe-Signature` header: input is `RawBody`.
    const RAW_BODY: bool = false;
    /// Whether its body or its answer holds a secret: an idempotency key is then not looked at, since
    /// the answer would be kept.
    const SECRET: bool = false;
    /// Whether it answers at the gateway's own address too, where CloudFront did not pass.
    const OPEN_ORIGIN: bool = false;
    /// Whether it answers 303 and a link that is good for a minute, rather than its output.
    const REDIRECTS: bool = false;
    /// Whether it may change something: only reading does not.
    const CHANGES: bool = Self::METHOD.as_bytes()[0] != b'G';
    /// What it asks of an operator: looking, where it changes nothing; where nobody said otherwise, those
    /// alone who let operators in and out.
    const DUTY: Duty = if Self::CHANGES {
        Duty::Administer
    } else {
        Duty::Read
    };
    /// What it needs beside the store.
    type Outside: Outside;
    /// Who may call it.
    type Who: Who;
    /// The parameters of the route.
    type Path: DeserializeOwned + JsonSchema + Send + Sync;
    /// The body of a `POST`, `PUT` or `DELETE`; the query of a `GET`.
    type Input: DeserializeOwned + JsonSchema + Send + Sync;
    /// The answer: JSON, or a page.
    type Output: Answer;

    /// Reads, decides, and says what changes. It may run again when what it read has changed
    /// meanwhile, so it does nothing outside that is not safe twice.
    fn run(
        desk: &Desk<Self::Outside>,
        call: &Call<Self>,
    ) -> impl Future<Output = Result<Reply<Self::Output>, Problem>> + Send
    where
        Self: Sized;
}

/// A call of an operation.
pub struct Call<O: Operation> {
    /// Who calls.
    pub who: O::Who,
    /// The parameters of the route.
    pub path: O::Path,
    /// What is asked.
    pub input: O::Input,
    /// When.
    pub now: Timestamp,
    /// Who, from where, for the activity log.
    pub trace: Trace,
    /// The request's cookies.
    pub cookies: Vec<Cookie<'static>>,
    /// What a page tells beside what it shows.
    pub notice: Notice,
}

/// What a page tells beside what it shows: what was just done, or why it was not and what had been
/// typed, so that nothing is typed twice.
#[derive(Debug, Clone, Default)]
pub struct Notice {
    /// The name of the operation that was just done.
    pub done: Option<String>,
    /// Why a form was refused.
    pub refused: Option<Problem>,
    /// Where the refused form was sent.
    pub sent_to: String,
    /// What the refused form held: fields may have several values.
    pub typed: BTreeMap<String, Vec<String>>,
}

impl Notice {
    /// What had been typed into a field of the form that was refused.
    pub fn typed(&self, field: &str) -> &str {
        let values = self.typed.get(field);
        values
            .and_then(|values| values.last())
            .map_or("", String::as_str)
    }
}

impl<O: Operation> Call<O> {
    /// No change yet, by this caller.
    pub fn changes(&self) -> Changes {
        Changes::by(&self.trace, self.now)
    }
}

/// No parameter, no input, or nothing to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Nothing {}

/// Which page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageAsked {
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// A body as it came, for signatures made over its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RawBody {
    /// The body.
    pub body: String,
    /// The signature header.
    pub signature: String,
}
