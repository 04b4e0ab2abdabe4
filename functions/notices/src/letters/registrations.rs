//! Letters about a professional's registration.

use adapters::store::TokenPurpose;
use domain::professional::{Professional, ProfessionalStatus};

use super::brief;
use crate::letter::Letter;
use crate::post::{Notice, Post};

/// A registration is complete.
pub(crate) fn submitted(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("registration-submitted", "Votre dossier est bien arrivé")
        .say("Votre dossier d’inscription est complet et nous est parvenu. Nous vérifions vos titres et vos documents un par un.")
        .say("Vous recevrez notre réponse par courrier électronique. D’ici là, le dossier ne peut plus être modifié.")
        .button("Voir mon dossier", post.registration());
    let told = Letter::new(
        "operator-registration",
        format!("Inscription à examiner : {}", brief(professional.name())),
    )
    .say("Un dossier d’inscription complet attend une décision.")
    .fact("Professionnel", professional.name())
    .button(
        "Ouvrir le dossier",
        format!("{}/professionnels/{}", post.dashboard(), professional.id),
    );
    std::iter::once(post.to_professional(professional, letter))
        .chain(post.to_operator(told))
        .collect()
}

/// The operator asks for complements. The link signs the applicant in again: weeks may have passed.
pub(crate) fn complements_requested(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    if professional.status != ProfessionalStatus::ComplementsRequested {
        return Vec::new();
    }
    let (link, token) = post.token_link(TokenPurpose::ResumeRegistration(professional.id.clone()));
    let letter = Letter::new("registration-complements", "Votre dossier est à compléter").say(
        "Nous avons étudié votre dossier. Il nous manque encore des éléments pour l’accepter :",
    );
    let asked = professional.complements.as_deref().unwrap_or_default();
    let letter = asked
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .fold(letter, Letter::say);
    let letter = letter
        .say("Complétez votre dossier, puis envoyez-le de nouveau : nous l’étudierons aussitôt.")
        .button("Compléter mon dossier", link)
        .note("Ce lien est valable 7 jours.");
    vec![post.to_professional(professional, letter).carrying(token)]
}

/// The operator accepted the professional. The password of the account opened for them was attributed
/// and travels by this one-time link only (terms, article 4.2; CNIL 2022-100).
pub(crate) fn accepted(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let Some(account) = &professional.account else {
        // Accepting opens the account in the same transaction: this cannot be, and a later delivery would not mend it.
        tracing::error!(
            professional = professional.id.as_str(),
            "an accepted professional has no account to activate"
        );
        return Vec::new();
    };
    let (link, token) = post.token_link(TokenPurpose::Activate(account.clone()));
    let letter = Letter::new("registration-accepted", "Votre inscription est acceptée")
        .say("Bienvenue : votre inscription sur MonAgentDeSecu est acceptée.")
        .say("Un mot de passe vous est attribué. Par sécurité, il n’est pas écrit ici : le lien ci-dessous l’affiche, une seule fois. Vous en choisirez un autre à votre première connexion.")
        .button("Activer mon compte", link)
        .say("Ensuite, ouvrez votre compte de paiement, publiez votre page, vos prestations et vos disponibilités : vous pourrez alors recevoir des demandes.")
        .note("Ce lien est valable 72 heures et ne sert qu’une fois. Passé ce délai, choisissez un mot de passe par « Mot de passe oublié » sur la page de connexion.");
    vec![post.to_professional(professional, letter).carrying(token)]
}

/// The operator refused the professional: a plain answer, without grounds.
pub(crate) fn refused(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("registration-refused", "Réponse à votre demande d’inscription")
        .say("Nous avons étudié votre demande d’inscription sur MonAgentDeSecu. Nous ne pouvons pas y donner une suite favorable.")
        .say("Nous vous remercions de l’intérêt que vous nous portez.")
        .note("Pour toute question, ou pour exercer vos droits sur vos données, écrivez à l’adresse ci-dessous.");
    vec![post.to_professional(professional, letter)]
}
