//! A client's account: corrected, exported, without the newsletter, closed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use journeys::{Client, Professional, World};
use serde_json::{Value, json};

const PASSWORD: &str = "Correct-Cheval-9";

fn again() -> Value {
    json!({ "password": PASSWORD })
}

/// What the log has of an account, newest first.
async fn logged(world: &World, account: &str) -> Vec<String> {
    let operator = journeys::admin(world).await;
    let page = operator
        .get(&format!("/api/admin/activity?who={account}"))
        .await
        .ok();
    let lines = page["lines"].as_array().unwrap().iter();
    lines
        .map(|line| line["action"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn name_and_phone_are_corrected_and_past_bookings_keep_theirs() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    let corrected =
        json!({ "first_name": "Camille", "last_name": "Durand", "phone": "07 00 00 00 01" });
    client
        .browser
        .put("/api/account/profile", corrected.clone())
        .await
        .ok();
    let profile = client.browser.get("/api/account").await.ok()["profile"].clone();
    assert_eq!(profile["last_name"], "Durand");
    assert_eq!(profile["kind"]["type"], "consumer");
    let contact = client.booking(&booking).await["coordinates"]["contact"].to_string();
    assert!(contact.contains("Martin"), "{contact}");
    for (field, value, status, code) in [
        ("first_name", " ", 422, "name_invalid"),
        ("phone", "12", 400, "field_invalid"),
    ] {
        let mut wrong = corrected.clone();
        wrong[field] = json!(value);
        client
            .browser
            .put("/api/account/profile", wrong)
            .await
            .refused(status, code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newsletter_is_asked_for_and_given_up_by_its_link_and_each_choice_is_kept() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let choose = async |wanted: bool| {
        let asked = json!({ "wanted": wanted });
        client
            .browser
            .put("/api/account/newsletter", asked)
            .await
            .ok();
    };
    choose(true).await;
    choose(true).await;
    world.mail(&client.email, "lettre d’information").await;
    let mails = world.mails_to(&client.email).await;
    let asked = mails
        .iter()
        .filter(|mail| mail["subject"].as_str().unwrap().contains("lettre"));
    assert_eq!(asked.count(), 1, "asked once, told once");
    let text = mails.last().unwrap()["text"].as_str().unwrap().to_owned();
    let token = text.split_once("/lettre?jeton=").unwrap().1;
    let token: String = token.chars().take_while(|it| !it.is_whitespace()).collect();

    // Whoever has the link needs no session, and may press twice; a forged one does nothing.
    let visitor = world.browser();
    for _ in 0..2 {
        let left = visitor
            .post("/api/newsletter/leave", json!({ "token": token }))
            .await
            .ok();
        assert_eq!(left["wanted"], false);
    }
    let mut forged = token.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'B' } else { 'A' });
    visitor
        .post("/api/newsletter/leave", json!({ "token": forged }))
        .await
        .refused(410, "link_expired");

    let account = client.browser.get("/api/account").await.ok();
    assert_eq!(account["profile"]["newsletter"], false);
    let choices: Vec<(bool, &str)> = account["newsletter_choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|choice| {
            assert!(choice["at"].is_string());
            (
                choice["wanted"].as_bool().unwrap(),
                choice["by"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(choices, [(true, "account"), (false, "mail_link")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_has_all_that_is_ones_own_and_nothing_of_others() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let other = Client::sign_up(&world, "Robin").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    other.book(&world, &mission).await;

    client
        .browser
        .post("/api/account/export", json!({ "password": "un autre" }))
        .await
        .refused(422, "wrong_password");
    let copy = client
        .browser
        .post("/api/account/export", again())
        .await
        .ok();
    assert_eq!(copy["account"]["email"], client.email);
    assert_eq!(copy["account"]["acceptances"][0]["document"], "cgu-clients");
    assert_eq!(copy["bookings"].as_array().unwrap().len(), 1);
    assert_eq!(copy["bookings"][0]["id"], booking);
    assert_eq!(
        copy["bookings"][0]["coordinates"]["address"],
        "12 rue de la République"
    );
    let actions = copy["activity"].to_string();
    assert!(actions.contains("request-booking"), "{actions}");
    let text = copy.to_string();
    for secret in ["Robin", "robin@", "argon2", "password_hash", "FR76"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let account = copy["account"]["id"].as_str().unwrap();
    assert_eq!(logged(&world, account).await[0], "export-account");
    for _ in 1..5 {
        client
            .browser
            .post("/api/account/export", again())
            .await
            .ok();
    }
    client
        .browser
        .post("/api/account/export", again())
        .await
        .refused(429, "too_many_attempts");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_a_booking_under_way_stays_open_and_one_without_closes_at_once() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    let reference = client.booking(&booking).await["reference"].clone();
    let account = client.browser.get("/api/account").await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();

    let refused = client
        .browser
        .post("/api/account/close", again())
        .await
        .refused(409, "bookings_live");
    let sentence = refused["detail"].as_str().unwrap();
    assert!(sentence.contains(reference.as_str().unwrap()), "{sentence}");

    client
        .browser
        .post(&format!("/api/bookings/{booking}/cancel"), json!({}))
        .await
        .ok();
    // A link to choose a password, asked for before: it must not open the account again.
    let forgotten = json!({ "email": client.email });
    world
        .browser()
        .post("/api/password-resets", forgotten)
        .await
        .ok();
    let reset = world.token(&client.email).await;
    let elsewhere = world.browser();
    let credentials = json!({ "email": client.email, "password": PASSWORD });
    elsewhere
        .post("/api/session", credentials.clone())
        .await
        .ok();
    client
        .browser
        .post("/api/account/close", json!({ "password": "un autre" }))
        .await
        .refused(422, "wrong_password");
    client
        .browser
        .post("/api/account/close", again())
        .await
        .ok();

    // Nobody gets in: not this browser, not the other device, not with the password, not by a link.
    client
        .browser
        .get("/api/account")
        .await
        .refused(401, "sign_in_required");
    elsewhere
        .get("/api/account")
        .await
        .refused(401, "session_ended");
    elsewhere
        .post("/api/session/refresh", json!({}))
        .await
        .refused(401, "session_ended");
    let order = json!({ "wanted": true });
    elsewhere
        .put("/api/account/newsletter", order)
        .await
        .refused(401, "session_ended");
    world
        .browser()
        .post("/api/session", credentials)
        .await
        .refused(401, "wrong_credentials");
    let opened = json!({ "token": reset, "new_password": "Autre-Cheval-10" });
    world
        .browser()
        .put("/api/password-resets", opened)
        .await
        .refused(410, "link_expired");
    let mail = world.mail(&client.email, "Votre compte est fermé").await;
    assert!(mail["text"].as_str().unwrap().contains("factures"));
    assert_eq!(logged(&world, &account).await[0], "close-account");

    // The professional sees the past request as before.
    let seen = professional.booking(&booking).await.ok();
    assert_eq!(seen["state"], "cancelled");

    // The e-mail opens another account, which knows nothing of this one.
    let anew = Client::sign_up(&world, "Camille").await;
    assert_ne!(anew.browser.get("/api/account").await.ok()["id"], account);
    let bookings = anew.browser.get("/api/bookings").await.ok();
    assert_eq!(bookings["bookings"], json!([]));
}
