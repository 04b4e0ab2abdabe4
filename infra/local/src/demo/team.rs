//! The team of Bastion Sud: a manager, and two of its three agents with an access of their own; the third has
//! been invited.

use domain::account::Account;
use domain::identifiers::Email;
use domain::ids::{AgentId, InvitationId, ProfessionalId};
use domain::members::{Invitation, Member, MemberRole, Members};
use domain::offer::Offer;
use domain::professional::Professional;

use super::{PASSWORD, Stage, id, new_account, said};

/// Where the numbers of its accounts begin.
const FIRST: u16 = 900;
/// The professional's number, and its agents' (`professionals::bastion`).
const COMPANY: u16 = 2;

fn agent(place: u16) -> MemberRole {
    MemberRole::Agent {
        agent: id::<AgentId>(COMPANY * 10 + place),
    }
}

/// Whoever signs in beside the owner: once.
pub(super) async fn joined(stage: &Stage, sellers: &[(Professional, Offer)]) -> Result<(), String> {
    let company = id::<ProfessionalId>(COMPANY);
    let owner = sellers.iter().find(|(seller, _)| seller.id == company);
    let owner = owner.and_then(|(seller, _)| seller.account.clone());
    let mut members = Members::none(company.clone());
    let people = [
        ("gestion", "Samira", "Haddad", MemberRole::Manager),
        ("karim", "Karim", "Benoit", agent(0)),
        ("lea", "Léa", "Fabre", agent(1)),
    ];
    for (number, (mailbox, first_name, last_name, role)) in (FIRST..).zip(people) {
        let email = format!("{mailbox}@demo.monagentdesecu.fr");
        let account = Account {
            professional: Some(company.clone()),
            ..new_account(number, &email, role.of_account(), stage.now)?
        };
        members.members.push(Member {
            account: account.id.clone(),
            email: account.email.clone(),
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            role,
            since: stage.now,
            left_at: None,
            feed: Default::default(),
        });
        stage.account(account, PASSWORD).await?;
    }
    let by = owner.ok_or("Bastion Sud has no owner")?;
    members.invitations.push(Invitation {
        id: id::<InvitationId>(FIRST),
        email: Email::parse("hugo@demo.monagentdesecu.fr").map_err(said)?,
        first_name: "Hugo".to_owned(),
        last_name: "Tessier".to_owned(),
        role: agent(2),
        by,
        sent_at: stage.now,
    });
    let changes = stage.changes().create(&members, "members");
    stage.write(changes).await.map(|_| ())
}
