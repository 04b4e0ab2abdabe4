//! Letters to a professional about what the operator decided (terms, articles 8, 11 and 16). The
//! words are the domain's: the operator read them before deciding.

use domain::professional::{Professional, StandingStep};

use crate::letter::Letter;
use crate::post::{Notice, Post};

/// Hidden at once.
pub(crate) fn hidden(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new(
        "professional-hidden",
        "Votre page et vos offres sont masquées",
    );
    told(post, professional, letter, StandingStep::Hidden)
}

/// Shown again.
pub(crate) fn shown_again(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("professional-shown-again", "Vos offres sont rétablies");
    told(post, professional, letter, StandingStep::ShownAgain)
}

/// A measure is announced.
pub(crate) fn announced(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new(
        "professional-measure-announced",
        "Une mesure concernant votre compte",
    );
    told(post, professional, letter, StandingStep::Announced)
}

/// A measure is taken back.
pub(crate) fn revoked(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new(
        "professional-measure-revoked",
        "La mesure annoncée est révoquée",
    );
    told(post, professional, letter, StandingStep::Revoked)
}

/// A measure took effect.
pub(crate) fn applied(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new(
        "professional-measure-applied",
        "La mesure annoncée a pris effet",
    );
    told(post, professional, letter, StandingStep::Applied)
}

/// A formal notice.
pub(crate) fn notice_given(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("professional-formal-notice", "Mise en demeure");
    told(post, professional, letter, StandingStep::NoticeGiven)
}

/// The professional contests: they get a receipt, the operator a task.
pub(crate) fn contested(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new(
        "professional-appeal-received",
        "Votre contestation est reçue",
    );
    let task = Letter::new(
        "operator-appeal",
        format!("Décision contestée par {}", professional.name()),
    )
    .say("Un professionnel conteste une décision. Relisez le dossier, puis levez la décision ou répondez qu’elle est maintenue.")
    .button(
        "Ouvrir le dossier",
        format!("{}/professionnels/{}", post.dashboard(), professional.id),
    );
    let mut notices = told(post, professional, letter, StandingStep::Contested);
    notices.extend(post.to_operator(task));
    notices
}

/// The decision is maintained.
pub(crate) fn appeal_answered(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new(
        "professional-appeal-answered",
        "Réponse à votre contestation",
    );
    told(post, professional, letter, StandingStep::AppealAnswered)
}

/// A decision that was taken back before its mail was written has nothing left to tell.
fn told(
    post: &Post<'_>,
    professional: &Professional,
    letter: Letter,
    step: StandingStep,
) -> Vec<Notice> {
    let paragraphs = professional.told_of(step);
    if paragraphs.is_empty() {
        return Vec::new();
    }
    let letter = paragraphs.into_iter().fold(letter, Letter::say);
    vec![post.to_professional(
        professional,
        match step {
            StandingStep::Hidden | StandingStep::Announced | StandingStep::NoticeGiven => {
                letter.button(
                    "Contester une décision",
                    format!("{}/pro/decision", post.site),
                )
            }
            StandingStep::ShownAgain
            | StandingStep::Revoked
            | StandingStep::Applied
            | StandingStep::Contested
            | StandingStep::AppealAnswered => {
                letter.button("Ouvrir mon espace", format!("{}/pro", post.site))
            }
        },
    )]
}
