//! Missions of last month, validated, paid and reviewed.

use domain::account::Account;
use domain::booking::{
    Acknowledgements, BookedMission, Booking, BookingState, CardStatus, Contact, Delays,
    MissionContext, MissionPlace, Payment, Reminder, Shares,
};
use domain::event::Event;
use domain::ids::{BookingId, ReviewId};
use domain::offer::{Activity, Offer};
use domain::pricing::{Mission, PricingTerms, VatStatus, price};
use domain::professional::Professional;
use domain::review::{Review, ReviewStatus};
use domain::time::interval::Interval;
use domain::time::paris;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::json;

use super::{Stage, id, said};

/// For each professional: which client, the mark, and what was said.
const REVIEWS: [&[(usize, u8, &str)]; 3] = [
    &[(
        0,
        5,
        "Ponctuel, discret et très pro. Le chantier est resté intact et le compte rendu était clair.",
    )],
    &[
        (
            1,
            5,
            "Équipe au complet, à l’heure, et excellente gestion du public à l’entrée. Nous referons appel à eux.",
        ),
        (
            0,
            4,
            "Bonne prestation, un petit retard au début mais signalé à l’avance.",
        ),
    ],
    &[(
        0,
        5,
        "Agent souriant et attentif, la clientèle a apprécié sa présence.",
    )],
];

pub(super) async fn past(
    stage: &Stage,
    clients: &[Account],
    sellers: &[(Professional, Offer)],
) -> Result<(), String> {
    let mut n = 0;
    for ((seller, offer), reviews) in sellers.iter().zip(REVIEWS) {
        for (client, mark, words) in reviews {
            n += 1;
            let client = clients.get(*client).ok_or("a review by nobody")?;
            write(stage, n, client, seller, offer, (*mark, words)).await?;
        }
    }
    Ok(())
}

pub(super) async fn write(
    stage: &Stage,
    n: u16,
    client: &Account,
    seller: &Professional,
    offer: &Offer,
    (mark, words): (u8, &str),
) -> Result<(), String> {
    let day = paris::local_date(stage.now)
        .checked_sub((20 + i64::from(n % 25)).days())
        .map_err(said)?;
    let hour = match offer.terms.activity {
        Activity::DogHandling => 21,
        _ => 11,
    };
    let start = paris::local_to_utc(day.at(hour, 0, 0, 0));
    let booking = booking(n, start, client, seller, offer)?;
    let profile = client.client.as_ref().ok_or("a client without a profile")?;
    let review = Review {
        id: id::<ReviewId>(n),
        booking: booking.id.clone(),
        professional: seller.id.clone(),
        client: client.id.clone(),
        author: profile.public_name(),
        text: serde_json::from_value(json!({ "rating": mark, "punctuality": mark, "professionalism": 5, "communication": 5, "comment": words })).map_err(said)?,
        status: ReviewStatus::Published,
        rejection: None,
        experienced_at: booking.mission.interval.end(),
        submitted_at: start + SignedDuration::from_hours(30),
        published_at: Some(start + SignedDuration::from_hours(48)),
        normalised: None,
        reply: None,
        doubt: None,
    };
    if !stage
        .write(
            stage
                .changes()
                .create(&booking, "booking")
                .create(&review, "review"),
        )
        .await?
    {
        return Ok(());
    }
    let read = stage
        .store
        .get::<Professional>(adapters::store::Key::professional(&seller.id))
        .await
        .map_err(said)?;
    let read = read.ok_or("a seller that is not there")?;
    let mut professional = read.record.clone();
    let record = &mut professional.record;
    record.ratings_sum += u32::from(mark);
    record.ratings_count += 1;
    record.requests += 1;
    record.answered += 1;
    record.accepted += 1;
    record.total_answer_minutes += 90;
    record.validated_missions += 1;
    let changed = Event::ProfessionalChanged {
        professional: professional.id.clone(),
    };
    stage
        .write(stage.changes().replace(&read, &professional).event(changed))
        .await
        .map(|_| ())
}

fn booking(
    n: u16,
    start: Timestamp,
    client: &Account,
    seller: &Professional,
    offer: &Offer,
) -> Result<Booking, String> {
    let hours = SignedDuration::from_hours;
    let interval = Interval::new(start, start + hours(6)).map_err(said)?;
    let address = seller
        .profile
        .establishment
        .as_ref()
        .ok_or("a seller without an address")?;
    let mut departments = offer.terms.departments.iter().copied();
    let department = departments.next().ok_or("an offer without a department")?;
    let vat = seller.profile.vat_status.unwrap_or(VatStatus::Registered);
    let mission = Mission {
        interval,
        agents: 1,
        department,
    };
    let price = price(
        &mission,
        &offer.terms.rates,
        offer.terms.travel,
        vat,
        &PricingTerms::default(),
    )
    .map_err(said)?;
    let profile = client.client.as_ref().ok_or("a client without a profile")?;
    let conditions = seller
        .conditions_of_sale()
        .ok_or("a seller without conditions of sale")?;
    let ordered_at = start - hours(96);
    let booking_id = id::<BookingId>(n);
    Ok(Booking {
        reference: format!("MAS-DEMO-{n:04}"),
        id: booking_id,
        order: None,
        client: client.id.clone(),
        consumer: profile.is_consumer(),
        contact: Contact {
            name: format!("{} {}", profile.first_name, profile.last_name),
            phone: profile.phone.clone(),
        },
        professional: seller.id.clone(),
        professional_name: seller.name().to_owned(),
        offer: offer.id.clone(),
        offer_title: offer.terms.title.clone(),
        mission: BookedMission {
            activity: offer.terms.activity,
            interval,
            agents: 1,
            place: MissionPlace {
                address: "1 rue de l’Exemple".to_owned(),
                postal_code: address.postal_code.clone(),
                town: address.town.clone(),
                department,
            },
            context: MissionContext {
                site: "Magasin".to_owned(),
                public_road: false,
                public_expected: true,
                risks: String::new(),
                instructions: String::new(),
            },
        },
        billing_address: None,
        agents: seller
            .profile
            .agents
            .iter()
            .take(1)
            .map(|agent| agent.id.clone())
            .collect(),
        due: Some(Shares::of_performed(&price)),
        price,
        delays: Delays::default(),
        cancellation: offer.terms.cancellation,
        acknowledgements: Acknowledgements {
            conditions_of_sale: conditions.id.clone(),
            conditions_of_sale_sha256: conditions.file.sha256.clone(),
            terms_version: domain::account::legal::TERMS_CLIENTS.1.to_owned(),
            withdrawal_information: true,
            early_start_requested: true,
            loss_of_withdrawal_acknowledged: true,
            at: ordered_at,
            ip: "127.0.0.1".to_owned(),
            browser: "demonstration".to_owned(),
        },
        state: BookingState::Validated,
        // Nothing of it is known to Stripe: it was never paid, and nothing will be.
        payment: Payment {
            card: CardStatus::Released,
            ..Payment::NONE
        },
        created_at: ordered_at,
        hold_until: ordered_at,
        requested_at: Some(ordered_at),
        respond_by: Some(ordered_at + hours(48)),
        accepted_at: Some(ordered_at + SignedDuration::from_mins(90)),
        advice: None,
        withdrawal_deadline: None,
        completed_at: Some(start + hours(6)),
        validated_at: Some(start + hours(28)),
        validated_automatically: false,
        closed_at: None,
        refusal_reason: None,
        cancellation_reason: None,
        claim: None,
        reminded: vec![Reminder::Review],
        review: Some(id::<ReviewId>(n)),
        evaluation: None,
        archived: Default::default(),
        title_alerts: Vec::new(),
        intervention: None,
        replacements: Vec::new(),
        modification: None,
        former: Vec::new(),
        quote: None,
    })
}
