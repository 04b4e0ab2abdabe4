//! Letters to a professional about where they are paid.

use domain::money::Euros;
use domain::professional::Professional;
use domain::time::paris::french_date_time;
use domain::yearly::Quarter;

use crate::letter::Letter;
use crate::post::{Notice, Post};

/// Stripe waits for answers before it pays for the first time.
pub(crate) fn to_activate(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("professional-payouts-to-activate", "Activez vos versements")
        .say("Votre compte de paiement est ouvert chez Stripe, établissement de monnaie électronique, qui conserve l’argent des missions et vous le verse.")
        .say("Avant de vous payer, Stripe doit vérifier qui vous êtes. Vos offres sont visibles et deviennent réservables dès que c’est fait ; cela prend quelques minutes.");
    told(post, professional, letter)
}

/// The professional can be paid.
pub(crate) fn active(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("professional-payouts-active", "Vos versements sont actifs")
        .say("Votre compte de paiement peut recevoir de l’argent : vos offres sont réservables, et chaque mission validée vous est versée.");
    told(post, professional, letter)
}

/// The professional cannot be paid any more.
pub(crate) fn restricted(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("professional-payouts-restricted", "Vos versements sont suspendus par Stripe")
        .say("Stripe demande de nouvelles informations. D’ici là, vos offres ne sont pas réservables et les versements attendent.")
        .say("Complétez votre compte de paiement : tout reprend aussitôt.");
    told(post, professional, letter)
}

fn told(post: &Post<'_>, professional: &Professional, letter: Letter) -> Vec<Notice> {
    let letter = letter.button("Voir mes versements", post.payouts());
    vec![post.to_professional(professional, letter)]
}

/// What was paid over a year is complete (CGI, article 242 bis).
pub(crate) fn year_ready(
    post: &Post<'_>,
    professional: &Professional,
    year: i16,
    whole: &Quarter,
) -> Vec<Notice> {
    let euros = |cents| Euros::from_cents(cents).to_string();
    let letter = Letter::new(
        "professional-yearly-statement",
        format!("Votre relevé annuel {year}"),
    )
    .say(format!("Voici ce que vous avez reçu par MonAgentDeSecu en {year}. Le détail par trimestre est dans « Versements »."))
    .fact("Versé", euros(whole.paid))
    .fact("Missions payées", whole.missions.to_string())
    .fact("Frais de service payés par vos clients", euros(whole.fees))
    .say("Nous transmettons ces montants à l’administration fiscale avant le 31 janvier (CGI, articles 242 bis et 1649 ter A). Ils ne remplacent pas vos factures : déclarez vos revenus selon votre régime.");
    told(post, professional, letter)
}

/// Somebody asked to be paid on another bank account: the owner is alerted.
pub(crate) fn bank_account_asked(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let Some(change) = &professional.bank_change else {
        return Vec::new();
    };
    let letter = Letter::new(
        "professional-bank-account-changes",
        "Alerte : changement de vos coordonnées bancaires",
    )
    .say("Un autre compte bancaire a été demandé pour vos versements, avec votre mot de passe. Il sera utilisé dans 24 heures ; d’ici là, aucun versement ne part.")
    .say(format!("Si ce n’est pas vous, connectez-vous maintenant, annulez ce changement et choisissez un autre mot de passe, puis écrivez à {}.", post.contact()))
    .fact("Nouveau compte", change.to.iban.masked())
    .fact("Demandé le", french_date_time(change.asked_at))
    .fact("Prend effet le", french_date_time(change.effective_at))
    .button("Vérifier mes versements", post.payouts());
    vec![post.to_professional(professional, letter)]
}
