//! The operator's decisions where they are put to the test: sweeps that run late and at the same time,
//! two operators at once, sessions that end in the middle, lists that are longer than a page.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use adapters::environment::Outside as _;
use adapters::store::{Changes, Key, Store, Trace};
use domain::booking::Booking;
use domain::identifiers::Email;
use domain::ids::{BookingId, ProfessionalId, TypedId as _};
use domain::professional::Professional as Record;
use domain::time::paris;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use journeys::{Browser, Professional, World, admin, upload};
use serde_json::json;

use crate::dashboard::{done, found, mails, send, sign_in, with_a_mission};

const DAY: i64 = 24 * 60 * 60;

fn store(world: &World) -> Store {
    Store::open(&local::functions::environment(world.surroundings()))
}

async fn stored(world: &World, id: &str) -> Record {
    let key = Key::professional(&ProfessionalId::parse(id).unwrap());
    let read = store(world).get::<Record>(key).await.unwrap();
    read.unwrap().record
}

/// The clock jumps, nothing is lived through on the way; then a chore runs three times at the same
/// moment, and once more.
async fn late_and_at_once(world: &World, chore: &str, at: Timestamp) {
    world.surroundings().clock.set(at).unwrap();
    let functions = local::functions::all(world.surroundings().clone());
    let run = || functions[chore](json!({ "id": "at-once" }));
    let (one, two, three) = tokio::join!(run(), run(), run());
    one.and(two).and(three).unwrap();
    run().await.unwrap();
    world.settle().await;
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// Announces a measure and answers when it takes effect.
async fn announce(
    world: &World,
    professional: &Professional,
    kind: &str,
    bookings: &str,
    until: &str,
) -> Timestamp {
    let operator = admin(world).await;
    let address = format!("/admin/professionnels/{}/mesures/annoncer", professional.id);
    let measure = [
        ("kind", kind),
        ("ground", "terms_broken"),
        ("text", "Trois absences en un mois."),
        ("bookings", bookings),
        ("until", until),
    ];
    done(&operator, &address, &measure).await;
    // The delivery of the mail may set the date.
    world.settle().await;
    let measure = stored(world, &professional.id).await.standing.measure;
    measure.unwrap().effective_at
}

#[tokio::test(flavor = "multi_thread")]
async fn one_offer_is_hidden_with_its_reasons_contested_and_published_again() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let mission = professional.mission(&world, 20, 9, 8, 1).await;
    let operator = admin(&world).await;
    let file = format!("/admin/professionnels/{}", professional.id);
    let offer = format!("{file}/offres/{}", professional.offer);
    let hide = format!("{offer}/masquer");
    let why = [
        ("ground", "rights_of_others"),
        ("text", "Photo d’un tiers sans son accord."),
    ];
    assert_eq!(found(&world, &mission).await, 1);
    let other = [("ground", "other"), ("text", "Sans motif prévu.")];
    let refused = send(&operator, &hide, &other).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(refused.text.contains("l’un des motifs prévus"));
    assert!(
        refused.text.contains(">Sans motif prévu.</textarea>"),
        "what was typed stays: {}",
        refused.text
    );
    let shown = done(&operator, &hide, &why).await;
    assert!(shown.contains("Masquée depuis le"), "{shown}");
    world.settle().await;
    assert_eq!(found(&world, &mission).await, 0);
    let told = world.mail(&professional.email, "Une de vos offres").await;
    let told = told.to_string();
    assert!(told.contains("Photo d’un tiers") && told.contains("/pro/decision"));
    let again = send(&operator, &hide, &why).await;
    assert_eq!(again.status, 409);
    assert!(again.text.contains("déjà masquée"), "{}", again.text);

    // Its page stays; the professional cannot publish it, may correct it, and contests.
    let publish = format!("/api/professional/offers/{}/publish", professional.offer);
    let browser = &professional.browser;
    browser
        .post(&publish, json!({}))
        .await
        .refused(409, "offer_hidden");
    let page = browser.get("/api/professional/page").await.ok();
    let slug = page["slug"].as_str().unwrap();
    world
        .browser()
        .get(&format!("/api/professionals/{slug}"))
        .await
        .ok();
    let account = browser.get("/api/account").await.ok();
    let decision = account["professional"]["decision"]["told"].to_string();
    assert!(decision.contains("Photo d’un tiers"), "{decision}");
    let contest = json!({ "text": "La photographie est la nôtre : voici le contrat." });
    browser.post("/api/professional/appeal", contest).await.ok();
    let restore = format!("{offer}/retablir");
    let reason = [("text", "Contrat du photographe reçu.")];
    done(&operator, &restore, &reason).await;
    world.settle().await;
    assert_eq!(found(&world, &mission).await, 1);
    assert_eq!(
        mails(&world, &professional.email, "de nouveau publiée").await,
        1
    );
    assert_eq!(send(&operator, &restore, &reason).await.status, 409);
    let overview = operator.get("/admin").await.text;
    assert!(overview.contains("<strong>0</strong> décision contestée"));

    // Somebody else's offer is not reached through this file.
    let stranger = "/admin/professionnels/pro_00000000000000000000000000/offres";
    let address = format!("{stranger}/{}/masquer", professional.offer);
    assert_eq!(send(&operator, &address, &why).await.status, 404);
    let log = operator
        .get(&format!("/admin/activite?subject={}", professional.offer))
        .await;
    assert!(log.text.contains("Offre masquée") && log.text.contains("Photo d’un tiers"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_what_the_operator_may_ask_of_the_api_too() {
    let world = World::start().await;
    let operator = admin(&world).await;
    let thief = world.browser();
    thief.set_cookie("session", &operator.cookie("session").unwrap());
    let list = "/api/admin/registrations";
    thief.get(list).await.ok();
    world.advance(60).await;
    send(&operator, "/admin/deconnexion", &[]).await.ok();
    thief.get(list).await.refused(401, "sign_in_required");
    let decide = format!("{list}/pro_00000000000000000000000000/complements");
    let body = json!({ "message": "Illisible." });
    thief
        .post(&decide, body)
        .await
        .refused(401, "sign_in_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_in_the_middle_loses_nothing_and_leads_back() {
    let world = World::start().await;
    let (applicant, _) = Professional::register(&world, "Vigie", 0, 1).await;
    Professional::submit(&applicant).await.ok();
    let file = applicant.get("/api/registration").await.ok();
    let id = file["id"].as_str().unwrap();
    let documents: Vec<&str> = (0..2)
        .map(|n| file["documents"][n]["id"].as_str().unwrap())
        .collect();
    let asked = |message: &str| {
        vec![
            ("message", message.to_owned()),
            ("documents", documents[0].to_owned()),
            ("documents", documents[1].to_owned()),
        ]
    };
    let operator = admin(&world).await;
    let address = format!("/admin/registrations/{id}/complements");
    // Refused, the page has everything that was written and ticked, where it was.
    let refused = operator.form(&address, &asked("ok")).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    for document in &documents {
        let ticked = format!("value=\"{document}\" checked>");
        assert!(refused.text.contains(&ticked), "{}", refused.text);
    }
    world.advance(31 * 60).await;
    let ended = operator.form(&address, &asked("Pièces illisibles.")).await;
    assert_eq!(ended.status, 401);
    assert!(
        ended
            .text
            .contains("Rien de ce que vous avez écrit n’est perdu")
    );
    let held = format!("action=\"{address}\"");
    assert!(ended.text.contains(&held), "{}", ended.text);
    for value in ["Pièces illisibles.", documents[0], documents[1]] {
        let field = format!("value=\"{value}\">");
        assert!(ended.text.contains(&field), "{value}: {}", ended.text);
    }

    // Whoever signs in again is led to the whole address, its question included.
    let wanted = format!("/admin/activite?subject={id}&action=open-document");
    let browser = world.browser();
    let signed_out = browser.get(&wanted).await;
    let to = signed_out.headers["location"].to_str().unwrap().to_owned();
    let form = browser.get(&to).await.text;
    let back = wanted.replace('&', "&#38;");
    assert!(form.contains(&back), "{form}");
    let operator = browser.get("/local/operator").await.ok();
    let text = |name: &str| operator[name].as_str().unwrap().to_owned();
    let first = [
        ("email", text("email")),
        ("password", text("password")),
        ("back", wanted.clone()),
    ];
    let led = browser.form("/admin/connexion", &first).await;
    let to = led.headers["location"].to_str().unwrap().to_owned();
    let form = browser.get(&to).await.text;
    assert!(form.contains(&back), "{to}: {form}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_that_is_shown_is_the_mail_that_is_sent() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let operator = admin(&world).await;
    let file = format!("/admin/professionnels/{}/mesures", professional.id);
    let until = paris::local_date(world.now().await)
        .checked_add(20.days())
        .unwrap();
    let query = format!(
        "{file}?kind=suspension&ground=terms_broken&text=Trois+absences.&bookings=keep&until={until}"
    );
    let shown = operator.get(&query).await.text;
    let end = paris::french_date_time(paris::day_start(until.tomorrow().unwrap()));
    assert!(shown.contains(&format!("jusqu’au {end}")), "{shown}");
    let until = until.to_string();
    announce(&world, &professional, "suspension", "keep", &until).await;
    let mail = world.mail(&professional.email, "Une mesure").await;
    let mail = mail["text"].as_str().unwrap().to_owned();
    assert!(mail.contains(&format!("jusqu’au {end}")), "{mail}");
    // Lifted once it is in force, its mail does not say that it will never be.
    world.advance(5 * DAY + 3600).await;
    let operator = admin(&world).await;
    let file = format!("/admin/professionnels/{}", professional.id);
    let page = operator.get(&file).await.text;
    assert!(page.contains("Lever la suspension"), "{page}");
    let why = [("text", "Situation réglée.")];
    done(&operator, &format!("{file}/revoquer"), &why).await;
    let mail = world.mail(&professional.email, "est levée").await;
    let mail = mail["text"].as_str().unwrap();
    assert!(mail.contains("de nouveau vous connecter"), "{mail}");
    sign_in(&professional).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_longer_than_a_page_are_added_up_and_searched_whole() {
    let world = World::start().await;
    let (professional, client, booking, _) = with_a_mission(&world).await;
    let store = store(&world);
    let now = world.now().await;
    let read = store
        .get::<Booking>(Key::booking(&BookingId::parse(&booking).unwrap()))
        .await
        .unwrap()
        .unwrap()
        .record;
    let one = stored(&world, &professional.id).await;
    for number in 0..100 {
        let copy = Booking {
            id: BookingId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S{number:03}")),
            ..read.clone()
        };
        let mut namesake = one.clone();
        namesake.id = ProfessionalId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S{number:03}"));
        namesake.email = Email::parse(&format!("homonyme{number}@exemple.fr")).unwrap();
        namesake.profile.denomination = Some(format!("Homonyme {number}"));
        let changes = Changes::by(&Trace::system("test"), now);
        let changes = changes
            .create(&copy, "booking")
            .create(&namesake, "professional");
        store.commit(changes).await.unwrap();
    }
    let operator = admin(&world).await;
    let money = operator.get("/admin/argent").await.text;
    let all = domain::money::Euros::from_cents(read.money().held.cents() * 101);
    assert!(money.contains(&format!("<strong>{all}</strong>")), "{all}");
    assert!(money.contains(">Suite</a>"));
    let next = money.split("/admin/argent?apres=").nth(1).unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    let second = operator.get(&format!("/admin/argent?apres={next}")).await;
    assert!(second.text.contains(&format!("<strong>{all}</strong>")));

    let found = operator.get("/admin/professionnels?q=homonyme+99").await;
    assert!(found.text.contains("Homonyme 99"), "{}", found.text);
    let found = operator.get("/admin/professionnels?q=bastion").await.text;
    assert!(found.contains(&professional.id), "{found}");
    let long = "a".repeat(3000);
    for address in ["professionnels?q", "activite?who", "activite?subject"] {
        let answer = operator.get(&format!("/admin/{address}={long}")).await;
        assert_eq!(answer.status, 200, "{address}");
    }

    let page = client.browser.get("/api/account").await;
    let account = page.ok()["id"].as_str().unwrap().to_owned();
    let page = operator
        .get(&format!("/admin/clients/{account}"))
        .await
        .text;
    assert!(page.contains("06 "), "the telephone, to call: {page}");
    assert!(page.contains(">Suite</a>"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_and_a_doubt_are_on_the_overview_until_they_are_answered() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let page = professional.browser.get("/api/professional/page").await;
    let slug = page.ok()["slug"].as_str().unwrap().to_owned();
    let report = json!({
        "slug": slug, "reason": "misleading", "good_faith": true,
        "text": "Le numéro d’autorisation affiché est celui d’une autre entreprise.",
    });
    let answer = world.browser().post("/api/reports", report).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let overview = admin(&world).await.get("/admin").await.text;
    let waits = "<strong>1</strong> signalement à traiter";
    assert!(overview.contains(waits), "{overview}");
    assert!(overview.contains("<strong>0</strong> doute sur un avis"));
    let operator = admin(&world).await;
    let list = operator.get("/admin/signalements").await.text;
    let link = list.split("/admin/signalements/").nth(1).unwrap();
    let link = format!("/admin/signalements/{}", link.split('"').next().unwrap());
    let shown = operator.get(&link).await.text;
    assert!(
        shown.contains(">Bastion</a>"),
        "a name, not a number: {shown}"
    );
    let decision = [("decision", "Vérification faite : le numéro est le bon.")];
    done(&operator, &link, &decision).await;
    let twice = send(&operator, &link, &decision).await;
    assert!((409..=422).contains(&twice.status), "{}", twice.text);
    let overview = operator.get("/admin").await.text;
    assert!(overview.contains("<strong>0</strong> signalement à traiter"));
}
