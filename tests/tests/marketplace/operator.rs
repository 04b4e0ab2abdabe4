//! What the operator looks up, decides and keeps: duplicates, the checklist, consultations under a
//! reason, the log, titles that end before missions, and the month's books. Over HTTP, without scripts.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use adapters::environment::Outside as _;
use adapters::store::{Changes, Key, Store, Trace};
use domain::booking::{Booking, RefusedStep, Step};
use domain::ids::BookingId;
use domain::money::Euros;
use domain::time::paris;
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use journeys::{Browser, Client, Professional, World, admin, upload};
use serde_json::{Value, json};

use crate::dashboard::{done, found, mails, send, sign_in, with_a_mission};
use crate::payments::Deal;

const DAY: i64 = 24 * 60 * 60;

fn store(world: &World) -> Store {
    Store::open(&local::functions::environment(world.surroundings()))
}

async fn own_id(applicant: &Browser) -> String {
    let file = applicant.get("/api/registration").await.ok();
    file["id"].as_str().unwrap().to_owned()
}

async fn page(world: &World, address: &str) -> String {
    let answer = admin(world).await.get(address).await;
    assert_eq!(answer.status, 200, "{address}: {}", answer.text);
    answer.text
}

/// The log of what was done to something.
async fn log(world: &World, subject: &str) -> String {
    page(world, &format!("/admin/activite?subject={subject}")).await
}

/// A registration with the telephone and the bank account of the first company, handed in.
async fn lookalike(world: &World) -> String {
    let (applicant, _) = Professional::register(world, "Vigie", 1, 1).await;
    let file = applicant.get("/api/registration").await.ok();
    let mut profile = file["profile"].clone();
    profile["phone"] = json!("04 72 00 00 00");
    applicant
        .put("/api/registration", json!({ "profile": profile }))
        .await
        .ok();
    let bank = json!({ "kind": "bank_details", "holder": "Vigie", "iban": "FR76 3000 6000 0112 3456 7890 189" });
    upload(&applicant, &bank).await;
    Professional::submit(&applicant).await.ok();
    own_id(&applicant).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_possible_duplicate_is_decided_before_it_is_accepted() {
    let world = World::start().await;
    let first = Professional::open(&world, "Bastion", 0, 1).await;
    let second = lookalike(&world).await;
    let operator = admin(&world).await;

    // Both files tell, by links, without the numbers; so does the queue.
    let queue = page(&world, "/admin/inscriptions").await;
    assert!(
        queue.contains("même téléphone, même IBAN que Bastion"),
        "{queue}"
    );
    let listed = operator.get("/api/admin/registrations").await.ok();
    let hint = &listed["registrations"][0]["duplicate_hints"][0];
    assert_eq!(hint["other"], first.id.as_str());
    assert_eq!(hint["to_decide"], json!(["phone", "iban"]));
    let read = operator
        .get(&format!("/api/admin/registrations/{second}"))
        .await
        .ok();
    assert_eq!(&read["duplicate_hints"][0], hint);
    let points = read["checklist"].as_array().unwrap();
    let siren = points.iter().find(|one| one["code"] == "siren").unwrap();
    assert_eq!(siren["state"], "to_check", "{read}");
    let address = format!("/admin/professionnels/{second}");
    let file = page(&world, &address).await;
    assert!(file.contains(&format!("href=\"/admin/professionnels/{}\"", first.id)));
    assert!(file.contains("À trancher"), "{file}");
    assert!(!file.contains("FR7630006000011234567890189"), "masked");
    let other = page(&world, &format!("/admin/professionnels/{}", first.id)).await;
    assert!(other.contains(&format!("href=\"{address}\"")), "{other}");

    // Neither a program nor a form accepts it, though everything else is decided.
    journeys::decide_each_point(&operator, &second).await;
    let accept = format!("/api/admin/registrations/{second}/accept");
    operator
        .post(&accept, json!({}))
        .await
        .refused(409, "duplicate_unresolved");
    let by_form = format!("/admin/registrations/{second}/accept");
    let refused = send(&operator, &by_form, &[]).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused
            .text
            .contains("Un doublon possible n’est pas tranché"),
        "{}",
        refused.text
    );

    // An exemption says why; it is in both files and both logs, and it is recorded once.
    let exempt = format!("{address}/doublons");
    let short = send(
        &operator,
        &exempt,
        &[("other", &first.id), ("reason", "groupe")],
    )
    .await;
    assert_eq!(short.status, 422);
    assert!(short.text.contains(">groupe</textarea>"), "{}", short.text);
    let why = "Deux sociétés d’un même groupe : accord du 20 novembre.";
    let fields = [("other", first.id.as_str()), ("reason", why)];
    let file = done(&operator, &exempt, &fields).await;
    assert!(
        file.contains("Exemption pour même téléphone, même IBAN"),
        "{file}"
    );
    let again = send(&operator, &exempt, &fields).await;
    assert_eq!(again.status, 409, "{}", again.text);
    for id in [&first.id, &second] {
        let file = page(&world, &format!("/admin/professionnels/{id}")).await;
        assert!(file.contains(why) && !file.contains("À trancher"), "{file}");
        let log = log(&world, id).await;
        assert!(
            log.contains("exempt-duplicate") && log.contains(why),
            "{log}"
        );
    }
    operator.post(&accept, json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_is_refused_without_a_reason_and_the_attempt_on_a_siren_is_seen() {
    let world = World::start().await;
    let first = Professional::open(&world, "Bastion", 0, 1).await;
    let second = lookalike(&world).await;
    let (third, _) = Professional::register(&world, "Doublon", 0, 1).await;
    Professional::submit(&third)
        .await
        .refused(409, "siren_taken");
    let third = own_id(&third).await;
    let operator = admin(&world).await;
    let holder = format!("/admin/professionnels/{}", first.id);
    let seen = page(&world, &holder).await;
    assert!(
        seen.contains("Inscriptions refusées avec ce SIREN"),
        "{seen}"
    );
    assert!(
        seen.contains(&third),
        "the attempt leads to its file: {seen}"
    );
    let draft = page(&world, &format!("/admin/professionnels/{third}")).await;
    assert!(
        draft.contains("même SIREN") && draft.contains(&first.id),
        "{draft}"
    );

    let file = page(&world, &format!("/admin/professionnels/{second}")).await;
    let reason = file
        .split("name=\"internal_reason\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    assert!(reason.starts_with("Doublon de Bastion"), "{reason}");
    let refuse = format!("/admin/registrations/{second}/refuse");
    let file = done(&operator, &refuse, &[("internal_reason", reason)]).await;
    assert!(
        file.contains("Motif interne : Doublon de Bastion"),
        "{file}"
    );
    let mail = world.mail("vigie@pro.exemple.fr", "inscription").await;
    assert!(!mail.to_string().contains("Bastion"), "neutral: {mail}");

    // Refused, it is no second account: told, and nothing is left to decide.
    let seen = page(&world, &holder).await;
    assert!(
        seen.contains("Vigie") && !seen.contains("À trancher"),
        "{seen}"
    );
}

/// The codes of a refusal's missing points.
fn codes(refused: &Value) -> Vec<&str> {
    let missing = refused["missing"].as_array().unwrap().iter();
    missing.map(|one| one["code"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_point_is_decided_by_itself_before_a_registration_is_accepted() {
    let world = World::start().await;
    let (applicant, _) = Professional::register(&world, "Vigie", 1, 2).await;
    Professional::submit(&applicant).await.ok();
    let id = own_id(&applicant).await;
    let operator = admin(&world).await;
    let address = format!("/admin/professionnels/{id}");
    let file = page(&world, &address).await;
    for point in [
        "Vigie, SAS, RCS Lyon, 1 place Bellecour, 69002 Lyon",
        "SIREN au registre",
        "SIRET de l’établissement",
        "FR77910000025",
        "Dirigeants du Kbis",
        "Autorisation d’exercice (AUT)",
        "Agrément dirigeant (AGD) : Dominique Leroy",
        "Carte professionnelle (CAR) : Agent A Durand",
        "Carte professionnelle (CAR) : Agent B Durand",
        "Assurance RC professionnelle",
        "Le compte est au nom de Société de test, et non de Vigie.",
        "nature, prix, exécution et rétractation",
        "Médiateur de test, https://mediateur.exemple.fr",
    ] {
        assert!(file.contains(point), "{point} is not in {file}");
    }
    assert!(file.contains("14 points à traiter"), "{file}");
    assert!(!file.contains("Accepter l’inscription"), "{file}");

    // Nothing accepts it while a point is open, and each decision closes its own.
    let accept = format!("/api/admin/registrations/{id}/accept");
    let all = [
        "identity",
        "siren",
        "siret",
        "vat",
        "managers",
        "document_authorisation",
        "document_manager_approval",
        "document_professional_card",
        "document_professional_card",
        "document_insurance",
        "document_bank_details",
        "document_conditions_of_sale",
        "bank_holder",
        "mediator",
    ];
    let refused = operator.post(&accept, json!({})).await;
    let refused = refused.refused(409, "checklist_undecided");
    let mut open = codes(&refused);
    open.sort_unstable();
    let mut expected = all.to_vec();
    expected.sort_unstable();
    assert_eq!(open, expected);

    let verify = format!("/admin/registrations/{id}/verifications");
    let siren = [("what", "siren"), ("method", "Annuaire des entreprises")];
    let file = done(&operator, &verify, &siren).await;
    assert!(file.contains("13 points à traiter"), "{file}");
    assert!(file.contains("Annuaire des entreprises, le "), "{file}");
    let unknown = [("what", "activity:plumbing"), ("method", "vue")];
    assert_eq!(send(&operator, &verify, &unknown).await.status, 400);
    let blank = send(&operator, &verify, &[("what", "managers"), ("method", " ")]).await;
    assert!((400..500).contains(&blank.status), "{}", blank.text);
    let kept = log(&world, &id).await;
    assert!(kept.contains("siren : Annuaire des entreprises"), "{kept}");

    // What was found wrong is not decided by looking away.
    let wrong = [
        ("what", "siret"),
        ("method", "Annuaire des entreprises"),
        ("fault", "Établissement fermé depuis 2024"),
    ];
    let file = done(&operator, &verify, &wrong).await;
    assert!(file.contains("Établissement fermé depuis 2024"), "{file}");
    let holder = [("what", "bank_holder"), ("method", "Vue du RIB")];
    let unexplained = send(&operator, &verify, &holder).await;
    assert_eq!(unexplained.status, 422, "{}", unexplained.text);
    assert!(
        unexplained.text.contains("value=\"Vue du RIB\""),
        "typed words stay"
    );
    journeys::decide_each_point(&operator, &id).await;
    let refused = operator.post(&accept, json!({})).await;
    let refused = refused.refused(409, "checklist_undecided");
    assert_eq!(codes(&refused), ["siret"]);

    // The register says better the next day.
    let right = [("what", "siret"), ("method", "Annuaire relu : rouvert")];
    let file = done(&operator, &verify, &right).await;
    assert!(file.contains("Tout est vérifié"), "{file}");
    assert!(
        file.contains("Attestation de la banque lue ce jour."),
        "{file}"
    );
    let file = done(&operator, &format!("/admin/registrations/{id}/accept"), &[]).await;
    assert!(file.contains("Tout est vérifié"), "{file}");
    assert!(file.contains("Annuaire des entreprises, le "), "{file}");
    assert!(file.contains("vue des pièces, le "), "{file}");
    let again = operator.post(&accept, json!({})).await;
    again.refused(409, "registration_not_submitted");

    // An activity that is sold is read on the titles.
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let address = format!("/admin/professionnels/{}", professional.id);
    let file = page(&world, &address).await;
    assert!(file.contains("Activité : Surveillance humaine"), "{file}");
    assert!(file.contains("Tout est vérifié"), "{file}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_contradicts_itself_is_refused_or_decided_with_a_reason() {
    let world = World::start().await;
    let known = Professional::open(&world, "Bastion", 0, 1).await;
    let (applicant, _) = Professional::register(&world, "Vigie", 1, 2).await;
    let file = applicant.get("/api/registration").await.ok();
    let agents = &file["profile"]["agents"];
    let card = |agent: usize, number: &str, until: &str| json!({ "kind": "professional_card", "agent": agents[agent]["id"], "number": number, "expires_on": until, "activities": ["surveillance"] });
    let pdf = journeys::pdf("carte");

    // Dates the wrong way round, and the number of the other agent: not taken at all.
    let insurance = json!({
        "kind": "insurance", "insurer": "Assureur de test", "insurer_contact": "1 rue du Test, 75001 Paris",
        "policy_number": "RC-2026-1", "coverage": "France entière", "valid_from": "2027-06-01", "expires_on": "2027-01-31",
    });
    let refused = journeys::prepare(&applicant, &insurance, &pdf).await;
    refused.refused(422, "document_dates_reversed");
    let same = card(1, "CAR-069-2030-06-19-20250110000", "2030-06-19");
    let refused = journeys::prepare(&applicant, &same, &pdf).await;
    refused.refused(422, "document_number_of_another");

    // A number that says another day, and the card of another company's agent: to be decided.
    upload(
        &applicant,
        &card(0, "CAR-069-2031-06-19-20250110000", "2030-06-19"),
    )
    .await;
    upload(
        &applicant,
        &card(1, "CAR-069-2030-06-19-20250100000", "2030-06-19"),
    )
    .await;
    Professional::submit(&applicant).await.ok();
    let id = own_id(&applicant).await;
    let operator = admin(&world).await;
    let address = format!("/api/admin/registrations/{id}");
    let read = operator.get(&address).await.ok();
    let points = read["checklist"].as_array().unwrap();
    let cards: Vec<&Value> = points
        .iter()
        .filter(|one| one["code"] == "document_professional_card")
        .collect();
    for (point, says) in cards.iter().zip([
        "Le numéro indique une fin de validité au 19/06/2031 et non au 19/06/2030.",
        "Le même numéro de carte figure dans un autre dossier : voir les doublons possibles.",
    ]) {
        assert_eq!(point["state"], "contradictory", "{point}");
        let said = point["contradictions"].to_string().replace('\u{a0}', " ");
        assert!(said.contains(says), "{said}");
        let document = point["document"].as_str().unwrap();
        let verify = format!("/api/admin/documents/{id}/{document}/verify");
        let method = json!({ "method": "Portail CNAPS consulté" });
        operator
            .post(&verify, method)
            .await
            .refused(422, "decision_reason_invalid");
    }
    let before = page(&world, &format!("/admin/professionnels/{}", known.id)).await;
    assert!(before.contains("même carte professionnelle"), "{before}");
    journeys::accept(&world, &id).await;
    let read = operator.get(&address).await.ok();
    let open = read["checklist"].as_array().unwrap().iter();
    let open: Vec<&Value> = open.filter(|one| one["state"] != "done").collect();
    assert!(open.is_empty(), "{open:?}");
}

/// A mission that was done, evaluated by its professional and validated by its client.
async fn evaluated(world: &World) -> (Professional, Client, String, String) {
    let (professional, client, booking, mission) = with_a_mission(world).await;
    let end: Timestamp = mission["end"].as_str().unwrap().parse().unwrap();
    world.advance_to(end + SignedDuration::from_mins(90)).await;
    professional.sign_in().await;
    client.sign_in().await;
    client
        .browser
        .post(&format!("/api/bookings/{booking}/validate"), json!({}))
        .await
        .ok();
    let said = json!({ "rating": 2, "clarity": 3, "welcome": 4, "safety": 4, "comment": "Consignes confuses zz9." });
    professional.act(&booking, "evaluation", said).await.ok();
    world.settle().await;
    let account = client.browser.get("/api/account").await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    (professional, client, booking, account)
}

#[tokio::test(flavor = "multi_thread")]
async fn private_evaluations_are_read_for_a_reason_that_is_written_down() {
    let world = World::start().await;
    let (_, client, booking, account) = evaluated(&world).await;
    let reference = client.booking(&booking).await["reference"].clone();
    let reference = reference.as_str().unwrap();
    let operator = admin(&world).await;
    let api = format!("/api/admin/clients/{account}/evaluations");
    for (body, code) in [
        (json!({}), "case_reason_invalid"),
        (json!({ "reason": "   curieux   " }), "case_reason_invalid"),
        (
            json!({ "reason": "Réclamation du client", "case": "au hasard" }),
            "case_number_invalid",
        ),
    ] {
        let refused = operator.post(&api, body).await.refused(422, code);
        assert!(!refused.to_string().contains("zz9"));
    }
    assert!(!log(&world, &account).await.contains("list-evaluations"));

    // By a program: each reading has its line, and no answer is kept to be given again.
    let why = json!({ "reason": "Réclamation du client", "case": reference });
    for _ in 0..2 {
        let read = operator.post_once(&api, "same-key", &why).await.ok();
        assert!(read.to_string().contains("zz9"), "{read}");
    }
    let line = format!("Réclamation du client ({reference})");
    assert_eq!(log(&world, &account).await.matches(&line).count(), 2);

    // By a person: the page alone tells nothing, the form tells once.
    let sheet = format!("/admin/clients/{account}");
    let shown = page(&world, &sheet).await;
    assert!(
        shown.contains("Motif de consultation") && !shown.contains("zz9"),
        "{shown}"
    );
    let form = format!("{sheet}/evaluations");
    let refused = send(&operator, &form, &[("reason", "curieux")]).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("value=\"curieux\""),
        "{}",
        refused.text
    );
    let fields = [("reason", "Demande d’accès de la personne"), ("case", "")];
    let read = send(&operator, &form, &fields).await;
    assert_eq!(read.status, 200, "{}", read.text);
    assert!(
        read.text.contains("zz9") && read.text.contains("Bastion"),
        "{}",
        read.text
    );
    assert!(!page(&world, &sheet).await.contains("zz9"), "shown once");
    assert_eq!(operator.get(&form).await.status, 404);
    let kept = log(&world, &account).await;
    assert!(kept.contains("Demande d’accès de la personne"), "{kept}");

    // Nobody else, whatever they say.
    client
        .browser
        .post(&api, why)
        .await
        .refused(403, "wrong_role");
    let nobody = "/admin/clients/acc_00000000000000000000000000/evaluations";
    assert_eq!(send(&operator, nobody, &fields).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_filtered_by_actor_action_and_period_and_its_file_follows() {
    let world = World::start().await;
    let (professional, client, booking, account) = evaluated(&world).await;
    client.sign_in().await;
    let invoices = client
        .browser
        .get(&format!("/api/bookings/{booking}/invoices"))
        .await
        .ok();
    let invoice = invoices["invoices"][0]["id"].as_str().unwrap();
    client
        .browser
        .get(&format!("/api/invoices/{invoice}/pdf"))
        .await
        .ok();
    let yesterday = paris::local_date(world.now().await);
    world.advance(DAY).await;
    client.sign_in().await;
    client
        .browser
        .get(&format!("/api/invoices/{invoice}/xml"))
        .await
        .ok();
    let today = paris::local_date(world.now().await);

    let query = |extra: String| format!("/admin/activite?who={account}{extra}");
    let whole = page(&world, &query(String::new())).await;
    for said in [
        "request-booking",
        "read-invoice",
        ".pdf",
        "127.0.0.1",
        "journeys/1.0",
    ] {
        assert!(whole.contains(said), "{said} is not in {whole}");
    }
    let downloads = page(&world, &query("&action=invoice".to_owned())).await;
    assert_eq!(downloads.matches("read-invoice").count(), 2, "{downloads}");
    assert!(!downloads.contains("request-booking"), "{downloads}");
    let before = page(&world, &query(format!("&du={yesterday}&au={yesterday}"))).await;
    assert!(
        before.contains(".pdf") && !before.contains(".xml"),
        "{before}"
    );
    let since = page(&world, &query(format!("&du={today}"))).await;
    assert!(since.contains(".xml") && !since.contains(".pdf"), "{since}");
    let reversed = page(&world, &query(format!("&du={today}&au={yesterday}"))).await;
    assert!(reversed.contains("La période doit finir"), "{reversed}");

    let api = format!("/api/admin/activity?who={account}");
    let lines = |extra: String| {
        let (world, address) = (&world, format!("{api}{extra}"));
        async move { admin(world).await.get(&address).await }
    };
    let last = world.now().await - SignedDuration::from_hours(1);
    let since = lines(format!("&from={last}")).await.ok();
    assert_eq!(since["lines"].as_array().unwrap().len(), 1, "{since}");
    lines(format!("&from={last}&until={last}"))
        .await
        .refused(422, "period_reversed");

    // What one account did on one thing.
    let both = format!("/admin/activite?subject={booking}&who={account}");
    let both = page(&world, &both).await;
    assert!(both.contains("validate-mission"), "{both}");
    assert!(
        !both.contains("accept-booking"),
        "another account’s: {both}"
    );
    let all = log(&world, &booking).await;
    assert!(all.contains("accept-booking"), "{all}");

    let operator = admin(&world).await;
    let file = query("&action=invoice".to_owned()).replace("activite", "activite.csv");
    let csv = operator.get(&file).await;
    assert_eq!(csv.status, 200, "{}", csv.text);
    let lines: Vec<&str> = csv.text.lines().collect();
    assert_eq!(lines.len(), 3, "{}", csv.text);
    assert!(lines[0].contains("adresse IP;navigateur"), "{}", lines[0]);
    assert!(lines[1].contains("read-invoice") && lines[1].contains("journeys/1.0"));
    let none = query(format!("&au={}", yesterday.yesterday().unwrap()));
    let none = none.replace("activite", "activite.csv");
    let none = operator.get(&format!("{none}&action=invoice")).await;
    assert_eq!(none.text.lines().count(), 1, "{}", none.text);
    let kept = page(&world, "/admin/activite?subject=/admin/activite.csv").await;
    assert!(kept.contains("download-activity"), "{kept}");
    drop(professional);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_are_told_once_of_a_title_that_ends_before_their_mission() {
    let world = World::start().await;
    let (professional, client, booking, mission) = with_a_mission(&world).await;
    let other = Client::sign_up(&world, "Robin").await;
    let sooner = professional.mission(&world, 3, 9, 8, 1).await;
    let spared = other.book(&world, &sooner).await;
    professional.act(&spared, "accept", json!({})).await.ok();
    world.settle().await;
    let file = professional.browser.get("/api/registration").await;
    assert!(file.status == 200 || file.status == 403, "{}", file.text);
    let today = paris::local_date(world.now().await);
    let ends = today.checked_add(Span::new().days(12)).unwrap();

    // The CNAPS withdraws the authorisation; its owner reads why, offers follow.
    let operator = admin(&world).await;
    let sheet = format!("/admin/professionnels/{}", professional.id);
    let shown = page(&world, &sheet).await;
    let document = shown
        .split(">Autorisation d’exercice CNAPS</a>")
        .next()
        .and_then(|before| before.rsplit("/admin/documents/").next())
        .and_then(|link| link.split('"').next())
        .unwrap()
        .to_owned();
    let end = format!("/admin/documents/{document}/terminer");
    let why = "Retrait notifié par le CNAPS le 20 novembre.";
    let too_late = [("on", "2123-12-09"), ("reason", why)];
    assert_eq!(send(&operator, &end, &too_late).await.status, 409);
    let day = ends.to_string();
    let shown = done(&operator, &end, &[("on", day.as_str()), ("reason", why)]).await;
    assert!(
        shown.contains("Fin anticipée") && shown.contains(why),
        "{shown}"
    );
    assert_eq!(mails(&world, &professional.email, "fin anticipée").await, 1);
    assert_eq!(
        found(&world, &mission).await,
        0,
        "no such mission is sold any more"
    );

    // Late by a day and a half, twice, two at once: one mail to the one client it concerns.
    world.advance(36 * 3600).await;
    let functions = local::functions::all(world.surroundings().clone());
    let watch = || functions["watch-documents"](json!({ "id": "twice" }));
    let (one, two) = tokio::join!(watch(), watch());
    one.and(two).unwrap();
    world.repeat_every_event().await;
    let told = "prend fin avant votre mission";
    assert_eq!(mails(&world, &client.email, told).await, 1);
    assert_eq!(mails(&world, &other.email, told).await, 0);
    let mail = world.mail(&client.email, told).await.to_string();
    for hidden in [
        "AUT-069",
        "CAR-069",
        "Agent A",
        "Dominique Leroy",
        "CNAPS le 20",
    ] {
        assert!(!mail.contains(hidden), "{hidden} is in {mail}");
    }
    assert!(mail.contains("Autorisation d’exercice CNAPS"), "{mail}");

    // The operator sees it in four places.
    let reference = {
        client.sign_in().await;
        let read = client.booking(&booking).await;
        read["reference"].as_str().unwrap().to_owned()
    };
    let overview = page(&world, "/admin").await;
    assert!(
        overview.contains("<strong>1</strong> mission sans titre"),
        "{overview}"
    );
    let list = page(&world, "/admin/titres").await;
    assert!(list.contains(&reference), "{list}");
    assert!(page(&world, &sheet).await.contains(&reference));
    let shown = page(&world, &format!("/admin/reservations/{booking}")).await;
    assert!(
        shown.contains("avant la mission. Client informé"),
        "{shown}"
    );

    // Another authorisation takes its place: nothing is left to see, and nobody is told again.
    sign_in(&professional).await.ok();
    let next = json!({ "kind": "authorisation", "number": "AUT-069-2124-01-09-20260960900", "expires_on": "2124-01-09", "activities": ["surveillance"] });
    let file = upload(&professional.browser, &next).await;
    let documents = file["documents"].as_array().unwrap();
    let waiting = documents.iter().find(|one| one["status"] == "deposited");
    let waiting = waiting.unwrap()["id"].as_str().unwrap();
    let verify = format!("/admin/documents/{}/{waiting}/verify", professional.id);
    let operator = admin(&world).await;
    done(&operator, &verify, &[("method", "Portail CNAPS consulté")]).await;
    world.advance(2 * 3600).await;
    let list = page(&world, "/admin/titres").await;
    assert!(list.contains("Aucune mission confirmée"), "{list}");
    assert_eq!(mails(&world, &client.email, told).await, 1);
    assert_eq!(found(&world, &mission).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn commission_invoices_of_a_month_are_a_file_whose_amounts_add_up() {
    let world = World::start().await;
    let (_, client, booking, _) = evaluated(&world).await;
    let operator = admin(&world).await;
    let read = client.booking(&booking).await;
    let fee = read["price"]["commission"].as_i64().unwrap();
    let month = paris::local_date(world.now().await)
        .strftime("%Y-%m")
        .to_string();
    let money = page(&world, &format!("/admin/argent?mois={month}")).await;
    let file = format!("/admin/argent/commissions.csv?mois={month}");
    assert!(money.contains(&format!("href=\"{file}\"")), "{money}");
    let csv = operator.get(&file).await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<Vec<&str>> = csv
        .text
        .lines()
        .map(|line| line.split(';').collect())
        .collect();
    assert_eq!(lines.len(), 2, "{}", csv.text);
    let cents = |cell: &str| cell.replace(',', "").parse::<i64>().unwrap();
    let line = &lines[1];
    assert!(line[0].starts_with("MADS-"), "{}", csv.text);
    assert_eq!((line[1], line[4]), ("Facture", "Camille Martin"));
    assert_eq!(line[6], read["reference"].as_str().unwrap());
    assert_eq!(cents(line[7]) + cents(line[9]), cents(line[10]));
    assert_eq!(cents(line[10]), fee);
    let other = operator
        .get("/admin/argent/commissions.csv?mois=2019-01")
        .await;
    assert_eq!(other.text.lines().count(), 1, "{}", other.text);
    let wrong = operator
        .get("/admin/argent/commissions.csv?mois=2026-13")
        .await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    let wrong = operator.get("/admin/argent?mois=2026-13").await;
    assert!(
        wrong.text.contains("sous la forme 2026-11"),
        "{}",
        wrong.text
    );
    let ledger = page(&world, &format!("/admin/reservations/{booking}")).await;
    assert!(
        ledger.contains("la somme des comptes est nulle"),
        "{ledger}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_of_a_booking_balance_on_every_account() {
    let world = World::start().await;
    let begun = paris::local_date(world.now().await);
    let (_, client, booking, _) = evaluated(&world).await;
    let operator = admin(&world).await;
    let price = client.booking(&booking).await["price"].clone();
    let ended = paris::local_date(world.now().await);
    let months: BTreeSet<String> = [begun, ended]
        .map(|day| day.strftime("%Y-%m").to_string())
        .into();
    let mut lines: Vec<Vec<String>> = Vec::new();
    for month in &months {
        let file = format!("/admin/argent/ecritures.txt?mois={month}");
        let money = page(&world, &format!("/admin/argent?mois={month}")).await;
        assert!(money.contains(&format!("href=\"{file}\"")), "{money}");
        let books = operator.get(&file).await;
        let name = books.headers["content-disposition"].to_str().unwrap();
        let last = format!("{month}-01")
            .parse::<Date>()
            .unwrap()
            .last_of_month();
        let expected = format!("834875593FEC{}.txt", last.strftime("%Y%m%d"));
        assert_eq!(name, format!("attachment; filename=\"{expected}\""));
        let cells = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
        assert!(
            books
                .text
                .starts_with("JournalCode\tJournalLib\tEcritureNum\t")
        );
        lines.extend(books.text.lines().skip(1).map(cells));
    }
    assert!(lines.iter().all(|line| line.len() == 18), "{lines:?}");
    let cents = |cell: &str| cell.replace(',', "").parse::<i64>().unwrap();
    let balance = |account: &str| -> i64 {
        let of = lines.iter().filter(|line| line[4] == account);
        of.map(|line| cents(&line[11]) - cents(&line[12])).sum()
    };
    let fee = price["commission"].as_i64().unwrap();
    let net = price["commission_excluding_tax"].as_i64().unwrap();
    // Everything that was entrusted went on; what stays at Stripe is the platform's fee, sold with its VAT.
    assert_eq!(balance("467000"), 0, "{lines:?}");
    assert_eq!(balance("411000"), 0, "{lines:?}");
    assert_eq!(balance("512000"), fee, "{lines:?}");
    assert_eq!(balance("706000"), -net, "{lines:?}");
    assert_eq!(balance("445710"), net - fee, "{lines:?}");
    let debited = lines.iter().filter(|line| line[10].starts_with("Débit"));
    let debited: i64 = debited.map(|line| cents(&line[11])).sum();
    assert_eq!(debited, price["total"].as_i64().unwrap());
}

/// What was paid is told to the professional, and with their identity in the file for the tax office: the
/// same amounts as Stripe's transfers.
#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_payouts_is_told_to_who_was_paid_and_for_the_tax_office() {
    let world = World::start().await;
    let begun = paris::local_date(world.now().await).year();
    let (professional, client, booking, _) = evaluated(&world).await;
    let price = client.booking(&booking).await["price"].clone();
    let transfers = world
        .browser()
        .get("/local/stripe/objects?kind=transfer")
        .await
        .ok();
    let transferred = transfers.as_array().unwrap()[0]["amount"].as_i64().unwrap();
    professional.sign_in().await;
    let address = "/api/professional/yearly-statement";
    let present = paris::local_date(world.now().await).year();
    let (mut paid, mut fees, mut missions) = (0, 0, 0);
    let mut files = String::new();
    let operator = admin(&world).await;
    for year in begun..=present {
        let statement = format!("{address}?year={year}");
        let statement = professional.browser.get(&statement).await.ok();
        assert_eq!(statement["over"], year < present);
        let quarters = statement["quarters"].as_array().unwrap();
        let sum = |of: &str| -> i64 { quarters.iter().map(|one| one[of].as_i64().unwrap()).sum() };
        assert_eq!(sum("paid"), statement["whole"]["paid"].as_i64().unwrap());
        (paid, fees) = (paid + sum("paid"), fees + sum("fees"));
        missions += sum("missions");
        let file = format!("/admin/argent/vendeurs.csv?annee={year}");
        assert!(page(&world, "/admin/argent").await.contains(&file));
        files.push_str(&operator.get(&file).await.text);
    }
    assert_eq!((paid, missions), (transferred, 1));
    assert_eq!(fees, price["commission"].as_i64().unwrap());
    let line = files.lines().find(|line| line.contains(&professional.id));
    let line = line.unwrap();
    let written = format!("{},{:02}", paid / 100, paid % 100);
    for told in ["Bastion", "910000017", "FR53910000017", "FR76", &written] {
        assert!(line.contains(told), "{told}: {line}");
    }
    // In January that follows, once.
    let january = format!("{}-01-03T06:00:00Z", present + 1);
    world.advance_to(january.parse().unwrap()).await;
    let subject = format!("Votre relevé annuel {present}");
    let mail = world.mail(&professional.email, &subject).await;
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("Missions payées\u{a0}: 1"), "{text}");
    world.advance(2 * 24 * 3_600).await;
    let mails = world.mails_to(&professional.email).await.into_iter();
    let statements = mails.filter(|mail| mail["subject"] == subject.as_str());
    assert_eq!(statements.count(), 1);
    professional.sign_in().await;
    let operator = admin(&world).await;
    let none = format!("{address}?year=2025");
    let none = professional.browser.get(&none).await;
    none.refused(422, "year_invalid");
    let none = operator.get("/admin/argent/vendeurs.csv?annee=2025").await;
    assert_eq!(none.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_kept_too_long_is_an_alert_and_what_failed_is_retried_from_the_list() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 66, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    professional.act(&booking, "accept", json!({})).await.ok();
    world.settle().await;
    let captured = world.now().await;

    // A step that Stripe refused is in the list, and is retried from there.
    let store = store(&world);
    let key = || Key::booking(&BookingId::parse(&booking).unwrap());
    let read = store.get::<Booking>(key()).await.unwrap().unwrap();
    let mut refused: Booking = read.record.clone();
    refused.payment.refused = Some(RefusedStep {
        step: Step::Capture,
        code: "account_invalid".to_owned(),
        times: 2,
        at: captured,
    });
    let changes = Changes::by(&Trace::system("test"), captured).replace(&read, &refused);
    store.commit(changes).await.unwrap();
    let operator = admin(&world).await;
    let money = page(&world, "/admin/argent").await;
    assert!(money.contains("account_invalid (2 fois)"), "{money}");
    let retry = format!("/admin/bookings/{booking}/settle");
    assert!(money.contains(&format!("action=\"{retry}\"")), "{money}");
    done(&operator, &retry, &[]).await;
    assert!(
        !page(&world, "/admin/argent")
            .await
            .contains("account_invalid")
    );

    // A claim keeps the money; from the 75th day on it is an alert.
    let end: Timestamp = mission["end"].as_str().unwrap().parse().unwrap();
    world.advance_to(end + SignedDuration::from_mins(90)).await;
    client.sign_in().await;
    let claim = json!({ "reason": "late", "description": "L’agent est arrivé deux heures après le début." });
    client
        .browser
        .post(&format!("/api/bookings/{booking}/claim"), claim)
        .await
        .ok();
    let days = |days: i64| captured + SignedDuration::from_hours(24 * days);
    world
        .advance_to(days(75) - SignedDuration::from_mins(10))
        .await;
    let money = page(&world, "/admin/argent").await;
    assert!(money.contains("74 j") && money.contains("<strong>0</strong> somme conservée depuis"));
    world
        .advance_to(days(75) + SignedDuration::from_mins(10))
        .await;
    let money = page(&world, "/admin/argent").await;
    assert!(
        money.contains("<span class=\"tag bad\">75 j</span>"),
        "{money}"
    );
    assert!(
        money.contains("<strong>1</strong> somme conservée depuis"),
        "{money}"
    );
    let overview = page(&world, "/admin").await;
    assert!(overview.contains("<strong>75 j</strong>"), "{overview}");

    // A contested debit is listed with what to do about it.
    let intents = world
        .browser()
        .get("/local/stripe/objects?kind=payment_intent")
        .await
        .ok();
    let intent = intents[0]["id"].as_str().unwrap();
    let dispute = json!({ "reason": "fraudulent" });
    world
        .browser()
        .post(&format!("/local/stripe/charges/{intent}/dispute"), dispute)
        .await
        .ok();
    world.settle().await;
    let money = page(&world, "/admin/argent").await;
    assert!(money.contains("Débit contesté"), "{money}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_still_reads_what_was_ordered_from_an_account_that_is_closed() {
    let world = World::start().await;
    let (professional, client, booking, _) = evaluated(&world).await;
    let operator = admin(&world).await;
    let measure = [
        ("kind", "closure"),
        ("ground", "terms_broken"),
        ("text", "Trois absences en un mois."),
        ("bookings", "keep"),
    ];
    let announce = format!("/admin/professionnels/{}/mesures/annoncer", professional.id);
    done(&operator, &announce, &measure).await;
    world.advance(6 * DAY).await;
    sign_in(&professional).await.refused(403, "account_closed");
    client.sign_in().await;
    let read = client.booking(&booking).await;
    assert_eq!(read["professional_name"], "Bastion", "{read}");
    let address = format!("/api/bookings/{booking}/invoices");
    let invoices = client.browser.get(&address).await.ok();
    let invoices: Vec<Value> = invoices["invoices"].as_array().unwrap().clone();
    assert_eq!(invoices.len(), 2);
    for invoice in invoices {
        let id = invoice["id"].as_str().unwrap();
        client
            .browser
            .get(&format!("/api/invoices/{id}/pdf"))
            .await
            .ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_and_set_up_is_followed_version_by_version() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let browser = &professional.browser;
    let page_of = browser.get("/api/professional/page").await.ok()["page"].clone();
    let mut changed = page_of.clone();
    changed["headline"] = json!("Vos nuits de chantier gardées");
    let save = |page: Value| browser.put("/api/professional/page", json!({ "page": page }));
    save(changed.clone()).await.ok();
    save(changed).await.ok();
    let offers = browser.get("/api/professional/offers").await.ok();
    let mut terms = offers["offers"][0]["terms"].clone();
    terms["rates"]["day"] = json!(2700);
    let offer = format!("/api/professional/offers/{}", professional.offer);
    browser.put(&offer, json!({ "terms": terms })).await.ok();

    let file = log(&world, &professional.id).await;
    let before = page_of["headline"].as_str().unwrap();
    let told = format!("headline : « {before} » → « Vos nuits de chantier gardées »");
    assert_eq!(
        file.matches(&told).count(),
        1,
        "the same again changes nothing: {file}"
    );
    assert!(file.contains("weekly : "), "the calendar: {file}");
    // Of the registration, which is not public, only what was written is told.
    assert!(file.contains("denomination, "), "{file}");
    assert!(!file.contains("Dominique Leroy"), "{file}");
    let offer = log(&world, &professional.offer).await;
    assert!(offer.contains("rates.day : 2600 → 2700"), "{offer}");
    assert!(
        offer.contains("title : — → « Gardiennage de chantier »"),
        "{offer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_says_what_it_waits_for_and_what_stripe_has_otherwise_is_a_difference() {
    let world = World::start().await;
    let (_, client, booking, mission) = with_a_mission(&world).await;
    let lever = async |path: String, body: Value| {
        let address = format!("/local/stripe/{path}");
        let answer = world.browser().post(&address, body).await.ok();
        world.settle().await;
        answer
    };
    let objects = async |kind: &str| {
        let address = format!("/local/stripe/objects?kind={kind}");
        let objects = world.browser().get(&address).await.ok();
        objects[0]["id"].as_str().unwrap().to_owned()
    };
    let account = objects("account").await;
    let transfers = |how: &str| lever(format!("accounts/{account}"), json!({ "transfers": how }));
    transfers("restricted").await;
    let end: Timestamp = mission["end"].as_str().unwrap().parse().unwrap();
    world.advance_to(end + SignedDuration::from_mins(90)).await;
    client.sign_in().await;
    client
        .browser
        .post(&format!("/api/bookings/{booking}/validate"), json!({}))
        .await
        .ok();
    world.settle().await;
    let waits = "Versement en attente : compte de paiement inactif";
    let sheet = format!("/admin/reservations/{booking}");
    assert!(page(&world, "/admin/argent").await.contains(waits));
    assert!(page(&world, &sheet).await.contains(waits));
    transfers("active").await;
    let money = page(&world, "/admin/argent?rapprocher=oui").await;
    assert!(money.contains("Rien n’est conservé") && money.contains("aucune différence"));

    // What Stripe knows and we were never told of.
    world
        .browser()
        .post("/local/stripe/webhooks/pause", json!({}))
        .await
        .ok();
    let intent = objects("payment_intent").await;
    let contested = json!({ "reason": "fraudulent" });
    lever(format!("charges/{intent}/dispute"), contested).await;
    let reference = client.booking(&booking).await["reference"].clone();
    let money = page(&world, "/admin/argent?rapprocher=oui").await;
    assert!(money.contains("Différences avec Stripe"), "{money}");
    assert!(money.contains(reference.as_str().unwrap()), "{money}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_months_figures_are_those_of_what_was_asked_for_and_became_of_it() {
    let deal = Deal::accepted(10).await;
    let (total, _, _) = deal.price().await;
    let mission = deal.professional.mission(&deal.world, 20, 9, 8, 1).await;
    let second = deal.client.book(&deal.world, &mission).await;
    let reason = json!({ "reason": "Aucun agent n’est libre ce jour-là." });
    deal.professional.act(&second, "refuse", reason).await.ok();
    deal.client.request(&mission).await.ok();
    deal.world.advance(3600).await;
    deal.world.settle().await;
    let operator = admin(&deal.world).await;
    let page = operator.get("/admin/statistiques").await.text;
    let text = page.replace(['\u{a0}', '\u{202f}'], " ");
    let volume = Euros::from_cents(total).to_string();
    let volume = volume.replace(['\u{a0}', '\u{202f}'], " ");
    for words in [
        "<strong>2</strong> demandes reçues",
        "1 commande abandonnée",
        "<strong>50 %</strong>",
        "1 acceptée, 1 refusée, 0 sans réponse",
        &format!("<strong>{volume}</strong> TTC de missions"),
        "Surveillance humaine",
        "69 – Rhône",
    ] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    let earlier = operator.get("/admin/statistiques?mois=2026-01").await.text;
    assert!(earlier.contains("Aucune demande ce mois-ci"));
    let wrong = operator.get("/admin/statistiques?mois=2026-13").await;
    assert!(
        wrong.text.contains("<strong>2</strong> demandes"),
        "and the refusal is told"
    );
}
