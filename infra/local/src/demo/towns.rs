//! The market around the first three professionals: in each of six towns, companies and people alone
//! sell the same at other prices, and every activity is sold somewhere.

use std::fmt::Write as _;

use domain::account::Account;
use domain::offer::Offer;
use domain::professional::Professional;
use serde_json::{Value, json};

use super::professionals::{Seller, mediator, people};
use super::{Stage, bookings, professionals};

struct Town {
    name: &'static str,
    postal_code: &'static str,
    departments: &'static [&'static str],
    firms: &'static [Firm],
}

/// What differs between those of a town.
struct Firm {
    n: u16,
    name: &'static str,
    /// None of who works alone, and charges no VAT.
    form: Option<&'static str>,
    street: &'static str,
    manager: (&'static str, &'static str),
    agents: &'static [(&'static str, &'static str)],
    headline: &'static str,
    specialities: &'static [&'static str],
    sells: &'static [Sold],
    /// The mark and what was said.
    reviews: &'static [(u8, &'static str)],
    picture: &'static [u8],
}

/// An activity, by its code; what an hour of day costs, in cents without VAT; what travelling costs.
struct Sold(&'static str, i64, i64, &'static str);

const SHOP: &[u8] = include_bytes!("pictures/shop.png");
const SITE: &[u8] = include_bytes!("pictures/site.png");
const STAGE: &[u8] = include_bytes!("pictures/stage.png");
const TOWER: &[u8] = include_bytes!("pictures/tower.png");
const DEPOT: &[u8] = include_bytes!("pictures/depot.png");
const HARBOUR: &[u8] = include_bytes!("pictures/harbour.png");

const HUMAN: &str = "human_surveillance";
const EVENT: &str = "event_security";
const DOG: &str = "dog_handling";
const FIRE: &str = "fire_safety";

const TOWNS: [Town; 6] = [
    Town {
        name: "Paris",
        postal_code: "75011",
        departments: &["75", "92", "93", "94"],
        firms: &[
            Firm {
                n: 11,
                name: "Ronde du Faubourg",
                form: Some("SAS"),
                street: "14 passage des Lanternes",
                manager: ("Mireille", "Astier"),
                agents: &[
                    ("Bakary", "Sow"),
                    ("Julie", "Nerval"),
                    ("Enzo", "Paoli"),
                    ("Aminata", "Diop"),
                ],
                headline: "Boutiques et bureaux de l’Est parisien, du premier café au dernier métro",
                specialities: &["Boutiques", "Bureaux", "Réceptions"],
                sells: &[
                    Sold(HUMAN, 2790, 0, "flexible"),
                    Sold(EVENT, 3050, 0, "moderate"),
                    Sold(FIRE, 2950, 0, "moderate"),
                ],
                reviews: &[
                    (
                        5,
                        "Deux agents à l’ouverture de notre galerie : discrets, élégants, attentifs.",
                    ),
                    (
                        4,
                        "Sérieux. La relève est arrivée cinq minutes en retard, on nous avait prévenus.",
                    ),
                ],
                picture: SHOP,
            },
            Firm {
                n: 12,
                name: "Belvédère Sûreté",
                form: Some("SARL"),
                street: "3 rue du Télégraphe optique",
                manager: ("Pascal", "Lorrain"),
                agents: &[
                    ("Nour", "Essaïdi"),
                    ("Victor", "Halimi"),
                    ("Chloé", "Jourdan"),
                ],
                headline: "Tours, sièges et chantiers gardés par des équipes qui restent",
                specialities: &["Bureaux", "Chantiers"],
                sells: &[
                    Sold(HUMAN, 2620, 1200, "moderate"),
                    Sold("video_protection", 3200, 0, "moderate"),
                    Sold("electronic_surveillance", 2500, 0, "flexible"),
                ],
                reviews: &[
                    (
                        5,
                        "La même équipe depuis trois semaines : elle connaît le chantier mieux que nous.",
                    ),
                    (
                        5,
                        "Compte rendu chaque matin à sept heures, photos comprises.",
                    ),
                    (4, "Alarmes suivies toute la nuit, un appel pour rien."),
                ],
                picture: TOWER,
            },
            Firm {
                n: 13,
                name: "Yasmine Haddad Protection",
                form: None,
                street: "27 rue des Quatre-Platanes",
                manager: ("Yasmine", "Haddad"),
                agents: &[("Yasmine", "Haddad")],
                headline: "Accompagnement de personnes, avec tact",
                specialities: &["Déplacements", "Réceptions"],
                sells: &[Sold("close_protection", 5200, 0, "strict")],
                reviews: &[(
                    5,
                    "Présence rassurante et invisible pendant deux jours de rendez-vous.",
                )],
                picture: TOWER,
            },
            Firm {
                n: 14,
                name: "Karim Belaïd Gardiennage",
                form: None,
                street: "9 villa du Lavoir",
                manager: ("Karim", "Belaïd"),
                agents: &[("Karim", "Belaïd")],
                headline: "Un agent, un numéro, une parole",
                specialities: &["Magasins", "Résidences"],
                sells: &[
                    Sold(HUMAN, 2480, 800, "flexible"),
                    Sold(EVENT, 2700, 800, "flexible"),
                ],
                reviews: &[
                    (
                        5,
                        "Il a calmé une file tendue avec deux phrases. On le redemande.",
                    ),
                    (4, "Très bien, disponible rarement."),
                ],
                picture: SHOP,
            },
        ],
    },
    Town {
        name: "Lyon",
        postal_code: "69007",
        departments: &["69", "01", "38"],
        firms: &[
            Firm {
                n: 15,
                name: "Confluent Gardiennage",
                form: Some("SAS"),
                street: "52 quai des Péniches",
                manager: ("Aurélie", "Chavanne"),
                agents: &[
                    ("Malik", "Zerrouki"),
                    ("Sandra", "Pinet"),
                    ("Théo", "Grange"),
                ],
                headline: "Commerces et entrepôts de la vallée du Rhône",
                specialities: &["Entrepôts", "Commerces"],
                sells: &[
                    Sold(HUMAN, 2550, 1000, "moderate"),
                    Sold(DOG, 2950, 1500, "moderate"),
                    Sold(EVENT, 2850, 1000, "moderate"),
                ],
                reviews: &[
                    (4, "Bon contact, rondes faites et notées."),
                    (
                        5,
                        "L’entrepôt n’a plus eu une seule intrusion depuis qu’ils passent.",
                    ),
                ],
                picture: DEPOT,
            },
            Firm {
                n: 16,
                name: "Les Veilleurs de la Colline",
                form: Some("SARL"),
                street: "6 montée des Deux-Lions",
                manager: ("Étienne", "Morel"),
                agents: &[("Fatou", "Keita"), ("Rémi", "Blanc")],
                headline: "Fêtes, mariages et concerts, le sourire et la fermeté",
                specialities: &["Mariages", "Concerts"],
                sells: &[
                    Sold(EVENT, 2700, 0, "flexible"),
                    Sold(HUMAN, 2700, 0, "flexible"),
                ],
                reviews: &[(
                    5,
                    "Nos invités ne les ont presque pas vus, et tout s’est bien passé.",
                )],
                picture: STAGE,
            },
            Firm {
                n: 17,
                name: "Nicolas Perrin Incendie",
                form: None,
                street: "18 rue de la Pompe-Neuve",
                manager: ("Nicolas", "Perrin"),
                agents: &[("Nicolas", "Perrin")],
                headline: "Service de sécurité incendie pour vos salons et vos chantiers",
                specialities: &["Salons", "Permis de feu"],
                sells: &[
                    Sold(FIRE, 2750, 1000, "moderate"),
                    Sold(HUMAN, 2600, 1000, "moderate"),
                ],
                reviews: &[
                    (
                        5,
                        "Précis sur les consignes, il a formé nos hôtesses en dix minutes.",
                    ),
                    (5, "Rigoureux et aimable."),
                ],
                picture: STAGE,
            },
        ],
    },
    Town {
        name: "Marseille",
        postal_code: "13002",
        departments: &["13", "83", "84"],
        firms: &[
            Firm {
                n: 18,
                name: "Calanque Sécurité",
                form: Some("SAS"),
                street: "40 boulevard des Grues",
                manager: ("Livia", "Santoni"),
                agents: &[("Mehdi", "Aroun"), ("Paul", "Ferrandi"), ("Samia", "Tahar")],
                headline: "Le port, les chantiers et les quais, de jour comme de nuit",
                specialities: &["Port", "Chantiers"],
                sells: &[
                    Sold(HUMAN, 2500, 1200, "flexible"),
                    Sold(DOG, 2900, 1200, "moderate"),
                    Sold(EVENT, 2750, 0, "moderate"),
                ],
                reviews: &[
                    (4, "Équipe solide, un peu bavarde au téléphone."),
                    (5, "Ils connaissent chaque portail du port."),
                ],
                picture: HARBOUR,
            },
            Firm {
                n: 19,
                name: "Mistral Convoi",
                form: Some("SAS"),
                street: "11 traverse du Coffre",
                manager: ("Bruno", "Esposito"),
                agents: &[
                    ("Carla", "Ruiz"),
                    ("Idriss", "Ben Ali"),
                    ("Jean", "Teissier"),
                ],
                headline: "Fonds, bijoux et œuvres, d’une porte à l’autre",
                specialities: &["Bijouteries", "Musées"],
                sells: &[Sold("cash_transport", 4800, 3000, "strict")],
                reviews: &[(5, "Tableaux enlevés et livrés à la minute dite.")],
                picture: DEPOT,
            },
            Firm {
                n: 20,
                name: "Anouk Valette Surveillance",
                form: None,
                street: "5 impasse des Figuiers",
                manager: ("Anouk", "Valette"),
                agents: &[("Anouk", "Valette")],
                headline: "Vos boutiques en de bonnes mains, entre Vieux-Port et Joliette",
                specialities: &["Boutiques"],
                sells: &[Sold(HUMAN, 2450, 0, "flexible")],
                reviews: &[(5, "Attentive aux clients comme aux voleurs.")],
                picture: SHOP,
            },
        ],
    },
    Town {
        name: "Toulouse",
        postal_code: "31000",
        departments: &["31", "82", "81"],
        firms: &[
            Firm {
                n: 21,
                name: "Garonne Sûreté Aérienne",
                form: Some("SAS"),
                street: "2 rue du Hangar-Bleu",
                manager: ("Hélène", "Castéra"),
                agents: &[("Yoann", "Delmas"), ("Leïla", "Chaoui"), ("Marc", "Pujol")],
                headline: "Contrôle des accès et des bagages, au sol et sans attente",
                specialities: &["Aérodromes", "Fret"],
                sells: &[Sold("airport_security", 3400, 0, "strict")],
                reviews: &[(5, "File fluide, consignes claires, équipe courtoise.")],
                picture: TOWER,
            },
            Firm {
                n: 22,
                name: "Brique Rose Gardiennage",
                form: Some("SARL"),
                street: "33 rue des Tuiliers",
                manager: ("Solène", "Rouquette"),
                agents: &[("Adrien", "Fabre"), ("Mariam", "Traoré"), ("Luc", "Sirven")],
                headline: "Chantiers et magasins de Toulouse, à un prix qui ne surprend pas",
                specialities: &["Chantiers", "Magasins"],
                sells: &[
                    Sold(HUMAN, 2450, 900, "moderate"),
                    Sold(EVENT, 2650, 900, "moderate"),
                    Sold(FIRE, 2700, 900, "moderate"),
                ],
                reviews: &[
                    (4, "Très correct, consignes suivies à la lettre."),
                    (5, "Enfin des rondes que l’on peut lire."),
                ],
                picture: SITE,
            },
            Firm {
                n: 23,
                name: "Omar Lasserre",
                form: None,
                street: "7 chemin du Moulin-à-Vent",
                manager: ("Omar", "Lasserre"),
                agents: &[("Omar", "Lasserre")],
                headline: "Le gardien de vos nuits toulousaines",
                specialities: &["Nuits", "Entrepôts"],
                sells: &[
                    Sold(HUMAN, 2520, 500, "flexible"),
                    Sold(DOG, 2880, 500, "flexible"),
                ],
                reviews: &[(
                    5,
                    "Il a repéré une fuite d’eau à trois heures du matin et nous a évité le pire.",
                )],
                picture: DEPOT,
            },
            Firm {
                n: 24,
                name: "Capitole Événements",
                form: Some("SAS"),
                street: "20 allée des Marronniers",
                manager: ("Damien", "Lafont"),
                agents: &[
                    ("Ana", "Pereira"),
                    ("Kévin", "Lacombe"),
                    ("Sofiane", "Amri"),
                    ("Maud", "Vidal"),
                ],
                headline: "Concerts et salons : quatre agents, un chef d’équipe, un plan",
                specialities: &["Concerts", "Salons", "Matchs"],
                sells: &[
                    Sold(EVENT, 2800, 0, "moderate"),
                    Sold(HUMAN, 2680, 0, "moderate"),
                ],
                reviews: &[
                    (5, "Quatre mille personnes, pas un incident."),
                    (4, "Bonne préparation, facture claire."),
                ],
                picture: STAGE,
            },
        ],
    },
    Town {
        name: "Nantes",
        postal_code: "44000",
        departments: &["44", "85", "49"],
        firms: &[
            Firm {
                n: 25,
                name: "Erdre Surveillance",
                form: Some("SAS"),
                street: "16 quai des Mariniers",
                manager: ("Gaëlle", "Thébaud"),
                agents: &[
                    ("Ismaël", "Touré"),
                    ("Nolwenn", "Riou"),
                    ("Antoine", "Braud"),
                ],
                headline: "Bureaux, chantiers navals et nuits tranquilles",
                specialities: &["Bureaux", "Chantiers navals"],
                sells: &[
                    Sold(HUMAN, 2580, 1000, "flexible"),
                    Sold(EVENT, 2780, 1000, "moderate"),
                    Sold(FIRE, 2780, 1000, "moderate"),
                ],
                reviews: &[
                    (5, "Ponctuels trois mois de suite."),
                    (4, "Agents agréables, consignes à répéter une fois."),
                ],
                picture: HARBOUR,
            },
            Firm {
                n: 26,
                name: "Anne Kervella Cynophile",
                form: None,
                street: "4 venelle du Four-à-Pain",
                manager: ("Anne", "Kervella"),
                agents: &[("Anne", "Kervella")],
                headline: "Un berger malinois et vingt ans de métier",
                specialities: &["Chantiers", "Dépôts"],
                sells: &[
                    Sold(DOG, 2820, 1500, "moderate"),
                    Sold(HUMAN, 2560, 1500, "moderate"),
                ],
                reviews: &[(5, "Le chantier n’a plus perdu un câble.")],
                picture: SITE,
            },
            Firm {
                n: 27,
                name: "Cabinet Lorient Enquêtes",
                form: Some("SARL"),
                street: "12 rue de la Vieille-Poste",
                manager: ("Irène", "Lorient"),
                agents: &[("Irène", "Lorient"), ("Mathis", "Gallet")],
                headline: "Des faits vérifiés, que votre avocat peut produire",
                specialities: &["Entreprises", "Assurances"],
                sells: &[Sold("private_investigation", 6500, 0, "strict")],
                reviews: &[(5, "Rapport sobre, daté, utile.")],
                picture: TOWER,
            },
        ],
    },
    Town {
        name: "Lille",
        postal_code: "59000",
        departments: &["59", "62"],
        firms: &[
            Firm {
                n: 28,
                name: "Beffroi Sécurité",
                form: Some("SAS"),
                street: "8 rue des Brasseurs",
                manager: ("Ludovic", "Vermeersch"),
                agents: &[
                    ("Sarah", "Delattre"),
                    ("Moussa", "Camara"),
                    ("Kenny", "Duhamel"),
                ],
                headline: "La braderie comme la boutique : on sait faire",
                specialities: &["Commerces", "Braderies"],
                sells: &[
                    Sold(HUMAN, 2480, 800, "moderate"),
                    Sold(EVENT, 2680, 800, "moderate"),
                    Sold(DOG, 2860, 1200, "moderate"),
                ],
                reviews: &[
                    (5, "Quinze heures de foule et toujours aimables."),
                    (4, "Bien, une relève à préciser."),
                ],
                picture: SHOP,
            },
            Firm {
                n: 29,
                name: "Rempart du Nord",
                form: Some("SAS"),
                street: "19 rue de la Citadelle-Basse",
                manager: ("Carole", "Wattier"),
                agents: &[("Jérôme", "Lenglet"), ("Hakim", "Saïdi")],
                headline: "Sites sensibles : une garde armée, un cadre strict",
                specialities: &["Sites sensibles"],
                sells: &[Sold("armed_surveillance", 4600, 1500, "strict")],
                reviews: &[(5, "Procédures irréprochables, communication simple.")],
                picture: TOWER,
            },
            Firm {
                n: 30,
                name: "Deûle Gardiennage",
                form: Some("SARL"),
                street: "25 quai du Canal-Neuf",
                manager: ("Manon", "Carlier"),
                agents: &[("Alexis", "Poulain"), ("Rachida", "Benmoussa")],
                headline: "Entrepôts et chantiers le long de la Deûle",
                specialities: &["Entrepôts", "Chantiers"],
                sells: &[
                    Sold(HUMAN, 2560, 600, "flexible"),
                    Sold(FIRE, 2680, 600, "flexible"),
                ],
                reviews: &[(4, "Rondes régulières, badges toujours en ordre.")],
                picture: DEPOT,
            },
            Firm {
                n: 31,
                name: "Hugo Lemaire Surveillance",
                form: None,
                street: "2 cour des Tisserands",
                manager: ("Hugo", "Lemaire"),
                agents: &[("Hugo", "Lemaire")],
                headline: "Votre boutique du Vieux-Lille, gardée comme la mienne",
                specialities: &["Boutiques"],
                sells: &[
                    Sold(HUMAN, 2450, 0, "flexible"),
                    Sold(EVENT, 2600, 0, "flexible"),
                ],
                reviews: &[(5, "Il connaît nos habitués par leur nom.")],
                picture: SHOP,
            },
        ],
    },
];

/// Writes them, with the missions that were reviewed. `clients` are those who booked.
pub(super) async fn opened(
    stage: &Stage,
    clients: &[Account],
) -> Result<Vec<(Professional, Offer)>, String> {
    let mut all = Vec::new();
    // The first professionals' missions have the numbers before.
    let mut mission = 10;
    for town in &TOWNS {
        for firm in town.firms {
            let (professional, offers) = professionals::write(stage, &seller(town, firm)).await?;
            // A mission of each offer in turn, so that every activity was sold.
            for ((mark, words), offer) in firm.reviews.iter().zip(offers.iter().cycle()) {
                let client = clients
                    .get(usize::from(mission) % clients.len().max(1))
                    .ok_or("nobody who booked")?;
                let said = (*mark, *words);
                bookings::write(stage, mission, client, &professional, offer, said).await?;
                mission += 1;
            }
            let first = offers.into_iter().next();
            all.push((professional, first.ok_or("a seller without an offer")?));
        }
    }
    Ok(all)
}

fn seller(town: &Town, firm: &Firm) -> Seller {
    let siren = with_check_digit(format!("9101{:04}", firm.n));
    let siret = with_check_digit(format!("{siren}0001"));
    let (who, promise) = if firm.form.is_some() {
        (
            "Une équipe salariée et formée",
            "Nous préparons la mission avec vous, nous venons à l’heure, et nous restons joignables du début à la fin.",
        )
    } else {
        (
            "Un agent indépendant",
            "Je prépare la mission avec vous, je viens à l’heure, et je reste joignable du début à la fin.",
        )
    };
    let specialities = firm.specialities.join(", ").to_lowercase();
    let mut profile = json!({
        "kind": if firm.form.is_some() { "legal" } else { "natural" },
        "legal_form": firm.form.unwrap_or("EI"), "denomination": firm.name, "siren": siren, "siret": siret,
        "registry": { "type": "rne" }, "vat_status": "franchise",
        "establishment": { "street": firm.street, "postal_code": town.postal_code, "town": town.name },
        "phone": format!("06 00 00 01 {:02}", firm.n),
        "description": format!("{who}, à {} et alentour, pour : {specialities}. Chaque mission est préparée et suivie d’un compte rendu.", town.name),
        "managers": people("mgr", firm.n, &[firm.manager]), "agents": people("agt", firm.n, firm.agents), "mediator": mediator(),
    });
    if firm.form.is_some() {
        profile["registry"] = json!({ "type": "rcs", "town": town.name });
        profile["vat_status"] = json!("registered");
        profile["vat_number"] = json!(vat_number(&siren));
    }
    Seller {
        n: firm.n,
        email: mailbox(firm.name),
        profile,
        page: json!({
            "headline": firm.headline,
            "presentation": format!("{}, à {} et dans les environs. {promise}", firm.headline, town.name),
            "specialities": firm.specialities, "languages": ["français"], "published": true,
        }),
        opens: ("06:00", "06:00"),
        offers: firm
            .sells
            .iter()
            .map(|sold| offer(town, firm, sold))
            .collect(),
        picture: Some(firm.picture),
    }
}

/// Nights and Sundays a tenth dearer, holidays twice, as is usual in the branch (IDCC 1351).
fn offer(town: &Town, firm: &Firm, Sold(activity, day, travel, cancellation): &Sold) -> Value {
    let (title, description) = sold_as(activity);
    json!({
        "title": title, "activity": activity, "description": description,
        "modalities": ["Poste fixe", "Rondes"], "departments": town.departments,
        "minimum_hours": 4, "notice_hours": 24, "maximum_agents": firm.agents.len(),
        "rates": { "day": day, "night": day * 11 / 10, "sunday": day * 11 / 10, "holiday": day * 2 },
        "travel": travel, "cancellation": cancellation,
    })
}

fn sold_as(activity: &str) -> (&'static str, &'static str) {
    match activity {
        EVENT => (
            "Sécurité de votre événement",
            "Accueil, filtrage et surveillance du public, pour une fête de cinquante personnes comme pour un concert.",
        ),
        DOG => (
            "Rondes avec chien",
            "Un agent et son chien pour vos nuits : rondes, levée de doute, présence qui dissuade.",
        ),
        FIRE => (
            "Sécurité incendie",
            "Rondes de prévention, permis de feu, accueil des secours et tenue du registre, par des agents qualifiés SSIAP.",
        ),
        "video_protection" => (
            "Exploitation de vos caméras",
            "Un agent devant vos écrans, sur votre site, qui voit et fait venir à temps.",
        ),
        "electronic_surveillance" => (
            "Télésurveillance de nuit",
            "Vos alarmes suivies et levées de doute, avec un compte rendu au matin.",
        ),
        "close_protection" => (
            "Protection rapprochée",
            "Accompagnement d’une personne pendant ses déplacements et ses rendez-vous.",
        ),
        "armed_surveillance" => (
            "Surveillance armée",
            "Garde d’un site sensible dans le cadre strict de la loi, après étude de la demande.",
        ),
        "airport_security" => (
            "Sûreté aéroportuaire",
            "Contrôle des personnes, des bagages et du fret, selon le programme de sûreté du lieu.",
        ),
        "cash_transport" => (
            "Transport de valeurs",
            "Fonds, bijoux et œuvres pris en charge d’une porte à l’autre, par un équipage complet.",
        ),
        "private_investigation" => (
            "Enquête pour les entreprises",
            "Recherches et constatations loyales, dans un rapport qui se produit en justice.",
        ),
        _ => (
            "Surveillance de vos locaux",
            "Contrôle des accès, rondes et main courante, de jour comme de nuit.",
        ),
    }
}

/// `Ronde du Faubourg` writes from `ronde-du-faubourg@…`.
fn mailbox(name: &str) -> String {
    format!(
        "{}@demo.monagentdesecu.fr",
        domain::typography::folded(name).replace(' ', "-")
    )
}

/// A number with the digit that makes it one (Luhn), as SIREN and SIRET have.
fn with_check_digit(mut digits: String) -> String {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(rank, digit)| match (rank % 2, digit) {
            (0, 5..) => 2 * digit - 9,
            (0, _) => 2 * digit,
            _ => digit,
        })
        .sum();
    let _ = write!(digits, "{}", (10 - sum % 10) % 10);
    digits
}

/// The VAT number of a SIREN: 12 and three times it, less what 97 divides.
fn vat_number(siren: &str) -> String {
    let number: u64 = siren.parse().unwrap_or_default();
    format!("FR{:02}{siren}", (12 + 3 * (number % 97)) % 97)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use domain::identifiers::{Siren, Siret, VatNumber};
    use domain::offer::{Activity, OfferTerms};

    use super::*;

    #[test]
    fn numbers_are_such_as_the_state_gives() {
        assert_eq!(with_check_digit("91000003".to_owned()), "910000033");
        assert_eq!(vat_number("910000033"), "FR04910000033");
        for town in &TOWNS {
            for firm in town.firms {
                let profile = seller(town, firm).profile;
                let text = |name: &str| profile[name].as_str().unwrap().to_owned();
                Siren::parse(&text("siren")).unwrap();
                Siret::parse(&text("siret")).unwrap();
                if firm.form.is_some() {
                    VatNumber::parse(&text("vat_number")).unwrap();
                }
            }
        }
    }

    #[test]
    fn three_or_more_in_each_of_six_towns_overlap_and_every_activity_is_sold() {
        let (mut sold, mut performed) = (BTreeSet::new(), BTreeSet::new());
        for town in &TOWNS {
            let mut prices: BTreeMap<Activity, BTreeSet<i64>> = BTreeMap::new();
            let (mut companies, mut alone) = (0, 0);
            for firm in town.firms {
                *if firm.form.is_some() {
                    &mut companies
                } else {
                    &mut alone
                } += 1;
                let mut exclusive = 0;
                for (place, offer) in seller(town, firm).offers.into_iter().enumerate() {
                    let terms: OfferTerms = serde_json::from_value(offer).unwrap();
                    terms.check().unwrap();
                    sold.insert(terms.activity);
                    if place < firm.reviews.len() {
                        performed.insert(terms.activity);
                    }
                    exclusive += usize::from(terms.activity.is_exclusive());
                    prices
                        .entry(terms.activity)
                        .or_default()
                        .insert(terms.rates.day.cents());
                }
                assert!(exclusive == 0 || firm.sells.len() == 1, "{}", firm.name);
            }
            assert!(town.firms.len() >= 3, "{}", town.name);
            assert!(companies >= 1 && alone >= 1, "{}", town.name);
            let compared = prices
                .get(&Activity::HumanSurveillance)
                .map_or(0, BTreeSet::len);
            assert!(compared >= 2, "{}: {compared} prices", town.name);
        }
        assert_eq!(sold.len(), Activity::ALL.len());
        assert_eq!(performed.len(), Activity::ALL.len());
    }
}
