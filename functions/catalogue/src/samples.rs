//! A professional and an offer for tests: fictional, complete, and free.

use std::collections::BTreeSet;

use domain::calendar::{CalendarException, DayOfWeek, OpeningCalendar, TimeOfDay, WeeklyRule};
use domain::ids::{AgentId, DocumentId, ManagerId, OfferId, ProfessionalId, TypedId};
use domain::money::Euros;
use domain::offer::{Activity, CancellationPolicy, Offer, OfferStatus, OfferTerms};
use domain::places::Department;
use domain::pricing::{HourlyRates, VatStatus};
use domain::professional::{
    Address, Agent, Conditions, Document, DocumentDetails, DocumentFile, DocumentStatus, FileType,
    Manager, Mediator, PayoutAccount, PayoutStatus, PersonKind, PresentationPage, Professional,
    ProfessionalStatus, Profile, Registry,
};
use domain::ranking::TrackRecord;
use jiff::Timestamp;
use jiff::civil::{Date, date};

/// Friday 20 November 2026, 10:00 in Paris.
pub(crate) fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

/// An identifier whose ULID ends in `number`.
pub(crate) fn id<T: TypedId>(number: u32) -> T {
    T::from_ulid(&format!("01JZZZZZZZZZZZZZZZZZ{number:06}"))
}

/// Every day from 08:30 to 19:00.
pub(crate) fn calendar() -> OpeningCalendar {
    let time = |text| TimeOfDay::parse(text).unwrap();
    let rule = |weekday| WeeklyRule {
        weekday,
        opens: time("08:30"),
        closes: time("19:00"),
    };
    OpeningCalendar {
        weekly: DayOfWeek::ALL.map(rule).to_vec(),
        exceptions: Vec::<CalendarException>::new(),
    }
}

fn document(number: u32, details: DocumentDetails) -> Document {
    Document {
        id: id::<DocumentId>(number),
        details,
        file: DocumentFile {
            key: format!("documents/{number}"),
            size: 1000,
            sha256: "00".repeat(32),
            file_type: FileType::Pdf,
        },
        status: DocumentStatus::Verified,
        prepared_at: now(),
        reviewed_at: Some(now()),
        review_method: None,
        reviewed_by: None,
        despite: None,
        rejection: None,
        ended_early: None,
    }
}

/// The card of agent `number`, valid until `expires_on`.
pub(crate) fn card(number: u32, expires_on: Date) -> Document {
    let details = DocumentDetails::ProfessionalCard {
        agent: id::<AgentId>(number),
        number: domain::identifiers::CnapsNumber::parse("CAR-069-2031-06-19-20250183149").unwrap(),
        expires_on,
        activities: None,
    };
    document(100 + number, details)
}

/// A company that can be booked, with two agents.
pub(crate) fn professional() -> Professional {
    let until = date(2031, 6, 19);
    let title = |text: &str| domain::identifiers::CnapsNumber::parse(text).unwrap();
    let agent = |number| Agent {
        id: id(number),
        first_name: "Sami".to_owned(),
        last_name: "Durand".to_owned(),
    };
    let manager: ManagerId = id(1);
    Professional {
        id: id::<ProfessionalId>(1),
        email: domain::identifiers::Email::parse("bastion@example.org").unwrap(),
        email_verified_at: Some(now()),
        status: ProfessionalStatus::Accepted,
        profile: Profile {
            kind: Some(PersonKind::Legal),
            legal_form: Some("SAS".to_owned()),
            denomination: Some("Bastion Sud Sécurité".to_owned()),
            siren: Some(domain::identifiers::Siren::parse("910000025").unwrap()),
            siret: None,
            registry: Some(Registry::Rcs {
                town: "Marseille".to_owned(),
            }),
            vat_status: Some(VatStatus::Registered),
            vat_number: None,
            establishment: Some(Address {
                street: "1 quai du Port".to_owned(),
                postal_code: domain::places::PostalCode::parse("13002").unwrap(),
                town: "Marseille".to_owned(),
            }),
            head_office: None,
            phone: Some(domain::identifiers::Phone::parse("+33491000000").unwrap()),
            description: None,
            managers: vec![Manager {
                id: manager.clone(),
                name: "Camille Durand".to_owned(),
            }],
            agents: vec![agent(1), agent(2)],
            mediator: Some(Mediator {
                name: "Médiation".to_owned(),
                website: "https://example.org".to_owned(),
            }),
            establishments: Vec::new(),
            subcontractors: Vec::new(),
        },
        documents: vec![
            document(
                1,
                DocumentDetails::Authorisation {
                    number: title("AUT-069-2031-06-19-20250183149"),
                    expires_on: until,
                    activities: None,
                    establishment: None,
                },
            ),
            document(
                2,
                DocumentDetails::ManagerApproval {
                    manager,
                    number: title("AGD-069-2031-06-19-20250183150"),
                    expires_on: until,
                },
            ),
            document(
                3,
                DocumentDetails::Insurance {
                    insurer: "Assureur du Port".to_owned(),
                    insurer_contact: "contact de l’assureur".to_owned(),
                    policy_number: "RC-1".to_owned(),
                    coverage: "France".to_owned(),
                    valid_from: date(2026, 1, 1),
                    expires_on: until,
                },
            ),
            document(
                4,
                DocumentDetails::BankDetails {
                    holder: "Bastion Sud".to_owned(),
                    iban: domain::identifiers::Iban::parse("FR7630006000011234567890189").unwrap(),
                },
            ),
            document(
                5,
                DocumentDetails::ConditionsOfSale {
                    version: "2026-1".to_owned(),
                    contents: Conditions {
                        nature: true,
                        prices: true,
                        execution: true,
                        withdrawal: true,
                    },
                },
            ),
            card(1, until),
            card(2, until),
        ],
        acceptances: vec![],
        created_at: now(),
        submitted_at: Some(now()),
        decided_at: Some(now()),
        decided_by: None,
        internal_reason: None,
        complements: None,
        account: None,
        hidden_at: None,
        standing: Default::default(),
        expiry_reminders: Vec::new(),
        exemptions: Vec::new(),
        verifications: Vec::new(),
        absences: Vec::new(),
        proposed: Default::default(),
        vat_history: Default::default(),
        statement_told: None,
        departed: Vec::new(),
        page: Some(PresentationPage {
            headline: "Sécurité à Marseille".to_owned(),
            presentation: "Une équipe au service de vos événements.".to_owned(),
            specialities: vec![],
            languages: vec![],
            published: true,
        }),
        calendar: calendar(),
        feed: Default::default(),
        payout_account: Some(PayoutAccount {
            id: "acct_1".to_owned(),
            status: PayoutStatus::Active,
        }),
        bank_account: None,
        bank_change: None,
        record: TrackRecord {
            ratings_sum: 55,
            ratings_count: 12,
            answered: 10,
            total_answer_minutes: 1234,
            ..TrackRecord::default()
        },
    }
}

/// A published offer of that company in two departments.
pub(crate) fn offer() -> Offer {
    let departments = ["13", "83"].map(|code| Department::parse(code).unwrap());
    Offer {
        id: id::<OfferId>(1),
        professional: id(1),
        terms: OfferTerms {
            title: "Agents de sécurité pour vos événements".to_owned(),
            activity: Activity::EventSecurity,
            description: "Filtrage, accueil et surveillance de vos événements.".to_owned(),
            modalities: vec!["Poste fixe".to_owned()],
            departments: BTreeSet::from(departments),
            minimum_hours: 4,
            notice_hours: 24,
            takes_urgent: false,
            maximum_agents: 2,
            rates: HourlyRates::with_default_surcharges(Euros::from_cents(2_650)).unwrap(),
            travel: Euros::from_cents(2_500),
            cancellation: CancellationPolicy::Moderate,
        },
        status: OfferStatus::Published,
        published_at: Some(now()),
        updated_at: now(),
    }
}
