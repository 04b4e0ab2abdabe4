//! The platform's terms as functions read them.

use adapters::secrets::sha256;
use adapters::store::{Key, Store, StoreError, TermsText, Versioned};
use domain::account::Acceptance;
use domain::terms::{Audience, TermsRegister, TermsVersion};

use crate::call::{Call, Operation};
use crate::desk::Desk;
use crate::problem::Problem;

/// Every version that was published, and the version of the record it was read at.
pub async fn register(
    store: &Store,
) -> Result<(Option<Versioned<TermsRegister>>, TermsRegister), StoreError> {
    let read = store.get::<TermsRegister>(Key::terms_register()).await?;
    let now = read.as_ref().map(|read| read.record.clone());
    Ok((read, now.unwrap_or_default()))
}

/// What a version says.
pub async fn text(store: &Store, version: &TermsVersion) -> Result<String, Problem> {
    let Some(hash) = &version.sha256 else {
        return Ok(version.audience.first_text().to_owned());
    };
    let read = store.get::<TermsText>(Key::terms_text(hash)).await?;
    read.map(|read| read.record.text)
        .ok_or_else(|| Problem::internal("the text of a published version is missing"))
}

/// The proof that the caller accepted the version that holds now.
pub async fn accepted<O: Operation>(
    desk: &Desk<O::Outside>,
    call: &Call<O>,
    audience: Audience,
) -> Result<Acceptance, Problem> {
    let (_, register) = register(&desk.store).await?;
    let version = register.in_force(audience, call.now);
    proof(desk, call, &version).await
}

/// The proof that the caller accepted a version.
pub async fn proof<O: Operation>(
    desk: &Desk<O::Outside>,
    call: &Call<O>,
    version: &TermsVersion,
) -> Result<Acceptance, Problem> {
    let text = text(&desk.store, version).await?;
    let accepted = Acceptance::of(
        version.name(),
        call.now,
        &call.trace.ip,
        &call.trace.browser,
    );
    Ok(accepted.of_text(sha256(text.as_bytes())))
}
