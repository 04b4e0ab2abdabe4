//! Letters about changes of an accepted professional's file.

use domain::professional::{ChangeState, Difference};

use super::brief;
use crate::files::ChangeFile;
use crate::letter::Letter;
use crate::post::{Notice, Post};

/// A change, or an answer about one, arrived: the operator is to decide.
pub(crate) fn asked(post: &Post<'_>, file: &ChangeFile) -> Vec<Notice> {
    let ChangeFile {
        professional,
        change,
    } = file;
    // Decided or taken back meanwhile: the other letter tells.
    if change.state != ChangeState::Waiting {
        return Vec::new();
    }
    let letter = Letter::new("file-change-asked", "Votre demande de changement est bien arrivée")
        .say("Nous avons reçu votre demande. Notre équipe l’examine, avec les pièces que vous déposez.")
        .say("D’ici là, ce qui est en vigueur reste affiché et vos missions continuent. « Mon dossier » montre ce qui attend, et ce qu’il reste à déposer.")
        .fact("Changement", change.proposal.title())
        .button("Voir mon dossier", post.file());
    let told = Letter::new(
        "operator-file-change",
        format!("Changement à examiner : {}", brief(professional.name())),
    )
    .say("Un professionnel demande un changement de son dossier.")
    .fact("Professionnel", professional.name())
    .fact("Changement", change.proposal.title())
    .button(
        "Ouvrir le dossier",
        format!(
            "{}/admin/professionnels/{}#{}",
            post.site, professional.id, change.id
        ),
    );
    std::iter::once(post.to_professional(professional, letter))
        .chain(post.to_operator(told))
        .collect()
}

/// The letter that tells of an outcome.
pub(crate) fn told(outcome: ChangeState) -> fn(&Post<'_>, &ChangeFile) -> Vec<Notice> {
    match outcome {
        ChangeState::Accepted => accepted,
        ChangeState::Refused => refused,
        ChangeState::ComplementAsked => complement_asked,
        // Whoever did it knows.
        ChangeState::Applied
        | ChangeState::Waiting
        | ChangeState::Withdrawn
        | ChangeState::Replaced => |_, _| Vec::new(),
    }
}

fn with_differences(letter: Letter, file: &ChangeFile) -> Letter {
    let differences = file.change.differences().into_iter();
    differences.fold(letter, |letter, difference| {
        let Difference {
            field,
            before,
            after,
        } = difference;
        let after = after.unwrap_or_else(|| "retiré".to_owned());
        let value = match before {
            Some(before) if !before.is_empty() => format!("{after} (avant : {before})"),
            Some(_) | None => after,
        };
        letter.fact(field, value)
    })
}

/// The operator accepted.
fn accepted(post: &Post<'_>, file: &ChangeFile) -> Vec<Notice> {
    let letter = Letter::new("file-change-accepted", "Votre changement est accepté")
        .say("Le changement que vous avez demandé est vérifié. Votre page, vos offres et vos prochaines factures en tiennent compte, à partir de sa date s’il en a une.");
    let letter = with_differences(letter, file).button("Voir mon dossier", post.file());
    vec![post.to_professional(&file.professional, letter)]
}

/// The operator refused.
fn refused(post: &Post<'_>, file: &ChangeFile) -> Vec<Notice> {
    let decision = file.change.decision.as_ref();
    let reason = decision.and_then(|decision| decision.reason.as_deref());
    let letter = Letter::new("file-change-refused", "Votre changement n’est pas retenu")
        .say(format!(
            "Le changement que vous avez demandé n’a pas pu être retenu : {}.",
            file.change.proposal.title()
        ))
        .say(format!("Motif : {}", reason.unwrap_or("non précisé")))
        .say("Ce qui était en vigueur le reste. Vous pouvez en demander un nouveau.")
        .button("Voir mon dossier", post.file());
    vec![post.to_professional(&file.professional, letter)]
}

/// The operator asks for something first.
fn complement_asked(post: &Post<'_>, file: &ChangeFile) -> Vec<Notice> {
    if file.change.state != ChangeState::ComplementAsked {
        return Vec::new();
    }
    let Some(asked) = file.change.remarks.last() else {
        return Vec::new();
    };
    let letter = Letter::new(
        "file-change-complement",
        "Un complément est demandé pour votre dossier",
    )
    .say(format!(
        "Avant de décider, nous avons besoin d’un complément : {}.",
        file.change.proposal.title()
    ));
    let lines = asked.text.lines().map(str::trim);
    let letter = lines
        .filter(|line| !line.is_empty())
        .fold(letter, Letter::say)
        .say("Répondez depuis « Mon dossier ».")
        .button("Répondre", post.file());
    vec![post.to_professional(&file.professional, letter)]
}
