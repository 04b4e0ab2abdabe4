//! The operators decide: each what is theirs, with what will happen before their eyes, and large sums by two.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};

use adapters::environment::Outside as _;
use adapters::store::{Changes, Key, Store, Trace, UniqueClaim};
use domain::account::Account;
use domain::booking::Booking;
use domain::identifiers::Email;
use domain::ids::{AccountId, BookingId, TypedId as _};
use domain::operator::{Duty, Operator, OperatorRole};
use domain::professional::{Complaint, Complaints};
use http_function::{Access, Kind, Page};
use journeys::{Browser, Client, Professional, World, admin};
use serde_json::json;

use crate::dashboard::{done, mails, send, with_a_mission};

const ROLES: [(&str, OperatorRole); 4] = [
    ("reader", OperatorRole::Reader),
    ("moderator", OperatorRole::Moderator),
    ("finance", OperatorRole::Finance),
    ("administrator", OperatorRole::Administrator),
];

/// Who reaches what: what was written down, whatever the code says.
fn duties() -> BTreeMap<String, BTreeSet<&'static str>> {
    let lines = include_str!("duties.txt").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let named = |line: &'static str| {
        let (route, who) = line.split_once(" : ").unwrap();
        (route.to_owned(), who.split(' ').collect())
    };
    lines.map(named).collect()
}

/// The pages that operators alone reach.
fn pages() -> Vec<Page> {
    let functions = directory::functions();
    let pages = functions.iter().find_map(|function| match function.kind {
        Kind::Pages(pages) => Some((pages.list)()),
        _ => None,
    });
    let mut pages = pages.unwrap();
    pages.retain(|page| page.route.access == Access::Admin);
    pages
}

fn route(page: &Page) -> String {
    format!("{} {}", page.route.method, page.route.path)
}

#[test]
fn each_page_asks_of_an_operator_what_was_written_down() {
    let mut duties = duties();
    for page in pages() {
        let route = route(&page);
        let wanted = duties.remove(&route);
        let wanted = wanted.unwrap_or_else(|| {
            panic!("say in tests/tests/marketplace/duties.txt which operators reach {route}")
        });
        let let_in = ROLES
            .iter()
            .filter(|(_, role)| domain::operator::may(&[*role], page.duty));
        let let_in: BTreeSet<&str> = let_in.map(|(name, _)| *name).collect();
        assert_eq!(let_in, wanted, "{route}");
    }
    assert!(duties.is_empty(), "no page any more: {duties:?}");
    assert!(!domain::operator::may(
        &[OperatorRole::Reader],
        Duty::Decide
    ));
}

fn store(world: &World) -> Store {
    Store::open(&local::functions::environment(world.surroundings()))
}

/// The operator's own account.
async fn own(store: &Store) -> Account {
    let email = Email::parse(local::demo::ADMIN_EMAIL).unwrap();
    let key = Key::unique(&UniqueClaim::email_key(&email));
    let claim = store.get::<UniqueClaim>(key).await.unwrap().unwrap();
    let id = AccountId::parse(&claim.record.owner).unwrap();
    store
        .get::<Account>(Key::account(&id))
        .await
        .unwrap()
        .unwrap()
        .record
}

/// Gives the operator these roles, as another would.
async fn with_roles(world: &World, roles: &[OperatorRole]) {
    let store = store(world);
    let account = own(&store).await.id;
    let operator = Operator {
        account: account.clone(),
        roles: roles.to_vec(),
        invited_by: account,
        since: world.now().await,
        revoked: None,
    };
    let changes = Changes::by(&Trace::system("test"), world.now().await);
    store.commit(changes.overwrite(&operator)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_operator_reaches_what_their_role_is_for_and_nothing_else() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    let nothing = |prefix: &str| format!("{prefix}_00000000000000000000000000");
    let ids = BTreeMap::from([
        ("booking", booking),
        ("professional", professional.id.clone()),
        ("offer", professional.offer.clone()),
        ("document", nothing("doc")),
        ("review", nothing("rev")),
        ("account", nothing("acc")),
        ("report", nothing("rpt")),
        ("change", nothing("chg")),
        ("request", nothing("drq")),
        ("subject", professional.id.clone()),
    ]);
    let operator = admin(&world).await;
    let duties = duties();
    let mut wrong = Vec::new();
    for (name, role) in ROLES {
        with_roles(&world, &[role]).await;
        for page in pages() {
            if page.name == "sign-out-operator" {
                continue;
            }
            let parts = page.route.path.split('/').map(|part| {
                let id = part
                    .strip_prefix('{')
                    .and_then(|rest| rest.strip_suffix('}'));
                id.map_or(part, |id| ids[id].as_str())
            });
            let address = parts.collect::<Vec<_>>().join("/");
            let answer = match page.route.method {
                "GET" => operator.get(&address).await,
                _ => send(&operator, &address, &[("nothing", "true")]).await,
            };
            let let_in = answer.status != 403;
            if let_in != duties[&route(&page)].contains(name) || answer.status >= 500 {
                wrong.push(format!("{} as {name}: {}", route(&page), answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The program's own door is the same.
    with_roles(&world, &[OperatorRole::Reader]).await;
    let api = "/api/admin/registrations";
    operator.get(api).await.ok();
    let refuse = format!("{api}/{}/refuse", professional.id);
    operator
        .post(&refuse, json!({ "reason": "Sans motif particulier." }))
        .await
        .refused(403, "operator_role_missing");
}

/// Another operator, let in by the first one.
async fn second(world: &World, operator: &Browser, roles: &[(&str, &str)]) -> Browser {
    let mut fields = vec![("email", "binome@exemple.fr")];
    fields.extend(roles);
    let shown = send(operator, "/admin/exploitants", &fields).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    let code = |number: usize| {
        let text = shown.text.split("<code>").nth(number).unwrap();
        text.split("</code>").next().unwrap().to_owned()
    };
    let (password, secret) = (code(1), code(2));
    assert!(shown.text.contains(&secret));
    let browser = world.browser();
    let first = [
        ("email", "binome@exemple.fr"),
        ("password", password.as_str()),
    ];
    let led = send(&browser, "/admin/connexion", &first).await;
    assert_eq!(
        led.headers["location"], "/admin/connexion/activation",
        "{}",
        led.text
    );
    let store = store(world);
    let key = Key::unique(&UniqueClaim::email_key(
        &Email::parse("binome@exemple.fr").unwrap(),
    ));
    let owner = store
        .get::<UniqueClaim>(key)
        .await
        .unwrap()
        .unwrap()
        .record
        .owner;
    let id = AccountId::parse(&owner).unwrap();
    let account = store
        .get::<Account>(Key::account(&id))
        .await
        .unwrap()
        .unwrap()
        .record;
    let code = account.second_factor.unwrap().code_at(world.now().await);
    let enrolled = send(&browser, "/admin/connexion/activation", &[("code", &code)]).await;
    assert_eq!(enrolled.status, 200, "{}", enrolled.text);
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn operators_are_let_in_given_roles_listed_and_revoked() {
    let world = World::start().await;
    let operator = admin(&world).await;
    let none = send(
        &operator,
        "/admin/exploitants",
        &[("email", "binome@exemple.fr")],
    )
    .await;
    assert_eq!(none.status, 422, "{}", none.text);
    let other = second(&world, &operator, &[("roles", "reader")]).await;
    let list = operator.get("/admin/exploitants").await.text;
    assert!(
        list.contains("binome@exemple.fr") && list.contains(">Lecture<"),
        "{list}"
    );
    assert_eq!(other.get("/admin").await.status, 200);
    assert_eq!(other.get("/admin/exploitants").await.status, 403);

    let account = list.split("/admin/exploitants/").nth(1).unwrap();
    let account = account.split('/').next().unwrap().to_owned();
    let roles = format!("/admin/exploitants/{account}/roles");
    let given = [("roles", "moderator"), ("roles", "administrator")];
    done(&operator, &roles, &given).await;
    assert_eq!(other.get("/admin/exploitants").await.status, 200);
    // Nobody changes their own rights, and nobody takes the last administrator's.
    let own = own(&store(&world)).await.id;
    let oneself = format!("/admin/exploitants/{own}/revoquer");
    assert_eq!(send(&operator, &oneself, &[]).await.status, 409);
    done(
        &operator,
        &format!("/admin/exploitants/{account}/revoquer"),
        &[],
    )
    .await;
    let out = other.get("/admin").await;
    assert_eq!(out.status, 303, "{}", out.text);
    let list = operator.get("/admin/exploitants").await.text;
    assert!(!list.contains("binome@exemple.fr"), "{list}");
}

/// A mission that is over and under claim.
async fn under_claim(
    world: &World,
    professional: &Professional,
    client: &Client,
    days: i64,
) -> String {
    let mission = professional.mission(world, days, 9, 8, 1).await;
    let end = mission["end"]
        .as_str()
        .unwrap()
        .parse::<jiff::Timestamp>()
        .unwrap();
    let booking = client.book(world, &mission).await;
    professional.act(&booking, "accept", json!({})).await.ok();
    world.settle().await;
    world
        .advance_to(end + jiff::SignedDuration::from_hours(2))
        .await;
    client.sign_in().await;
    professional.sign_in().await;
    let claim =
        json!({ "reason": "late", "description": "L’agent est parti deux heures avant la fin." });
    let opened = client
        .browser
        .post(&format!("/api/bookings/{booking}/claim"), claim)
        .await;
    opened.ok();
    world.settle().await;
    booking
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_claim_is_decided_after_who_gets_what_and_the_mails_were_shown() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let booking = under_claim(&world, &professional, &client, 10).await;
    let stored = store(&world);
    let key = || Key::booking(&BookingId::parse(&booking).unwrap());
    let before = stored.get::<Booking>(key()).await.unwrap().unwrap().record;
    let operator = admin(&world).await;
    let page = operator
        .get(&format!("/admin/reservations/{booking}"))
        .await
        .text;
    assert!(
        !page.contains(&format!(
            "action=\"/admin/bookings/{booking}/claim/decision\""
        )),
        "{page}"
    );
    let query = "what=claim&percent=40&reason=L%E2%80%99agent+est+parti+deux+heures+trop+t%C3%B4t.";
    let shown = operator
        .get(&format!("/admin/reservations/{booking}/decision?{query}"))
        .await
        .text;
    let total = before.price.total.cents();
    let back = domain::money::Euros::from_cents(total)
        .times_ratio(40, 100)
        .unwrap();
    assert!(shown.contains(&back.to_string()), "{back}: {shown}");
    assert!(shown.contains("Courriel au client") && shown.contains("Courriel au professionnel"));
    assert!(shown.contains("Bonjour Camille") && shown.contains("a tranché la réclamation"));
    // Looking decides nothing.
    let read = stored.get::<Booking>(key()).await.unwrap().unwrap().record;
    assert_eq!(read.state, before.state);
    assert_eq!(mails(&world, &client.email, "Réclamation réglée").await, 0);
    let fields = [
        ("percent", "40"),
        ("reason", "L’agent est parti deux heures trop tôt."),
    ];
    done(
        &operator,
        &format!("/admin/bookings/{booking}/claim/decision"),
        &fields,
    )
    .await;
    assert_eq!(mails(&world, &client.email, "Réclamation réglée").await, 1);
    let read = stored.get::<Booking>(key()).await.unwrap().unwrap().record;
    assert_eq!(read.due.unwrap().client, back);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn more_than_five_hundred_euros_are_proposed_by_one_and_confirmed_by_another() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 4).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 20, 8, 12, 4).await;
    let booking = client.book(&world, &mission).await;
    professional.act(&booking, "accept", json!({})).await.ok();
    world.settle().await;
    let total = client.booking(&booking).await["price"]["total"]
        .as_i64()
        .unwrap();
    assert!(total > 50_000, "{total}");
    let operator = admin(&world).await;
    let page = format!("/admin/reservations/{booking}");
    let reason = "Le site est fermé ce jour-là par arrêté préfectoral.";
    let cancel = format!("/admin/bookings/{booking}/cancel");
    let told = done(&operator, &cancel, &[("reason", reason)]).await;
    assert!(told.contains("un second exploitant la confirme"), "{told}");
    assert_eq!(client.booking(&booking).await["state"], "accepted");
    let own = operator.get(&page).await.text;
    assert!(own.contains("un autre exploitant la confirme"), "{own}");
    // Not by whoever proposed it, nor by another decision in its place.
    assert_eq!(
        send(&operator, &cancel, &[("reason", reason)]).await.status,
        409
    );
    let other = [("reason", "Une tout autre raison, de vingt signes.")];
    assert_eq!(send(&operator, &cancel, &other).await.status, 409);
    let queue = operator.get("/admin/a-confirmer").await.text;
    assert!(queue.contains(&booking), "{queue}");
    let overview = operator.get("/admin").await.text;
    assert!(overview.contains("décision à confirmer"), "{overview}");

    let second = second(&world, &operator, &[("roles", "finance")]).await;
    let shown = second.get(&page).await.text;
    assert!(
        shown.contains("Confirmer cette décision") && shown.contains(reason),
        "{shown}"
    );
    done(&second, &cancel, &[("reason", reason)]).await;
    world.settle().await;
    let after = client.booking(&booking).await;
    assert_eq!(after["state"], "cancelled_by_platform");
    assert_eq!(after["money"]["refunded"].as_i64().unwrap(), total);
    let queue = operator.get("/admin/a-confirmer").await.text;
    assert!(queue.contains("Aucune décision n’attend"), "{queue}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_waits_leads_to_the_next() {
    let world = World::start().await;
    let mut waiting = Vec::new();
    for (company, name) in ["Aigle", "Bastion", "Cobalt"].into_iter().enumerate() {
        let (browser, _) = Professional::register(&world, name, company, 1).await;
        Professional::submit(&browser).await.ok();
        let id = browser.get("/api/registration").await.ok()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        waiting.push(id);
        world.advance(60).await;
    }
    let operator = admin(&world).await;
    let next = |text: &str| {
        let link = text
            .split("class=\"next\"><a class=\"button quiet small\" href=\"")
            .nth(1);
        link.map(|link| link.split('"').next().unwrap().to_owned())
    };
    let page = |id: &str| format!("/admin/professionnels/{id}");
    let mut at = page(&waiting[0]);
    for expected in [&waiting[1], &waiting[2], &waiting[0]] {
        let text = operator.get(&at).await.text;
        assert_eq!(next(&text), Some(page(expected)), "{text}");
        at = page(expected);
    }
    // Who was decided leads to who waits longest.
    let refuse = format!("/admin/registrations/{}/refuse", waiting[1]);
    let told = done(
        &operator,
        &refuse,
        &[("internal_reason", "Titre insuffisant.")],
    )
    .await;
    assert_eq!(next(&told), Some(page(&waiting[0])), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn notes_stay_among_operators() {
    let world = World::start().await;
    let (professional, client, booking, _) = with_a_mission(&world).await;
    let operator = admin(&world).await;
    let note = [("note", "A rappelé deux fois, attend son nouvel agrément.")];
    let file = format!("/admin/professionnels/{}/notes", professional.id);
    let told = done(&operator, &file, &note).await;
    assert!(told.contains("attend son nouvel agrément"), "{told}");
    let told = done(
        &operator,
        &format!("/admin/reservations/{booking}/notes"),
        &note,
    )
    .await;
    assert!(told.contains("attend son nouvel agrément"), "{told}");
    let seen = client
        .browser
        .get(&format!("/api/bookings/{booking}"))
        .await
        .text;
    assert!(!seen.contains("nouvel agrément"));
    let empty = [("note", "  ")];
    let refused = send(
        &operator,
        &format!("/admin/reservations/{booking}/notes"),
        &empty,
    )
    .await;
    assert_eq!(refused.status, 400, "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_day_is_read_in_sentences_with_names() {
    let world = World::start().await;
    let (professional, client, booking, _) = with_a_mission(&world).await;
    let reference = client.booking(&booking).await["reference"]
        .as_str()
        .unwrap()
        .to_owned();
    world.settle().await;
    let operator = admin(&world).await;
    let day = operator.get("/admin/activite").await.text;
    let accepted = format!(
        ">Bastion</a> a accepté la demande&nbsp;: <a href=\"/admin/reservations/{booking}\">réservation {reference}</a>."
    );
    assert!(day.contains(&accepted), "{day}");
    assert!(
        day.contains(">Camille Martin</a> a passé commande"),
        "{day}"
    );
    assert!(!day.contains("La plateforme"), "{day}");
    let of_money = operator.get("/admin/activite?genre=argent").await.text;
    assert!(!of_money.contains("a accepté la demande"), "{of_money}");
    let by_mail = operator
        .get(&format!("/admin/activite?who={}", client.email))
        .await
        .text;
    assert!(
        by_mail.contains("a passé commande") && !by_mail.contains("a accepté"),
        "{by_mail}"
    );
    let about = operator
        .get(&format!("/admin/activite?subject={reference}"))
        .await
        .text;
    assert!(about.contains("a accepté la demande"), "{about}");
    let today = jiff::civil::Date::from(world.now().await.to_zoned(jiff::tz::TimeZone::UTC));
    let before = operator
        .get(&format!(
            "/admin/activite?jour={}",
            today.yesterday().unwrap()
        ))
        .await
        .text;
    assert!(
        before.contains("Aucune ligne") && before.contains("Jour suivant"),
        "{before}"
    );
    drop(professional);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_address_is_corrected_and_an_account_closed_at_their_holder_s_request() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let account = client.browser.get("/api/account").await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let operator = admin(&world).await;
    let page = format!("/admin/clients/{account}");
    let proof = (
        "proof",
        "Appel du numéro du compte, référence de sa dernière commande.",
    );
    let address = format!("{page}/adresse");
    let without = send(
        &operator,
        &address,
        &[("email", "camille.martin@exemple.fr")],
    )
    .await;
    assert_eq!(without.status, 422, "{}", without.text);
    assert!(
        without.text.contains("value=\"camille.martin@exemple.fr\""),
        "{}",
        without.text
    );
    done(
        &operator,
        &address,
        &[("email", "camille.martin@exemple.fr"), proof],
    )
    .await;
    assert!(mails(&world, "camille.martin@exemple.fr", "adresse").await > 0);
    let credentials =
        json!({ "email": "camille.martin@exemple.fr", "password": "Correct-Cheval-9" });
    world
        .browser()
        .post("/api/session", credentials.clone())
        .await
        .ok();

    let shown = operator.get(&format!("{page}/fermeture")).await.text;
    assert!(shown.contains("Votre compte est fermé"), "{shown}");
    world
        .browser()
        .post("/api/session", credentials.clone())
        .await
        .ok();
    let told = done(&operator, &format!("{page}/fermer"), &[proof]).await;
    assert!(told.contains("Fermé le"), "{told}");
    assert_eq!(
        world
            .browser()
            .post("/api/session", credentials)
            .await
            .status,
        401
    );
    assert_eq!(
        mails(&world, "camille.martin@exemple.fr", "est fermé").await,
        1
    );
    let log = operator
        .get(&format!("/admin/activite?subject={account}"))
        .await
        .text;
    assert!(log.contains("Appel du numéro du compte"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_claims_in_ninety_days_are_told_to_the_operator() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    under_claim(&world, &professional, &client, 10).await;
    let operator = admin(&world).await;
    let file = format!("/admin/professionnels/{}", professional.id);
    let often = "à trois réclamations en 90 jours";
    let page = operator.get(&file).await.text;
    assert!(
        page.contains("<dt>Réclamations en 90 jours</dt><dd>1</dd>"),
        "{page}"
    );
    let told = |text: &str| {
        let tile = text.split(often).next().unwrap_or_default();
        tile.rsplit("<strong>")
            .next()
            .unwrap_or_default()
            .starts_with('1')
    };
    assert!(!told(&operator.get("/admin").await.text));
    let store = store(&world);
    let id = domain::ids::ProfessionalId::parse(&professional.id).unwrap();
    let read = store
        .get::<Complaints>(Key::complaints(&id))
        .await
        .unwrap()
        .unwrap();
    let mut often = read.record.clone();
    for number in 1..3_u8 {
        often = often.with(Complaint {
            booking: BookingId::from_ulid(&format!("{number:026}")),
            at: world.now().await - jiff::SignedDuration::from_hours(24 * i64::from(number)),
        });
    }
    let changes = Changes::by(&Trace::system("test"), world.now().await);
    store.commit(changes.replace(&read, &often)).await.unwrap();
    let overview = operator.get("/admin").await.text;
    assert!(told(&overview), "{overview}");
    assert!(overview.contains(&format!("{file}#compte")), "{overview}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_professional_who_asked_by_letter_leaves_in_five_days() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let operator = admin(&world).await;
    let leaving = format!("/admin/professionnels/{}/desinscription", professional.id);
    let fields = [
        ("how", "in_five_days"),
        ("proof", "Lettre signée du 28 novembre, au dossier."),
    ];
    done(&operator, &leaving, &fields).await;
    assert!(mails(&world, &professional.email, "").await > 0);
    world.advance(5 * 24 * 60 * 60 + 60 * 60).await;
    world.settle().await;
    let operator = admin(&world).await;
    let file = operator
        .get(&format!("/admin/professionnels/{}", professional.id))
        .await
        .text;
    assert!(file.contains("Compte fermé"), "{file}");
}
