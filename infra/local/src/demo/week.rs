//! Some days of business on top of the demonstration, lived through the API as people would live
//! them: afterwards every screen has something to show.

use domain::ids::OfferId;
use domain::time::paris;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::{Value, json};

use super::visitor::Visitor;
use super::{Stage, id, professionals, said};
use crate::world::World;

/// What a client orders.
struct Wish {
    /// The professional's number, and the place of the offer among theirs.
    offer: (u16, u16),
    /// From today.
    days: i64,
    /// Paris time.
    hour: i8,
    hours: i64,
    agents: u8,
    postal_code: &'static str,
    town: &'static str,
    address: &'static str,
    site: &'static str,
    instructions: &'static str,
}

const BUILDING_SITE: Wish = Wish {
    offer: (1, 0),
    days: 2,
    hour: 20,
    hours: 10,
    agents: 1,
    postal_code: "69007",
    town: "Lyon",
    address: "41 rue de Gerland",
    site: "Chantier",
    instructions: "Entrée par la palissade verte, le code du cadenas est donné sur place.",
};

const SHOP: Wish = Wish {
    offer: (3, 0),
    days: 2,
    hour: 10,
    hours: 9,
    agents: 1,
    postal_code: "44000",
    town: "Nantes",
    address: "12 rue Crébillon",
    site: "Magasin",
    instructions: "Se présenter à l’accueil à 9 h 50.",
};

const WAREHOUSE: Wish = Wish {
    offer: (2, 0),
    days: 2,
    hour: 22,
    hours: 8,
    agents: 2,
    postal_code: "13015",
    town: "Marseille",
    address: "3 chemin du Littoral",
    site: "Entrepôt",
    instructions: "",
};

const CONCERT: Wish = Wish {
    offer: (2, 1),
    days: 8,
    hour: 17,
    hours: 8,
    agents: 2,
    postal_code: "13002",
    town: "Marseille",
    address: "Quai de la Joliette",
    site: "Salle de concert",
    instructions: "Rendez-vous à l’entrée des artistes.",
};

/// Lives the week, once: a second time changes nothing.
pub(crate) async fn live(world: &World) -> Result<Value, String> {
    let stage = Stage::open(&world.surroundings);
    if !professionals::waiting(&stage).await? {
        return Ok(json!({ "lived": false }));
    }
    let site = &world.surroundings.public_url;
    let mut camille = Visitor::enter(site, "camille@demo.monagentdesecu.fr").await?;
    let mut festival = Visitor::enter(site, "festival@demo.monagentdesecu.fr").await?;
    let mut rex = Visitor::enter(site, "rex@demo.monagentdesecu.fr").await?;
    let mut bastion = Visitor::enter(site, "bastion@demo.monagentdesecu.fr").await?;
    let mut vigie = Visitor::enter(site, "vigie@demo.monagentdesecu.fr").await?;

    // Two missions that will have taken place, one that is refused, one that is still to come.
    let guarded = book(world, &camille, &BUILDING_SITE).await?;
    let watched = book(world, &camille, &SHOP).await?;
    let refused = book(world, &camille, &WAREHOUSE).await?;
    let concert = book(world, &festival, &CONCERT).await?;
    act(
        &rex,
        &guarded,
        "accept",
        json!({ "advice": "Prévoyez un point d’eau pour le chien." }),
    )
    .await?;
    act(&vigie, &watched, "accept", json!({})).await?;
    act(
        &bastion,
        &refused,
        "refuse",
        json!({ "reason": "Nos équipes de nuit sont prises ce jour-là." }),
    )
    .await?;
    act(
        &bastion,
        &concert,
        "accept",
        json!({ "advice": "Un agent par porte : gardez la seconde fermée." }),
    )
    .await?;
    world.settle().await.map_err(said)?;

    // The night ends; the shop's day of before counts as done by itself.
    let morning =
        BUILDING_SITE.start(stage.now)? + SignedDuration::from_mins(60 * BUILDING_SITE.hours + 20);
    world.travel(morning).await.map_err(said)?;
    for visitor in [
        &mut camille,
        &mut festival,
        &mut rex,
        &mut bastion,
        &mut vigie,
    ] {
        visitor.sign_in().await?;
    }
    act(&rex, &guarded, "complete", json!({})).await?;
    world.settle().await.map_err(said)?;
    act(&camille, &guarded, "validate", json!({})).await?;
    world.settle().await.map_err(said)?;
    let review = json!({
        "rating": 5, "punctuality": 5, "professionalism": 5, "communication": 4,
        "comment": "Alex est venu reconnaître les lieux la veille. Nuit calme, compte rendu clair le matin.",
    });
    act(&camille, &guarded, "review", review).await?;
    let late = json!({ "reason": "late", "description": "L’agent est arrivé à 10 h 40 au lieu de 10 h, le magasin a ouvert sans lui." });
    act(&camille, &watched, "claim", late).await?;

    // What waits for an answer now: a request, a question, a mission of tomorrow.
    let again = Wish {
        days: 3,
        ..BUILDING_SITE
    };
    let asked = book(world, &camille, &again).await?;
    let question =
        "Bonjour, le chantier a maintenant deux entrées : faut-il prévoir un second poste ?";
    let message = json!({ "to": { "type": "booking", "booking": asked }, "text": question });
    camille.post("/api/messages", &message).await?;
    let tomorrow = Wish {
        days: 1,
        instructions: "",
        ..SHOP
    };
    let coming = book(world, &festival, &tomorrow).await?;
    act(&vigie, &coming, "accept", json!({})).await?;
    world.settle().await.map_err(said)?;
    Ok(json!({
        "lived": true,
        "now": world.clock.now().to_string(),
        "bookings": [guarded, watched, refused, concert, asked, coming],
    }))
}

/// Orders and pays: the request reaches the professional. Answers the booking's identifier.
async fn book(world: &World, client: &Visitor, wish: &Wish) -> Result<String, String> {
    let (seller, place) = wish.offer;
    let start = wish.start(world.clock.now())?;
    let mission = json!({
        "offer": id::<OfferId>(professionals::offer_number(seller, place)),
        "start": start.to_string(),
        "end": (start + SignedDuration::from_hours(wish.hours)).to_string(),
        "agents": wish.agents,
        "postal_code": wish.postal_code,
    });
    let quote = client.post("/api/quotes", &mission).await?;
    let order = json!({
        "mission": mission,
        "address": wish.address,
        "town": wish.town,
        "context": { "site": wish.site, "public_road": false, "public_expected": false, "risks": "", "instructions": wish.instructions },
        "expected_total": quote["total"],
        "conditions_of_sale": quote["conditions_of_sale"],
        "withdrawal_information": true,
        "early_start_requested": true,
        "loss_of_withdrawal_acknowledged": true,
    });
    let booking = client.post("/api/bookings", &order).await?;
    let booking = booking["id"]
        .as_str()
        .ok_or("a booking without identifier")?;
    let page = client
        .post(&format!("/api/bookings/{booking}/checkout"), &json!({}))
        .await?;
    let card = json!({ "session": page["session"], "card": "4242424242424242" });
    client.post("/local/stripe/pay", &card).await?;
    world.settle().await.map_err(said)?;
    Ok(booking.to_owned())
}

async fn act(who: &Visitor, booking: &str, verb: &str, body: Value) -> Result<(), String> {
    who.post(&format!("/api/bookings/{booking}/{verb}"), &body)
        .await
        .map(|_| ())
}

impl Wish {
    fn start(&self, now: Timestamp) -> Result<Timestamp, String> {
        let day = paris::local_date(now)
            .checked_add(self.days.days())
            .map_err(said)?;
        Ok(paris::local_to_utc(day.at(self.hour, 0, 0, 0)))
    }
}
