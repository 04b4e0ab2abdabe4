//! The operator's dashboard, over HTTP as a browser without scripts uses it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use adapters::environment::Outside as _;
use adapters::store::{Changes, Key, Store, Trace, UniqueClaim};
use domain::account::second_factor::SecondFactor;
use domain::account::{Account, Role};
use domain::ids::{AccountId, TypedId as _};
use jiff::{SignedDuration, Timestamp};
use journeys::{Browser, Client, Professional, World, admin, pdf, prepare, upload};
use serde_json::{Value, json};

const DAY: i64 = 24 * 60 * 60;

/// Sends a form and follows it to the page that says what was done.
pub(crate) async fn done(browser: &Browser, address: &str, fields: &[(&str, &str)]) -> String {
    let answer = send(browser, address, fields).await;
    assert_eq!(answer.status, 303, "{address}: {}", answer.text);
    let to = answer.headers["location"].to_str().unwrap().to_owned();
    let page = browser.get(&to).await;
    assert_eq!(page.status, 200, "{to}: {}", page.text);
    assert!(page.text.contains("role=\"status\""), "{to} says nothing");
    page.text
}

pub(crate) async fn send(
    browser: &Browser,
    address: &str,
    fields: &[(&str, &str)],
) -> journeys::Answer {
    let fields: Vec<(&str, String)> = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    browser.form(address, &fields).await
}

/// Signs in, and answers what a page of theirs then says: who was suspended, or whose account is closed, gets
/// a session for what is theirs to read and answer alone.
pub(crate) async fn sign_in(professional: &Professional) -> journeys::Answer {
    let credentials = json!({ "email": professional.email, "password": "Nouveau-Secret-77" });
    let answer = professional.browser.post("/api/session", credentials).await;
    if answer.status != 200 {
        return answer;
    }
    professional.browser.get("/api/professional/calendar").await
}

pub(crate) async fn mails(world: &World, to: &str, subject: &str) -> usize {
    world.settle().await;
    let mails = world.browser().get("/local/mail").await.ok();
    let about = |mail: &&Value| {
        mail["to"].to_string().contains(to) && mail["subject"].as_str().unwrap().contains(subject)
    };
    mails.as_array().unwrap().iter().filter(about).count()
}

pub(crate) async fn found(world: &World, mission: &Value) -> usize {
    let start = mission["start"].as_str().unwrap();
    let end = mission["end"].as_str().unwrap();
    let address = format!(
        "/api/search?activity=human_surveillance&place=69003&start={start}&end={end}&agents=1"
    );
    let results = world.browser().get(&address).await.ok();
    results["results"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_alone_opens_nothing_and_a_code_serves_once() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let browser = world.browser();
    let operator = browser.get("/local/operator").await.ok();
    let text = |name: &str| operator[name].as_str().unwrap().to_owned();
    let (email, password, code) = (text("email"), text("password"), text("code"));

    let credentials = json!({ "email": email, "password": password });
    browser
        .post("/api/session", credentials)
        .await
        .refused(403, "second_factor_required");
    let page = browser.get("/admin/argent").await;
    assert_eq!(page.status, 303);
    let to = page.headers["location"].to_str().unwrap();
    assert_eq!(to, "/admin/connexion?retour=%2Fadmin%2Fargent");

    let first = |password| [("email", email.as_str()), ("password", password)];
    let wrong = send(&browser, "/admin/connexion", &first("Mauvais-Cheval-9")).await;
    assert_eq!(wrong.status, 401);
    assert!(
        !wrong.text.contains("Mauvais"),
        "a password is never shown again"
    );
    let fields = [
        ("email", client.email.as_str()),
        ("password", "Correct-Cheval-9"),
    ];
    let refused = send(&browser, "/admin/connexion", &fields).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    assert!(browser.cookie("operator-step").is_none());

    send(&browser, "/admin/connexion", &first(&password))
        .await
        .ok();
    assert_eq!(
        browser.get("/admin").await.status,
        303,
        "the code is still to come"
    );
    let wrong = send(&browser, "/admin/connexion/code", &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    assert!(wrong.text.contains("role=\"alert\""), "{}", wrong.text);
    let right = send(&browser, "/admin/connexion/code", &[("code", &code)]).await;
    assert_eq!(right.status, 303, "{}", right.text);
    assert_eq!(browser.get("/admin").await.status, 200);

    let thief = world.browser();
    send(&thief, "/admin/connexion", &first(&password))
        .await
        .ok();
    let again = send(&thief, "/admin/connexion/code", &[("code", &code)]).await;
    assert_eq!(again.status, 422, "a code serves once");
    for _ in 0..5 {
        send(&thief, "/admin/connexion/code", &[("code", "123456")]).await;
    }
    let closed = send(&thief, "/admin/connexion/code", &[("code", "123456")]).await;
    assert_eq!(closed.status, 429, "{}", closed.text);

    // Half an hour without a page ends the session; so does signing out, on every device.
    world.advance(31 * 60).await;
    assert_eq!(browser.get("/admin").await.status, 303);
    let operator = admin(&world).await;
    let elsewhere = world.browser();
    elsewhere.set_cookie("session", &operator.cookie("session").unwrap());
    world.advance(60).await;
    send(&operator, "/admin/deconnexion", &[]).await.ok();
    assert_eq!(elsewhere.get("/admin").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_operator_sets_the_second_factor_up_and_recovery_codes_serve_once() {
    let world = World::start().await;
    let environment = local::functions::environment(world.surroundings());
    let store = Store::open(&environment);
    let now = world.now().await;
    let id = AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
    let known = Account {
        id: id.clone(),
        email: domain::identifiers::Email::parse("chef@exemple.fr").unwrap(),
        second_factor: Some(SecondFactor::begin([7; 20])),
        ..operator(&store).await
    };
    let claim = UniqueClaim::email(&known.email, &id);
    let changes = Changes::by(&Trace::system("test"), now);
    store
        .commit(changes.create(&known, "account").claim(claim, "email"))
        .await
        .unwrap();

    let browser = world.browser();
    let first = [
        ("email", "chef@exemple.fr"),
        ("password", local::demo::ADMIN_PASSWORD),
    ];
    let led = send(&browser, "/admin/connexion", &first).await;
    assert_eq!(led.headers["location"], "/admin/connexion/activation");
    let page = browser.get("/admin/connexion/activation").await;
    // The key was given with the account: who only knows the password does not learn it.
    let factor = stored(&store, &id).await;
    assert!(!page.text.contains(&factor.secret_text()));
    assert!(page.text.contains("clé qui a été donnée"), "{}", page.text);
    let code = factor.code_at(world.now().await);
    let shown = send(&browser, "/admin/connexion/activation", &[("code", &code)]).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    let codes: Vec<&str> = shown
        .text
        .split("<code>")
        .skip(1)
        .map(|rest| &rest[..14])
        .collect();
    assert_eq!(codes.len(), 10);
    assert_eq!(browser.get("/admin").await.status, 200);

    let other = world.browser();
    send(&other, "/admin/connexion", &first).await.ok();
    let opened = send(&other, "/admin/connexion/code", &[("code", codes[0])]).await;
    assert_eq!(opened.status, 303, "{}", opened.text);
    send(&other, "/admin/connexion", &first).await.ok();
    let again = send(&other, "/admin/connexion/code", &[("code", codes[0])]).await;
    assert_eq!(again.status, 422, "{}", again.text);
    assert_eq!(stored(&store, &id).await.recovery_left(), 9);
}

async fn operator(store: &Store) -> Account {
    let email = domain::identifiers::Email::parse(local::demo::ADMIN_EMAIL).unwrap();
    let claim = UniqueClaim::email_key(&email);
    let claim = store
        .get::<UniqueClaim>(Key::unique(&claim))
        .await
        .unwrap()
        .unwrap();
    let id = AccountId::parse(&claim.record.owner).unwrap();
    let account = store
        .get::<Account>(Key::account(&id))
        .await
        .unwrap()
        .unwrap()
        .record;
    assert_eq!(account.role, Role::Admin);
    account
}

async fn stored(store: &Store, id: &AccountId) -> SecondFactor {
    let account = store
        .get::<Account>(Key::account(id))
        .await
        .unwrap()
        .unwrap();
    account.record.second_factor.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_sent_back_then_accepted_and_every_look_is_written_down() {
    let world = World::start().await;
    let (applicant, email) = Professional::register(&world, "Vigie", 0, 1).await;
    Professional::submit(&applicant).await.ok();
    let file = applicant.get("/api/registration").await.ok();
    let id = file["id"].as_str().unwrap();
    let document = file["documents"][0]["id"].as_str().unwrap();
    let operator = admin(&world).await;
    let queue = operator.get("/admin/inscriptions").await;
    assert!(queue.text.contains("Vigie"), "{}", queue.text);
    let page = format!("/admin/professionnels/{id}");
    let shown = operator.get(&page).await.text;
    assert!(shown.contains("chaque point décidé"), "{shown}");
    assert!(!shown.contains("Accepter l’inscription"), "{shown}");
    let iban = "FR76 3000 6000 0112 3456 7890 189".replace(' ', "");
    assert!(!shown.contains(&iban), "the IBAN is masked");
    let opened = operator
        .get(&format!("/admin/documents/{id}/{document}"))
        .await;
    assert_eq!(opened.status, 303, "{}", opened.text);

    // What was typed comes back with the reason.
    let fields = [("message", "ok"), ("documents", document)];
    let complements = format!("/admin/registrations/{id}/complements");
    let refused = send(&operator, &complements, &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains(">ok</textarea>"), "{}", refused.text);
    let fields = [
        ("message", "L’attestation d’assurance est illisible."),
        ("documents", document),
    ];
    let told = done(&operator, &complements, &fields).await;
    assert!(told.contains("Compléments demandés"), "{told}");
    assert_eq!(mails(&world, &email, "complé").await, 1);

    let log = operator
        .get(&format!("/admin/activite?subject={id}"))
        .await
        .text;
    for action in [
        "show-professional-file",
        "open-document",
        "ask-for-complements",
    ] {
        assert!(log.contains(action), "{action} is not in {log}");
    }
    let csv = operator
        .get(&format!("/admin/activite.csv?subject={id}"))
        .await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert!(
        csv.text
            .starts_with("quand (heure de Paris);qui;quoi;action;sur"),
        "{}",
        csv.text
    );
    assert!(csv.text.lines().count() > 3, "{}", csv.text);
}

/// A professional who can be booked, a client, and a confirmed mission.
pub(crate) async fn with_a_mission(world: &World) -> (Professional, Client, String, Value) {
    let professional = Professional::open(world, "Bastion", 0, 2).await;
    let client = Client::sign_up(world, "Camille").await;
    let mission = professional.mission(world, 20, 9, 8, 1).await;
    let booking = client.book(world, &mission).await;
    professional.act(&booking, "accept", json!({})).await.ok();
    world.settle().await;
    (professional, client, booking, mission)
}

#[tokio::test(flavor = "multi_thread")]
async fn hiding_is_at_once_and_can_be_lifted() {
    let world = World::start().await;
    let (professional, client, booking, _) = with_a_mission(&world).await;
    let other = professional.mission(&world, 30, 9, 8, 1).await;
    let slug = world
        .browser()
        .get(&format!("/api/offers/{}", professional.offer))
        .await
        .ok();
    let slug = slug["slug"].as_str().unwrap();
    let public = format!("/api/professionals/{slug}");
    let operator = admin(&world).await;
    let page = format!("/admin/professionnels/{}", professional.id);
    assert_eq!(found(&world, &other).await, 1);
    let why = [
        ("ground", "rights_of_others"),
        ("text", "Photo d’un tiers sans son accord."),
    ];
    done(&operator, &format!("{page}/masquer"), &why).await;
    world.settle().await;
    assert_eq!(found(&world, &other).await, 0);
    world.browser().get(&public).await.refused(404, "not_found");
    let quote = client.browser.post("/api/quotes", other.clone()).await;
    assert!(
        quote.status >= 400,
        "nothing can be ordered: {}",
        quote.text
    );
    assert_eq!(client.booking(&booking).await["state"], "accepted");
    assert_eq!(mails(&world, &professional.email, "masquées").await, 1);
    let twice = send(&operator, &format!("{page}/masquer"), &why).await;
    assert_eq!(twice.status, 409);
    assert!(twice.text.contains("déjà masqué"), "{}", twice.text);
    let back = [("text", "Photo retirée.")];
    done(&operator, &format!("{page}/retablir"), &back).await;
    world.settle().await;
    assert_eq!(found(&world, &other).await, 1);
    world.browser().get(&public).await.ok();
    assert_eq!(mails(&world, &professional.email, "rétablies").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closure_takes_effect_after_five_days_once_and_pays_clients_back() {
    let world = World::start().await;
    let (professional, client, booking, mission) = with_a_mission(&world).await;
    let operator = admin(&world).await;
    let page = format!("/admin/professionnels/{}", professional.id);
    let measure = [
        ("kind", "closure"),
        ("ground", "terms_broken"),
        ("text", "Trois absences en un mois."),
        ("bookings", "refund"),
    ];
    let query = "kind=closure&ground=terms_broken&text=Trois+absences.&bookings=refund";
    let preview = operator.get(&format!("{page}/mesures?{query}")).await.text;
    assert!(preview.contains("Votre compte sera fermé le"), "{preview}");
    assert!(
        preview.contains("MAS-"),
        "the mission it touches is shown: {preview}"
    );
    assert_eq!(
        mails(&world, &professional.email, "mesure").await,
        0,
        "looking decides nothing"
    );

    done(&operator, &format!("{page}/mesures/annoncer"), &measure).await;
    assert_eq!(mails(&world, &professional.email, "Une mesure").await, 1);
    let early = send(&operator, &format!("{page}/mesures/annoncer"), &measure).await;
    assert_eq!(early.status, 409, "one measure at a time");
    world.advance(5 * DAY - 120).await;
    assert_eq!(
        found(&world, &mission).await,
        0,
        "nobody is offered for after their end"
    );
    sign_in(&professional).await.ok();

    world.advance(10 * 60).await;
    client.sign_in().await;
    let after = client.booking(&booking).await;
    assert_eq!(after["state"], "cancelled_by_professional", "{after}");
    assert_eq!(
        after["money"]["refunded"], after["price"]["total"],
        "{after}"
    );
    assert_eq!(found(&world, &mission).await, 0);
    sign_in(&professional).await.refused(403, "account_closed");
    let renewed = professional.browser.post("/api/session/refresh", json!({}));
    renewed.await.ok();
    let pages = professional.browser.get("/api/professional/calendar").await;
    pages.refused(403, "account_closed");

    // Late, twice, at the same time: once.
    let functions = local::functions::all(world.surroundings().clone());
    let sweep = || functions["sweep-standings"](json!({ "id": "twice" }));
    let (one, two) = tokio::join!(sweep(), sweep());
    one.and(two).unwrap();
    world.repeat_every_event().await;
    assert_eq!(mails(&world, &professional.email, "a pris effet").await, 1);
    let operator = admin(&world).await;
    let late = send(
        &operator,
        &format!("{page}/revoquer"),
        &[("text", "Erreur.")],
    )
    .await;
    assert_eq!(late.status, 409, "{}", late.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_measure_revoked_in_time_never_happens_and_a_suspension_ends_by_itself() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let mission = professional.mission(&world, 60, 9, 8, 1).await;
    let operator = admin(&world).await;
    let page = format!("/admin/professionnels/{}", professional.id);
    let announce = format!("{page}/mesures/annoncer");
    let until = (world.now().await + SignedDuration::from_hours(20 * 24)).to_string();
    let mut measure = vec![
        ("kind", "immediate_termination"),
        ("ground", "terms_broken"),
        ("text", "Sous-traitance intégrale."),
        ("bookings", "keep"),
    ];
    done(&operator, &announce, &measure).await;
    world.settle().await;
    assert_eq!(found(&world, &mission).await, 0, "hidden at once");
    done(
        &operator,
        &format!("{page}/revoquer"),
        &[("text", "Erreur de dossier.")],
    )
    .await;
    world.advance(6 * DAY).await;
    assert_eq!(found(&world, &mission).await, 1);
    sign_in(&professional).await.ok();
    assert_eq!(mails(&world, &professional.email, "révoquée").await, 1);

    let operator = admin(&world).await;
    measure[0].1 = "suspension";
    measure.push(("until", &until[..10]));
    done(&operator, &announce, &measure).await;
    world.advance(6 * DAY).await;
    sign_in(&professional)
        .await
        .refused(403, "account_suspended");
    // Nor by choosing another password.
    let forgetful = world.browser();
    let asked = json!({ "email": professional.email });
    forgetful.post("/api/password-resets", asked).await.ok();
    let code = world.code(&professional.email).await;
    let reset = json!({ "code": code, "new_password": "Encore-Secret-78" });
    forgetful.put("/api/password-resets", reset).await.ok();
    let pages = forgetful.get("/api/professional/calendar").await;
    pages.refused(403, "account_suspended");
    assert_eq!(found(&world, &mission).await, 0);
    world.advance(10 * DAY).await;
    let again = json!({ "email": professional.email, "password": "Encore-Secret-78" });
    forgetful.post("/api/session", again).await.ok();
    forgetful.get("/api/professional/calendar").await.ok();
    assert_eq!(found(&world, &mission).await, 1);
    assert_eq!(mails(&world, &professional.email, "rétablies").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_corrected_in_form_answered_doubted_and_taken_down() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 3, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    professional.act(&booking, "accept", json!({})).await.ok();
    let end: Timestamp = mission["end"].as_str().unwrap().parse().unwrap();
    let left = end.duration_since(world.now().await).as_secs();
    world.advance(left + 2 * 3600).await;
    client.sign_in().await;
    client
        .browser
        .post(&format!("/api/bookings/{booking}/validate"), json!({}))
        .await
        .ok();
    let written = json!({ "rating": 2, "punctuality": 2, "professionalism": 3, "communication": 4, "comment": "Un crétin fini, en retard de deux heures." });
    let review = client
        .browser
        .post(&format!("/api/bookings/{booking}/review"), written)
        .await
        .ok();
    let review = review["id"].as_str().unwrap();
    let operator = admin(&world).await;
    let page = format!("/admin/avis/{review}");
    let corrected = [("comment", "[modéré], en retard de deux heures.")];
    let shown = done(&operator, &format!("{page}/normaliser"), &corrected).await;
    assert!(
        shown.contains("crétin"),
        "what was written is kept for the operator"
    );
    done(&operator, &format!("/admin/reviews/{review}/publish"), &[]).await;
    world.settle().await;
    assert_eq!(
        mails(&world, &client.email, "corrigé dans sa forme").await,
        1
    );

    sign_in(&professional).await.ok();
    let answer = json!({ "text": "Nous regrettons ce retard, dû à une route coupée." });
    let reply = format!("/api/professional/reviews/{review}/reply");
    professional.browser.post(&reply, answer.clone()).await.ok();
    professional
        .browser
        .post(&reply, answer.clone())
        .await
        .refused(422, "review_already_answered");
    let other = Professional::open(&world, "Rempart", 1, 1).await;
    other
        .browser
        .post(&reply, answer)
        .await
        .refused(404, "not_found");
    let doubt = json!({ "text": "Le retard était de dix minutes, le registre le montre." });
    professional
        .browser
        .post(&format!("/api/professional/reviews/{review}/doubt"), doubt)
        .await
        .ok();
    let offer = world
        .browser()
        .get(&format!("/api/offers/{}", professional.offer))
        .await
        .ok();
    let slug = offer["slug"].as_str().unwrap();
    let list = format!("/api/professionals/{slug}/reviews");
    let public = world.browser().get(&list).await.ok();
    let read = &public["reviews"][0];
    assert_eq!(
        (&read["moderated"], &read["rating"]),
        (&json!(true), &json!(2)),
        "{public}"
    );
    assert!(!public.to_string().contains("crétin"), "{public}");
    assert!(
        read["reply"]["text"]
            .as_str()
            .unwrap()
            .contains("route coupée")
    );

    let operator = admin(&world).await;
    let queue = operator.get("/admin/avis?etat=doubted").await.text;
    assert!(queue.contains("doute signalé"), "{queue}");
    let overview = operator.get("/admin").await.text;
    assert!(
        overview.contains("<strong>1</strong> doute sur un avis"),
        "{overview}"
    );
    done(&operator, &format!("{page}/maintenir"), &[]).await;
    done(
        &operator,
        &format!("{page}/retirer"),
        &[("reason", "personal_data")],
    )
    .await;
    world.settle().await;
    let public = world.browser().get(&list).await.ok();
    assert_eq!(public["reviews"], json!([]), "{public}");
    assert_eq!(
        public["rating"],
        Value::Null,
        "its mark counts no more: {public}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_is_kept_is_listed_with_its_age_and_a_booking_with_its_ledger() {
    let world = World::start().await;
    let (_, client, booking, _) = with_a_mission(&world).await;
    let reference = client.booking(&booking).await["reference"]
        .as_str()
        .unwrap()
        .to_owned();
    let operator = admin(&world).await;
    let money = operator.get("/admin/argent?rapprocher=oui").await;
    assert_eq!(money.status, 200, "{}", money.text);
    assert!(money.text.contains(&reference), "{}", money.text);
    assert!(money.text.contains("aucune différence"), "{}", money.text);
    let page = operator
        .get(&format!("/admin/reservations/{booking}"))
        .await
        .text;
    assert!(page.contains("Débit de la carte"), "{page}");
    done(&operator, &format!("/admin/bookings/{booking}/settle"), &[]).await;
    let overview = operator.get("/admin").await.text;
    assert!(overview.contains("À jour"), "{overview}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_watched_renewed_and_verified_while_offers_follow() {
    let world = World::start().await;
    let (applicant, email) = Professional::register(&world, "Vigie", 0, 1).await;
    let today = domain::time::paris::local_date(world.now().await);
    let last = today.checked_add(jiff::Span::new().days(12)).unwrap();
    let insurance = |until: String| {
        json!({
            "kind": "insurance", "insurer": "Assureur de test", "insurer_contact": "1 rue du Test, 75001 Paris",
            "policy_number": "RC-2026-1", "coverage": "France entière", "valid_from": "2026-01-01", "expires_on": until,
        })
    };
    upload(&applicant, &insurance(last.to_string())).await;
    Professional::submit(&applicant).await.ok();
    let id = applicant.get("/api/registration").await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    journeys::accept(&world, &id).await;
    let browser = world.browser();
    Professional::activate(&world, &browser, &email).await;
    Professional::onboard(&browser).await;
    world.settle().await;
    let offer = Professional::publish(&browser).await;
    world.settle().await;
    let professional = Professional {
        browser,
        email: email.clone(),
        id: id.clone(),
        offer,
    };

    // Thirty days are past already; seven come on their day.
    world.advance(2 * 3600).await;
    assert_eq!(mails(&world, &email, "à renouveler").await, 1);
    let within = professional.mission(&world, 3, 9, 8, 1).await;
    let beyond = professional.mission(&world, 14, 9, 8, 1).await;
    assert_eq!(
        (found(&world, &within).await, found(&world, &beyond).await),
        (1, 0)
    );
    world.advance(6 * DAY).await;
    assert_eq!(mails(&world, &email, "à renouveler").await, 2);
    world.advance(8 * DAY).await;
    assert_eq!(mails(&world, &email, "pièce expirée").await, 1);
    let later = professional.mission(&world, 8, 9, 8, 1).await;
    assert_eq!(found(&world, &later).await, 0);

    // The renewal: refused once, then verified by the operator, beside what is written down.
    sign_in(&professional).await.ok();
    let next = today.checked_add(jiff::Span::new().days(400)).unwrap();
    let file = upload(&professional.browser, &insurance(next.to_string())).await;
    let waiting = |file: &Value| {
        let documents = file["documents"].as_array().unwrap();
        let one = documents.iter().find(|one| one["status"] == "deposited");
        one.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let document = format!("/admin/documents/{id}/{}", waiting(&file));
    let operator = admin(&world).await;
    let queue = async || {
        world.settle().await;
        operator.get("/admin/pieces").await.text
    };
    let waits = queue().await;
    let link = format!("<a href=\"/admin/professionnels/{id}#controle\">Vigie</a>");
    assert!(
        waits.contains(&link) && waits.contains("Assurance"),
        "{waits}"
    );
    let overview = operator.get("/admin").await.text;
    assert!(overview.contains("dossier avec des pièces à vérifier"));
    done(
        &operator,
        &format!("{document}/reject"),
        &[("reason", "Page 2 manquante.")],
    )
    .await;
    assert!(queue().await.contains("Aucune pièce n’attend de décision."));
    assert_eq!(mails(&world, &email, "pièce refusée").await, 1);
    let file = upload(&professional.browser, &insurance(next.to_string())).await;
    let document = format!("/admin/documents/{id}/{}", waiting(&file));
    done(
        &operator,
        &format!("{document}/verify"),
        &[("method", "Vue de la pièce")],
    )
    .await;
    let again = send(
        &operator,
        &format!("{document}/verify"),
        &[("method", "Vue de la pièce")],
    )
    .await;
    assert_eq!(again.status, 409, "{}", again.text);
    assert_eq!(mails(&world, &email, "pièce vérifiée").await, 1);
    assert_eq!(found(&world, &later).await, 1);
    let bank = json!({ "kind": "bank_details", "holder": "Vigie", "iban": "FR76 3000 6000 0112 3456 7890 189" });
    let prepared = prepare(&professional.browser, &bank, &pdf("rib")).await;
    prepared.refused(409, "bank_details_elsewhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planned_commission_holds_from_its_day_and_never_touches_orders() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    let before = client.booking(&booking).await["price"].clone();
    let operator = admin(&world).await;
    let tomorrow = domain::time::paris::local_date(world.now().await)
        .tomorrow()
        .unwrap();
    let day = tomorrow.to_string();
    let plan = "/admin/reglages/commission";
    let wild = send(
        &operator,
        plan,
        &[("rate", "80"), ("minimum", "5"), ("from", &day)],
    )
    .await;
    assert_eq!(wild.status, 422);
    assert!(
        wild.text.contains("value=\"80\""),
        "what was typed is still there: {}",
        wild.text
    );
    done(
        &operator,
        plan,
        &[("rate", "20,5"), ("minimum", "5"), ("from", &day)],
    )
    .await;
    let commission = |quote: Value| {
        quote["price"]["commission"]
            .as_i64()
            .or(quote["commission"].as_i64())
    };
    let quote = client
        .browser
        .post("/api/quotes", mission.clone())
        .await
        .ok();
    let today = commission(quote).unwrap();
    world.advance(DAY).await;
    client.sign_in().await;
    let quote = client
        .browser
        .post("/api/quotes", mission.clone())
        .await
        .ok();
    assert!(commission(quote).unwrap() > today + today / 2);
    assert_eq!(client.booking(&booking).await["price"], before);
}

#[tokio::test(flavor = "multi_thread")]
async fn delays_and_hours_hold_for_what_is_ordered_from_their_day() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 3).await;
    let client = Client::sign_up(&world, "Camille").await;
    // From 20:00 to 04:00 in Paris: under the usual rules, one hour of day and seven of night.
    let mission = professional.mission(&world, 10, 20, 8, 1).await;
    let before = client.book(&world, &mission).await;
    professional
        .act(&before, "accept", json!({ "advice": "Prévoir un badge." }))
        .await
        .ok();
    let price = client.booking(&before).await["price"].clone();
    assert_eq!(price["night"], json!({ "from": 21, "until": 6 }));
    let operator = admin(&world).await;
    let tomorrow = domain::time::paris::local_date(world.now().await)
        .tomorrow()
        .unwrap()
        .to_string();
    let delays = |validation: &'static str| {
        [
            ("validation", validation),
            ("validation_first", "48"),
            ("validation_last", "96"),
            ("answer_first", "12"),
            ("answer_last", "2"),
            ("mission", "48"),
            ("review", "240"),
        ]
    };
    let with_day = |fields: &[(&'static str, &'static str)]| {
        let mut fields: Vec<(&str, &str)> = fields.to_vec();
        fields.push(("from", &tomorrow));
        fields
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect::<Vec<_>>()
    };
    let wrong = operator
        .form("/admin/reglages/delais", &with_day(&delays("90")))
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("Ces délais ne vont pas ensemble"));
    for (address, fields) in [
        ("/admin/reglages/delais", with_day(&delays("120"))),
        (
            "/admin/reglages/heures",
            with_day(&[("night_from", "22"), ("night_until", "5")]),
        ),
        ("/admin/reglages/taxe", with_day(&[("rate", "0,4")])),
    ] {
        let answer = operator.form(address, &fields).await;
        assert_eq!(answer.status, 303, "{address}: {}", answer.text);
    }
    let page = operator.get("/admin/reglages").await.text;
    assert_eq!(page.matches("À venir").count(), 3, "{page}");
    let line = operator.get("/admin/activite?subject=configuration").await;
    assert!(line.text.contains("plan-delays"), "{}", line.text);
    // Today nothing changed but the tax of missions to come, which were not ordered yet.
    let quote = |mission: Value| client.browser.post("/api/quotes", mission);
    let today = quote(mission.clone()).await.ok()["price"].clone();
    assert_eq!(today["lines"], price["lines"]);
    world.advance(DAY).await;
    client.sign_in().await;
    let after = client.book(&world, &mission).await;
    let then = client.booking(&after).await["price"].clone();
    assert_eq!(then["night"], json!({ "from": 22, "until": 5 }));
    assert_eq!(then["lines"][0]["minutes"], json!(120));
    assert_eq!(then["cnaps_tax_rate"], json!(40));
    professional.sign_in().await;
    professional
        .act(&after, "accept", json!({ "advice": "Prévoir un badge." }))
        .await
        .ok();
    // Both end at the same moment; each is validated after the delay that it was ordered under,
    // however late and however often the sweep runs.
    let end: Timestamp = mission["end"].as_str().unwrap().parse().unwrap();
    let hours = SignedDuration::from_hours;
    world.advance_to(end + hours(71)).await;
    client.sign_in().await;
    let state = async |id: &str| client.booking(id).await["state"].clone();
    assert_eq!(state(&before).await, "completed");
    world.advance_to(end + hours(73)).await;
    client.sign_in().await;
    assert_eq!(state(&before).await, "validated");
    assert_eq!(state(&after).await, "completed");
    world.advance_to(end + hours(119)).await;
    client.sign_in().await;
    assert_eq!(state(&after).await, "completed");
    world.advance_to(end + hours(121)).await;
    world.repeat_every_event().await;
    client.sign_in().await;
    assert_eq!(state(&after).await, "validated");
    assert_eq!(client.booking(&before).await["price"], price);
    let late = operator
        .form(
            "/admin/reglages/retirer",
            &with_day(&[("setting", "rhythm")]),
        )
        .await;
    assert_ne!(late.status, 303, "what holds cannot be taken back");
}

const NEW_TERMS: &str = "## 1. Ce qui change\r\n\r\nLes professionnels répondent désormais aux réclamations sous trois jours ouvrés, et joignent les pièces utiles.\r\n\r\n## 2. Le reste\r\n\r\nTout le reste demeure comme avant, jusqu’à la prochaine version, annoncée quinze jours avant.";

#[tokio::test(flavor = "multi_thread")]
async fn new_terms_are_announced_to_everybody_once_and_asked_for_from_their_effect() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    // More accounts than one page of mails.
    let store = Store::open(&local::functions::environment(world.surroundings()));
    let now = world.now().await;
    for number in 0..45 {
        let id = AccountId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6{number:02}"));
        let email = format!("societe{number}@exemple.fr");
        let account = Account {
            id,
            email: domain::identifiers::Email::parse(&email).unwrap(),
            role: Role::Professional,
            second_factor: None,
            created_at: now,
            ..operator(&store).await
        };
        let changes = Changes::by(&Trace::system("test"), now).create(&account, "account");
        store.commit(changes).await.unwrap();
    }
    let operator = admin(&world).await;
    let version = |from: &str| {
        [
            ("audience", "professionnels".to_owned()),
            ("version", "2027-01".to_owned()),
            ("from", from.to_owned()),
            ("text", NEW_TERMS.to_owned()),
        ]
    };
    let soonest = domain::terms::soonest(now);
    let early = soonest.yesterday().unwrap().to_string();
    let refused = operator.form("/admin/textes", &version(&early)).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("15 jours entiers"),
        "{}",
        refused.text
    );
    assert!(
        refused.text.contains("Ce qui change"),
        "what was typed stays"
    );
    let published = operator
        .form("/admin/textes", &version(&soonest.to_string()))
        .await;
    assert_eq!(published.status, 303, "{}", published.text);
    let again = operator
        .form("/admin/textes", &version(&soonest.to_string()))
        .await;
    assert_eq!(again.status, 422, "published once");
    // The sweep tells everybody concerned, once, however often and late it runs.
    let functions = local::functions::all(world.surroundings().clone());
    let sweep = || functions["sweep-standings"](json!({ "id": "twice" }));
    let (one, two) = tokio::join!(sweep(), sweep());
    one.and(two).unwrap();
    world.advance(3_600).await;
    world.repeat_every_event().await;
    assert_eq!(
        mails(&world, &professional.email, "Nouvelles conditions").await,
        1
    );
    assert_eq!(mails(&world, "societe", "Nouvelles conditions").await, 45);
    assert_eq!(
        mails(&world, &client.email, "Nouvelles conditions").await,
        0
    );
    let told = admin(&world).await.get("/admin/textes").await.text;
    assert!(told.contains("Courriels partis le"), "{told}");
    // Announced, and nothing is asked for yet.
    professional.sign_in().await;
    let account = professional.browser.get("/api/account").await.ok();
    assert_eq!(account["terms"]["version"], "2027-01");
    assert_eq!(account["terms"]["to_accept"], false);
    professional
        .browser
        .get("/api/professional/page")
        .await
        .ok();
    let public = world.browser().get("/cgu/professionnels").await;
    assert!(public.text.contains("version 2026-09"), "{}", public.text);
    let coming = world
        .browser()
        .get("/cgu/professionnels?version=2027-01")
        .await;
    assert!(coming.text.contains("Ce qui change"), "{}", coming.text);
    // A minute before it, then from it on.
    let effect = domain::time::paris::day_start(soonest);
    world
        .advance_to(effect - SignedDuration::from_secs(60))
        .await;
    professional.sign_in().await;
    professional
        .browser
        .get("/api/professional/page")
        .await
        .ok();
    world.advance_to(effect).await;
    professional.sign_in().await;
    let page = "/api/professional/page";
    professional
        .browser
        .get(page)
        .await
        .refused(403, "terms_not_accepted");
    // Who refuses them may take their data and leave, or change their mind.
    let password = json!({ "password": "Nouveau-Secret-77" });
    let export = "/api/account/export";
    professional.browser.post(export, password).await.ok();
    for how in ["in_five_days", "stay"] {
        let asked = json!({ "password": "Nouveau-Secret-77", "how": how });
        let close = "/api/account/close";
        professional.browser.post(close, asked).await.ok();
    }
    let account = professional.browser.get("/api/account").await.ok();
    assert_eq!(account["terms"]["to_accept"], true);
    client.sign_in().await;
    client.browser.get("/api/bookings").await.ok();
    let accept = |version: &str| {
        professional
            .browser
            .post("/api/account/terms", json!({ "version": version }))
    };
    accept("2026-09")
        .await
        .refused(422, "terms_version_changed");
    accept("2027-01").await.ok();
    accept("2027-01").await.ok();
    professional.browser.get(page).await.ok();
    let id = AccountId::parse(account["id"].as_str().unwrap()).unwrap();
    let stored = store.get::<Account>(Key::account(&id)).await.unwrap();
    let acceptances = stored.unwrap().record.acceptances;
    let new: Vec<_> = acceptances
        .iter()
        .filter(|one| one.version == "2027-01")
        .collect();
    assert_eq!(new.len(), 1, "{acceptances:?}");
    let file = operator_file(&world, &professional.id).await;
    for version in ["2026-09", "2027-01"] {
        let line = format!("<li>cgu-professionnels, version {version}, le ");
        assert!(file.contains(&line), "{version}: {file}");
    }
    let public = world.browser().get("/api/terms/professionnels").await.ok();
    assert_eq!(public["version"], "2027-01");
    assert_eq!(new[0].sha256.as_deref(), public["sha256"].as_str());
    assert_eq!(public["versions"].as_array().unwrap().len(), 2);
    // The former one stays where it was, and whoever registers now accepts the new one.
    let former = world
        .browser()
        .get("/api/terms/professionnels?version=2026-09")
        .await
        .ok();
    assert_eq!(former["in_force"], false);
    assert!(former["text"].as_array().unwrap().len() > 5);
    world
        .browser()
        .get("/api/terms/professionnels?version=1999")
        .await
        .refused(404, "not_found");
    let (applicant, _) = Professional::register(&world, "Vigie", 1, 1).await;
    let registration = applicant.get("/api/registration").await.ok();
    let file = operator_file(&world, registration["id"].as_str().unwrap()).await;
    assert!(
        file.contains("cgu-professionnels, version 2027-01"),
        "{file}"
    );
}

async fn operator_file(world: &World, professional: &str) -> String {
    let page = format!("/admin/professionnels/{professional}");
    admin(world).await.get(&page).await.text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_contested_examined_and_lifted_or_maintained() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let contest = |text: &str| {
        professional
            .browser
            .post("/api/professional/appeal", json!({ "text": text }))
    };
    const WHY: &str = "La photographie est la nôtre : voici le contrat du photographe.";
    contest(WHY).await.refused(409, "nothing_to_contest");
    let operator = admin(&world).await;
    let page = format!("/admin/professionnels/{}", professional.id);
    let measure = [
        ("kind", "suspension"),
        ("ground", "rights_of_others"),
        ("text", "Photo d’un tiers sans son accord."),
        ("bookings", "keep"),
    ];
    done(&operator, &format!("{page}/mesures/annoncer"), &measure).await;
    let account = professional.browser.get("/api/account").await.ok();
    let told = account["professional"]["decision"]["told"].to_string();
    assert!(told.contains("Photo d’un tiers"), "{told}");
    let mail = world.mail(&professional.email, "mesure").await;
    assert!(mail.to_string().contains("/pro/decision"), "{mail}");
    contest("trop court").await.refused(422, "text_invalid");
    contest(WHY).await.ok();
    contest(WHY).await.refused(409, "contested_already");
    assert_eq!(
        mails(&world, &professional.email, "contestation est reçue").await,
        1
    );
    assert_eq!(mails(&world, "", "Décision contestée").await, 1);
    let overview = operator.get("/admin").await.text;
    assert!(overview.contains("#contestation"), "{overview}");
    let answer = [("text", "Le contrat ne couvre pas cet usage.")];
    let file = done(&operator, &format!("{page}/repondre"), &answer).await;
    assert!(file.contains("Décision maintenue"), "{file}");
    assert_eq!(
        mails(&world, &professional.email, "Réponse à votre contestation").await,
        1
    );
    let twice = send(&operator, &format!("{page}/repondre"), &answer).await;
    assert_eq!(twice.status, 409);
    // Contested again, with something new: lifted this time, and nothing takes effect later.
    contest("Voici l’avenant signé qui couvre cet usage.")
        .await
        .ok();
    let lifted = [("text", "Avenant reçu.")];
    done(&operator, &format!("{page}/revoquer"), &lifted).await;
    assert_eq!(mails(&world, &professional.email, "révoquée").await, 1);
    world.advance(6 * DAY).await;
    assert_eq!(sign_in(&professional).await.status, 200);
    let account = professional.browser.get("/api/account").await.ok();
    assert_eq!(account["professional"]["decision"], Value::Null);
}
