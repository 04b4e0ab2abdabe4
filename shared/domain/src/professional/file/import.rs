//! A list of agents with their cards, as a spreadsheet writes it: each line is read whole, and its faults
//! are named.

use jiff::fmt::strtime;

use super::*;
use crate::text::check_name;

/// The most people of one list.
pub const MOST_IMPORTED: usize = 50;

/// The columns, in their order.
const COLUMNS: usize = 5;

/// Somebody of a list.
#[derive(Clone, PartialEq, Eq)]
pub struct ImportedAgent {
    /// On which line.
    pub line: usize,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// What the list says of the card.
    pub card: AnnouncedCard,
}

impl std::fmt::Debug for ImportedAgent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ImportedAgent(line {})", self.line)
    }
}

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImportFault {
    /// Which, the one with the names of the columns being the first.
    pub line: usize,
    /// What, for people.
    pub fault: String,
}

/// How the words of a list are compared: without accents and capitals.
fn plain(text: &str) -> String {
    deunicode::deunicode(text).trim().to_lowercase()
}

/// The activities by words that people write for them.
const WORDS: [(&str, TitleActivity); 11] = [
    ("surveillance armee", TitleActivity::ArmedSurveillance),
    ("surveillance", TitleActivity::Surveillance),
    ("gardiennage", TitleActivity::Surveillance),
    ("cynophile", TitleActivity::DogHandling),
    ("videoprotection", TitleActivity::VideoProtection),
    ("fonds", TitleActivity::CashTransport),
    ("protection physique", TitleActivity::CloseProtection),
    ("protection rapprochee", TitleActivity::CloseProtection),
    ("aeroportuaire", TitleActivity::AirportSecurity),
    ("aeroport", TitleActivity::AirportSecurity),
    ("recherches privees", TitleActivity::PrivateInvestigation),
];

fn activity(word: &str) -> Option<TitleActivity> {
    let word = plain(word);
    let mut words = WORDS.iter();
    words
        .find(|(known, _)| word.contains(known))
        .map(|(_, activity)| *activity)
}

fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let french = strtime::parse("%d/%m/%Y", text).and_then(|read| read.to_date());
    text.parse().ok().or_else(|| french.ok())
}

/// Reads a list: first name, last name, number of the card, its last day, its activities, under a line
/// that names these columns.
///
/// # Errors
/// Every fault of every line: nothing is taken of a list that has one.
pub fn read_agents(
    text: &str,
    professional: &Professional,
    announced: &[&CnapsNumber],
    today: Date,
) -> Result<Vec<ImportedAgent>, Vec<ImportFault>> {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let separator = if head.contains(';') {
        b';'
    } else if head.contains('\t') {
        b'\t'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.delimiter(separator).flexible(true);
    let mut reader = reader.has_headers(true).from_reader(text.as_bytes());
    let mut agents: Vec<ImportedAgent> = Vec::new();
    let mut faults = Vec::new();
    for (at, record) in reader.records().enumerate() {
        // Lines with nothing in them are passed over.
        let place = record.as_ref().ok().and_then(csv::StringRecord::position);
        let line = place.and_then(|place| usize::try_from(place.line()).ok());
        let line = line.unwrap_or(at + 2);
        let fault = |fault: String| ImportFault { line, fault };
        let Ok(record) = record else {
            faults.push(fault("Cette ligne ne se lit pas.".to_owned()));
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cells: Vec<&str> = record.iter().map(str::trim).collect();
        match read_line(line, &cells, professional, today) {
            Ok(agent) => {
                faults.extend(known_already(&agent, &agents, announced).map(fault));
                agents.push(agent);
            }
            Err(found) => faults.extend(found.into_iter().map(fault)),
        }
    }
    let nobody = agents.is_empty() && faults.is_empty();
    let whole = |fault: String| ImportFault { line: 1, fault };
    if nobody {
        faults.push(whole(
            "La liste est vide : une ligne pour chaque agent, sous le nom des colonnes.".to_owned(),
        ));
    }
    let team = professional.profile.agents.len() + professional.proposed.agents.len();
    if agents.len() + team > MOST_IMPORTED {
        faults.push(whole(format!(
            "Un dossier compte {MOST_IMPORTED} agents au plus."
        )));
    }
    if faults.is_empty() {
        Ok(agents)
    } else {
        Err(faults)
    }
}

/// Where the card of an agent was met already: among those who wait, or further up in the list.
fn known_already(
    agent: &ImportedAgent,
    before: &[ImportedAgent],
    announced: &[&CnapsNumber],
) -> impl Iterator<Item = String> {
    let number = &agent.card.number;
    let waits = announced.contains(&number);
    let waits = waits.then(|| "Un agent avec ce numéro attend déjà d’être vérifié.".to_owned());
    let twin = before.iter().find(|one| one.card.number == *number);
    let twin = twin.map(|twin| {
        let line = twin.line;
        format!("Ce numéro de carte est déjà celui de la ligne {line}.")
    });
    waits.into_iter().chain(twin)
}

fn read_line(
    line: usize,
    cells: &[&str],
    professional: &Professional,
    today: Date,
) -> Result<ImportedAgent, Vec<String>> {
    let &[first_name, last_name, number, last_day, activities] = cells else {
        return Err(vec![format!(
            "Cette ligne compte {} colonnes ; il en faut {COLUMNS}.",
            cells.len()
        )]);
    };
    let mut faults = Vec::new();
    for (what, name) in [("Le prénom", first_name), ("Le nom", last_name)] {
        if !(1..=80).contains(&name.chars().count()) || check_name(name).is_err() {
            faults.push(format!(
                "{what} est vide, trop long, ou contient autre chose que des lettres."
            ));
        }
    }
    let expires_on = day(last_day);
    match expires_on {
        None => faults.push("La fin de validité s’écrit 31/12/2030.".to_owned()),
        Some(last) if last < today => faults.push("Cette carte est déjà expirée.".to_owned()),
        Some(_) => {}
    }
    let parsed = CnapsNumber::parse(number);
    match &parsed {
        Err(refused) => faults.push(refused.to_string()),
        Ok(number) => faults.extend(number_faults(number, expires_on, professional)),
    }
    let mut carried = BTreeSet::new();
    for word in activities
        .split([',', '/', '+', '|'])
        .filter(|word| !word.trim().is_empty())
    {
        match activity(word) {
            Some(known) => {
                carried.insert(known);
            }
            None => faults.push(format!("L’activité « {} » n’est pas connue.", word.trim())),
        }
    }
    if activities.trim().is_empty() {
        faults.push("Indiquez les activités inscrites sur la carte.".to_owned());
    }
    let read = parsed.ok().zip(expires_on).filter(|_| faults.is_empty());
    let (number, expires_on) = read.ok_or(faults)?;
    Ok(ImportedAgent {
        line,
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        card: AnnouncedCard {
            number,
            expires_on,
            activities: carried,
        },
    })
}

/// What a number says against the line that it is on.
fn number_faults(
    number: &CnapsNumber,
    expires_on: Option<Date>,
    professional: &Professional,
) -> Vec<String> {
    let mut faults = Vec::new();
    if professional.has_number(number) {
        faults.push("Ce numéro figure déjà sur une pièce de votre dossier.".to_owned());
    }
    let warnings = expires_on.map(|last| number.warnings(CnapsKind::Car, last));
    let mistaken = warnings.into_iter().flatten().filter(|one| match one {
        CnapsWarning::FormatUnknown => false,
        CnapsWarning::KindDiffers { .. } | CnapsWarning::ExpiryDiffers { .. } => true,
    });
    faults.extend(mistaken.map(|one| one.to_string()));
    faults
}
