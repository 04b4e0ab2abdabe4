//! Professionals who have in common what two should not have: a telephone, a bank account, a title.
//! Each is marked under a hash; the files themselves are compared in the end, so that a mark that has
//! outlived its occasion costs a read and says nothing.

use std::collections::BTreeSet;

use domain::ids::ProfessionalId;
use domain::professional::Professional;
use futures::future::try_join_all;

use crate::store::{
    Changes, Key, LikenessMark, Question, Store, StoreError, UniqueClaim, Versioned,
};

/// Marks everything that a professional has now: at most 90 writes of the transaction.
pub fn mark(changes: Changes, professional: &Professional) -> Changes {
    let likenesses = professional.likenesses();
    let marks = likenesses
        .iter()
        .map(|likeness| LikenessMark::of(likeness, &professional.id));
    marks.fold(changes, |changes, mark| changes.overwrite(&mark))
}

/// Everybody who may be the same as `professional`, whatever their status.
pub async fn alike(
    store: &Store,
    professional: &Professional,
) -> Result<Vec<Professional>, StoreError> {
    let marks = professional.likenesses();
    let marks = marks
        .iter()
        .map(|likeness| LikenessMark::of(likeness, &professional.id));
    // All at once: one after the other, twenty-eight likenesses are twenty-eight times the way there and back.
    let questions =
        marks.map(|mark| store.ask_all::<LikenessMark>(Question::alike(mark.of, &mark.sha256)));
    let marked = try_join_all(questions).await?;
    let mut others: BTreeSet<String> = marked
        .into_iter()
        .flatten()
        .map(|read| read.record.professional.to_string())
        .collect();
    if let Some(siren) = &professional.profile.siren {
        let claim = UniqueClaim::siren(siren, &professional.id).what;
        let claim = store.get::<UniqueClaim>(Key::unique(&claim)).await?;
        others.extend(claim.map(|read| read.record.owner));
    }
    others.remove(professional.id.as_str());
    let others = others
        .iter()
        .filter_map(|other| ProfessionalId::parse(other).ok());
    let reads = others.map(|id| async move { store.get(Key::professional(&id)).await });
    let read: Vec<Option<Versioned<Professional>>> = try_join_all(reads).await?;
    let resembling = read.into_iter().flatten().map(|read| read.record);
    let found = resembling.filter(|other| professional.duplicate_hint(other).is_some());
    let found = found.collect();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use domain::ids::TypedId as _;
    use domain::professional::{Likeness, Resemblance};

    use super::*;
    use crate::store::Record as _;

    #[test]
    fn a_number_stands_in_no_key() {
        let id = ProfessionalId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        let phone = Likeness {
            of: Resemblance::Phone,
            value: "+33612345678".to_owned(),
        };
        let mark = LikenessMark::of(&phone, &id);
        let question = Question::alike(mark.of, &mark.sha256);
        for text in [format!("{:?}", mark.key()), format!("{question:?}")] {
            assert!(
                text.contains("same-phone#") && !text.contains("612345678"),
                "{text}"
            );
        }
    }
}
