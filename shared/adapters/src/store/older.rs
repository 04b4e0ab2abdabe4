//! How bodies that earlier releases stored become those of today (decision 0062). A function for each
//! step, with the words of its time: nothing here follows a later change of them.

use serde_json::{Value, json};

/// Grounds of decisions as the first shape of a professional told them.
const GROUNDS: [(&str, &str); 8] = [
    (
        "atteinte au bon fonctionnement du service",
        "service_disturbed",
    ),
    ("atteinte aux droits de tiers", "rights_of_others"),
    ("atteinte à la réputation de la plateforme", "reputation"),
    ("non-respect des conditions générales", "terms_broken"),
    ("mésusage des identifiants", "credentials_misused"),
    ("titre ou assurance manquant", "titles_missing"),
    ("autre motif", "other"),
    ("souhait du professionnel", "own_wish"),
];

/// Kinds of measures, likewise.
const MEASURES: [(&str, &str); 6] = [
    ("Suspension du compte", "suspension"),
    ("Fermeture du compte", "closure"),
    ("Résiliation avec préavis de deux mois", "termination"),
    ("Résiliation immédiate", "immediate_termination"),
    ("Désinscription demandée par le professionnel", "departure"),
    (
        "Résiliation demandée par le professionnel, avec préavis de deux mois",
        "resignation",
    ),
];

/// How decisions ended, likewise.
const ENDS: [(&str, &str); 7] = [
    ("levé", "lifted"),
    ("levée", "lifted"),
    ("révoquée", "revoked"),
    ("remplacée", "replaced"),
    ("terminée", "expired"),
    ("retirée par le professionnel", "withdrawn"),
    ("régularisée", "remedied"),
];

fn code(words: &[(&str, &'static str)], said: &str) -> Option<&'static str> {
    let found = words.iter().find(|(known, _)| *known == said);
    found.map(|(_, code)| *code)
}

/// Past decisions were two sentences; they are what was decided, and how it ended. A sentence that no
/// release wrote stays, and the record is then refused as it is read.
pub(super) fn professional_from_1(mut body: Value) -> Value {
    let past = body
        .pointer_mut("/standing/past")
        .and_then(Value::as_array_mut);
    for past in past.into_iter().flatten() {
        let decided = past["what"].as_str().and_then(decided);
        let ended = past["outcome"].as_str().and_then(|said| code(&ENDS, said));
        if let (Some(decided), Some(ended), Some(fields)) = (decided, ended, past.as_object_mut()) {
            fields.remove("what");
            fields.remove("outcome");
            fields.insert("decided".to_owned(), decided);
            fields.insert("ended".to_owned(), json!(ended));
        }
    }
    body
}

fn decided(what: &str) -> Option<Value> {
    if let Some(text) = what.strip_prefix("Mise en demeure : ") {
        return Some(json!({ "type": "formal_notice", "text": text }));
    }
    // A title and a text may hold anything; what stands behind the last colon is the ground.
    let (what, ground) = what.rsplit_once(" : ")?;
    let ground = code(&GROUNDS, ground)?;
    if what == "Masquage" {
        return Some(json!({ "type": "hiding", "ground": ground }));
    }
    if let Some(title) = what.strip_prefix("Masquage de l’offre « ") {
        let title = title.strip_suffix(" »")?;
        return Some(json!({ "type": "offer_hiding", "title": title, "ground": ground }));
    }
    let kind = code(&MEASURES, what)?;
    Some(json!({ "type": "measure", "kind": kind, "ground": ground }))
}

#[cfg(test)]
mod tests {
    use domain::professional::PastDecision;

    use super::*;

    #[test]
    fn each_sentence_of_the_first_shape_becomes_what_it_said() {
        for (what, outcome, decided, ended) in [
            (
                "Masquage : atteinte aux droits de tiers",
                "levé",
                json!({ "type": "hiding", "ground": "rights_of_others" }),
                "lifted",
            ),
            (
                "Masquage de l’offre « Rondes » : le soir » : autre motif",
                "levé",
                json!({ "type": "offer_hiding", "title": "Rondes » : le soir", "ground": "other" }),
                "lifted",
            ),
            (
                "Suspension du compte : non-respect des conditions générales",
                "levée",
                json!({ "type": "measure", "kind": "suspension", "ground": "terms_broken" }),
                "lifted",
            ),
            (
                "Résiliation demandée par le professionnel, avec préavis de deux mois : souhait du professionnel",
                "retirée par le professionnel",
                json!({ "type": "measure", "kind": "resignation", "ground": "own_wish" }),
                "withdrawn",
            ),
            (
                "Mise en demeure : Fournissez ceci : l’attestation.",
                "régularisée",
                json!({ "type": "formal_notice", "text": "Fournissez ceci : l’attestation." }),
                "remedied",
            ),
        ] {
            let at = "2026-11-23T10:00:00Z";
            let past = json!({ "what": what, "outcome": outcome, "at": at, "over_at": at });
            let body = json!({ "id": "pro_1", "standing": { "past": [past] } });
            let today = professional_from_1(body);
            let expected = json!({ "decided": decided, "ended": ended, "at": at, "over_at": at });
            assert_eq!(today["standing"]["past"], json!([expected]));
            assert_eq!(today["id"], "pro_1");
            // Told in the same words as before.
            let past: PastDecision = serde_json::from_value(expected).unwrap();
            assert_eq!((past.what().as_str(), past.outcome()), (what, outcome));
        }
    }

    #[test]
    fn every_word_of_the_first_shape_has_one_today() {
        for (_, ground) in GROUNDS {
            for (_, kind) in MEASURES {
                for (_, ended) in ENDS {
                    let past = json!({
                        "decided": { "type": "measure", "kind": kind, "ground": ground },
                        "ended": ended,
                        "at": "2026-11-23T10:00:00Z",
                        "over_at": "2026-11-23T10:00:00Z",
                    });
                    serde_json::from_value::<PastDecision>(past).unwrap();
                }
            }
        }
    }
}
