//! The years pass: what is erased, what stays, and what the operator sees of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use jiff::{SignedDuration, Span, Timestamp};
use journeys::{Client, Professional, World, admin, pdf, put_file};
use serde_json::{Value, json};

/// What the tables and buckets hold: how many items of each table, and files of each bucket.
async fn counted(world: &World) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (table, _) in world.everything_stored().await {
        *counts.entry(table).or_default() += 1;
    }
    for bucket in ["documents", "invoices"] {
        let kept = world.files(bucket);
        let kept = kept.iter().filter(|key| !key.starts_with("announced/"));
        counts.insert(format!("s3 {bucket}"), kept.count());
    }
    counts
}

fn of(counts: &BTreeMap<String, usize>, what: &str) -> usize {
    let found = counts.iter().find(|(name, _)| name.ends_with(what));
    found.map_or(0, |(_, count)| *count)
}

fn later(from: Timestamp, span: Span) -> Timestamp {
    let local = from.to_zoned(jiff::tz::TimeZone::UTC);
    local.checked_add(span).unwrap().timestamp()
}

/// A client with one message and its file, a mission done, paid and reviewed, and then closed accounts on
/// both sides.
struct Past {
    client: Client,
    account: String,
    professional: Professional,
    booking: String,
    invoice: String,
    closed: Timestamp,
}

async fn account_of(client: &Client) -> String {
    let account = client.browser.get("/api/account").await.ok();
    account["id"].as_str().unwrap().to_owned()
}

async fn write_to(world: &World, client: &Client, professional: &Professional) {
    let bytes = pdf("plan");
    let announced = json!({
        "name": "plan.pdf", "size": bytes.len(),
        "sha256": adapters::secrets::sha256(&bytes), "file_type": "application/pdf",
    });
    let prepared = client
        .browser
        .post("/api/attachments", announced)
        .await
        .ok();
    put_file(&client.browser, &prepared, bytes).await;
    let page = professional.browser.get("/api/professional/page").await;
    let message = json!({
        "to": { "type": "professional", "slug": page.ok()["slug"] },
        "text": "Bonjour, voici le plan du chantier.",
        "attachments": [prepared["attachment"]],
    });
    world.settle().await;
    client.browser.post("/api/messages", message).await.ok();
}

/// The next first of February: no year ends meanwhile.
async fn to_february(world: &World) {
    let now = world.now().await.to_zoned(jiff::tz::TimeZone::UTC);
    let february = jiff::civil::date(now.year() + 1, 2, 1).at(12, 0, 0, 0);
    let february = february.to_zoned(jiff::tz::TimeZone::UTC).unwrap();
    world.stride_to(february.timestamp(), 20).await;
}

async fn lived(world: &World) -> Past {
    to_february(world).await;
    let professional = Professional::open(world, "Bastion", 0, 1).await;
    let client = Client::sign_up(world, "Camille").await;
    let account = account_of(&client).await;
    let mission = professional.mission(world, 3, 9, 8, 1).await;
    let booking = client.book(world, &mission).await;
    professional.act(&booking, "accept", json!({})).await.ok();
    world.settle().await;
    client.sign_in().await;
    write_to(world, &client, &professional).await;
    // Done, and validated without anybody after three days more.
    let end: Timestamp = mission["end"].as_str().unwrap().parse().unwrap();
    world
        .advance_to(end + SignedDuration::from_hours(4 * 24))
        .await;
    client.sign_in().await;
    let view = client.booking(&booking).await;
    assert_eq!(view["state"], "validated", "{view}");
    let invoices = client
        .browser
        .get(&format!("/api/bookings/{booking}/invoices"))
        .await
        .ok();
    let invoice = invoices["invoices"][0]["id"].as_str().unwrap().to_owned();
    // Both leave.
    let close = json!({ "password": "Correct-Cheval-9" });
    client.browser.post("/api/account/close", close).await.ok();
    professional.sign_in().await;
    let leave = json!({ "password": "Nouveau-Secret-77", "how": "in_five_days" });
    professional
        .browser
        .post("/api/account/close", leave)
        .await
        .ok();
    world.advance(6 * 86_400).await;
    Past {
        client,
        account,
        professional,
        booking,
        invoice,
        closed: world.now().await,
    }
}

/// The text of everything that is stored.
async fn stored_text(world: &World) -> String {
    let all = world.everything_stored().await;
    let items = all
        .into_iter()
        .map(|(table, item)| format!("{table} {}", Value::Object(item)));
    items.collect::<Vec<_>>().join("\n")
}

/// The items of a table, or of every one, in which one of these words is.
fn naming<'a>(stored: &'a str, table: &str, words: &[&str]) -> Vec<&'a str> {
    let lines = stored.lines().filter(|line| line.contains(table));
    lines
        .filter(|line| words.iter().any(|word| line.contains(word)))
        .collect()
}

async fn page(world: &World, address: &str) -> String {
    admin(world).await.get(address).await.text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_three_and_ten_years_erase_what_was_promised_and_nothing_else() {
    let world = World::start().await;
    let past = lived(&world).await;
    let begun = counted(&world).await;
    assert!(
        of(&begun, "s3 documents") >= 6 && of(&begun, "s3 invoices") >= 3,
        "{begun:?}"
    );
    assert!(
        of(&begun, "-ledger") >= 3 && of(&begun, "-messages") >= 2,
        "{begun:?}"
    );
    assert!(
        of(&begun, "-offers") == 1 && of(&begun, "-agenda") > 0,
        "{begun:?}"
    );

    // Six months: the documents that name people, and the bank details.
    world
        .stride_to(later(past.closed, Span::new().months(6).days(20)), 10)
        .await;
    let after = counted(&world).await;
    let gone = of(&begun, "s3 documents") - of(&after, "s3 documents");
    assert!(gone >= 3 && of(&after, "s3 documents") > 0, "{after:?}");
    assert_eq!(of(&after, "-messages"), 2, "{after:?}");

    // Not quite two years: nothing more. The dry run lists it, the day after it is done, and told.
    let two_years = later(past.closed, Span::new().years(2));
    world
        .stride_to(later(two_years, Span::new().days(-20)), 10)
        .await;
    let before = counted(&world).await;
    assert_eq!(of(&before, "-messages"), 2, "{before:?}");
    let due = later(two_years, Span::new().days(1));
    world.stride_to(due, 21).await;
    let listed = page(&world, "/admin/conservation").await;
    assert!(
        listed.contains("Effacer les contenus et documents"),
        "{listed}"
    );
    assert!(listed.contains(&past.account), "{listed}");
    assert_eq!(of(&counted(&world).await, "-messages"), 2);
    world.stride_to(later(due, Span::new().days(2)), 1).await;
    let two = counted(&world).await;
    assert_eq!(of(&two, "s3 documents"), 0, "{two:?}");
    for table in ["-messages", "-offers", "-agenda", "-listings"] {
        assert_eq!(of(&two, table), 0, "{table}: {two:?}");
    }
    let text = stored_text(&world).await;
    assert_eq!(
        naming(&text, "-tokens ", &[&past.account, &past.professional.id]),
        [""; 0]
    );
    assert!(!text.contains("plan du chantier") && !text.contains("Sonner au portail"));
    assert!(text.contains("camille@exemple.fr") && text.contains("12 rue de la République"));

    // Three years: who they were.
    world
        .stride_to(later(past.closed, Span::new().years(3).days(15)), 5)
        .await;
    let three = counted(&world).await;
    for table in [
        "-ledger",
        "-invoices",
        "-bookings",
        "-accounts",
        "s3 invoices",
    ] {
        assert_eq!(of(&three, table), of(&begun, table), "{table}: {three:?}");
    }
    let text = stored_text(&world).await;
    let who = [
        "camille@",
        "12 rue de la République",
        "bastion@",
        "Dominique Leroy",
        "910000017",
    ];
    let mut people = naming(&text, "", &who);
    // An invoice is found by its number, which begins with the seller's SIREN.
    people.retain(|line| !line.contains("-invoices ") && !line.contains("Facture 910000017-2027"));
    assert_eq!(people, [""; 0], "only invoices say who it was");
    assert_eq!(
        naming(&text, "-accounts ", &["cgu-clients"]).len(),
        1,
        "acceptances stay"
    );

    // Nine years: an invoice is read as on its first day.
    world
        .stride_to(later(past.closed, Span::new().years(9)), 60)
        .await;
    let invoice = stored_text(&world).await;
    assert!(invoice.contains(&past.invoice) && invoice.contains("12 rue de la République"));
    let key = world
        .files("invoices")
        .into_iter()
        .find(|key| key.ends_with(".pdf"))
        .unwrap();
    assert!(world.file("invoices", &key).starts_with(b"%PDF"), "{key}");

    // Ten: accounts and what proves; the books stand until the end of their year, then they go too.
    world
        .stride_to(later(past.closed, Span::new().years(10).days(8)), 4)
        .await;
    let ten = counted(&world).await;
    assert_eq!(of(&ten, "-ledger"), of(&begun, "-ledger"), "{ten:?}");
    assert_eq!(
        of(&ten, "s3 invoices"),
        of(&begun, "s3 invoices"),
        "{ten:?}"
    );
    let text = stored_text(&world).await;
    assert_eq!(
        naming(&text, "-accounts ", &[&past.account, "cgu-"]),
        [""; 0]
    );
    assert_eq!(naming(&text, "-professionals ", &[""]), [""; 0]);
    world
        .stride_to(later(past.closed, Span::new().years(11).days(8)), 30)
        .await;
    let eleven = counted(&world).await;
    for what in [
        "-ledger",
        "-bookings",
        "-professionals",
        "s3 invoices",
        "s3 documents",
    ] {
        assert_eq!(of(&eleven, what), 0, "{what}: {eleven:?}");
    }
    let text = stored_text(&world).await;
    let found = [
        past.account.as_str(),
        &past.professional.id,
        &past.booking,
        "Facture",
    ];
    assert_eq!(naming(&text, "-finding ", &found), [""; 0]);
    let left = naming(&text, "", &[&past.booking]);
    let logged = naming(&text, "-activity ", &[&past.booking]);
    assert_eq!(left, logged, "but for the line that says so");
    assert_eq!(past.client.email, "camille@exemple.fr");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_legal_hold_keeps_everything_until_it_is_lifted() {
    let world = World::start().await;
    let past = lived(&world).await;
    let address = format!("/admin/conservation/{}", past.account);
    let operator = admin(&world).await;
    let refused = operator
        .form(&format!("{address}/geler"), &[("reason", "?".to_owned())])
        .await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let why = [("reason", "Plainte pénale en cours, dossier 12.".to_owned())];
    let held = operator.form(&format!("{address}/geler"), &why).await;
    assert_eq!(held.status, 303, "{}", held.text);
    world
        .stride_to(later(past.closed, Span::new().years(3).days(15)), 30)
        .await;
    let text = stored_text(&world).await;
    assert!(text.contains("plan du chantier") && text.contains("camille@exemple.fr"));
    let shown = page(&world, "/admin/conservation").await;
    assert!(shown.contains("Plainte pénale en cours"), "{shown}");

    let why = [("reason", "Plainte classée sans suite.".to_owned())];
    let lifted = admin(&world)
        .await
        .form(&format!("{address}/degeler"), &why)
        .await;
    assert_eq!(lifted.status, 303, "{}", lifted.text);
    let now = world.now().await;
    world.stride_to(later(now, Span::new().days(4)), 1).await;
    let text = stored_text(&world).await;
    let left = naming(&text, "", &["plan du chantier", "camille@exemple.fr"]);
    assert!(
        left.iter().all(|line| line.contains("-invoices ")),
        "{left:#?}"
    );
    let shown = page(&world, &address).await;
    assert!(shown.contains("Plainte classée sans suite"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_who_does_nothing_for_three_years_is_warned_and_then_closed() {
    let world = World::start().await;
    let idle = Client::sign_up(&world, "Camille").await;
    let back = Client::sign_up(&world, "Robin").await;
    let begun = world.now().await;
    world
        .stride_to(later(begun, Span::new().years(2).months(10)), 30)
        .await;
    assert!(
        world
            .mails_to(&idle.email)
            .await
            .iter()
            .all(|mail| mail["subject"] != "Votre compte va être fermé")
    );
    world
        .stride_to(later(begun, Span::new().years(2).months(11).days(5)), 2)
        .await;
    for client in [&idle, &back] {
        let mail = world
            .mail(&client.email, "Votre compte va être fermé")
            .await;
        let text = mail["text"].as_str().unwrap();
        assert!(
            text.contains("trois ans") && text.contains("un mois"),
            "{text}"
        );
    }
    back.sign_in().await;
    world
        .stride_to(later(begun, Span::new().years(3).months(1).days(15)), 2)
        .await;
    world.mail(&idle.email, "faute d’activité").await;
    back.sign_in().await;
    let refused = json!({ "email": idle.email, "password": "Correct-Cheval-9" });
    world
        .browser()
        .post("/api/session", refused)
        .await
        .refused(401, "wrong_credentials");
    let text = stored_text(&world).await;
    assert!(!text.contains("camille@exemple.fr"), "erased at once");
    assert!(text.contains("robin@exemple.fr"));
    // Told once.
    let told = world.mails_to(&idle.email).await;
    let warned = told
        .iter()
        .filter(|mail| mail["subject"] == "Votre compte va être fermé");
    assert_eq!(warned.count(), 1);
}

/// The address of the only open request whose page says `words`.
async fn request_with(world: &World, words: &str) -> String {
    let operator = admin(world).await;
    let queue = operator.get("/admin/demandes").await.text;
    let links = queue.split("href=\"/admin/demandes/drq_").skip(1);
    for link in links {
        let id = link.split('"').next().unwrap();
        let address = format!("/admin/demandes/drq_{id}");
        if operator.get(&address).await.text.contains(words) {
            return address;
        }
    }
    panic!("no request says « {words} » in {queue}");
}

async fn answer(world: &World, address: &str, outcome: &str) -> u16 {
    let given = [
        ("outcome", outcome.to_owned()),
        (
            "text",
            "Nous avons fait ce que vous demandiez ce jour.".to_owned(),
        ),
        ("proof", "Fait et vérifié dans le journal.".to_owned()),
    ];
    let operator = admin(world).await;
    operator
        .form(&format!("{address}/repondre"), &given)
        .await
        .status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_about_data_is_proved_registered_lengthened_and_answered_once() {
    let world = World::start().await;
    let visitor = world.browser();
    let asked = json!({
        "right": "access", "name": "Robin Durand", "email": "robin@exemple.fr",
        "text": "Quelles données avez-vous de moi ?",
    });
    let taken = visitor.post("/api/data-requests", asked.clone()).await.ok();
    assert_eq!(taken["due_at"], Value::Null, "the address is not proved");
    let queue = page(&world, "/admin/demandes").await;
    assert!(!queue.contains("Robin"), "{queue}");

    let token = world.token("robin@exemple.fr").await;
    let link = json!({ "token": token });
    for _ in 0..2 {
        let proved = visitor
            .post("/api/data-requests/confirm", link.clone())
            .await
            .ok();
        let due: Timestamp = proved["due_at"].as_str().unwrap().parse().unwrap();
        let month = later(world.now().await, Span::new().months(1));
        assert!(month.duration_since(due).as_secs().abs() < 120, "{due}");
    }
    let forged = json!({ "token": "x".repeat(43) });
    visitor
        .post("/api/data-requests/confirm", forged)
        .await
        .refused(410, "link_expired");
    let received = world.mails_to("robin@exemple.fr").await;
    let received = received
        .iter()
        .filter(|mail| mail["subject"] == "Votre demande est enregistrée");
    assert_eq!(received.count(), 1, "proved twice, told once");

    let address = request_with(&world, "Quelles données").await;
    let why = [(
        "reason",
        "Vos échanges sont archivés et nombreux.".to_owned(),
    )];
    let operator = admin(&world).await;
    let more = format!("{address}/prolonger");
    assert_eq!(operator.form(&more, &why).await.status, 303);
    assert_eq!(operator.form(&more, &why).await.status, 409);
    let mail = world.mail("robin@exemple.fr", "plus de temps").await;
    assert!(
        mail["text"]
            .as_str()
            .unwrap()
            .contains("archivés et nombreux")
    );
    assert_eq!(answer(&world, &address, "refused").await, 303);
    assert_eq!(answer(&world, &address, "granted").await, 409);
    let mail = world
        .mail("robin@exemple.fr", "Réponse à votre demande")
        .await;
    let text = mail["text"].as_str().unwrap();
    assert!(
        text.contains("refusée") && text.contains("cnil.fr"),
        "{text}"
    );
    let register = page(&world, "/admin/demandes?etat=repondues").await;
    assert!(register.contains("Robin Durand"), "{register}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_opposition_ends_the_newsletter_and_a_granted_erasure_does_not_wait() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let wanted = json!({ "wanted": true });
    client
        .browser
        .put("/api/account/newsletter", wanted)
        .await
        .ok();
    let ask = async |right: &str, text: &str| {
        let asked = json!({ "right": right, "text": text });
        let taken = client
            .browser
            .post("/api/account/data-requests", asked)
            .await
            .ok();
        assert!(taken["due_at"].is_string());
    };
    ask("opposition", "Plus aucune prospection, merci.").await;
    ask("erasure", "Tout effacer dès la fermeture.").await;
    let opposed = request_with(&world, "aucune prospection").await;
    assert_eq!(answer(&world, &opposed, "granted").await, 303);
    let account = client.browser.get("/api/account").await.ok();
    assert_eq!(account["profile"]["newsletter"], false);

    let close = json!({ "password": "Correct-Cheval-9" });
    client.browser.post("/api/account/close", close).await.ok();
    let erasure = request_with(&world, "Tout effacer").await;
    assert_eq!(answer(&world, &erasure, "granted").await, 303);
    let now = world.now().await;
    world.stride_to(later(now, Span::new().days(3)), 1).await;
    let text = stored_text(&world).await;
    assert_eq!(naming(&text, "-accounts ", &["camille@"]), [""; 0]);

    // What came by post is entered, not ahead of time.
    let today = world.now().await.to_zoned(jiff::tz::TimeZone::UTC).date();
    let entered = |day: jiff::civil::Date| {
        [
            ("right", "portability".to_owned()),
            ("channel", "post".to_owned()),
            ("name", "Nadia Petit".to_owned()),
            ("email", "nadia@exemple.fr".to_owned()),
            ("received_on", day.to_string()),
            ("text", "Une copie réutilisable de mes données.".to_owned()),
        ]
    };
    let operator = admin(&world).await;
    let ahead = today.saturating_add(Span::new().days(2));
    assert_eq!(
        operator
            .form("/admin/demandes", &entered(ahead))
            .await
            .status,
        422
    );
    let before = today.saturating_sub(Span::new().days(9));
    assert_eq!(
        operator
            .form("/admin/demandes", &entered(before))
            .await
            .status,
        303
    );
    let queue = page(&world, "/admin/demandes").await;
    assert!(
        queue.contains("Nadia Petit") && queue.contains("9 j"),
        "{queue}"
    );
    world
        .mail("nadia@exemple.fr", "Votre demande est enregistrée")
        .await;
}

/// When each kind of record goes. Who adds one says here when it does, and sees to it
/// (`functions/operator/src/sweep_retention`).
const GOES: [(&str, &str); 63] = [
    (
        "Account",
        "with the account: three years without names, ten years gone",
    ),
    (
        "ActivityLine",
        "by itself, within days, months or years (expires)",
    ),
    (
        "AddressProof",
        "by itself, within days, months or years (expires)",
    ),
    ("AgendaDay", "two years after the closure"),
    ("Alert", "two years after the closure"),
    (
        "Answered",
        "by itself, within days, months or years (expires)",
    ),
    (
        "AttachmentDraft",
        "by itself, within days, months or years (expires)",
    ),
    ("Bills", "ten years after the end of its year"),
    ("Booking", "ten years after the end of its year"),
    ("BookingRow", "ten years after the end of its year"),
    (
        "ClientRow",
        "with the account: three years without names, ten years gone",
    ),
    ("Complaints", "two years after the closure"),
    (
        "Configuration",
        "says nothing about clients or professionals, or that something was erased",
    ),
    ("Conversation", "two years after the closure"),
    (
        "DataRequest",
        "by itself, within days, months or years (expires)",
    ),
    ("Devices", "two years after the closure"),
    (
        "DiscardedFile",
        "by itself, within days, months or years (expires)",
    ),
    (
        "DocumentsRow",
        "when nothing waits any more, with what its owner is found under",
    ),
    (
        "DoneOnce",
        "by itself, within days, months or years (expires)",
    ),
    ("Evaluation", "two years after the closure"),
    ("Experience", "three years after the closure"),
    ("Favourites", "two years after the closure"),
    ("FileChange", "two years after the closure"),
    (
        "FoundPlaces",
        "with the account: three years without names, ten years gone",
    ),
    (
        "FoundUnder",
        "with the account: three years without names, ten years gone",
    ),
    ("InternalNote", "two years after the closure"),
    (
        "LikenessMark",
        "with the account: three years without names, ten years gone",
    ),
    ("Listing", "two years after the closure"),
    (
        "Members",
        "with the account: three years without names, ten years gone",
    ),
    ("Message", "two years after the closure"),
    ("Movement", "ten years after the end of its year"),
    ("Offer", "two years after the closure"),
    (
        "OpenOrders",
        "by itself, within days, months or years (expires)",
    ),
    (
        "Operator",
        "says nothing about clients or professionals, or that something was erased",
    ),
    (
        "Order",
        "with the account: three years without names, ten years gone",
    ),
    (
        "OutboxItem",
        "by itself, within days, months or years (expires)",
    ),
    ("Patron", "three years after the closure"),
    (
        "PlannedErasure",
        "says nothing about clients or professionals, or that something was erased",
    ),
    ("Portrait", "six months after the closure"),
    (
        "Postponed",
        "by itself, within days, months or years (expires)",
    ),
    ("PrintedOrder", "ten years after the end of its year"),
    (
        "Professional",
        "with the account: three years without names, ten years gone",
    ),
    ("ProposedDecision", "two years after the closure"),
    ("QuoteAsked", "two years after the closure"),
    ("QuoteRequest", "two years after the closure"),
    (
        "Report",
        "by itself, within days, months or years (expires)",
    ),
    (
        "RetentionFile",
        "says nothing about clients or professionals, or that something was erased",
    ),
    (
        "RetentionReport",
        "says nothing about clients or professionals, or that something was erased",
    ),
    ("Review", "two years after the closure"),
    ("SavedSites", "two years after the closure"),
    (
        "ScannedFile",
        "by itself, within days, months or years (expires)",
    ),
    (
        "SentMail",
        "by itself, within days, months or years (expires)",
    ),
    (
        "Series",
        "says nothing about clients or professionals, or that something was erased",
    ),
    ("Shift", "two years after the closure"),
    (
        "SignedInDevice",
        "by itself, within days, months or years (expires)",
    ),
    ("StoredInvoice", "ten years after the end of its year"),
    ("Tally", "three years after the closure"),
    (
        "TermsRegister",
        "says nothing about clients or professionals, or that something was erased",
    ),
    (
        "TermsText",
        "says nothing about clients or professionals, or that something was erased",
    ),
    ("Token", "by itself, within days, months or years (expires)"),
    (
        "TourPlace",
        "says nothing about clients or professionals, or that something was erased",
    ),
    (
        "UndeliveredEvent",
        "by itself, within days, months or years (expires)",
    ),
    (
        "UniqueClaim",
        "with the account: three years without names, ten years gone",
    ),
];

#[test]
fn every_record_has_its_day() {
    let known: Vec<&str> = adapters::store::stored::KINDS
        .iter()
        .map(|kind| kind.name)
        .collect();
    let undecided: Vec<&&str> = known
        .iter()
        .filter(|name| !GOES.iter().any(|(decided, _)| decided == *name))
        .collect();
    assert!(undecided.is_empty(), "when do these go? {undecided:?}");
    for (name, when) in GOES {
        assert!(known.contains(&name), "{name}: {when}");
    }
}
