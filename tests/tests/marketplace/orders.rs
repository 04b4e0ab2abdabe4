//! Orders of several missions, as people live them: over HTTP, with the clock moved and Stripe's books read.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use domain::time::paris;
use jiff::SignedDuration;
use journeys::{Client, Professional, World, admin};
use serde_json::{Value, json};

use crate::payments::{at, cents};

/// A world in which a client orders several missions of a professional.
struct Several {
    world: World,
    professional: Professional,
    client: Client,
    /// What is asked, with its dates.
    asked: Value,
}

impl Several {
    /// Missions of eight hours on Tuesdays, this many weeks in a row.
    async fn of(weeks: i64, agents: usize) -> Self {
        let world = World::start().await;
        let professional = Professional::open(&world, "Bastion", 0, agents).await;
        let client = Client::sign_up(&world, "Camille").await;
        let first = professional.mission(&world, 10, 9, 8, 1).await;
        let week = |value: &Value, number: i64| {
            let moment = at(value) + SignedDuration::from_hours(7 * 24 * number);
            moment.to_string()
        };
        let missions: Vec<Value> = (0..weeks)
            .map(|number| {
                json!({ "start": week(&first["start"], number), "end": week(&first["end"], number) })
            })
            .collect();
        let asked = json!({
            "offer": professional.offer,
            "agents": 1,
            "postal_code": "69002",
            "missions": missions,
        });
        Self {
            world,
            professional,
            client,
            asked,
        }
    }

    async fn quote(&self) -> Value {
        let browser = self.world.browser();
        let quote = browser.post("/api/order-quotes", self.asked.clone()).await;
        quote.ok()
    }

    /// The order as the site would send it after a quote.
    async fn order(&self) -> Value {
        let quote = self.quote().await;
        json!({
            "asked": self.asked,
            "address": "12 rue de la République",
            "town": "Lyon",
            "context": { "site": "Chantier", "public_road": false, "public_expected": false, "risks": "", "instructions": "Sonner au portail" },
            "expected_total": quote["total"],
            "conditions_of_sale": quote["conditions_of_sale"],
            "withdrawal_information": true,
            "early_start_requested": true,
            "loss_of_withdrawal_acknowledged": true,
        })
    }

    /// Orders, and pays: the request reaches the professional.
    async fn requested(&self) -> String {
        let order = self.order().await;
        let placed = self.client.browser.post("/api/orders", order).await.ok();
        let id = placed["id"].as_str().unwrap().to_owned();
        self.pay(&id).await;
        id
    }

    async fn pay(&self, id: &str) {
        let checkout = format!("/api/orders/{id}/checkout");
        let page = self.client.browser.post(&checkout, json!({})).await.ok();
        let card = json!({ "session": page["session"], "card": "4242424242424242" });
        self.client.browser.post("/local/stripe/pay", card).await;
        self.world.settle().await;
    }

    async fn read(&self, id: &str) -> Value {
        let address = format!("/api/orders/{id}");
        self.client.browser.get(&address).await.ok()
    }

    /// The professional takes these of its missions.
    async fn answer(&self, id: &str, accepted: &[usize]) -> Value {
        let missions = self.missions(id).await;
        let accepted: Vec<&String> = accepted.iter().map(|number| &missions[*number]).collect();
        let body = json!({ "accepted": accepted, "reason": "Pas d’agent ce jour-là." });
        let address = format!("/api/orders/{id}/answer");
        let answer = self.professional.browser.post(&address, body).await.ok();
        self.world.settle().await;
        answer
    }

    /// The bookings that its missions are, in order.
    async fn missions(&self, id: &str) -> Vec<String> {
        let order = self.read(id).await;
        let missions = order["missions"].as_array().unwrap().iter();
        missions
            .map(|one| one["booking"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn sign_in(&self) {
        self.client.sign_in().await;
        self.professional.sign_in().await;
    }

    /// Moves the clock past the end of a mission, and has it done and validated.
    async fn validate(&self, booking: &str) {
        let end = at(&self.client.booking(booking).await["end"]);
        self.world
            .advance_to(end + SignedDuration::from_mins(5))
            .await;
        self.sign_in().await;
        let done = self.professional.act(booking, "complete", json!({})).await;
        done.ok();
        let address = format!("/api/bookings/{booking}/validate");
        self.client.browser.post(&address, json!({})).await.ok();
        self.world.settle().await;
    }

    /// What Stripe has of one kind, newest first.
    async fn stripe(&self, kind: &str) -> Vec<Value> {
        self.world.settle().await;
        let address = format!("/local/stripe/objects?kind={kind}");
        let objects = self.world.browser().get(&address).await.ok();
        objects.as_array().unwrap().clone()
    }

    /// `[captured, transferred, commission, refunded, held]` over its bookings, after checking that each
    /// ledger is balanced and that nothing differs from Stripe's books.
    async fn position(&self, bookings: &[String]) -> [i64; 5] {
        self.world.settle().await;
        let operator = admin(&self.world).await;
        let mut sums = [0; 5];
        for booking in bookings {
            let address = format!("/api/admin/bookings/{booking}/ledger");
            let answer = operator.get(&address).await;
            if answer.status == 404 {
                continue;
            }
            let ledger = answer.ok();
            assert_eq!(ledger["balanced"], true, "{ledger}");
            let parts = ["captured", "transferred", "commission", "refunded", "held"];
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += cents(&ledger["money"][part]);
            }
        }
        let differences = crate::payments::reconcile(&operator, &self.world).await;
        assert_eq!(differences, Vec::<Value>::new());
        sums
    }
}

fn total(missions: &Value, which: &[usize]) -> i64 {
    let each = which
        .iter()
        .map(|number| cents(&missions[*number]["total"]));
    each.sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_dates_are_authorised_once_debited_once_and_paid_out_one_by_one() {
    let several = Several::of(2, 1).await;
    let quote = several.quote().await;
    assert_eq!(quote["possible"], 2, "{quote}");
    let price = |number: usize| cents(&quote["dates"][number]["price"]["total"]);
    assert_eq!(cents(&quote["total"]), price(0) + price(1));

    let id = several.requested().await;
    let order = several.read(&id).await;
    assert_eq!(order["state"], "requested", "{order}");
    let both = cents(&quote["total"]);
    let intents = several.stripe("payment_intent").await;
    assert_eq!(intents.len(), 1);
    assert_eq!(cents(&intents[0]["amount_capturable"]), both);

    several.answer(&id, &[0, 1]).await;
    let order = several.read(&id).await;
    assert_eq!(order["state"], "answered", "{order}");
    assert_eq!(order["payment"], "captured", "{order}");
    let missions = several.missions(&id).await;
    for mission in order["missions"].as_array().unwrap() {
        assert_eq!(mission["state"], "accepted", "{mission}");
        assert_eq!(mission["state_label"], "Confirmée", "{mission}");
    }
    assert_eq!(several.position(&missions).await, [both, 0, 0, 0, both]);
    assert_eq!(
        cents(&several.stripe("payment_intent").await[0]["amount_received"]),
        both
    );

    several.validate(&missions[0]).await;
    let charge = several.stripe("charge").await[0]["id"].clone();
    let transfers = several.stripe("transfer").await;
    assert_eq!(transfers.len(), 1, "the other mission is still to come");
    assert_eq!(transfers[0]["source_transaction"], charge);
    assert_eq!(transfers[0]["metadata"]["booking"], json!(missions[0]));
    several.validate(&missions[1]).await;
    let transfers = several.stripe("transfer").await;
    assert_eq!(transfers.len(), 2);
    let paid: i64 = transfers.iter().map(|one| cents(&one["amount"])).sum();
    let commission = both - paid;
    assert_eq!(cents(&quote["commission"]), commission);
    let position = several.position(&missions).await;
    assert_eq!(position, [both, paid, commission, 0, 0]);
    for mission in &missions {
        let address = format!("/api/bookings/{mission}/invoices");
        let invoices = several.client.browser.get(&address).await.ok();
        assert_eq!(
            invoices["invoices"].as_array().unwrap().len(),
            2,
            "{invoices}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_accepted_is_never_debited_and_frees_its_agents() {
    let several = Several::of(3, 1).await;
    let id = several.requested().await;
    several.answer(&id, &[0, 2]).await;
    let order = several.read(&id).await;
    assert_eq!(order["state_label"], "Acceptée : 2 dates sur 3");
    let taken = total(&order["missions"], &[0, 2]);
    let all = total(&order["missions"], &[0, 1, 2]);
    let missions = several.missions(&id).await;
    assert_eq!(several.position(&missions).await, [taken, 0, 0, 0, taken]);
    let intent = several.stripe("payment_intent").await[0].clone();
    assert_eq!(cents(&intent["amount"]), all);
    assert_eq!(cents(&intent["amount_received"]), taken);
    assert_eq!(cents(&intent["amount_capturable"]), 0);
    several
        .client
        .browser
        .get(&format!("/api/bookings/{}", missions[1]))
        .await
        .refused(404, "not_found");
    // The only agent is free again on the date that was not taken, and on no other.
    let quote = several.quote().await;
    let free: Vec<bool> = quote["dates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|date| date["refused"].is_null())
        .collect();
    assert_eq!(free, [false, true, false], "{quote}");
    // An answer is given once.
    let again = json!({ "accepted": [missions[1]] });
    let address = format!("/api/orders/{id}/answer");
    several
        .professional
        .browser
        .post(&address, again)
        .await
        .refused(409, "order_state_changed");
}

/// A week's evening refused, one cancelled, one claimed, the rest validated: each goes its way, and every
/// cent is where Stripe says that it is.
#[tokio::test(flavor = "multi_thread")]
async fn four_fridays_one_refused_one_cancelled_one_claimed_one_validated() {
    let mut several = Several::of(1, 1).await;
    let first = several.world.now().await + SignedDuration::from_hours(20 * 24);
    let from = paris::local_date(first);
    let until = from.checked_add(jiff::Span::new().days(27)).unwrap();
    several.asked = json!({
        "offer": several.professional.offer,
        "agents": 1,
        "postal_code": "69002",
        "pattern": {
            "days": "weekly", "weekdays": ["friday"], "from": from.to_string(), "until": until.to_string(),
            "starts": "19:00", "ends": "23:30",
        },
    });
    let quote = several.quote().await;
    let dates = quote["dates"].as_array().unwrap();
    assert_eq!(dates.len(), 4, "{quote}");
    let priced: Vec<Value> = dates
        .iter()
        .map(|date| json!({ "start": date["start"], "end": date["end"] }))
        .collect();
    several.asked["missions"] = json!(priced);
    several.asked["pattern"] = Value::Null;

    let id = several.requested().await;
    several
        .world
        .mail("camille@exemple.fr", "Commande envoyée à Bastion")
        .await;
    let asked = several
        .world
        .mail("bastion@pro.exemple.fr", "Nouvelle commande")
        .await;
    assert!(
        !asked.to_string().contains("République"),
        "the address before the contract"
    );
    several.answer(&id, &[0, 1, 3]).await;
    let told = several
        .world
        .mail("camille@exemple.fr", "accepte 3 dates sur 4")
        .await;
    let order = several.read(&id).await;
    let missions = several.missions(&id).await;
    let taken = total(&order["missions"], &[0, 1, 3]);
    let euros = domain::money::Euros::from_cents(taken).to_string();
    assert!(told.to_string().contains(&euros), "{euros} in {told}");
    several
        .world
        .mail("bastion@pro.exemple.fr", "Commande confirmée")
        .await;
    // One confirmation for the order, none for each of its missions.
    let mails = several.world.mails_to("camille@exemple.fr").await;
    let single = mails.iter().filter(|mail| {
        mail["subject"]
            .as_str()
            .unwrap()
            .contains("accepte votre mission")
    });
    assert_eq!(single.count(), 0);

    // The second is cancelled within the delay of withdrawal: given back whole, without the others.
    several.sign_in().await;
    let shown = several.client.booking(&missions[1]).await["cancellation"].clone();
    let refund = cents(&shown["refund"]);
    assert_eq!(refund, total(&order["missions"], &[1]));
    let address = format!("/api/bookings/{}/cancel", missions[1]);
    several
        .client
        .browser
        .post(&address, json!({ "refund": refund }))
        .await
        .ok();
    assert_eq!(
        several.position(&missions).await,
        [taken, 0, 0, refund, taken - refund]
    );
    let refunds = several.stripe("refund").await;
    assert_eq!((refunds.len(), cents(&refunds[0]["amount"])), (1, refund));
    assert_eq!(refunds[0]["metadata"]["booking"], json!(missions[1]));

    // The first is validated, the last claimed and settled for half.
    several.validate(&missions[0]).await;
    let end = at(&order["missions"][3]["end"]);
    several
        .world
        .advance_to(end + SignedDuration::from_mins(5))
        .await;
    several.sign_in().await;
    let claim = json!({ "reason": "late", "description": "Deux heures de retard, constatées." });
    let address = format!("/api/bookings/{}/claim", missions[3]);
    several.client.browser.post(&address, claim).await.ok();
    let address = format!("/api/bookings/{}/claim/proposal", missions[3]);
    let half = json!({ "percent": 50, "message": "La moitié, pour le retard." });
    several.professional.browser.post(&address, half).await.ok();
    let address = format!("/api/bookings/{}/claim/accept", missions[3]);
    several
        .client
        .browser
        .post(&address, json!({ "percent": 50 }))
        .await
        .ok();

    let position = several.position(&missions).await;
    let [captured, transferred, commission, refunded, held] = position;
    assert_eq!((captured, held), (taken, 0), "{position:?}");
    assert_eq!(captured, transferred + commission + refunded);
    let books = |kind: &'static str| {
        let several = &several;
        async move {
            several
                .stripe(kind)
                .await
                .iter()
                .map(|one| cents(&one["amount"]))
                .sum::<i64>()
        }
    };
    assert_eq!(books("transfer").await, transferred);
    assert_eq!(books("refund").await, refunded);
    let charge = several.stripe("charge").await[0].clone();
    assert_eq!(cents(&charge["amount_captured"]), captured);
    // Stripe counts what was authorised and not debited as given back.
    let never = total(&order["missions"], &[2]);
    assert_eq!(cents(&charge["amount_refunded"]), refunded + never);
    // What was billed and credited: the performed ones by both sellers, nothing for the withdrawn one.
    for (mission, expected) in [(0, 2), (1, 0), (3, 2)] {
        let address = format!("/api/bookings/{}/invoices", missions[mission]);
        let invoices = several.client.browser.get(&address).await.ok();
        let count = invoices["invoices"].as_array().unwrap().len();
        assert_eq!(count, expected, "mission {mission}: {invoices}");
    }
    let states: Vec<Value> = several.read(&id).await["missions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(
        states,
        [
            json!("validated"),
            json!("withdrawn"),
            Value::Null,
            json!("settled")
        ]
    );
    // Every event once more, as the bus may: nothing moves twice.
    several.world.repeat_every_event().await;
    assert_eq!(several.position(&missions).await, position);
    // The order's paper is that of every mission, and a calendar takes them.
    several.sign_in().await;
    let paper = |mission: usize| format!("/api/bookings/{}/order", missions[mission]);
    let one = several.client.browser.get(&paper(0)).await.ok();
    let other = several.client.browser.get(&paper(3)).await.ok();
    assert_eq!(one["sha256"], other["sha256"]);
    let calendar = several
        .client
        .browser
        .get(&format!("/api/orders/{id}/missions.ics"))
        .await;
    assert_eq!(
        calendar.text.matches("BEGIN:VEVENT").count(),
        3,
        "{}",
        calendar.text
    );
    journeys::hold_to_stored_shapes(&several.world).await;
}

/// Whatever is asked that makes no order: a clear answer, and nothing held.
#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_order_is_refused_and_holds_nothing() {
    let several = Several::of(2, 1).await;
    let now = several.world.now().await;
    let day = |days: i64| {
        let moment = now + SignedDuration::from_hours(24 * days);
        paris::local_date(moment).to_string()
    };
    let weekly = |weekdays: Value, from: i64, until: i64| json!({ "days": "weekly", "weekdays": weekdays, "from": day(from), "until": day(until), "starts": "09:00", "ends": "17:00" });
    let all = json!([
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday"
    ]);
    let visitor = several.world.browser();
    for (pattern, code) in [
        (weekly(json!([]), 5, 40), "dates_none"),
        (weekly(all.clone(), 5, 205), "dates_too_many"),
        (weekly(json!(["friday"]), -20, 40), "dates_past"),
        (weekly(json!(["friday"]), 5, 100), "dates_too_far"),
        (weekly(json!(["friday"]), 40, 5), "dates_backwards"),
        (
            json!({ "days": "listed", "on": [], "starts": "09:00", "ends": "17:00" }),
            "dates_none",
        ),
    ] {
        let mut asked = several.asked.clone();
        asked["pattern"] = pattern.clone();
        visitor
            .post("/api/order-quotes", asked)
            .await
            .refused(422, code);
    }
    // Dates that cannot be ordered are told one by one: too soon, and on days on which it is closed.
    let mut asked = several.asked.clone();
    asked["pattern"] = json!({ "days": "listed", "on": [day(0), day(1), day(9)], "starts": "23:59", "ends": "06:00" });
    let quote = visitor.post("/api/order-quotes", asked.clone()).await.ok();
    let refused: Vec<&str> = quote["dates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|date| date["refused"]["code"].as_str().unwrap_or(""))
        .collect();
    assert_eq!(refused[0], "mission_notice_too_short", "{quote}");
    assert_eq!(quote["possible"], 1 + i64::from(refused[1].is_empty()));
    let mut order = several.order().await;
    order["asked"] = asked;
    order["expected_total"] = quote["total"].clone();
    let problem = several.client.browser.post("/api/orders", order).await;
    problem.refused(422, "mission_notice_too_short");

    let fresh = several.order().await;
    let mut twice = fresh.clone();
    twice["asked"]["missions"] =
        json!([fresh["asked"]["missions"][0], fresh["asked"]["missions"][0]]);
    several
        .client
        .browser
        .post("/api/orders", twice)
        .await
        .refused(422, "order_dates_overlap");
    let mut none = fresh.clone();
    none["asked"]["missions"] = json!([]);
    several
        .client
        .browser
        .post("/api/orders", none)
        .await
        .refused(422, "order_without_date");
    let mut many = fresh.clone();
    let dates: Vec<Value> = (0..200).map(|number| {
        let start = now + SignedDuration::from_hours(48 + 6 * number);
        json!({ "start": start.to_string(), "end": (start + SignedDuration::from_hours(4)).to_string() })
    }).collect();
    many["asked"]["missions"] = json!(dates);
    several
        .client
        .browser
        .post("/api/orders", many)
        .await
        .refused(422, "order_too_many_dates");
    let mut dear = fresh.clone();
    dear["expected_total"] = json!(1);
    several
        .client
        .browser
        .post("/api/orders", dear)
        .await
        .refused(409, "price_changed");
    assert_eq!(several.quote().await["possible"], 2, "nothing is held");
    // What is the pro's is not the client's, and the other way round.
    let id = several.requested().await;
    let address = format!("/api/orders/{id}/answer");
    let missions = several.missions(&id).await;
    several
        .client
        .browser
        .post(&address, json!({ "accepted": missions }))
        .await
        .refused(403, "wrong_role");
    let stranger = Client::sign_up(&several.world, "Alix").await;
    stranger
        .browser
        .get(&format!("/api/orders/{id}"))
        .await
        .refused(404, "not_found");
    several
        .professional
        .browser
        .post(&address, json!({ "accepted": [] }))
        .await
        .refused(422, "reason_invalid");
    let unknown = json!({ "accepted": ["bkg_00000000000000000000000000"] });
    several
        .professional
        .browser
        .post(&address, unknown)
        .await
        .refused(409, "order_mission_unknown");
    // Beyond its time it is answered by nobody, whatever the sweep does.
    let limit = at(&several.read(&id).await["respond_by"]);
    several
        .world
        .advance_to(limit + SignedDuration::from_secs(1))
        .await;
    several.sign_in().await;
    let late = several
        .professional
        .browser
        .post(&address, json!({ "accepted": missions }))
        .await;
    late.refused(409, "order_answered_too_late");
    several.world.settle().await;
    let order = several.read(&id).await;
    assert_eq!(
        (&order["state"], &order["payment"]),
        (&json!("expired"), &json!("released"))
    );
    several
        .world
        .mail("camille@exemple.fr", "votre commande est expirée")
        .await;
    assert_eq!(
        several.stripe("payment_intent").await[0]["status"],
        "canceled"
    );
    assert_eq!(
        several.quote().await["possible"],
        2,
        "all agents are free again"
    );
}

/// Before the answer a client takes dates back, or all: nothing is debited for them.
#[tokio::test(flavor = "multi_thread")]
async fn dates_are_taken_back_before_the_answer() {
    let several = Several::of(3, 1).await;
    let id = several.requested().await;
    let missions = several.missions(&id).await;
    let address = format!("/api/orders/{id}/cancel");
    several
        .client
        .browser
        .post(&address, json!({ "missions": [missions[0]] }))
        .await
        .ok();
    several.world.settle().await;
    let order = several.read(&id).await;
    assert_eq!(order["state"], "requested");
    several
        .world
        .mail("bastion@pro.exemple.fr", "Dates retirées")
        .await;
    let take = json!({ "accepted": [missions[0]] });
    let answer = format!("/api/orders/{id}/answer");
    several
        .professional
        .browser
        .post(&answer, take)
        .await
        .refused(409, "order_mission_unknown");
    several.answer(&id, &[1, 2]).await;
    let taken = total(&order["missions"], &[1, 2]);
    assert_eq!(several.position(&missions).await, [taken, 0, 0, 0, taken]);
    several
        .client
        .browser
        .post(&address, json!({}))
        .await
        .refused(409, "order_state_changed");
}

/// The nights of an order that waits for its answer are in the planning of those who are kept free.
#[tokio::test(flavor = "multi_thread")]
async fn a_planning_shows_whom_an_unanswered_order_holds_and_whom_to_call() {
    let several = Several::of(2, 1).await;
    let mut order = several.order().await;
    order["contact"] = json!({ "name": "Robin Leroy", "phone": "06 11 22 33 44" });
    let placed = several.client.browser.post("/api/orders", order).await.ok();
    let id = placed["id"].as_str().unwrap();
    several.pay(id).await;
    let monday = |number: usize| {
        several.asked["missions"][number]["start"].as_str().unwrap()[..10].to_owned()
    };
    let week = async |number: usize| {
        let address = format!("/api/professional/planning?day={}", monday(number));
        let planning = several.professional.browser.get(&address).await.ok();
        planning["agents"][0]["shifts"].clone()
    };
    for number in [0, 1] {
        let shifts = week(number).await;
        assert_eq!(shifts.as_array().unwrap().len(), 1, "{shifts}");
        assert_eq!(shifts[0]["order"], id);
        assert_eq!(shifts[0]["state"], "requested");
        assert_eq!(shifts[0]["movable"], false);
        assert_eq!(
            at(&shifts[0]["start"]),
            at(&several.asked["missions"][number]["start"])
        );
    }
    several.answer(id, &[0]).await;
    several.world.settle().await;
    assert_eq!(week(0).await[0]["state"], "accepted");
    assert_eq!(week(1).await, json!([]));
    let mission = &several.missions(id).await[0];
    let seen = several.professional.booking(mission).await.ok();
    assert_eq!(
        seen["coordinates"]["contact"]["name"], "Robin Leroy",
        "{seen}"
    );
}

/// An order that is not paid for is abandoned, and counts among those that a client leaves unpaid.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_not_paid_for_holds_agents_for_a_quarter_of_an_hour() {
    let several = Several::of(2, 1).await;
    let order = several.order().await;
    let placed = several.client.browser.post("/api/orders", order).await.ok();
    let id = placed["id"].as_str().unwrap();
    assert_eq!(several.quote().await["possible"], 0);
    let unknown = several
        .professional
        .browser
        .get(&format!("/api/orders/{id}"))
        .await;
    unknown.refused(404, "not_found");
    several
        .client
        .browser
        .post(
            "/api/account/close",
            json!({ "password": "Correct-Cheval-9" }),
        )
        .await
        .refused(409, "bookings_live");
    several.world.advance(16 * 60).await;
    several.world.settle().await;
    several.sign_in().await;
    assert_eq!(several.read(id).await["state"], "abandoned");
    assert_eq!(several.quote().await["possible"], 2);
    several
        .world
        .mail("camille@exemple.fr", "Votre commande n’a pas été envoyée")
        .await;
    let checkout = format!("/api/orders/{id}/checkout");
    several
        .client
        .browser
        .post(&checkout, json!({}))
        .await
        .refused(409, "order_state_changed");
}

/// The bank takes the whole debit back after one mission was paid out and one given back: what is paid out
/// is taken back, what was given back bears nothing, and what the bank decides follows.
#[tokio::test(flavor = "multi_thread")]
async fn a_contested_debit_is_borne_by_each_mission_that_was_not_given_back() {
    for outcome in ["won", "lost"] {
        let several = Several::of(3, 1).await;
        let id = several.requested().await;
        several.answer(&id, &[0, 1, 2]).await;
        let missions = several.missions(&id).await;
        let shown = several.client.booking(&missions[1]).await["cancellation"].clone();
        let address = format!("/api/bookings/{}/cancel", missions[1]);
        let back = cents(&shown["refund"]);
        several
            .client
            .browser
            .post(&address, json!({ "refund": back }))
            .await
            .ok();
        several.validate(&missions[0]).await;
        let [captured, paid, commission, refunded, held] = several.position(&missions).await;
        assert_eq!((refunded, held > 0, paid > 0), (back, true, true));

        let intent = several.stripe("payment_intent").await[0]["id"].clone();
        let contest = format!("/local/stripe/charges/{}/dispute", intent.as_str().unwrap());
        let why = json!({ "reason": "fraudulent" });
        let dispute = several.world.browser().post(&contest, why).await.ok();
        several.world.settle().await;
        several
            .world
            .mail("bastion@pro.exemple.fr", "Débit contesté")
            .await;
        for (mission, borne) in [(0, true), (1, false), (2, true)] {
            let booking = several.client.booking(&missions[mission]).await;
            assert_eq!(booking["dispute"] == json!("open"), borne, "{booking}");
        }
        let open = several.position(&missions).await;
        assert_eq!((open[1], open[3]), (0, back), "the payout is taken back");
        let close = format!(
            "/local/stripe/disputes/{}/close",
            dispute["id"].as_str().unwrap()
        );
        several
            .world
            .browser()
            .post(&close, json!({ "outcome": outcome }))
            .await
            .ok();
        several.world.settle().await;
        let position = several.position(&missions).await;
        let expected = match outcome {
            "won" => [captured, paid, commission, back, held],
            _ => [captured, 0, 0, captured, 0],
        };
        assert_eq!(position, expected, "{outcome}");
        several.world.repeat_every_event().await;
        assert_eq!(several.position(&missions).await, position, "{outcome}");
    }
}

/// The most that one order holds: read once, written within one transaction, told once.
#[tokio::test(flavor = "multi_thread")]
async fn sixty_dates_are_one_order_and_one_mail() {
    let mut several = Several::of(1, 1).await;
    let now = several.world.now().await;
    let day = |days: i64| {
        let moment = now + SignedDuration::from_hours(24 * days);
        paris::local_date(moment).to_string()
    };
    several.asked = json!({
        "offer": several.professional.offer, "agents": 1, "postal_code": "69002",
        "pattern": {
            "days": "weekly", "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
            "from": day(5), "until": day(64), "starts": "09:00", "ends": "13:00",
        },
    });
    several.world.spent();
    let quote = several.quote().await;
    let quoted = several.world.spent();
    assert_eq!(quote["possible"], 60, "{quote}");
    assert!(
        quoted.read_units <= 20.0,
        "a quote of 60 dates reads {} units",
        quoted.read_units
    );
    let dates = quote["dates"].as_array().unwrap().iter();
    let missions: Vec<Value> = dates
        .map(|date| json!({ "start": date["start"], "end": date["end"] }))
        .collect();
    several.asked["missions"] = json!(missions);
    several.asked["pattern"] = Value::Null;
    let id = several.requested().await;
    let everybody: Vec<usize> = (0..60).collect();
    several.answer(&id, &everybody).await;
    let spent = several.world.spent();
    let order = several.read(&id).await;
    let states = order["missions"].as_array().unwrap().iter();
    assert!(
        states.clone().all(|one| one["state"] == "accepted"),
        "{order}"
    );
    let missions = several.missions(&id).await;
    let all = cents(&quote["total"]);
    assert_eq!(
        cents(&several.stripe("charge").await[0]["amount_captured"]),
        all
    );
    assert_eq!(several.position(&missions).await, [all, 0, 0, 0, all]);
    let mails = several.world.mails_to("camille@exemple.fr").await;
    let about = mails
        .iter()
        .filter(|mail| mail.to_string().contains("CMD-"));
    assert_eq!(
        about.count(),
        2,
        "one mail for the request, one for the answer"
    );
    let size = several
        .client
        .browser
        .get(&format!("/api/orders/{id}"))
        .await
        .text
        .len();
    eprintln!(
        "60 missions: quote {} read units; order, payment, answer {} write units; page {size} bytes",
        quoted.read_units, spent.write_units
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn coordinates_of_an_order_are_hidden_again_a_month_after_its_last_mission() {
    let several = Several::of(1, 1).await;
    let id = several.requested().await;
    several.answer(&id, &[0]).await;
    let seen = async || {
        let address = format!("/api/orders/{id}");
        several.professional.browser.get(&address).await.ok()
    };
    assert_eq!(
        seen().await["coordinates"]["address"],
        "12 rue de la République"
    );
    let last = at(&several.read(&id).await["missions"][0]["end"]);
    several
        .world
        .advance_to(last + SignedDuration::from_hours(35 * 24))
        .await;
    several.professional.sign_in().await;
    assert_eq!(seen().await["coordinates"], Value::Null);
}
