//! Documents after acceptance: renewed by their owner, verified by the operator, and watched until
//! they end (terms, articles 4.2 and 10).

use super::*;

/// How many days before its last day a document's owner is reminded, first to last. The last is its
/// last day itself.
const REMINDERS: [i32; 5] = [90, 60, 30, 7, 0];

/// What a reminder tells of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryStep {
    /// It ends in so many days, of 90, 60, 30, 7 or 0.
    In {
        /// Days.
        days: i32,
    },
    /// It has ended.
    Over,
}

/// A reminder that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpiryReminder {
    /// Of which document.
    pub document: DocumentId,
    /// What it told.
    pub step: ExpiryStep,
}

/// Why a document is not decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DocumentRefused {
    /// No file waits under this name.
    #[error("Cette pièce n’attend pas de vérification.")]
    NotDeposited,
    /// Neither waiting for a decision nor accepted.
    #[error("Ce dossier n’est pas à examiner.")]
    NotExamined,
    /// Nothing is written of it.
    #[error("Il n’y a rien à vérifier : l’information manque au dossier.")]
    NothingToVerify,
    /// Something speaks against it, and no reason says why it is relied on.
    #[error("Ce point est contradictoire : dites en 10 à 500 caractères pourquoi vous le retenez.")]
    Reason,
    /// Not a verified title or insurance that lasts longer.
    #[error("Seule une pièce vérifiée prend fin plus tôt, avant son dernier jour.")]
    NotEnding,
}

impl DocumentRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotDeposited => "document_not_deposited",
            Self::NotExamined => "file_not_examined",
            Self::NothingToVerify => "nothing_to_verify",
            Self::Reason => "decision_reason_invalid",
            Self::NotEnding => "document_not_ending",
        }
    }
}

impl Professional {
    /// The operator verified a document. Where something speaks against it, also in the files of `others`,
    /// who have something in common with this one, the finding says why it is relied on. One that was
    /// verified is decided again only when something new speaks against it.
    pub fn verify_document(
        &mut self,
        id: &DocumentId,
        finding: &Finding<'_>,
        others: &[Self],
    ) -> Result<(), DocumentRefused> {
        let known = self.document(id).ok_or(DocumentRefused::NotDeposited)?;
        let against = self.contradictions(known, others);
        let again = known.status == DocumentStatus::Verified
            && !self.open_contradictions(known, others).is_empty();
        let despite = finding.reason_for(&against)?.map(|reason| Despite {
            contradictions: against,
            reason,
        });
        let document = if again && self.is_examined() {
            let mut documents = self.documents.iter_mut();
            documents.find(|document| document.id == *id)
        } else {
            Some(self.examined(id)?)
        };
        let document = document.ok_or(DocumentRefused::NotDeposited)?;
        document.status = DocumentStatus::Verified;
        document.reviewed_at = Some(finding.at);
        document.reviewed_by = Some(finding.by.clone());
        document.review_method = Some(finding.method.to_owned());
        document.despite = despite;
        Ok(())
    }

    /// The operator turns a document down; the one in force stays in force.
    pub fn reject_document(
        &mut self,
        id: &DocumentId,
        by: &AccountId,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), DocumentRefused> {
        let document = self.examined(id)?;
        document.status = DocumentStatus::Rejected;
        document.reviewed_at = Some(now);
        document.reviewed_by = Some(by.clone());
        document.rejection = Some(reason.to_owned());
        Ok(())
    }

    /// The operator learns that a verified title or insurance ends on `on`, before its last day: the
    /// CNAPS withdrew or suspended it, an insurer cancelled.
    pub fn end_document(
        &mut self,
        id: &DocumentId,
        on: Date,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), DocumentRefused> {
        let document = self.documents.iter_mut().find(|document| {
            document.id == *id
                && document.status == DocumentStatus::Verified
                && document.expires_on().is_some_and(|last| on < last)
        });
        let document = document.ok_or(DocumentRefused::NotEnding)?;
        document.ended_early = Some(EarlyEnd {
            on,
            reason: reason.to_owned(),
            at: now,
        });
        Ok(())
    }

    fn examined(&mut self, id: &DocumentId) -> Result<&mut Document, DocumentRefused> {
        if !self.is_examined() {
            return Err(DocumentRefused::NotExamined);
        }
        self.documents
            .iter_mut()
            .find(|document| document.id == *id && document.status == DocumentStatus::Deposited)
            .ok_or(DocumentRefused::NotDeposited)
    }

    /// Whether a document waits for the operator after acceptance.
    pub fn has_renewals(&self) -> bool {
        self.status == ProfessionalStatus::Accepted
            && self
                .documents
                .iter()
                .any(|document| document.status == DocumentStatus::Deposited)
    }

    /// The reminders due on `today` that were not sent, and writes down that they are. A late run sends
    /// the latest step only; a second one sends nothing. A document that was renewed is not spoken of.
    pub fn remind_of_expiries(&mut self, today: Date) -> Vec<ExpiryReminder> {
        let due: Vec<ExpiryReminder> = self
            .documents
            .iter()
            .filter(|document| document.status == DocumentStatus::Verified)
            .filter(|document| !self.is_renewed(document))
            // Nobody renews the card of who left.
            .filter(|document| self.has_holder(document.holder()))
            .filter_map(|document| {
                Some(ExpiryReminder {
                    document: document.id.clone(),
                    step: step(document.expires_on()?, today)?,
                })
            })
            .filter(|due| !self.expiry_reminders.contains(due))
            .collect();
        self.expiry_reminders.extend(due.iter().cloned());
        due
    }

    /// Whether another verified document takes over: it lasts longer, begins no later than the day after
    /// this one's last, and carries every activity that this one does.
    fn is_renewed(&self, document: &Document) -> bool {
        let Some(next) = document.expires_on().and_then(|last| last.tomorrow().ok()) else {
            return false;
        };
        let carried = self.carried(document);
        self.verified(document.kind()).any(|other| {
            other.holder() == document.holder()
                && other.is_in_force(next)
                && self.carried(other).is_superset(&carried)
        })
    }
}

/// The latest step reached: none until 90 days are left.
fn step(last_day: Date, today: Date) -> Option<ExpiryStep> {
    let left = last_day.since(today).map_or(0, |span| span.get_days());
    if left < 0 {
        return Some(ExpiryStep::Over);
    }
    let reached = REMINDERS.into_iter().filter(|days| left <= *days);
    reached.min().map(|days| ExpiryStep::In { days })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::legal;
    use crate::ids::TypedId as _;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn id(last: char) -> DocumentId {
        DocumentId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}"))
    }

    fn insurance(last: char, expires_on: &str, status: DocumentStatus) -> Document {
        Document {
            id: id(last),
            details: DocumentDetails::Insurance {
                insurer: "Assureur".to_owned(),
                insurer_contact: "1 rue du Test".to_owned(),
                policy_number: "RC-1".to_owned(),
                coverage: "France".to_owned(),
                valid_from: day("2026-01-01"),
                expires_on: day(expires_on),
            },
            file: DocumentFile {
                key: "documents/1".to_owned(),
                size: 10,
                sha256: "0".repeat(64),
                file_type: FileType::Pdf,
            },
            status,
            prepared_at: at("2026-01-01T10:00:00Z"),
            reviewed_at: None,
            review_method: None,
            reviewed_by: None,
            despite: None,
            rejection: None,
            ended_early: None,
        }
    }

    fn operator() -> AccountId {
        AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB")
    }

    fn seen(operator: &AccountId, at: Timestamp) -> Finding<'_> {
        Finding {
            by: operator,
            method: "vue de la pièce",
            reason: None,
            at,
        }
    }

    fn accepted(documents: Vec<Document>) -> Professional {
        let now = at("2026-01-01T10:00:00Z");
        let terms = Acceptance::of(legal::TERMS_PROFESSIONALS, now, "", "");
        let email = Email::parse("chef@exemple.fr").unwrap();
        let ulid = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";
        Professional {
            status: ProfessionalStatus::Accepted,
            documents,
            ..Professional::begin(ProfessionalId::from_ulid(ulid), email, terms)
        }
    }

    #[test]
    fn each_step_is_told_once_and_a_late_run_tells_the_latest() {
        let verified = insurance('A', "2026-12-31", DocumentStatus::Verified);
        let mut one = accepted(vec![verified]);
        for (today, told) in [
            ("2026-10-01", None),
            ("2026-10-02", Some(ExpiryStep::In { days: 90 })),
            ("2026-10-03", None),
            // Two months of outage: 60 is skipped.
            ("2026-12-05", Some(ExpiryStep::In { days: 30 })),
            ("2026-12-24", Some(ExpiryStep::In { days: 7 })),
            ("2026-12-31", Some(ExpiryStep::In { days: 0 })),
            ("2026-12-31", None),
            ("2027-01-01", Some(ExpiryStep::Over)),
            ("2027-06-01", None),
        ] {
            let due = one.remind_of_expiries(day(today));
            assert_eq!(due.first().map(|one| one.step), told, "{today}");
            assert!(due.len() <= 1);
        }
    }

    #[test]
    fn a_renewed_document_is_not_spoken_of() {
        let old = insurance('A', "2026-12-31", DocumentStatus::Verified);
        let new = insurance('B', "2027-12-31", DocumentStatus::Deposited);
        let mut one = accepted(vec![old, new]);
        assert_eq!(one.remind_of_expiries(day("2026-12-20")).len(), 1);
        assert!(one.has_renewals());
        let operator = operator();
        let finding = seen(&operator, at("2026-12-21T10:00:00Z"));
        one.verify_document(&id('B'), &finding, &[]).unwrap();
        assert!(!one.has_renewals());
        assert_eq!(one.remind_of_expiries(day("2027-01-01")), Vec::new());
    }

    #[test]
    fn a_document_is_decided_once_and_a_refusal_leaves_the_old_one_in_force() {
        let now = at("2026-12-21T10:00:00Z");
        let old = insurance('A', "2026-12-31", DocumentStatus::Verified);
        let new = insurance('B', "2027-12-31", DocumentStatus::Deposited);
        let mut one = accepted(vec![old, new]);
        let operator = operator();
        one.reject_document(&id('B'), &operator, "illisible", now)
            .unwrap();
        let again = one.verify_document(&id('B'), &seen(&operator, now), &[]);
        assert_eq!(again, Err(DocumentRefused::NotDeposited));
        let kept = one.document(&id('A')).map(|kept| kept.status);
        assert_eq!(kept, Some(DocumentStatus::Verified));
        one.status = ProfessionalStatus::Closed;
        let closed = one.verify_document(&id('A'), &seen(&operator, now), &[]);
        assert_eq!(closed, Err(DocumentRefused::NotExamined));
    }

    #[test]
    fn a_verified_document_ends_early_once_and_only_sooner() {
        let now = at("2026-11-20T10:00:00Z");
        let verified = insurance('A', "2026-12-31", DocumentStatus::Verified);
        let waiting = insurance('B', "2027-12-31", DocumentStatus::Deposited);
        let mut one = accepted(vec![verified, waiting]);
        let refused = Err(DocumentRefused::NotEnding);
        let why = "résiliée par l’assureur";
        assert_eq!(
            one.end_document(&id('A'), day("2026-12-31"), why, now),
            refused
        );
        assert_eq!(
            one.end_document(&id('B'), day("2026-12-01"), why, now),
            refused
        );
        one.end_document(&id('A'), day("2026-12-01"), why, now)
            .unwrap();
        let last = one.document(&id('A')).and_then(Document::expires_on);
        assert_eq!(last, Some(day("2026-12-01")));
        assert_eq!(
            one.end_document(&id('A'), day("2026-12-05"), why, now),
            refused
        );
        let told = one.remind_of_expiries(day("2026-12-02"));
        assert_eq!(told.first().map(|one| one.step), Some(ExpiryStep::Over));
    }
}
