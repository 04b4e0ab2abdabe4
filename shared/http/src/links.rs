//! Links sent by mail: whoever holds the secret in one may do what it was made for.

use adapters::secrets::hash_token;
use adapters::store::{Key, Token, Versioned};

use crate::desk::Desk;
use crate::problem::Problem;

/// Reads the token of a link. Used, expired and unknown ones get the same answer.
pub async fn read_link<O>(desk: &Desk<O>, secret: &str) -> Result<Versioned<Token>, Problem> {
    let known = desk
        .store
        .get::<Token>(Key::token(&hash_token(secret)))
        .await?;
    known
        .filter(|known| desk.clock.now() < known.record.expires_at)
        .ok_or_else(link_expired)
}

/// A link that does not work, or not for this.
pub fn link_expired() -> Problem {
    Problem::new(
        410,
        "link_expired",
        "Ce lien a déjà servi ou n’est plus valable : demandez-en un nouveau.",
    )
}
