//! Who comes in: nothing is opened for an address before it is proved, and there is one door.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use adapters::environment::Outside as _;
use adapters::store::{Key, Store};
use domain::account::Account;
use domain::ids::AccountId;
use journeys::{Browser, Client, Professional, World, sign_operator_in};
use serde_json::{Value, json};

const PASSWORD: &str = "Correct-Cheval-9";
const OWN: &str = "Autre-Cheval-10";
const DAY: i64 = 24 * 3600;

fn sign_up(email: &str, password: &str) -> Value {
    let mut asked = journeys::sign_up(email, password, "Camille");
    // A stranger may tick it too.
    asked["profile"]["newsletter"] = json!(true);
    asked
}

fn credentials(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

async fn prove(browser: &Browser, proof: Value) -> journeys::Answer {
    browser.post("/api/accounts/verify-email", proof).await
}

async fn resume(browser: &Browser, proof: Value) -> journeys::Answer {
    browser.post("/api/registrations/resume", proof).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_gets_nothing_of_a_registration_that_they_ask_for() {
    let world = World::start().await;
    let email = "nadia@pro.exemple.fr";
    let asked = json!({ "email": email, "accepts_terms": true });
    let stranger = world.browser();
    let answer = stranger.post("/api/registrations", asked.clone()).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    assert_eq!(stranger.cookie("session"), None);
    let nothing = async |stranger: &Browser| {
        let file = stranger.get("/api/registration").await;
        file.refused(401, "sign_in_required");
    };
    nothing(&stranger).await;

    // The owner follows the link, elsewhere, and writes the file.
    let owner = world.browser();
    let link = world.token(email).await;
    resume(&owner, json!({ "token": link })).await.ok();
    let file = owner.get("/api/registration").await.ok();
    assert_eq!(file["email"], email);
    // A link serves once, and the stranger's browser has no use of it.
    resume(&stranger, json!({ "token": link }))
        .await
        .refused(410, "link_expired");
    let guess = json!({ "code": "000000" });
    resume(&stranger, guess).await.refused(410, "code_expired");
    nothing(&stranger).await;

    // Asked for again by the stranger, it is the owner who is written to; and the owner goes on by code.
    stranger
        .post("/api/registrations", asked.clone())
        .await
        .ok();
    world.mail(email, "Poursuivez votre inscription").await;
    let code = world.code(email).await;
    let elsewhere = world.browser();
    resume(&elsewhere, json!({ "code": code }))
        .await
        .refused(410, "code_expired");
    let phone = world.browser();
    phone.post("/api/registrations", asked).await.ok();
    let code = world.code(email).await;
    let again = resume(&phone, json!({ "code": code })).await.ok();
    assert_eq!(again["id"], file["id"]);
    nothing(&stranger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_typed_by_a_stranger_is_worth_nothing_once_the_address_is_proved() {
    let world = World::start().await;
    let email = "camille@exemple.fr";
    let stranger = world.browser();
    let asked = sign_up(email, PASSWORD);
    stranger.post("/api/accounts", asked).await.ok();
    // Not before the proof either.
    stranger
        .post("/api/session", credentials(email, PASSWORD))
        .await
        .refused(401, "wrong_credentials");

    // The owner opens the link in a browser that did not sign up: a password is chosen there.
    let owner = world.browser();
    let link = world.token(email).await;
    prove(&owner, json!({ "token": link }))
        .await
        .refused(422, "password_needed");
    let chosen = json!({ "token": link, "new_password": OWN });
    prove(&owner, chosen)
        .await
        .refused(422, "terms_not_accepted");
    let chosen = json!({ "token": link, "new_password": OWN, "accepts_terms": true });
    prove(&owner, chosen).await.ok();
    let account = owner.get("/api/account").await.ok();
    assert_eq!(account["email"], email);
    assert_eq!(account["profile"]["newsletter"], false, "{account}");

    stranger
        .get("/api/account")
        .await
        .refused(401, "sign_in_required");
    stranger
        .post("/api/session", credentials(email, PASSWORD))
        .await
        .refused(401, "wrong_credentials");
    world
        .browser()
        .post("/api/session", credentials(email, OWN))
        .await
        .ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_typed_where_it_was_asked_for_and_can_be_sent_again() {
    let world = World::start().await;
    let email = "camille@exemple.fr";
    let browser = world.browser();
    browser
        .post("/api/accounts", sign_up(email, PASSWORD))
        .await
        .ok();
    let first = world.code(email).await;
    let again = async || browser.post("/api/proofs/again", json!({})).await;
    again().await.refused(429, "code_too_soon");
    world.advance(61).await;
    again().await.ok();
    let second = world.code(email).await;
    assert_ne!(first, second);
    prove(&browser, json!({ "code": first }))
        .await
        .refused(422, "code_wrong");
    // Another browser has nothing to type it into.
    prove(&world.browser(), json!({ "code": second }))
        .await
        .refused(410, "code_expired");
    // With the spaces that the mail shows.
    let spaced = format!(" {} {} ", &second[..3], &second[3..]);
    prove(&browser, json!({ "code": spaced })).await.ok();
    browser.get("/api/account").await.ok();

    // Five wrong ones, and the right one is worth nothing; another mail begins anew.
    let email = "robin@exemple.fr";
    let browser = world.browser();
    browser
        .post("/api/accounts", sign_up(email, PASSWORD))
        .await
        .ok();
    let code = world.code(email).await;
    let wrong = if code == "123456" { "654321" } else { "123456" };
    for _ in 0..5 {
        prove(&browser, json!({ "code": wrong }))
            .await
            .refused(422, "code_wrong");
    }
    prove(&browser, json!({ "code": code }))
        .await
        .refused(410, "code_expired");
    world.advance(61).await;
    browser.post("/api/proofs/again", json!({})).await.ok();
    // A quarter of an hour later it has ended.
    let late = world.code(email).await;
    world.advance(15 * 60).await;
    prove(&browser, json!({ "code": late }))
        .await
        .refused(410, "code_expired");
    // The link lasts longer. Three mails a day and no more go to an address that nobody proved.
    browser.post("/api/proofs/again", json!({})).await.ok();
    world.advance(61).await;
    browser
        .post("/api/proofs/again", json!({}))
        .await
        .refused(429, "mails_enough");
    let sorted = json!({ "email": "robin+pro@exemple.fr", "accepts_terms": true });
    world
        .browser()
        .post("/api/registrations", sorted)
        .await
        .refused(429, "mails_enough");
    let link = world.token(email).await;
    prove(&browser, json!({ "token": link })).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_guesses_at_once_are_five() {
    let world = World::start().await;
    let email = "camille@exemple.fr";
    let browser = world.browser();
    browser
        .post("/api/accounts", sign_up(email, PASSWORD))
        .await
        .ok();
    let code: u32 = world.code(email).await.parse().unwrap();
    let guesses = (1..=40).map(|n| {
        let guess = format!("{:06}", (code + n) % 1_000_000);
        prove(&browser, json!({ "code": guess }))
    });
    let answers = futures::future::join_all(guesses).await;
    let wrong = answers.iter().filter(|answer| answer.status == 422).count();
    assert!(wrong <= 5, "{wrong} guesses were compared");
    assert!(answers.iter().all(|answer| answer.status >= 400));
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_an_address_is_known_is_told_to_its_reader_alone() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let (_, applicant) = Professional::register(&world, "Vigie", 1, 1).await;
    for (path, body) in [
        ("/api/accounts", sign_up("x", PASSWORD)),
        ("/api/registrations", json!({ "accepts_terms": true })),
        ("/api/password-resets", json!({})),
    ] {
        let mut said = Vec::new();
        for email in [client.email.as_str(), &applicant, "inconnue@exemple.fr"] {
            let mut asked = body.clone();
            asked["email"] = json!(email);
            let browser = world.browser();
            let answer = browser.post(path, asked).await;
            let kept = browser.cookie("proof").unwrap();
            assert_eq!(browser.cookie("session"), None);
            said.push((answer.status, answer.text, kept.len()));
        }
        assert_eq!(said[0], said[2], "{path}: an account");
        assert_eq!(said[1], said[2], "{path}: a registration");
    }
    // Its reader is told.
    world.mail(&client.email, "Vous avez déjà un compte").await;
    world.mail(&applicant, "Poursuivez votre inscription").await;
    world
        .mail(&applicant, "Votre inscription est en cours")
        .await;
    let unknown = world.mails_to("inconnue@exemple.fr").await;
    assert_eq!(unknown.len(), 2, "no account, no password to choose");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_claimed_by_a_stranger_stays_free_for_its_owner() {
    let world = World::start().await;
    let email = "camille@exemple.fr";
    let asked = json!({ "email": email, "accepts_terms": true });
    let stranger = world.browser();
    stranger.post("/api/registrations", asked).await.ok();
    let link = world.token(email).await;
    // The owner opens a client's account meanwhile.
    let owner = Client::sign_up(&world, "Camille").await;
    owner.browser.get("/api/account").await.ok();
    resume(&world.browser(), json!({ "token": link }))
        .await
        .refused(409, "email_taken");

    // What nobody proved is gone after a week, link and all.
    let email = "robin@exemple.fr";
    let asked = json!({ "email": email, "accepts_terms": true });
    world.browser().post("/api/registrations", asked).await.ok();
    let link = world.token(email).await;
    world.advance(7 * DAY + 60).await;
    resume(&world.browser(), json!({ "token": link }))
        .await
        .refused(410, "link_expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_chooses_no_password_without_the_second_factor_and_gets_no_session_by_it() {
    let world = World::start().await;
    let operator = world.browser();
    let known = operator.get("/local/operator").await.ok();
    let email = known["email"].as_str().unwrap();
    operator
        .post("/api/password-resets", json!({ "email": email }))
        .await
        .ok();
    let token = world.token(email).await;
    let mut reset = json!({ "token": token, "new_password": "Tableau-De-Bord-7" });
    operator
        .put("/api/password-resets", reset.clone())
        .await
        .refused(403, "second_factor_required");
    reset["second_factor"] = json!("000000");
    operator
        .put("/api/password-resets", reset.clone())
        .await
        .refused(422, "second_factor_wrong");
    // The password is the one before.
    sign_operator_in(&world.browser()).await;

    world.advance(61).await;
    let known = operator.get("/local/operator").await.ok();
    reset["second_factor"] = known["code"].clone();
    let answer = operator.put("/api/password-resets", reset).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(operator.cookie("session"), None, "no ordinary session");
    assert_eq!(operator.cookie("refresh"), None, "nor one that is renewed");
    operator
        .get("/api/bookings/bkg_00000000000000000000000000/invoices")
        .await
        .refused(401, "sign_in_required");
    operator
        .post("/api/session", credentials(email, "Tableau-De-Bord-7"))
        .await
        .refused(403, "second_factor_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_choose_a_password_ends_when_the_password_is_changed() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let visitor = world.browser();
    let asked = json!({ "email": client.email });
    visitor
        .post("/api/password-resets", asked.clone())
        .await
        .ok();
    let token = world.token(&client.email).await;
    world.advance(1).await;
    let change = json!({ "current_password": PASSWORD, "new_password": OWN });
    client
        .browser
        .put("/api/account/password", change)
        .await
        .ok();
    let reset = json!({ "token": token, "new_password": "Encore-Cheval-11" });
    visitor
        .put("/api/password-resets", reset)
        .await
        .refused(410, "link_expired");

    // By code, on the page where it was asked for.
    world.advance(1).await;
    visitor.post("/api/password-resets", asked).await.ok();
    let code = world.code(&client.email).await;
    let reset = json!({ "code": code, "new_password": "Encore-Cheval-11" });
    visitor.put("/api/password-resets", reset).await.ok();
    visitor.get("/api/account").await.ok();
    client
        .browser
        .post("/api/session/refresh", json!({}))
        .await
        .refused(401, "session_ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_make_their_giver_wait_and_nobody_who_signed_in_before() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let wrong = credentials(&client.email, "Faux-Secret-1");
    let right = credentials(&client.email, PASSWORD);
    let stranger = world.browser();
    for _ in 0..5 {
        stranger
            .post("/api/session", wrong.clone())
            .await
            .refused(401, "wrong_credentials");
    }
    stranger
        .post("/api/session", right.clone())
        .await
        .refused(429, "too_many_attempts");
    // From the same address, the owner's own browser goes on; and its wrong ones count for it alone.
    client.sign_in().await;
    for _ in 0..5 {
        client
            .browser
            .post("/api/session", wrong.clone())
            .await
            .refused(401, "wrong_credentials");
    }
    client
        .browser
        .post("/api/session", right)
        .await
        .refused(429, "too_many_attempts");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_session_changes_nothing_once_its_holder_signed_out() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    let copy = world.browser();
    copy.set_cookie("session", &client.browser.cookie("session").unwrap());
    let wanted = json!({ "wanted": true });
    copy.put("/api/account/newsletter", wanted.clone())
        .await
        .ok();
    client
        .browser
        .json("DELETE", "/api/session", &json!({}))
        .await
        .ok();
    for verb in ["validate", "cancel", "checkout"] {
        copy.post(&format!("/api/bookings/{booking}/{verb}"), json!({}))
            .await
            .refused(401, "session_ended");
    }
    copy.put("/api/account/newsletter", wanted.clone())
        .await
        .refused(401, "session_ended");

    // A password that is changed ends the others at once.
    client.sign_in().await;
    let elsewhere = world.browser();
    elsewhere
        .post("/api/session", credentials(&client.email, PASSWORD))
        .await
        .ok();
    let change = json!({ "current_password": PASSWORD, "new_password": OWN });
    client
        .browser
        .put("/api/account/password", change)
        .await
        .ok();
    elsewhere
        .put("/api/account/newsletter", wanted)
        .await
        .refused(401, "session_ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_opened_to_register_ends_when_the_account_is_opened() {
    let world = World::start().await;
    let (applicant, _) = Professional::register(&world, "Bastion", 0, 1).await;
    Professional::submit(&applicant).await.ok();
    let id = applicant.get("/api/registration").await.ok()["id"].clone();
    journeys::accept(&world, id.as_str().unwrap()).await;
    let file = json!({ "nothing": true });
    applicant
        .post("/api/registration/documents", file)
        .await
        .refused(401, "session_ended");
    applicant
        .post("/api/session/refresh", json!({}))
        .await
        .refused(401, "session_ended");
}

async fn devices(browser: &Browser) -> Vec<Value> {
    let listed = browser.get("/api/account/devices").await.ok();
    listed["devices"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_their_devices_and_end_one_or_all() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let told = async || {
        let mails = world.mails_to(&client.email).await;
        let new = mails.iter().filter(|mail| {
            let subject = mail["subject"].as_str().unwrap();
            subject == "Connexion depuis un nouvel appareil"
        });
        new.count()
    };
    // The browser that proved the address is known, whatever it does later.
    client.sign_in().await;
    assert_eq!(told().await, 0);
    let phone = world.browser();
    let right = credentials(&client.email, PASSWORD);
    for _ in 0..2 {
        phone.post("/api/session", right.clone()).await.ok();
        assert_eq!(told().await, 1, "a new device is told once");
    }
    let listed = devices(&client.browser).await;
    assert_eq!(listed.len(), 2, "{listed:?}");
    let own: Vec<&Value> = listed
        .iter()
        .filter(|device| device["this_one"] == true)
        .collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["browser"], "journeys/1.0");

    // One of them ends, at once; nobody ends somebody else's.
    let ended = listed[0]["device"].clone();
    let stranger = Client::sign_up(&world, "Robin").await;
    stranger
        .browser
        .post("/api/account/devices/end", json!({ "device": ended }))
        .await
        .refused(404, "not_found");
    client
        .browser
        .post("/api/account/devices/end", json!({ "device": ended }))
        .await
        .ok();
    let wanted = json!({ "wanted": true });
    phone
        .put("/api/account/newsletter", wanted.clone())
        .await
        .refused(401, "session_ended");
    phone
        .post("/api/session/refresh", json!({}))
        .await
        .refused(401, "session_ended");
    assert_eq!(devices(&client.browser).await.len(), 1);

    // Then all of them.
    phone.post("/api/session", right).await.ok();
    phone
        .post("/api/account/devices/end", json!({ "all": true }))
        .await
        .ok();
    for browser in [&phone, &client.browser] {
        let answer = browser.put("/api/account/newsletter", wanted.clone()).await;
        assert_eq!(answer.status, 401, "{}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspect_access_ends_everything_and_waits_for_the_operator() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let thief = world.browser();
    let stolen = credentials(&client.email, PASSWORD);
    thief.post("/api/session", stolen.clone()).await.ok();
    client
        .browser
        .post(
            "/api/account/suspect-access",
            json!({ "somebody_else_comes_in": true }),
        )
        .await
        .ok();
    thief
        .put("/api/account/newsletter", json!({ "wanted": true }))
        .await
        .refused(401, "session_ended");
    thief
        .post("/api/session", stolen)
        .await
        .refused(401, "wrong_credentials");
    world.mail(&client.email, "Votre compte est protégé").await;

    let operator = journeys::admin(&world).await;
    let list = "/admin/acces-suspects";
    let overview = operator.get("/admin").await.text;
    assert!(overview.contains(list), "{overview}");
    let page = operator.get(list).await.text;
    assert!(page.contains(&client.email), "{page}");
    let at = page.find("/admin/acces-suspects/acc_").unwrap();
    let handle = page[at..].split('"').next().unwrap().to_owned();

    // Another password, by mail; what the operator has to do stays.
    let asked = json!({ "email": client.email });
    let browser = world.browser();
    browser.post("/api/password-resets", asked).await.ok();
    let code = world.code(&client.email).await;
    let reset = json!({ "code": code, "new_password": OWN });
    browser.put("/api/password-resets", reset).await.ok();
    let page = operator.get(list).await.text;
    assert!(page.contains("un autre a été choisi depuis"), "{page}");
    for _ in 0..2 {
        assert_eq!(operator.form(&handle, &[]).await.status, 303);
    }
    let page = operator.get(list).await.text;
    assert!(page.contains("Aucun accès suspect"), "{page}");
}

/// What a telephone would show.
async fn code_of(world: &World, account: &str) -> String {
    let store = Store::open(&local::functions::environment(world.surroundings()));
    let id = AccountId::parse(account).unwrap();
    let read = store.get::<Account>(Key::account(&id)).await.unwrap();
    let factor = read.unwrap().record.second_factor.unwrap();
    factor.unused_code(world.now().await).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_it_gives_a_code_beside_the_password() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let browser = &client.browser;
    let id = browser.get("/api/account").await.ok()["id"].clone();
    let id = id.as_str().unwrap();
    let factor = "/api/account/second-factor";
    browser
        .post(factor, json!({ "password": "un autre" }))
        .await
        .refused(422, "wrong_password");
    let shared = browser
        .post(factor, json!({ "password": PASSWORD }))
        .await
        .ok();
    assert!(
        shared["address"]
            .as_str()
            .unwrap()
            .starts_with("otpauth://")
    );
    browser
        .put(factor, json!({ "code": "000000" }))
        .await
        .refused(422, "second_factor_wrong");
    let code = code_of(&world, id).await;
    let enrolled = browser.put(factor, json!({ "code": code })).await.ok();
    let recovery = enrolled["recovery_codes"].as_array().unwrap().clone();
    assert_eq!(recovery.len(), 10);
    assert_eq!(
        browser.get("/api/account").await.ok()["second_factor"],
        true
    );

    let elsewhere = world.browser();
    let mut right = credentials(&client.email, PASSWORD);
    elsewhere
        .post("/api/session", right.clone())
        .await
        .refused(403, "second_factor_required");
    right["second_factor"] = json!(code);
    elsewhere
        .post("/api/session", right.clone())
        .await
        .refused(422, "second_factor_wrong");
    right["second_factor"] = recovery[0].clone();
    elsewhere.post("/api/session", right.clone()).await.ok();
    // A recovery code serves once.
    world
        .browser()
        .post("/api/session", right)
        .await
        .refused(422, "second_factor_wrong");

    // Nor is a password chosen by mail alone.
    let asked = json!({ "email": client.email });
    elsewhere.post("/api/password-resets", asked).await.ok();
    let token = world.token(&client.email).await;
    let reset = json!({ "token": token, "new_password": OWN });
    elsewhere
        .put("/api/password-resets", reset)
        .await
        .refused(403, "second_factor_required");

    world.advance(61).await;
    let both = json!({ "password": PASSWORD, "second_factor": code_of(&world, id).await });
    browser.json("DELETE", factor, &both).await.ok();
    world
        .browser()
        .post("/api/session", credentials(&client.email, PASSWORD))
        .await
        .ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_shows_the_country_that_cloudfront_says_and_no_other() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    // What a visitor claims is thrown away on the way.
    let claimed = [
        ("content-type", "application/json"),
        ("cloudfront-viewer-country", "KP"),
    ];
    let body = credentials(&client.email, PASSWORD)
        .to_string()
        .into_bytes();
    let signed_in = client.browser.send("POST", "/api/session", &claimed, body);
    assert_eq!(signed_in.await.status, 200);
    let list = client.browser.get("/api/account/devices").await.ok();
    assert_eq!(list["devices"][0]["country"], "FR", "{list}");
}

/// An appeal is the professional's own word: it ends with the session that gave it.
#[tokio::test(flavor = "multi_thread")]
async fn a_copied_session_contests_nothing_once_its_holder_signed_out() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let copy = world.browser();
    let cookie = professional.browser.cookie("session").unwrap();
    copy.set_cookie("session", &cookie);
    let appeal = json!({ "text": "Cette décision me paraît injuste et je la conteste." });
    let contest = || copy.post("/api/professional/appeal", appeal.clone());
    contest().await.refused(409, "nothing_to_contest");
    professional
        .browser
        .json("DELETE", "/api/session", &json!({}))
        .await
        .ok();
    contest().await.refused(401, "sign_in_required");
}
