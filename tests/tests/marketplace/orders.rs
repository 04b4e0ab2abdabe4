//! Orders of several missions, as people live them: over HTTP, with the clock moved and Stripe's books read.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

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
        self.world.advance_to(end + SignedDuration::from_mins(5)).await;
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
    let each = which.iter().map(|number| cents(&missions[*number]["total"]));
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
    assert_eq!(cents(&several.stripe("payment_intent").await[0]["amount_received"]), both);

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
        assert_eq!(invoices["invoices"].as_array().unwrap().len(), 2, "{invoices}");
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
    several.client.browser.get(&format!("/api/bookings/{}", missions[1])).await.refused(404, "not_found");
    // The only agent is free again on the date that was not taken, and on no other.
    let quote = several.quote().await;
    let free: Vec<bool> = quote["dates"].as_array().unwrap().iter().map(|date| date["refused"].is_null()).collect();
    assert_eq!(free, [false, true, false], "{quote}");
    // An answer is given once.
    let again = json!({ "accepted": [missions[1]] });
    let address = format!("/api/orders/{id}/answer");
    several.professional.browser.post(&address, again).await.refused(409, "order_state_changed");
}
