//! What each line of the activity log says was done, in French. The log itself keeps the name of the
//! operation, which never changes.

/// What somebody did, as the operator reads it; nothing for a name that the log does not hold.
pub fn label(action: &str) -> Option<&'static str> {
    Some(match action {
        // Bookings and their money.
        "request-booking" => "Commande passée",
        "ask-for-quotes" => "Devis demandés",
        "withdraw-quote-request" => "Demande de devis abandonnée",
        "give-quote" => "Devis donné",
        "decline-quote" => "Demande de devis déclinée",
        "sweep-quotes" => "Demande de devis close",
        "conclude-quote" => "Devis commandé : contrat conclu ou refusé",
        "set-alert" => "Alerte de disponibilité créée",
        "end-alert" => "Alerte de disponibilité arrêtée",
        "leave-alerts" => "Alertes arrêtées par un lien",
        "save-sites" => "Lieux de mission enregistrés",
        "choose-favourite" => "Favori choisi ou retiré",
        "open-checkout" => "Page de paiement ouverte",
        "place-order" => "Commande de plusieurs dates passée",
        "open-order-checkout" => "Page de paiement de la commande ouverte",
        "answer-order" => "Réponse à une commande",
        "cancel-order" => "Commande reprise par le client",
        "open-missions" => "Mission d’une commande acceptée",
        "capture-order" => "Débit de la carte pour une commande",
        "order-contested" => "Débit d’une commande contesté",
        "accept-booking" => "Demande acceptée",
        "refuse-booking" => "Demande refusée",
        "cancel-booking" => "Annulation par le client",
        "cancel-mission" => "Annulation par le professionnel",
        "withdraw-from-booking" => "Rétractation",
        "withdraw-publicly" => "Rétractation sans connexion",
        "complete-mission" => "Mission déclarée terminée",
        "validate-mission" => "Mission validée",
        "archive-booking" => "Réservation archivée ou désarchivée",
        "open-claim" => "Réclamation ouverte",
        "propose-settlement" => "Accord proposé",
        "accept-settlement" => "Accord accepté",
        "decide-claim" => "Réclamation tranchée",
        "show-intervention" => "Décision sur une réservation préparée",
        "propose-decision" => "Décision proposée à un second exploitant",
        "put-decision-aside" => "Décision proposée écartée",
        "call-off-booking" => "Mission annulée par la plateforme",
        "refund-booking" => "Remboursement décidé",
        "settle-by-hand" => "Paiement repris à la main",
        "settle-payment" => "Étape de paiement",
        "capture-payment" => "Débit de la carte",
        "refund-payment" => "Remboursement",
        "refund-failed" => "Remboursement renvoyé",
        "transfer-payment" => "Versement au professionnel",
        "reverse-transfer" => "Versement repris",
        "keep-commission" => "Commission acquise",
        "return-commission" => "Commission rendue",
        "dispute-opened" => "Débit contesté",
        "dispute-won" => "Contestation gagnée",
        "dispute-lost" => "Contestation perdue",
        "follow-stripe" => "Paiement suivi chez Stripe",
        "resume-payouts" => "Versements repris",
        "sweep-deadlines" => "Échéance appliquée",
        "sweep-payments" => "Paiement repris d’office",
        "read-invoice" => "Facture téléchargée",
        "read-order" => "Bon de commande téléchargé",
        "issue-invoices" => "Factures établies",
        "print-invoice" => "Facture imprimée",
        "print-papers" => "Documents imprimés",
        "read-conditions-of-sale" => "CGV du professionnel téléchargées",
        // Reviews, evaluations, reports, messages.
        "review-mission" => "Avis déposé",
        "reply-to-review" => "Réponse à un avis",
        "doubt-review" => "Doute signalé sur un avis",
        "publish-review" => "Avis publié",
        "reject-review" => "Avis refusé",
        "normalise-review" => "Forme d’un avis corrigée",
        "remove-review" => "Avis retiré",
        "keep-review" => "Avis maintenu après un doute",
        "evaluate-client" => "Client évalué",
        "list-evaluations" => "Évaluations privées consultées",
        "report-content" => "Contenu signalé",
        "decide-report" => "Signalement clos",
        "send-message" => "Message envoyé",
        "prepare-attachment" => "Pièce jointe préparée",
        "open-attachment" => "Pièce jointe téléchargée",
        "mark-conversation-read" => "Conversation lue",
        "consult-messages" => "Messages consultés",
        "acquaint-parties" => "Coordonnées révélées aux parties",
        "reveal-phone" => "Téléphone révélé",
        // Registrations and documents.
        "start-registration" => "Inscription demandée",
        "resume-registration" => "Inscription reprise",
        "save-registration" => "Inscription enregistrée",
        "submit-registration" => "Inscription transmise",
        "duplicate-registration-refused" => "Inscription en double refusée",
        "prepare-document" => "Envoi d’une pièce préparé",
        "confirm-document" => "Pièce déposée",
        "record-scan" => "Pièce saine, déposée après analyse",
        "infected-file" => "Fichier infecté refusé",
        "unscannable-file" => "Fichier refusé, faute d’analyse",
        "remove-document" => "Pièce retirée",
        "open-document" => "Pièce ouverte",
        "accept-professional" => "Inscription acceptée",
        "refuse-professional" => "Inscription refusée",
        "ask-for-complements" => "Compléments demandés",
        "verify-document" => "Pièce vérifiée",
        "reject-document" => "Pièce refusée",
        "end-document" => "Fin anticipée d’une pièce",
        "verify-by-hand" => "Vérification inscrite",
        "exempt-duplicate" => "Exemption de doublon",
        "watch-documents" => "Échéance d’une pièce",
        // Decisions about accounts.
        "hide-professional" => "Page et offres masquées",
        "show-professional-again" => "Page et offres rétablies",
        "hide-offer" => "Offre masquée",
        "show-offer-again" => "Offre rétablie",
        "announce-measure" => "Mesure annoncée",
        "revoke-measure" => "Mesure révoquée ou levée",
        "give-formal-notice" => "Mise en demeure",
        "close-formal-notice" => "Mise en demeure close",
        "record-receipt" => "Réception inscrite",
        "answer-appeal" => "Réponse à une contestation",
        "contest-decision" => "Décision contestée",
        "sweep-standings" => "Décision appliquée à son échéance",
        "record-mail-fate" => "Sort d’un courriel connu",
        "handle-mail" => "Courriel revenu traité",
        "send-mail-again" => "Courriel non parti envoyé de nouveau",
        "give-event-again" => "Événement redonné",
        "handle-event" => "Événement non livré traité",
        "handle-suspicion" => "Accès suspect traité",
        "show-suspicions" => "Accès suspects ouverts",
        // What professionals sell.
        "save-page" => "Page de présentation enregistrée",
        "save-calendar" => "Disponibilités enregistrées",
        "renew-calendar-feed" => "Adresse d’agenda changée",
        "create-offer" => "Offre créée",
        "change-offer" => "Offre modifiée",
        "publish-offer" => "Offre publiée",
        "withdraw-offer" => "Offre retirée",
        "open-payout-account" => "Compte de paiement ouvert",
        "start-payout-onboarding" => "Compte de paiement : questions de Stripe",
        "read-payout-account" => "Compte de paiement relu",
        "refresh-payouts" => "Compte de paiement relu",
        "change-bank-account" => "IBAN changé",
        "keep-bank-account" => "Changement d’IBAN refusé",
        // Accounts and sessions.
        "sign-up-client" => "Compte demandé",
        "verify-email" => "Adresse confirmée, compte ouvert",
        "try-code" => "Code de confirmation essayé",
        "send-code-again" => "Courriel de confirmation renvoyé",
        "activate-account" => "Compte activé",
        "sign-in" => "Connexion",
        "sign-out" => "Déconnexion",
        "refresh-session" => "Session prolongée",
        "refresh-token-reused" => "Session fermée : jeton utilisé deux fois",
        "change-password" => "Mot de passe changé",
        "ask-password-reset" => "Mot de passe oublié",
        "reset-password" => "Mot de passe réinitialisé",
        "correct-account" => "Compte corrigé",
        "ask-identifier-change" => "Changement d’adresse demandé",
        "confirm-identifier-change" => "Changement d’adresse confirmé",
        "allow-identifier-change" => "Changement d’adresse accepté",
        "decline-identifier-change" => "Changement d’adresse refusé",
        "accept-terms" => "Conditions acceptées",
        "choose-newsletter" => "Choix de la lettre d’information",
        "leave-newsletter" => "Lettre d’information quittée",
        "export-account" => "Données exportées",
        "close-account" => "Fermeture demandée",
        "end-devices" => "Appareil déconnecté à distance",
        "report-suspect-access" => "Accès suspect signalé",
        "begin-own-second-factor" => "Double authentification commencée",
        "enrol-own-second-factor" => "Double authentification activée",
        "give-up-second-factor" => "Double authentification retirée",
        _ => return of_operators(action),
    })
}

/// The same of what operators do and look at.
fn of_operators(action: &str) -> Option<&'static str> {
    Some(match action {
        "begin-second-factor" => "Double authentification commencée",
        "enrol-second-factor" => "Double authentification activée",
        "give-second-factor" => "Connexion de l’exploitant",
        "sign-out-operator" => "Déconnexion de l’exploitant",
        "plan-commission" => "Commission prévue",
        "plan-delays" => "Délais prévus",
        "plan-cnaps-tax" => "Taxe CNAPS prévue",
        "plan-hours" => "Heures prévues",
        "withdraw-setting" => "Valeur à venir retirée",
        "publish-terms" => "Conditions publiées",
        "show-overview" => "Vue d’ensemble ouverte",
        "show-registrations" => "Liste des inscriptions ouverte",
        "show-professionals" => "Liste des professionnels ouverte",
        "show-professional-file" => "Dossier ouvert",
        "show-measure" => "Mesure préparée",
        "show-reviews" => "Liste des avis ouverte",
        "show-review" => "Avis ouvert",
        "show-reports" => "Liste des signalements ouverte",
        "show-report" => "Signalement ouvert",
        "show-identifier-changes" => "Liste des changements d’adresse ouverte",
        "show-undelivered" => "Événements non livrés consultés",
        "show-mails" => "Courriels revenus consultés",
        "show-money" => "Page Argent ouverte",
        "download-commissions" => "Factures de commission téléchargées",
        "show-missions-without-title" => "Missions sans titre consultées",
        "search-everything" => "Recherche",
        "show-bookings" => "Liste des réservations ouverte",
        "download-bookings" => "Liste des réservations téléchargée",
        "show-clients" => "Liste des clients ouverte",
        "download-clients" => "Liste des clients téléchargée",
        "show-client" => "Fiche d’un client ouverte",
        "show-booking" => "Réservation ouverte",
        "show-settings" => "Réglages ouverts",
        "show-closing" => "Fermeture d’un compte préparée",
        "close-for-client" => "Compte fermé à la demande du client",
        "correct-address" => "Adresse d’un client corrigée",
        "enter-leaving" => "Désinscription inscrite",
        "show-operators" => "Liste des exploitants ouverte",
        "invite-operator" => "Exploitant invité",
        "open-operator-account" => "Compte d’exploitant ouvert",
        "set-operator-roles" => "Rôles d’un exploitant changés",
        "revoke-operator" => "Exploitant révoqué",
        "show-proposals" => "Décisions à confirmer consultées",
        "note-on-booking" => "Note sur une réservation",
        "note-on-client" => "Note sur un client",
        "note-on-professional" => "Note sur un professionnel",
        "show-texts" => "Textes juridiques ouverts",
        "show-activity" => "Journal consulté",
        "download-activity" => "Journal téléchargé",
        _ => return of_a_team(action),
    })
}

/// What is done by a company's team, and in it.
fn of_a_team(action: &str) -> Option<&'static str> {
    Some(match action {
        "invite-member" => "Membre invité dans l’équipe",
        "send-invitation-again" => "Invitation renvoyée",
        "take-back-invitation" => "Invitation annulée",
        "join-team" => "Invitation acceptée",
        "renew-agent-feed" => "Adresse d’agenda d’un agent changée",
        "check-in" => "Arrivée pointée",
        "check-out" => "Départ pointé",
        "write-log-entry" => "Main courante complétée",
        "report-shift" => "Rapport de fin de mission envoyé",
        "remove-member" => "Membre retiré de l’équipe",
        _ => return None,
    })
}

/// Whether a line is one of those that were asked for: by the name in the log, or by the words shown.
pub(crate) fn is_asked_for(action: &str, asked: &str) -> bool {
    let asked = asked.trim().to_lowercase();
    action.contains(&asked)
        || label(action).is_some_and(|label| label.to_lowercase().contains(&asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_found_by_its_name_and_by_its_words() {
        assert!(is_asked_for("open-document", "open-document"));
        assert!(is_asked_for("open-document", " pièce OUVERTE "));
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
            let said = label(page.name).is_some();
            assert_eq!(said, !silent.contains(&page.name), "{}", page.name);
        }
    }
}
