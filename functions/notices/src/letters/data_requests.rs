//! Letters about requests about data. What was typed by somebody whose address was not proved is in none.

use adapters::store::TokenPurpose;
use domain::data_request::{DataRequest, Outcome};
use domain::event::DataStep;
use domain::time::paris::{french_date, french_date_time, local_date};

use crate::letter::Letter;
use crate::post::{Notice, Post};

/// The letters of one step.
pub(crate) fn moved(post: &Post<'_>, request: &DataRequest, step: DataStep) -> Vec<Notice> {
    match step {
        DataStep::ToProve => to_prove(post, request),
        DataStep::Received => received(post, request),
        DataStep::Lengthened => lengthened(request),
        DataStep::Answered => answered(request),
    }
}

fn told(request: &DataRequest, letter: Letter) -> Notice {
    Notice {
        recipient: request.id.to_string(),
        to: request.email.clone(),
        letter,
        token: None,
        papers: Vec::new(),
        managers_of: None,
    }
}

fn due(request: &DataRequest) -> String {
    french_date(local_date(request.due_at()))
}

fn to_prove(post: &Post<'_>, request: &DataRequest) -> Vec<Notice> {
    let (link, token) = post.token_link(TokenPurpose::ProveDataRequest(request.id.clone()));
    let letter = Letter::new("data-request-to-prove", "Confirmez votre demande")
        .say("Une demande sur des données personnelles vient d’être faite sur MonAgentDeSecu avec cette adresse électronique. Confirmez-la pour qu’elle soit enregistrée : notre délai de réponse court de là.")
        .button("Confirmer ma demande", link)
        .note("Ce lien est valable 7 jours. Vous n’avez rien demandé ? Ignorez ce message : la demande disparaît d’elle-même.");
    vec![told(request, letter).carrying(token)]
}

fn received(post: &Post<'_>, request: &DataRequest) -> Vec<Notice> {
    let letter = Letter::new("data-request-received", "Votre demande est enregistrée")
        .say(format!(
            "Nous avons enregistré votre demande du {}. Une personne l’examine et vous répond à cette adresse.",
            french_date_time(request.received_at)
        ))
        .fact("Demande", request.right.label())
        .fact("Réponse au plus tard le", due(request))
        .note("Si ce délai devait être prolongé, nous vous dirions pourquoi avant cette date.");
    let operator = Letter::new("operator-data-request", "Demande sur des données")
        .say(format!(
            "Une demande attend votre réponse : {}.",
            request.right.label()
        ))
        .fact("À répondre avant le", due(request))
        .button(
            "Ouvrir la demande",
            format!("{}/admin/demandes/{}", post.site, request.id),
        );
    std::iter::once(told(request, letter))
        .chain(post.to_operator(operator))
        .collect()
}

fn lengthened(request: &DataRequest) -> Vec<Notice> {
    let Some(lengthening) = &request.lengthening else {
        return Vec::new();
    };
    let letter = Letter::new(
        "data-request-lengthened",
        "Il nous faut plus de temps pour répondre à votre demande",
    )
    .say(format!(
        "Votre demande du {} est toujours examinée. Voici pourquoi il nous faut plus de temps.",
        french_date_time(request.received_at)
    ))
    .say(lengthening.reason.clone())
    .fact("Réponse au plus tard le", due(request))
    .note("Vous pouvez adresser une réclamation à la CNIL : www.cnil.fr/fr/plaintes.");
    vec![told(request, letter)]
}

fn answered(request: &DataRequest) -> Vec<Notice> {
    let Some(answer) = &request.answer else {
        return Vec::new();
    };
    let letter = Letter::new("data-request-answered", "Réponse à votre demande")
        .say(format!(
            "Votre demande du {} est {}.",
            french_date_time(request.received_at),
            answer.outcome.label()
        ))
        .fact("Demande", request.right.label())
        .say(answer.text.clone());
    let letter = match answer.outcome {
        Outcome::Granted => letter,
        Outcome::PartlyGranted | Outcome::Refused => letter
            .say("Vous pouvez adresser une réclamation à la CNIL, www.cnil.fr/fr/plaintes, ou saisir le juge."),
    };
    vec![told(request, letter)]
}
