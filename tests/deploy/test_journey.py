"""One booking from registration to payout, against what `sam deploy` made of the template: the gateway's routes,
real binaries from their zips, the stream, the bus, the schedules, the buckets.
"""

import datetime
import http.client
import json
import os
import subprocess
import time

import pytest

from browser import Browser
from conftest import ENFORCED, SUMMARY
from deployment import STACK, STAGE, run
from machine import ORIGIN_PROOF, ROOT, TOOLS, until
from people import Client, Operator, Professional, mail, mails_to

MINUTE, HOUR = 60, 3600


class Seen:
    """What earlier steps leave to later ones."""


def moment(text: str) -> float:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def test_everything_of_the_template_is_there(world):
    declared = world.data["Resources"] | world.template["Resources"]
    wanted = {name for name, resource in declared.items() if not resource.get("Condition")}
    assert not wanted - set(world.resources), "deployed"
    deployed = world.machine.client("lambda").get_paginator("list_functions").paginate()
    functions = [function for page in deployed for function in page["Functions"]]
    assert {function["FunctionName"] for function in functions} == set(world.functions())
    assert all(function["Architectures"] == ["arm64"] for function in functions), "as the template asks"
    sizes = [function["CodeSize"] for function in functions]
    SUMMARY.append(
        f"{len(functions)} functions, {len(world.routes)} routes, {sum(sizes) / 1e6:.0f} MB of zips; "
        f"sam deploy took {world.took['sam deploy']} s"
    )
    SUMMARY.extend(world.sizes())


def test_the_site_is_published_and_the_smoke_journey_passes(world):
    environment = world.machine.aws_environment()
    if not (ROOT / "frontend/build/index.html").exists():
        pytest.skip("the site is not built (make site)")
    if "Distribution" not in world.resources:
        pytest.skip("the template has no distribution")
    run([TOOLS / "python", ROOT / "infra/deploy/publish-site", STACK], env=environment)
    again = run([TOOLS / "python", ROOT / "infra/deploy/publish-site", STACK], env=environment)
    assert again.startswith("0 of"), again
    run([TOOLS / "python", ROOT / "infra/deploy/smoke", world.machine.site])
    described = Browser(world.machine.site).get("/api/openapi.json").ok()
    assert "/api/bookings/{booking}/accept" in described["paths"], "a file of the site, not a function"


def test_the_gateway_itself_answers_nothing_but_its_health(world):
    def asked(path: str, proof: str | None) -> int:
        api = world.apis["Operator" if path.startswith("/admin") else "Public"]
        headers = {"Host": f"{api}.execute-api.localhost"} | ({"X-Origin-Proof": proof} if proof else {})
        gateway = http.client.HTTPConnection("127.0.0.1", world.machine.port, timeout=60)
        gateway.request("GET", path, headers=headers)
        return gateway.getresponse().status

    assert asked("/api/health", None) == 200
    for path in ("/api/terms/clients", "/admin/connexion"):
        assert [asked(path, proof) for proof in (None, "wrong", ORIGIN_PROOF)] == [403, 403, 200], path


def test_the_first_operator_is_made_and_sets_the_second_factor_up(world):
    command = [TOOLS / "python", ROOT / "infra/deploy/first-operator", STAGE, "exploitation@exemple.fr"]
    environment = world.machine.aws_environment() | {
        "DYNAMODB_ENDPOINT": world.machine.endpoint,
        "FIRST_OPERATOR_BIN": os.environ.get("FIRST_OPERATOR_BIN", str(ROOT / "target/debug/first-operator")),
    }
    password, secret = run(command, env=environment).split()
    assert password not in subprocess.run(command, env=environment, capture_output=True, text=True).stdout
    Seen.operator = Operator(world, "exploitation@exemple.fr", password, secret)
    Seen.operator.browser.post(
        "/api/session", {"email": "exploitation@exemple.fr", "password": password}
    ).refused(403, "second_factor_required")
    Seen.operator.enrol()
    assert Seen.operator.browser.get("/admin").status == 200


def test_a_professional_registers_uploads_to_s3_and_is_accepted(world):
    professional = Seen.professional = Professional(world, "Bastion")
    professional.register()
    professional.identifier = professional.submit()
    files = world.machine.client("s3").list_objects_v2(Bucket=world.resources["DocumentsBucket"])["Contents"]
    # Those that were announced are copied when they are confirmed; S3 forgets the first ones after some days.
    kept = [file["Key"] for file in files if file["Key"].startswith("documents/")]
    assert len(kept) == 7, [file["Key"] for file in files]
    Seen.operator.accept(professional.identifier)
    # The outbox's stream, publish-events, the bus, send-mail, SES.
    professional.activate()
    professional.onboard()
    professional.publish()


def test_anybody_finds_the_offer_at_its_price(world):
    client = Seen.client = Client(world, "Camille")
    client.sign_up()
    mission = Seen.mission = Seen.professional.mission(10)
    asked = "&".join(f"{name}={mission[name]}" for name in ("start", "end", "agents"))

    def found():
        # index-offers hears of the publication through the bus.
        answer = Browser(world.machine.site).get(f"/api/search?activity=human_surveillance&place=Lyon&{asked}")
        return answer.ok()["results"]

    results = until("the offer is found", found)
    quote = client.browser.post("/api/quotes", mission).ok()
    assert (results[0]["offer"], results[0]["total"]) == (mission["offer"], quote["total"])
    Seen.quote = quote


def test_the_schedule_frees_what_nobody_paid(world):
    booking = Seen.client.order(Seen.mission)
    world.machine.advance(16 * MINUTE)
    Seen.client.sign_in()
    # Nobody asks for it: the sweep of every minute does.
    Seen.client.waits_for(booking["id"], state="abandoned")


def test_a_card_is_authorised_and_the_professional_hears_of_it(world):
    client, professional = Seen.client, Seen.professional
    booking = client.order(Seen.mission)
    assert booking["state"] == "awaiting_payment"
    Seen.booking = booking["id"]
    professional.sign_in()
    professional.browser.get(f"/api/bookings/{Seen.booking}").refused(404, "not_found")
    client.pay(Seen.booking, "4242424242424242")
    # Stripe's webhook through the gateway, the event through the bus, the objects read again.
    booking = client.waits_for(Seen.booking, state="requested", payment="authorised")
    assert abs(moment(booking["respond_by"]) - moment(booking["requested_at"]) - 48 * HOUR) < 1
    mail(world, client.email, booking["reference"])
    mail(world, professional.email, "demande")


def test_accepted_the_card_is_debited(world):
    Seen.professional.browser.post(f"/api/bookings/{Seen.booking}/accept", {"advice": "Prévoyez un local chauffé."}).ok()
    booking = Seen.client.waits_for(Seen.booking, state="accepted", payment="captured")
    assert booking["money"]["held"] == Seen.quote["total"]
    Seen.professional.browser.post(f"/api/bookings/{Seen.booking}/complete").refused(422, "mission_not_over")


def test_after_the_mission_validated_paid_and_invoiced(world):
    client, professional = Seen.client, Seen.professional
    world.machine.advance_to(moment(Seen.mission["end"]) + 5 * MINUTE)
    professional.sign_in()
    professional.browser.post(f"/api/bookings/{Seen.booking}/complete").ok()
    client.sign_in()
    mail(world, client.email, "valid")
    client.browser.post(f"/api/bookings/{Seen.booking}/validate").ok()

    def paid():
        money = client.booking(Seen.booking)["money"]
        return money if money["held"] == 0 else None

    money = until("the professional is paid", paid, patience=60)
    price = Seen.quote["price"]
    assert money["transferred"] == price["professional_total"]
    assert money["transferred"] + money["commission"] == Seen.quote["total"]
    transfers = Browser(world.machine.stripe).get("/local/stripe/objects?kind=transfer").ok()
    transfers = transfers["data"] if isinstance(transfers, dict) else transfers
    assert [transfer["amount"] for transfer in transfers] == [price["professional_total"]], "paid once"

    bucket = world.resources["InvoicesBucket"]

    def printed():
        objects = world.machine.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
        papers = [file["Key"] for file in objects if file["Key"].endswith(".pdf")]
        orders = [key for key in papers if key.startswith("orders/")]
        files = [key for key in papers if key not in orders]
        # A consumer's order goes with the conditions that were accepted and the withdrawal form.
        return files if len(files) == 2 and len(orders) == 3 else None

    files = until("the order and both invoices are printed", printed)
    for file in files:
        content = world.machine.client("s3").get_object(Bucket=bucket, Key=file)["Body"].read()
        assert content.startswith(b"%PDF-") and b"factur-x.xml" in content, file
    mail(world, professional.email, "facture")
    SUMMARY.append(
        f"journey: ordered, authorised, captured {Seen.quote['total'] / 100:.2f} €, transferred "
        f"{money['transferred'] / 100:.2f} €, kept {money['commission'] / 100:.2f} €, {len(files)} invoices, "
        f"{len(world.machine.mails())} mails"
    )


def test_a_damaged_booking_is_brought_back(world):
    """The restore drill's script. ministack restores a table as it is now, whatever the moment asked for: the past is
    made by restoring first and damaging afterwards."""
    tables = world.machine.client("dynamodb")
    table = world.resources["BookingsTable"]
    key = next(
        {"pk": item["pk"], "sk": item["sk"]}
        for item in tables.scan(TableName=table)["Items"]
        if item["pk"]["S"].endswith(Seen.booking)
    )
    environment = world.machine.aws_environment()
    restore = [TOOLS / "python", ROOT / "infra/deploy/restore", STAGE, "bookings"]
    before = datetime.datetime.now(datetime.timezone.utc).isoformat()
    assert "0 gone, 0 changed" in run([*restore, before], env=environment)
    tables.delete_item(TableName=table, Key=key)
    said = run([*restore, before, "--put-back", key["pk"]["S"], "--drop"], env=environment)
    assert "1 gone" in said and "1 items put back" in said, said
    assert Seen.client.booking(Seen.booking)["state"] == "validated"


def test_nothing_was_left_undelivered(world):
    queues = world.machine.client("sqs")
    for name, resource in world.data["Resources"].items():
        if resource["Type"] == "AWS::SQS::Queue":
            asked = queues.get_queue_attributes(QueueUrl=world.resources[name], AttributeNames=["All"])
            count = int(asked["Attributes"]["ApproximateNumberOfMessages"])
            assert count == 0, f"{count} messages in {name}"


@pytest.mark.skipif(not ENFORCED, reason="permissions are not enforced in this run")
def test_a_function_without_its_permission_fails(world):
    """That the enforcement bites: the whole journey above passed under it, this does not."""
    iam, functions = world.machine.client("iam"), world.machine.client("lambda")
    role = functions.get_function_configuration(FunctionName=f"{STAGE}-search-offers")["Role"].rsplit("/")[-1]
    mission = Seen.professional.mission(10)
    asked = "&".join(f"{name}={mission[name]}" for name in ("start", "end", "agents"))
    search = f"/api/search?activity=human_surveillance&place=Lyon&{asked}"
    assert Browser(world.machine.site).get(search).status == 200
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
    assert Browser(world.machine.site).get(search).status >= 500
