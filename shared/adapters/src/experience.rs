//! What a professional has done so far, as the public is told: the file says how clients rated, and
//! the counters of bookings stand apart.

use domain::professional::Professional;

use crate::store::{Experience, Key, Store, StoreError};

/// The professional with what bookings counted in the record: to be shown, never to be written back.
///
/// # Errors
/// When the store does not answer.
pub async fn with_experience(
    store: &Store,
    mut professional: Professional,
) -> Result<Professional, StoreError> {
    let counted = store
        .get::<Experience>(Key::experience(&professional.id))
        .await?;
    if let Some(counted) = counted {
        professional.record = professional.record.plus(counted.record.record);
    }
    Ok(professional)
}
