//! Letters to a professional about what the operator decided (terms, articles 8, 11 and 16). The
//! words are the domain's: the operator read them before deciding.

use adapters::store::TokenPurpose;
use domain::professional::{MeasureKind, Professional, StandingStep};

use crate::letter::Letter;
use crate::post::{Notice, Post};

/// The template of the mail that announces a measure.
pub(crate) const MEASURE_ANNOUNCED: &str = "professional-measure-announced";
/// The template of a formal notice.
pub(crate) const NOTICE_GIVEN: &str = "professional-formal-notice";

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

/// One offer is hidden at once.
pub(crate) fn offer_hidden(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("professional-offer-hidden", "Une de vos offres est masquée");
    told(post, professional, letter, StandingStep::OfferHidden)
}

/// An offer is shown again.
pub(crate) fn offer_shown_again(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new(
        "professional-offer-shown-again",
        "Votre offre est de nouveau publiée",
    );
    told(post, professional, letter, StandingStep::OfferShownAgain)
}

/// An offer waits for the operator's decision.
pub(crate) fn offer_held(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("operator-offer-held", "Une offre attend votre décision")
        .say("Un professionnel demande à publier une offre, alors qu’une autre de la même activité est masquée. Elle ne paraît pas avant votre décision : publiez-la, ou masquez-la avec un motif.")
        .button(
            "Ouvrir le dossier",
            format!("{}/admin/professionnels/{}#offres", post.site, professional.id),
        );
    post.to_operator(letter).into_iter().collect()
}

/// An offer that waited is published.
pub(crate) fn offer_allowed(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("professional-offer-allowed", "Votre offre est publiée");
    told(post, professional, letter, StandingStep::OfferAllowed)
}

/// A measure is announced.
pub(crate) fn announced(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new(MEASURE_ANNOUNCED, "Une mesure concernant votre compte");
    told(post, professional, letter, StandingStep::Announced)
}

/// A measure is taken back.
pub(crate) fn revoked(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let subject = if professional.was_lifted_last() {
        "La mesure concernant votre compte est levée"
    } else {
        "La mesure annoncée est révoquée"
    };
    let letter = Letter::new("professional-measure-revoked", subject);
    told(post, professional, letter, StandingStep::Revoked)
}

/// A measure took effect.
pub(crate) fn applied(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let Some(measure) = &professional.standing.measure else {
        return Vec::new();
    };
    if measure.kind.is_own() {
        let letter = Letter::new("professional-left", "Votre compte est fermé");
        return told(post, professional, letter, StandingStep::Applied);
    }
    let letter = Letter::new(
        "professional-measure-applied",
        "La mesure annoncée a pris effet",
    );
    // Nobody signs in any more: the link proves who contests, and what.
    let (link, token) = post.token_link(TokenPurpose::Contest {
        professional: professional.id.clone(),
        announced_at: measure.announced_at,
    });
    let letter = said(post, professional, letter, StandingStep::Applied);
    let letter = letter.map(|letter| letter.button("Contester cette décision", link));
    let notice = letter.map(|letter| post.to_professional(professional, letter));
    notice
        .map(|notice| notice.carrying(token))
        .into_iter()
        .collect()
}

/// The professional asked for the account to be closed.
pub(crate) fn leaving(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let subject = match professional.standing.leaving().map(|leaving| leaving.kind) {
        Some(MeasureKind::Resignation) => "Vous résiliez votre contrat",
        Some(_) | None => "Votre désinscription est enregistrée",
    };
    let letter = Letter::new("professional-leaving", subject);
    let task = Letter::new(
        "operator-leaving",
        format!("{} ferme son compte", professional.name()),
    )
    .say("Un professionnel a demandé la fermeture de son compte. Il n’y a rien à décider : elle se fait à son échéance, et il peut y renoncer jusque-là.")
    .button("Ouvrir le dossier", file_of(post, professional));
    let mut notices = told(post, professional, letter, StandingStep::Leaving);
    if !notices.is_empty() {
        notices.extend(post.to_operator(task));
    }
    notices
}

fn file_of(post: &Post<'_>, professional: &Professional) -> String {
    format!("{}/professionnels/{}", post.dashboard(), professional.id)
}

/// The professional stays after all.
pub(crate) fn stayed(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("professional-stayed", "Votre compte reste ouvert");
    told(post, professional, letter, StandingStep::Stayed)
}

/// A formal notice.
pub(crate) fn notice_given(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new(NOTICE_GIVEN, "Mise en demeure");
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
    .button("Ouvrir le dossier", file_of(post, professional));
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

/// What the domain says of a step. A decision that was taken back before its mail was written has
/// nothing left to tell.
fn said(
    post: &Post<'_>,
    professional: &Professional,
    letter: Letter,
    step: StandingStep,
) -> Option<Letter> {
    let paragraphs = professional.told_of(step, post.happened_at);
    (!paragraphs.is_empty()).then(|| paragraphs.into_iter().fold(letter, Letter::say))
}

fn told(
    post: &Post<'_>,
    professional: &Professional,
    letter: Letter,
    step: StandingStep,
) -> Vec<Notice> {
    let Some(letter) = said(post, professional, letter, step) else {
        return Vec::new();
    };
    let to = |path: &str| format!("{}{path}", post.site);
    let letter = match step {
        StandingStep::Hidden
        | StandingStep::OfferHidden
        | StandingStep::Announced
        | StandingStep::NoticeGiven => letter.button("Contester une décision", to("/pro/decision")),
        StandingStep::Leaving => letter.button("Ouvrir mon compte", to("/compte")),
        // An account that is closed has no space to open.
        _ if professional.standing.bars_sign_in().is_some() => letter,
        StandingStep::ShownAgain
        | StandingStep::OfferShownAgain
        | StandingStep::OfferHeld
        | StandingStep::OfferAllowed
        | StandingStep::Revoked
        | StandingStep::Applied
        | StandingStep::Contested
        | StandingStep::AppealAnswered
        | StandingStep::Stayed => letter.button("Ouvrir mon espace", to("/pro")),
    };
    vec![post.to_professional(professional, letter)]
}
