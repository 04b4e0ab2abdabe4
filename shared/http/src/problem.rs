//! What is said when something cannot be done (RFC 9457): a stable code for programs, a French
//! sentence for people, and a cause that only the log sees.

use domain::professional::Missing;
use domain::typography::unbroken;
use serde::Serialize;

/// A refusal or a failure.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: &'static str,
    /// For people, in French.
    pub detail: String,
    /// The field it is about, as a path in the request.
    pub field: Option<Box<str>>,
    /// What is missing, where a list helps.
    pub missing: Vec<Missing>,
    /// Seconds to wait before trying again.
    pub retry_after: Option<i64>,
    /// For the log only.
    pub cause: Option<Box<str>>,
    /// Whether deciding again on what is stored now may succeed.
    pub(crate) stale: bool,
}

#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct ProblemBody<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    code: &'a str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(default, skip_serializing_if = "<[Missing]>::is_empty")]
    missing: &'a [Missing],
}

impl Problem {
    /// Whether somebody wrote in between what was read and what was written: to be decided again.
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// A refusal.
    pub fn new(status: u16, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            field: None,
            missing: Vec::new(),
            retry_after: None,
            cause: None,
            stale: false,
        }
    }

    /// Nothing here, or nothing that is yours.
    pub fn not_found() -> Self {
        Self::new(
            404,
            "not_found",
            "Cet élément n’existe pas ou ne vous est pas accessible.",
        )
    }

    /// Our fault; `cause` goes to the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string().into()),
            ..Self::new(
                500,
                "internal_error",
                "Une erreur est survenue de notre côté. Rien n’a été perdu : réessayez dans un instant.",
            )
        }
    }

    /// Something that we depend on does not answer; `cause` goes to the log.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string().into()),
            retry_after: Some(5),
            ..Self::new(
                503,
                "unavailable",
                "Le service est momentanément indisponible. Rien n’a été perdu : réessayez dans un instant.",
            )
        }
    }

    /// About one field of the request.
    pub fn about(self, field: impl Into<String>) -> Self {
        Self {
            field: Some(field.into().into()),
            ..self
        }
    }

    /// With a cause that only the log sees.
    pub fn because(self, cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string().into()),
            ..self
        }
    }

    /// Worth trying again after some seconds.
    pub fn retry_after(self, seconds: i64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// The body, as `application/problem+json`.
    pub fn body(&self) -> String {
        let body = ProblemBody {
            r#type: "about:blank",
            title: title(self.status),
            status: self.status,
            code: self.code,
            detail: unbroken(&self.detail),
            field: self.field.as_deref(),
            missing: &self.missing,
        };
        serde_json::to_string(&body).unwrap_or_default()
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Requête invalide",
        401 => "Connexion requise",
        403 => "Accès refusé",
        404 => "Introuvable",
        409 => "Conflit",
        410 => "Lien expiré",
        413 => "Requête trop volumineuse",
        415 => "Format non pris en charge",
        422 => "Demande refusée",
        429 => "Trop de tentatives",
        503 => "Service indisponible",
        _ => "Erreur",
    }
}
