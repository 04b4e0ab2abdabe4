//! Letters to the members of a company's team.

use adapters::store::TokenPurpose;
use domain::ids::{AccountId, InvitationId};
use domain::members::{Member, MemberRole};
use domain::typography::of;

use super::brief;
use crate::files::TeamFile;
use crate::letter::Letter;
use crate::post::{Notice, Post};

/// A company invites somebody: whoever reads the mail joins with its link.
pub(crate) fn invited(post: &Post<'_>, file: &TeamFile, id: &InvitationId) -> Vec<Notice> {
    // Accepted or taken back meanwhile, or sent again: another mail told of that.
    let Some(invitation) = file.members.invitation(id) else {
        return Vec::new();
    };
    let company = file.professional.name();
    let (link, token) = post.token_link(TokenPurpose::JoinTeam {
        professional: file.professional.id.clone(),
        invitation: id.clone(),
    });
    let what = match invitation.role {
        MemberRole::Manager => {
            "Comme gestionnaire, vous suivez les demandes, le planning, les messages, les offres et l’équipe."
        }
        MemberRole::Agent { .. } => {
            "Comme agent, vous voyez vos vacations sur votre téléphone : où, quand, les consignes. Vous y pointez votre arrivée et votre départ, même sans réseau."
        }
    };
    let letter = Letter::new(
        "member-invited",
        format!("Rejoignez l’équipe {}", of(&brief(company))),
    )
    .say(format!(
        "{company} vous invite à rejoindre son équipe sur MonAgentDeSecu."
    ))
    .say(what)
    .say("Vous choisissez votre mot de passe, que votre entreprise ne connaît pas.")
    .button("Rejoindre l’équipe", link)
    .note("Ce lien est valable 7 jours. Si vous ne connaissez pas cette entreprise, ignorez ce message : rien n’est ouvert à votre nom.");
    vec![
        Notice {
            recipient: id.to_string(),
            to: invitation.email.clone(),
            letter: letter.to(Some(&invitation.first_name)),
            token: None,
            papers: Vec::new(),
            managers_of: None,
        }
        .carrying(token),
    ]
}

/// A company took somebody out of its team.
pub(crate) fn removed(post: &Post<'_>, file: &TeamFile, account: &AccountId) -> Vec<Notice> {
    let Some(member) = file.members.whoever(account) else {
        return Vec::new();
    };
    let company = file.professional.name();
    let letter = Letter::new(
        "member-removed",
        format!("Votre accès à l’équipe {} est retiré", of(&brief(company))),
    )
    .say(format!(
        "{company} a retiré votre accès : vous ne pouvez plus vous connecter pour cette entreprise."
    ))
    .say("Pour toute question sur vos vacations à venir, adressez-vous à elle.");
    vec![to_member(post, member, letter)]
}

/// A letter to somebody of the team.
pub(crate) fn to_member(_: &Post<'_>, member: &Member, letter: Letter) -> Notice {
    Notice {
        recipient: member.account.to_string(),
        to: member.email.clone(),
        letter: letter.to(Some(&member.first_name)),
        token: None,
        papers: Vec::new(),
        managers_of: None,
    }
}
