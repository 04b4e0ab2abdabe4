//! Letters about reports of contents and questions. What somebody typed is in none of them: the address was not
//! proved, and must not be a way to send words to strangers.

use domain::identifiers::Email;
use domain::report::Report;
use domain::time::paris::french_date_time;

use crate::letter::Letter;
use crate::post::{Notice, Post};

/// Somebody reported a content or asked for help: the operator is told, and they that it was received.
pub(crate) fn reported(post: &Post<'_>, report: &Report) -> Vec<Notice> {
    if report.reason.is_help() {
        return asked(post, report);
    }
    let letter = Letter::new("operator-report", "Contenu signalé")
        .say(format!(
            "Un contenu d’une page de professionnel est signalé : {}.",
            report.reason.label()
        ))
        .button(
            "Ouvrir le signalement",
            format!("{}/admin/signalements/{}", post.site, report.id),
        );
    let received = Letter::new("reporter-received", "Votre signalement est enregistré")
        .say(format!(
            "Nous avons reçu le {} un signalement fait avec cette adresse électronique. Notre équipe l’examine et vous écrira sa décision.",
            french_date_time(report.reported_at)
        ))
        .note("Vous n’avez rien signalé ? Ignorez ce message : cette adresse ne sert à rien d’autre.");
    let mut notices: Vec<Notice> = post.to_operator(letter).into_iter().collect();
    notices.extend(
        report
            .email
            .as_ref()
            .map(|email| told(report, email, received)),
    );
    notices
}

fn asked(post: &Post<'_>, report: &Report) -> Vec<Notice> {
    let letter = Letter::new("operator-question", "Une question vous attend")
        .say(format!("Quelqu’un demande de l’{}.", report.reason.label()))
        .button(
            "Lire et répondre",
            format!("{}/admin/signalements/{}", post.site, report.id),
        );
    let received = Letter::new("help-received", "Votre question est enregistrée")
        .say(format!(
            "Nous avons reçu le {} une question posée avec cette adresse électronique. Notre équipe vous répond par courriel.",
            french_date_time(report.reported_at)
        ))
        .note("Vous n’avez rien demandé ? Ignorez ce message : cette adresse ne sert à rien d’autre.");
    let mut notices: Vec<Notice> = post.to_operator(letter).into_iter().collect();
    let to = report.email.as_ref();
    notices.extend(to.map(|email| told(report, email, received)));
    notices
}

/// A report was decided, or a question answered.
pub(crate) fn decided(post: &Post<'_>, report: &Report) -> Vec<Notice> {
    let (Some(email), Some(decision)) = (&report.email, &report.decision) else {
        return Vec::new();
    };
    if report.reason.is_help() {
        let letter = Letter::new("help-answered", "Réponse à votre question")
            .say(format!(
                "Vous nous avez écrit le {}. Voici notre réponse.",
                french_date_time(report.reported_at)
            ))
            .say(decision.text.clone())
            .note(format!(
                "Une autre question ? Écrivez à {}.",
                post.contact()
            ));
        return vec![told(report, email, letter)];
    }
    let letter = Letter::new("reporter-decided", "Votre signalement a été examiné")
        .say(format!(
            "Votre signalement du {} a été examiné. Voici ce qui a été décidé.",
            french_date_time(report.reported_at)
        ))
        .say(decision.text.clone())
        .note(format!(
            "Pour contester cette décision, écrivez à {}. Vous pouvez aussi saisir le juge.",
            post.contact()
        ));
    vec![told(report, email, letter)]
}

fn told(report: &Report, email: &Email, letter: Letter) -> Notice {
    Notice {
        recipient: report.id.to_string(),
        to: email.clone(),
        letter,
        token: None,
        papers: Vec::new(),
        managers_of: None,
    }
}
