//! EventBridge: `PutEvents` matches the functions' rules and writes one delivery per match down
//! before it answers. What it answered for is delivered at least once, even after a `kill -9`.

use std::sync::Arc;

use axum::body::Body;
use http::{Response, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::MovedClock;
use crate::answers::json_answer;
use crate::declared::Declared;
use crate::deliveries::{Deliveries, Delivery};
use crate::ids;
use crate::mail::aws_error;
use crate::pattern::Pattern;
use crate::schedules::whole_seconds;
use crate::template::{ACCOUNT, REGION, TemplateError, bus_name};

/// What `PutEvents` takes in one call.
const MOST_ENTRIES: usize = 10;
/// The total size of a call's entries, in bytes.
const MOST_BYTES: usize = 1024 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutEvents {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    #[serde(default)]
    source: String,
    #[serde(default)]
    detail_type: String,
    #[serde(default)]
    detail: String,
    event_bus_name: Option<String>,
    /// Seconds since 1970, as the AWS JSON protocol writes times.
    time: Option<f64>,
    #[serde(default)]
    resources: Vec<String>,
}

struct Target {
    function: String,
    bus: String,
    pattern: Pattern,
}

pub(crate) struct Events {
    targets: Vec<Target>,
    buses: Vec<String>,
    deliveries: Arc<Deliveries>,
    clock: MovedClock,
}

impl Events {
    pub(crate) fn new(
        declared: &[Declared],
        buses: Vec<String>,
        deliveries: Arc<Deliveries>,
        clock: MovedClock,
    ) -> Result<Self, TemplateError> {
        let mut targets = Vec::new();
        for function in declared {
            if let Some(rule) = &function.rule {
                targets.push(Target {
                    function: function.name.clone(),
                    bus: rule.bus.clone(),
                    pattern: Pattern::parse(&rule.pattern)
                        .map_err(|why| TemplateError::new(function.name.as_str(), why))?,
                });
            }
        }
        Ok(Self {
            targets,
            buses,
            deliveries,
            clock,
        })
    }

    /// What a service of AWS tells the default bus, written down before this returns.
    pub(crate) fn tell(
        &self,
        source: &str,
        what: &str,
        detail: &Value,
    ) -> Result<(), (&'static str, String)> {
        let entry = Entry {
            source: source.to_owned(),
            detail_type: what.to_owned(),
            detail: detail.to_string(),
            event_bus_name: None,
            time: None,
            resources: Vec::new(),
        };
        let mut deliveries = Vec::new();
        self.accept(entry, &mut deliveries)?;
        let written = self.deliveries.write(&deliveries);
        written.map_err(|error| ("InternalException", error.to_string()))
    }

    /// The AWS JSON 1.1 protocol: the operation is in a header.
    pub(crate) fn serve(&self, target: &str, body: &[u8]) -> Response<Body> {
        if target != "AWSEvents.PutEvents" {
            return aws_error(
                StatusCode::BAD_REQUEST,
                "UnknownOperationException",
                &format!("{target} is not served on this machine"),
            );
        }
        let request: PutEvents = match serde_json::from_slice(body) {
            Ok(request) => request,
            Err(cause) => {
                return aws_error(
                    StatusCode::BAD_REQUEST,
                    "SerializationException",
                    &cause.to_string(),
                );
            }
        };
        if request.entries.is_empty() || request.entries.len() > MOST_ENTRIES {
            return aws_error(
                StatusCode::BAD_REQUEST,
                "ValidationException",
                "Entries must hold 1 to 10 events",
            );
        }
        let size: usize = request
            .entries
            .iter()
            .map(|it| it.source.len() + it.detail_type.len() + it.detail.len())
            .sum();
        if size > MOST_BYTES {
            return aws_error(
                StatusCode::PAYLOAD_TOO_LARGE,
                "ValidationException",
                "Total size of the entries in the request is over the limit",
            );
        }
        self.put(request)
    }

    fn put(&self, request: PutEvents) -> Response<Body> {
        let mut answers = Vec::with_capacity(request.entries.len());
        let mut deliveries = Vec::new();
        let mut failed = 0;
        for entry in request.entries {
            match self.accept(entry, &mut deliveries) {
                Ok(id) => answers.push(json!({"EventId": id})),
                Err((code, message)) => {
                    failed += 1;
                    answers.push(json!({"ErrorCode": code, "ErrorMessage": message}));
                }
            }
        }
        if let Err(error) = self.deliveries.write(&deliveries) {
            tracing::error!(%error, "could not write events down");
            return aws_error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalException",
                "disk",
            );
        }
        json_answer(
            StatusCode::OK,
            &json!({"FailedEntryCount": failed, "Entries": answers}),
        )
    }

    fn accept(
        &self,
        entry: Entry,
        deliveries: &mut Vec<Delivery>,
    ) -> Result<String, (&'static str, String)> {
        let invalid = |what: &str| ("InvalidArgument", format!("{what} is required"));
        if entry.source.is_empty() {
            return Err(invalid("Source"));
        }
        if entry.detail_type.is_empty() {
            return Err(invalid("DetailType"));
        }
        let detail: Value = serde_json::from_str(&entry.detail)
            .ok()
            .filter(Value::is_object)
            .ok_or(("MalformedDetail", "Detail is malformed.".to_owned()))?;
        let bus = entry.event_bus_name.as_deref().map_or("default", bus_name);
        if bus != "default" && !self.buses.iter().any(|name| name == bus) {
            return Err((
                "InvalidArgument",
                format!("Event bus {bus} does not exist."),
            ));
        }
        let time = entry
            .time
            .and_then(|seconds| {
                Timestamp::from_duration(jiff::SignedDuration::try_from_secs_f64(seconds).ok()?)
                    .ok()
            })
            .unwrap_or_else(|| self.clock.now());
        let id = ids::uuid();
        let event = json!({
            "version": "0",
            "id": id,
            "detail-type": entry.detail_type,
            "source": entry.source,
            "account": ACCOUNT,
            "time": whole_seconds(time),
            "region": REGION,
            "resources": entry.resources,
            "detail": detail,
        });
        for target in &self.targets {
            if target.bus == bus && target.pattern.matches(&event) {
                deliveries.push(Delivery {
                    function: target.function.clone(),
                    what: format!("{} ({})", entry.detail_type, target.function),
                    payload: event.clone(),
                });
            }
        }
        Ok(id)
    }
}
