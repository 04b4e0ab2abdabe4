//! Delays that run from the reception of a mail, decisions contested after their effect, and
//! professionals who leave by themselves: over HTTP, under the moved clock.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use adapters::environment::Outside as _;
use adapters::store::{Changes, Key, Store, Trace};
use domain::identifiers::Email;
use domain::ids::ProfessionalId;
use domain::professional::{MeasureKind, Professional as Record};
use domain::time::paris;
use jiff::{SignedDuration, Timestamp};
use journeys::{Answer, Browser, Client, Professional, World, admin};
use serde_json::{Value, json};

const DAY: i64 = 24 * 60 * 60;

fn store(world: &World) -> Store {
    Store::open(&local::functions::environment(world.surroundings()))
}

async fn stored(world: &World, id: &str) -> Record {
    let key = Key::professional(&ProfessionalId::parse(id).unwrap());
    store(world)
        .get::<Record>(key)
        .await
        .unwrap()
        .unwrap()
        .record
}

async fn change(world: &World, id: &str, change: impl FnOnce(&mut Record)) {
    let store = store(world);
    let key = Key::professional(&ProfessionalId::parse(id).unwrap());
    let read = store.get::<Record>(key).await.unwrap().unwrap();
    let mut changed = read.record.clone();
    change(&mut changed);
    let changes = Changes::by(&Trace::system("test"), world.now().await).replace(&read, &changed);
    store.commit(changes).await.unwrap();
}

/// From now on, mails go to another mailbox.
async fn write_to(world: &World, id: &str, email: &str) {
    change(world, id, |one| one.email = Email::parse(email).unwrap()).await;
}

/// As if what was notified had been notified so many days earlier: two months of the moved clock take
/// minutes to live through.
async fn earlier(world: &World, id: &str, days: i64) {
    let back = SignedDuration::from_hours(24 * days);
    change(world, id, |one| {
        if let Some(measure) = &mut one.standing.measure {
            measure.announced_at -= back;
            measure.effective_at -= back;
            if let Some(received) = measure.receipt.as_mut().and_then(|it| it.received.as_mut()) {
                received.at -= back;
            }
        }
        if let Some(notice) = &mut one.standing.notice {
            notice.given_at -= back;
            notice.due_at -= back;
        }
    })
    .await;
}

async fn form(browser: &Browser, address: &str, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<(&str, String)> = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    browser.form(address, &fields).await
}

/// A form that is done.
async fn done(browser: &Browser, address: &str, fields: &[(&str, &str)]) {
    let answer = form(browser, address, fields).await;
    assert_eq!(answer.status, 303, "{address}: {}", answer.text);
}

async fn decision(professional: &Professional) -> Value {
    professional.sign_in().await;
    let account = professional.browser.get("/api/account").await.ok();
    account["professional"]["decision"].clone()
}

fn at(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

const TERMINATION: [(&str, &str); 4] = [
    ("kind", "termination"),
    ("ground", "other"),
    ("text", "Nous réorganisons notre réseau."),
    ("bookings", "keep"),
];

async fn subjects(world: &World, address: &str, words: &str) -> usize {
    let mails = world.mails_to(address).await;
    let about = |mail: &&Value| mail["subject"].as_str().unwrap().contains(words);
    mails.iter().filter(about).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_months_run_from_the_delivery_of_the_mail_and_end_once() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let operator = admin(&world).await;
    let page = format!("/admin/professionnels/{}", professional.id);
    done(&operator, &format!("{page}/mesures/annoncer"), &TERMINATION).await;
    let mail = world.mail(&professional.email, "Une mesure").await;
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("court dès la réception"), "{text}");
    let measure = stored(&world, &professional.id)
        .await
        .standing
        .measure
        .unwrap();
    let received = measure.receipt.unwrap().received.unwrap();
    assert!(received.at >= measure.announced_at && received.by_hand.is_none());
    let effect = MeasureKind::Termination.effective_at(received.at);
    assert_eq!(measure.effective_at, effect);
    let seen = decision(&professional).await;
    assert_eq!(at(&seen["effective_at"]), effect);
    assert_eq!(seen["effect_is_provisional"], false);
    let file = operator.get(&page).await.text;
    assert!(file.contains("Courriel remis le"), "{file}");
    let overview = operator.get("/admin").await.text;
    assert!(
        overview.contains("<strong>0</strong> notification à remettre"),
        "{overview}"
    );

    earlier(&world, &professional.id, 58).await;
    let effect = effect - SignedDuration::from_hours(24 * 58);
    world
        .advance_to(effect - SignedDuration::from_mins(10))
        .await;
    professional.sign_in().await;
    world.advance_to(effect).await;
    let functions = local::functions::all(world.surroundings().clone());
    let sweep = || functions["sweep-standings"](json!({ "id": "twice" }));
    let (one, two) = tokio::join!(sweep(), sweep());
    one.and(two).unwrap();
    world.repeat_every_event().await;
    let credentials = json!({ "email": professional.email, "password": "Nouveau-Secret-77" });
    let signed_in = professional.browser.post("/api/session", credentials).await;
    signed_in.ok();
    let refused = professional.browser.get("/api/professional/calendar").await;
    refused.refused(403, "account_closed");
    assert_eq!(
        subjects(&world, &professional.email, "a pris effet").await,
        1
    );
    let after = stored(&world, &professional.id)
        .await
        .standing
        .measure
        .unwrap();
    assert_eq!(after.effective_at, effect, "what took effect does not move");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_that_nobody_heard_of_is_brought_by_hand() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    write_to(&world, &professional.id, "muet@exemple.fr").await;
    let operator = admin(&world).await;
    let page = format!("/admin/professionnels/{}", professional.id);
    let receive = format!("{page}/reception");
    let day = paris::local_date(world.now().await);
    let today = day.to_string();
    let received = |day: &str| {
        vec![
            ("what", "measure".to_owned()),
            ("day", day.to_owned()),
            ("how", "Lettre recommandée, avis signé".to_owned()),
        ]
    };
    let early = operator.form(&receive, &received(&today)).await;
    assert_eq!(early.status, 409, "nothing was notified: {}", early.text);
    done(&operator, &format!("{page}/mesures/annoncer"), &TERMINATION).await;
    world.settle().await;
    let seen = decision(&professional).await;
    assert_eq!(seen["effect_is_provisional"], true, "{seen}");
    let provisional = at(&seen["effective_at"]);
    let file = operator.get(&page).await.text;
    assert!(file.contains("en attente de réception"), "{file}");

    world.advance(DAY - 600).await;
    let waiting = "<strong>1</strong> notification à remettre autrement";
    assert!(
        !admin(&world)
            .await
            .get("/admin")
            .await
            .text
            .contains(waiting)
    );
    world.advance(900).await;
    let operator = admin(&world).await;
    let overview = operator.get("/admin").await.text;
    assert!(overview.contains(waiting), "{overview}");
    let file = operator.get(&page).await.text;
    assert!(file.contains("Rien ne dit, après 24 heures"), "{file}");

    world.advance(3 * DAY).await;
    let operator = admin(&world).await;
    for wrong in [
        day.yesterday().unwrap(),
        day.checked_add(jiff::Span::new().days(9)).unwrap(),
    ] {
        let refused = operator.form(&receive, &received(&wrong.to_string())).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        assert!(refused.text.contains("précéder"), "{}", refused.text);
    }
    let second = day.checked_add(jiff::Span::new().days(2)).unwrap();
    let right = operator
        .form(&receive, &received(&second.to_string()))
        .await;
    assert_eq!(right.status, 303, "{}", right.text);
    let again = operator.form(&receive, &received(&today)).await;
    assert_eq!(again.status, 409, "recorded once: {}", again.text);
    let counted = paris::day_start(second.tomorrow().unwrap());
    let effect = MeasureKind::Termination.effective_at(counted);
    assert!(effect > provisional);
    let seen = decision(&professional).await;
    assert_eq!(
        (at(&seen["effective_at"]), &seen["effect_is_provisional"]),
        (effect, &json!(false))
    );
    let file = operator.get(&page).await.text;
    assert!(file.contains("Lettre recommandée, avis signé"), "{file}");
    let log = operator
        .get(&format!("/admin/activite?subject={}", professional.id))
        .await
        .text;
    assert!(
        log.contains("record-receipt") && log.contains("Lettre recommandée"),
        "{log}"
    );

    // SES tells it after all, late, twice, and another day: the date that was told stays.
    let measure = stored(&world, &professional.id)
        .await
        .standing
        .measure
        .unwrap();
    let told = |kind: &str, what: &str, body: Value| {
        let mut detail = json!({ "eventType": kind, "mail": { "messageId": "m-1", "tags": {
            "told-event": [measure.receipt.as_ref().unwrap().mail], "template": ["professional-measure-announced"],
            "recipient": [professional.id],
        } } });
        detail[kind.to_lowercase()] = body;
        json!({ "id": "ses-1", "detail-type": what, "source": "aws.ses", "detail": detail })
    };
    let functions = local::functions::all(world.surroundings().clone());
    let arrived = told(
        "Delivery",
        "Email Delivered",
        json!({ "timestamp": measure.announced_at }),
    );
    let lost = told(
        "Bounce",
        "Email Bounced",
        json!({ "bounceType": "Permanent" }),
    );
    for event in [&arrived, &lost, &arrived] {
        functions["record-mail-fate"](event.clone()).await.unwrap();
    }
    let after = stored(&world, &professional.id)
        .await
        .standing
        .measure
        .unwrap();
    assert_eq!(after, measure);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_came_back_is_a_task_at_once_and_its_thirty_days_wait() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    write_to(&world, &professional.id, "rebond@exemple.fr").await;
    let operator = admin(&world).await;
    let page = format!("/admin/professionnels/{}", professional.id);
    let text = [("text", "Fournir l’attestation d’assurance.")];
    done(&operator, &format!("{page}/mise-en-demeure"), &text).await;
    world.settle().await;
    world.repeat_every_event().await;
    let overview = operator.get("/admin").await.text;
    assert!(
        overview.contains("<strong>1</strong> notification à remettre"),
        "{overview}"
    );
    let file = operator.get(&page).await.text;
    assert!(file.contains("Le courriel est revenu le"), "{file}");
    let seen = decision(&professional).await;
    assert_eq!(seen["due_is_provisional"], true, "{seen}");

    earlier(&world, &professional.id, 31).await;
    world.advance(3600).await;
    let operator = admin(&world).await;
    let due = "<strong>1</strong> mise en demeure échue";
    assert!(!operator.get("/admin").await.text.contains(due));
    let today = paris::local_date(world.now().await);
    let received = [
        ("what", "notice"),
        ("day", &today.to_string()),
        ("how", "Remise en main propre"),
    ];
    done(&operator, &format!("{page}/reception"), &received).await;
    let file = operator.get(&page).await.text;
    assert!(!file.contains(">échue<"), "{file}");
    earlier(&world, &professional.id, 29).await;
    world.advance(3600).await;
    assert!(!admin(&world).await.get("/admin").await.text.contains(due));
    world.advance(2 * DAY).await;
    let operator = admin(&world).await;
    assert!(operator.get("/admin").await.text.contains(due));
    assert!(operator.get(&page).await.text.contains(">échue<"));
    let settled = [("text", "Attestation reçue.")];
    done(&operator, &format!("{page}/regulariser"), &settled).await;
    assert!(!operator.get("/admin").await.text.contains(due));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_account_contests_with_the_link_of_its_mail_and_is_answered_or_opened_again() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let operator = admin(&world).await;
    let page = format!("/admin/professionnels/{}", professional.id);
    let closure = [
        ("kind", "closure"),
        ("ground", "terms_broken"),
        ("text", "Trois absences en un mois."),
        ("bookings", "keep"),
    ];
    done(&operator, &format!("{page}/mesures/annoncer"), &closure).await;
    world.advance(5 * DAY + 120).await;
    let mail = world.mail(&professional.email, "a pris effet").await;
    assert!(
        mail["text"].as_str().unwrap().contains("/contester?jeton="),
        "{mail}"
    );
    let token = world.token(&professional.email).await;
    assert!(
        !operator.get(&page).await.text.contains(&token),
        "nobody else reads it"
    );
    let visitor = world.browser();
    let contest = |token: &str, text: &str| {
        visitor.post(
            "/api/professional/appeal",
            json!({ "token": token, "text": text }),
        )
    };
    const WHY: &str =
        "Les trois absences étaient couvertes par un confrère, avec l’accord du client.";
    visitor
        .post("/api/professional/appeal", json!({ "text": WHY }))
        .await
        .refused(401, "sign_in_required");
    contest("faux", WHY).await.refused(410, "link_expired");
    contest(&token, "trop court")
        .await
        .refused(422, "text_invalid");
    contest(&token, &"é".repeat(3001))
        .await
        .refused(422, "text_invalid");
    assert_eq!(stored(&world, &professional.id).await.standing.appeal, None);
    contest(&token, WHY).await.ok();
    contest(&token, "Une seconde fois, avec d’autres mots.")
        .await
        .refused(409, "contested_already");
    let appeal = stored(&world, &professional.id)
        .await
        .standing
        .appeal
        .unwrap();
    assert_eq!(appeal.text, WHY);
    assert_eq!(
        subjects(&world, &professional.email, "contestation est reçue").await,
        1
    );
    let operator = admin(&world).await;
    let overview = operator.get("/admin").await.text;
    let tile = format!("{page}#contestation");
    assert!(overview.contains(&tile), "{overview}");
    let file = operator.get(&page).await.text;
    assert!(file.contains("couvertes par un confrère"), "{file}");
    let answer = [("text", "Le client dément.")];
    done(&operator, &format!("{page}/repondre"), &answer).await;
    assert_eq!(
        subjects(&world, &professional.email, "Réponse à votre contestation").await,
        1
    );

    // Once more, with something new, and rightly: the account is open again.
    contest(&token, "Voici l’accord écrit du client, daté et signé.")
        .await
        .ok();
    let lifted = [("text", "Accord écrit reçu.")];
    done(&operator, &format!("{page}/revoquer"), &lifted).await;
    professional.sign_in().await;
    contest(&token, WHY).await.refused(410, "decision_over");
    let mission = professional.mission(&world, 20, 9, 8, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    client.browser.post("/api/quotes", mission).await.ok();
    for _ in 0..9 {
        contest("faux", WHY).await;
    }
    contest("faux", WHY).await.refused(429, "too_many_attempts");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_takes_their_data_and_leaves_within_five_days_or_stays() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 20, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    professional.act(&booking, "accept", json!({})).await.ok();
    world.settle().await;
    let password = "Nouveau-Secret-77";
    let export = async |browser: &Browser, password: &str| {
        let asked = json!({ "password": password });
        browser.post("/api/account/export", asked).await
    };
    export(&professional.browser, "Faux-Secret-12")
        .await
        .refused(422, "wrong_password");
    let copy = export(&professional.browser, password).await.ok();
    assert_eq!(copy["professional"]["id"], professional.id.as_str());
    assert_eq!(copy["professional"]["offers"].as_array().unwrap().len(), 1);
    assert_eq!(copy["bookings"].as_array().unwrap().len(), 1);
    assert!(copy["professional"]["documents"].as_array().unwrap().len() > 3);
    assert!(!copy["activity"].as_array().unwrap().is_empty());
    let iban = "FR7630006000011234567890189";
    assert!(!copy.to_string().contains(iban), "the IBAN is masked");
    let other = Professional::open(&world, "Rempart", 1, 1).await;
    let copy = export(&other.browser, password).await.ok();
    assert_eq!(copy["bookings"], json!([]), "nobody else's");

    let close = |how: Option<&str>| {
        let mut asked = json!({ "password": password });
        if let Some(how) = how {
            asked["how"] = json!(how);
        }
        professional.browser.post("/api/account/close", asked)
    };
    close(None).await.refused(422, "how_missing");
    close(Some("stay")).await.refused(409, "not_leaving");
    let live = close(Some("in_five_days"))
        .await
        .refused(409, "bookings_live");
    assert!(live["detail"].as_str().unwrap().contains("MAS-"), "{live}");
    close(Some("with_notice")).await.ok();
    let account = professional.browser.get("/api/account").await.ok();
    let leaving = &account["professional"]["leaving"];
    assert_eq!(leaving["with_notice"], true, "{account}");
    let from = stored(&world, &professional.id)
        .await
        .standing
        .measure
        .unwrap();
    assert_eq!(
        at(&leaving["effective_at"]),
        MeasureKind::Resignation.effective_at(from.announced_at)
    );
    assert_eq!(account["professional"]["decision"], Value::Null);
    close(Some("in_five_days"))
        .await
        .refused(409, "bookings_live");
    close(Some("with_notice"))
        .await
        .refused(409, "ends_already");
    let late = professional.mission(&world, 64, 9, 8, 1).await;
    let quote = client.browser.post("/api/quotes", late.clone()).await;
    assert!(quote.status >= 400, "beyond the end: {}", quote.text);
    close(Some("stay")).await.ok();
    client.browser.post("/api/quotes", late).await.ok();
    assert_eq!(
        subjects(&world, &professional.email, "Vous résiliez").await,
        1
    );
    assert_eq!(
        subjects(&world, &professional.email, "reste ouvert").await,
        1
    );

    // Without a booking under way: five days, once.
    let close = json!({ "password": password, "how": "in_five_days" });
    other.browser.post("/api/account/close", close).await.ok();
    let operator = admin(&world).await;
    let page = format!("/admin/professionnels/{}", other.id);
    let why = [("text", "Erreur.")];
    assert_eq!(
        form(&operator, &format!("{page}/revoquer"), &why)
            .await
            .status,
        409
    );
    world.advance(5 * DAY - 600).await;
    other.sign_in().await;
    world.advance(900).await;
    let credentials = json!({ "email": other.email, "password": password });
    other.browser.post("/api/session", credentials).await.ok();
    let refused = other.browser.get("/api/professional/calendar").await;
    let refused = refused.refused(403, "account_closed");
    assert!(
        refused["detail"].as_str().unwrap().contains("l’a demandé"),
        "{refused}"
    );
    world.repeat_every_event().await;
    assert_eq!(
        subjects(&world, &other.email, "Votre compte est fermé").await,
        1
    );
}
