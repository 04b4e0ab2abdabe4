//! The operator finds things: one box for everything, lists by what one looks for, the log by day.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Instant;

use adapters::environment::Outside as _;
use adapters::likenesses;
use adapters::store::{BookingRow, Changes, Key, Store, Trace};
use domain::booking::{Booking, BookingState};
use domain::ids::{BookingId, ProfessionalId, TypedId as _};
use domain::money::Euros;
use domain::professional::Professional as File;
use jiff::SignedDuration;
use journeys::life::live;
use journeys::{Browser, Client, Professional, World, admin};
use serde_json::json;

fn store(world: &World) -> Store {
    Store::open(&local::functions::environment(world.surroundings()))
}

/// Where one lands who looks for this: the address of the page, or the page of results.
async fn looked_for(operator: &Browser, typed: &str) -> String {
    let query: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    let answer = operator.get(&format!("/admin/recherche?q={query}")).await;
    match answer.headers.get("location") {
        Some(to) => to.to_str().unwrap().to_owned(),
        None => answer.text,
    }
}

async fn booking_of(client: &Client) -> (String, String) {
    let list = client.browser.get("/api/bookings").await.ok();
    let one = &list["bookings"][0];
    let text = |name: &str| one[name].as_str().unwrap().to_owned();
    (text("id"), text("reference"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_box_finds_bookings_people_agents_and_invoices() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    live(&world, &professional, &client).await;
    professional.sign_in().await;
    professional.invite_manager(&world, "Ines").await;
    world.settle().await;
    client.sign_in().await;
    let account = client.browser.get("/api/account").await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let (booking, reference) = booking_of(&client).await;
    let invoices = client
        .browser
        .get(&format!("/api/bookings/{booking}/invoices"))
        .await
        .ok();
    let invoice = invoices["invoices"][0]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let file = store(&world)
        .get::<File>(Key::professional(
            &ProfessionalId::parse(&professional.id).unwrap(),
        ))
        .await
        .unwrap()
        .unwrap()
        .record;
    let card = file
        .documents
        .iter()
        .find(|document| document.agent().is_some());
    let card = card.and_then(|document| document.number()).unwrap();
    let authorisation = file.documents.iter().find(|document| {
        document.agent().is_none() && document.manager().is_none() && document.title().is_some()
    });
    let authorisation = authorisation
        .and_then(|document| document.number())
        .unwrap();

    let operator = admin(&world).await;
    let booking = format!("/admin/reservations/{booking}");
    let company = format!("/admin/professionnels/{}", professional.id);
    let person = format!("/admin/clients/{account}");
    for (typed, led) in [
        (reference.clone(), &booking),
        (reference.to_lowercase().replace('-', " "), &booking),
        (reference.replace('-', "\u{2013}"), &booking),
        (invoice, &booking),
        (client.email.to_uppercase(), &person),
        ("06 12 34 56 78".to_owned(), &person),
        ("910 000 017".to_owned(), &company),
        ("910 000 017 00012".to_owned(), &company),
        ("FR53 910000017".to_owned(), &company),
        ("04.72.00.00.00".to_owned(), &company),
        (authorisation, &company),
        (card, &company),
        ("ines@equipe.exemple.fr".to_owned(), &company),
    ] {
        assert_eq!(&looked_for(&operator, &typed).await, led, "{typed}");
    }
    for (typed, group, link) in [
        ("CAMILLE", "Clients", &person),
        ("mart cam", "Clients", &person),
        ("bàst", "Professionnels", &company),
        ("dominique leroy", "Professionnels", &company),
        ("durand", "Agents", &company),
        ("ines roy", "Membres d’une équipe", &company),
    ] {
        let page = looked_for(&operator, typed).await;
        assert!(
            page.contains(&format!("<h2>{group}</h2>")),
            "{typed}: {page}"
        );
        assert!(
            page.contains(&format!("href=\"{link}\"")),
            "{typed}: {page}"
        );
    }
    let file = operator.get(&company).await.text;
    assert!(
        file.contains("Ines Roy</a>, gestionnaire, ines@equipe.exemple.fr"),
        "{file}"
    );
    let page = looked_for(&operator, "Quenneville").await;
    assert!(
        page.contains("Rien n’a été trouvé") && page.contains("quenneville"),
        "{page}"
    );
    let page = looked_for(&operator, "MAS-2026-00000000").await;
    assert!(page.contains("la réservation MAS-2026-00000000"), "{page}");

    // What somebody is no longer called leads nowhere.
    let corrected =
        json!({ "first_name": "Dominique", "last_name": "Aubry", "phone": "06 98 76 54 32" });
    client
        .browser
        .put("/api/account/profile", corrected)
        .await
        .ok();
    world.settle().await;
    let page = looked_for(&operator, "aubry").await;
    assert!(page.contains(&format!("href=\"{person}\"")), "{page}");
    assert_eq!(looked_for(&operator, "06 98 76 54 32").await, person);
    for gone in ["camille", "06 12 34 56 78"] {
        let page = looked_for(&operator, gone).await;
        assert!(page.contains("Rien n’a été trouvé"), "{gone}: {page}");
    }

    // News that come again, in whatever order, change nothing.
    let before = everything_found(&world).await;
    world.repeat_every_event().await;
    assert_eq!(everything_found(&world).await, before);
}

/// What the index holds, without how often it was written.
async fn everything_found(world: &World) -> Vec<String> {
    let stored = world.everything_stored().await.into_iter();
    let found = stored.filter(|(table, _)| table.ends_with("-finding"));
    let mut bodies: Vec<String> = found
        .map(|(_, item)| format!("{} {} {}", item["pk"], item["sk"], item["body"]))
        .collect();
    bodies.sort();
    assert!(bodies.len() > 20, "{bodies:?}");
    bodies
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_stored_before_there_was_an_index_is_found_within_a_day() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    client.book(&world, &mission).await;
    world.settle().await;
    let (_, reference) = booking_of(&client).await;
    let store = store(&world);
    // As if nothing had ever been written there.
    for (table, item) in world.everything_stored().await {
        if table.ends_with("-finding") {
            let text = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
            let changes = Changes::by(&Trace::system("test"), world.now().await);
            let key = Key::found_under(text("pk").trim_start_matches("under#"), &text("sk"));
            let other = Key::found_places(&text("pk"));
            let row = BookingId::parse(&text("pk"))
                .ok()
                .map(|id| Key::booking_row(&id));
            let gone = changes
                .forget::<adapters::store::FoundUnder>(key)
                .forget::<adapters::store::FoundPlaces>(other);
            let gone = row
                .into_iter()
                .fold(gone, |gone, row| gone.forget::<BookingRow>(row));
            store.commit_apart(gone).await.unwrap();
        }
    }
    let operator = admin(&world).await;
    let page = looked_for(&operator, &reference).await;
    assert!(page.contains("Rien n’a été trouvé"), "{page}");
    world.advance(25 * 60 * 60).await;
    world.settle().await;
    let operator = admin(&world).await;
    assert!(
        looked_for(&operator, &reference)
            .await
            .starts_with("/admin/reservations/bkg_")
    );
    for typed in ["camille", "bastion"] {
        let page = looked_for(&operator, typed).await;
        assert!(page.contains("<h2>"), "{typed}: {page}");
    }
}

/// Rows like those of a marketplace with so many bookings, a minute apart.
async fn fill(world: &World, store: &Store, like: &BookingRow, from: u32, until: u32) {
    let states = BookingState::ALL;
    let now = world.now().await;
    let departments: Vec<_> = domain::places::Department::all().collect();
    for first in (from..until).step_by(90) {
        let mut changes = Changes::by(&Trace::system("test"), now);
        for number in first..until.min(first + 90) {
            let at = like.ordered_at - SignedDuration::from_mins(i64::from(number));
            let row = BookingRow {
                id: BookingId::from_ulid(&format!("{number:026}")),
                reference: format!("MAS-2026-{number:08}"),
                state: states[number as usize % states.len()],
                department: departments[number as usize % departments.len()],
                total: Euros::from_cents(10_000 + i64::from(number) * 7 % 500_000),
                ordered_at: at,
                starts_at: at + SignedDuration::from_hours(48),
                ..like.clone()
            };
            changes = changes.overwrite(&row);
        }
        store.commit(changes).await.unwrap();
    }
}

/// Somebody else of whom a word begins as Camille Martin's does, so many times.
async fn namesakes(world: &World, store: &Store, count: u32) {
    let now = world.now().await;
    for first in (0..count).step_by(90) {
        let mut changes = Changes::by(&Trace::system("test"), now);
        for number in first..count.min(first + 90) {
            let entry = adapters::finding::entry_of_word(
                "martin",
                &format!("acc_{number:026}"),
                "Marthe Martinet",
            );
            changes = changes.overwrite(&entry);
        }
        store.commit(changes).await.unwrap();
    }
}

/// Read units and lines of each of these lists.
async fn costs(world: &World, operator: &Browser) -> Vec<(f64, usize)> {
    let mut all = Vec::new();
    for query in LISTS {
        world.spent();
        let page = operator.get(&format!("/admin/reservations?{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.text);
        let units = world.spent().read_units;
        all.push((units, page.text.matches("data-label=\"Client\"").count()));
    }
    all
}

const LISTS: [&str; 8] = [
    "",
    "etat=under_claim",
    "departement=48",
    "min=500&max=600",
    "du=2026-11-20&au=2026-11-25",
    "tri=montant&sens=croissant",
    "tri=mission",
    "etat=accepted&departement=69&min=4000",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_of_a_list_costs_less_than_twenty_read_units_however_many_there_are() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    world.settle().await;
    let store = store(&world);
    let key = Key::booking_row(&BookingId::parse(&booking).unwrap());
    let like = store.get::<BookingRow>(key).await.unwrap().unwrap().record;
    let operator = admin(&world).await;
    fill(&world, &store, &like, 0, 200).await;
    let few = costs(&world, &operator).await;
    fill(&world, &store, &like, 200, 2_000).await;
    let many = costs(&world, &operator).await;
    for ((query, (few, _)), (many, lines)) in LISTS.into_iter().zip(few).zip(many) {
        println!("{query}: {few} then {many} read units, {lines} lines");
        assert!(many < 20.0 && few < 20.0, "{query}: {few}, {many}");
    }
    // A name that many have, and a number.
    namesakes(&world, &store, 800).await;
    for typed in ["martin", "mart", "camille+martin", "06+12+34+56+78"] {
        world.spent();
        operator.get(&format!("/admin/recherche?q={typed}")).await;
        let units = world.spent().read_units;
        println!("{typed}: {units} read units");
        assert!(units < 20.0, "{typed}: {units}");
    }
    // Every filter can be gone on with to its end, and finds each once.
    let mut next = "/admin/reservations?departement=48".to_owned();
    let mut found = 0;
    loop {
        let page = operator.get(&next).await.text;
        found += page.matches("data-label=\"Client\"").count();
        let Some(link) = page.split("<p class=\"pages\"><a href=\"").nth(1) else {
            break;
        };
        next = link.split('"').next().unwrap().replace("&#38;", "&");
    }
    let csv = operator
        .get("/admin/reservations.csv?departement=48")
        .await
        .text;
    assert_eq!(csv.lines().count() - 1, found);
    assert!(found >= 18, "{found}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lists_are_filtered_sorted_and_downloaded() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mut bookings = Vec::new();
    for days in [10, 12] {
        let mission = professional.mission(&world, days, 9, 8, 1).await;
        bookings.push(client.book(&world, &mission).await);
    }
    professional
        .act(&bookings[0], "accept", json!({}))
        .await
        .ok();
    world.settle().await;
    let operator = admin(&world).await;
    let lines = |text: &str| text.matches("data-label=\"Client\"").count();
    for (query, count) in [
        ("", 2),
        ("etat=accepted", 1),
        ("etat=requested", 1),
        ("etat=refused", 0),
        ("departement=69", 2),
        ("departement=75", 0),
        ("min=100000", 0),
        ("etat=&departement=&du=&au=&min=&max=", 2),
    ] {
        let page = operator.get(&format!("/admin/reservations?{query}")).await;
        assert_eq!(lines(&page.text), count, "{query}: {}", page.text);
    }
    let place = |text: &str, id: &str| text.find(&format!("/admin/reservations/{id}\"")).unwrap();
    let page = operator
        .get("/admin/reservations?tri=mission&sens=croissant")
        .await
        .text;
    assert!(
        place(&page, &bookings[0]) < place(&page, &bookings[1]),
        "{page}"
    );
    let page = operator
        .get("/admin/reservations?tri=mission&sens=decroissant")
        .await
        .text;
    assert!(
        place(&page, &bookings[0]) > place(&page, &bookings[1]),
        "{page}"
    );
    let refused = operator.get("/admin/reservations?du=hier").await;
    assert!(
        refused.text.contains("Indiquez un jour"),
        "{}",
        refused.text
    );
    let csv = operator.get("/admin/reservations.csv?etat=accepted").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<&str> = csv.text.lines().collect();
    assert_eq!(lines.len(), 2, "{}", csv.text);
    assert!(
        lines[1].contains(";Camille Martin;Bastion;Lyon;69;Confirmée;"),
        "{}",
        lines[1]
    );

    let page = operator.get("/admin/clients").await;
    assert!(page.text.contains("Camille Martin"), "{}", page.text);
    // What they ordered is counted once a day.
    world.advance(25 * 60 * 60).await;
    world.settle().await;
    let operator = admin(&world).await;
    let store = store(&world);
    let key = Key::booking(&BookingId::parse(&bookings[0]).unwrap());
    let stored = store.get::<Booking>(key).await.unwrap().unwrap();
    let total = stored.record.price.total;
    let page = operator
        .get("/admin/clients?departement=69&min=1")
        .await
        .text;
    assert!(page.contains(&total.to_string()), "{page}");
    let csv = operator.get("/admin/clients.csv").await.text;
    assert!(csv.contains(";Camille Martin;;Ouvert;"), "{csv}");
}

/// Twenty-eight others with the same telephone, each with a whole file.
async fn alike(world: &World, id: &ProfessionalId) {
    let store = store(world);
    let read = store
        .get::<File>(Key::professional(id))
        .await
        .unwrap()
        .unwrap();
    for number in 0..28_u32 {
        let other = File {
            id: ProfessionalId::from_ulid(&format!("{number:026}")),
            ..read.record.clone()
        };
        let changes = Changes::by(&Trace::system("test"), world.now().await);
        let changes = likenesses::mark(changes.overwrite(&other), &other);
        store.commit(changes).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_file_that_twenty_eight_others_resemble_reads_each_of_them_once() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 12).await;
    let id = ProfessionalId::parse(&professional.id).unwrap();
    alike(&world, &id).await;
    let operator = admin(&world).await;
    world.spent();
    let begun = Instant::now();
    let page = operator.get(&format!("/admin/professionnels/{id}")).await;
    let took = begun.elapsed();
    let spent = world.spent();
    assert_eq!(page.status, 200, "{}", page.text);
    println!("{took:?}, {} read units", spent.read_units);
    // Its own marks and file, and each of the others: nothing is read twice. Five units is one file.
    assert!(spent.read_units < 28.0 * 6.0 + 20.0, "{spent:?}");
    assert!(
        page.text.matches("même téléphone").count() >= 28,
        "{}",
        page.text
    );
}
