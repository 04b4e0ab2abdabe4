//! What an accepted professional may put before the public.

use super::registration::check_length;
use super::*;

impl PresentationPage {
    /// Checks everything that the public would read.
    pub fn check(&self, weapons: Weapons) -> Result<(), RegistrationRefused> {
        check_length(
            Some(&self.headline),
            5..=120,
            "L’accroche doit compter de 5 à 120 caractères.",
        )?;
        check_length(
            Some(&self.presentation),
            50..=4000,
            "La présentation doit compter de 50 à 4 000 caractères.",
        )?;
        if self.specialities.len() > 12 || self.languages.len() > 10 {
            return Err(RegistrationRefused::Text(
                "Au plus 12 spécialités et 10 langues.",
            ));
        }
        for word in self.specialities.iter().chain(&self.languages) {
            check_length(
                Some(word),
                2..=60,
                "Une spécialité ou une langue doit compter de 2 à 60 caractères.",
            )?;
        }
        let texts = [&self.headline, &self.presentation];
        texts
            .into_iter()
            .chain(&self.specialities)
            .chain(&self.languages)
            .try_for_each(|text| check_public_text(text, weapons))
    }
}

impl Professional {
    /// Whether an offer of this activity may be published on `today`: accepted, not hidden, with conditions
    /// of sale (terms, article 10), and with titles in force that carry it, of the company and of one agent
    /// at least.
    pub fn check_may_publish(
        &self,
        activity: Activity,
        today: Date,
    ) -> Result<(), ProfessionalRefused> {
        if self.status != ProfessionalStatus::Accepted || self.hidden_at.is_some() {
            return Err(ProfessionalRefused::NotAvailable);
        }
        if self.conditions_of_sale().is_none() {
            return Err(ProfessionalRefused::ConditionsMissing);
        }
        self.check_titles_for(activity, today)
    }

    /// Whether titles in force on `today` carry the activity, of the company and of one agent at least, and
    /// everything else is in force that it asks for.
    pub(super) fn check_titles_for(
        &self,
        activity: Activity,
        today: Date,
    ) -> Result<(), ProfessionalRefused> {
        let gaps = self.gaps_between(activity, today, today, &[]);
        if gaps
            .iter()
            .any(|gap| gap.kind == DocumentKind::Authorisation)
        {
            return Err(ProfessionalRefused::NotAuthorised);
        }
        if !gaps.is_empty() {
            return Err(ProfessionalRefused::NotCovered);
        }
        let mut agents = self.profile.agents.iter();
        if !agents.any(|agent| self.credential(&agent.id, activity, today).is_some()) {
            return Err(ProfessionalRefused::NoAgentForActivity);
        }
        Ok(())
    }

    /// The photo or logo that the public sees: the last that was verified.
    pub fn portrait(&self) -> Option<&Document> {
        self.verified(DocumentKind::Photo).next_back()
    }

    /// How complete the public page is, 0 to 100: a headline and a text count most, then a photo, a
    /// text that says something, specialities and languages.
    pub fn page_completeness_percent(&self) -> u32 {
        let Some(page) = &self.page else { return 0 };
        let has_photo = self
            .documents
            .iter()
            .any(|document| document.kind() == DocumentKind::Photo && document.is_deposited());
        let parts = [
            (40, true),
            (20, has_photo),
            (20, page.presentation.trim().chars().count() >= 300),
            (10, !page.specialities.is_empty()),
            (10, !page.languages.is_empty()),
        ];
        parts
            .iter()
            .filter(|(_, there)| *there)
            .map(|(worth, _)| worth)
            .sum()
    }

    /// What its page may say of weapons: what an authorisation that was verified carries.
    fn weapons(&self) -> Weapons {
        let mut authorisations = self.verified(DocumentKind::Authorisation);
        let armed = [
            TitleActivity::ArmedSurveillance,
            TitleActivity::CashTransport,
        ];
        let carries_one = authorisations.any(|document| {
            let carried = self.carried(document);
            armed.iter().any(|one| carried.contains(one))
        });
        if carries_one {
            Weapons::Named
        } else {
            Weapons::NotNamed
        }
    }

    /// Writes the page that the public sees.
    pub fn write_page(&mut self, page: PresentationPage) -> Result<(), RegistrationRefused> {
        page.check(self.weapons())?;
        self.page = Some(page);
        self.record.page_completeness_percent = self.page_completeness_percent();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::legal;
    use crate::ids::TypedId as _;

    fn page(presentation: &str) -> PresentationPage {
        PresentationPage {
            headline: "Surveillance de chantiers".to_owned(),
            presentation: presentation.to_owned(),
            specialities: Vec::new(),
            languages: Vec::new(),
            published: true,
        }
    }

    fn draft(last: char) -> Professional {
        let at = "2026-09-01T10:00:00Z".parse().unwrap();
        let accepted = Acceptance::of(legal::TERMS_PROFESSIONALS, at, "192.0.2.1", "test");
        let id = ProfessionalId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}"));
        Professional::begin(id, Email::parse("chef@example.fr").unwrap(), accepted)
    }

    #[test]
    fn a_page_says_nothing_that_the_rules_forbid() {
        let fine = "Dix ans d’expérience de la surveillance de chantiers, de nuit comme de jour.";
        assert_eq!(page(fine).check(Weapons::NotNamed), Ok(()));
        assert!(matches!(
            page("Trop court.").check(Weapons::NotNamed),
            Err(RegistrationRefused::Text(_))
        ));
        for forbidden in [
            "Appelez le 06 12 34 56 78.",
            "Écrivez à a@b.fr.",
            "Ancien gendarme.",
        ] {
            let refused = page(&format!("{fine} {forbidden}")).check(Weapons::NotNamed);
            assert!(
                matches!(refused, Err(RegistrationRefused::Description(_))),
                "{forbidden}"
            );
        }
        let speciality = PresentationPage {
            specialities: vec!["www.example.fr".to_owned()],
            ..page(fine)
        };
        assert!(matches!(
            speciality.check(Weapons::NotNamed),
            Err(RegistrationRefused::Description(_))
        ));
    }

    #[test]
    fn a_page_is_worth_more_when_more_is_said() {
        let mut accepted = draft('A');
        assert_eq!(accepted.page_completeness_percent(), 0);
        accepted
            .write_page(page(&"Surveillance de chantiers. ".repeat(3)))
            .unwrap();
        assert_eq!(accepted.record.page_completeness_percent, 40);
        let full = PresentationPage {
            languages: vec!["Anglais".to_owned()],
            ..page(&"Surveillance de chantiers. ".repeat(20))
        };
        accepted.write_page(full).unwrap();
        assert_eq!(accepted.record.page_completeness_percent, 70);
    }

    #[test]
    fn a_draft_publishes_nothing() {
        let today = "2026-09-01".parse().unwrap();
        assert_eq!(
            draft('A').check_may_publish(Activity::HumanSurveillance, today),
            Err(ProfessionalRefused::NotAvailable)
        );
        let accepted = Professional {
            status: ProfessionalStatus::Accepted,
            ..draft('A')
        };
        assert_eq!(
            accepted.check_may_publish(Activity::HumanSurveillance, today),
            Err(ProfessionalRefused::ConditionsMissing)
        );
    }
}
