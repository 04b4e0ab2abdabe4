//! What a change changes, as people read it: field, before, after.

use super::*;

/// One field of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// Which field.
    pub field: &'static str,
    /// What it said; nothing where there was nothing.
    pub before: Option<String>,
    /// What it says; nothing where there will be nothing.
    pub after: Option<String>,
}

type Facts = Vec<(&'static str, Option<String>)>;

impl Difference {
    /// The fields that differ between what was in force and what is proposed.
    pub fn between(before: Option<&Proposal>, after: &Proposal) -> Vec<Self> {
        let was = before.map(Proposal::facts).unwrap_or_default();
        let is = after.facts();
        let labels = is.iter().chain(&was).map(|(field, _)| *field);
        let mut seen: Vec<&'static str> = Vec::new();
        for label in labels {
            if !seen.contains(&label) {
                seen.push(label);
            }
        }
        let value = |facts: &Facts, field: &str| {
            let mut facts = facts.iter();
            facts
                .find(|(label, _)| *label == field)
                .and_then(|(_, value)| value.clone())
        };
        let all = seen.into_iter().map(|field| Self {
            field,
            before: value(&was, field),
            after: value(&is, field),
        });
        all.filter(|one| one.before != one.after).collect()
    }
}

fn listed(words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(", "))
}

fn activities(of: &BTreeSet<TitleActivity>) -> Option<String> {
    let labels: Vec<String> = of.iter().map(|one| one.label().to_owned()).collect();
    listed(&labels)
}

fn vat_label(status: VatStatus) -> String {
    match status {
        VatStatus::Registered => "Assujetti à la TVA".to_owned(),
        VatStatus::Franchise => "Franchise en base (CGI, art. 293 B)".to_owned(),
    }
}

impl Proposal {
    /// What it is, in a few words that name nobody.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Phone { .. } => "Téléphone",
            Self::Description { .. } => "Descriptif",
            Self::Mediator { .. } => "Médiateur de la consommation",
            Self::Page { .. } => "Page de présentation",
            Self::AgentLeaves { .. } => "Départ d’un agent",
            Self::Identity { .. } => "Nom et forme juridique",
            Self::Addresses { .. } => "Établissement et siège",
            Self::Vat { .. } => "Situation au regard de la TVA",
            Self::ManagerJoins { .. } => "Nouveau dirigeant",
            Self::ManagerLeaves { .. } => "Départ d’un dirigeant",
            Self::AgentJoins { .. } => "Nouvel agent",
            Self::EstablishmentOpens { .. } => "Nouvel établissement",
            Self::EstablishmentCloses { .. } => "Fermeture d’un établissement",
            Self::SubcontractorJoins { .. } => "Nouveau sous-traitant",
            Self::SubcontractorLeaves { .. } => "Fin d’une sous-traitance",
        }
    }

    /// The same with the name of who, or of the town where, it is.
    pub fn title(&self) -> String {
        let label = self.label();
        let name = match self {
            Self::AgentLeaves { agent } | Self::AgentJoins { agent, .. } => agent.name(),
            Self::ManagerJoins { manager } | Self::ManagerLeaves { manager } => {
                manager.name.clone()
            }
            Self::EstablishmentOpens { establishment }
            | Self::EstablishmentCloses { establishment } => establishment.address.town.clone(),
            Self::SubcontractorJoins { subcontractor }
            | Self::SubcontractorLeaves { subcontractor } => subcontractor.denomination.clone(),
            Self::Phone { .. }
            | Self::Description { .. }
            | Self::Mediator { .. }
            | Self::Page { .. }
            | Self::Identity { .. }
            | Self::Addresses { .. }
            | Self::Vat { .. } => return label.to_owned(),
        };
        format!("{label} : {name}")
    }

    fn facts(&self) -> Facts {
        match self {
            Self::Phone { phone } => vec![("Téléphone", Some(phone.display()))],
            Self::Description { description } => vec![("Descriptif", Some(description.clone()))],
            Self::Mediator { mediator } => vec![
                ("Médiateur", Some(mediator.name.clone())),
                ("Site du médiateur", Some(mediator.website.clone())),
            ],
            Self::Page { page } => page_facts(page),
            Self::AgentLeaves { .. } => vec![("Agent", None)],
            Self::Identity {
                denomination,
                legal_form,
            } => vec![
                ("Nom ou dénomination", Some(denomination.clone())),
                ("Forme juridique", Some(legal_form.clone())),
            ],
            Self::Addresses {
                siret,
                establishment,
                head_office,
            } => vec![
                ("SIRET", Some(siret.as_str().to_owned())),
                ("Établissement", Some(establishment.to_string())),
                ("Siège", head_office.as_ref().map(Address::to_string)),
            ],
            Self::Vat { vat, from } => vec![
                ("TVA", Some(vat_label(vat.status))),
                (
                    "Numéro de TVA",
                    vat.number.as_ref().map(|one| one.as_str().to_owned()),
                ),
                ("À compter du", Some(paris::short_date(*from))),
            ],
            Self::ManagerJoins { manager } => vec![("Dirigeant", Some(manager.name.clone()))],
            Self::ManagerLeaves { .. } => vec![("Dirigeant", None)],
            Self::AgentJoins { agent, card } => {
                let mut facts = vec![("Agent", Some(agent.name()))];
                if let Some(card) = card {
                    facts.push(("Carte annoncée", Some(card.number.as_str().to_owned())));
                }
                facts
            }
            Self::EstablishmentOpens { establishment } => vec![
                ("SIRET", Some(establishment.siret.as_str().to_owned())),
                ("Adresse", Some(establishment.address.to_string())),
            ],
            Self::EstablishmentCloses { .. } => vec![("SIRET", None), ("Adresse", None)],
            Self::SubcontractorJoins { subcontractor } => subcontractor_facts(subcontractor),
            Self::SubcontractorLeaves { .. } => vec![("Sous-traitant", None)],
        }
    }
}

fn page_facts(page: &PresentationPage) -> Facts {
    let online = if page.published {
        "En ligne"
    } else {
        "Hors ligne"
    };
    vec![
        ("Accroche", Some(page.headline.clone())),
        ("Présentation", Some(page.presentation.clone())),
        ("Spécialités", listed(&page.specialities)),
        ("Langues", listed(&page.languages)),
        ("État de la page", Some(online.to_owned())),
    ]
}

fn subcontractor_facts(one: &Subcontractor) -> Facts {
    let rank = if one.rank == 1 { "Premier" } else { "Second" };
    vec![
        ("Sous-traitant", Some(one.denomination.clone())),
        ("SIREN", Some(one.siren.as_str().to_owned())),
        ("Autorisation", Some(one.authorisation.as_str().to_owned())),
        ("Valable jusqu’au", Some(paris::short_date(one.expires_on))),
        ("Activités", activities(&one.activities)),
        ("Rang", Some(rank.to_owned())),
    ]
}
