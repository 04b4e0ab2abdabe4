use base64::Engine;
use serde_json::json;

use crate::support::{KEY, SESSION, World, id};

#[tokio::test]
async fn a_call_needs_the_secret_key_as_a_token_or_as_a_name() {
    let world = World::start().await;
    let basic = |key: &str| {
        format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(format!("{key}:"))
        )
    };
    let call = async |authorization: &str| {
        world
            .send(
                "GET",
                "/v1/balance",
                &[("authorization", authorization)],
                String::new(),
            )
            .await
    };
    assert_eq!(
        world
            .send("GET", "/v1/balance", &[], String::new())
            .await
            .refused(401, "")["type"],
        "invalid_request_error"
    );
    for wrong in [
        "Bearer sk_test_other",
        "Bearer ",
        "Basic !",
        "Digest x",
        &basic("sk_test_other"),
    ] {
        call(wrong).await.refused(401, "");
    }
    for right in [format!("Bearer {KEY}"), basic(KEY)] {
        let answer = call(&right).await;
        assert!(answer.header("request-id").starts_with("req_"));
        answer.ok();
    }
}

#[tokio::test]
async fn what_does_not_exist_is_missing_with_the_name_of_its_kind() {
    let world = World::start().await;
    for (path, param) in [
        ("/v1/payment_intents/pi_x", "intent"),
        ("/v1/checkout/sessions/cs_x", "session"),
        ("/v1/charges/ch_x", "id"),
        ("/v1/transfers/tr_x", "id"),
        ("/v1/events/evt_x", "id"),
        ("/v1/accounts/acct_x", "id"),
    ] {
        assert_eq!(
            world.get(path).await.refused(404, "resource_missing")["param"],
            param,
            "{path}"
        );
    }
    // An identifier of another kind is not one of this kind.
    let session = world.session().await;
    world
        .get(&format!("/v1/charges/{}", id(&session)))
        .await
        .refused(404, "resource_missing");
    let error = world.get("/v1/unheard_of").await.refused(404, "");
    assert_eq!(
        error["message"]
            .as_str()
            .unwrap()
            .split('.')
            .next()
            .unwrap(),
        "Unrecognized request URL (GET: /v1/unheard_of)"
    );
}

#[tokio::test]
async fn a_session_is_refused_for_each_thing_that_is_wrong_with_it() {
    let world = World::start().await;
    let now = world.now();
    for (from, to, code, param) in [
        ("mode=payment", "mode=subscription", "", "mode"),
        ("mode=payment&", "", "parameter_missing", "mode"),
        (
            "success_url=http://",
            "success_url=javascript://",
            "url_invalid",
            "success_url",
        ),
        (
            "[unit_amount]=12000",
            "[unit_amount]=12.5",
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        (
            "[unit_amount]=12000",
            "[unit_amount]=-1",
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        (
            "[unit_amount]=12000",
            "[unit_amount]=49",
            "amount_too_small",
            "",
        ),
        (
            "[unit_amount]=12000",
            "[unit_amount]=100000000",
            "amount_too_large",
            "",
        ),
        (
            "[quantity]=1",
            "[quantity]=9223372036854775807",
            "amount_too_large",
            "line_items[0][price_data][unit_amount]",
        ),
        (
            "[currency]=eur",
            "[currency]=usd",
            "",
            "line_items[0][price_data][currency]",
        ),
        (
            "capture_method]=manual",
            "capture_method]=later",
            "",
            "payment_intent_data[capture_method]",
        ),
        (
            "camille@exemple.fr",
            "camille",
            "email_invalid",
            "customer_email",
        ),
        (
            "locale=fr",
            "locale=fr&unheard[of]=1",
            "parameter_unknown",
            "unheard[of]",
        ),
        ("locale=fr", "locale=fr&expand[]=customer", "", "expand"),
        (
            "locale=fr",
            &format!("expires_at={}", now + 1799),
            "",
            "expires_at",
        ),
        (
            "locale=fr",
            &format!("expires_at={}", now + 86_401),
            "",
            "expires_at",
        ),
        (
            "locale=fr",
            "locale=fr&payment_intent_data[on_behalf_of]=acct_x",
            "resource_missing",
            "payment_intent_data[on_behalf_of]",
        ),
    ] {
        let error = world
            .post("/v1/checkout/sessions", &SESSION.replacen(from, to, 1))
            .await
            .refused(400, code);
        assert_eq!(error["param"].as_str().unwrap_or_default(), param, "{to}");
    }
    assert!(world.objects("checkout.session").await.is_empty());
    for bound in [1800, 86_400] {
        let form = SESSION.replace("locale=fr", &format!("expires_at={}", now + bound));
        assert_eq!(
            world.post("/v1/checkout/sessions", &form).await.ok()["expires_at"],
            now + bound
        );
    }
}

#[tokio::test]
async fn lists_are_paged_from_the_newest_and_filtered() {
    let world = World::start().await;
    let mut sessions = Vec::new();
    for _ in 0..12 {
        sessions.push(id(&world.session().await).to_owned());
        world.advance(1).await;
    }
    sessions.reverse();
    let list = async |query: String| {
        let page = world
            .get(&format!("/v1/checkout/sessions?{query}"))
            .await
            .ok();
        let ids: Vec<String> = page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|session| id(session).to_owned())
            .collect();
        (ids, page["has_more"] == true)
    };
    assert_eq!(list(String::new()).await, (sessions[..10].to_vec(), true));
    assert_eq!(
        list(format!("starting_after={}", sessions[9])).await,
        (sessions[10..].to_vec(), false)
    );
    assert_eq!(
        list(format!("limit=3&ending_before={}", sessions[5])).await,
        (sessions[2..5].to_vec(), true)
    );
    assert_eq!(
        list(format!("created[gte]={}", world.now() - 2)).await,
        (sessions[..2].to_vec(), false)
    );
    assert_eq!(list("status=complete".to_owned()).await, (vec![], false));
    world
        .get("/v1/checkout/sessions?limit=101")
        .await
        .refused(400, "parameter_invalid_integer");
    world
        .get("/v1/checkout/sessions?starting_after=cs_x")
        .await
        .refused(400, "resource_missing");
    world
        .get("/v1/checkout/sessions?colour=red")
        .await
        .refused(400, "parameter_unknown");

    world.authorised().await;
    let types = world
        .get("/v1/events?types[]=charge.succeeded&types[]=payment_intent.created")
        .await
        .ok();
    assert_eq!(types["data"].as_array().unwrap().len(), 2);
    let intents = world.get("/v1/events?type=payment_intent.*").await.ok();
    assert_eq!(intents["data"].as_array().unwrap().len(), 2);
    let charges = world
        .get("/v1/charges?expand[]=data.payment_intent&transfer_group=bkg_1")
        .await
        .ok();
    assert_eq!(
        charges["data"][0]["payment_intent"]["status"],
        json!("requires_capture")
    );
    world
        .get("/v1/charges?expand[]=data.customer")
        .await
        .refused(400, "");
}

#[tokio::test]
async fn calls_and_answers_are_kept_for_whoever_checks_them_and_no_key_is() {
    let world = World::start().await;
    world.session().await;
    world.get("/v1/balance").await.ok();
    let kept = world.get("/local/stripe/exchanges").await.ok();
    let calls: Vec<(&str, &str)> = kept
        .as_array()
        .unwrap()
        .iter()
        .map(|kept| {
            (
                kept["method"].as_str().unwrap(),
                kept["path"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        calls,
        [("POST", "/v1/checkout/sessions"), ("GET", "/v1/balance")]
    );
    assert_eq!(kept[0]["asked"]["mode"], "payment");
    assert_eq!(kept[1]["answer"]["object"], "balance");
    assert!(!kept.to_string().contains("sk_test"), "{kept}");
    let later = world.get("/local/stripe/exchanges?after=1").await.ok();
    assert_eq!(later.as_array().unwrap().len(), 1);
}
