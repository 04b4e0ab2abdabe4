//! Letters to an address that is to be proved. They greet nobody and repeat nothing that was typed: who
//! asked may be a stranger.

use adapters::store::TokenPurpose;
use domain::account::proof::Wish;
use domain::professional::Professional;

use crate::files::{Holder, ProofFile};
use crate::letter::Letter;
use crate::post::{Notice, Post};

/// Somebody wishes something from an address. Who holds it already is told so; the others get a code.
pub(crate) fn asked(post: &Post<'_>, file: &ProofFile) -> Vec<Notice> {
    let proof = &file.proof;
    // Another mail was asked for meanwhile: its code is the one that is good.
    if proof.sent.event != post.event || !proof.is_awaited(post.now) {
        return Vec::new();
    }
    match (&proof.wish, &file.holder) {
        (Wish::OpenClient { .. }, Holder::Nobody) => vec![sign_up(post, file)],
        (Wish::Register { .. }, Holder::Nobody) => vec![registration(post, file)],
        (Wish::Register { .. }, Holder::Registration(_)) => vec![registration_again(post, file)],
        (Wish::ResetPassword, Holder::Account(account)) => {
            vec![password(post, file).addressed_to(account.id.as_str())]
        }
        (Wish::OpenClient { .. } | Wish::Register { .. }, Holder::Account(account)) => {
            vec![post.to_account(account, known(post))]
        }
        (Wish::OpenClient { .. } | Wish::ResetPassword, Holder::Registration(registration)) => {
            vec![under_way(post, registration)]
        }
        (Wish::ResetPassword, Holder::Nobody) => Vec::new(),
    }
}

/// A letter with the code of this mail, and a link that does without it.
fn with_code(post: &Post<'_>, file: &ProofFile, letter: Letter, label: &str, last: &str) -> Notice {
    let proof = &file.proof;
    let code = post.keys.code_of_six(&proof.sent.event);
    let (link, token) = post.proof_link(&proof.wish, TokenPurpose::ProveAddress(proof.id.clone()));
    let letter = letter
        .fact("Code", format!("{} {}", &code[..3], &code[3..]))
        .say("Saisissez ce code dans la page où vous l’avez demandé, ou ouvrez le lien ci-dessous.")
        .button(label, link)
        .note("Le code est valable 15 minutes. Ne le communiquez à personne : nous ne vous le demanderons jamais.")
        .note(last);
    Notice {
        recipient: proof.id.to_string(),
        to: proof.email.clone(),
        letter,
        token: Some(token),
        papers: Vec::new(),
        managers_of: None,
    }
}

fn sign_up(post: &Post<'_>, file: &ProofFile) -> Notice {
    let letter = Letter::new("client-verify-email", "Confirmez votre adresse électronique")
        .say("Un compte client est demandé sur MonAgentDeSecu avec cette adresse. Il s’ouvre dès que vous confirmez qu’elle est bien la vôtre.");
    let last = "Le lien est valable 24 heures et ne sert qu’une fois. Vous n’avez rien demandé ? Ignorez ce message : sans confirmation, aucun compte n’est ouvert.";
    with_code(post, file, letter, "Confirmer mon adresse", last)
}

fn registration(post: &Post<'_>, file: &ProofFile) -> Notice {
    let letter = Letter::new("registration-started", "Commencez votre inscription")
        .say("L’inscription d’un professionnel de sécurité est demandée sur MonAgentDeSecu avec cette adresse. Le dossier s’ouvre dès que vous confirmez qu’elle est bien la vôtre.");
    let last = "Le lien est valable 7 jours et ne sert qu’une fois. Vous n’avez rien demandé ? Ignorez ce message : sans confirmation, aucun dossier n’est ouvert.";
    with_code(post, file, letter, "Commencer mon inscription", last)
}

fn registration_again(post: &Post<'_>, file: &ProofFile) -> Notice {
    let letter = Letter::new("registration-resumed", "Poursuivez votre inscription").say(
        "Vous avez un dossier d’inscription sur MonAgentDeSecu. Il est là où vous l’avez laissé.",
    );
    let last = "Le lien est valable 7 jours et ne sert qu’une fois. Vous n’avez rien demandé ? Ignorez ce message : sans le code ou le lien, personne n’ouvre votre dossier.";
    with_code(post, file, letter, "Poursuivre mon inscription", last)
}

fn password(post: &Post<'_>, file: &ProofFile) -> Notice {
    let letter = Letter::new("password-reset", "Choisissez un nouveau mot de passe")
        .say("Un nouveau mot de passe est demandé pour votre compte MonAgentDeSecu. L’actuel reste valable tant que vous n’en avez pas choisi un autre.");
    let last = "Le lien est valable une heure et ne sert qu’une fois. Vous n’avez rien demandé ? Ignorez ce message : votre mot de passe ne change pas.";
    with_code(post, file, letter, "Choisir un nouveau mot de passe", last)
}

/// The address signs in already.
fn known(post: &Post<'_>) -> Letter {
    Letter::new("account-already-exists", "Vous avez déjà un compte")
        .say("Quelqu’un, sans doute vous, vient de demander une inscription avec cette adresse. Elle a déjà un compte : rien n’a été changé.")
        .say("Si c’était vous, connectez-vous. La page de connexion permet aussi de choisir un nouveau mot de passe.")
        .button("Me connecter", post.sign_in())
        .note("Si ce n’était pas vous, vous n’avez rien à faire.")
}

/// The address is that of a registration: it has no password yet.
fn under_way(post: &Post<'_>, registration: &Professional) -> Notice {
    let letter = Letter::new("registration-under-way", "Votre inscription est en cours")
        .say("Cette adresse est celle d’un dossier d’inscription professionnelle. Il n’a pas encore de mot de passe : vous en recevrez un quand votre inscription sera acceptée.")
        .say("Pour revenir à votre dossier, saisissez la même adresse sur la page d’inscription : un code vous y sera envoyé.")
        .button("Aller à l’inscription", post.registration())
        .note("Si vous n’avez rien demandé, ignorez ce message.");
    post.to_professional(registration, letter)
}
