//! The file of an accepted professional lives: what changes at once, what waits while the former value is
//! public, who joins and who leaves.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::time::paris;
use jiff::ToSpan as _;
use journeys::{
    Answer, Browser, Client, Professional, World, admin, confirm, put_file, scanned, upload,
};
use serde_json::{Value, json};

const ASK: &str = "/api/professional/file/changes";

async fn ask(professional: &Professional, change: Value) -> Answer {
    let body = json!({ "change": change });
    professional.browser.post(ASK, body).await
}

async fn file(professional: &Professional) -> Value {
    professional
        .browser
        .get("/api/professional/file")
        .await
        .ok()
}

/// What waits, by the words that name it.
fn waiting<'a>(file: &'a Value, what: &str) -> Vec<&'a Value> {
    let all = file["waiting"].as_array().unwrap().iter();
    all.filter(|change| change["what"] == what).collect()
}

fn id_of(change: &Value) -> String {
    change["id"].as_str().unwrap().to_owned()
}

async fn decide(
    operator: &Browser,
    professional: &Professional,
    change: &str,
    verb: &str,
    field: (&str, &str),
) -> Answer {
    let address = format!(
        "/admin/professionnels/{}/changements/{change}/{verb}",
        professional.id
    );
    operator
        .form(&address, &[(field.0, field.1.to_owned())])
        .await
}

async fn accept(operator: &Browser, professional: &Professional, change: &str) {
    let how = ("method", "Annuaire des entreprises");
    let answer = decide(operator, professional, change, "accepter", how).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}

async fn public_page(world: &World, professional: &Professional) -> Value {
    let address = format!("/api/professionals/x-{}", professional.id);
    world.browser().get(&address).await.ok()
}

async fn quoted(client: &Client, mission: &Value) -> Answer {
    client.browser.post("/api/quotes", mission.clone()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_waits_while_the_former_one_is_public_and_every_version_is_kept() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let wanted =
        json!({ "what": "identity", "denomination": "Bastion du Rhône", "legal_form": "SASU" });
    let asked = ask(&professional, wanted.clone()).await.ok();
    let id = id_of(waiting(&asked, "identity")[0]);
    world.settle().await;
    assert_eq!(public_page(&world, &professional).await["name"], "Bastion");
    world.mail(&professional.email, "bien arrivée").await;

    let operator = admin(&world).await;
    let queue = operator.get("/admin/changements").await;
    assert!(
        queue.text.contains("Nom et forme juridique"),
        "{}",
        queue.text
    );
    assert!(queue.text.contains("moins d’une heure"), "{}", queue.text);
    let page = format!("/admin/professionnels/{}", professional.id);
    let shown = operator.get(&page).await.text;
    assert!(shown.contains("<del>Bastion</del>") && shown.contains("<ins>Bastion du Rhône</ins>"));

    // The operator asks, the professional answers.
    let text = ("text", "Joignez le Kbis qui porte ce nom.");
    let answer = decide(&operator, &professional, &id, "completer", text).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    world.settle().await;
    let mail = world.mail(&professional.email, "Un complément").await;
    assert!(mail.to_string().contains("Joignez le Kbis"), "{mail}");
    let queue = operator.get("/admin/changements").await;
    assert!(
        queue.text.contains("Aucun changement"),
        "it waits for the professional"
    );
    let answer = json!({ "text": "Le registre porte ce nom depuis hier." });
    let address = format!("{ASK}/{id}/answer");
    professional
        .browser
        .post(&address, answer.clone())
        .await
        .ok();
    let again = professional.browser.post(&address, answer).await;
    again.refused(409, "no_complement_asked");

    accept(&operator, &professional, &id).await;
    world.settle().await;
    let page = public_page(&world, &professional).await;
    assert_eq!(page["name"], "Bastion du Rhône");
    assert_eq!(page["legal"]["legal_form"], "SASU");
    world
        .mail(&professional.email, "Votre changement est accepté")
        .await;
    // Decided once.
    let how = ("method", "Annuaire des entreprises");
    let twice = decide(&operator, &professional, &id, "accepter", how).await;
    assert!(twice.text.contains("déjà décidé"), "{}", twice.text);

    let file = file(&professional).await;
    assert!(file["waiting"].as_array().unwrap().is_empty());
    let version = file["history"].as_array().unwrap().iter();
    let mut version = version.filter(|one| one["id"] == json!(id));
    let version = version.next().unwrap();
    assert_eq!(version["state"], "accepted");
    assert_eq!(
        version["differences"][0],
        json!({ "field": "Nom ou dénomination", "before": "Bastion", "after": "Bastion du Rhône" })
    );
    ask(&professional, wanted)
        .await
        .refused(422, "change_without_difference");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_changes_at_once_and_a_second_name_takes_the_place_of_the_first() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let phone = json!({ "what": "phone", "phone": "06 12 34 56 78" });
    let now = ask(&professional, phone).await.ok();
    assert_eq!(now["profile"]["phone"], "+33612345678");
    assert_eq!(now["history"][0]["state"], "applied");
    assert!(
        now["history"][0]["ip"]
            .as_str()
            .is_some_and(|ip| !ip.is_empty())
    );

    let name =
        |name: &str| json!({ "what": "identity", "denomination": name, "legal_form": "SAS" });
    ask(&professional, name("Premier nom")).await.ok();
    let now = ask(&professional, name("Second nom")).await.ok();
    let open = waiting(&now, "identity");
    assert_eq!(open.len(), 1, "{now}");
    assert_eq!(open[0]["differences"][0]["after"], "Second nom");
    let change = id_of(open[0]);
    let address = format!("{ASK}/{change}");
    let now = professional
        .browser
        .json("DELETE", &address, &json!({}))
        .await
        .ok();
    assert!(now["waiting"].as_array().unwrap().is_empty());
    let history = now["history"].as_array().unwrap().iter();
    let states: Vec<&str> = history.map(|one| one["state"].as_str().unwrap()).collect();
    assert!(states.contains(&"replaced") && states.contains(&"withdrawn"));

    // Another professional finds nothing there.
    let other = Professional::open(&world, "Vigie", 1, 1).await;
    let theirs = other.browser.json("DELETE", &address, &json!({})).await;
    assert_eq!(theirs.status, 404);
    // What a natural person, or anybody, may not do is said.
    let agent = file(&professional).await["profile"]["agents"][0]["id"].clone();
    ask(
        &professional,
        json!({ "what": "agent_leaves", "agent": agent }),
    )
    .await
    .refused(409, "last_agent");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_joins_counts_at_once_then_leaves_and_their_mission_is_given_again() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let two = professional.mission(&world, 10, 9, 8, 2).await;
    quoted(&client, &two)
        .await
        .refused(409, "agents_unavailable");

    let joins = json!({ "what": "agent_joins", "first_name": "Léa", "last_name": "Roy" });
    let asked = ask(&professional, joins).await.ok();
    let change = waiting(&asked, "agent_joins")[0].clone();
    let lea = change["agent"].clone();
    let operator = admin(&world).await;
    let how = ("method", "Annuaire des entreprises");
    let early = decide(&operator, &professional, &id_of(&change), "accepter", how).await;
    assert!(early.text.contains("Il manque une pièce"), "{}", early.text);
    let card = json!({ "kind": "professional_card", "agent": lea, "number": "CAR-069-2030-06-19-20259990001",
        "expires_on": "2030-06-19", "activities": ["surveillance"] });
    let deposited = upload(&professional.browser, &card).await;
    let documents = deposited["documents"].as_array().unwrap().iter();
    let mut documents = documents.filter(|one| one["details"]["agent"] == lea);
    let document = documents.next().unwrap()["id"].as_str().unwrap();
    let address = format!("/api/admin/documents/{}/{document}/verify", professional.id);
    let how = json!({ "method": "Portail CNAPS consulté" });
    operator.post(&address, how).await.ok();
    quoted(&client, &two)
        .await
        .refused(409, "agents_unavailable");
    accept(&operator, &professional, &id_of(&change)).await;
    world.settle().await;
    assert_eq!(
        quoted(&client, &two).await.status,
        200,
        "they count at once"
    );

    // Both are sent; one leaves.
    let booking = client.book(&world, &two).await;
    professional.act(&booking, "accept", json!({})).await.ok();
    let leaves = json!({ "what": "agent_leaves", "agent": lea });
    let now = ask(&professional, leaves).await.ok();
    assert_eq!(now["profile"]["agents"].as_array().unwrap().len(), 1);
    assert_eq!(now["to_give"][0]["booking"], json!(booking));
    assert_eq!(now["to_give"][0]["name"], "Léa Roy");
    world.settle().await;
    quoted(&client, &professional.mission(&world, 17, 9, 8, 2).await)
        .await
        .refused(409, "agents_unavailable");
    let start: jiff::Timestamp = two["start"].as_str().unwrap().parse().unwrap();
    let day = paris::local_date(start);
    let planning = format!("/api/professional/planning?day={day}");
    let planning = professional.browser.get(&planning).await.ok();
    let agents = planning["agents"].as_array().unwrap();
    let gone = agents.iter().find(|one| one["departed"] == true).unwrap();
    assert_eq!(gone["name"], "Léa Roy");
    assert_eq!(gone["shifts"][0]["booking"], json!(booking));
    assert!(!gone["shifts"][0]["broken"].as_array().unwrap().is_empty());
    let staffing = format!("/api/bookings/{booking}/staffing");
    let staffing = professional.browser.get(&staffing).await.ok();
    let sent = staffing["agents"].as_array().unwrap().iter();
    let mut sent = sent.filter(|one| one["agent"] == lea && one["sent"] == true);
    assert_eq!(sent.next().unwrap()["may_go"], false);
    // Both parties are told within the hour that a title is missing.
    world.advance(3700).await;
    world.settle().await;
    world.mail(&professional.email, "Un titre manque").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_agents_is_added_whole_or_its_lines_are_named() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let head = "Prénom;Nom;Numéro de carte;Fin de validité;Activités\n";
    let import = |lines: &str| {
        let body = json!({ "csv": format!("{head}{lines}") });
        professional
            .browser
            .post("/api/professional/file/agents", body)
    };
    let good = "Léa;Roy;CAR-069-2030-06-19-20259990001;19/06/2030;surveillance\n";
    let bad = "Noé;Petit;CAR-069-2030-06-19-20259990002;18/06/2030;surveillance\n";
    let answer = import(&format!("{good}{bad}")).await.ok();
    assert_eq!(answer["added"], 0);
    assert_eq!(answer["faults"][0]["line"], 3);
    assert!(
        file(&professional).await["waiting"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let other = "Noé;Petit;CAR-069-2030-06-18-20259990002;18/06/2030;surveillance, cynophile\n";
    let answer = import(&format!("{good}{other}")).await.ok();
    assert_eq!(answer["added"], 2);
    let now = file(&professional).await;
    let joining = waiting(&now, "agent_joins");
    assert_eq!(joining.len(), 2);
    let cards = joining.iter().map(|one| one["card"]["number"].as_str());
    let cards: std::collections::BTreeSet<_> = cards.collect();
    let expected = [
        "CAR-069-2030-06-18-20259990002",
        "CAR-069-2030-06-19-20259990001",
    ];
    assert_eq!(cards, expected.map(Some).into());
    world.settle().await;
    let mails = world.mails_to(&professional.email).await;
    let told = mails
        .iter()
        .filter(|mail| mail.to_string().contains("bien arrivée"));
    assert_eq!(told.count(), 1, "one mail for one list");
}

#[tokio::test(flavor = "multi_thread")]
async fn vat_is_charged_until_the_day_of_its_change_and_not_from_then_on() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let (before, after) = (
        professional.mission(&world, 10, 9, 8, 1).await,
        professional.mission(&world, 24, 9, 8, 1).await,
    );
    let today = paris::local_date(world.now().await);
    let change = |from: jiff::civil::Date| json!({ "what": "vat", "status": "franchise", "number": null, "from": from });
    let yesterday = today.saturating_sub(1.day());
    ask(&professional, change(yesterday))
        .await
        .refused(422, "vat_day_invalid");
    let from = today.saturating_add(21.days());
    let asked = ask(&professional, change(from)).await.ok();
    let id = id_of(waiting(&asked, "vat")[0]);
    let vat = |answer: Answer| answer.ok()["price"]["vat"].as_i64().unwrap();
    assert!(vat(quoted(&client, &after).await) > 0, "it waits");
    let operator = admin(&world).await;
    accept(&operator, &professional, &id).await;
    world.settle().await;
    assert!(vat(quoted(&client, &before).await) > 0);
    assert_eq!(vat(quoted(&client, &after).await), 0);
    assert_eq!(
        file(&professional).await["vat_to_come"]["from"],
        json!(from)
    );
    world.advance(22 * 24 * 3600).await;
    world.settle().await;
    professional.sign_in().await;
    let now = file(&professional).await;
    assert_eq!(now["profile"]["vat_status"], "franchise");
    assert!(now["vat_to_come"].is_null());
    assert_eq!(
        public_page(&world, &professional).await["legal"]["vat"]["status"],
        "franchise"
    );
}

/// A PNG of one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_is_shown_once_it_is_verified_and_initials_stand_for_it_until_then() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let picture = STANDARD.decode(PIXEL).unwrap();
    let asked = json!({ "details": { "kind": "photo" }, "file_type": "image/png", "size": picture.len(),
        "sha256": adapters::secrets::sha256(&picture) });
    let browser = &professional.browser;
    let prepared = browser
        .post("/api/registration/documents", asked)
        .await
        .ok();
    put_file(browser, &prepared, picture).await;
    let document = prepared["document"].as_str().unwrap();
    confirm(browser, document).await.ok();
    scanned(browser, document).await;
    let page = public_page(&world, &professional).await;
    assert!(page["portrait"].is_null(), "{page}");
    let address = format!(
        "/professionnels/{}/portrait",
        page["slug"].as_str().unwrap()
    );
    assert_eq!(world.browser().get(&address).await.status, 404);

    let operator = admin(&world).await;
    let verify = format!("/api/admin/documents/{}/{document}/verify", professional.id);
    let how = json!({ "method": "Vue de la pièce" });
    operator.post(&verify, how).await.ok();
    world.settle().await;
    assert_eq!(
        public_page(&world, &professional).await["portrait"],
        json!(address)
    );
    let shown = world.browser().get(&address).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert_eq!(shown.headers["content-type"], "image/svg+xml");
    assert!(
        shown.text.contains("data:image/jpeg;base64,/9j/"),
        "{}",
        shown.text
    );
    // Results show it too.
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("activity", "human_surveillance")
        .append_pair("place", "Lyon (69)")
        .append_pair("start", mission["start"].as_str().unwrap())
        .append_pair("end", mission["end"].as_str().unwrap())
        .append_pair("agents", "1")
        .finish();
    let found = world
        .browser()
        .get(&format!("/api/search?{query}"))
        .await
        .ok();
    assert_eq!(found["results"][0]["portrait"], json!(address), "{found}");
}
