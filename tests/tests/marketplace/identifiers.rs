//! Somebody signs in with another e-mail: both addresses confirm, and the operator decides for a
//! professional.

use journeys::{Browser, Client, Professional, World, admin};
use serde_json::{Value, json};

const PASSWORD: &str = "Correct-Cheval-9";
/// What professionals choose when they activate their account.
const CHOSEN: &str = "Nouveau-Secret-77";

async fn ask(browser: &Browser, email: &str, password: &str) -> journeys::Answer {
    let asked = json!({
        "email": email, "reason": "L’entreprise change de nom.", "password": password,
    });
    browser.post("/api/account/identifier", asked).await
}

/// Follows the link sent to an address.
async fn confirm(world: &World, address: &str) -> Value {
    let token = world.token(address).await;
    let confirmed = world
        .browser()
        .post("/api/account/identifier/confirm", json!({ "token": token }))
        .await;
    confirmed.ok()["awaited"].clone()
}

async fn signs_in(world: &World, email: &str, password: &str) -> u16 {
    let credentials = json!({ "email": email, "password": password });
    world
        .browser()
        .post("/api/session", credentials)
        .await
        .status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clients_address_changes_once_both_addresses_have_confirmed() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Lea").await;
    for (email, password, status, code) in [
        (client.email.as_str(), PASSWORD, 422, "identifier_unchanged"),
        ("autre@exemple.fr", "Pas-Le-Bon-1234", 422, "wrong_password"),
        ("autre", PASSWORD, 400, "field_invalid"),
    ] {
        ask(&client.browser, email, password)
            .await
            .refused(status, code);
    }
    let pending = ask(&client.browser, "lea.roy@exemple.fr", PASSWORD).await;
    assert_eq!(pending.ok()["awaits_operator"], false);
    world.settle().await;
    let link = world.token(&client.email).await;
    assert_eq!(confirm(&world, &client.email).await, "wanted_address");
    // A link serves once, and the other address still signs nobody in.
    let again = json!({ "token": link });
    world
        .browser()
        .post("/api/account/identifier/confirm", again)
        .await
        .refused(410, "link_expired");
    assert_eq!(signs_in(&world, "lea.roy@exemple.fr", PASSWORD).await, 401);
    assert_eq!(confirm(&world, "lea.roy@exemple.fr").await, "nothing");
    assert_eq!(signs_in(&world, "lea.roy@exemple.fr", PASSWORD).await, 200);
    assert_eq!(signs_in(&world, &client.email, PASSWORD).await, 401);
    world.mail(&client.email, "ne sert plus").await;
    world.mail("lea.roy@exemple.fr", "a changé").await;
    // The former address is free.
    Client::sign_up(&world, "Lea").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_professionals_address_changes_when_the_operator_allows_it() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let account = professional.browser.get("/api/account").await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let operator = admin(&world).await;
    let address = |verb: &str| format!("/admin/identifiants/{account}/{verb}");
    let nothing: [(&str, String); 0] = [];
    for decision in ["declined", "allowed"] {
        ask(&professional.browser, "direction@exemple.fr", CHOSEN)
            .await
            .ok();
        world.settle().await;
        // Before both have confirmed there is nothing to decide.
        let refused = operator.form(&address("accepter"), &nothing).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        assert_eq!(
            confirm(&world, "direction@exemple.fr").await,
            "current_address"
        );
        assert_eq!(confirm(&world, &professional.email).await, "operator");
        let list = operator.get("/admin/identifiants").await.text;
        assert!(list.contains("direction@exemple.fr"), "{list}");
        assert_eq!(signs_in(&world, "direction@exemple.fr", CHOSEN).await, 401);
        if decision == "declined" {
            let form = |reason: &str| [("reason", reason.to_owned())];
            let refused = operator.form(&address("refuser"), &form("Non.")).await;
            assert_eq!(refused.status, 422);
            let done = operator
                .form(&address("refuser"), &form("Le nom ne correspond pas."))
                .await;
            assert_eq!(done.status, 303);
            let told = world.mail(&professional.email, "ne change pas").await;
            assert!(told.to_string().contains("Le nom ne correspond pas."));
        }
    }
    assert_eq!(
        operator.form(&address("accepter"), &nothing).await.status,
        303
    );
    assert_eq!(
        operator.form(&address("accepter"), &nothing).await.status,
        409
    );
    assert_eq!(signs_in(&world, "direction@exemple.fr", CHOSEN).await, 200);
    assert_eq!(signs_in(&world, &professional.email, CHOSEN).await, 401);
    world.mail("direction@exemple.fr", "a changé").await;
    world.mail(&professional.email, "ne sert plus").await;
    let file = operator
        .get(&format!("/admin/professionnels/{}", professional.id))
        .await
        .text;
    assert!(file.contains("direction@exemple.fr"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_somebody_else_is_never_taken_and_a_link_ends() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Lea").await;
    let other = Client::sign_up(&world, "Paul").await;
    ask(&client.browser, &other.email, PASSWORD).await.ok();
    world.settle().await;
    assert_eq!(confirm(&world, &client.email).await, "wanted_address");
    let token = world.token(&other.email).await;
    world
        .browser()
        .post("/api/account/identifier/confirm", json!({ "token": token }))
        .await
        .refused(409, "identifier_taken");
    assert_eq!(signs_in(&world, &other.email, PASSWORD).await, 200);

    client.sign_in().await;
    ask(&client.browser, "lea.roy@exemple.fr", PASSWORD)
        .await
        .ok();
    world.settle().await;
    let token = world.token("lea.roy@exemple.fr").await;
    world.advance(72 * 3600 + 60).await;
    world
        .browser()
        .post("/api/account/identifier/confirm", json!({ "token": token }))
        .await
        .refused(410, "link_expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_addresses_confirm_by_the_codes_of_their_mails_where_it_was_asked() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Lea").await;
    ask(&client.browser, "lea.roy@exemple.fr", PASSWORD)
        .await
        .ok();
    let codes = async || {
        let current = world.code(&client.email).await;
        (current, world.code("lea.roy@exemple.fr").await)
    };
    let (current, wanted) = codes().await;
    assert_ne!(current, wanted, "each address has its own");
    let give = async |browser: &Browser, address: &str, code: &str| {
        let given = json!({ "address": address, "code": code });
        browser.post("/api/account/identifier/confirm", given).await
    };
    // Where nobody is signed in, and with the code of the other address.
    give(&world.browser(), "current", &current)
        .await
        .refused(401, "session_ended");
    for _ in 0..5 {
        give(&client.browser, "wanted", &current)
            .await
            .refused(422, "code_wrong");
    }
    give(&client.browser, "wanted", &wanted)
        .await
        .refused(410, "code_expired");
    // Guesses at one address leave the other its tries; blanks are how mails show it.
    let spaced = format!("{} {}", &current[..3], &current[3..]);
    let answer = give(&client.browser, "current", &spaced).await.ok();
    assert_eq!(answer["awaited"], "wanted_address");

    let again = json!({ "mail": "identifier_change" });
    let resend = || client.browser.post("/api/proofs/again", again.clone());
    resend().await.refused(429, "code_too_soon");
    world.advance(61).await;
    resend().await.ok();
    let (_, other) = codes().await;
    assert_ne!(other, wanted);
    give(&client.browser, "wanted", &wanted)
        .await
        .refused(422, "code_wrong");
    let answer = give(&client.browser, "wanted", &other).await.ok();
    assert_eq!(answer["awaited"], "nothing");
    assert_eq!(signs_in(&world, "lea.roy@exemple.fr", PASSWORD).await, 200);
    // The change ended every session.
    give(&client.browser, "wanted", &other)
        .await
        .refused(401, "session_ended");
}

/// An address that somebody signs in with, and one that nobody has: the same answer, and a mail to both.
#[tokio::test(flavor = "multi_thread")]
async fn asking_for_an_address_does_not_tell_whether_somebody_has_it() {
    let world = World::start().await;
    let known = Client::sign_up(&world, "Paul").await;
    let mut answers = Vec::new();
    for (name, wanted) in [
        ("Lea", known.email.as_str()),
        ("Awa", "personne@exemple.fr"),
    ] {
        let client = Client::sign_up(&world, name).await;
        let answer = ask(&client.browser, wanted, PASSWORD).await;
        let status = answer.status;
        let mut said = answer.ok();
        for differs in ["email", "asked_at"] {
            said[differs] = Value::Null;
        }
        world.mail(wanted, "nouvelle adresse de connexion").await;
        answers.push((status, said));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, 202);
}
