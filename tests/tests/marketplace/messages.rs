//! A client and a professional write to each other, before an order and after its acceptance.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use adapters::secrets::sha256;
use journeys::{Answer, Browser, Client, Professional, World, admin, pdf, put_file};
use serde_json::{Value, json};

async fn write(browser: &Browser, to: Value, text: &str) -> Answer {
    let message = json!({ "to": to, "text": text });
    browser.post("/api/messages", message).await
}

fn in_conversation(id: &str) -> Value {
    json!({ "type": "conversation", "conversation": id })
}

async fn messages(browser: &Browser, conversation: &str) -> Vec<String> {
    let page = browser
        .get(&format!("/api/conversations/{conversation}"))
        .await
        .ok();
    let messages = page["messages"].as_array().unwrap().iter().rev();
    messages
        .map(|message| message["text"].as_str().unwrap().to_owned())
        .collect()
}

async fn unread(browser: &Browser) -> u64 {
    let page = browser.get("/api/conversations").await.ok();
    page["conversations"][0]["unread"].as_u64().unwrap()
}

async fn announce(browser: &Browser, name: &str, file: &[u8]) -> Answer {
    let asked = json!({
        "name": name, "file_type": "application/pdf", "size": file.len(), "sha256": sha256(file),
    });
    browser.post("/api/attachments", asked).await
}

#[tokio::test(flavor = "multi_thread")]
async fn coordinates_are_masked_before_acceptance_and_shown_after_it() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Lea").await;
    let page = professional.browser.get("/api/professional/page").await;
    let to = json!({ "type": "professional", "slug": page.ok()["slug"] });

    let text = "Bonjour, appelez-moi au 06 12 34 56 78 pour le chantier.";
    let sent = write(&client.browser, to, text).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let conversation = sent.json["conversation"]["id"].as_str().unwrap().to_owned();
    assert_eq!(sent.json["message"]["masked"], true);
    let hidden = "Bonjour, appelez-moi au [coordonnées masquées] pour le chantier.";
    assert_eq!(
        messages(&professional.browser, &conversation).await,
        [hidden]
    );
    assert_eq!(messages(&client.browser, &conversation).await, [hidden]);

    // The mail says that there is a message, and nothing of it; the next one is not announced.
    let told = world.mail(&professional.email, "Nouveau message").await;
    assert!(!told.to_string().contains("chantier"));
    write(
        &client.browser,
        in_conversation(&conversation),
        "Et un plan suit.",
    )
    .await
    .ok();
    world.settle().await;
    let mails = world.mails_to(&professional.email).await;
    let announced = |mails: &[Value]| {
        let subjects = mails.iter().filter_map(|mail| mail["subject"].as_str());
        subjects
            .filter(|subject| subject.contains("Nouveau message"))
            .count()
    };
    assert_eq!(announced(&mails), 1);

    // Before the contract the professional does not learn who writes.
    let list = professional.browser.get("/api/conversations").await.ok();
    assert_eq!(list["conversations"][0]["with"], Value::Null);
    assert!(!list.to_string().contains("Lea"));
    let address = format!("/api/conversations/{conversation}/read");
    assert_eq!(unread(&professional.browser).await, 2);
    // As it was shown before the second message: that one stays unread.
    let seen = |messages: u32| json!({ "messages": messages });
    professional.browser.put(&address, seen(1)).await.ok();
    assert_eq!(unread(&professional.browser).await, 2);
    professional.browser.put(&address, seen(2)).await.ok();
    assert_eq!(unread(&professional.browser).await, 0);

    let mission = professional.mission(&world, 9, 10, 4, 1).await;
    let booking = client.book(&world, &mission).await;
    let about = json!({ "type": "booking", "booking": booking });
    let answer = write(&professional.browser, about, "Écrivez à bastion@exemple.fr").await;
    assert_eq!(
        answer.ok()["message"]["text"],
        "Écrivez à [coordonnées masquées]"
    );
    let told = world
        .mail(&client.email, "Nouveau message de Bastion")
        .await;
    assert!(!told.to_string().contains("bastion@"));

    professional
        .act(&booking, "accept", json!({ "advice": "Un agent suffit." }))
        .await
        .ok();
    world.settle().await;
    let read = messages(&professional.browser, &conversation).await;
    assert_eq!(
        read,
        [text, "Et un plan suit.", "Écrivez à bastion@exemple.fr"]
    );
    let list = professional.browser.get("/api/conversations").await.ok();
    assert_eq!(list["conversations"][0]["with"], "Lea Martin");
    for (browser, query) in [
        (&client.browser, format!("booking={booking}")),
        (&professional.browser, format!("booking={booking}")),
        (&client.browser, format!("slug=bastion-{}", professional.id)),
    ] {
        let found = browser
            .get(&format!("/api/conversations?{query}"))
            .await
            .ok();
        assert_eq!(found["conversations"][0]["id"], *conversation, "{query}");
    }

    // Nobody else reads it, nor writes in it; the operator has a way of their own.
    let stranger = Client::sign_up(&world, "Paul").await;
    let operator = admin(&world).await;
    for (browser, status, code) in [
        (&stranger.browser, 404, "not_found"),
        (&operator, 403, "wrong_role"),
    ] {
        let address = format!("/api/conversations/{conversation}");
        browser.get(&address).await.refused(status, code);
        write(browser, in_conversation(&conversation), "Bonjour")
            .await
            .refused(status, code);
    }
    let address = format!("/api/conversations?booking={booking}");
    stranger
        .browser
        .get(&address)
        .await
        .refused(404, "not_found");
    let about = json!({ "type": "booking", "booking": booking });
    write(&stranger.browser, about, "Bonjour")
        .await
        .refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_reads_messages_for_a_stated_reason_that_is_logged() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Lea").await;
    let mission = professional.mission(&world, 9, 10, 4, 1).await;
    let booking = client.book(&world, &mission).await;
    let operator = admin(&world).await;
    let address = format!("/admin/reservations/{booking}");
    let page = operator.get(&address).await.text;
    assert!(page.contains("Aucun message échangé"), "{page}");
    let about = json!({ "type": "booking", "booking": booking });
    let text = "Le code du portail est 4521, mon numéro 06 12 34 56 78.";
    write(&client.browser, about, text).await.ok();

    let page = operator.get(&address).await.text;
    assert!(
        page.contains("1 message,") && !page.contains("4521"),
        "{page}"
    );
    let messages = format!("{address}/messages");
    assert_eq!(operator.get(&messages).await.status, 404);
    let form = |reason: &str| [("reason", reason.to_owned()), ("case", String::new())];
    let refused = operator.form(&messages, &form("Voir")).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(!refused.text.contains("4521"));
    let read = operator
        .form(&messages, &form("Réclamation du client sur l’accès."))
        .await;
    assert_eq!(read.status, 200);
    // As it was written, since it is to be decided on.
    assert!(read.text.contains("06 12 34 56 78"), "{}", read.text);
    let log = operator
        .get(&format!("/admin/activite?subject={booking}"))
        .await
        .text;
    assert!(log.contains("Réclamation du client sur l’accès."), "{log}");
    assert!(!log.contains("4521"));
    for browser in [&client.browser, &professional.browser] {
        let answer = browser
            .form(&messages, &form("Réclamation du client sur l’accès."))
            .await;
        assert!(!answer.text.contains("4521"), "{}", answer.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_true_pdf_goes_with_a_message_and_a_program_does_not() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Lea").await;
    let page = professional.browser.get("/api/professional/page").await;
    let to = json!({ "type": "professional", "slug": page.ok()["slug"] });
    let send = async |browser: &Browser, attachments: Value| {
        let message = json!({ "to": to, "text": "Voici le plan.", "attachments": attachments });
        browser.post("/api/messages", message).await
    };

    let program = b"MZ\x90\x00 this program cannot be run".to_vec();
    let announced = announce(&client.browser, "plan.pdf", &program).await.ok();
    put_file(&client.browser, &announced, program).await;
    world.settle().await;
    let refused = send(&client.browser, json!([announced["attachment"]])).await;
    refused.refused(422, "attachment_type_refused");
    let executable = json!({
        "name": "plan.exe", "file_type": "application/x-msdownload", "size": 10, "sha256": sha256(b"x"),
    });
    let refused = client.browser.post("/api/attachments", executable).await;
    refused.refused(400, "field_invalid");
    // What somebody else saves opens as what it is, whatever it was called.
    let page = pdf("Un plan");
    let named = announce(&client.browser, "plan.html", &page).await.ok();
    put_file(&client.browser, &named, page).await;
    world.settle().await;
    let sent = send(&client.browser, json!([named["attachment"]]))
        .await
        .ok();
    assert_eq!(sent["message"]["attachments"][0]["name"], "plan.html.pdf");
    announce(&client.browser, "../plan.pdf", b"x")
        .await
        .refused(422, "attachment_name_invalid");

    let file = pdf("Plan du site");
    let announced = announce(&client.browser, "Plan du site.pdf", &file)
        .await
        .ok();
    // Announced and never uploaded.
    send(&client.browser, json!([announced["attachment"]]))
        .await
        .refused(409, "file_absent");
    put_file(&client.browser, &announced, file.clone()).await;
    world.settle().await;
    send(&professional.browser, json!([announced["attachment"]]))
        .await
        .refused(404, "not_found");
    let sent = send(&client.browser, json!([announced["attachment"]])).await;
    let sent = sent.ok();
    assert_eq!(
        sent["message"]["attachments"][0]["name"],
        "Plan du site.pdf"
    );
    send(&client.browser, json!([announced["attachment"]]))
        .await
        .refused(409, "attachment_already_sent");

    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let address = format!(
        "/api/conversations/{}/messages/{}/attachments/{}",
        text(&sent["conversation"]["id"]),
        text(&sent["message"]["id"]),
        text(&announced["attachment"]),
    );
    let opened = professional.browser.get(&address).await.ok();
    // S3 empties the folder of what was announced: what was sent is kept in another.
    let uploaded = text(&announced["upload"]["url"]);
    assert!(
        uploaded.contains("-monagentdesecu-documents-") && uploaded.contains("/announced/"),
        "{uploaded}"
    );
    assert!(text(&opened["url"]).contains("/attachments/"));
    let content = world.browser().get(&text(&opened["url"])).await;
    assert_eq!(content.text.as_bytes(), file);
    let stranger = Client::sign_up(&world, "Paul").await;
    stranger
        .browser
        .get(&address)
        .await
        .refused(404, "not_found");
    world
        .browser()
        .get(&address)
        .await
        .refused(401, "sign_in_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_sent_twice_is_one_message_and_writing_has_limits() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Lea").await;
    let page = professional.browser.get("/api/professional/page").await;
    let to = json!({ "type": "professional", "slug": page.ok()["slug"] });
    let message = json!({ "to": to, "text": "Bonjour" });
    for _ in 0..2 {
        let sent = client
            .browser
            .post_once("/api/messages", "message-0001", &message)
            .await;
        assert_eq!(sent.status, 201, "{}", sent.text);
    }
    let list = client.browser.get("/api/conversations").await.ok();
    assert_eq!(list["conversations"][0]["messages"], 1);
    assert_eq!(list["conversations"].as_array().unwrap().len(), 1);
    // A professional answers clients, and does not write to other professionals.
    write(&professional.browser, to.clone(), "Bonjour")
        .await
        .refused(404, "not_found");
    for (text, status, code) in [
        (" ", 422, "message_text_invalid"),
        (&*"é".repeat(4001), 422, "message_text_invalid"),
    ] {
        write(&client.browser, to.clone(), text)
            .await
            .refused(status, code);
    }
    world
        .browser()
        .post("/api/messages", message)
        .await
        .refused(401, "sign_in_required");
    for n in 0..59 {
        write(&client.browser, to.clone(), &format!("Message {n}"))
            .await
            .ok();
    }
    write(&client.browser, to, "Un de trop")
        .await
        .refused(429, "too_many_attempts");
}
