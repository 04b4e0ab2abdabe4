//! Every path of a payment, as people live it: over HTTP, with the clock moved and Stripe's books read.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use jiff::SignedDuration;
use journeys::{Browser, Client, Professional, World, admin};
use serde_json::{Value, json};

pub(crate) fn at(value: &Value) -> jiff::Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

pub(crate) fn cents(value: &Value) -> i64 {
    value
        .as_i64()
        .unwrap_or_else(|| panic!("{value} is no amount"))
}

/// A world in which a professional was booked for eight hours of a Tuesday, and accepted.
pub(crate) struct Deal {
    pub(crate) world: World,
    pub(crate) professional: Professional,
    pub(crate) client: Client,
    pub(crate) mission: Value,
    pub(crate) id: String,
}

impl Deal {
    pub(crate) async fn requested(days: i64) -> Self {
        let world = World::start().await;
        let professional = Professional::open(&world, "Bastion", 0, 1).await;
        let client = Client::sign_up(&world, "Camille").await;
        let mission = professional.mission(&world, days, 9, 8, 1).await;
        let id = client.book(&world, &mission).await;
        Self {
            world,
            professional,
            client,
            mission,
            id,
        }
    }

    pub(crate) async fn accepted(days: i64) -> Self {
        let deal = Self::requested(days).await;
        deal.professional
            .act(&deal.id, "accept", json!({}))
            .await
            .ok();
        deal.world.settle().await;
        deal
    }

    pub(crate) async fn completed() -> Self {
        let deal = Self::accepted(10).await;
        deal.at_end(SignedDuration::from_mins(5)).await;
        deal.professional
            .act(&deal.id, "complete", json!({}))
            .await
            .ok();
        deal
    }

    pub(crate) async fn validated() -> Self {
        let deal = Self::completed().await;
        deal.command("validate", json!({})).await;
        deal
    }

    /// Moves the clock to a moment counted from the mission's end, and signs both in again.
    pub(crate) async fn at_end(&self, after: SignedDuration) {
        self.world
            .advance_to(at(&self.mission["end"]) + after)
            .await;
        self.sign_in().await;
    }

    pub(crate) async fn before_start(&self, hours: i64) {
        let start = at(&self.mission["start"]);
        self.world
            .advance_to(start - SignedDuration::from_hours(hours))
            .await;
        self.sign_in().await;
    }

    pub(crate) async fn sign_in(&self) {
        self.client.sign_in().await;
        self.professional.sign_in().await;
    }

    /// A command of the client that must succeed, and everything that follows from it.
    pub(crate) async fn command(&self, verb: &str, body: Value) -> Value {
        let address = format!("/api/bookings/{}/{verb}", self.id);
        let answer = self.client.browser.post(&address, body).await.ok();
        self.world.settle().await;
        answer
    }

    pub(crate) async fn booking(&self) -> Value {
        self.client.booking(&self.id).await
    }

    pub(crate) async fn seen_by_professional(&self) -> Value {
        self.professional.booking(&self.id).await.ok()
    }

    /// `[transferred, commission, refunded, held]`, after checking that our ledger and Stripe agree.
    pub(crate) async fn position(&self) -> [i64; 4] {
        self.world.settle().await;
        let operator = admin(&self.world).await;
        let ledger = operator
            .get(&format!("/api/admin/bookings/{}/ledger", self.id))
            .await
            .ok();
        assert_eq!(ledger["balanced"], true, "{ledger}");
        let sum: i64 = ledger["balances"]
            .as_object()
            .unwrap()
            .values()
            .map(cents)
            .sum();
        assert_eq!(sum, 0, "{ledger}");
        let differences = reconcile(&operator, &self.world).await;
        assert_eq!(differences, Vec::<Value>::new());
        let money = &ledger["money"];
        ["transferred", "commission", "refunded", "held"].map(|part| cents(&money[part]))
    }

    pub(crate) async fn price(&self) -> (i64, i64, i64) {
        let price = self.booking().await["price"].clone();
        let part = |name: &str| cents(&price[name]);
        (
            part("total"),
            part("professional_total"),
            part("commission"),
        )
    }

    /// What Stripe has of one kind, newest first.
    pub(crate) async fn stripe(&self, kind: &str) -> Vec<Value> {
        self.world.settle().await;
        let address = format!("/local/stripe/objects?kind={kind}");
        let objects = self.world.browser().get(&address).await.ok();
        objects.as_array().unwrap().clone()
    }

    pub(crate) async fn lever(&self, path: &str, body: Value) -> Value {
        let address = format!("/local/stripe/{path}");
        let answer = self.world.browser().post(&address, body).await.ok();
        self.world.settle().await;
        answer
    }

    pub(crate) async fn account(&self) -> String {
        let accounts = self.stripe("account").await;
        accounts[0]["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn intent(&self) -> String {
        let intents = self.stripe("payment_intent").await;
        intents[0]["id"].as_str().unwrap().to_owned()
    }
}

/// Differences between our books and Stripe's, over the months that tests live in.
pub(crate) async fn reconcile(operator: &Browser, world: &World) -> Vec<Value> {
    let now = world.now().await;
    let mut months = BTreeSet::new();
    for days in [0, 15, 30, 45, 60] {
        let day = now - SignedDuration::from_hours(24 * days);
        months.insert(day.strftime("%Y-%m").to_string());
    }
    let mut differences = Vec::new();
    for month in months {
        let page = operator
            .get(&format!("/api/admin/reconciliation?month={month}"))
            .await
            .ok();
        differences.extend(page["differences"].as_array().unwrap().clone());
    }
    differences
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_early_gives_everything_back_and_frees_the_agents() {
    let deal = Deal::accepted(25).await;
    // The delay of withdrawal is over: the offer's policy decides.
    deal.before_start(60).await;
    let (total, _, _) = deal.price().await;
    let shown = deal.booking().await["cancellation"].clone();
    assert_eq!((cents(&shown["refund"]), cents(&shown["kept"])), (total, 0));
    let address = format!("/api/bookings/{}/cancel", deal.id);
    let other = json!({ "refund": total - 1 });
    deal.client
        .browser
        .post(&address, other)
        .await
        .refused(409, "refund_changed");
    assert_eq!(deal.stripe("refund").await.len(), 0);
    let cancelled = deal.command("cancel", json!({ "refund": total })).await;
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(deal.position().await, [0, 0, total, 0]);
    let refunds = deal.stripe("refund").await;
    assert_eq!(refunds.len(), 1);
    assert_eq!(cents(&refunds[0]["amount"]), total);
    deal.world.mail("camille@exemple.fr", "est annulée").await;
    deal.world
        .mail("camille@exemple.fr", "Remboursement de")
        .await;
    deal.world
        .mail("bastion@pro.exemple.fr", "annulée par le client")
        .await;
    // The agent can be booked again at the same hours; the booking is over.
    deal.client
        .browser
        .post("/api/quotes", deal.mission.clone())
        .await
        .ok();
    deal.client
        .browser
        .post(&address, json!({ "refund": total }))
        .await
        .refused(409, "booking_state_changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_late_under_the_moderate_policy_refunds_half_and_pays_the_professional_half() {
    let deal = Deal::accepted(25).await;
    let (total, professional, _) = deal.price().await;
    deal.before_start(30).await;
    let shown = deal.booking().await["cancellation"].clone();
    let kept = professional / 2;
    assert_eq!(
        (cents(&shown["refund"]), cents(&shown["kept"])),
        (total - kept, kept)
    );
    deal.command("cancel", json!({ "refund": total - kept }))
        .await;
    assert_eq!(deal.position().await, [kept, 0, total - kept, 0]);
    assert_eq!(
        cents(&deal.stripe("refund").await[0]["amount"]),
        total - kept
    );
    assert_eq!(cents(&deal.stripe("transfer").await[0]["amount"]), kept);
    // The professional invoices an indemnity, the platform nothing.
    let address = format!("/api/bookings/{}/invoices", deal.id);
    let invoices = deal.client.browser.get(&address).await.ok()["invoices"].clone();
    assert_eq!(invoices.as_array().unwrap().len(), 1, "{invoices}");
    assert_eq!(
        (&invoices[0]["kind"], cents(&invoices[0]["total"])),
        (&json!("indemnity"), kept)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_who_cancels_gives_everything_back() {
    let deal = Deal::accepted(10).await;
    let (total, _, _) = deal.price().await;
    let address = format!("/api/professional/bookings/{}/cancel", deal.id);
    let browser = &deal.professional.browser;
    browser
        .post(&address, json!({ "reason": "malade" }))
        .await
        .refused(422, "text_length_invalid");
    browser
        .post(
            &address,
            json!({ "reason": "Agent malade, pas de remplaçant." }),
        )
        .await
        .ok();
    assert_eq!(deal.position().await, [0, 0, total, 0]);
    let booking = deal.booking().await;
    assert_eq!(booking["state"], "cancelled_by_professional");
    assert_eq!(
        booking["closing"]["reason"],
        "Agent malade, pas de remplaçant."
    );
    assert!(!booking["coordinates"].is_null());
    assert_eq!(
        deal.seen_by_professional().await["coordinates"],
        Value::Null
    );
    deal.world
        .mail("camille@exemple.fr", "annule votre mission")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_withdraws_without_signing_in_in_two_steps_and_gets_a_receipt() {
    let deal = Deal::accepted(20).await;
    let (total, _, _) = deal.price().await;
    let booking = deal.booking().await;
    assert_eq!(booking["withdrawal"]["possible"], true);
    let reference = booking["reference"].as_str().unwrap();
    let visitor = deal.world.browser();
    let statement = |email: &str, confirmed: bool| json!({ "name": "Camille Martin", "reference": reference, "email": email, "confirmed": confirmed });
    for (email, reference) in [
        ("autre@exemple.fr", reference),
        ("camille@exemple.fr", "MAS-2026-00000000"),
    ] {
        let wrong = json!({ "name": "Camille Martin", "reference": reference, "email": email, "confirmed": true });
        visitor
            .post("/api/withdrawals", wrong)
            .await
            .refused(404, "withdrawal_not_found");
    }
    let first = visitor
        .post("/api/withdrawals", statement("camille@exemple.fr", false))
        .await
        .ok();
    assert_eq!(
        (cents(&first["refund"]), &first["acknowledged_at"]),
        (total, &Value::Null)
    );
    assert_eq!(deal.booking().await["state"], "accepted");
    let second = visitor
        .post("/api/withdrawals", statement("camille@exemple.fr", true))
        .await
        .ok();
    assert_ne!(second["acknowledged_at"], Value::Null);
    assert_eq!(deal.position().await, [0, 0, total, 0]);
    assert_eq!(deal.booking().await["state"], "withdrawn");
    let receipt = deal
        .world
        .mail("camille@exemple.fr", "Accusé de réception")
        .await;
    let text = receipt["text"].as_str().unwrap();
    assert!(
        text.contains("Je renonce au contrat") && text.contains(reference),
        "{text}"
    );
    deal.world
        .mail("bastion@pro.exemple.fr", "Rétractation du client")
        .await;
    visitor
        .post("/api/withdrawals", statement("camille@exemple.fr", true))
        .await
        .refused(409, "booking_state_changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawing_while_the_mission_is_performed_pays_the_part_performed_and_after_it_nothing_is_left()
 {
    let deal = Deal::accepted(5).await;
    let (total, professional, _) = deal.price().await;
    deal.world
        .advance_to(at(&deal.mission["start"]) + SignedDuration::from_hours(2))
        .await;
    deal.sign_in().await;
    let right = deal.booking().await["withdrawal"].clone();
    assert_eq!(right["possible"], true);
    let kept = total - cents(&right["refund"]);
    // The clock goes on while this is read.
    assert!((kept - professional / 4).abs() < 10, "{kept}");
    let later = Deal::completed().await;
    let right = later.booking().await["withdrawal"].clone();
    assert_eq!(right["possible"], false);
    let address = format!("/api/bookings/{}/withdrawal", later.id);
    later
        .client
        .browser
        .post(&address, json!({ "name": "Camille Martin" }))
        .await
        .refused(409, "mission_fully_performed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_stops_the_delay_and_is_settled_by_a_partial_refund() {
    let deal = Deal::completed().await;
    let (total, professional, commission) = deal.price().await;
    let claim = json!({ "reason": "late", "description": "L’agent est arrivé avec deux heures de retard." });
    deal.command("claim", claim).await;
    deal.world
        .mail("bastion@pro.exemple.fr", "Réclamation du client")
        .await;
    deal.at_end(SignedDuration::from_hours(100)).await;
    assert_eq!(deal.booking().await["state"], "under_claim");
    let act = |verb: &'static str, body: Value| deal.professional.act(&deal.id, verb, body);
    act(
        "claim/proposal",
        json!({ "percent": 30, "message": "Toutes nos excuses." }),
    )
    .await
    .ok();
    deal.world
        .mail("camille@exemple.fr", "Proposition d’accord")
        .await;
    act("claim/accept", json!({ "percent": 30 }))
        .await
        .refused(409, "proposal_changed");
    let proposal = deal.booking().await["claim"]["proposal"].clone();
    assert_eq!(
        (&proposal["by"], cents(&proposal["percent"])),
        (&json!("professional"), 30)
    );
    deal.command("claim/accept", json!({ "percent": 30 })).await;
    let left = |amount: i64| amount - (amount * 30 + 50) / 100;
    let (paid, fee) = (left(professional), left(commission));
    assert_eq!(deal.position().await, [paid, fee, total - paid - fee, 0]);
    assert_eq!(cents(&proposal["refund"]), total - paid - fee);
    assert_eq!(deal.booking().await["state"], "settled");
    deal.world
        .mail("camille@exemple.fr", "Réclamation réglée")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_without_agreement_names_the_mediator_and_the_operator_decides_it() {
    let deal = Deal::completed().await;
    let (total, _, _) = deal.price().await;
    let claim = json!({ "reason": "not_performed", "description": "Personne n’est venu de toute la journée." });
    deal.command("claim", claim).await;
    deal.at_end(SignedDuration::from_hours(31 * 24)).await;
    let mail = deal.world.mail("camille@exemple.fr", "médiateur").await;
    assert!(
        mail["text"]
            .as_str()
            .unwrap()
            .contains("https://mediateur.exemple.fr")
    );
    let operator = admin(&deal.world).await;
    let decision =
        json!({ "percent": 100, "reason": "Le professionnel ne prouve pas sa présence." });
    operator
        .post(
            &format!("/api/admin/bookings/{}/claim/decision", deal.id),
            decision,
        )
        .await
        .ok();
    assert_eq!(deal.position().await, [0, 0, total, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authorisation_that_lapses_closes_the_booking_with_a_word_to_both() {
    for told in [true, false] {
        let deal = Deal::requested(10).await;
        if !told {
            deal.lever("webhooks/pause", json!({})).await;
        }
        let intent = deal.intent().await;
        deal.lever(&format!("authorisations/{intent}/lapse"), json!({}))
            .await;
        if !told {
            // Nobody knows: the professional accepts, and the debit shows it.
            deal.professional
                .act(&deal.id, "accept", json!({}))
                .await
                .ok();
            deal.world.settle().await;
        }
        let booking = deal.booking().await;
        assert_eq!(
            (&booking["state"], &booking["payment"]),
            (&json!("payment_failed"), &json!("lapsed"))
        );
        deal.world
            .mail("camille@exemple.fr", "n’a pas abouti")
            .await;
        deal.world
            .mail("bastion@pro.exemple.fr", "paiement non abouti")
            .await;
        assert_eq!(deal.stripe("transfer").await.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_account_is_paid_as_soon_as_it_recovers() {
    let deal = Deal::completed().await;
    let (total, professional, commission) = deal.price().await;
    let account = deal.account().await;
    deal.lever(
        &format!("accounts/{account}"),
        json!({ "transfers": "restricted" }),
    )
    .await;
    deal.world
        .mail("bastion@pro.exemple.fr", "suspendus par Stripe")
        .await;
    deal.command("validate", json!({})).await;
    assert_eq!(
        deal.position().await,
        [0, commission, 0, total - commission]
    );
    assert_eq!(
        deal.seen_by_professional().await["payout_wait"],
        "not_active"
    );
    deal.world
        .mail("bastion@pro.exemple.fr", "Un versement vous attend")
        .await;
    // The offer cannot be ordered meanwhile.
    deal.client
        .browser
        .post(
            "/api/quotes",
            deal.professional.mission(&deal.world, 20, 9, 8, 1).await,
        )
        .await
        .refused(409, "professional_not_payable");
    deal.lever(
        &format!("accounts/{account}"),
        json!({ "transfers": "active" }),
    )
    .await;
    assert_eq!(deal.position().await, [professional, commission, 0, 0]);
    assert_eq!(deal.stripe("transfer").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chargeback_before_the_payout_stops_it() {
    for outcome in ["won", "lost"] {
        let deal = Deal::completed().await;
        let (total, professional, commission) = deal.price().await;
        let intent = deal.intent().await;
        let dispute = deal
            .lever(
                &format!("charges/{intent}/dispute"),
                json!({ "reason": "fraudulent" }),
            )
            .await;
        assert_eq!(deal.booking().await["dispute"], "open");
        deal.command("validate", json!({})).await;
        assert_eq!(deal.position().await, [0, 0, 0, total]);
        assert_eq!(
            deal.seen_by_professional().await["payout_wait"],
            "contested"
        );
        let close = format!("disputes/{}/close", dispute["id"].as_str().unwrap());
        deal.lever(&close, json!({ "outcome": outcome })).await;
        let expected = match outcome {
            "won" => [professional, commission, 0, 0],
            _ => [0, 0, total, 0],
        };
        assert_eq!(deal.position().await, expected, "{outcome}");
        assert_eq!(deal.booking().await["dispute"], outcome);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chargeback_after_the_payout_takes_it_back_and_tells_everybody() {
    let deal = Deal::validated().await;
    let (total, professional, commission) = deal.price().await;
    let intent = deal.intent().await;
    let dispute = deal
        .lever(
            &format!("charges/{intent}/dispute"),
            json!({ "reason": "fraudulent" }),
        )
        .await;
    assert_eq!(
        deal.position().await,
        [0, commission, 0, total - commission]
    );
    deal.world
        .mail("bastion@pro.exemple.fr", "Versement repris")
        .await;
    deal.world
        .mail("contact@monagentdesecu.com", "Contestation à traiter")
        .await;
    let close = format!("disputes/{}/close", dispute["id"].as_str().unwrap());
    deal.lever(&close, json!({ "outcome": "won" })).await;
    assert_eq!(deal.position().await, [professional, commission, 0, 0]);
    assert_eq!(deal.stripe("transfer").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_chargeback_on_money_already_at_the_bank_is_left_to_recover_and_the_fees_are_credited()
 {
    let deal = Deal::validated().await;
    let (total, professional, _) = deal.price().await;
    let account = deal.account().await;
    deal.lever(&format!("accounts/{account}/payout"), json!({}))
        .await;
    let intent = deal.intent().await;
    let dispute = deal
        .lever(
            &format!("charges/{intent}/dispute"),
            json!({ "reason": "fraudulent" }),
        )
        .await;
    let close = format!("disputes/{}/close", dispute["id"].as_str().unwrap());
    deal.lever(&close, json!({ "outcome": "lost" })).await;
    assert_eq!(deal.position().await, [professional, 0, total, 0]);
    assert_eq!(
        cents(&deal.booking().await["money"]["to_recover"]),
        professional
    );
    deal.world
        .mail("contact@monagentdesecu.com", "Contestation perdue")
        .await;
    let address = format!("/api/bookings/{}/invoices", deal.id);
    let invoices = deal.client.browser.get(&address).await.ok()["invoices"].clone();
    let kinds: BTreeSet<&str> = invoices
        .as_array()
        .unwrap()
        .iter()
        .map(|invoice| invoice["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        BTreeSet::from(["commission", "credit_note", "mission"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_the_bank_sends_back_waits_for_the_operator_who_tries_again() {
    let deal = Deal::accepted(20).await;
    let (total, _, _) = deal.price().await;
    deal.command("cancel", json!({ "refund": total })).await;
    let refund = deal.stripe("refund").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    deal.lever(&format!("refunds/{refund}/fail"), json!({}))
        .await;
    assert_eq!(deal.position().await, [0, 0, 0, total]);
    deal.world
        .mail("camille@exemple.fr", "n’a pas pu être crédité")
        .await;
    deal.world
        .mail("contact@monagentdesecu.com", "Remboursement renvoyé")
        .await;
    let operator = admin(&deal.world).await;
    let settle = format!("/api/admin/bookings/{}/settle", deal.id);
    operator.post(&settle, json!({})).await.ok();
    assert_eq!(deal.position().await, [0, 0, 0, total]);
    operator
        .post(&settle, json!({ "retry_refund": true }))
        .await
        .ok();
    assert_eq!(deal.position().await, [0, 0, total, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_bank_account_asks_for_the_password_and_holds_payouts_a_day() {
    let deal = Deal::completed().await;
    let (_, professional, commission) = deal.price().await;
    let browser = &deal.professional.browser;
    let iban = "FR14 2004 1010 0505 0001 3M02 606";
    let change = |password: &str, iban: &str| json!({ "password": password, "iban": iban, "holder": "Bastion" });
    browser
        .put("/api/professional/iban", change("Mauvais-Cheval-1", iban))
        .await
        .refused(422, "wrong_password");
    let changed = browser
        .put("/api/professional/iban", change("Nouveau-Secret-77", iban))
        .await
        .ok();
    assert_eq!(changed["iban_change"]["iban_end"], "2606");
    deal.world.mail("bastion@pro.exemple.fr", "Alerte").await;
    deal.command("validate", json!({})).await;
    assert_eq!(deal.position().await[0], 0);
    assert_eq!(
        deal.seen_by_professional().await["payout_wait"],
        "bank_details_changed"
    );
    deal.world.advance(24 * 3600 + 120).await;
    deal.sign_in().await;
    assert_eq!(deal.position().await, [professional, commission, 0, 0]);
    let payouts = deal
        .professional
        .browser
        .get("/api/professional/payouts")
        .await
        .ok();
    assert_eq!(
        (&payouts["iban_end"], &payouts["iban_change"]),
        (&json!("2606"), &Value::Null)
    );
    // Taken back in time, nothing changes.
    let other = "FR76 3000 6000 0112 3456 7890 189";
    let browser = &deal.professional.browser;
    browser
        .put("/api/professional/iban", change("Nouveau-Secret-77", other))
        .await
        .ok();
    let kept = browser
        .json("DELETE", "/api/professional/iban", &json!({}))
        .await
        .ok();
    assert_eq!(
        (&kept["iban_end"], &kept["iban_change"]),
        (&json!("2606"), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_account_that_stripe_refuses_keeps_nobody_elses_from_taking_effect() {
    let deal = Deal::completed().await;
    let (_, professional, commission) = deal.price().await;
    let other = Professional::open(&deal.world, "Rempart", 1, 1).await;
    let accounts = deal.stripe("account").await;
    let of_other = accounts[0]["id"].as_str().unwrap();
    let path = format!("/v1/accounts/{of_other}/external_accounts");
    let fail = |times: u32| json!({ "before": true, "times": times, "path": path });
    deal.lever("fail-next", fail(10_000)).await;
    // The one that will be refused asks first, by a second.
    deal.professional.sign_in().await;
    let change = |iban: &str| json!({ "password": "Nouveau-Secret-77", "iban": iban, "holder": "Titulaire" });
    let ibans = [
        "FR76 3000 6000 0112 3456 7890 674",
        "FR14 2004 1010 0505 0001 3M02 606",
    ];
    other
        .browser
        .put("/api/professional/iban", change(ibans[0]))
        .await
        .ok();
    deal.world.advance(1).await;
    let browser = &deal.professional.browser;
    browser
        .put("/api/professional/iban", change(ibans[1]))
        .await
        .ok();
    deal.client.sign_in().await;
    deal.command("validate", json!({})).await;
    assert_eq!(deal.position().await[0], 0, "held for a day");

    deal.world.advance(24 * 3600 + 120).await;
    deal.sign_in().await;
    other.sign_in().await;
    let payouts = async |browser: &Browser| browser.get("/api/professional/payouts").await.ok();
    let healthy = payouts(&deal.professional.browser).await;
    assert_eq!(
        (&healthy["iban_end"], &healthy["iban_change"]),
        (&json!("2606"), &Value::Null)
    );
    assert_eq!(deal.position().await, [professional, commission, 0, 0]);
    let waiting = payouts(&other.browser).await;
    assert_eq!(waiting["iban_change"]["iban_end"], "0674", "{waiting}");

    // Stripe takes it now: the next try is an hour away at most.
    deal.lever("fail-next", fail(0)).await;
    deal.world.advance(3700).await;
    other.sign_in().await;
    let settled = payouts(&other.browser).await;
    assert_eq!(
        (&settled["iban_end"], &settled["iban_change"]),
        (&json!("0674"), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lost_webhook_left_is_found_by_the_sweep() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let browser = world.browser();
    browser
        .post("/local/stripe/webhooks/pause", json!({}))
        .await
        .ok();
    let id = client.book(&world, &mission).await;
    assert_eq!(client.booking(&id).await["state"], "awaiting_payment");
    world.advance(5 * 60).await;
    assert_eq!(client.booking(&id).await["state"], "requested");
}

/// Nor does a webhook tell of this one, and no sweep comes by in between: paying looks for itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_chargeback_that_nobody_told_of_is_found_before_the_professional_is_paid() {
    let deal = Deal::completed().await;
    let (total, _, _) = deal.price().await;
    deal.lever("webhooks/pause", json!({})).await;
    let intent = deal.stripe("payment_intent").await[0]["id"].clone();
    let contest = format!("charges/{}/dispute", intent.as_str().unwrap());
    deal.lever(&contest, json!({ "reason": "fraudulent" }))
        .await;
    deal.lever("webhooks/lose", json!({})).await;
    deal.lever("webhooks/resume", json!({})).await;
    assert_eq!(deal.booking().await["dispute"], Value::Null);

    deal.command("validate", json!({})).await;
    assert_eq!(deal.stripe("transfer").await.len(), 0);
    assert_eq!(deal.position().await, [0, 0, 0, total]);
    let told = "Contestation à traiter";
    deal.world.mail("contact@monagentdesecu.com", told).await;
}

/// Stripe gave the events up: no webhook ever tells of the chargeback, nor of the refund.
#[tokio::test(flavor = "multi_thread")]
async fn a_chargeback_and_a_returned_refund_whose_events_are_lost_for_good_are_found() {
    let deal = Deal::validated().await;
    let (total, professional, commission) = deal.price().await;
    assert_eq!(deal.position().await, [professional, commission, 0, 0]);
    let later = deal.professional.mission(&deal.world, 20, 9, 8, 1).await;
    let cancelled = deal.client.book(&deal.world, &later).await;
    deal.professional
        .act(&cancelled, "accept", json!({}))
        .await
        .ok();
    deal.world.settle().await;
    let shown = deal.client.booking(&cancelled).await;
    let amount = &shown["cancellation"]["refund"];
    let cancel = format!("/api/bookings/{cancelled}/cancel");
    let asked = json!({ "refund": amount });
    deal.client.browser.post(&cancel, asked).await.ok();
    let refund = deal.stripe("refund").await[0]["id"].clone();
    // Of both, nothing is left to do.
    let position = deal.position().await;
    assert_eq!(position, [professional, commission, 0, 0]);

    deal.lever("webhooks/pause", json!({})).await;
    let intents = deal.stripe("payment_intent").await;
    let of_deal = |intent: &&Value| intent["metadata"]["booking"] == *deal.id;
    let intent = &intents.iter().find(of_deal).unwrap()["id"];
    let contest = format!("charges/{}/dispute", intent.as_str().unwrap());
    let why = json!({ "reason": "fraudulent" });
    deal.lever(&contest, why).await;
    let sent_back = format!("refunds/{}/fail", refund.as_str().unwrap());
    deal.lever(&sent_back, json!({})).await;
    let lost = deal.lever("webhooks/lose", json!({})).await;
    assert!(lost["lost"].as_u64().unwrap() >= 2, "{lost}");
    deal.lever("webhooks/resume", json!({})).await;
    assert_eq!(deal.booking().await["dispute"], Value::Null);

    deal.world.advance(26 * 3600).await;
    deal.sign_in().await;
    assert_eq!(
        deal.position().await,
        [0, commission, 0, total - commission]
    );
    for told in ["Contestation à traiter", "Remboursement renvoyé"] {
        deal.world.mail("contact@monagentdesecu.com", told).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_come_again_or_in_any_order_lead_to_the_same_state() {
    let deal = Deal::validated().await;
    let before = (deal.position().await, deal.booking().await["state"].clone());
    let events = deal.stripe("event").await;
    assert!(events.len() > 5, "{}", events.len());
    // Newest first is the reverse order; each three times.
    for event in &events {
        let repeat = json!({ "event": event["id"], "times": 3 });
        deal.lever("webhooks/repeat", repeat).await;
    }
    deal.world.repeat_every_event().await;
    deal.sign_in().await;
    assert_eq!(
        (deal.position().await, deal.booking().await["state"].clone()),
        before
    );
    assert_eq!(deal.stripe("transfer").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_before_or_after_it_takes_effect_has_one_effect() {
    // Each step of the money, the call behind it, and how often Stripe may have done it.
    for before in [true, false] {
        let deal = Deal::requested(10).await;
        let (total, professional, commission) = deal.price().await;
        // Four failures outlast the client's own three attempts: a later run goes on.
        let fail = |path: &'static str| {
            let how = json!({ "before": before, "after": !before, "times": 4, "path": path });
            deal.lever("fail-next", how)
        };
        fail("/v1/payment_intents").await;
        deal.professional
            .act(&deal.id, "accept", json!({}))
            .await
            .ok();
        deal.world.settle().await;
        deal.world.advance(600).await;
        deal.at_end(SignedDuration::from_mins(5)).await;
        assert_eq!(deal.position().await, [0, 0, 0, total]);
        deal.professional
            .act(&deal.id, "complete", json!({}))
            .await
            .ok();
        fail("/v1/transfers").await;
        deal.command("validate", json!({})).await;
        deal.world.advance(600).await;
        deal.sign_in().await;
        assert_eq!(deal.position().await, [professional, commission, 0, 0]);
        assert_eq!(deal.stripe("transfer").await.len(), 1);
        // A chargeback takes the transfer back.
        fail("/v1/transfers").await;
        let intent = deal.intent().await;
        deal.lever(
            &format!("charges/{intent}/dispute"),
            json!({ "reason": "fraudulent" }),
        )
        .await;
        deal.world.advance(600).await;
        assert_eq!(
            deal.position().await,
            [0, commission, 0, total - commission]
        );

        let other = Deal::accepted(20).await;
        let fail = |path: &'static str| {
            let how = json!({ "before": before, "after": !before, "times": 4, "path": path });
            other.lever("fail-next", how)
        };
        let (total, _, _) = other.price().await;
        fail("/v1/refunds").await;
        other.command("cancel", json!({ "refund": total })).await;
        other.world.advance(600).await;
        assert_eq!(other.position().await, [0, 0, total, 0]);
        assert_eq!(other.stripe("refund").await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invoices_are_numbered_without_gaps_and_only_their_parties_read_them() {
    let deal = Deal::validated().await;
    deal.world.mail("camille@exemple.fr", "facture").await;
    let address = format!("/api/bookings/{}/invoices", deal.id);
    let invoices = deal.client.browser.get(&address).await.ok()["invoices"].clone();
    let of = |kind: &str| {
        let all = invoices.as_array().unwrap().iter();
        let found: Vec<&Value> = all.filter(|invoice| invoice["kind"] == kind).collect();
        assert_eq!(found.len(), 1, "{kind}: {invoices}");
        found[0].clone()
    };
    let (mission, commission) = (of("mission"), of("commission"));
    let (_, professional_total, fee) = deal.price().await;
    assert_eq!(
        (cents(&mission["total"]), cents(&commission["total"])),
        (professional_total, fee)
    );
    let year = mission["issued_on"].as_str().unwrap()[..4].to_owned();
    assert_eq!(mission["number"], format!("910000017-{year}-000001"));
    assert_eq!(commission["number"], format!("MADS-{year}-000001"));

    // The client reads both, the professional only the mission's, nobody else any.
    let file = |invoice: &Value, format: &str| {
        format!("/api/invoices/{}/{format}", invoice["id"].as_str().unwrap())
    };
    let link = deal.client.browser.get(&file(&mission, "pdf")).await.ok();
    let pdf = deal
        .world
        .browser()
        .get(link["url"].as_str().unwrap())
        .await;
    assert!(pdf.text.starts_with("%PDF-1.7"), "{}", &pdf.text[..20]);
    let xml = deal
        .client
        .browser
        .get(&file(&commission, "xml"))
        .await
        .ok();
    let xml = deal.world.browser().get(xml["url"].as_str().unwrap()).await;
    assert!(xml.text.contains("CrossIndustryInvoice") && xml.text.contains("MADS-"));
    let professional = &deal.professional.browser;
    professional.get(&file(&mission, "pdf")).await.ok();
    professional
        .get(&file(&commission, "pdf"))
        .await
        .refused(404, "not_found");
    let mine = professional.get("/api/professional/invoices").await.ok();
    assert_eq!(mine["invoices"].as_array().unwrap().len(), 1, "{mine}");
    let stranger = Client::sign_up(&deal.world, "Dominique").await;
    stranger
        .browser
        .get(&file(&mission, "pdf"))
        .await
        .refused(404, "not_found");
    assert_eq!(
        stranger.browser.get(&address).await.ok()["invoices"],
        json!([])
    );

    // A second mission takes the next numbers, however often events come.
    let next = deal.professional.mission(&deal.world, 8, 9, 8, 1).await;
    let id = deal.client.book(&deal.world, &next).await;
    deal.professional.act(&id, "accept", json!({})).await.ok();
    deal.world
        .advance_to(at(&next["end"]) + SignedDuration::from_hours(2))
        .await;
    deal.sign_in().await;
    deal.client
        .browser
        .post(&format!("/api/bookings/{id}/validate"), json!({}))
        .await
        .ok();
    deal.world.settle().await;
    deal.world.repeat_every_event().await;
    deal.sign_in().await;
    let mine = deal
        .professional
        .browser
        .get("/api/professional/invoices")
        .await
        .ok();
    let numbers: BTreeSet<&str> = mine["invoices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|invoice| invoice["number"].as_str().unwrap())
        .collect();
    let expected = [1, 2].map(|rank| format!("910000017-{year}-00000{rank}"));
    assert_eq!(numbers, expected.iter().map(String::as_str).collect());
}
