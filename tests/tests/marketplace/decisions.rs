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
async fn every_measure_takes_effect_once_however_late_and_often_the_sweep_runs() {
    let world = World::start().await;
    let (closed, client, booking, _) = with_a_mission(&world).await;
    let suspended = Professional::open(&world, "Rempart", 1, 1).await;
    let ended = Professional::open(&world, "Vigie", 2, 1).await;
    let applied = async |one: &Professional| mails(&world, &one.email, "a pris effet").await;
    let until = paris::local_date(world.now().await)
        .checked_add(12.days())
        .unwrap();
    announce(&world, &suspended, "suspension", "keep", &until.to_string()).await;
    let due = announce(&world, &closed, "closure", "refund", "").await;
    let months = announce(&world, &ended, "termination", "keep", "").await;

    // A little before (the clock goes on meanwhile) nobody is closed; half a day late, both are, once.
    late_and_at_once(
        &world,
        "sweep-standings",
        due - SignedDuration::from_mins(10),
    )
    .await;
    assert_eq!(applied(&closed).await, 0);
    late_and_at_once(&world, "sweep-standings", due + hours(12)).await;
    for one in [&suspended, &closed] {
        assert_eq!(applied(one).await, 1, "{}", one.email);
    }
    assert_eq!(applied(&ended).await, 0);
    sign_in(&suspended).await.refused(403, "account_suspended");
    sign_in(&closed).await.refused(403, "account_closed");
    client.sign_in().await;
    let after = client.booking(&booking).await;
    assert_eq!(after["state"], "cancelled_by_professional", "{after}");
    assert_eq!(after["money"]["refunded"], after["price"]["total"]);
    assert_eq!(mails(&world, &client.email, "annul").await, 1);

    // The suspension ends with its last day, and the next measure begins to run.
    let over = paris::day_start(until.tomorrow().unwrap());
    let before = over - SignedDuration::from_mins(10);
    late_and_at_once(&world, "sweep-standings", before).await;
    sign_in(&suspended).await.refused(403, "account_suspended");
    late_and_at_once(&world, "sweep-standings", over + hours(3)).await;
    sign_in(&suspended).await.ok();
    let shown = async || mails(&world, &suspended.email, "rétablies").await;
    assert_eq!(shown().await, 1);
    let due = announce(&world, &suspended, "immediate_termination", "keep", "").await;
    late_and_at_once(&world, "sweep-standings", due + hours(30)).await;
    assert_eq!(applied(&suspended).await, 2, "its second measure");
    assert_eq!(shown().await, 1);

    // Two months after the mail's reception, a week late.
    late_and_at_once(&world, "sweep-standings", months + hours(24 * 7)).await;
    assert_eq!(applied(&ended).await, 1);
    sign_in(&ended).await.refused(403, "account_closed");
    for one in [&suspended, &closed, &ended] {
        let standing = stored(&world, &one.id).await.standing;
        assert_eq!(standing.next_due(), None);
        assert!(standing.measure.unwrap().applied_at.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_document_is_told_once_at_each_step_however_late_the_run() {
    let world = World::start().await;
    let (applicant, email) = Professional::register(&world, "Vigie", 0, 1).await;
    let today = paris::local_date(world.now().await);
    let last = today.checked_add(95.days()).unwrap();
    let insurance = json!({
        "kind": "insurance", "insurer": "Assureur de test", "insurer_contact": "1 rue du Test, 75001 Paris",
        "policy_number": "RC-2026-1", "coverage": "France entière", "valid_from": "2026-01-01",
        "expires_on": last.to_string(),
    });
    upload(&applicant, &insurance).await;
    Professional::submit(&applicant).await.ok();
    let id = applicant.get("/api/registration").await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    journeys::accept(&world, &id).await;
    world.settle().await;
    let told = async || {
        [
            mails(&world, &email, "à renouveler").await,
            mails(&world, &email, "pièce expirée").await,
        ]
    };
    // Days that are left when the watch runs at last, and the mails that were sent by then.
    for (left, mails) in [
        (91, [0, 0]),
        (88, [1, 0]),
        (61, [1, 0]),
        (59, [2, 0]),
        (29, [3, 0]),
        (8, [3, 0]),
        (6, [4, 0]),
        (0, [5, 0]),
        (-2, [5, 1]),
        (-9, [5, 1]),
    ] {
        let day = last.checked_sub(i64::from(left).days()).unwrap();
        let noon = paris::day_start(day) + hours(12);
        late_and_at_once(&world, "watch-documents", noon).await;
        assert_eq!(told().await, mails, "{left} days are left");
    }
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
    assert!(log.text.contains("a masqué une offre") && log.text.contains("Photo d’un tiers"));
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

/// Two operators send the same form at the same moment; one of them does it.
async fn both(one: &Browser, other: &Browser, address: &str, fields: &[(&str, &str)]) -> String {
    let (first, second) = tokio::join!(send(one, address, fields), send(other, address, fields));
    let (won, lost) = if first.status == 303 {
        (first, second)
    } else {
        (second, first)
    };
    assert_eq!(won.status, 303, "{address}: {}", won.text);
    assert!(
        (409..=422).contains(&lost.status),
        "{address}: {}",
        lost.text
    );
    assert!(lost.text.contains("role=\"alert\""), "{}", lost.text);
    lost.text
}

#[tokio::test(flavor = "multi_thread")]
async fn two_operators_who_decide_at_once_decide_once() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let (applicant, email) = Professional::register(&world, "Vigie", 1, 1).await;
    Professional::submit(&applicant).await.ok();
    let id = applicant.get("/api/registration").await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let one = admin(&world).await;
    let other = world.browser();
    other.set_cookie("session", &one.cookie("session").unwrap());
    let file = format!("/admin/professionnels/{}", professional.id);
    const TEXT: &str = "Photo d’un tiers sans son accord.";
    let why = [("ground", "rights_of_others"), ("text", TEXT)];
    let text = [("text", TEXT)];
    let measure = [
        ("kind", "closure"),
        ("ground", "terms_broken"),
        ("text", TEXT),
        ("bookings", "keep"),
        ("until", ""),
    ];
    let offer = format!("offres/{}", professional.offer);
    for (form, fields, subject) in [
        (
            "masquer",
            &why[..],
            "Votre page et vos offres sont masquées",
        ),
        ("retablir", &text[..], "rétablies"),
        (&format!("{offer}/masquer"), &why[..], "Une de vos offres"),
        (
            &format!("{offer}/retablir"),
            &text[..],
            "de nouveau publiée",
        ),
        ("mise-en-demeure", &text[..], "Mise en demeure"),
        ("regulariser", &text[..], ""),
        ("mesures/annoncer", &measure[..], "Une mesure"),
        ("revoquer", &text[..], "révoquée"),
    ] {
        both(&one, &other, &format!("{file}/{form}"), fields).await;
        if !subject.is_empty() {
            assert_eq!(
                mails(&world, &professional.email, subject).await,
                1,
                "{form}"
            );
        }
    }
    // One accepts while the other refuses: whoever comes second is told, and loses no word.
    journeys::decide_each_point(&one, &id).await;
    let reason = [("internal_reason", "Doute sur la carte.")];
    let decide = format!("/admin/registrations/{id}");
    let (accept, refuse) = (format!("{decide}/accept"), format!("{decide}/refuse"));
    let (accepted, refused) =
        tokio::join!(send(&one, &accept, &[]), send(&other, &refuse, &reason));
    let won = [&accepted, &refused]
        .iter()
        .filter(|answer| answer.status == 303)
        .count();
    assert_eq!(won, 1, "{} {}", accepted.status, refused.status);
    let lost = if accepted.status == 303 {
        refused
    } else {
        accepted
    };
    assert_eq!(lost.status, 409, "{}", lost.text);
    let (yes, no) = (
        mails(&world, &email, "accept").await,
        mails(&world, &email, "inscription n’a pas").await,
    );
    assert!(yes + no <= 1, "{yes} {no}");
    both(
        &one,
        &other,
        "/admin/reglages/commission",
        &[("rate", "14"), ("minimum", "5"), ("from", "2030-01-01")],
    )
    .await;
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
    assert!(mail.contains("s’ouvrent de nouveau"), "{mail}");
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

    let long = "a".repeat(3000);
    for address in ["recherche?q", "activite?who", "activite?subject"] {
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
    let waits = "<strong>1</strong> signalement ou demande d’aide à traiter";
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
    assert!(overview.contains("<strong>0</strong> signalement ou demande d’aide à traiter"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_used_ends_after_eight_hours_all_the_same() {
    let world = World::start().await;
    let operator = admin(&world).await;
    let since = world.now().await;
    for quarters in 1..=31 {
        let now = since + SignedDuration::from_mins(15 * quarters);
        world.surroundings().clock.set(now).unwrap();
        let page = operator.get("/admin/reglages").await;
        assert_eq!(page.status, 200, "after {quarters} quarters of an hour");
    }
    world.surroundings().clock.set(since + hours(8)).unwrap();
    let page = operator.get("/admin/reglages").await;
    assert_eq!(page.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_is_refused_stays_in_its_own_form() {
    let world = World::start().await;
    let operator = admin(&world).await;
    let tax = [("rate", "80"), ("from", "2030-01-01")];
    let refused = send(&operator, "/admin/reglages/taxe", &tax).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let field = |id: &str| {
        let field = refused.text.split(&format!("id=\"{id}\"")).nth(1).unwrap();
        field.split('>').next().unwrap().to_owned()
    };
    assert!(field("taxe-rate").contains("value=\"80\""));
    assert!(field("taxe-from").contains("value=\"2030-01-01\""));
    assert!(field("rate").contains("value=\"\""), "{}", field("rate"));
    assert!(field("heures-from").contains("value=\"\""));
}
