//! The activity log in French sentences: who did what, by name. The log itself keeps the name of the
//! operation, which never changes.

/// What kind of thing was done, as the log is filtered by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ActKind {
    /// Orders, missions, claims.
    Bookings,
    /// Payments, payouts, invoices.
    Money,
    /// Registrations, documents, decisions about professionals.
    Files,
    /// What professionals sell: pages, offers, availability.
    Catalogue,
    /// Reviews, reports, messages.
    Words,
    /// Accounts and sessions.
    Accounts,
    /// What operators set up and look at.
    Operators,
}

impl ActKind {
    pub(crate) const ALL: [Self; 7] = [
        Self::Bookings,
        Self::Money,
        Self::Files,
        Self::Catalogue,
        Self::Words,
        Self::Accounts,
        Self::Operators,
    ];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Bookings => "reservations",
            Self::Money => "argent",
            Self::Files => "dossiers",
            Self::Catalogue => "offres",
            Self::Words => "avis",
            Self::Accounts => "comptes",
            Self::Operators => "exploitation",
        }
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Bookings => "Réservations",
            Self::Money => "Argent",
            Self::Files => "Dossiers des professionnels",
            Self::Catalogue => "Pages et offres",
            Self::Words => "Avis, signalements, messages",
            Self::Accounts => "Comptes et connexions",
            Self::Operators => "Exploitation",
        }
    }
}

macro_rules! said {
    ($($kind:ident: $($action:literal => $said:literal,)*;)*) => {
        /// The kind of an action and its predicate, which a name comes before.
        pub(crate) fn said(action: &str) -> Option<(ActKind, &'static str)> {
            Some(match action {
                $($($action => (ActKind::$kind, $said),)*)*
                _ => return None,
            })
        }
    };
}

said! {
    Bookings:
        "request-booking" => "a passé commande",
        "accept-booking" => "a accepté la demande",
        "refuse-booking" => "a refusé la demande",
        "cancel-booking" => "a annulé sa réservation",
        "cancel-mission" => "a renoncé à la mission",
        "withdraw-from-booking" => "s’est rétracté",
        "withdraw-publicly" => "s’est rétracté sans se connecter",
        "complete-mission" => "a déclaré la mission terminée",
        "validate-mission" => "a validé la mission",
        "archive-booking" => "a rangé ou ressorti la réservation",
        "open-claim" => "a ouvert une réclamation",
        "propose-modification" => "a proposé de modifier la mission",
        "answer-modification" => "a répondu à une modification proposée",
        "propose-settlement" => "a proposé un accord",
        "accept-settlement" => "a accepté l’accord",
        "decide-claim" => "a tranché la réclamation",
        "show-intervention" => "a préparé une décision",
        "propose-decision" => "a proposé une décision à un second exploitant",
        "put-decision-aside" => "a écarté la décision proposée",
        "call-off-booking" => "a annulé la mission à la place des parties",
        "sweep-deadlines" => "a appliqué une échéance",
        "show-booking" => "a ouvert la réservation",
        "show-bookings" => "a ouvert la liste des réservations",
        "download-bookings" => "a téléchargé la liste des réservations",
        "note-on-booking" => "a ajouté une note interne",
        "place-order" => "a passé une commande de plusieurs dates",
        "answer-order" => "a répondu à la commande, date par date",
        "cancel-order" => "a repris sa commande",
        "open-missions" => "a ouvert les missions acceptées d’une commande",
        "ask-for-quotes" => "a demandé des devis",
        "withdraw-quote-request" => "a abandonné sa demande de devis",
        "give-quote" => "a donné un devis",
        "decline-quote" => "a décliné une demande de devis",
        "sweep-quotes" => "a rappelé ou clos une demande de devis",
        "conclude-quote" => "a conclu ou refusé le contrat d’un devis commandé",
        "replace-agent" => "a remplacé un agent",
        "check-in" => "a pointé son arrivée",
        "check-out" => "a pointé son départ",
        "write-log-entry" => "a complété la main courante",
        "report-shift" => "a rendu son rapport de fin de mission",
    ;
    Money:
        "open-checkout" => "a ouvert la page de paiement",
        "refund-booking" => "a décidé un remboursement",
        "settle-by-hand" => "a repris le paiement à la main",
        "settle-payment" => "a fait avancer le paiement",
        "capture-payment" => "a débité la carte",
        "refund-payment" => "a remboursé le client",
        "refund-failed" => "a vu revenir un remboursement",
        "transfer-payment" => "a versé sa part au professionnel",
        "reverse-transfer" => "a repris un versement",
        "keep-commission" => "a gardé la commission",
        "return-commission" => "a rendu la commission",
        "dispute-opened" => "a appris qu’un débit est contesté",
        "dispute-won" => "a gagné une contestation",
        "dispute-lost" => "a perdu une contestation",
        "follow-stripe" => "a relu le paiement chez Stripe",
        "resume-payouts" => "a repris les versements",
        "sweep-payments" => "a repris le paiement d’office",
        "read-invoice" => "a téléchargé une facture",
        "read-order" => "a téléchargé le bon de commande",
        "issue-invoices" => "a établi les factures",
        "print-invoice" => "a imprimé une facture",
        "print-papers" => "a imprimé les documents",
        "show-money" => "a ouvert la page Argent",
        "show-marketplace-statistics" => "a ouvert les statistiques",
        "download-commissions" => "a téléchargé les factures de commission",
        "download-books" => "a téléchargé les écritures comptables",
        "tell-yearly-statements" => "a envoyé son relevé annuel au professionnel",
        "download-sellers" => "a téléchargé l’état annuel des professionnels payés",
        "open-payout-account" => "a ouvert le compte de paiement",
        "start-payout-onboarding" => "a répondu aux questions de Stripe",
        "read-payout-account" => "a relu le compte de paiement",
        "refresh-payouts" => "a relu le compte de paiement",
        "change-bank-account" => "a changé l’IBAN",
        "keep-bank-account" => "a gardé l’ancien IBAN",
        "show-proposals" => "a consulté les décisions à confirmer",
        "open-order-checkout" => "a ouvert la page de paiement de la commande",
        "capture-order" => "a débité la carte pour une commande",
        "order-contested" => "a appris qu’un débit de commande est contesté",
    ;
    Files:
        "start-registration" => "a demandé à s’inscrire",
        "resume-registration" => "a repris l’inscription",
        "save-registration" => "a enregistré l’inscription",
        "submit-registration" => "a transmis l’inscription",
        "duplicate-registration-refused" => "a tenté une inscription en double",
        "prepare-document" => "a préparé l’envoi d’une pièce",
        "confirm-document" => "a déposé une pièce",
        "record-scan" => "a déposé une pièce, saine après analyse",
        "infected-file" => "a refusé un fichier infecté",
        "unscannable-file" => "a refusé un fichier, faute d’analyse",
        "remove-document" => "a retiré une pièce",
        "open-document" => "a ouvert une pièce",
        "accept-professional" => "a accepté l’inscription",
        "refuse-professional" => "a refusé l’inscription",
        "ask-for-complements" => "a demandé des compléments",
        "verify-document" => "a vérifié une pièce",
        "reject-document" => "a refusé une pièce",
        "end-document" => "a mis fin à une pièce",
        "verify-by-hand" => "a inscrit une vérification",
        "exempt-duplicate" => "a exempté un doublon",
        "watch-documents" => "a rappelé l’échéance d’une pièce",
        "hide-professional" => "a masqué la page et les offres",
        "show-professional-again" => "a rétabli la page et les offres",
        "hide-offer" => "a masqué une offre",
        "show-offer-again" => "a rétabli une offre",
        "announce-measure" => "a annoncé une mesure",
        "revoke-measure" => "a révoqué ou levé une mesure",
        "give-formal-notice" => "a mis en demeure",
        "close-formal-notice" => "a clos une mise en demeure",
        "record-receipt" => "a inscrit une réception",
        "answer-appeal" => "a répondu à une contestation",
        "contest-decision" => "a contesté une décision",
        "sweep-standings" => "a appliqué une décision à son échéance",
        "show-registrations" => "a ouvert la liste des inscriptions",
        "show-professionals" => "a ouvert la liste des professionnels",
        "show-professional-file" => "a ouvert le dossier",
        "show-measure" => "a préparé une mesure",
        "enter-leaving" => "a inscrit une désinscription",
        "note-on-professional" => "a ajouté une note interne",
        "show-missions-without-title" => "a consulté les missions sans titre",
        "ask-change" => "a demandé un changement du dossier",
        "import-agents" => "a ajouté des agents d’une liste",
        "answer-complement" => "a complété un changement du dossier",
        "withdraw-change" => "a repris un changement du dossier",
        "accept-change" => "a accepté un changement du dossier",
        "refuse-change" => "a refusé un changement du dossier",
        "ask-complement" => "a demandé un complément sur un changement",
        "take-vat-in" => "a fait entrer en vigueur un changement de TVA",
        "show-documents-waiting" => "a consulté les pièces à vérifier",
        "show-file-changes" => "a consulté les changements de dossier",
    ;
    Catalogue:
        "save-page" => "a enregistré sa page de présentation",
        "save-calendar" => "a enregistré ses disponibilités",
        "save-absences" => "a enregistré les absences de l’équipe",
        "renew-calendar-feed" => "a changé son adresse d’agenda",
        "create-offer" => "a créé une offre",
        "change-offer" => "a modifié une offre",
        "publish-offer" => "a publié une offre",
        "withdraw-offer" => "a retiré une offre",
        "read-conditions-of-sale" => "a téléchargé les CGV du professionnel",
    ;
    Words:
        "review-mission" => "a déposé un avis",
        "reply-to-review" => "a répondu à un avis",
        "doubt-review" => "a signalé un doute sur un avis",
        "publish-review" => "a publié un avis",
        "reject-review" => "a refusé un avis",
        "normalise-review" => "a corrigé la forme d’un avis",
        "remove-review" => "a retiré un avis",
        "keep-review" => "a maintenu un avis après un doute",
        "evaluate-client" => "a évalué le client",
        "list-evaluations" => "a consulté les évaluations privées",
        "report-content" => "a signalé un contenu ou demandé de l’aide",
        "decide-report" => "a clos un signalement",
        "send-message" => "a envoyé un message",
        "prepare-attachment" => "a préparé une pièce jointe",
        "open-attachment" => "a téléchargé une pièce jointe",
        "mark-conversation-read" => "a lu la conversation",
        "consult-messages" => "a consulté les messages",
        "acquaint-parties" => "a révélé leurs coordonnées aux parties",
        "reveal-phone" => "a révélé un téléphone",
        "show-reviews" => "a ouvert la liste des avis",
        "show-review" => "a ouvert un avis",
        "show-reports" => "a ouvert la liste des signalements",
        "show-report" => "a ouvert un signalement",
    ;
    Accounts:
        "sign-up-client" => "a demandé un compte",
        "verify-email" => "a confirmé son adresse et ouvert son compte",
        "try-code" => "a essayé un code de confirmation",
        "send-code-again" => "a redemandé le courriel de confirmation",
        "activate-account" => "a activé son compte",
        "sign-in" => "s’est connecté",
        "sign-out" => "s’est déconnecté",
        "refresh-session" => "a prolongé sa session",
        "refresh-token-reused" => "a perdu sa session : un jeton a servi deux fois",
        "change-password" => "a changé son mot de passe",
        "ask-password-reset" => "a oublié son mot de passe",
        "reset-password" => "a choisi un nouveau mot de passe",
        "correct-account" => "a corrigé son compte",
        "ask-identifier-change" => "a demandé à changer d’adresse",
        "confirm-identifier-change" => "a confirmé le changement d’adresse",
        "allow-identifier-change" => "a accepté le changement d’adresse",
        "decline-identifier-change" => "a refusé le changement d’adresse",
        "accept-terms" => "a accepté les conditions",
        "choose-newsletter" => "a choisi de recevoir ou non la lettre d’information",
        "leave-newsletter" => "a quitté la lettre d’information",
        "export-account" => "a exporté ses données",
        "close-account" => "a demandé la fermeture de son compte",
        "end-devices" => "a déconnecté un appareil à distance",
        "report-suspect-access" => "a signalé un accès suspect",
        "begin-own-second-factor" => "a commencé la double authentification",
        "enrol-own-second-factor" => "a activé la double authentification",
        "give-up-second-factor" => "a retiré la double authentification",
        "show-clients" => "a ouvert la liste des clients",
        "download-clients" => "a téléchargé la liste des clients",
        "show-client" => "a ouvert la fiche du client",
        "show-closing" => "a préparé la fermeture du compte",
        "close-for-client" => "a fermé le compte à la demande du client",
        "correct-address" => "a corrigé l’adresse du client",
        "note-on-client" => "a ajouté une note interne",
        "show-identifier-changes" => "a ouvert la liste des changements d’adresse",
        "handle-suspicion" => "a traité un accès suspect",
        "show-suspicions" => "a ouvert les accès suspects",
        "set-alert" => "a créé une alerte de disponibilité",
        "end-alert" => "a arrêté une alerte de disponibilité",
        "leave-alerts" => "a arrêté ses alertes par un lien",
        "save-sites" => "a enregistré ses lieux de mission",
        "choose-favourite" => "a choisi ou retiré un favori",
        "invite-member" => "a invité un membre dans l’équipe",
        "send-invitation-again" => "a renvoyé une invitation",
        "take-back-invitation" => "a annulé une invitation",
        "join-team" => "a rejoint l’équipe",
        "remove-member" => "a retiré un membre de l’équipe",
        "renew-agent-feed" => "a changé l’adresse d’agenda d’un agent",
        "ask-about-data" => "a fait une demande sur ses données",
        "ask-about-data-by-mail" => "a fait une demande sur des données, à confirmer",
        "confirm-data-request" => "a confirmé une demande sur des données",
        "enter-data-request" => "a saisi une demande sur des données",
        "lengthen-data-request" => "a prolongé une demande sur des données",
        "answer-data-request" => "a répondu à une demande sur des données",
        "show-data-requests" => "a consulté les demandes sur les données",
        "show-data-request" => "a ouvert une demande sur des données",
    ;
    Operators:
        "begin-second-factor" => "a commencé la double authentification",
        "enrol-second-factor" => "a activé la double authentification",
        "give-second-factor" => "s’est connecté à l’exploitation",
        "sign-out-operator" => "a quitté l’exploitation",
        "plan-commission" => "a prévu une commission",
        "plan-delays" => "a prévu des délais",
        "plan-cnaps-tax" => "a prévu la taxe CNAPS",
        "plan-hours" => "a prévu des heures",
        "withdraw-setting" => "a retiré une valeur à venir",
        "publish-terms" => "a publié des conditions",
        "show-overview" => "a ouvert la vue d’ensemble",
        "show-undelivered" => "a consulté les événements non livrés",
        "show-mails" => "a consulté les courriels revenus",
        "search-everything" => "a fait une recherche",
        "show-settings" => "a ouvert les réglages",
        "show-operators" => "a ouvert la liste des exploitants",
        "invite-operator" => "a invité un exploitant",
        "open-operator-account" => "a ouvert un compte d’exploitant",
        "set-operator-roles" => "a changé les rôles d’un exploitant",
        "revoke-operator" => "a révoqué un exploitant",
        "show-texts" => "a ouvert les textes juridiques",
        "show-activity" => "a consulté le journal",
        "download-activity" => "a téléchargé le journal",
        "record-mail-fate" => "a appris le sort d’un courriel",
        "handle-mail" => "a traité un courriel revenu",
        "send-mail-again" => "a renvoyé un courriel non parti",
        "give-event-again" => "a redonné un événement",
        "handle-event" => "a traité un événement non livré",
        "sweep-retention" => "a effacé des données à échéance",
        "hold-data" => "a gelé des données",
        "lift-hold" => "a levé le gel de données",
        "show-retention" => "a consulté la conservation des données",
        "show-retention-file" => "a consulté la conservation d’un compte",
    ;
}

/// What was done, as a verb that a name comes before; nothing for a name that the log does not hold.
pub fn sentence(action: &str) -> Option<&'static str> {
    said(action).map(|(_, sentence)| sentence)
}

/// Whether a line is one of those that were asked for: by the name in the log, or by the words shown.
pub(crate) fn is_asked_for(action: &str, asked: &str) -> bool {
    let asked = asked.trim().to_lowercase();
    let said = sentence(action).unwrap_or_default();
    action.contains(&asked) || said.to_lowercase().contains(&asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_has_a_kind_and_a_verb() {
        for (action, kind) in [
            ("accept-booking", ActKind::Bookings),
            ("capture-payment", ActKind::Money),
            ("verify-document", ActKind::Files),
            ("publish-offer", ActKind::Catalogue),
            ("publish-review", ActKind::Words),
            ("sign-in", ActKind::Accounts),
            ("publish-terms", ActKind::Operators),
        ] {
            let (found, sentence) = said(action).unwrap();
            assert_eq!(found, kind, "{action}");
            assert!(
                sentence.starts_with("a ") || sentence.starts_with("s’est "),
                "{sentence}"
            );
        }
        assert_eq!(said("never-done"), None);
    }

    #[test]
    fn an_action_is_found_by_its_name_and_by_its_words() {
        assert!(is_asked_for("open-document", "open-document"));
        assert!(is_asked_for("open-document", " OUVERT une pièce "));
        assert!(!is_asked_for("open-document", "facture"));
    }

    /// Whatever an operator looks at or decides is in the log under words.
    #[test]
    fn every_page_has_words() {
        let silent = [
            "read-style",
            "show-operator-sign-in",
            "sign-in-operator",
            "show-second-factor",
            "show-second-factor-enrolment",
        ];
        for page in (crate::PAGES.list)() {
            let said = sentence(page.name).is_some();
            assert_eq!(said, !silent.contains(&page.name), "{}", page.name);
        }
    }
}
