//! The activity log in French sentences: who did what, by name. What has no sentence yet is told by its
//! label (`actions`).

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
        "download-commissions" => "a téléchargé les factures de commission",
        "download-books" => "a téléchargé les écritures comptables",
        "open-payout-account" => "a ouvert le compte de paiement",
        "start-payout-onboarding" => "a répondu aux questions de Stripe",
        "read-payout-account" => "a relu le compte de paiement",
        "refresh-payouts" => "a relu le compte de paiement",
        "change-bank-account" => "a changé l’IBAN",
        "keep-bank-account" => "a gardé l’ancien IBAN",
        "show-proposals" => "a consulté les décisions à confirmer",
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
    ;
    Catalogue:
        "save-page" => "a enregistré sa page de présentation",
        "save-calendar" => "a enregistré ses disponibilités",
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
    ;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each sentence is one of an action that the log holds, and says it with a verb.
    #[test]
    fn a_sentence_has_a_verb_and_its_action_a_label() {
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
            assert!(crate::actions::label(action).is_some(), "{action}");
        }
        assert_eq!(said("never-done"), None);
    }
}
