//! Letters about alerts: somebody is free.

use domain::time::zone::Zone;

use super::brief;
use crate::files::AlertFile;
use crate::letter::Letter;
use crate::post::{Notice, Post, Wished};

/// Somebody is free for a mission that a client waits for.
pub(crate) fn met(post: &Post<'_>, file: &AlertFile) -> Vec<Notice> {
    let alert = &file.alert;
    let zone = Zone::of(&alert.department);
    let subject = format!("Un professionnel est libre : {}", brief(&alert.place));
    let letter = Letter::new("client-alert-met", subject)
        .say("Un professionnel peut maintenant prendre la mission que vous cherchiez. Rien n’est réservé : d’autres clients voient la même disponibilité.")
        .fact("Prestation", alert.activity.label())
        .fact("Début", zone.named_date_time(alert.interval.start()))
        .fact("Fin", zone.named_date_time(alert.interval.end()))
        .fact("Agents", alert.agents.to_string())
        .fact("Lieu", &alert.place)
        .button("Voir qui est libre", post.search(&Wished::from(alert)))
        .link("Arrêter toutes mes alertes", post.end_alert(&alert.id))
        .note("Cette alerte est terminée : vous ne recevez qu’un courriel par mission cherchée.");
    vec![post.to_account(&file.client, letter)]
}
