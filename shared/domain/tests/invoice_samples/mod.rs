//! Sample parties and documents: a company in Lyon that charges VAT, a sole trader who does not, and
//! the bookings of `samples`.

use domain::account::Acceptance;
use domain::booking::{Booking, BookingState};
use domain::identifiers::{CnapsNumber, Email, Siren, Siret, VatNumber};
use domain::ids::{DocumentId, InvoiceId, ProfessionalId, TypedId};
use domain::invoice::*;
use domain::money::Euros;
use domain::places::{Department, PostalCode};
use domain::platform::Platform;
use domain::pricing::{HourlyRates, Mission, PricingTerms, VatStatus, price};
use domain::professional::{
    Address, Document, DocumentDetails, DocumentFile, DocumentStatus, FileType, PersonKind,
    Professional, Registry,
};
use jiff::Timestamp;

use super::samples::booking_in;

const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";

pub(crate) const SIREN: &str = "123456782";

/// 12 January 2027 in Paris.
pub(crate) const ISSUED: Timestamp = Timestamp::constant(1_799_750_000, 0);

pub(crate) fn address(street: &str, postal_code: &str, town: &str) -> Address {
    Address {
        street: street.to_owned(),
        postal_code: PostalCode::parse(postal_code).unwrap(),
        town: town.to_owned(),
    }
}

pub(crate) fn professional(vat: VatStatus) -> Professional {
    let accepted = Acceptance {
        document: "mandat-facturation".to_owned(),
        version: "2026-09".to_owned(),
        sha256: None,
        at: ISSUED,
        ip: "192.0.2.1".to_owned(),
        browser: "test".to_owned(),
    };
    let email = Email::parse("contact@bastion-sud.example.fr").unwrap();
    let mut seller = Professional::begin(ProfessionalId::from_ulid(ULID), email, accepted);
    let siren = Siren::parse(SIREN).unwrap();
    let company = vat == VatStatus::Registered;
    let profile = &mut seller.profile;
    profile.kind = Some(if company {
        PersonKind::Legal
    } else {
        PersonKind::Natural
    });
    profile.legal_form = Some(if company { "SARL" } else { "EI" }.to_owned());
    profile.denomination = Some(
        if company {
            "Bastion Sud"
        } else {
            "Nadia Ferrand"
        }
        .to_owned(),
    );
    profile.registry = Some(if company {
        Registry::Rcs {
            town: "Lyon".to_owned(),
        }
    } else {
        Registry::Rne
    });
    profile.siret = Some(Siret::parse("12345678200002").unwrap());
    profile.vat_status = Some(vat);
    profile.vat_number = company.then(|| VatNumber::of(&siren));
    profile.siren = Some(siren);
    profile.establishment = Some(address("8 quai Perrache", "69002", "Lyon"));
    profile.head_office = company.then(|| address("3 place Bellecour", "69002", "Lyon"));
    seller.documents.push(Document {
        id: DocumentId::from_ulid(ULID),
        details: DocumentDetails::Authorisation {
            number: CnapsNumber::parse("AUT-069-2029-06-19-20240183149").unwrap(),
            expires_on: "2029-06-19".parse().unwrap(),
            activities: None,
            establishment: None,
        },
        file: DocumentFile {
            key: "documents/1".to_owned(),
            size: 1000,
            sha256: "00".repeat(32),
            file_type: FileType::Pdf,
        },
        status: DocumentStatus::Verified,
        prepared_at: ISSUED,
        reviewed_at: Some(ISSUED),
        review_method: None,
        reviewed_by: None,
        despite: None,
        rejection: None,
        ended_early: None,
    });
    seller
}

pub(crate) fn platform() -> Platform {
    Platform::auxilyo().unwrap()
}

pub(crate) fn consumer() -> Buyer {
    Buyer {
        name: "Camille Martin".to_owned(),
        kind: BuyerKind::Consumer,
        address: address("12 rue de la République", "69002", "Lyon"),
        email: Some(Email::parse("camille.martin@example.fr").unwrap()),
    }
}

pub(crate) fn business() -> Buyer {
    let siren = Siren::parse("732829320").unwrap();
    Buyer {
        name: "Chantiers du Rhône".to_owned(),
        kind: BuyerKind::Business {
            vat_number: Some(VatNumber::of(&siren)),
            siren,
        },
        address: address("140 avenue Jean Jaurès", "69007", "Lyon"),
        email: None,
    }
}

/// The first document of a series, on the day of the samples.
pub(crate) fn first_of(key: SeriesKey) -> Issue {
    Issue {
        id: InvoiceId::from_ulid(ULID),
        number: Series::begin(key, ISSUED).take().unwrap().0,
        at: ISSUED,
    }
}

pub(crate) fn of_professional() -> SeriesKey {
    SeriesKey::of_professional(&Siren::parse(SIREN).unwrap())
}

/// A validated booking whose price has these terms.
pub(crate) fn booking(vat: VatStatus, department: &str, agents: u16, travel: i64) -> Booking {
    let mut booking = booking_in(BookingState::Validated);
    let department = Department::parse(department).unwrap();
    let mission = Mission {
        interval: booking.mission.interval,
        agents,
        department,
    };
    let rates = HourlyRates::with_default_surcharges(Euros::from_cents(2833)).unwrap();
    booking.price = price(
        &mission,
        &rates,
        Euros::from_cents(travel),
        vat,
        &PricingTerms::default(),
    )
    .unwrap();
    booking.mission.agents = agents;
    booking.mission.place.department = department;
    booking
}

/// All of a mission, in full.
pub(crate) fn mission(vat: VatStatus, buyer: &Buyer) -> Invoice {
    let booking = booking(vat, "69", 2, 4500);
    mission_invoice(
        &booking,
        &professional(vat),
        buyer,
        &platform(),
        &first_of(of_professional()),
        booking.price.professional_total,
    )
    .unwrap()
}

pub(crate) fn commission(buyer: &Buyer) -> Invoice {
    let booking = booking(VatStatus::Registered, "69", 2, 4500);
    let platform = platform();
    commission_invoice(
        &booking,
        buyer,
        &platform,
        &first_of(platform.series()),
        booking.price.commission,
    )
    .unwrap()
}

pub(crate) fn kept(buyer: &Buyer) -> Invoice {
    indemnity(
        &booking(VatStatus::Registered, "69", 2, 4500),
        &professional(VatStatus::Registered),
        buyer,
        &platform(),
        &first_of(of_professional()),
        &Kept {
            amount: Euros::from_cents(29_898),
            reason: "Annulation par le client moins de 48 h avant le début : moitié du prix de la mission, selon les conditions acceptées à la commande".to_owned(),
        },
    )
    .unwrap()
}

pub(crate) fn credit(invoice: &Invoice, refunded: i64) -> Invoice {
    let series = match invoice.kind {
        InvoiceKind::Commission => platform().series(),
        _ => of_professional(),
    };
    credit_note(
        invoice,
        &Credit {
            refunded: Euros::from_cents(refunded),
            already_credited: Euros::ZERO,
            reason: "un agent est parti deux heures avant la fin".to_owned(),
        },
        &platform(),
        &first_of(series.credit_notes()),
    )
    .unwrap()
}

/// One document of each kind, for tables.
pub(crate) fn one_of_each() -> Vec<(&'static str, Invoice)> {
    let registered = VatStatus::Registered;
    vec![
        ("mission", mission(registered, &consumer())),
        ("franchise", mission(VatStatus::Franchise, &business())),
        ("commission", commission(&business())),
        ("indemnity", kept(&consumer())),
        ("credit", credit(&mission(registered, &consumer()), 12_345)),
    ]
}
