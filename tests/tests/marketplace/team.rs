//! A company's team: who joins it, what each may do, and the day of an agent (requirement: one login for
//! each person, a removed one ends at once).
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jiff::{SignedDuration, Timestamp};
use journeys::{Browser, Client, Professional, World, admin};
use serde_json::{Value, json};

const MEMBERS: &str = "/api/professional/members";
const INVITATIONS: &str = "/api/professional/invitations";
const PASSWORD: &str = "Equipier-Secret-5";

async fn team(browser: &Browser) -> Value {
    browser.get(MEMBERS).await.ok()
}

/// A session lasts a quarter of an hour of the moved clock.
async fn sign_in(browser: &Browser, email: &str) {
    let credentials = json!({ "email": email, "password": PASSWORD });
    browser.post("/api/session", credentials).await.ok();
}

fn moment(at: &Value) -> Timestamp {
    at.as_str().unwrap().parse().unwrap()
}

/// What a phone tells whose clock is right.
fn told(now: Timestamp) -> Value {
    json!({ "times": { "told_at": now.to_string(), "sent_at": now.to_string() } })
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// A client's mission that a company with agents accepted.
struct Day {
    world: World,
    company: Professional,
    client: Client,
    booking: String,
    start: Timestamp,
    end: Timestamp,
    /// Whoever is sent, signed in, and their address.
    agent: Browser,
    email: String,
    /// Somebody else of the team.
    other: Browser,
    other_email: String,
}

impl Day {
    async fn begin() -> Self {
        let world = World::start().await;
        let company = Professional::open(&world, "Bastion", 0, 2).await;
        let client = Client::sign_up(&world, "Camille").await;
        let seen = team(&company.browser).await;
        let (agents, emails) = (seen["agents"].as_array().unwrap(), ["a", "b"]);
        let mut browsers = Vec::new();
        for (agent, email) in agents.iter().zip(emails) {
            let email = format!("{email}@equipe.exemple.fr");
            let member = json!({ "role": "agent", "agent": agent["agent"] });
            let asked = json!({ "email": email, "member": member });
            let browser = company.invite(&world, &asked).await;
            browsers.push((agent["agent"].clone(), browser, email));
        }
        let mission = company.mission(&world, 10, 20, 8, 1).await;
        let booking = client.book(&world, &mission).await;
        company.act(&booking, "accept", json!({})).await.ok();
        world.settle().await;
        let staffing = company
            .browser
            .get(&format!("/api/bookings/{booking}/staffing"))
            .await
            .ok();
        let sent = staffing["agents"].as_array().unwrap().iter();
        let sent = sent.clone().find(|one| one["sent"] == true).unwrap()["agent"].clone();
        browsers.sort_by_key(|(agent, ..)| *agent != sent);
        let mut browsers = browsers.into_iter();
        let ((_, agent, email), (_, other, other_email)) =
            (browsers.next().unwrap(), browsers.next().unwrap());
        Self {
            start: moment(&mission["start"]),
            end: moment(&mission["end"]),
            world,
            company,
            client,
            booking,
            agent,
            email,
            other,
            other_email,
        }
    }

    async fn at(&self, at: Timestamp) {
        self.world.advance_to(at).await;
        sign_in(&self.agent, &self.email).await;
        sign_in(&self.other, &self.other_email).await;
        self.client.sign_in().await;
        self.company.sign_in().await;
    }

    fn address(&self, what: &str) -> String {
        format!("/api/agent/shifts/{}/{what}", self.booking)
    }

    async fn attendance(&self, browser: &Browser) -> Value {
        let address = format!("/api/bookings/{}/attendance", self.booking);
        browser.get(&address).await.ok()["agents"][0].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_invites_its_team_each_with_a_password_and_rights_of_their_own() {
    let world = World::start().await;
    let company = Professional::open(&world, "Bastion", 0, 2).await;
    let seen = team(&company.browser).await;
    assert_eq!(seen["members"].as_array().unwrap().len(), 1);
    assert_eq!(seen["members"][0]["role"]["role"], "owner");
    let manager = company.invite_manager(&world, "Ines").await;
    let agent = company.invite_agent(&world, 0).await;
    let seen = team(&manager).await;
    let roles: Vec<&str> = seen["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["role"]["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["owner", "manager", "agent"]);
    assert_eq!(seen["invitations"], json!([]));
    assert_eq!(seen["members"][1]["you"], true);
    assert_eq!(seen["agents"][0]["free"], false);
    // A manager runs orders and planning, and neither the money nor the identity.
    for allowed in [
        "/api/professional/bookings",
        "/api/professional/planning",
        "/api/professional/offers",
        "/api/conversations",
    ] {
        manager.get(allowed).await.ok();
        agent.get(allowed).await.refused(403, "wrong_role");
    }
    for kept in ["/api/professional/payouts", "/api/registration"] {
        manager.get(kept).await.refused(403, "wrong_role");
        agent.get(kept).await.refused(403, "wrong_role");
        company.browser.get(kept).await.ok();
    }
    let account = agent.get("/api/account").await.ok();
    assert_eq!(account["role"], "agent");
    let shifts = agent.get("/api/agent/shifts").await.ok();
    assert_eq!(shifts["company"], "Bastion");
    assert_eq!(shifts["shifts"], json!([]));
    manager
        .get("/api/agent/shifts")
        .await
        .refused(403, "wrong_role");
    // Nobody is another: each signs in with an address and a password of their own.
    agent.forget_cookies();
    let email = account["email"].as_str().unwrap();
    sign_in(&agent, email).await;
    agent.get("/api/agent/shifts").await.ok();
    // What a member asks for in their own name is theirs alone.
    let change =
        json!({ "email": "autre@exemple.fr", "password": PASSWORD, "reason": "Nouvelle adresse." });
    agent
        .post("/api/account/identifier", change)
        .await
        .refused(403, "identifier_by_invitation");
    let export = agent
        .post("/api/account/export", json!({ "password": PASSWORD }))
        .await
        .ok();
    assert_eq!(export["professional"], Value::Null, "{export}");
    journeys::hold_to_stored_shapes(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_refused_sent_again_taken_back_and_over_after_seven_days() {
    let world = World::start().await;
    let company = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let browser = &company.browser;
    let agent = team(browser).await["agents"][0]["agent"].clone();
    let of = |email: &str, member: Value| json!({ "email": email, "first_name": "Inès", "last_name": "Roy", "member": member });
    let manager = json!({ "role": "manager" });
    let an_agent = json!({ "role": "agent", "agent": agent });
    for (asked, status, code) in [
        (of(&client.email, manager.clone()), 409, "address_taken"),
        (of(&company.email, manager.clone()), 409, "already_member"),
        (
            of(
                "x@exemple.fr",
                json!({ "role": "agent", "agent": "agt_00000000000000000000000000" }),
            ),
            422,
            "agent_unknown",
        ),
        (
            json!({ "email": "x@exemple.fr", "first_name": "", "last_name": "Roy", "member": manager }),
            422,
            "name_invalid",
        ),
    ] {
        browser.post(INVITATIONS, asked).await.refused(status, code);
    }
    let invited = browser
        .post(INVITATIONS, of("ines@equipe.fr", manager.clone()))
        .await
        .ok();
    let id = invited["invitations"][0]["id"].as_str().unwrap().to_owned();
    browser
        .post(INVITATIONS, of("ines@equipe.fr", an_agent.clone()))
        .await
        .refused(409, "already_invited");
    browser
        .post(INVITATIONS, of("yanis@equipe.fr", an_agent.clone()))
        .await
        .ok();
    browser
        .post(INVITATIONS, of("yanis.b@equipe.fr", an_agent))
        .await
        .refused(409, "agent_invited");
    let first = world.token("ines@equipe.fr").await;
    let again = format!("{INVITATIONS}/{id}/send");
    browser
        .post(&again, json!({}))
        .await
        .refused(429, "invitation_too_soon");
    // The link says who invites, and asks for a password that is one.
    let visitor = world.browser();
    let shown = visitor
        .post("/api/invitations/read", json!({ "token": first }))
        .await
        .ok();
    assert_eq!(shown["company"], "Bastion");
    assert_eq!(shown["email"], "ines@equipe.fr");
    let weak = json!({ "token": first, "new_password": "court", "accepts_terms": true });
    let refused = visitor.post("/api/invitations/accept", weak).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    // Seven days later it is over; sent again, it is not.
    world.advance(7 * 24 * 3600 + 60).await;
    company.sign_in().await;
    let late = json!({ "token": first, "new_password": PASSWORD, "accepts_terms": true });
    visitor
        .post("/api/invitations/accept", late)
        .await
        .refused(410, "invitation_over");
    assert_eq!(team(browser).await["invitations"][0]["expired"], true);
    browser.post(&again, json!({})).await.ok();
    world.settle().await;
    let second = world.token("ines@equipe.fr").await;
    assert_ne!(first, second);
    // Somebody opened an account with the address meanwhile: nothing is lost, and it is said.
    let ines = Client::sign_up(&world, "Autre").await;
    let taken = of(&ines.email, manager.clone());
    browser
        .post(INVITATIONS, taken)
        .await
        .refused(409, "address_taken");
    browser
        .json("DELETE", &format!("{INVITATIONS}/{id}"), &json!({}))
        .await
        .ok();
    let back = json!({ "token": second, "new_password": PASSWORD, "accepts_terms": true });
    visitor
        .post("/api/invitations/accept", back)
        .await
        .refused(410, "invitation_over");
    browser
        .json("DELETE", &format!("{INVITATIONS}/{id}"), &json!({}))
        .await
        .refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_natural_person_has_no_team() {
    let world = World::start().await;
    // The demonstration has one: a dog handler alone.
    let browser = world.browser();
    browser.post("/local/demo", json!({})).await.ok();
    let credentials =
        json!({ "email": "rex@demo.monagentdesecu.fr", "password": "Demo-Secret-2026" });
    browser.post("/api/session", credentials).await.ok();
    browser
        .get(MEMBERS)
        .await
        .refused(403, "team_for_companies");
    let asked = json!({ "email": "x@exemple.fr", "first_name": "Inès", "last_name": "Roy", "member": { "role": "manager" } });
    browser
        .post(INVITATIONS, asked)
        .await
        .refused(403, "team_for_companies");
    let account = browser.get("/api/account").await.ok();
    assert_eq!(account["professional"]["has_team"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_is_out_at_once_and_their_shifts_are_to_be_given_again() {
    let day = Day::begin().await;
    let browser = &day.company.browser;
    let seen = team(browser).await;
    let members = seen["members"].as_array().unwrap().iter();
    let member = |email: &str| {
        let mut found = members.clone();
        found.find(|one| one["email"] == email).unwrap()["account"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (sent, owner) = (member(&day.email), member(&day.company.email));
    let remove = |account: &str| format!("{MEMBERS}/{account}");
    browser
        .json("DELETE", &remove(&owner), &json!({}))
        .await
        .refused(404, "not_found");
    // In the middle of the shift: what was told stays, and the next word is refused.
    day.at(day.start).await;
    day.agent
        .post(&day.address("arrival"), told(day.start))
        .await
        .ok();
    let removed = browser
        .json("DELETE", &remove(&sent), &json!({}))
        .await
        .ok();
    let to_give = removed["shifts_to_give"].as_array().unwrap();
    assert_eq!(to_give.len(), 1);
    assert_eq!(to_give[0]["booking"], day.booking.as_str());
    day.agent
        .get("/api/agent/shifts")
        .await
        .refused(401, "session_ended");
    day.agent
        .post(&day.address("departure"), told(day.start))
        .await
        .refused(401, "session_ended");
    let credentials = json!({ "email": day.email, "password": PASSWORD });
    let refused = day.agent.post("/api/session", credentials).await;
    assert_eq!(refused.status, 401, "{}", refused.text);
    day.world.mail(&day.email, "Votre accès à l’équipe").await;
    assert!(day.attendance(browser).await["arrived"].is_object());
    // The address is free: invited again, the agent has another account and the same shifts.
    let agent = to_give[0]["agent"].clone();
    let asked = json!({ "email": day.email, "member": { "role": "agent", "agent": agent } });
    let back = day.company.invite(&day.world, &asked).await;
    let shifts = back.get("/api/agent/shifts").await.ok();
    assert_eq!(shifts["shifts"].as_array().unwrap().len(), 1);
    assert!(shifts["shifts"][0]["arrived"].is_object());
    assert_eq!(team(browser).await["shifts_to_give"], json!([]));
    // The operator reads who acted by name.
    let operator = journeys::admin(&day.world).await;
    let page = operator
        .get(&format!("/admin/activite?subject={}", day.booking))
        .await;
    assert!(page.text.contains("a pointé son arrivée"), "{}", page.text);
    assert!(page.text.contains("Durand"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_tells_the_day_and_both_parties_read_it() {
    let day = Day::begin().await;
    let (agent, other) = (&day.agent, &day.other);
    day.world.mail(&day.email, "Nouvelle vacation").await;
    day.at(day.start - minutes(31)).await;
    let shifts = agent.get("/api/agent/shifts").await.ok();
    let shift = &shifts["shifts"][0];
    assert_eq!(shift["booking"], day.booking.as_str());
    assert_eq!(shift["address"], "12 rue de la République");
    assert_eq!(shift["instructions"], "Sonner au portail");
    assert_eq!(moment(&shift["check_in_from"]), day.start - minutes(30));
    assert_eq!(
        other.get("/api/agent/shifts").await.ok()["shifts"],
        json!([])
    );
    // Too early, by somebody else, and without having come.
    let arrival = day.address("arrival");
    agent
        .post(&arrival, told(day.start - minutes(31)))
        .await
        .refused(409, "arrival_too_early");
    day.at(day.start - minutes(5)).await;
    other
        .post(&arrival, told(day.start - minutes(5)))
        .await
        .refused(404, "not_found");
    agent
        .post(&day.address("departure"), told(day.start))
        .await
        .refused(409, "not_arrived");
    // The phone is three hours wrong and was seven minutes without network: the server's time counts.
    let wrong = day.start - minutes(5) + minutes(180);
    let from_the_gate = json!({
        "times": { "told_at": (wrong - minutes(7)).to_string(), "sent_at": wrong.to_string() },
        "position": { "latitude": 45_764_043, "longitude": 4_835_659, "accuracy": 12 },
    });
    let arrived = agent.post(&arrival, from_the_gate.clone()).await.ok();
    let presence = &arrived["arrived"];
    let counted = moment(&presence["at"]).duration_since(day.start - minutes(12));
    assert!(counted.as_secs().abs() < 30, "{presence}");
    assert_eq!(moment(&presence["told_at"]), wrong - minutes(7));
    assert!(moment(&presence["received_at"]) >= day.start - minutes(5));
    // A phone that heard no answer sends it again, later: it is once. Another arrival is refused.
    let mut once_more = from_the_gate.clone();
    once_more["times"]["sent_at"] = (wrong + minutes(1)).to_string().into();
    let again = agent.post(&arrival, once_more).await.ok();
    assert_eq!(again["arrived"], arrived["arrived"]);
    agent
        .post(&arrival, told(day.start))
        .await
        .refused(409, "already_arrived");
    // An incident is told to the company at once; a note is not.
    let at = day.start + minutes(190);
    day.at(at).await;
    let entry = |kind: &str, text: &str| {
        let mut entry = told(at);
        entry["kind"] = kind.into();
        entry["text"] = text.into();
        entry
    };
    let log = day.address("log");
    agent.post(&log, entry("note", "Ronde faite.")).await.ok();
    let intrusion = entry("intrusion", "Porte nord forcée, police appelée.");
    for _ in 0..2 {
        agent.post(&log, intrusion.clone()).await.ok();
    }
    agent
        .post(&log, entry("note", " "))
        .await
        .refused(422, "text_invalid");
    let mail = day.world.mail(&day.company.email, "Incident").await;
    let text = mail["text"].as_str().unwrap();
    assert!(
        text.contains("Intrusion") && !text.contains("police"),
        "{text}"
    );
    // The end, and the report.
    day.at(day.end + minutes(3)).await;
    agent
        .post(&day.address("departure"), told(day.end + minutes(3)))
        .await
        .ok();
    let mut report = told(day.end + minutes(4));
    report["text"] = "Nuit calme, une intrusion à 23 h.".into();
    report["contact"] = "absent".into();
    let ended = agent
        .post(&day.address("report"), report.clone())
        .await
        .ok();
    // The moved clock goes on while the test runs: a minute more or less.
    let worked = ended["minutes_worked"].as_i64().unwrap();
    assert!((worked - (8 * 60 + 15)).abs() <= 1, "{worked}");
    assert_eq!(
        moment(&ended["rest_until"]),
        moment(&ended["left"]["at"]) + minutes(11 * 60)
    );
    // Sent twice by a telephone that heard no answer, it is the same report; another one is refused.
    agent
        .post(&day.address("report"), report.clone())
        .await
        .ok();
    report["times"] = told(day.end + minutes(9))["times"].clone();
    agent
        .post(&day.address("report"), report)
        .await
        .refused(409, "already_reported");
    day.world
        .mail(&day.client.email, "Rapport de fin de mission")
        .await;
    // The client reads who, when and the report; the company the log book and the phone's time too.
    let client = day.attendance(&day.client.browser).await;
    assert_eq!(
        client["report"]["text"],
        "Nuit calme, une intrusion à 23 h."
    );
    assert!(!client["name"].as_str().unwrap().contains("Durand"));
    assert_eq!(client["log"], json!([]));
    assert_eq!(client["arrived"]["position"], Value::Null);
    let company = day.attendance(&day.company.browser).await;
    assert!(company["name"].as_str().unwrap().contains("Durand"));
    assert_eq!(company["log"].as_array().unwrap().len(), 2);
    assert_eq!(company["arrived"]["position"]["accuracy"], 12);
    let address = format!("/api/bookings/{}/attendance", day.booking);
    let stranger = Client::sign_up(&day.world, "Robin").await;
    stranger
        .browser
        .get(&address)
        .await
        .refused(404, "not_found");
    agent.get(&address).await.refused(403, "wrong_role");
    // A calendar application reads the agent's shifts, by an address that is replaced or closed.
    let feed = async |open: bool| {
        let wanted = json!({ "open": open });
        agent.post("/api/agent/feed", wanted).await.ok()["feed"].clone()
    };
    let (first, second) = (feed(true).await, feed(true).await);
    let read = async |address: &Value| {
        let (_, end) = address.as_str().unwrap().split_once("/api/").unwrap();
        let visitor = day.world.browser();
        visitor.get(&format!("/api/{end}")).await
    };
    read(&first).await.refused(404, "not_found");
    let calendar = read(&second).await;
    assert!(calendar.text.contains("LOCATION:"), "{}", calendar.text);
    assert!(!calendar.text.contains("République"), "{}", calendar.text);
    assert_eq!(feed(false).await, Value::Null);
    read(&second).await.refused(404, "not_found");
    // The operator, who may have to decide about a claim, reads who was there.
    let operator = admin(&day.world).await;
    let page = format!("/admin/reservations/{}", day.booking);
    let page = operator.get(&page).await.text;
    for said in [
        "Sur place",
        "Porte nord forcée, police appelée.",
        "Nuit calme, une intrusion à 23 h.",
        "contact du client absent à la fin",
        "8\u{a0}h\u{a0}1",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Days later nothing is told any more.
    day.at(day.end + minutes(73 * 60)).await;
    agent
        .post(&log, entry("note", "Oubli."))
        .await
        .refused(409, "shift_too_long_ago");
    journeys::hold_to_stored_shapes(&day.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_told_to_the_company_then_to_the_client_and_to_nobody_twice() {
    let day = Day::begin().await;
    let missing = |mails: Vec<Value>| {
        let those = mails.into_iter().filter(|mail| {
            let subject = mail["subject"].as_str().unwrap();
            subject.contains("pas pointé") || subject.contains("pas confirmée")
        });
        those.count()
    };
    let told_so_far = async || {
        let company = day.world.mails_to(&day.company.email).await;
        let client = day.world.mails_to(&day.client.email).await;
        (missing(company), missing(client))
    };
    for (after, expected) in [
        (9, (0, 0)),
        (11, (1, 0)),
        (12, (1, 0)),
        (21, (1, 1)),
        (40, (1, 1)),
    ] {
        day.world.advance_to(day.start + minutes(after)).await;
        day.world.settle().await;
        assert_eq!(told_so_far().await, expected, "after {after} min");
    }
    day.at(day.start + minutes(41)).await;
    let seen = day.attendance(&day.client.browser).await;
    assert!(
        seen["missed_at"].is_string() && seen["arrived"].is_null(),
        "{seen}"
    );
    // Late is there all the same.
    let late = day.start + minutes(41);
    day.agent
        .post(&day.address("arrival"), told(late))
        .await
        .ok();
    assert!(day.attendance(&day.client.browser).await["arrived"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_replaced_is_told_and_so_is_who_comes_and_no_one_waits_for_the_first() {
    let day = Day::begin().await;
    let staffing = format!("/api/bookings/{}/staffing", day.booking);
    let agents = day.company.browser.get(&staffing).await.ok()["agents"].clone();
    let agents = agents.as_array().unwrap().iter();
    let of = |sent: bool| {
        let mut found = agents.clone();
        found.find(|one| one["sent"] == sent).unwrap()["agent"].clone()
    };
    let change = json!({ "left": of(true), "came": of(false) });
    day.company
        .act(&day.booking, "replacements", change)
        .await
        .ok();
    day.world.settle().await;
    day.world.mail(&day.email, "confiée à un autre agent").await;
    day.world.mail(&day.other_email, "Nouvelle vacation").await;
    day.at(day.start - minutes(10)).await;
    let now = day.start - minutes(10);
    day.agent
        .post(&day.address("arrival"), told(now))
        .await
        .refused(409, "shift_taken_away");
    assert_eq!(
        day.agent.get("/api/agent/shifts").await.ok()["shifts"],
        json!([])
    );
    day.other
        .post(&day.address("arrival"), told(now))
        .await
        .ok();
    day.world.advance_to(day.start + minutes(25)).await;
    let mails = day.world.mails_to(&day.company.email).await;
    let told = mails
        .iter()
        .any(|mail| mail["subject"].as_str().unwrap().contains("pas pointé"));
    assert!(!told, "nobody waits for who was replaced");
    // A mission that is called off has nobody to arrive.
    let reminder = day.world.mails_to(&day.other_email).await;
    let eve = reminder
        .iter()
        .find(|mail| mail["subject"].as_str().unwrap().contains("commence le"));
    let text = eve.unwrap()["text"].as_str().unwrap();
    assert!(text.contains("12 rue de la République"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn managers_get_the_mails_of_the_days_work_and_none_about_its_money() {
    let world = World::start().await;
    let company = Professional::open(&world, "Bastion", 0, 2).await;
    let ines = "ines@equipe.exemple.fr";
    company.invite_manager(&world, "Ines").await;
    company.invite_agent(&world, 0).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = company.mission(&world, 10, 20, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    let to_owner = world.mail(&company.email, "Nouvelle demande").await;
    let to_manager = world.mail(ines, "Nouvelle demande").await;
    assert_eq!(to_manager["subject"], to_owner["subject"]);
    let text = to_manager["text"].as_str().unwrap();
    assert!(text.contains("\nBonjour Ines,\n"), "{text}");
    assert!(text.contains(&format!("/pro/demandes/{booking}")), "{text}");
    company.act(&booking, "accept", json!({})).await.ok();
    world.settle().await;
    let subjects = async |whose: &str| -> Vec<String> {
        let mails = world.mails_to(whose).await;
        let subjects = mails.iter().map(|mail| mail["subject"].as_str().unwrap());
        subjects.map(str::to_owned).collect()
    };
    let managers = subjects(ines).await;
    assert_eq!(
        managers.len(),
        2,
        "the invitation and the request: {managers:?}"
    );
    let agent = format!("agent0.{}@equipe.exemple.fr", company.id.to_lowercase());
    let of_agent = subjects(&agent).await;
    assert!(of_agent.iter().all(|one| !one.contains("Nouvelle demande")));
    // News that come again are no second mail.
    world.repeat_every_event().await;
    assert_eq!(subjects(ines).await, managers);
}
