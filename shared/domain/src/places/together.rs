//! Whether a postal code and a commune belong together.

use thiserror::Error;

use super::understood::{communes_named, department_of_code};
use super::{Place, PlaceRefused, PostalCode, folded, resolve, spell_out, without_district};

/// A postal code that is not the commune's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("Le code postal {code} est celui {}, pas de « {town} ».", crate::typography::of(.of))]
pub struct NotTogether {
    code: PostalCode,
    of: String,
    town: String,
}

impl NotTogether {
    /// The stable code of the refusal.
    pub const CODE: &'static str = "postal_code_of_another_town";
}

/// The most communes of a postal code that are named.
const MOST_NAMED: usize = 3;

/// The commune that a postal code and a name stand for.
///
/// The name may be a former one, shortened (`La Teste`), or go on (`Nantes Cedex 1`, `Lyon 3e`), unless
/// what was written is another commune. A code that no commune has is one of companies (CEDEX): the
/// commune is then of the department that the code begins with.
pub fn together(code: &PostalCode, town: &str) -> Result<Place, NotTogether> {
    let at_code = resolve(code.as_str()).unwrap_or_default();
    let named = communes_named(town).unwrap_or_default();
    let found = if at_code.is_empty() {
        companies(code, town, &named)
    } else {
        let same = |place: &&Place| {
            named
                .iter()
                .any(|one| one.town == place.town && one.department == place.department)
        };
        let alike = |place: &&Place| named.is_empty() && is_like(place.town, town);
        at_code
            .iter()
            .find(same)
            .or_else(|| at_code.iter().find(alike))
            .copied()
    };
    found.ok_or_else(|| NotTogether {
        of: said(code, &at_code),
        code: code.clone(),
        town: town.trim().to_owned(),
    })
}

/// Whether one name begins with the other, whole words alone.
fn is_like(name: &str, typed: &str) -> bool {
    let name = spell_out(&folded(name));
    let typed = spell_out(&without_district(&folded(typed)));
    let begins = |long: &str, short: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    typed.len() >= 3 && (begins(&name, &typed) || begins(&typed, &name))
}

/// The commune of a code that is of companies alone.
fn companies(code: &PostalCode, town: &str, named: &[Place]) -> Option<Place> {
    let department = department_of_code(code)?;
    let of_department = |place: &&Place| place.department == department;
    if let Some(place) = named.iter().find(of_department) {
        return Some(*place);
    }
    // `Paris La Défense` is the post office of three communes of the Hauts-de-Seine.
    if department.code() == "92" && folded(town).starts_with("paris la defense") {
        return resolve("Puteaux").ok()?.first().copied();
    }
    // `Nantes Beaulieu`: the name goes on after the commune's.
    let words: Vec<&str> = town.split_whitespace().collect();
    (1..words.len()).rev().find_map(|count| {
        let begun = words.get(..count)?.join(" ");
        let places: Result<Vec<Place>, PlaceRefused> = resolve(&begun);
        places.ok()?.iter().find(of_department).copied()
    })
}

/// The communes of a code, for people; the department of one that is of companies alone.
fn said(code: &PostalCode, at_code: &[Place]) -> String {
    if at_code.is_empty() {
        return department_of_code(code).map_or_else(
            || "nulle part".to_owned(),
            |department| format!("{} ({})", department.name(), department.code()),
        );
    }
    let names: Vec<&str> = at_code.iter().map(|place| place.town).collect();
    match names.get(..MOST_NAMED) {
        Some(first) if names.len() > MOST_NAMED => format!("{} et d’autres", first.join(", ")),
        Some(_) | None => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, town: &str) -> Result<&'static str, String> {
        let code = PostalCode::parse(code).unwrap();
        together(&code, town)
            .map(|place| place.town)
            .map_err(|refused| refused.to_string())
    }

    #[test]
    fn a_postal_code_and_its_commune_belong_together() {
        for (code, town, place) in [
            ("44000", "Nantes", "Nantes"),
            ("44000", "NANTES", "Nantes"),
            ("44000", "Nantes Cedex 1", "Nantes"),
            ("69003", "Lyon", "Lyon"),
            ("69003", "Lyon 3e", "Lyon"),
            ("69003", "Lyon 3e arrondissement", "Lyon"),
            ("75116", "Paris 16", "Paris"),
            ("42000", "St-Etienne", "Saint-Étienne"),
            ("42000", "Saint-E\u{301}tienne", "Saint-Étienne"),
            ("33260", "La Teste", "La Teste-de-Buch"),
            ("93210", "Saint-Denis La Plaine", "Saint-Denis"),
            ("74940", "Annecy-le-Vieux", "Annecy"),
            ("50100", "Cherbourg", "Cherbourg-en-Cotentin"),
            ("91000", "Évry", "Évry-Courcouronnes"),
            ("21340", "Change", "Change"),
            ("69401", "Lyon Cedex 03", "Lyon"),
            ("44041", "Nantes Cedex 1", "Nantes"),
            ("92055", "Paris La Défense Cedex", "Puteaux"),
            ("20700", "Ajaccio", "Ajaccio"),
        ] {
            assert_eq!(check(code, town).as_deref(), Ok(place), "{code} {town}");
        }
    }

    #[test]
    fn a_commune_that_is_elsewhere_is_refused_and_the_right_one_named() {
        for (code, town, said) in [
            ("44000", "Strasbourg", "Nantes"),
            ("67000", "Nantes", "Strasbourg"),
            ("75001", "Lyon", "Paris"),
            ("63000", "Clermont", "Clermont-Ferrand"),
            // Another commune, though its name begins with that of the code.
            ("44000", "Nantes-en-Ratier", "Nantes"),
            ("44000", "Trifouillis", "Nantes"),
            ("44000", "", "Nantes"),
            ("69401", "Marseille", "Rhône (69)"),
        ] {
            let refused = check(code, town).unwrap_err();
            assert!(refused.contains(&format!("celui de {said}")), "{refused}");
        }
        assert_eq!(
            check("44000", "Strasbourg").unwrap_err(),
            "Le code postal 44000 est celui de Nantes, pas de « Strasbourg »."
        );
        assert_eq!(
            check("49000", "Nantes").unwrap_err(),
            "Le code postal 49000 est celui d’Angers, Écouflant, pas de « Nantes »."
        );
    }
}
