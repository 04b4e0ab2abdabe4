//! People who do, over HTTP, what the real ones do.

use domain::time::paris;
use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};
use serde_json::{Value, json};

use crate::browser::{Answer, Browser};
use crate::world::World;

/// A small, real PDF with some text in it.
pub fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n% {text}\ntrailer<</Root 1 0 R>>\n%%EOF\n").into_bytes()
}

/// The operator, signed in with both factors; the session goes on as long as it lasts.
pub async fn admin(world: &World) -> Browser {
    let browser = world.browser();
    let mut session = world.operator.lock().await;
    if let Some(session) = session.as_deref() {
        browser.set_cookie("session", session);
        if browser.get("/admin").await.status == 200 {
            return browser;
        }
    }
    browser.forget_cookies();
    sign_operator_in(&browser).await;
    *session = browser.cookie("session");
    browser
}

/// Signs the operator in on a browser: the password, then the code that a telephone would show.
///
/// # Panics
/// When either is refused.
pub async fn sign_operator_in(browser: &Browser) {
    let operator = browser.get("/local/operator").await.ok();
    let text = |name: &str| operator[name].as_str().unwrap().to_owned();
    let first = [("email", text("email")), ("password", text("password"))];
    browser.form("/admin/connexion", &first).await.ok();
    let second = [("code", text("code"))];
    let answer = browser.form("/admin/connexion/code", &second).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}

/// The operator decides each point of a registration by itself, and says why where something speaks
/// against it.
///
/// # Panics
/// When one is refused.
pub async fn decide_each_point(operator: &Browser, registration: &str) {
    let file = format!("/api/admin/registrations/{registration}");
    let read = operator.get(&file).await.ok();
    for point in read["checklist"].as_array().unwrap() {
        let contradictory = point["state"] == "contradictory";
        if !contradictory && point["state"] != "to_check" {
            continue;
        }
        let reason = if contradictory {
            "Attestation de la banque lue ce jour."
        } else {
            ""
        };
        let mut decision = json!({ "method": "vue des pièces", "reason": reason });
        let address = match (&point["by_hand"], point["document"].as_str()) {
            (Value::String(what), _) => {
                decision["what"] = json!(what);
                format!("{file}/verifications")
            }
            (_, Some(document)) => {
                format!("/api/admin/documents/{registration}/{document}/verify")
            }
            (_, None) => panic!("nothing says how {point} is decided"),
        };
        operator.post(&address, decision).await.ok();
    }
}

/// The operator decides each point of a registration, then accepts it.
///
/// # Panics
/// When it is refused.
pub async fn accept(world: &World, registration: &str) {
    let operator = admin(world).await;
    decide_each_point(&operator, registration).await;
    let accept = format!("/api/admin/registrations/{registration}/accept");
    operator.post(&accept, json!({})).await.ok();
}

/// A client.
pub struct Client {
    /// Signed in.
    pub browser: Browser,
    /// Their address.
    pub email: String,
}

impl Client {
    /// Signs up as a consumer and verifies the e-mail.
    pub async fn sign_up(world: &World, name: &str) -> Self {
        let email = format!("{}@exemple.fr", name.to_lowercase());
        let browser = world.browser();
        let asked = sign_up(&email, "Correct-Cheval-9", name);
        browser.post("/api/accounts", asked).await.ok();
        let token = world.token(&email).await;
        browser
            .post("/api/accounts/verify-email", json!({ "token": token }))
            .await
            .ok();
        Self { browser, email }
    }

    /// The order of a mission, as the site would send it after a quote.
    pub async fn order(&self, mission: &Value) -> Value {
        let quote = self.browser.post("/api/quotes", mission.clone()).await.ok();
        json!({
            "mission": mission,
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

    /// Orders a mission: agents are held.
    pub async fn request(&self, mission: &Value) -> Answer {
        let order = self.order(mission).await;
        self.browser.post("/api/bookings", order).await
    }

    /// Pays for a booking with a test card.
    pub async fn pay(&self, world: &World, booking: &str, card: &str) -> Value {
        let page = self
            .browser
            .post(&format!("/api/bookings/{booking}/checkout"), json!({}))
            .await
            .ok();
        let paid = self
            .browser
            .post(
                "/local/stripe/pay",
                json!({ "session": page["session"], "card": card }),
            )
            .await;
        world.settle().await;
        paid.json
    }

    /// Orders and pays: the request reaches the professional.
    pub async fn book(&self, world: &World, mission: &Value) -> String {
        let booking = self.request(mission).await.ok()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        self.pay(world, &booking, "4242424242424242").await;
        booking
    }

    /// Signs in again: a session lasts a quarter of an hour of the moved clock.
    pub async fn sign_in(&self) {
        let credentials = json!({ "email": self.email, "password": "Correct-Cheval-9" });
        self.browser.post("/api/session", credentials).await.ok();
    }

    /// A booking as the client sees it.
    pub async fn booking(&self, id: &str) -> Value {
        self.browser.get(&format!("/api/bookings/{id}")).await.ok()
    }
}

/// What a consumer sends to open an account.
pub fn sign_up(email: &str, password: &str, first_name: &str) -> Value {
    json!({
        "email": email,
        "password": password,
        "accepts_terms": true,
        "profile": {
            "kind": { "type": "consumer" },
            "first_name": first_name, "last_name": "Martin", "phone": "06 12 34 56 78",
        },
    })
}

/// A professional.
pub struct Professional {
    /// Signed in.
    pub browser: Browser,
    /// Their address.
    pub email: String,
    /// Their identifier.
    pub id: String,
    /// Their first published offer.
    pub offer: String,
}

/// The fictional companies of tests: SIREN, SIRET, VAT number.
pub(crate) const COMPANIES: [(&str, &str, &str); 3] = [
    ("910000017", "91000001700012", "FR53910000017"),
    ("910000025", "91000002500015", "FR77910000025"),
    ("910000033", "91000003300019", "FR04910000033"),
];

/// Their bank accounts.
const IBANS: [&str; 3] = [
    "FR76 3000 6000 0112 3456 7890 189",
    "FR76 3000 6000 0112 3456 7890 286",
    "FR76 3000 6000 0112 3456 7890 383",
];

impl Professional {
    /// Everything of a registration but the submission: profile and documents, with `agents` agents.
    pub async fn register(
        world: &World,
        name: &str,
        company: usize,
        agents: usize,
    ) -> (Browser, String) {
        let email = format!("{}@pro.exemple.fr", name.to_lowercase());
        let browser = world.browser();
        browser
            .post(
                "/api/registrations",
                json!({ "email": email, "accepts_terms": true }),
            )
            .await
            .ok();
        let token = world.token(&email).await;
        browser
            .post("/api/registrations/resume", json!({ "token": token }))
            .await
            .ok();
        let (siren, siret, vat) = COMPANIES[company];
        let people: Vec<Value> = (0..agents)
            .zip('A'..='Z')
            .map(|(_, letter)| json!({ "first_name": format!("Agent {letter}"), "last_name": "Durand" }))
            .collect();
        let profile = json!({
            "kind": "legal", "legal_form": "SAS", "denomination": name,
            "siren": siren, "siret": siret, "vat_status": "registered", "vat_number": vat,
            "registry": { "type": "rcs", "town": "Lyon" },
            "establishment": { "street": "1 place Bellecour", "postal_code": "69002", "town": "Lyon" },
            "phone": format!("04 72 00 00 0{company}"),
            "description": "Surveillance humaine et gardiennage de chantiers depuis 2012, équipe formée.",
            "managers": [{ "name": "Dominique Leroy" }],
            "agents": people,
            "mediator": { "name": "Médiateur de test", "website": "https://mediateur.exemple.fr" },
        });
        let saved = browser
            .put("/api/registration", json!({ "profile": profile }))
            .await
            .ok();
        for details in documents(&saved["profile"]) {
            upload(&browser, &details).await;
        }
        (browser, email)
    }

    /// Submits a registration.
    pub async fn submit(browser: &Browser) -> Answer {
        let declarations = json!({ "accepts_terms": true, "certifies_accuracy": true, "follows_code_of_ethics": true, "gives_billing_mandate": true });
        browser
            .post(
                "/api/registration/submit",
                json!({ "declarations": declarations }),
            )
            .await
    }

    /// The whole way: registered, accepted, activated, with a page, a calendar and an offer.
    pub async fn open(world: &World, name: &str, company: usize, agents: usize) -> Self {
        let (browser, email) = Self::register(world, name, company, agents).await;
        Self::submit(&browser).await.ok();
        let id = browser.get("/api/registration").await.ok()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        accept(world, &id).await;
        let browser = world.browser();
        Self::activate(world, &browser, &email).await;
        Self::onboard(&browser).await;
        world.settle().await;
        let offer = Self::publish(&browser).await;
        world.settle().await;
        Self {
            browser,
            email,
            id,
            offer,
        }
    }

    /// Invites a manager, who joins: their own browser, signed in.
    pub async fn invite_manager(&self, world: &World, name: &str) -> Browser {
        let email = format!("{}@equipe.exemple.fr", name.to_lowercase());
        let invited = json!({
            "email": email, "first_name": name, "last_name": "Roy", "member": { "role": "manager" },
        });
        self.invite(world, &invited).await
    }

    /// Invites one of the agents of the file, who joins: their own browser, signed in.
    pub async fn invite_agent(&self, world: &World, place: usize) -> Browser {
        let team = self.browser.get("/api/professional/members").await.ok();
        let agent = &team["agents"][place]["agent"];
        let email = format!("agent{place}.{}@equipe.exemple.fr", self.id.to_lowercase());
        let member = json!({ "role": "agent", "agent": agent });
        self.invite(world, &json!({ "email": email, "member": member }))
            .await
    }

    /// Invites somebody, who joins with the link of the mail.
    pub async fn invite(&self, world: &World, invited: &Value) -> Browser {
        let invitations = "/api/professional/invitations";
        self.browser.post(invitations, invited.clone()).await.ok();
        let token = world.token(invited["email"].as_str().unwrap()).await;
        let browser = world.browser();
        let joined =
            json!({ "token": token, "new_password": "Equipier-Secret-5", "accepts_terms": true });
        browser.post("/api/invitations/accept", joined).await.ok();
        world.settle().await;
        browser
    }

    /// From the activation mail to a chosen password.
    pub async fn activate(world: &World, browser: &Browser, email: &str) {
        let token = world.token(email).await;
        let attributed = browser
            .post("/api/activations", json!({ "token": token }))
            .await
            .ok();
        let password = &attributed["attributed_password"];
        browser
            .post(
                "/api/session",
                json!({ "email": email, "password": password }),
            )
            .await
            .ok();
        browser
            .get("/api/professional/page")
            .await
            .refused(403, "password_change_required");
        let change = json!({ "current_password": password, "new_password": "Nouveau-Secret-77" });
        browser.put("/api/account/password", change).await.ok();
    }

    /// Answers Stripe's questions on its page and comes back: transfers are active.
    pub async fn onboard(browser: &Browser) {
        let link = browser
            .post("/api/professional/payouts/onboarding", json!({}))
            .await
            .ok();
        let back = browser
            .send("POST", link["url"].as_str().unwrap(), &[], Vec::new())
            .await;
        let back = back.headers["location"].to_str().unwrap().to_owned();
        assert!(back.ends_with("/pro/versements?retour=1"), "{back}");
        let payouts = browser
            .post("/api/professional/payouts/refresh", json!({}))
            .await
            .ok();
        assert_eq!(payouts["status"], "active", "{payouts}");
    }

    /// Page, calendar and offer; answers the offer's identifier.
    pub async fn publish(browser: &Browser) -> String {
        let page = json!({
            "headline": "Votre chantier gardé, de jour comme de nuit",
            "presentation": "Nous gardons vos chantiers et vos locaux dans toute la région lyonnaise, avec des agents salariés et formés.",
            "specialities": ["Chantiers"], "languages": ["français"], "published": true,
        });
        browser
            .put("/api/professional/page", json!({ "page": page }))
            .await
            .ok();
        let every_day: Vec<Value> = [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ]
        .iter()
        .map(|day| json!({ "weekday": day, "opens": "06:00", "closes": "06:00" }))
        .collect();
        browser
            .put(
                "/api/professional/calendar",
                json!({ "calendar": { "weekly": every_day, "exceptions": [] } }),
            )
            .await
            .ok();
        let terms = json!({
            "title": "Gardiennage de chantier", "activity": "human_surveillance",
            "description": "Rondes, contrôle des accès et main courante électronique, de jour comme de nuit.",
            "modalities": ["Poste fixe", "Rondes"], "departments": ["69", "01"],
            "minimum_hours": 4, "notice_hours": 24, "maximum_agents": 5,
            "rates": { "day": 2600, "night": 2860, "sunday": 2860, "holiday": 5200 },
            "travel": 1500, "cancellation": "moderate",
        });
        let offer = browser
            .post("/api/professional/offers", json!({ "terms": terms }))
            .await
            .ok()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        browser
            .post(
                &format!("/api/professional/offers/{offer}/publish"),
                json!({}),
            )
            .await
            .ok();
        offer
    }

    /// Signs in again: a session lasts a quarter of an hour of the moved clock.
    pub async fn sign_in(&self) {
        let credentials = json!({ "email": self.email, "password": "Nouveau-Secret-77" });
        self.browser.post("/api/session", credentials).await.ok();
    }

    /// A booking as the professional sees it.
    pub async fn booking(&self, id: &str) -> Answer {
        self.browser.get(&format!("/api/bookings/{id}")).await
    }

    /// Acts on a booking.
    pub async fn act(&self, id: &str, verb: &str, body: Value) -> Answer {
        self.browser
            .post(&format!("/api/bookings/{id}/{verb}"), body)
            .await
    }

    /// A mission under this professional's offer: `days` from now at `hour` local time.
    pub async fn mission(
        &self,
        world: &World,
        days: i64,
        hour: i8,
        hours: i64,
        agents: u16,
    ) -> Value {
        let start = in_days(world.now().await, days, hour);
        json!({ "offer": self.offer, "start": start.to_string(), "end": (start + jiff::SignedDuration::from_hours(hours)).to_string(), "agents": agents, "postal_code": "69002" })
    }
}

/// A local hour, some days on, moved to a Tuesday so that neither Sunday nor most holidays matter.
pub(crate) fn in_days(now: Timestamp, days: i64, hour: i8) -> Timestamp {
    let mut day = paris::local_date(now)
        .checked_add(jiff::Span::new().days(days))
        .unwrap();
    while day.weekday() != Weekday::Tuesday {
        day = day.tomorrow().unwrap();
    }
    paris::local_to_utc(DateTime::from_parts(day, jiff::civil::time(hour, 0, 0, 0)))
}

/// The documents that a profile needs, as the browser would describe them.
pub fn documents(profile: &Value) -> Vec<Value> {
    // Two companies have nothing in common: they would be taken for one.
    let siren = profile["siren"].as_str().unwrap();
    let n = COMPANIES
        .iter()
        .position(|(known, ..)| *known == siren)
        .unwrap();
    let mut list = vec![
        json!({ "kind": "authorisation", "number": format!("AUT-069-2123-12-09-2024096080{n}"), "expires_on": "2123-12-09", "activities": ["surveillance"] }),
        json!({ "kind": "insurance", "insurer": "Assureur de test", "insurer_contact": "1 rue du Test, 75001 Paris", "policy_number": "RC-2026-1",
                "coverage": "France entière", "valid_from": "2026-01-01", "expires_on": "2029-12-31" }),
        json!({ "kind": "bank_details", "holder": "Société de test", "iban": IBANS[n] }),
        json!({ "kind": "conditions_of_sale", "version": "2026-1", "contents": { "nature": true, "prices": true, "execution": true, "withdrawal": true } }),
    ];
    for manager in profile["managers"].as_array().unwrap() {
        list.push(json!({ "kind": "manager_approval", "manager": manager["id"], "number": format!("AGD-069-2030-06-12-2025018314{n}"), "expires_on": "2030-06-12" }));
    }
    let company = n;
    for (n, agent) in profile["agents"].as_array().unwrap().iter().enumerate() {
        list.push(json!({ "kind": "professional_card", "agent": agent["id"], "number": format!("CAR-069-2030-06-19-202501{company}{n:04}"), "expires_on": "2030-06-19", "activities": ["surveillance"] }));
    }
    list
}

/// Asks for an upload, sends the file straight to S3, and confirms it.
pub async fn upload(browser: &Browser, details: &Value) -> Value {
    let file = pdf(&details.to_string());
    let prepared = prepare(browser, details, &file).await.ok();
    put_file(browser, &prepared, file).await;
    let document = prepared["document"].as_str().unwrap();
    confirm(browser, document).await.ok();
    scanned(browser, document).await
}

/// Says that the file of a document was sent.
pub async fn confirm(browser: &Browser, document: &str) -> Answer {
    let address = format!("/api/registration/documents/{document}/confirm");
    browser.post(&address, json!({})).await
}

/// The registration once the malware scan of a document is over, which takes its moments.
///
/// # Panics
/// When it does not end.
pub async fn scanned(browser: &Browser, document: &str) -> Value {
    for _ in 0..600 {
        let registration = browser.get("/api/registration").await.ok();
        let documents = registration["documents"].as_array().unwrap();
        let waits = |one: &Value| one["id"] == document && one["status"] == "scanning";
        if !documents.iter().any(waits) {
            return registration;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{document} is still being scanned")
}

/// Asks for the upload of a file.
pub async fn prepare(browser: &Browser, details: &Value, file: &[u8]) -> Answer {
    let sha256 = adapters::secrets::sha256(file);
    let asked = json!({ "details": details, "file_type": "application/pdf", "size": file.len(), "sha256": sha256 });
    browser.post("/api/registration/documents", asked).await
}

/// Sends a file as it was prepared.
pub async fn put_file(browser: &Browser, prepared: &Value, file: Vec<u8>) -> Answer {
    let upload = &prepared["upload"];
    let headers: Vec<(&str, &str)> = upload["headers"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    browser
        .send("PUT", upload["url"].as_str().unwrap(), &headers, file)
        .await
}
