//! Files are scanned for malware before anybody opens them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use journeys::{
    Browser, Client, Professional, World, admin, confirm, documents, pdf, prepare, put_file,
    scanned,
};
use serde_json::{Value, json};

/// The test file that the EICAR publishes, inside a PDF that opens: in two parts, so that no scanner takes
/// this program for it.
fn infected() -> Vec<u8> {
    let parts = [
        r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-",
        "ANTIVIRUS-TEST-FILE!$H+H*",
    ];
    let mut file = pdf("attestation");
    file.extend(format!("\n%{}\n", parts.concat()).into_bytes());
    file
}

/// A registration, and its insurance as a document to come.
async fn applicant(world: &World) -> (Browser, String, Value) {
    let (browser, email) = Professional::register(world, "Bastion", 0, 1).await;
    let registration = browser.get("/api/registration").await.ok();
    let mut announced = documents(&registration["profile"]).into_iter();
    let insurance = announced.find(|details| details["kind"] == "insurance");
    (browser, email, insurance.unwrap())
}

/// Announces and sends a file; answers its document.
async fn send(browser: &Browser, details: &Value, file: Vec<u8>) -> String {
    let prepared = prepare(browser, details, &file).await.ok();
    assert_eq!(put_file(browser, &prepared, file).await.status, 200);
    prepared["document"].as_str().unwrap().to_owned()
}

fn document<'a>(registration: &'a Value, id: &str) -> &'a Value {
    let documents = registration["documents"].as_array().unwrap();
    let found = documents.iter().find(|one| one["id"] == id);
    found.unwrap_or_else(|| panic!("{id} is not in {registration}"))
}

async fn lever(world: &World, what: &str) {
    let address = format!("/local/scanner/{what}");
    world.browser().post(&address, json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_opens_a_file_before_a_scan_said_that_it_is_clean() {
    let world = World::start().await;
    let (browser, _, insurance) = applicant(&world).await;
    lever(&world, "hold").await;
    let sent = send(&browser, &insurance, pdf("nouvelle attestation")).await;
    let waiting = confirm(&browser, &sent).await.ok();
    assert_eq!(document(&waiting, &sent)["status"], "scanning");
    // Said twice, it is said once.
    let again = confirm(&browser, &sent).await.ok();
    assert_eq!(document(&again, &sent)["status"], "scanning");
    let insured = |registration: &Value, status: &str| {
        let documents = registration["documents"].as_array().unwrap().iter();
        let of = documents.filter(|one| one["details"]["kind"] == "insurance");
        of.filter(|one| one["status"] == status).count()
    };
    assert_eq!(
        insured(&again, "deposited"),
        1,
        "the one before still counts"
    );

    let operator = admin(&world).await;
    let id = again["id"].as_str().unwrap();
    let address = format!("/api/admin/documents/{id}/{sent}");
    operator.get(&address).await.refused(409, "file_not_clean");
    let page = operator.get(&format!("/admin/professionnels/{id}")).await;
    assert!(page.text.contains("En cours d’analyse"), "{}", page.text);

    lever(&world, "release").await;
    world.settle().await;
    let clean = scanned(&browser, &sent).await;
    assert_eq!(document(&clean, &sent)["status"], "deposited");
    assert_eq!(
        insured(&clean, "deposited"),
        1,
        "it takes the place of the other"
    );
    let opened = operator.get(&address).await;
    assert_eq!(opened.status, 303);
    let link = opened.headers["location"].to_str().unwrap().to_owned();
    assert!(link.contains("/documents/"), "{link}");
    let content = world.browser().get(&link).await;
    assert_eq!(content.text.into_bytes(), pdf("nouvelle attestation"));
    world.repeat_every_event().await;
    let after = browser.get("/api/registration").await.ok();
    assert_eq!(after["documents"], clean["documents"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_infected_file_is_refused_and_both_its_sender_and_the_operator_hear_of_it() {
    let world = World::start().await;
    let (browser, email, insurance) = applicant(&world).await;
    // The scan comes first.
    let sent = send(&browser, &insurance, infected()).await;
    world.settle().await;
    let refused = confirm(&browser, &sent).await.refused(422, "file_malware");
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("logiciel malveillant"), "{detail}");
    let registration = browser.get("/api/registration").await.ok();
    let id = registration["id"].as_str().unwrap().to_owned();
    let documents = registration["documents"].as_array().unwrap();
    assert!(documents.iter().all(|one| one["id"] != sent.as_str()));

    // The scan comes later than the confirmation.
    lever(&world, "hold").await;
    let sent = send(&browser, &insurance, infected()).await;
    confirm(&browser, &sent).await.ok();
    lever(&world, "release").await;
    world.settle().await;
    let registration = browser.get("/api/registration").await.ok();
    let refused = document(&registration, &sent);
    assert_eq!(refused["status"], "rejected");
    let rejection = refused["rejection"].as_str().unwrap();
    assert!(rejection.contains("logiciel malveillant"), "{rejection}");
    let told = world.mail(&email, "fichier refusé").await;
    let text = told["text"].as_str().unwrap();
    assert!(text.contains("logiciel malveillant"), "{text}");
    world
        .mail("contact@monagentdesecu.com", "Fichier refusé par l’analyse")
        .await;

    let operator = admin(&world).await;
    operator
        .get(&format!("/api/admin/documents/{id}/{sent}"))
        .await
        .refused(409, "file_not_clean");
    let page = operator.get(&format!("/admin/professionnels/{id}")).await;
    assert!(page.text.contains("logiciel malveillant"), "{}", page.text);
    let address = format!("/admin/activite?subject={sent}");
    let log = operator.get(&address).await.text;
    assert!(log.contains("a refusé un fichier infecté"), "{log}");
    // The one that was there before is still there.
    let valid = registration["documents"].as_array().unwrap().iter();
    let insurances =
        valid.filter(|one| one["details"]["kind"] == "insurance" && one["status"] == "deposited");
    assert_eq!(insurances.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_waits_for_its_files_and_carries_no_infected_one() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Lea").await;
    let page = professional
        .browser
        .get("/api/professional/page")
        .await
        .ok();
    let to = json!({ "type": "professional", "slug": page["slug"] });
    let announce = async |file: Vec<u8>| {
        let asked = json!({
            "name": "plan.pdf", "file_type": "application/pdf", "size": file.len(),
            "sha256": adapters::secrets::sha256(&file),
        });
        let announced = client.browser.post("/api/attachments", asked).await.ok();
        let put = put_file(&client.browser, &announced, file).await;
        assert_eq!(put.status, 200);
        announced["attachment"].clone()
    };
    let write = async |attachment: &Value| {
        let message = json!({ "to": to, "text": "Voici le plan.", "attachments": [attachment] });
        client.browser.post("/api/messages", message).await
    };
    lever(&world, "hold").await;
    let plan = announce(pdf("plan")).await;
    // Asked again and again, as a page does: it counts as no message.
    for _ in 0..70 {
        write(&plan).await.refused(409, "attachment_being_scanned");
    }
    let malware = announce(infected()).await;
    lever(&world, "release").await;
    world.settle().await;
    write(&plan).await.ok();
    write(&malware).await.refused(422, "file_malware");
    let list = client.browser.get("/api/conversations").await.ok();
    assert_eq!(list["conversations"][0]["messages"], 1);
}
