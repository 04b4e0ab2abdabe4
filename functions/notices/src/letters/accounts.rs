//! Letters about an account itself.

use adapters::store::TokenPurpose;
use domain::account::device::browser_name;
use domain::account::identifier::ConfirmedBy;
use domain::account::{Account, Role};
use domain::retention::{self, INACTIVITY_WARNING, Kept};
use domain::terms::Audience;
use domain::time::paris;
use jiff::Timestamp;

use crate::files::DeviceFile;
use crate::letter::Letter;
use crate::post::{Notice, Post};

/// A client asked for the newsletter. Its end is one click away from here on.
pub(crate) fn newsletter_asked(post: &Post<'_>, account: &Account) -> Vec<Notice> {
    let wanted = account
        .client
        .as_ref()
        .is_some_and(|client| client.newsletter);
    if !wanted {
        return Vec::new();
    }
    let letter = Letter::new("client-newsletter", "Vous recevrez notre lettre d’information")
        .say("Vous avez demandé à recevoir la lettre d’information de MonAgentDeSecu. Nous gardons la date de cet accord.")
        .say("Vous pouvez y renoncer à tout moment, par le lien ci-dessous ou depuis votre compte. Les messages sur vos réservations n’en dépendent pas.")
        .button("Ne plus recevoir la lettre", post.leave_newsletter(&account.id));
    vec![post.to_account(account, letter)]
}

/// New terms are announced, fifteen days ahead at the least (P2B regulation, article 3).
pub(crate) fn terms_announced(
    post: &Post<'_>,
    account: &Account,
    audience: Audience,
    version: &str,
    effective_at: Timestamp,
) -> Vec<Notice> {
    if account.closed_at.is_some() {
        return Vec::new();
    }
    let day = paris::french_date(paris::local_date(effective_at));
    let template = match audience {
        Audience::Clients => "client-terms-announced",
        Audience::Professionals => "professional-terms-announced",
    };
    let letter = Letter::new(template, format!("Nouvelles conditions à partir du {day}"))
        .say(format!("Nos conditions d’utilisation changent. La version {version} s’applique à partir du {day} ; d’ici là, rien ne change. Les réservations déjà passées gardent les conditions sous lesquelles elles l’ont été."))
        .say("À votre première connexion après cette date, nous vous demanderons de l’accepter. Si vous ne le souhaitez pas, vous pourrez encore récupérer vos données et fermer votre compte.")
        .button(
            "Lire la nouvelle version",
            format!("{}/cgu/{}?version={version}", post.site, audience.slug()),
        );
    vec![post.to_account(account, letter)]
}

/// Somebody asked to sign in with another e-mail: both addresses confirm, each by its own link.
pub(crate) fn identifier_change_asked(post: &Post<'_>, account: &Account) -> Vec<Notice> {
    let Some(change) = account
        .identifier_change
        .as_ref()
        .filter(|change| change.is_pending(post.now))
    else {
        return Vec::new();
    };
    let confirmation = |by: ConfirmedBy| {
        post.token_link(TokenPurpose::ConfirmIdentifier {
            account: account.id.clone(),
            by,
            asked_at: change.asked_at,
        })
    };
    // Asked for again meanwhile: the codes of that mail are the ones that are good.
    let codes = change.codes.as_ref();
    if codes.is_some_and(|codes| codes.current.event != post.event) {
        return Vec::new();
    }
    let code = |by: ConfirmedBy, letter: Letter| match codes {
        Some(_) => {
            let code = post.keys.code_of_six(&by.code_of(post.event));
            letter.fact("Code", format!("{} {}", &code[..3], &code[3..]))
                .say("Saisissez ce code dans la page de votre compte, où le changement a été demandé, ou ouvrez le lien ci-dessous.")
                .note("Le code est valable 15 minutes. Ne le communiquez à personne : nous ne vous le demanderons jamais.")
        }
        None => letter,
    };
    let follows = match account.role {
        Role::Client => "Le changement prend effet quand les deux adresses l’ont confirmé.",
        Role::Professional | Role::Manager | Role::Agent | Role::Admin | Role::Applicant => {
            "Quand les deux adresses l’ont confirmé, notre équipe examine la demande et vous écrit."
        }
    };
    let (link, token) = confirmation(ConfirmedBy::Current);
    let current = Letter::new(
        "identifier-confirm-current",
        "Changement de votre adresse de connexion",
    )
    .say("Une autre adresse électronique est demandée pour vous connecter à votre compte MonAgentDeSecu. Rien n’est encore changé.")
    .say(follows);
    let current = code(ConfirmedBy::Current, current)
    .button("Confirmer depuis cette adresse", link)
    .note("Ce lien est valable 72 heures et ne sert qu’une fois.")
    .note(format!("Vous n’avez rien demandé ? Ne confirmez pas, changez votre mot de passe et écrivez à {} : quelqu’un le connaît peut-être.", post.contact()));
    let (link, wanted_token) = confirmation(ConfirmedBy::Wanted);
    let wanted = Letter::new(
        "identifier-confirm-wanted",
        "Confirmez votre nouvelle adresse de connexion",
    )
    .say("Cette adresse est demandée pour se connecter à un compte MonAgentDeSecu.")
    .say(follows);
    let wanted = code(ConfirmedBy::Wanted, wanted)
        .button("Confirmer cette adresse", link)
        .note("Ce lien est valable 72 heures et ne sert qu’une fois.")
        .note("Vous n’avez rien demandé ? Ignorez ce message : sans confirmation, rien ne change.");
    let to_wanted = Notice {
        recipient: account.id.to_string(),
        to: change.email.clone(),
        letter: wanted,
        token: Some(wanted_token),
        papers: Vec::new(),
        managers_of: None,
    };
    vec![post.to_account(account, current).carrying(token), to_wanted]
}

/// Both addresses confirmed a professional's change: the operator decides.
pub(crate) fn identifier_change_confirmed(post: &Post<'_>, account: &Account) -> Vec<Notice> {
    if account.identifier_awaits_operator().is_none() {
        return Vec::new();
    }
    let letter = Letter::new(
        "operator-identifier-change",
        "Changement d’adresse à décider",
    )
    .say("Un professionnel demande à se connecter avec une autre adresse électronique. L’actuelle et la nouvelle ont confirmé.")
    .button("Voir la demande", format!("{}/admin/identifiants", post.site));
    post.to_operator(letter).into_iter().collect()
}

/// A password signed in on a browser that had not signed in before.
pub(crate) fn signed_in_elsewhere(post: &Post<'_>, file: &DeviceFile) -> Vec<Notice> {
    let letter = Letter::new("new-device", "Connexion depuis un nouvel appareil")
        .say("Votre mot de passe vient d’ouvrir votre compte MonAgentDeSecu depuis un navigateur qui ne s’y était pas encore connecté.")
        .fact("Date", paris::french_date_time(file.device.since))
        .fact("Navigateur", browser_name(&file.device.browser).unwrap_or("inconnu"))
        .say("Si c’était vous, vous n’avez rien à faire.")
        .say("Sinon, signalez un accès suspect depuis votre compte : toutes les sessions se terminent, un nouveau mot de passe est demandé, et notre équipe est prévenue.")
        .button("Voir mes appareils", format!("{}/compte", post.site))
        .note(format!("Vous n’arrivez plus à vous connecter ? Écrivez à {}.", post.contact()));
    vec![post.to_account(&file.account, letter)]
}

/// Somebody said that another comes into their account: they are told what follows, and the operator.
pub(crate) fn access_suspected(post: &Post<'_>, account: &Account) -> Vec<Notice> {
    let Some(at) = account.suspected_at else {
        return Vec::new();
    };
    let letter = Letter::new("access-suspected", "Votre compte est protégé")
        .say(format!("Un accès suspect à votre compte MonAgentDeSecu a été signalé depuis celui-ci le {}. Tous les appareils en sont déconnectés, et l’ancien mot de passe n’ouvre plus rien.", paris::french_date_time(at)))
        .say("Pour y revenir, choisissez un nouveau mot de passe : un code vous sera envoyé à cette adresse. Vérifiez ensuite vos réservations et vos informations.")
        .button("Choisir un nouveau mot de passe", format!("{}/mot-de-passe", post.site))
        .say("Notre équipe regarde ce qui s’est passé et vous écrit si elle a besoin de vous.")
        .note("Votre boîte de réception est peut-être concernée aussi : changez-en le mot de passe.");
    let told = Letter::new("operator-suspect-access", "Accès suspect signalé")
        .say("Le titulaire d’un compte signale que quelqu’un d’autre y entre. Ses sessions sont terminées et son mot de passe ne vaut plus rien.")
        .button("Voir le signalement", format!("{}/admin/acces-suspects", post.site));
    std::iter::once(post.to_account(account, letter))
        .chain(post.to_operator(told))
        .collect()
}

/// Another e-mail signs in: both addresses are told.
pub(crate) fn identifier_changed(post: &Post<'_>, account: &Account) -> Vec<Notice> {
    let now = Letter::new(
        "identifier-changed",
        "Votre adresse de connexion a changé",
    )
    .say("Vous vous connectez désormais à MonAgentDeSecu avec cette adresse. Votre mot de passe ne change pas ; tous vos appareils ont été déconnectés.")
    .button("Me connecter", post.sign_in());
    let mut notices = vec![post.to_account(account, now)];
    notices.extend(account.former_identifiers.last().map(|former| Notice {
        recipient: account.id.to_string(),
        to: former.email.clone(),
        letter: Letter::new(
            "identifier-former",
            "Cette adresse ne sert plus à vous connecter",
        )
        .say("Une autre adresse électronique remplace celle-ci pour votre compte MonAgentDeSecu, comme vous l’avez confirmé.")
        .note(format!("Vous n’avez rien confirmé ? Écrivez aussitôt à {}.", post.contact())),
        token: None,
        papers: Vec::new(),
        managers_of: None,
    }));
    notices
}

/// The operator declined a change of e-mail.
pub(crate) fn identifier_change_declined(post: &Post<'_>, account: &Account) -> Vec<Notice> {
    let change = account.identifier_change.as_ref();
    let Some(reason) = change.and_then(|change| change.declined.clone()) else {
        return Vec::new();
    };
    let letter = Letter::new(
        "identifier-declined",
        "Votre adresse de connexion ne change pas",
    )
    .say("Votre demande de changement d’adresse n’est pas acceptée. Voici pourquoi.")
    .say(reason)
    .note(format!("Pour en discuter, répondez à {}.", post.contact()));
    vec![post.to_account(account, letter)]
}

/// A client closed their account.
pub(crate) fn closed(post: &Post<'_>, account: &Account) -> Vec<Notice> {
    let Some(at) = account.closed_at else {
        return Vec::new();
    };
    let letter = Letter::new("account-closed", "Votre compte est fermé")
        .say(format!("Votre compte MonAgentDeSecu a été fermé à votre demande le {}. Vous ne pouvez plus vous y connecter, et vos appareils en sont déconnectés.", paris::french_date_time(at)))
        .say(retention::after_closure())
        .say("Pour obtenir une facture ou une copie de vos données, répondez à ce message.")
        .say("Cette adresse électronique est libre : vous pouvez ouvrir un nouveau compte quand vous le voulez.")
        .button("Aller sur le site", post.home())
        .note("Vous n’avez pas fermé ce compte ? Répondez à ce message sans attendre.");
    vec![post.to_account(account, letter)]
}

/// A client has not used their account for long: it will be closed.
pub(crate) fn inactive(post: &Post<'_>, account: &Account) -> Vec<Notice> {
    let unused = Kept::InactiveClients.rule().keeps.in_words();
    let left = INACTIVITY_WARNING.in_words();
    let letter = Letter::new("account-inactive", "Votre compte va être fermé")
        .say(format!("Vous n’avez plus utilisé votre compte MonAgentDeSecu depuis bientôt {unused}. Sans activité, il sera fermé dans {left} et ce qu’il contient, effacé ; les factures restent le temps que la loi impose."))
        .say("Pour le garder, il suffit de vous connecter.")
        .button("Me connecter", post.sign_in())
        .note("Vous pouvez aussi télécharger une copie de vos données depuis votre compte, ou ne rien faire.");
    vec![post.to_account(account, letter)]
}

/// It was closed.
pub(crate) fn lapsed(post: &Post<'_>, account: &Account) -> Vec<Notice> {
    let Some(at) = account.closed_at else {
        return Vec::new();
    };
    let letter = Letter::new("account-lapsed", "Votre compte est fermé, faute d’activité")
        .say(format!("Votre compte MonAgentDeSecu n’était plus utilisé : il a été fermé le {}, comme nous vous l’avions annoncé.", paris::french_date_time(at)))
        .say("Ce qu’il contenait est effacé dans les jours qui viennent. Les factures et les preuves de vos commandes restent le temps que la loi impose.")
        .button("Aller sur le site", post.home());
    vec![post.to_account(account, letter)]
}
