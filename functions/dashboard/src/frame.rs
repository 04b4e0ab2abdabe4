//! What surrounds every page: the menu, what was just done, why something was not.

use askama::Template;
use domain::professional::Missing;
use domain::time::paris;
use http_function::{Html, Notice, Problem, Reply, Unserved};
use jiff::Timestamp;

use crate::queue::Next;

/// A part of the dashboard, as the menu names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Overview,
    Registrations,
    Professionals,
    Clients,
    Bookings,
    Reviews,
    Money,
    Statistics,
    Data,
    Activity,
    Settings,
}

impl Section {
    const ALL: [Self; 11] = [
        Self::Overview,
        Self::Registrations,
        Self::Professionals,
        Self::Clients,
        Self::Bookings,
        Self::Reviews,
        Self::Money,
        Self::Statistics,
        Self::Data,
        Self::Activity,
        Self::Settings,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Overview => "Vue d’ensemble",
            Self::Registrations => "Inscriptions",
            Self::Professionals => "Professionnels",
            Self::Clients => "Clients",
            Self::Bookings => "Réservations",
            Self::Reviews => "Avis",
            Self::Money => "Argent",
            Self::Statistics => "Statistiques",
            Self::Data => "Données",
            Self::Activity => "Activité",
            Self::Settings => "Réglages",
        }
    }

    fn address(self) -> &'static str {
        match self {
            Self::Overview => "/admin",
            Self::Registrations => "/admin/inscriptions",
            Self::Professionals => "/admin/professionnels",
            Self::Clients => "/admin/clients",
            Self::Bookings => "/admin/reservations",
            Self::Reviews => "/admin/avis",
            Self::Money => "/admin/argent",
            Self::Statistics => "/admin/statistiques",
            Self::Data => "/admin/conservation",
            Self::Activity => "/admin/activite",
            Self::Settings => "/admin/reglages",
        }
    }
}

/// An entry of the menu.
pub(crate) struct Entry {
    pub(crate) label: &'static str,
    pub(crate) address: &'static str,
    pub(crate) current: bool,
}

/// The frame of one page.
pub(crate) struct Frame {
    /// Empty before one is signed in.
    pub(crate) menu: Vec<Entry>,
    /// What was looked for, in the box of every page.
    pub(crate) searched: String,
    /// What comes next in the queue that the page belongs to.
    pub(crate) next: Option<Next>,
    /// What was just done.
    pub(crate) done: Option<&'static str>,
    /// Why the form that was sent was refused.
    pub(crate) refused: Option<Refused>,
}

/// Why a form was refused.
pub(crate) struct Refused {
    pub(crate) detail: String,
    pub(crate) missing: Vec<Missing>,
}

impl From<&Problem> for Refused {
    fn from(problem: &Problem) -> Self {
        Self {
            detail: problem.detail.clone(),
            missing: problem.missing.clone(),
        }
    }
}

impl Frame {
    /// Of a page of one part.
    pub(crate) fn of(section: Section, notice: &Notice) -> Self {
        Self {
            menu: Section::ALL
                .into_iter()
                .map(|entry| Entry {
                    label: entry.label(),
                    address: entry.address(),
                    current: entry == section,
                })
                .collect(),
            ..Self::signed_out(notice)
        }
    }

    /// Of a page that nobody is signed in on.
    pub(crate) fn signed_out(notice: &Notice) -> Self {
        Self {
            menu: Vec::new(),
            searched: String::new(),
            next: None,
            done: notice.done.as_deref().and_then(done),
            refused: notice.refused.as_ref().map(Refused::from),
        }
    }
}

impl Frame {
    /// Of a page that no entry of the menu leads to.
    pub(crate) fn at_no_entry(&mut self) {
        for entry in &mut self.menu {
            entry.current = false;
        }
    }

    /// Says why what was asked cannot be.
    pub(crate) fn refuse(&mut self, problem: &Problem) {
        self.refused = Some(Refused::from(problem));
    }
}

/// A form that was refused: it is shown again, open, with what had been typed into it.
pub(crate) struct Sent {
    place: String,
    notice: Notice,
}

impl Sent {
    /// What a page is told of it, if anything.
    pub(crate) fn new(notice: &Notice) -> Self {
        Self {
            place: notice.sent_to.clone(),
            notice: notice.clone(),
        }
    }

    /// Whether it was this form, by the end of the address that it is sent to.
    pub(crate) fn to(&self, place: &str) -> bool {
        self.place
            .strip_suffix(place)
            .is_some_and(|rest| rest.ends_with('/'))
    }

    /// The same among forms that there is one of for each thing.
    pub(crate) fn about(&self, id: &impl std::fmt::Display, place: &str) -> bool {
        self.to(&format!("{id}/{place}"))
    }

    /// What had been typed into a field, wherever it was.
    pub(crate) fn typed(&self, field: &str) -> &str {
        self.notice.typed(field)
    }

    /// The day from which something was to hold, where it was this form.
    pub(crate) fn day(&self, place: &str) -> &str {
        if self.to(place) {
            self.typed("from")
        } else {
            ""
        }
    }

    /// Whether a field had this value among others.
    pub(crate) fn had(&self, field: &str, value: &impl std::fmt::Display) -> bool {
        let values = self.notice.typed.get(field);
        let value = value.to_string();
        values.is_some_and(|values| values.contains(&value))
    }
}

/// What a page says after a form was done, by the name of the operation.
fn done(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "accept-professional" => "Inscription acceptée : le courriel d’activation part.",
        "refuse-professional" => {
            "Inscription refusée : le professionnel reçoit un courriel sans motif."
        }
        "ask-for-complements" => "Les compléments sont demandés par courriel.",
        "publish-review" => "Avis publié.",
        "normalise-review" => {
            "Forme corrigée : l’avis porte la mention « modéré », son auteur est prévenu."
        }
        "remove-review" => "Avis retiré : sa note ne compte plus, son auteur en reçoit le motif.",
        "keep-review" => "Avis maintenu après examen du doute.",
        "decide-report" => {
            "Dossier clos : la personne qui a écrit reçoit la réponse si elle a laissé une adresse."
        }
        "allow-identifier-change" => "Adresse changée : les deux adresses sont prévenues.",
        "decline-identifier-change" => "Changement refusé : le professionnel en reçoit le motif.",
        "reject-review" => "Avis refusé : son auteur en reçoit le motif.",
        "decide-claim" => "Réclamation tranchée : les deux parties reçoivent la décision.",
        "call-off-booking" => "Mission annulée : les deux parties en sont informées.",
        "refund-booking" => "Remboursement décidé : les deux parties reçoivent la décision.",
        "settle-by-hand" => {
            "Le paiement a été relu chez Stripe et ce qui restait à faire est fait."
        }
        "hide-professional" => "Page et offres masquées : le professionnel en reçoit les motifs.",
        "show-professional-again" => "Page et offres rétablies.",
        "hide-offer" => "Offre masquée : le professionnel en reçoit les motifs.",
        "show-offer-again" => "Offre de nouveau publiée : le professionnel en est informé.",
        "announce-measure" => {
            "Mesure annoncée : le courriel part. Elle reste révocable jusqu’à son effet."
        }
        "revoke-measure" => "Mesure révoquée : le professionnel en est informé.",
        "give-formal-notice" => {
            "Mise en demeure envoyée : les trente jours courent dès sa réception."
        }
        "close-formal-notice" => "Mise en demeure close : situation régularisée.",
        "plan-commission" => "Commission prévue : les commandes déjà passées gardent la leur.",
        "plan-delays" => "Délais prévus : les commandes déjà passées gardent les leurs.",
        "plan-cnaps-tax" => "Taxe prévue : les commandes déjà passées gardent la leur.",
        "plan-hours" => "Heures prévues : les commandes déjà passées gardent leur prix.",
        "withdraw-setting" => "Valeur à venir retirée.",
        "publish-terms" => "Version publiée : les courriels partent par pages.",
        "record-receipt" => "Réception inscrite : le délai court depuis la fin de ce jour.",
        "answer-appeal" => "Réponse envoyée : la décision est maintenue.",
        "handle-mail" => "Courriel traité : il quitte la liste.",
        "send-mail-again" => "Courriel envoyé de nouveau dans la minute.",
        "give-event-again" => "Événement redonné dans la minute.",
        "handle-event" => "Événement traité : il quitte la liste.",
        "enter-data-request" => "Demande enregistrée : la personne en reçoit l’accusé.",
        "lengthen-data-request" => "Délai prolongé de deux mois : la personne en reçoit le motif.",
        "answer-data-request" => "Réponse envoyée, inscrite au registre.",
        "hold-data" => "Données gelées : rien de ce compte n’est effacé jusqu’à la levée.",
        "lift-hold" => "Gel levé : ce qui est échu est listé demain, puis effacé.",
        "accept-change" => {
            "Changement accepté : il est en vigueur et le professionnel en est informé."
        }
        "refuse-change" => "Changement refusé : le professionnel en reçoit le motif.",
        "ask-complement" => "Le complément est demandé par courriel.",
        "verify-document" => "Pièce vérifiée.",
        "verify-by-hand" => "Vérification inscrite au dossier, avec sa date.",
        "exempt-duplicate" => "Exemption enregistrée : elle figure dans les deux dossiers.",
        "end-document" => {
            "Fin anticipée enregistrée : le professionnel est prévenu, ses offres suivent."
        }
        "reject-document" => "Pièce refusée.",
        "sign-out-operator" => "Vous êtes déconnecté.",
        _ => return done_at_request(operation),
    })
}

/// The same of what operators do for each other, and at somebody's request.
fn done_at_request(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "close-for-client" => "Compte fermé : le client en est prévenu.",
        "correct-address" => "Adresse corrigée : les deux adresses sont prévenues.",
        "enter-leaving" => "Désinscription inscrite : le professionnel en est prévenu.",
        "set-operator-roles" => "Rôles enregistrés.",
        "revoke-operator" => "Exploitant révoqué : ses sessions sont fermées.",
        "note-on-booking" | "note-on-client" | "note-on-professional" => "Note ajoutée.",
        "put-decision-aside" => "Décision écartée : rien n’est changé.",
        "decide-claim-propose" | "call-off-booking-propose" | "refund-booking-propose" => {
            "Décision proposée : au-delà de 500 €, un second exploitant la confirme. Rien n’est encore décidé."
        }
        _ => return None,
    })
}

/// Renders a page.
pub(crate) fn shown(page: &impl Template) -> Result<Reply<Html>, Problem> {
    let html = page.render().map_err(Problem::internal)?;
    Ok(Reply::ok(Html(html)))
}

/// `14/11/2026 à 20 h`, Paris time.
pub(crate) fn moment(at: &Timestamp) -> String {
    format!(
        "{} à {}",
        paris::short_date(paris::local_date(*at)),
        paris::french_time(*at)
    )
}

/// How long ago something was, in the largest unit that says enough.
pub(crate) fn since(then: &Timestamp, now: &Timestamp) -> String {
    let hours = now.duration_since(*then).as_hours();
    match hours {
        ..1 => "moins d’une heure".to_owned(),
        1..48 => format!("{hours} h"),
        _ => format!("{} j", hours / 24),
    }
}

#[derive(Template)]
#[template(path = "unserved.html")]
struct UnservedPage<'a> {
    frame: Frame,
    title: &'static str,
    detail: &'a str,
    signed_out: bool,
    address: &'a str,
    typed: &'a [(String, String)],
}

/// Tells what no page can tell; what a form held can be sent again.
pub(crate) fn unserved(unserved: &Unserved<'_>) -> Html {
    let page = UnservedPage {
        frame: Frame::signed_out(&Notice::default()),
        title: match unserved.problem.status {
            401 => "Votre session est terminée",
            403 => "Cette page n’est pas la vôtre",
            404 => "Cette page n’existe pas",
            _ => "Cela n’a pas pu être fait",
        },
        detail: &unserved.problem.detail,
        signed_out: unserved.problem.status == 401,
        address: unserved.address,
        typed: &unserved.typed,
    };
    Html(page.render().unwrap_or_else(|_| page.detail.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_is_known_by_its_address() {
        let sent = Sent::new(&Notice {
            sent_to: "/admin/documents/pro_1/doc_1/refuser".to_owned(),
            typed: [("documents".to_owned(), vec!["a".to_owned(), "b".to_owned()])].into(),
            ..Notice::default()
        });
        assert!(sent.to("refuser") && sent.about(&"doc_1", "refuser"));
        assert!(!sent.to("user") && !sent.about(&"doc_2", "refuser"));
        assert!(sent.had("documents", &"a") && sent.had("documents", &"b"));
        assert!(!Sent::new(&Notice::default()).to(""));
    }

    #[test]
    fn ages_are_told_in_hours_then_in_days() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-23T10:00:00Z");
        for (then, said) in [
            ("2026-11-23T09:30:00Z", "moins d’une heure"),
            ("2026-11-23T09:00:00Z", "1 h"),
            ("2026-11-21T11:00:00Z", "47 h"),
            ("2026-11-20T09:00:00Z", "3 j"),
        ] {
            assert_eq!(since(&at(then), &now), said, "{then}");
        }
    }
}
