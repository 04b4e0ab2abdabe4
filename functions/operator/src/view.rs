//! What the operator sees, and the routes' parameters that several functions share.

use adapters::store::{Key, Versioned};
use domain::ids::{AccountId, DocumentId, ProfessionalId, ReviewId};
use domain::professional::Professional;
use domain::review::Review;
use http_function::{Desk, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use http_function::ReviewPath;

/// The registration named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct RegistrationPath {
    /// The professional.
    pub(crate) professional: ProfessionalId,
}

/// The document named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct FiledDocumentPath {
    /// Whose.
    pub(crate) professional: ProfessionalId,
    /// Which.
    pub(crate) document: DocumentId,
}

/// The client named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct ClientPath {
    /// The client's account.
    pub(crate) account: AccountId,
}

/// A professional, after a decision.
#[derive(Serialize, JsonSchema)]
pub struct Decided {
    /// The professional.
    pub(crate) id: ProfessionalId,
    /// Where the registration stands now.
    pub(crate) status: domain::professional::ProfessionalStatus,
}

impl Decided {
    pub(crate) fn of(professional: &Professional) -> Self {
        Self {
            id: professional.id.clone(),
            status: professional.status,
        }
    }
}

/// A review, after moderation.
#[derive(Serialize, JsonSchema)]
pub struct Moderated {
    /// The review.
    pub(crate) id: ReviewId,
    /// Whether it can be read now.
    pub(crate) status: domain::review::ReviewStatus,
}

impl Moderated {
    pub(crate) fn of(review: &Review) -> Self {
        Self {
            id: review.id.clone(),
            status: review.status,
        }
    }
}

/// A professional, whatever the status.
pub(crate) async fn professional<O>(
    desk: &Desk<O>,
    id: &ProfessionalId,
) -> Result<Versioned<Professional>, Problem> {
    desk.store
        .get::<Professional>(Key::professional(id))
        .await?
        .ok_or_else(Problem::not_found)
}

/// A review, whatever the status.
pub(crate) async fn review(desk: &Desk<()>, id: &ReviewId) -> Result<Versioned<Review>, Problem> {
    desk.store
        .get::<Review>(Key::review(id))
        .await?
        .ok_or_else(Problem::not_found)
}

/// A text of the operator: not empty, and not longer than `most` characters.
pub(crate) fn written<'a>(
    text: &'a str,
    field: &'static str,
    most: usize,
) -> Result<&'a str, Problem> {
    let text = text.trim();
    if (3..=most).contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(Problem::new(
        422,
        "text_invalid",
        format!(
            "Ce texte doit compter de 3 à {} caractères.",
            thousands(most)
        ),
    )
    .about(field))
}

/// `2 000`, as it is written in French.
fn thousands(number: usize) -> String {
    match number {
        1000.. => format!("{}\u{a0}{:03}", number / 1000, number % 1000),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_told_as_it_is_written_in_french() {
        for (length, told) in [(300, "300"), (2000, "2\u{a0}000"), (12_045, "12\u{a0}045")] {
            assert_eq!(thousands(length), told);
        }
    }

    #[test]
    fn a_text_is_neither_blank_nor_endless() {
        assert_eq!(
            written("  CNAPS consulté  ", "review_method", 20).ok(),
            Some("CNAPS consulté")
        );
        assert_eq!(
            written("   ", "review_method", 20)
                .err()
                .map(|problem| problem.status),
            Some(422)
        );
        assert_eq!(
            written(&"é".repeat(20), "review_method", 20)
                .ok()
                .map(str::len),
            Some(40)
        );
        assert!(written(&"é".repeat(21), "review_method", 20).is_err());
    }
}
