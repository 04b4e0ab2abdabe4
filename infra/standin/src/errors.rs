//! Stripe's way of saying no.

use serde_json::{Value, json};

/// A refusal, as Stripe words it.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) code: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) param: Option<String>,
    /// The payment intent concerned, which Stripe puts inside.
    pub(crate) intent: Option<Value>,
}

impl Fault {
    pub(crate) fn invalid(code: Option<&'static str>, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            kind: "invalid_request_error",
            code,
            message: message.into(),
            param: None,
            intent: None,
        }
    }

    pub(crate) fn missing(param: &str) -> Self {
        Self {
            param: Some(param.to_owned()),
            ..Self::invalid(
                Some("parameter_missing"),
                format!("Missing required param: {param}."),
            )
        }
    }

    pub(crate) fn parameter(param: &str, message: impl Into<String>) -> Self {
        Self {
            param: Some(param.to_owned()),
            ..Self::invalid(None, message)
        }
    }

    pub(crate) fn no_such(what: &str, id: &str) -> Self {
        Self {
            status: 404,
            param: Some("id".to_owned()),
            ..Self::invalid(Some("resource_missing"), format!("No such {what}: '{id}'"))
        }
    }

    pub(crate) fn unexpected_state(intent: &Value, asked: &str) -> Self {
        let state = intent["status"].as_str().unwrap_or_default();
        let message =
            format!("This PaymentIntent could not be {asked} because it has a status of {state}.");
        Self {
            intent: Some(intent.clone()),
            ..Self::invalid(Some("payment_intent_unexpected_state"), message)
        }
    }

    pub(crate) fn key(message: &str) -> Self {
        Self {
            status: 401,
            ..Self::invalid(None, message)
        }
    }

    pub(crate) fn idempotency(message: &str, status: u16) -> Self {
        Self {
            status,
            kind: "idempotency_error",
            ..Self::invalid(None, message)
        }
    }

    pub(crate) fn broken(message: impl std::fmt::Display) -> Self {
        Self {
            status: 500,
            kind: "api_error",
            ..Self::invalid(None, message.to_string())
        }
    }

    pub(crate) fn body(&self) -> Value {
        let mut error = json!({ "message": self.message, "type": self.kind });
        if let Some(code) = self.code {
            error["code"] = json!(code);
            error["doc_url"] = json!(format!(
                "https://stripe.com/docs/error-codes/{}",
                code.replace('_', "-")
            ));
        }
        if let Some(param) = &self.param {
            error["param"] = json!(param);
        }
        if let Some(intent) = &self.intent {
            error["payment_intent"] = intent.clone();
        }
        json!({ "error": error })
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::broken(error)
    }
}
