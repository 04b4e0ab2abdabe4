//! The file of an accepted professional: what changes at once, what waits, and what is refused.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use domain::account::{Acceptance, legal};
use domain::identifiers::{CnapsNumber, Email, Phone, Siren, Siret, VatNumber};
use domain::ids::{
    AccountId, AgentId, EstablishmentId, FileChangeId, ProfessionalId, SubcontractorId, TypedId,
};
use domain::offer::Activity;
use domain::places::PostalCode;
use domain::pricing::VatStatus;
use domain::professional::{
    Address, Agent, Asking, ChangeRefused, ChangeState, Document, DocumentDetails, DocumentFile,
    DocumentKind, DocumentStatus, Establishment, FileChange, FileType, Finding, Holder, Manager,
    Mediator, PersonKind, Professional, ProfessionalStatus, Proposal, RegistrationRefused,
    Registry, Subcontractor, TitleActivity, Vat, read_agents,
};
use domain::time::interval::Interval;
use domain::time::zone::Zone;
use jiff::Timestamp;
use jiff::civil::Date;

const NOW: &str = "2026-11-20T10:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn id<T: TypedId>(last: char) -> T {
    T::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}"))
}

fn agent(last: char) -> Agent {
    Agent {
        id: id(last),
        first_name: format!("Agent {last}"),
        last_name: "Roy".to_owned(),
    }
}

fn manager(last: char) -> Manager {
    Manager {
        id: id(last),
        name: format!("Dominique {last}"),
    }
}

fn document(last: char, details: DocumentDetails, status: DocumentStatus) -> Document {
    Document {
        id: id(last),
        details,
        file: DocumentFile {
            key: "documents/1".to_owned(),
            size: 10,
            sha256: "0".repeat(64),
            file_type: FileType::Pdf,
        },
        status,
        prepared_at: at("2026-09-01T10:00:00Z"),
        reviewed_at: None,
        review_method: None,
        reviewed_by: None,
        despite: None,
        rejection: None,
        ended_early: None,
    }
}

fn carrying(activity: TitleActivity) -> Option<BTreeSet<TitleActivity>> {
    Some(BTreeSet::from([activity]))
}

fn number(text: &str) -> CnapsNumber {
    CnapsNumber::parse(text).unwrap()
}

fn card(last: char, of: char, activity: TitleActivity) -> DocumentDetails {
    let sequence = u32::from(last);
    DocumentDetails::ProfessionalCard {
        agent: id(of),
        number: number(&format!("CAR-069-2030-06-19-2025{sequence:07}")),
        expires_on: day("2030-06-19"),
        activities: carrying(activity),
    }
}

/// A company with two agents and two managers, and what they need.
fn company() -> Professional {
    let terms = Acceptance::of(
        legal::TERMS_PROFESSIONALS,
        at("2026-09-01T10:00:00Z"),
        "192.0.2.1",
        "test",
    );
    let email = Email::parse("chef@example.fr").unwrap();
    let mut one = Professional::begin(id::<ProfessionalId>('P'), email, terms);
    one.status = ProfessionalStatus::Accepted;
    let profile = &mut one.profile;
    profile.kind = Some(PersonKind::Legal);
    profile.legal_form = Some("SAS".to_owned());
    profile.denomination = Some("Bastion Sud".to_owned());
    profile.siren = Some(Siren::parse("910000017").unwrap());
    profile.siret = Some(Siret::parse("91000001700012").unwrap());
    profile.registry = Some(Registry::Rne);
    profile.vat_status = Some(VatStatus::Registered);
    profile.vat_number = Some(VatNumber::parse("FR53910000017").unwrap());
    profile.establishment = Some(address("1 place Bellecour"));
    profile.phone = Some(Phone::parse("04 72 00 00 00").unwrap());
    profile.agents = vec![agent('A'), agent('B')];
    profile.managers = vec![manager('M'), manager('N')];
    let authorisation = DocumentDetails::Authorisation {
        number: number("AUT-069-2123-12-09-20240960800"),
        expires_on: day("2123-12-09"),
        activities: carrying(TitleActivity::Surveillance),
        establishment: None,
    };
    let verified = DocumentStatus::Verified;
    one.documents = vec![
        document('1', authorisation, verified),
        document('2', card('2', 'A', TitleActivity::Surveillance), verified),
        document('3', card('3', 'B', TitleActivity::Surveillance), verified),
    ];
    one
}

fn address(street: &str) -> Address {
    Address {
        street: street.to_owned(),
        postal_code: PostalCode::parse("69002").unwrap(),
        town: "Lyon".to_owned(),
    }
}

fn owner() -> AccountId {
    id('O')
}

fn operator() -> AccountId {
    id('X')
}

fn ask(one: &mut Professional, proposal: Proposal) -> Result<FileChange, ChangeRefused> {
    let by = owner();
    let asking = Asking {
        by: &by,
        ip: "192.0.2.7",
        browser: "Firefox",
        at: at(NOW),
    };
    one.ask_change(id::<FileChangeId>('C'), proposal, &asking)
}

fn accept_at(
    change: &mut FileChange,
    one: &mut Professional,
    when: &str,
) -> Result<(), ChangeRefused> {
    let by = operator();
    let finding = Finding {
        by: &by,
        method: "Annuaire des entreprises",
        reason: None,
        at: at(when),
    };
    change.accept(one, &finding)
}

fn accept(change: &mut FileChange, one: &mut Professional) -> Result<(), ChangeRefused> {
    accept_at(change, one, "2026-11-21T10:00:00Z")
}

fn identity(name: &str) -> Proposal {
    Proposal::Identity {
        denomination: name.to_owned(),
        legal_form: "SAS".to_owned(),
    }
}

fn vat(status: VatStatus, number: Option<&str>, from: &str) -> Proposal {
    Proposal::Vat {
        vat: Vat {
            status,
            number: number.map(|text| VatNumber::parse(text).unwrap()),
        },
        from: day(from),
    }
}

fn joins(last: char) -> Proposal {
    Proposal::AgentJoins {
        agent: agent(last),
        card: None,
    }
}

#[test]
fn what_binds_nobody_else_changes_at_once_and_is_kept_as_a_version() {
    let mut one = company();
    let phone = Phone::parse("06 12 34 56 78").unwrap();
    let change = ask(
        &mut one,
        Proposal::Phone {
            phone: phone.clone(),
        },
    )
    .unwrap();
    assert_eq!(one.profile.phone, Some(phone));
    assert_eq!(change.state, ChangeState::Applied);
    assert_eq!(
        (change.asked_by.clone(), change.ip.as_str()),
        (owner(), "192.0.2.7")
    );
    let differences = change.differences();
    let [difference] = differences.as_slice() else {
        panic!("one field differs");
    };
    assert_eq!(difference.field, "Téléphone");
    assert_eq!(difference.before.as_deref(), Some("04 72 00 00 00"));
    assert_eq!(difference.after.as_deref(), Some("06 12 34 56 78"));
}

#[test]
fn a_name_waits_and_the_one_in_force_stays_until_it_is_accepted() {
    let mut one = company();
    let mut change = ask(&mut one, identity("Bastion du Sud")).unwrap();
    assert_eq!(one.name(), "Bastion Sud");
    assert_eq!(change.state, ChangeState::Waiting);
    let fields: Vec<&str> = change.differences().iter().map(|one| one.field).collect();
    assert_eq!(
        fields,
        ["Nom ou dénomination"],
        "the legal form is the same"
    );
    accept(&mut change, &mut one).unwrap();
    assert_eq!(one.name(), "Bastion du Sud");
    // Decided once.
    assert_eq!(
        accept(&mut change, &mut one),
        Err(ChangeRefused::AlreadyDecided)
    );
    let refused = change.refuse(&mut one, &operator(), "Trop tard pour cela.", at(NOW));
    assert_eq!(refused, Err(ChangeRefused::AlreadyDecided));
}

#[test]
fn nothing_is_accepted_on_a_ground_that_moved() {
    let mut one = company();
    let mut first = ask(&mut one, identity("Bastion du Sud")).unwrap();
    let mut second = ask(&mut one, identity("Bastion de l’Est")).unwrap();
    accept(&mut first, &mut one).unwrap();
    assert_eq!(
        accept(&mut second, &mut one),
        Err(ChangeRefused::GroundMoved)
    );
    assert_eq!(one.name(), "Bastion du Sud");
}

#[test]
fn what_is_refused_and_why() {
    type Case = (&'static str, Proposal, ChangeRefused);
    let mut sole = company();
    sole.profile.agents.truncate(1);
    sole.profile.managers.truncate(1);
    let cases: [Case; 9] = [
        (
            "the same name",
            identity("Bastion Sud"),
            ChangeRefused::Unchanged,
        ),
        (
            "the last agent",
            Proposal::AgentLeaves { agent: agent('A') },
            ChangeRefused::LastAgent,
        ),
        (
            "an agent of nobody",
            Proposal::AgentLeaves { agent: agent('Z') },
            ChangeRefused::Unknown,
        ),
        (
            "the only manager",
            Proposal::ManagerLeaves {
                manager: manager('M'),
            },
            ChangeRefused::LastManager,
        ),
        (
            "VAT from yesterday on",
            vat(VatStatus::Franchise, None, "2026-11-19"),
            ChangeRefused::VatDay,
        ),
        (
            "VAT in more than a year",
            vat(VatStatus::Franchise, None, "2027-11-21"),
            ChangeRefused::VatDay,
        ),
        (
            "VAT without a number",
            vat(VatStatus::Registered, None, "2026-12-01"),
            ChangeRefused::VatNumberMissing,
        ),
        (
            "somebody else's VAT number",
            vat(VatStatus::Registered, Some("FR77910000025"), "2026-12-01"),
            ChangeRefused::Profile(RegistrationRefused::VatNumberOfAnother),
        ),
        (
            "a mediator without a site",
            Proposal::Mediator {
                mediator: Mediator {
                    name: "Médiateur".to_owned(),
                    website: "http://exemple.fr".to_owned(),
                },
            },
            ChangeRefused::Profile(RegistrationRefused::Text(
                "Le site du médiateur doit commencer par https://.",
            )),
        ),
    ];
    for (what, proposal, refused) in cases {
        let mut tried = sole.clone();
        assert_eq!(ask(&mut tried, proposal), Err(refused), "{what}");
        assert_eq!(tried, sole, "{what}: nothing is written");
    }
}

#[test]
fn an_account_that_is_not_accepted_changes_nothing() {
    for status in [
        ProfessionalStatus::Draft,
        ProfessionalStatus::Submitted,
        ProfessionalStatus::ComplementsRequested,
        ProfessionalStatus::Refused,
        ProfessionalStatus::Closed,
    ] {
        let mut one = company();
        one.status = status;
        let refused = ask(&mut one, identity("Bastion du Sud"));
        assert_eq!(refused, Err(ChangeRefused::NotAccepted), "{status:?}");
    }
}

#[test]
fn a_natural_person_stays_alone() {
    let mut one = company();
    one.profile.kind = Some(PersonKind::Natural);
    one.profile.agents.truncate(1);
    one.profile.managers.truncate(1);
    let refused = ask(&mut one, joins('C'));
    let alone = ChangeRefused::Profile(RegistrationRefused::ActsAlone);
    assert_eq!(refused, Err(alone));
}

/// What is deposited of an agent's card, and whether they join.
type CardCase = (
    &'static str,
    Option<(DocumentDetails, DocumentStatus)>,
    Result<(), ChangeRefused>,
);

#[test]
fn an_agent_joins_once_a_card_that_serves_is_verified() {
    let none = ChangeRefused::DocumentMissing(DocumentKind::ProfessionalCard);
    let surveillance = card('4', 'C', TitleActivity::Surveillance);
    let diploma = DocumentDetails::FireSafetyDiploma {
        agent: id('C'),
        number: "SSIAP1-69-2024-118".to_owned(),
        expires_on: day("2028-01-01"),
    };
    let cases: [CardCase; 5] = [
        ("no card", None, Err(none.clone())),
        (
            "a card that nobody verified",
            Some((surveillance.clone(), DocumentStatus::Deposited)),
            Err(none),
        ),
        (
            "a card for what the company may not do",
            Some((
                card('4', 'C', TitleActivity::CashTransport),
                DocumentStatus::Verified,
            )),
            Err(ChangeRefused::NoActivity),
        ),
        (
            "a card that serves",
            Some((surveillance, DocumentStatus::Verified)),
            Ok(()),
        ),
        (
            "a diploma alone",
            Some((diploma, DocumentStatus::Verified)),
            Ok(()),
        ),
    ];
    for (what, given, outcome) in cases {
        let mut one = company();
        let mut change = ask(&mut one, joins('C')).unwrap();
        assert_eq!(one.profile.agents.len(), 2, "{what}: not there yet");
        if let Some((details, status)) = given {
            one.documents.push(document('4', details, status));
        }
        assert_eq!(accept(&mut change, &mut one), outcome, "{what}");
        let joined = one.profile.agents.len() == 3;
        assert_eq!(joined, outcome.is_ok(), "{what}");
        assert_eq!(one.proposed.agents.is_empty(), outcome.is_ok(), "{what}");
    }
}

#[test]
fn documents_of_who_is_proposed_are_taken_and_those_of_nobody_are_not() {
    let mut one = company();
    let today = day("2026-11-20");
    let details = card('4', 'C', TitleActivity::Surveillance);
    let unknown = Err(RegistrationRefused::UnknownPerson);
    assert_eq!(one.check_document(&details, today), unknown);
    let mut change = ask(&mut one, joins('C')).unwrap();
    assert_eq!(one.check_document(&details, today), Ok(()));
    // The card of somebody else of the team.
    let twice = DocumentDetails::ProfessionalCard {
        agent: id('C'),
        number: one.documents[1].title().unwrap().1.clone(),
        expires_on: day("2030-06-19"),
        activities: carrying(TitleActivity::Surveillance),
    };
    let taken = Err(RegistrationRefused::NumberOfAnother);
    assert_eq!(one.check_document(&twice, today), taken);
    one.documents
        .push(document('4', details.clone(), DocumentStatus::Deposited));
    change.withdraw(&mut one, &owner(), at(NOW)).unwrap();
    assert_eq!(one.documents.len(), 3, "what was deposited for them goes");
    assert_eq!(one.check_document(&details, today), unknown);
}

#[test]
fn who_leaves_is_sent_no_more_and_their_missions_ask_for_somebody_else() {
    let mut one = company();
    let mission = Interval::new(at("2026-12-01T20:00:00Z"), at("2026-12-02T04:00:00Z")).unwrap();
    let titled = |one: &Professional| {
        let team = one.agents_with_titles(Activity::HumanSurveillance, mission, Zone::Paris);
        team.into_iter()
            .map(|one| one.id.clone())
            .collect::<Vec<AgentId>>()
    };
    assert_eq!(titled(&one), [id('A'), id('B')]);
    let gone = ask(&mut one, Proposal::AgentLeaves { agent: agent('A') }).unwrap();
    assert_eq!(gone.state, ChangeState::Applied);
    assert_eq!(titled(&one), [id('B')]);
    // What they were to do lacks a card, from tomorrow on; what they did today does not.
    let theirs: [AgentId; 1] = [id('A')];
    let gap = |from: &str, to: &str| {
        let gaps = one.gaps_between(Activity::HumanSurveillance, day(from), day(to), &theirs);
        gaps.iter()
            .any(|gap| gap.kind == DocumentKind::ProfessionalCard)
    };
    assert!(gap("2026-12-01", "2026-12-02"));
    assert!(!gap("2026-11-20", "2026-11-20"));
    assert!(one.lost_something(day("2026-12-01"), day("2026-12-02"), Some(&theirs[0])));
    // Papers still name them, and nobody is told that their card ends.
    assert_eq!(
        one.agent(&theirs[0]).map(Agent::name).as_deref(),
        Some("Agent A Roy")
    );
    assert!(one.remind_of_expiries(day("2026-11-25")).is_empty());
    // They may come back with the same card.
    let card = one.documents[1].details.title().unwrap().1.clone();
    ask(&mut one, joins('D')).unwrap();
    let again = DocumentDetails::ProfessionalCard {
        agent: id('D'),
        number: card,
        expires_on: day("2030-06-19"),
        activities: carrying(TitleActivity::Surveillance),
    };
    assert_eq!(one.check_document(&again, day("2026-11-20")), Ok(()));
}

#[test]
fn a_manager_leaves_once_the_register_says_so_and_the_next_one_is_there() {
    let mut one = company();
    let leaves = |last| Proposal::ManagerLeaves {
        manager: manager(last),
    };
    let mut first = ask(&mut one, leaves('M')).unwrap();
    let mut second = ask(&mut one, leaves('N')).unwrap();
    assert_eq!(one.profile.managers.len(), 2);
    accept(&mut first, &mut one).unwrap();
    assert_eq!(
        accept(&mut second, &mut one),
        Err(ChangeRefused::LastManager)
    );
    assert_eq!(one.profile.managers, [manager('N')]);
}

#[test]
fn vat_changes_on_its_day_and_the_days_before_stay_what_they_were() {
    let mut one = company();
    let mut change = ask(&mut one, vat(VatStatus::Franchise, None, "2027-01-01")).unwrap();
    let status = |one: &Professional, on: &str| one.vat_on(day(on)).unwrap().status;
    assert_eq!(
        status(&one, "2027-06-01"),
        VatStatus::Registered,
        "it waits"
    );
    accept(&mut change, &mut one).unwrap();
    assert_eq!(status(&one, "2026-12-31"), VatStatus::Registered);
    assert_eq!(status(&one, "2027-01-01"), VatStatus::Franchise);
    assert_eq!(one.profile.vat_status, Some(VatStatus::Registered));
    assert!(!one.take_vat_in(day("2026-12-31")));
    assert!(one.take_vat_in(day("2027-01-01")));
    assert!(!one.take_vat_in(day("2027-01-02")), "once");
    assert_eq!(one.profile.vat_status, Some(VatStatus::Franchise));
    assert_eq!(status(&one, "2026-12-31"), VatStatus::Registered);
    assert_eq!(status(&one, "2027-01-01"), VatStatus::Franchise);
    // What was agreed on with VAT is still invoiced under the number of then.
    assert_eq!(
        one.vat_number_for(day("2027-02-01")).unwrap().as_str(),
        "FR53910000017"
    );
}

#[test]
fn a_change_of_vat_that_is_accepted_late_begins_on_that_day() {
    let mut one = company();
    let mut change = ask(&mut one, vat(VatStatus::Franchise, None, "2026-11-20")).unwrap();
    accept_at(&mut change, &mut one, "2026-11-25T10:00:00Z").unwrap();
    let status = |on: &str| one.vat_on(day(on)).unwrap().status;
    assert_eq!(status("2026-11-24"), VatStatus::Registered);
    assert_eq!(status("2026-11-25"), VatStatus::Franchise);
}

#[test]
fn establishments_and_subcontractors_are_declared_verified_and_given_up() {
    let mut one = company();
    let opened = |siret: &str| Proposal::EstablishmentOpens {
        establishment: Establishment {
            id: id::<EstablishmentId>('E'),
            siret: Siret::parse(siret).unwrap(),
            address: address("2 rue de la République"),
        },
    };
    assert_eq!(
        ask(&mut one, opened("91000001700012")),
        Err(ChangeRefused::Twice)
    );
    assert_eq!(
        ask(&mut one, opened("91000002500015")),
        Err(ChangeRefused::Profile(RegistrationRefused::SiretOfAnother))
    );
    let subcontractor = |siren: &str, rank: u8, until: &str| Proposal::SubcontractorJoins {
        subcontractor: Subcontractor {
            id: id::<SubcontractorId>('S'),
            denomination: "Vigie Ouest".to_owned(),
            siren: Siren::parse(siren).unwrap(),
            authorisation: number("AUT-069-2123-12-09-20240960801"),
            expires_on: day(until),
            activities: BTreeSet::from([TitleActivity::DogHandling]),
            rank,
        },
    };
    for (proposal, refused) in [
        (
            subcontractor("910000025", 3, "2030-01-01"),
            ChangeRefused::Rank,
        ),
        (
            subcontractor("910000017", 1, "2030-01-01"),
            ChangeRefused::OwnSubcontractor,
        ),
        (
            subcontractor("910000025", 1, "2026-11-19"),
            ChangeRefused::Profile(RegistrationRefused::AlreadyExpired),
        ),
    ] {
        assert_eq!(ask(&mut one, proposal), Err(refused));
    }
    let mut change = ask(&mut one, subcontractor("910000025", 2, "2030-01-01")).unwrap();
    assert!(one.profile.subcontractors.is_empty());
    accept(&mut change, &mut one).unwrap();
    assert_eq!(one.profile.subcontractors.len(), 1);
    assert!(one.has_holder(Holder::Company));
    let gone = Proposal::SubcontractorLeaves {
        subcontractor: one.profile.subcontractors[0].clone(),
    };
    ask(&mut one, gone).unwrap();
    assert!(one.profile.subcontractors.is_empty());
}

#[test]
fn the_operator_asks_the_professional_answers_and_only_then_it_waits_again() {
    let mut one = company();
    let mut change = ask(&mut one, identity("Bastion du Sud")).unwrap();
    let early = change.answer(&owner(), "Voici le Kbis.", at(NOW));
    assert_eq!(early, Err(ChangeRefused::NothingAsked));
    let asked = at("2026-11-21T09:00:00Z");
    let short = change.ask_complement(&operator(), "Kbis", asked);
    assert_eq!(short, Err(ChangeRefused::Text));
    change
        .ask_complement(&operator(), "Joignez le Kbis à jour.", asked)
        .unwrap();
    assert_eq!(change.waits_since(), None);
    let answered = at("2026-11-22T09:00:00Z");
    change
        .answer(&owner(), "Le registre est à jour.", answered)
        .unwrap();
    assert_eq!(change.waits_since(), Some(answered));
    change
        .refuse(
            &mut one,
            &operator(),
            "Le registre porte l’ancien nom.",
            answered,
        )
        .unwrap();
    assert_eq!(one.name(), "Bastion Sud");
}

#[test]
fn a_list_is_read_whole_or_each_of_its_faults_is_named() {
    let one = company();
    let today = day("2026-11-20");
    let head = "Prénom;Nom;Numéro de carte;Fin de validité;Activités\n";
    let good = format!(
        "\u{feff}{head}Léa;Roy;CAR-069-2030-06-19-20250183149;19/06/2030;surveillance, cynophile\n\
         \"Noé\";Petit;CAR-069-2031-01-02-20260183150;2031-01-02;gardiennage\n\n"
    );
    let read = read_agents(&good, &one, &[], today).unwrap();
    let names: Vec<&str> = read.iter().map(|one| one.first_name.as_str()).collect();
    assert_eq!(names, ["Léa", "Noé"]);
    let activities = BTreeSet::from([TitleActivity::Surveillance, TitleActivity::DogHandling]);
    assert_eq!(read[0].card.activities, activities);

    let taken = one.documents[1].title().unwrap().1.as_str();
    let faulty = format!(
        "{head};Roy;CAR-069-2030-06-19-20250183149;19/06/2030;surveillance\n\
         Léa;Roy;CAR-069-2030-06-19-20250183149;18/06/2030;surveillance\n\
         Léa;Roy;CAR-069-2020-06-19-20150183149;19/06/2020;surveillance\n\
         Léa;Roy;{taken};19/06/2030;surveillance\n\
         Léa;Roy;CAR-069-2030-06-19-20250183151;bientôt;jardinage\n\
         Léa;Roy;AGD-069-2030-06-19-20250183152;19/06/2030;surveillance\n\
         Léa;Roy\n\
         Léa;Roy;CAR-069-2030-06-19-20250183153;19/06/2030;surveillance\n\
         Noé;Roy;CAR-069-2030-06-19-20250183153;19/06/2030;surveillance\n"
    );
    // Sent once more while the first of them waits: nobody is added twice.
    let announced = [&read[0].card.number];
    let again = read_agents(&good, &one, &announced, today).unwrap_err();
    assert_eq!(again.len(), 1, "{again:?}");
    let faults = read_agents(&faulty, &one, &[], today).unwrap_err();
    let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 6, 7, 8, 10], "{faults:?}");
    assert!(faults[8].fault.contains("ligne 9"), "{faults:?}");
    for empty in ["", head] {
        let faults = read_agents(empty, &one, &[], today).unwrap_err();
        assert_eq!(faults.len(), 1);
    }
    let many: String = (1000..1060)
        .map(|n| format!("Léa;Roy;CAR-069-2030-06-19-2025{n:07};19/06/2030;surveillance\n"))
        .collect();
    let faults = read_agents(&format!("{head}{many}"), &one, &[], today).unwrap_err();
    assert!(faults[0].fault.contains("50 agents au plus"), "{faults:?}");
}

#[test]
fn documents_of_an_establishment_are_not_the_companys() {
    let mut one = company();
    let establishment = Establishment {
        id: id('E'),
        siret: Siret::parse("91000001700012").unwrap(),
        address: address("2 rue de la République"),
    };
    one.profile.establishments.push(establishment);
    one.documents.remove(0);
    let details = DocumentDetails::Authorisation {
        number: number("AUT-069-2123-12-09-20240960805"),
        expires_on: day("2123-12-09"),
        activities: carrying(TitleActivity::Surveillance),
        establishment: Some(id('E')),
    };
    one.documents
        .push(document('5', details, DocumentStatus::Verified));
    let of = |whose| one.in_force(DocumentKind::Authorisation, whose, day("2026-11-20"));
    let place: EstablishmentId = id('E');
    assert!(of(Holder::Company).is_none());
    assert!(of(Holder::Establishment(&place)).is_some());
}
