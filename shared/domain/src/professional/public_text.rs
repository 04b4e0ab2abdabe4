//! What a text before the public may not say: no way round the platform, nothing that takes the trade for
//! the police (CSI, R631-12), no weapon put forward (CSI, R631-11).

use super::RegistrationRefused;
use crate::offer::Activity;

/// Whether a text may name weapons: only where the activity is exercised with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weapons {
    /// Surveillance with a weapon and cash transport say so.
    Named,
    /// Everything else is done without.
    NotNamed,
}

impl Weapons {
    /// What an offer of this activity may say.
    pub fn of(activity: Activity) -> Self {
        match activity {
            Activity::ArmedSurveillance | Activity::CashTransport => Self::Named,
            Activity::HumanSurveillance
            | Activity::EventSecurity
            | Activity::DogHandling
            | Activity::ElectronicSurveillance
            | Activity::VideoProtection
            | Activity::CloseProtection
            | Activity::AirportSecurity
            | Activity::PrivateInvestigation
            | Activity::FireSafety => Self::NotNamed,
        }
    }
}

/// Ranks of the public force, in the forms in which they are written.
const RANKS: [&str; 16] = [
    "policier",
    "policiers",
    "policiere",
    "policieres",
    "gendarme",
    "gendarmes",
    "militaire",
    "militaires",
    "douanier",
    "douaniers",
    "douaniere",
    "douanieres",
    "legionnaire",
    "legionnaires",
    "crs",
    "gign",
];
/// Bodies that one may have left.
const BODIES: [&str; 5] = ["police", "gendarmerie", "armee", "douane", "legion"];
/// What makes a rank a former one.
const FORMER: [&str; 11] = [
    "ancien",
    "anciens",
    "ancienne",
    "anciennes",
    "anciennement",
    "ex",
    "retraite",
    "retraites",
    "retraitee",
    "retraitees",
    "issu",
];
/// What a rank may be of: words between the two.
const BETWEEN: [&str; 9] = ["de", "du", "des", "la", "le", "l", "d", "les", "officier"];
/// Weapons, and who carries one.
const WEAPONS: [&str; 27] = [
    "arme",
    "armes",
    "armee",
    "armees",
    "pistolet",
    "pistolets",
    "revolver",
    "revolvers",
    "fusil",
    "fusils",
    "carabine",
    "carabines",
    "taser",
    "tasers",
    "flashball",
    "matraque",
    "matraques",
    "tonfa",
    "tonfas",
    "lacrymogene",
    "lacrymogenes",
    "gazeuse",
    "baionnette",
    "calibre",
    "glock",
    "poignard",
    "poignards",
];
/// What says that there is no weapon.
const WITHOUT: [&str; 5] = ["sans", "non", "aucune", "ni", "pas"];

/// Checks a text that the public reads.
pub fn check_public_text(text: &str, weapons: Weapons) -> Result<(), RegistrationRefused> {
    let plain = deunicode::deunicode(text).to_lowercase();
    let digits_in_a_row = plain
        .split(|letter: char| !(letter.is_ascii_digit() || matches!(letter, ' ' | '.' | '-')))
        .map(|run| run.bytes().filter(u8::is_ascii_digit).count())
        .max()
        .unwrap_or(0);
    if digits_in_a_row >= 9
        || plain.contains('@')
        || plain.contains("http")
        || plain.contains("www.")
    {
        return Err(RegistrationRefused::Description(
            "Le texte ne doit contenir ni numéro de téléphone, ni adresse électronique, ni lien.",
        ));
    }
    let words: Vec<&str> = plain
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if claims_a_rank(&words) {
        return Err(RegistrationRefused::Description(
            "La qualité d’ancien policier, gendarme ou militaire ne peut pas être mise en avant (CSI, art. R631-12).",
        ));
    }
    if poses_as_police(&words) {
        return Err(RegistrationRefused::Description(
            "Le texte ne doit pas faire penser à un service public de police : écrivez « agent de sécurité », et « les forces de l’ordre » s’il s’agit de les prévenir (CSI, art. R631-12).",
        ));
    }
    if weapons == Weapons::NotNamed && names_a_weapon(&words) {
        return Err(RegistrationRefused::Description(
            "Le texte ne doit mettre en avant aucune arme : cette activité s’exerce sans arme (CSI, art. R631-11).",
        ));
    }
    Ok(())
}

/// `ancien policier`, `ex-gendarmes`, `retraité de la gendarmerie`.
fn claims_a_rank(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(place, word)| {
        let mut after = words.iter().skip(place + 1);
        FORMER.contains(word)
            && after
                .find(|next| !BETWEEN.contains(next))
                .is_some_and(|next| RANKS.contains(next) || BODIES.contains(next))
    })
}

/// `police privée`, `nos policiers`; an insurance policy is another thing.
fn poses_as_police(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(place, word)| {
        let next = words.get(place + 1).copied().unwrap_or_default();
        match *word {
            "police" | "polices" => !matches!(next, "d" | "assurance" | "rc" | "n" | "numero"),
            "policier" | "policiers" | "policiere" | "policieres" | "sherif" | "assermente"
            | "assermentes" | "assermentee" | "assermentees" => true,
            _ => false,
        }
    })
}

/// `agents armés`, `arme de poing`; `sans arme` and `non armé` say the contrary.
fn names_a_weapon(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(place, word)| {
        let before = place.checked_sub(1).and_then(|before| words.get(before));
        // « L’armée » is not a weapon.
        let army = *word == "armee" && matches!(before, Some(&"l"));
        WEAPONS.contains(word) && !army && !before.is_some_and(|before| WITHOUT.contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_passes_for_the_police_or_puts_a_weapon_forward() {
        for (text, refused) in [
            ("Rondes et contrôle des accès, de nuit comme de jour.", None),
            ("Agents non armés, sans arme ni chien.", None),
            (
                "Levée de doute sur alarme, puis appel des forces de l’ordre.",
                None,
            ),
            ("Assurés par la police d’assurance RC-2026.", None),
            (
                "Gardiennage près du site militaire de la base aérienne.",
                None,
            ),
            ("Deux anciens policiers dans l’équipe.", Some("R631-12")),
            ("Ex-gendarme à votre service.", Some("R631-12")),
            ("Retraité de la gendarmerie nationale.", Some("R631-12")),
            ("Ancien officier de police.", Some("R631-12")),
            ("Une police privée pour votre quartier.", Some("R631-12")),
            ("Nos agents assermentés interviennent.", Some("R631-12")),
            ("Des agents armés pour votre soirée.", Some("R631-11")),
            ("Équipés de tasers et de matraques.", Some("R631-11")),
            ("Port d’une arme de poing sur demande.", Some("R631-11")),
            ("Bombe lacrymogène à la ceinture.", Some("R631-11")),
            ("Joignez-nous au 06 12 34 56 78.", Some("téléphone")),
        ] {
            let said = check_public_text(text, Weapons::NotNamed);
            match refused {
                None => assert_eq!(said, Ok(()), "{text}"),
                Some(why) => {
                    let said = said.expect_err(text).to_string();
                    assert!(said.contains(why), "{text}: {said}");
                }
            }
        }
        let armed = "Surveillance armée par des agents habilités.";
        assert_eq!(check_public_text(armed, Weapons::Named), Ok(()));
        assert!(check_public_text(armed, Weapons::NotNamed).is_err());
        let police = "Surveillance armée, comme la police.";
        assert!(check_public_text(police, Weapons::Named).is_err());
    }
}
