//! A title that is withdrawn after a mission was asked for, accepted or done: what is still sold, said and
//! paid. Over HTTP, with the mails read and Stripe's objects compared.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use domain::time::paris;
use jiff::{SignedDuration, Span};
use journeys::{Answer, Client, Professional, World, admin, upload};
use serde_json::{Value, json};

use crate::dashboard::{done, mails, send, sign_in};
use crate::payments::{Deal, at, cents};

const CLIENT: &str = "camille@exemple.fr";
const PROFESSIONAL: &str = "bastion@pro.exemple.fr";
const WITHDRAWN: &str = "Retrait notifié par le CNAPS à l’exploitant.";

/// The operator writes down that a document of the professional ends `days` from the start of the mission.
async fn end(deal: &Deal, kind: &str, days: i32) {
    let operator = admin(&deal.world).await;
    let file = format!("/api/admin/registrations/{}", deal.professional.id);
    let file = operator.get(&file).await.ok();
    let mut documents = file["documents"].as_array().unwrap().iter();
    let document = documents
        .rfind(|one| one["details"]["kind"] == kind)
        .unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let day = paris::local_date(at(&deal.mission["start"]))
        .checked_add(Span::new().days(days))
        .unwrap()
        .to_string();
    let address = format!(
        "/admin/documents/{}/{document}/terminer",
        deal.professional.id
    );
    done(
        &operator,
        &address,
        &[("on", day.as_str()), ("reason", WITHDRAWN)],
    )
    .await;
}

/// An hour passes, so that the sweep looks.
async fn an_hour_passes(deal: &Deal) {
    deal.world.advance(3700).await;
    deal.sign_in().await;
}

/// Another authorisation is deposited and verified.
async fn renew_the_authorisation(deal: &Deal) {
    renew(deal, json!({ "kind": "authorisation", "number": "AUT-069-2124-01-09-20260960900", "expires_on": "2124-01-09", "activities": ["surveillance"] })).await;
}

/// Another document is deposited and verified.
async fn renew(deal: &Deal, next: Value) {
    sign_in(&deal.professional).await.ok();
    let file = upload(&deal.professional.browser, &next).await;
    let documents = file["documents"].as_array().unwrap();
    let waiting = documents.iter().find(|one| one["status"] == "deposited");
    let waiting = waiting.unwrap()["id"].as_str().unwrap();
    let address = format!("/admin/documents/{}/{waiting}/verify", deal.professional.id);
    let operator = admin(&deal.world).await;
    done(&operator, &address, &[("method", "Portail CNAPS consulté")]).await;
}

async fn nothing_was_debited(deal: &Deal) {
    let intent = &deal.stripe("payment_intent").await[0];
    assert_eq!(cents(&intent["amount_received"]), 0, "{intent}");
    assert_eq!(deal.stripe("transfer").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_authorisation_is_withdrawn_cannot_be_accepted_and_costs_nothing() {
    for kind in ["authorisation", "insurance", "professional_card"] {
        let deal = Deal::requested(10).await;
        end(&deal, kind, -1).await;
        let refused = deal.professional.act(&deal.id, "accept", json!({})).await;
        refused.refused(409, "titles_missing");
        an_hour_passes(&deal).await;
        deal.world.mail(CLIENT, "elle prend fin d’elle-même").await;
        deal.world.mail(PROFESSIONAL, "la demande prend fin").await;
        deal.world.advance(50 * 3600).await;
        deal.sign_in().await;
        assert_eq!(deal.booking().await["state"], "expired", "{kind}");
        nothing_was_debited(&deal).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_accepted_once_the_title_was_renewed() {
    let deal = Deal::requested(10).await;
    end(&deal, "authorisation", -1).await;
    renew_the_authorisation(&deal).await;
    deal.sign_in().await;
    deal.professional
        .act(&deal.id, "accept", json!({}))
        .await
        .ok();
    let order = deal.booking().await;
    assert_eq!(order["state"], "accepted");
}

/// Both cards are in force on the day of the mission; the old one then turns out to have been withdrawn.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_renewed_to_a_later_year_is_the_one_that_is_named_and_paid_by() {
    const OLD: &str = "CAR-069-2030-06-19-20250100000";
    const NEW: &str = "CAR-069-2035-01-15-20300112345";
    let deal = Deal::requested(10).await;
    sign_in(&deal.professional).await.ok();
    let file = deal
        .professional
        .browser
        .get("/api/registration")
        .await
        .ok();
    let old = file["documents"].as_array().unwrap().iter();
    let old = old.filter(|one| one["details"]["kind"] == "professional_card");
    let old: Vec<Value> = old.cloned().collect();
    assert_eq!(old.len(), 1);
    assert_eq!(old[0]["details"]["number"], OLD, "{}", old[0]);
    let agent = &file["profile"]["agents"][0]["id"];
    renew(&deal, json!({ "kind": "professional_card", "agent": agent, "number": NEW, "expires_on": "2035-01-15", "activities": ["surveillance"] })).await;
    deal.sign_in().await;
    deal.professional
        .act(&deal.id, "accept", json!({}))
        .await
        .ok();
    let mail = deal.world.mail(CLIENT, NEW).await;
    assert!(!mail["text"].as_str().unwrap().contains(OLD), "{mail}");
    let agents = deal.booking().await["assigned_agents"].clone();
    assert_eq!(agents.as_array().unwrap().len(), 1);
    assert_eq!(agents[0]["card_number"], NEW);

    deal.at_end(SignedDuration::from_mins(5)).await;
    deal.professional
        .act(&deal.id, "complete", json!({}))
        .await
        .ok();
    let on = paris::local_date(at(&deal.mission["start"]));
    let on = on.yesterday().unwrap().to_string();
    let operator = admin(&deal.world).await;
    let old = old[0]["id"].as_str().unwrap();
    let address = format!("/admin/documents/{}/{old}/terminer", deal.professional.id);
    done(
        &operator,
        &address,
        &[("on", on.as_str()), ("reason", WITHDRAWN)],
    )
    .await;
    an_hour_passes(&deal).await;
    deal.command("validate", json!({})).await;
    let (_, professional, commission) = deal.price().await;
    assert_eq!(deal.position().await, [professional, commission, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_professional_accepts_nothing() {
    let deal = Deal::requested(10).await;
    let operator = admin(&deal.world).await;
    let address = format!("/admin/professionnels/{}/masquer", deal.professional.id);
    done(
        &operator,
        &address,
        &[
            ("ground", "titles_missing"),
            ("text", "Vérification en cours de vos titres."),
        ],
    )
    .await;
    let refused = deal.professional.act(&deal.id, "accept", json!({})).await;
    refused.refused(409, "professional_not_available");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_mission_that_lacks_a_title_is_called_off_a_day_before_and_paid_back_whole() {
    let deal = Deal::accepted(10).await;
    let (total, _, _) = deal.price().await;
    end(&deal, "authorisation", -1).await;
    an_hour_passes(&deal).await;
    for who in [CLIENT, PROFESSIONAL] {
        let mail = deal.world.mail(who, "heures avant le début").await;
        assert!(!mail.to_string().contains("AUT-069"), "{mail}");
    }
    deal.before_start(25).await;
    assert_eq!(deal.booking().await["state"], "accepted");
    deal.before_start(22).await;
    let booking = deal.booking().await;
    assert_eq!(booking["state"], "cancelled_by_platform", "{booking}");
    assert_eq!(booking["closing"]["by"], "platform");
    assert_eq!(deal.position().await, [0, 0, total, 0]);
    let refunds = deal.stripe("refund").await;
    assert_eq!(refunds.len(), 1);
    assert_eq!(cents(&refunds[0]["amount"]), total);
    let steps: Vec<&Value> = booking["money_steps"].as_array().unwrap().iter().collect();
    let names: Vec<&Value> = steps.iter().map(|step| &step["step"]).collect();
    assert_eq!(names, ["authorised", "captured", "refunded"], "{steps:?}");
    let told = "Votre mission est annulée";
    assert_eq!(mails(&deal.world, CLIENT, told).await, 1);
    let told = "annulée par la plateforme";
    assert_eq!(mails(&deal.world, PROFESSIONAL, told).await, 1);
    deal.world.repeat_every_event().await;
    assert_eq!(mails(&deal.world, PROFESSIONAL, told).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_is_renewed_in_time_keeps_the_mission() {
    let deal = Deal::accepted(10).await;
    end(&deal, "authorisation", -1).await;
    an_hour_passes(&deal).await;
    renew_the_authorisation(&deal).await;
    deal.before_start(2).await;
    assert_eq!(deal.booking().await["state"], "accepted");
    deal.at_end(SignedDuration::from_mins(5)).await;
    deal.professional
        .act(&deal.id, "complete", json!({}))
        .await
        .ok();
    deal.command("validate", json!({})).await;
    let (_, professional, commission) = deal.price().await;
    assert_eq!(deal.position().await, [professional, commission, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mission_done_without_its_title_is_paid_only_as_the_operator_decides() {
    let deal = Deal::accepted(10).await;
    deal.at_end(SignedDuration::from_mins(5)).await;
    deal.professional
        .act(&deal.id, "complete", json!({}))
        .await
        .ok();
    // The withdrawal took effect before the mission, and is known only now.
    end(&deal, "professional_card", -1).await;
    an_hour_passes(&deal).await;
    deal.command("validate", json!({})).await;
    deal.world.advance(4 * 24 * 3600).await;
    deal.sign_in().await;
    let (total, professional, commission) = deal.price().await;
    assert_eq!(deal.position().await[0], 0, "nothing is paid out by itself");
    let seen = deal.seen_by_professional().await;
    assert_eq!(seen["payout_wait"], "title_missing", "{seen}");

    let operator = admin(&deal.world).await;
    let page = operator
        .get(&format!("/admin/reservations/{}", deal.id))
        .await;
    assert!(page.text.contains("un titre manquait"), "{}", page.text);
    let why = "Carte retirée avant la mission : la moitié est rendue.";
    let preview = format!(
        "/admin/reservations/{}/decision?what=refund&percent=50&reason={}",
        deal.id,
        why.replace(' ', "+")
    );
    let preview = operator.get(&preview).await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    let half = |amount: i64| amount - (amount * 50 + 50) / 100;
    let due = (half(professional), half(commission));
    let back = total - due.0 - due.1;
    for amount in [back, due.0, due.1] {
        let written = domain::money::Euros::from_cents(amount).to_string();
        assert!(
            preview.text.contains(&written),
            "{written}: {}",
            preview.text
        );
    }
    let decide = format!("/admin/bookings/{}/refund", deal.id);
    done(&operator, &decide, &[("percent", "50"), ("reason", why)]).await;
    assert_eq!(deal.position().await, [due.0, due.1, back, 0]);
    assert_eq!(cents(&deal.stripe("refund").await[0]["amount"]), back);
    assert_eq!(cents(&deal.stripe("transfer").await[0]["amount"]), due.0);
    let mail = deal.world.mail(PROFESSIONAL, "Vous êtes payé").await;
    let paid = domain::money::Euros::from_cents(due.0).to_string();
    assert!(mail["subject"].as_str().unwrap().contains(&paid), "{mail}");
    deal.world.mail(CLIENT, "Décision sur votre mission").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_calls_one_booking_off_and_both_read_why() {
    let deal = Deal::accepted(10).await;
    let (total, _, _) = deal.price().await;
    let operator = admin(&deal.world).await;
    let address = format!("/api/admin/bookings/{}/cancel", deal.id);
    let short = json!({ "reason": "trop court" });
    operator
        .post(&address, short)
        .await
        .refused(422, "text_length_invalid");
    let why = "Le lieu de la mission est fermé par arrêté préfectoral.";
    operator.post(&address, json!({ "reason": why })).await.ok();
    operator
        .post(&address, json!({ "reason": why }))
        .await
        .refused(409, "booking_state_changed");
    assert_eq!(deal.position().await, [0, 0, total, 0]);
    let booking = deal.booking().await;
    assert_eq!(booking["state"], "cancelled_by_platform");
    assert_eq!(booking["closing"]["reason"], why);
    assert_eq!(deal.seen_by_professional().await["closing"]["reason"], why);
    assert_eq!(
        mails(&deal.world, CLIENT, "Votre mission est annulée").await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_who_cancels_within_the_delay_of_withdrawal_pays_nothing() {
    let deal = Deal::accepted(10).await;
    let (total, _, _) = deal.price().await;
    // Thirty hours before the start the moderate policy would keep half.
    deal.before_start(30).await;
    let shown = deal.booking().await["cancellation"].clone();
    assert_eq!((cents(&shown["refund"]), cents(&shown["kept"])), (total, 0));
    deal.command("cancel", json!({ "refund": total })).await;
    assert_eq!(deal.position().await, [0, 0, total, 0]);
    assert_eq!(deal.booking().await["state"], "withdrawn");
}

/// Writes an offer of an activity, as the first one is.
async fn another_offer(professional: &Professional, activity: &str, title: &str) -> String {
    let terms = json!({
        "title": title, "activity": activity,
        "description": "Une équipe formée et encadrée, un compte rendu après chaque mission.",
        "modalities": ["Poste fixe"], "departments": ["69"],
        "minimum_hours": 4, "notice_hours": 24, "maximum_agents": 1,
        "rates": { "day": 2600, "night": 2860, "sunday": 2860, "holiday": 5200 },
        "travel": 1500, "cancellation": "moderate",
    });
    let offer = json!({ "terms": terms });
    let created = professional.browser.post("/api/professional/offers", offer);
    created.await.ok()["id"].as_str().unwrap().to_owned()
}

async fn publish(professional: &Professional, offer: &str) -> Answer {
    let address = format!("/api/professional/offers/{offer}/publish");
    professional.browser.post(&address, json!({})).await
}

/// A document is deposited, and verified by the operator.
async fn verified(world: &World, professional: &Professional, details: Value) {
    let file = upload(&professional.browser, &details).await;
    let documents = file["documents"].as_array().unwrap();
    let waiting = documents.iter().find(|one| one["status"] == "deposited");
    let waiting = waiting.unwrap()["id"].as_str().unwrap();
    let address = format!("/api/admin/documents/{}/{waiting}/verify", professional.id);
    let method = json!({ "method": "Portail CNAPS consulté" });
    let operator = admin(world).await;
    operator.post(&address, method).await.ok();
    world.settle().await;
}

async fn found_for(world: &World, activity: &str, mission: &Value) -> usize {
    let (start, end) = (&mission["start"], &mission["end"]);
    let (start, end) = (start.as_str().unwrap(), end.as_str().unwrap());
    let address =
        format!("/api/search?activity={activity}&place=69003&start={start}&end={end}&agents=1");
    let results = world.browser().get(&address).await.ok();
    results["results"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_sold_within_the_activities_of_the_company_and_of_its_agents() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let file = professional.browser.get("/api/registration").await.ok();
    let agent = file["profile"]["agents"][0]["id"].clone();
    let mission = |offer: &str| {
        let offer = offer.to_owned();
        let professional = &professional;
        let world = &world;
        async move {
            let mut mission = professional.mission(world, 10, 9, 8, 1).await;
            mission["offer"] = json!(offer);
            mission
        }
    };

    // Its titles carry surveillance: events are that, dogs and money are not.
    let events = another_offer(&professional, "event_security", "Sécurité de salons").await;
    publish(&professional, &events).await.ok();
    let dog = another_offer(&professional, "dog_handling", "Rondes avec un chien").await;
    for activity in ["dog_handling", "cash_transport", "video_protection"] {
        let offer = another_offer(&professional, activity, "Une autre activité").await;
        let refused = publish(&professional, &offer).await;
        refused.refused(409, "activity_not_authorised");
    }
    // Nor does a published offer become one of another activity.
    let address = format!("/api/professional/offers/{}", professional.offer);
    let offers = professional
        .browser
        .get("/api/professional/offers")
        .await
        .ok();
    let offers = offers["offers"].as_array().unwrap();
    let first = offers
        .iter()
        .find(|one| one["id"] == professional.offer.as_str());
    let mut terms = first.unwrap()["terms"].clone();
    terms["activity"] = json!("dog_handling");
    let changed = professional
        .browser
        .put(&address, json!({ "terms": terms }));
    changed.await.refused(409, "activity_not_authorised");

    // A title without activities is not taken; the company's is not enough without an agent's.
    let both = ["surveillance", "dog_handling"];
    let authorisation = |activities: Value| {
        let mut details = json!({ "kind": "authorisation", "number": "AUT-069-2124-01-09-20260960900", "expires_on": "2124-01-09" });
        details["activities"] = activities;
        details
    };
    for nothing in [Value::Null, json!([])] {
        let details = authorisation(nothing);
        let prepared = journeys::prepare(&professional.browser, &details, b"x").await;
        prepared.refused(422, "document_activities_missing");
    }
    verified(&world, &professional, authorisation(json!(both))).await;
    let refused = publish(&professional, &dog).await;
    refused.refused(409, "activity_without_agent");
    let wanted = mission(&dog).await;
    assert_eq!(found_for(&world, "dog_handling", &wanted).await, 0);
    let card = json!({ "kind": "professional_card", "agent": agent, "number": "CAR-069-2031-06-19-20260100000",
        "expires_on": "2031-06-19", "activities": both });
    verified(&world, &professional, card).await;
    publish(&professional, &dog).await.ok();
    world.settle().await;
    assert_eq!(found_for(&world, "dog_handling", &wanted).await, 1);

    // Fire safety asks for the diploma.
    let fire = another_offer(&professional, "fire_safety", "Équipe SSIAP 1").await;
    let refused = publish(&professional, &fire).await;
    refused.refused(409, "activity_without_agent");
    let diploma = json!({ "kind": "fire_safety_diploma", "agent": agent, "number": "SSIAP1-69-2024-118", "expires_on": "2027-11-02" });
    verified(&world, &professional, diploma).await;
    publish(&professional, &fire).await.ok();
    world.settle().await;
    let wanted = mission(&fire).await;
    assert_eq!(found_for(&world, "fire_safety", &wanted).await, 1);
    let client = Client::sign_up(&world, "Camille").await;
    let booking = client.book(&world, &wanted).await;
    sign_in(&professional).await.ok();
    professional.act(&booking, "accept", json!({})).await.ok();
    world.settle().await;
    client.sign_in().await;
    let seen = client.booking(&booking).await;
    assert_eq!(
        seen["assigned_agents"][0]["card_number"], "SSIAP1-69-2024-118",
        "{seen}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activity_that_ends_after_the_order_is_not_accepted_and_the_others_are() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let file = professional.browser.get("/api/registration").await.ok();
    let agent = file["profile"]["agents"][0]["id"].clone();
    let dogs = json!({ "kind": "authorisation", "number": "AUT-069-2124-01-09-20260960900",
        "expires_on": "2124-01-09", "activities": ["surveillance", "dog_handling"] });
    verified(&world, &professional, dogs).await;
    let card = json!({ "kind": "professional_card", "agent": agent, "number": "CAR-069-2031-06-19-20260100000",
        "expires_on": "2031-06-19", "activities": ["surveillance", "dog_handling"] });
    verified(&world, &professional, card).await;
    let dog = another_offer(&professional, "dog_handling", "Rondes avec un chien").await;
    publish(&professional, &dog).await.ok();
    world.settle().await;
    let client = Client::sign_up(&world, "Camille").await;
    let guarded = professional.mission(&world, 10, 9, 4, 1).await;
    let mut with_dog = professional.mission(&world, 10, 14, 4, 1).await;
    with_dog["offer"] = json!(dog);
    let guarded = client.book(&world, &guarded).await;
    let booked = client.book(&world, &with_dog).await;

    // The authorisation that carried both ends; the older one carries surveillance.
    let operator = admin(&world).await;
    let address = format!("/api/admin/registrations/{}", professional.id);
    let read = operator.get(&address).await.ok();
    let documents = read["documents"].as_array().unwrap();
    let carrying = documents.iter().find(|one| {
        one["details"]["kind"] == "authorisation" && one["details"]["expires_on"] == "2124-01-09"
    });
    let carrying = carrying.unwrap()["id"].as_str().unwrap();
    let today = paris::local_date(world.now().await).to_string();
    let address = format!("/admin/documents/{}/{carrying}/terminer", professional.id);
    done(
        &operator,
        &address,
        &[("on", &today), ("reason", WITHDRAWN)],
    )
    .await;
    sign_in(&professional).await.ok();
    let refused = professional.act(&booked, "accept", json!({})).await;
    refused.refused(409, "titles_missing");
    professional.act(&guarded, "accept", json!({})).await.ok();
    let quote = client.browser.post("/api/quotes", with_dog).await;
    quote.refused(409, "professional_titles_expire");
    world.advance(3700).await;
    assert_eq!(
        mails(&world, CLIENT, "prend fin avant votre mission").await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_offer_does_not_come_back_as_a_copy() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let operator = admin(&world).await;
    let file = format!("/admin/professionnels/{}", professional.id);
    let why = [
        ("ground", "rights_of_others"),
        ("text", "Photo d’un tiers sans son accord."),
    ];
    let hide = format!("{file}/offres/{}/masquer", professional.offer);
    done(&operator, &hide, &why).await;
    world.settle().await;
    assert_eq!(found_for(&world, "human_surveillance", &mission).await, 0);

    let copy = another_offer(
        &professional,
        "human_surveillance",
        "Gardiennage de chantier",
    )
    .await;
    let held = publish(&professional, &copy).await.ok();
    assert_eq!(held["status"], "held", "{held}");
    world.settle().await;
    assert_eq!(found_for(&world, "human_surveillance", &mission).await, 0);
    let mut ordered = mission.clone();
    ordered["offer"] = json!(copy);
    let quote = world.browser().post("/api/quotes", ordered).await;
    quote.refused(422, "offer_not_published");
    // Another activity is not held, and does not become the hidden one.
    let events = another_offer(&professional, "event_security", "Sécurité de salons").await;
    let published = publish(&professional, &events).await.ok();
    assert_eq!(published["status"], "published");
    let mut terms = published["terms"].clone();
    terms["activity"] = json!("human_surveillance");
    let address = format!("/api/professional/offers/{events}");
    let changed = professional
        .browser
        .put(&address, json!({ "terms": terms }));
    assert_eq!(changed.await.ok()["status"], "held");

    // The operator is written to, reads both in the file, and decides each.
    let told = mails(
        &world,
        "contact@monagentdesecu.com",
        "attend votre décision",
    )
    .await;
    assert!(told >= 1);
    let page = operator.get(&file).await.text;
    assert_eq!(page.matches("À décider").count(), 2, "{page}");
    let allow = format!("{file}/offres/{copy}/retablir");
    let said = [(
        "text",
        "Autre site, autres photos : rien de commun avec l’offre masquée.",
    )];
    done(&operator, &allow, &said).await;
    done(&operator, &format!("{file}/offres/{events}/masquer"), &why).await;
    world.settle().await;
    assert_eq!(found_for(&world, "human_surveillance", &mission).await, 1);
    assert_eq!(
        mails(&world, PROFESSIONAL, "Votre offre est publiée").await,
        1
    );
    assert_eq!(
        mails(&world, PROFESSIONAL, "Une de vos offres est masquée").await,
        2
    );
    let again = send(&operator, &allow, &said).await;
    assert_eq!(again.status, 409, "{}", again.text);
}
