use super::*;
use crate::account::{Acceptance, legal};
use crate::ids::TypedId as _;
use crate::professional::Agent;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const NOW: &str = "2026-11-20T09:00:00Z";

fn ulid(last: char) -> String {
    format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}")
}

fn agent(last: char) -> AgentId {
    AgentId::from_ulid(&ulid(last))
}

fn account(last: char) -> AccountId {
    AccountId::from_ulid(&ulid(last))
}

fn company(kind: Option<PersonKind>) -> Professional {
    let id = ProfessionalId::from_ulid(&ulid('A'));
    let email = Email::parse("direction@bastion.fr").unwrap();
    let accepted = Acceptance::of(legal::TERMS_PROFESSIONALS, at(NOW), "", "");
    let mut company = Professional::begin(id, email, accepted);
    company.profile.kind = kind;
    company.profile.agents = ['A', 'B']
        .map(|last| Agent {
            id: agent(last),
            first_name: format!("Agent {last}"),
            last_name: "Durand".to_owned(),
        })
        .into();
    company
}

fn members() -> Members {
    Members::none(ProfessionalId::from_ulid(&ulid('A')))
}

fn invitation(last: char, email: &str, role: MemberRole) -> Invitation {
    Invitation {
        id: InvitationId::from_ulid(&ulid(last)),
        email: Email::parse(email).unwrap(),
        first_name: "Inès".to_owned(),
        last_name: " Roy ".to_owned(),
        role,
        by: account('Z'),
        sent_at: at(NOW),
    }
}

fn as_agent(last: char) -> MemberRole {
    MemberRole::Agent { agent: agent(last) }
}

#[test]
fn only_a_company_has_a_team() {
    for (kind, fine) in [
        (Some(PersonKind::Legal), true),
        (Some(PersonKind::Natural), false),
        (None, false),
    ] {
        let asked = invitation('A', "ines@bastion.fr", MemberRole::Manager);
        let told = members().invite(&company(kind), asked);
        let expected = if fine {
            Ok(())
        } else {
            Err(MembersRefused::NaturalPerson)
        };
        assert_eq!(told, expected, "{kind:?}");
    }
}

#[test]
fn nobody_is_invited_twice_and_an_agent_has_the_name_of_the_file() {
    let company = company(Some(PersonKind::Legal));
    let mut team = members();
    let manager = || MemberRole::Manager;
    for (asked, expected) in [
        (invitation('A', "ines@bastion.fr", manager()), Ok(())),
        (
            invitation('B', "ines@bastion.fr", as_agent('A')),
            Err(MembersRefused::AlreadyInvited),
        ),
        (invitation('C', "a@bastion.fr", as_agent('A')), Ok(())),
        (
            invitation('D', "b@bastion.fr", as_agent('A')),
            Err(MembersRefused::AgentInvited),
        ),
        (
            invitation('E', "c@bastion.fr", as_agent('C')),
            Err(MembersRefused::UnknownAgent),
        ),
        (
            invitation('F', "direction@bastion.fr", manager()),
            Err(MembersRefused::AlreadyMember),
        ),
    ] {
        assert_eq!(team.invite(&company, asked), expected);
    }
    assert_eq!(team.invitations[0].name(), "Inès Roy");
    assert_eq!(team.invitations[1].name(), "Agent A Durand");
    let joined = InvitationId::from_ulid(&ulid('C'));
    team.join(&joined, account('C'), at(NOW)).unwrap();
    for (asked, expected) in [
        (
            invitation('G', "d@bastion.fr", as_agent('A')),
            MembersRefused::AgentIsMember,
        ),
        (
            invitation('H', "a@bastion.fr", manager()),
            MembersRefused::AlreadyMember,
        ),
    ] {
        assert_eq!(team.invite(&company, asked), Err(expected));
    }
    let nameless = Invitation {
        first_name: " ".to_owned(),
        ..invitation('I', "e@bastion.fr", manager())
    };
    assert_eq!(team.invite(&company, nameless), Err(MembersRefused::Name));
}

#[test]
fn an_invitation_is_good_for_seven_days_from_its_last_mail_and_serves_once() {
    let company = company(Some(PersonKind::Legal));
    let id = InvitationId::from_ulid(&ulid('A'));
    let invited = || {
        let mut team = members();
        let asked = invitation('A', "ines@bastion.fr", MemberRole::Manager);
        team.invite(&company, asked).unwrap();
        team
    };
    for (when, fine) in [
        ("2026-11-20T09:00:00Z", true),
        ("2026-11-27T08:59:59Z", true),
        ("2026-11-27T09:00:00Z", false),
    ] {
        let joined = invited().join(&id, account('B'), at(when));
        assert_eq!(joined.is_ok(), fine, "{when}");
    }
    let mut team = invited();
    assert_eq!(
        team.send_again(&id, at("2026-11-20T09:00:59Z")),
        Err(MembersRefused::TooSoon)
    );
    team.send_again(&id, at("2026-11-28T09:00:00Z")).unwrap();
    team.join(&id, account('B'), at("2026-12-04T09:00:00Z"))
        .unwrap();
    assert_eq!(
        team.join(&id, account('C'), at("2026-12-04T09:00:01Z")),
        Err(MembersRefused::InvitationOver)
    );
    let mut team = invited();
    assert!(team.take_back(&id));
    assert!(!team.take_back(&id));
    assert_eq!(
        team.join(&id, account('B'), at(NOW)),
        Err(MembersRefused::InvitationOver)
    );
    // One that is over stands in nobody's way.
    let mut team = invited();
    let again = Invitation {
        sent_at: at("2026-11-28T09:00:00Z"),
        ..invitation('B', "ines@bastion.fr", MemberRole::Manager)
    };
    assert_eq!(team.invite(&company, again), Ok(()));
    assert_eq!(team.invitations.len(), 1);
}

#[test]
fn who_left_is_no_member_is_remembered_by_name_and_may_be_invited_again() {
    let company = company(Some(PersonKind::Legal));
    let mut team = members();
    let join = |team: &mut Members, last: char| {
        let asked = invitation(last, "a@bastion.fr", as_agent('A'));
        let id = asked.id.clone();
        team.invite(&company, asked).unwrap();
        team.join(&id, account(last), at(NOW)).unwrap();
    };
    join(&mut team, 'B');
    assert!(team.member(&account('B')).is_some());
    assert!(team.agents_who_left().is_empty());
    assert!(team.remove(&account('B'), at(NOW)).is_some());
    assert!(team.remove(&account('B'), at(NOW)).is_none(), "once");
    assert!(team.member(&account('B')).is_none());
    assert!(team.member_of(&agent('A')).is_none());
    assert_eq!(
        team.whoever(&account('B')).map(Member::name).as_deref(),
        Some("Agent A Durand")
    );
    assert_eq!(team.agents_who_left(), [&agent('A')]);
    join(&mut team, 'C');
    assert!(team.agents_who_left().is_empty());
}

#[test]
fn a_team_is_a_hundred_people() {
    let company = company(Some(PersonKind::Legal));
    let mut team = members();
    for number in 0..MOST_MEMBERS {
        let email = format!("m{number}@bastion.fr");
        let asked = invitation('A', &email, MemberRole::Manager);
        assert_eq!(team.invite(&company, asked), Ok(()));
    }
    let one_more = invitation('A', "trop@bastion.fr", MemberRole::Manager);
    assert_eq!(
        team.invite(&company, one_more),
        Err(MembersRefused::TooMany)
    );
}
