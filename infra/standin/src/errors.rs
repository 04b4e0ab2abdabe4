//! Stripe's way of saying no.

use serde_json::{Value, json};

/// A refusal, as Stripe words it.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// HTTP status.
    pub(crate) status: u16,
    kind: &'static str,
    code: Option<&'static str>,
    message: String,
    param: Option<String>,
    /// The payment intent concerned, which Stripe puts inside.
    intent: Option<Box<Value>>,
    /// Whether the call got as far as being carried out: then its key remembers the refusal. One
    /// that was refused for its form may be sent again, corrected, with the same key.
    pub(crate) executed: bool,
}

impl Fault {
    /// A request that cannot be understood.
    pub(crate) fn invalid(code: Option<&'static str>, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            kind: "invalid_request_error",
            code,
            message: message.into(),
            param: None,
            intent: None,
            executed: false,
        }
    }

    /// A request that is well formed and cannot be carried out as things stand.
    pub(crate) fn refused(code: Option<&'static str>, message: impl Into<String>) -> Self {
        Self {
            executed: true,
            ..Self::invalid(code, message)
        }
    }

    /// Names the parameter concerned.
    pub(crate) fn on(self, param: impl Into<String>) -> Self {
        Self {
            param: Some(param.into()),
            ..self
        }
    }

    pub(crate) fn missing(param: &str) -> Self {
        Self::invalid(
            Some("parameter_missing"),
            format!("Missing required param: {param}."),
        )
        .on(param)
    }

    pub(crate) fn parameter(param: &str, message: impl Into<String>) -> Self {
        Self::invalid(None, message).on(param)
    }

    pub(crate) fn unknown_parameter(param: &str) -> Self {
        let message = format!(
            "Received unknown parameter: {param} (or one that this stand-in does not serve yet)"
        );
        Self::invalid(Some("parameter_unknown"), message).on(param)
    }

    /// Nothing has the identifier that the address names.
    pub(crate) fn no_such(kind: &str, id: &str) -> Self {
        let what = kind.replace('.', "_");
        let param = match kind {
            "payment_intent" => "intent",
            "checkout.session" => "session",
            _ => "id",
        };
        let fault =
            Self::invalid(Some("resource_missing"), format!("No such {what}: '{id}'")).on(param);
        Self {
            status: 404,
            ..fault
        }
    }

    /// Nothing has the identifier that a parameter names.
    pub(crate) fn no_such_in(param: &str, what: &str, id: &str) -> Self {
        Self::refused(Some("resource_missing"), format!("No such {what}: '{id}'")).on(param)
    }

    /// The intent is in a state that does not allow what is asked.
    pub(crate) fn unexpected_state(intent: &Value, asked: &str, allowed: &str) -> Self {
        let state = intent["status"].as_str().unwrap_or_default();
        let message = format!(
            "This PaymentIntent could not be {asked} because it has a status of {state}. Only a PaymentIntent with one of the following statuses may be {asked}: {allowed}."
        );
        let fault = Self::refused(Some("payment_intent_unexpected_state"), message);
        Self {
            intent: Some(Box::new(intent.clone())),
            ..fault
        }
    }

    pub(crate) fn unauthorised(message: impl Into<String>) -> Self {
        Self {
            status: 401,
            ..Self::invalid(None, message)
        }
    }

    pub(crate) fn unknown_address(method: &str, path: &str) -> Self {
        let message = format!(
            "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
        );
        Self {
            status: 404,
            ..Self::invalid(None, message)
        }
    }

    /// A key that was used for something else.
    pub(crate) fn other_request(message: String) -> Self {
        Self {
            kind: "idempotency_error",
            ..Self::invalid(None, message)
        }
    }

    /// A key whose first request is still being carried out.
    pub(crate) fn key_in_use(key: &str) -> Self {
        let message = format!(
            "There is currently another in-progress request using this Idempotency Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later."
        );
        let fault = Self::invalid(Some("idempotency_key_in_use"), message);
        Self {
            status: 409,
            kind: "idempotency_error",
            ..fault
        }
    }

    pub(crate) fn broken(message: impl std::fmt::Display) -> Self {
        Self {
            status: 500,
            kind: "api_error",
            ..Self::invalid(None, message.to_string())
        }
    }

    /// Stripe's envelope. `request_log_url` leads to the page that lists what happened.
    pub(crate) fn body(&self, public_url: &str) -> Value {
        let mut error = json!({
            "message": self.message,
            "request_log_url": format!("{public_url}/local/stripe"),
            "type": self.kind,
        });
        if let Some(code) = self.code {
            error["code"] = json!(code);
            let anchor = code.replace('_', "-");
            error["doc_url"] = json!(format!("https://stripe.com/docs/error-codes/{anchor}"));
        }
        if let Some(param) = &self.param {
            error["param"] = json!(param);
        }
        if let Some(intent) = &self.intent {
            error["payment_intent"] = (**intent).clone();
        }
        json!({ "error": error })
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "the stand-in's file cannot be used");
        Self::broken("An error occurred with our connection to the database.")
    }
}
