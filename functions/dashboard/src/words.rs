//! The French words for what the domain names.

use domain::booking::{CardStatus, DisputeStage, Trouble, Wait};
use domain::ledger::{LedgerAccount, MovementKind};
use domain::members::MemberRole;
use domain::professional::{
    CheckState, DocumentStatus, PersonKind, ProfessionalStatus, Resemblance,
};
use domain::review::ReviewStatus;

pub(crate) fn status(status: ProfessionalStatus) -> &'static str {
    match status {
        ProfessionalStatus::Draft => "En cours de saisie",
        ProfessionalStatus::Submitted => "À examiner",
        ProfessionalStatus::ComplementsRequested => "Compléments demandés",
        ProfessionalStatus::Accepted => "Accepté",
        ProfessionalStatus::Refused => "Refusé",
        ProfessionalStatus::Closed => "Compte fermé",
    }
}

pub(crate) fn kind(kind: Option<PersonKind>) -> &'static str {
    match kind {
        Some(PersonKind::Natural) => "Personne physique",
        Some(PersonKind::Legal) => "Société",
        None => "—",
    }
}

pub(crate) fn document(status: DocumentStatus) -> &'static str {
    match status {
        DocumentStatus::Prepared => "Envoi en cours",
        DocumentStatus::Scanning => "En cours d’analyse",
        DocumentStatus::Deposited => "À vérifier",
        DocumentStatus::Verified => "Vérifié",
        DocumentStatus::Rejected => "Refusé",
    }
}

/// The colour of a document's state.
pub(crate) fn document_tone(status: DocumentStatus) -> &'static str {
    match status {
        DocumentStatus::Prepared | DocumentStatus::Scanning => "",
        DocumentStatus::Deposited => "warn",
        DocumentStatus::Verified => "good",
        DocumentStatus::Rejected => "bad",
    }
}

pub(crate) fn resemblance(same: Resemblance) -> &'static str {
    match same {
        Resemblance::Siren => "même SIREN",
        Resemblance::Phone => "même téléphone",
        Resemblance::Iban => "même IBAN",
        Resemblance::Authorisation => "même autorisation d’exercice",
        Resemblance::ManagerApproval => "même agrément dirigeant",
        Resemblance::ProfessionalCard => "même carte professionnelle",
    }
}

/// A line of the checklist: its word, and its colour.
pub(crate) fn check(state: CheckState) -> (&'static str, &'static str) {
    match state {
        CheckState::Done => ("Vérifié", "good"),
        CheckState::ToCheck => ("À vérifier", "warn"),
        CheckState::Contradictory => ("À trancher", "warn"),
        CheckState::Invalid => ("Non valable", "bad"),
        CheckState::Missing => ("Manquant", "bad"),
    }
}

pub(crate) fn review(status: ReviewStatus) -> &'static str {
    match status {
        ReviewStatus::Pending => "À modérer",
        ReviewStatus::Published => "Publié",
        ReviewStatus::Rejected => "Refusé",
    }
}

pub(crate) fn trouble(trouble: Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::RefundSentBack => (
            "Remboursement renvoyé par la banque",
            "Joindre le client, puis retenter depuis la réservation.",
        ),
        Trouble::Contested => (
            "Débit contesté",
            "Répondre dans le tableau de bord Stripe avant l’échéance, avec les preuves de la mission.",
        ),
        Trouble::StepRefused => (
            "Étape refusée par Stripe",
            "Elle est retentée d’elle-même ; la relancer depuis la réservation une fois la cause levée.",
        ),
    }
}

/// What the transfer to the professional waits for.
pub(crate) fn wait(wait: &Wait) -> &'static str {
    match wait {
        Wait::PayoutsNotActive => {
            "Versement en attente : compte de paiement inactif. Il part dès que Stripe l’active."
        }
        Wait::BankDetailsChanged => {
            "Versement en attente : IBAN changé depuis moins de 24 h. Il part de lui-même ensuite."
        }
        Wait::Disputed => "Versement en attente : débit contesté.",
        Wait::TitleMissing => {
            "Versement en attente : un titre manquait pendant la mission. Décidez ci-dessous ce qui est rendu au client ; le reste est versé."
        }
        Wait::RefundFailed => "Remboursement renvoyé : à retenter depuis la réservation.",
        Wait::Refused => "Refusé par Stripe : retenté de lui-même.",
    }
}

pub(crate) fn card(status: CardStatus) -> &'static str {
    match status {
        CardStatus::Unpaid => "Rien d’autorisé",
        CardStatus::Authorised => "Autorisée, non débitée",
        CardStatus::Captured => "Débitée",
        CardStatus::Released => "Autorisation rendue",
        CardStatus::Lapsed => "Autorisation éteinte",
    }
}

pub(crate) fn dispute(stage: DisputeStage) -> &'static str {
    match stage {
        DisputeStage::Open => "en cours d’examen",
        DisputeStage::Won => "gagnée",
        DisputeStage::Lost => "perdue",
    }
}

pub(crate) fn movement(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::Capture => "Débit de la carte",
        MovementKind::Refund => "Remboursement",
        MovementKind::RefundFailure => "Remboursement renvoyé",
        MovementKind::Transfer => "Versement au professionnel",
        MovementKind::Reversal => "Reprise de versement",
        MovementKind::Commission => "Commission acquise",
        MovementKind::CommissionReturn => "Commission rendue",
        MovementKind::Dispute => "Somme contestée",
        MovementKind::DisputeWon => "Contestation gagnée",
        MovementKind::DisputeLost => "Contestation perdue",
    }
}

pub(crate) fn ledger(account: LedgerAccount) -> &'static str {
    match account {
        LedgerAccount::Client => "Client",
        LedgerAccount::Held => "Conservé chez Stripe",
        LedgerAccount::Disputed => "Contesté",
        LedgerAccount::Professional => "Professionnel",
        LedgerAccount::Commission => "Commission",
    }
}

/// As what somebody signs in for a company.
pub(crate) fn member(role: &MemberRole) -> &'static str {
    match role {
        MemberRole::Manager => "gestionnaire",
        MemberRole::Agent { .. } => "agent",
    }
}
