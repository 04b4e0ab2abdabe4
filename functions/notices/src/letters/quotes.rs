//! Letters about requests for quotes.

use domain::quotes::{QuoteReply, QuoteRequest, QuoteRequestState, QuoteStep};
use jiff::Timestamp;

use super::brief;
use crate::files::QuoteFile;
use crate::letter::{Letter, one_line};
use crate::post::{Notice, Post};

/// What came of a request, told to the one whom it concerns.
pub(crate) fn moved(post: &Post<'_>, file: &QuoteFile, step: QuoteStep) -> Vec<Notice> {
    let notice = match step {
        QuoteStep::Asked => asked(
            post,
            file,
            "Demande de devis",
            "professional-quote-asked",
            "Un client vous demande un devis pour une mission. Deux minutes suffisent : le prix de vos tarifs est déjà calculé, vous le confirmez ou vous en proposez un autre.",
        ),
        QuoteStep::AnswerDue => asked(
            post,
            file,
            "Rappel",
            "professional-quote-reminder",
            "Un client attend toujours votre devis. Passé le délai, sa demande ne reçoit plus de réponse.",
        ),
        QuoteStep::Quoted => quoted(post, file),
        QuoteStep::ChoiceDue => choice_due(post, file),
        QuoteStep::Unanswered => unanswered(post, file),
        QuoteStep::NotChosen => not_chosen(post, file),
    };
    notice.into_iter().collect()
}

/// By the clocks of the mission's place, which are always named: a delay to keep.
fn limit(request: &QuoteRequest, moment: Timestamp) -> String {
    let zone = request.mission.zone();
    format!("{} ({})", zone.french_date_time(moment), zone.view().label)
}

/// The town and its department, without coordinates.
fn town(request: &QuoteRequest) -> String {
    let town = request.town_before_contract();
    let department = request.mission.place.department.code();
    format!("{} ({department})", one_line(&town))
}

fn with_mission(letter: Letter, request: &QuoteRequest) -> Letter {
    let mission = &request.mission;
    letter
        .fact("Prestation", mission.activity.label())
        .fact("Dates", mission.dates())
        .fact("Agents", mission.agents.to_string())
        .fact("Lieu", town(request))
}

fn asked(
    post: &Post<'_>,
    file: &QuoteFile,
    word: &str,
    template: &'static str,
    reason: &str,
) -> Option<Notice> {
    let (request, professional) = (&file.request, file.professional.as_ref()?);
    let asked = request.of(&professional.id)?;
    // Between the event and this mail it may have been answered or given up.
    if request.state != QuoteRequestState::Open || asked.reply != QuoteReply::Awaited {
        return None;
    }
    let until = request.mission.zone().named_date_time(request.answer_by);
    let subject = format!(
        "{word} à {} : répondez avant le {until}",
        brief(&town(request))
    );
    let letter = Letter::new(template, subject).say(reason);
    let letter = with_mission(letter.fact("Votre offre", &asked.offer_title), request)
        .fact("Répondez avant le", limit(request, request.answer_by))
        .button("Voir la demande et répondre", post.quote_to_give(&request.id))
        .note("Un devis vous engage jusqu’à la date que vous fixez : si le client le commande, la mission est conclue à ce prix, sous réserve que vos agents soient encore libres. Le client et l’adresse exacte vous sont communiqués à ce moment.");
    Some(post.to_office(professional, letter))
}

fn quoted(post: &Post<'_>, file: &QuoteFile) -> Option<Notice> {
    let request = &file.request;
    let asked = request.of(&file.professional.as_ref()?.id)?;
    let quoted = asked.quoted()?;
    let subject = format!(
        "Devis de {} TTC : {}",
        quoted.price.total,
        brief(&asked.name)
    );
    let letter = Letter::new("client-quote-received", subject).say(format!(
        "{} vous propose un prix pour votre mission. Rien n’est débité : vous comparez les réponses et choisissez.",
        asked.name
    ));
    let letter = with_mission(letter.fact("Professionnel", &asked.name), request)
        .fact("Total TTC", quoted.price.total.to_string());
    let letter = match quoted.price.hourly(&request.priced()) {
        Some(hourly) => letter.fact("Par agent et par heure, tout compris", hourly.to_string()),
        None => letter,
    };
    let letter = letter
        .fact("Valable jusqu’au", limit(request, quoted.valid_until))
        .button("Comparer les devis", post.quote_request(&request.id));
    Some(post.to_account(&file.client, letter))
}

fn choice_due(post: &Post<'_>, file: &QuoteFile) -> Option<Notice> {
    let request = &file.request;
    let until = request.last_valid()?;
    if request.state != QuoteRequestState::Open {
        return None;
    }
    let letter = Letter::new(
        "client-quotes-end-soon",
        "Vos devis ne seront bientôt plus valables",
    )
    .say(format!(
        "Le dernier devis que vous avez reçu pour cette mission vaut jusqu’au {}. Ensuite, votre demande est close ; rien n’est débité.",
        limit(request, until)
    ));
    let letter = with_mission(letter, request)
        .button("Comparer et choisir", post.quote_request(&request.id));
    Some(post.to_account(&file.client, letter))
}

fn unanswered(post: &Post<'_>, file: &QuoteFile) -> Option<Notice> {
    let letter = Letter::new("client-quotes-unanswered", "Aucun devis pour votre mission")
        .say("Aucun des professionnels interrogés n’a proposé de prix. Votre demande est close, rien n’est débité.")
        .say("Vous pouvez interroger d’autres professionnels avec la même mission : tout est repris.");
    let letter = with_mission(letter, &file.request)
        .button("Demander à d’autres", post.quote_request(&file.request.id));
    Some(post.to_account(&file.client, letter))
}

fn not_chosen(post: &Post<'_>, file: &QuoteFile) -> Option<Notice> {
    let (request, professional) = (&file.request, file.professional.as_ref()?);
    let why = match request.state {
        QuoteRequestState::Ordered { .. } => "Le client a commandé un autre devis.",
        QuoteRequestState::Withdrawn { .. } => "Le client a abandonné sa demande.",
        QuoteRequestState::Ended { .. } | QuoteRequestState::Open => {
            "Le client n’a commandé aucun devis avant la fin de leur validité."
        }
    };
    let letter = Letter::new(
        "professional-quote-not-chosen",
        format!("Votre devis à {} n’a pas été retenu", brief(&town(request))),
    )
    .say(format!("{why} Votre devis ne vous engage plus."));
    let letter =
        with_mission(letter, request).button("Voir mes demandes de devis", post.quotes_to_give());
    Some(post.to_professional(professional, letter))
}
