"""The scripts of infra/deploy against an AWS that refuses what the real one refuses (rules.py), over its protocol: a
first deployment that fails, indexes that change, nested stacks looked into, an account too small.
"""

import http.client
import importlib.machinery
import importlib.util
import io
import json
import os
import pathlib
import shutil
import sys
import tempfile

import boto3
import pytest

from conftest import ENFORCED
from deployment import readable
from machine import KEY, REGION, ROOT, Process, free_port, listening, until
from quotas import SmallAccount

sys.path.insert(0, str(ROOT / "infra/deploy"))
import cloudformation  # noqa: E402
import indexes  # noqa: E402
import ready  # noqa: E402
import release  # noqa: E402
import stored  # noqa: E402
from cloudformation import Stack  # noqa: E402
from data import Data  # noqa: E402

pytestmark = pytest.mark.skipif(ENFORCED, reason="once is enough: no function runs here")
STACK = "dev-monagentdesecu-data"
PARAMETERS = {"Stage": "dev"}


def script(name: str):
    """A script of infra/deploy that has no ending in its name."""
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(ROOT / "infra/deploy" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


class Account:
    """An AWS of our own; each test begins in an empty one."""

    def __init__(self, folder: pathlib.Path):
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        (folder / "aws").mkdir()
        plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = Process(
            "aws",
            [sys.executable, pathlib.Path(__file__).with_name("aws.py")],
            folder / "aws",
            plain
            | {
                "GATEWAY_PORT": str(self.port),
                "BIND_HOST": "127.0.0.1",
                "MINISTACK_REGION": REGION,
                "TMPDIR": str(folder / "aws"),
                "CALLS_UNDER_WAY": str(folder / "calls-under-way"),
                "INDEX_FILLED_AFTER_SECONDS": "0.3",
                "AUTH": "true",
                "PLAIN_HTTP": "1",
            },
        )
        until("ministack listens", lambda: self.process.alive() and listening(self.port), 60)
        self.session = boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=REGION)

    def client(self, service: str, region: str | None = None):
        return self.session.client(service, endpoint_url=self.endpoint, region_name=region or REGION)


@pytest.fixture(scope="module")
def account():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="deploying-"))
    account = Account(folder)
    account.client("s3").create_bucket(
        Bucket="templates", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    cloudformation.POLL_SECONDS = indexes.POLL_SECONDS = 0.05
    try:
        yield account
    finally:
        account.process.end()
        shutil.rmtree(folder, ignore_errors=True)


class Session:
    """What a stage's session is, towards this account."""

    def __init__(self, account: Account):
        self.account = account

    def client(self, service: str, region_name: str | None = None):
        return self.account.client(service, region_name)


@pytest.fixture
def stack(account):
    """A stack that is not there yet, and everything else gone."""
    yield Stack(Session(account), STACK, REGION, "templates")
    formation, tables, files = (account.client(service) for service in ("cloudformation", "dynamodb", "s3"))
    if found := Stack(Session(account), STACK, REGION, "templates").described():
        formation.update_termination_protection(StackName=STACK, EnableTerminationProtection=False)
        formation.delete_stack(StackName=STACK)
        until("the stack is gone", lambda: gone(formation, found["StackId"]))
    for table in tables.list_tables()["TableNames"]:
        tables.update_table(TableName=table, DeletionProtectionEnabled=False)
        tables.delete_table(TableName=table)
    for bucket in files.list_buckets()["Buckets"]:
        if bucket["Name"] != "templates":
            for file in files.list_object_versions(Bucket=bucket["Name"]).get("Versions", []):
                files.delete_object(Bucket=bucket["Name"], Key=file["Key"], VersionId=file["VersionId"])
            files.delete_bucket(Bucket=bucket["Name"])


def gone(formation, stack_id: str) -> bool:
    status = formation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
    return status in ("DELETE_COMPLETE", "DELETE_FAILED")


def index(name: str, projection: str = "ALL") -> dict:
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": name.replace("-", "_"), "KeyType": "HASH"}],
        "Projection": {"ProjectionType": projection},
    }


def table(name: str, *listed: dict) -> dict:
    keys = ["pk", *(each["IndexName"].replace("-", "_") for each in listed)]
    properties = {
        "TableName": {"Fn::Sub": "${Stage}-" + name},
        "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": True,
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in keys],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    }
    if listed:
        properties["GlobalSecondaryIndexes"] = list(listed)
    return {
        "Type": "AWS::DynamoDB::Table",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": properties,
    }


FILES = {
    "Type": "AWS::S3::Bucket",
    "DeletionPolicy": "RetainExceptOnCreate",
    "UpdateReplacePolicy": "Retain",
    "Properties": {"BucketName": {"Fn::Sub": "${Stage}-files-${AWS::AccountId}"}},
}
# Fails when everything else was made.
IMPOSSIBLE = {
    "Type": "AWS::CloudFormation::Stack",
    "DependsOn": ["Bookings", "Files"],
    "Properties": {"TemplateURL": f"https://s3.{REGION}.amazonaws.com/templates/absent.json"},
}


def template(**resources) -> str:
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Parameters": {"Stage": {"Type": "String"}},
            "Resources": resources,
            "Outputs": {"Stage": {"Value": {"Ref": "Stage"}}},
        }
    )


def data(account, stack, text: str, accepted=frozenset()) -> Data:
    return Data(stack, account.client("dynamodb"), json.loads(text), PARAMETERS | {"MailDomain": "not asked for"}, accepted)


def names(account, of: str) -> set:
    return {each["IndexName"] for each in indexes.read(account.client("dynamodb"), of)[0]}


def written(stack) -> dict:
    """The template that a stack has."""
    body = stack.client.get_template(StackName=stack.name)["TemplateBody"]
    return json.loads(body) if isinstance(body, str) else body


def updates(stack) -> int:
    """How many updates a stack has been through."""
    events = stack.client.describe_stack_events(StackName=stack.name)["StackEvents"]
    return sum(
        event["ResourceType"] == "AWS::CloudFormation::Stack" and event["ResourceStatus"] == "UPDATE_COMPLETE"
        for event in events
    )


def test_this_aws_refuses_two_indexes_at_once(account, stack):
    data(account, stack, template(Bookings=table("bookings"))).grow(ask=False)
    two = template(Bookings=table("bookings", index("by-held"), index("by-title")))
    with pytest.raises(SystemExit, match="more than one GSI creation or deletion in a single update"):
        stack.deploy(two, PARAMETERS, ask=False)
    dynamodb = account.client("dynamodb")
    asked = {
        "TableName": "dev-bookings",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "by_held", "by_title")],
    }
    creations = [{"Create": index("by-held")}, {"Create": index("by-title")}]
    with pytest.raises(dynamodb.exceptions.LimitExceededException):
        dynamodb.update_table(**asked, GlobalSecondaryIndexUpdates=creations)
    dynamodb.update_table(**asked, GlobalSecondaryIndexUpdates=creations[:1])
    with pytest.raises(dynamodb.exceptions.LimitExceededException):
        dynamodb.update_table(**asked, GlobalSecondaryIndexUpdates=creations[1:])


def test_indexes_change_one_at_a_time_and_end_as_they_are_wanted(account, stack):
    before = template(
        Bookings=table("bookings", index("by-client"), index("by-old"), index("by-older")),
        Offers=table("offers", index("by-owner")),
    )
    data(account, stack, before).grow(ask=False)
    # A table that is not there yet takes all of its indexes at once.
    assert names(account, "dev-bookings") == {"by-client", "by-old", "by-older"}
    after = template(
        Bookings=table("bookings", index("by-client"), index("by-held"), index("by-title"), index("by-trouble")),
        Offers=table("offers", index("by-owner"), index("by-shelf")),
        Reviews=table("reviews", index("by-author"), index("by-offer")),
    )
    begun = updates(stack)
    wanted = data(account, stack, after)
    wanted.grow(ask=False)
    # Functions of the release before still ask the old ones.
    assert names(account, "dev-bookings") == {"by-client", "by-held", "by-title", "by-trouble", "by-old", "by-older"}
    assert names(account, "dev-offers") == {"by-owner", "by-shelf"}
    assert names(account, "dev-reviews") == {"by-author", "by-offer"}
    assert updates(stack) - begun == 3
    wanted.shrink(ask=False)
    assert names(account, "dev-bookings") == {"by-client", "by-held", "by-title", "by-trouble"}
    assert updates(stack) - begun == 5
    assert written(stack) == json.loads(after), "to the letter"
    assert wanted.missing_for(json.loads(after)) == []
    assert wanted.missing_for(json.loads(before)) == ["Bookings/by-old", "Bookings/by-older"], "no way back to it"
    # Once more: there is nothing to do.
    wanted.grow(ask=False)
    wanted.shrink(ask=False)
    assert updates(stack) - begun == 5
    attributes = {each["AttributeName"] for each in indexes.read(account.client("dynamodb"), "dev-bookings")[1]}
    assert attributes == {"pk", "by_client", "by_held", "by_title", "by_trouble"}


def test_an_index_wanted_otherwise_under_its_name_is_made_again_only_when_told(account, stack):
    data(account, stack, template(Bookings=table("bookings", index("by-held"), index("by-title")))).grow(ask=False)
    lean = template(Bookings=table("bookings", index("by-held", "KEYS_ONLY"), index("by-title", "KEYS_ONLY")))
    with pytest.raises(SystemExit, match='by-held, by-title.*(?s:.)*ACCEPT="Bookings"'):
        data(account, stack, lean).grow(ask=False)
    assert {each["Projection"]["ProjectionType"] for each in indexes.read(account.client("dynamodb"), "dev-bookings")[0]} == {"ALL"}
    data(account, stack, lean, {"Bookings"}).grow(ask=False)
    there = indexes.read(account.client("dynamodb"), "dev-bookings")[0]
    assert [(each["IndexName"], each["Projection"]["ProjectionType"]) for each in sorted(there, key=lambda i: i["IndexName"])] == [
        ("by-held", "KEYS_ONLY"),
        ("by-title", "KEYS_ONLY"),
    ]


def test_the_data_stack_stops_at_what_would_be_lost(account, stack):
    both = template(Bookings=table("bookings"), Files=FILES)
    data(account, stack, both).grow(ask=False)
    begun = updates(stack)
    with pytest.raises(SystemExit, match='Bookings would be replaced or removed.*(?s:.)*ACCEPT="Bookings"'):
        data(account, stack, template(Files=FILES)).grow(ask=False)
    renamed = template(Bookings=table("orders"), Files=FILES)
    with pytest.raises(SystemExit, match="Bookings would be replaced or removed"):
        data(account, stack, renamed).grow(ask=False)
    assert updates(stack) == begun and names(account, "dev-bookings") == set()
    data(account, stack, template(Files=FILES), {"Bookings"}).grow(ask=False)
    assert updates(stack) == begun + 1
    # Given up by the stack, kept by the account.
    assert indexes.read(account.client("dynamodb"), "dev-bookings") is not None


def test_a_first_deployment_that_fails_leaves_nothing_and_the_next_one_begins_anew(account, stack, capsys):
    with pytest.raises(SystemExit) as failed:
        data(account, stack, template(Bookings=table("bookings"), Files=FILES, Impossible=IMPOSSIBLE)).grow(ask=False)
    assert "Impossible" in str(failed.value), "the reason is shown"
    assert stack.status() == "ROLLBACK_COMPLETE"
    assert account.client("dynamodb").list_tables()["TableNames"] == [], "taken back: it was not protected yet"
    data(account, stack, template(Bookings=table("bookings"), Files=FILES)).grow(ask=False)
    assert "never came up" in capsys.readouterr().out
    there = account.client("dynamodb").describe_table(TableName="dev-bookings")["Table"]
    assert there["DeletionProtectionEnabled"], "protected once it is there"
    assert stack.described()["EnableTerminationProtection"]
    with pytest.raises(stack.client.exceptions.ClientError, match="TerminationProtection"):
        stack.client.delete_stack(StackName=stack.name)


def test_what_an_earlier_stack_left_is_imported(account, stack, monkeypatch):
    """Somebody took the protection away and deleted the stack: tables and buckets stay, with what is in them."""
    whole = template(
        Bookings=table("bookings", index("by-client"), index("by-older")),
        Offers=table("offers"),
        Files=FILES,
        Queue={"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "dev-undelivered"}},
    )
    data(account, stack, whole).grow(ask=False)
    dynamodb = account.client("dynamodb")
    dynamodb.put_item(TableName="dev-bookings", Item={"pk": {"S": "bkg_1"}})
    stack.client.update_termination_protection(StackName=stack.name, EnableTerminationProtection=False)
    old = stack.described()["StackId"]
    stack.client.delete_stack(StackName=stack.name)
    until("the stack is gone", lambda: gone(stack.client, old))
    # The release that takes them in has another index, and a table more.
    wanted = data(
        account,
        stack,
        template(
            Bookings=table("bookings", index("by-client"), index("by-held")),
            Offers=table("offers"),
            Files=FILES,
            Reviews=table("reviews"),
            Queue={"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "dev-undelivered"}},
        ),
    )
    with pytest.raises(SystemExit):
        wanted.grow(ask=False)
    account_id = account.client("sts").get_caller_identity()["Account"]
    names_of = PARAMETERS | {"AWS::AccountId": account_id}
    stage = type("Stage", (), {"client": staticmethod(account.client), "names": lambda: names_of, "name": "dev"})
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert script("import-data").take_in(stage, wanted) == 3
    assert stack.status() == "IMPORT_COMPLETE"
    assert names(account, "dev-bookings") == {"by-client", "by-older"}
    wanted.grow(ask=False)
    wanted.shrink(ask=False)
    assert names(account, "dev-bookings") == {"by-client", "by-held"}
    assert set(stack.resources()) == {"Bookings", "Offers", "Files", "Reviews", "Queue"}
    assert dynamodb.get_item(TableName="dev-bookings", Key={"pk": {"S": "bkg_1"}})["Item"], "untouched"
    with pytest.raises(SystemExit, match="nothing to import"):
        script("import-data").take_in(stage, wanted)


def queue(seconds: int) -> dict:
    return {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "dev-inner", "VisibilityTimeout": seconds}}


def test_a_change_set_shows_what_nested_stacks_change_and_asks(account, stack, capsys, monkeypatch):
    def parent(seconds: int, topic: str) -> str:
        inner = template(Inner=queue(seconds), Topic={"Type": "AWS::SNS::Topic", "Properties": {"TopicName": topic}})
        key = f"inner-{seconds}-{topic}.json"
        account.client("s3").put_object(Bucket="templates", Key=key, Body=inner.encode())
        child = {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {
                "TemplateURL": f"https://s3.{REGION}.amazonaws.com/templates/{key}",
                "Parameters": {"Stage": {"Ref": "Stage"}},
            },
        }
        return template(Context=child)

    assert stack.deploy(parent(30, "dev-one"), PARAMETERS, ask=False)
    capsys.readouterr()
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(SystemExit, match="Nothing was changed"):
        stack.deploy(parent(60, "dev-two"), PARAMETERS, ask=True)
    said = capsys.readouterr().out
    assert "Context Inner (AWS::SQS::Queue)" in said, said
    assert "Context Topic (AWS::SNS::Topic) REPLACED" in said, said
    asked = account.client("sqs").get_queue_attributes(
        QueueUrl=account.client("sqs").get_queue_url(QueueName="dev-inner")["QueueUrl"], AttributeNames=["All"]
    )
    assert asked["Attributes"]["VisibilityTimeout"] == "30"
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert stack.deploy(parent(60, "dev-two"), PARAMETERS, ask=True)
    assert not stack.deploy(parent(60, "dev-two"), PARAMETERS, ask=True), "nothing changes"


def test_what_is_kept_comes_up_protected_and_says_what_to_write_elsewhere(account, stack):
    """infra/data.yaml itself, by the script that deploys it."""
    whole = readable(ROOT / "infra/data.yaml")
    parameters = {"Stage": "dev", "MailDomain": "example.org", "OperatorEmail": "contact@example.org"}
    wanted = Data(stack, account.client("dynamodb"), whole, parameters)
    wanted.grow(ask=False)
    wanted.shrink(ask=False)
    tables = indexes.tables(whole)
    there = stack.resources("AWS::DynamoDB::Table")
    assert set(there) == set(tables) and len(tables) >= 19
    for name, physical in there.items():
        live = account.client("dynamodb").describe_table(TableName=physical)["Table"]
        assert live["DeletionProtectionEnabled"], name
        assert names(account, physical) == {each["IndexName"] for each in indexes.of(tables[name])}
    outputs = stack.outputs()
    for number in (1, 2, 3):
        token, kind, target = outputs[f"DkimRecord{number}"].split()
        assert (token.endswith("._domainkey.example.org"), kind) == (True, "CNAME"), outputs
        assert target.endswith("dkim.amazonses.com"), outputs
    sns = account.client("sns")
    assert "has not confirmed" in ready.alarms(sns, outputs["Alarms"], "contact@example.org")
    buckets = stack.resources("AWS::S3::Bucket")
    account_id = account.client("sts").get_caller_identity()["Account"]
    assert {bucket.rsplit("-")[-1] for bucket in buckets.values()} == {account_id}
    secrets = list(stack.resources("AWS::SecretsManager::Secret").values())
    vault = account.client("secretsmanager")
    assert {"STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRETS"} <= set(ready.empty_secrets(vault, secrets))


def test_files_do_not_travel_over_plain_http(account, stack):
    whole = readable(ROOT / "infra/data.yaml")
    Data(stack, account.client("dynamodb"), whole, {"Stage": "dev"}).grow(ask=False)
    iam, owner = account.client("iam"), account.client("s3")
    iam.create_user(UserName="somebody")
    everything = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}], "Version": "2012-10-17"}
    iam.put_user_policy(UserName="somebody", PolicyName="files", PolicyDocument=json.dumps(everything))
    key = iam.create_access_key(UserName="somebody")["AccessKey"]
    somebody = boto3.client(
        "s3",
        endpoint_url=account.endpoint,
        region_name=REGION,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    owner.put_object(Bucket="templates", Key="open", Body=b"x")
    assert somebody.get_object(Bucket="templates", Key="open")["Body"].read() == b"x", "has every right"
    buckets = stack.resources("AWS::S3::Bucket")
    for name in ("DocumentsBucket", "InvoicesBucket"):
        with pytest.raises(somebody.exceptions.ClientError, match="AccessDenied"):
            somebody.list_objects_v2(Bucket=buckets[name])
        with pytest.raises(somebody.exceptions.ClientError, match="AccessDenied"):
            somebody.put_object(Bucket=buckets[name], Key="file", Body=b"x")


def test_a_missing_file_of_the_site_is_not_found_and_every_page_asks_for_https(account, stack):
    """What CloudFront is told in infra/template.yaml, without the functions behind it."""
    parameters = {"Stage": "dev"}
    Data(stack, account.client("dynamodb"), readable(ROOT / "infra/data.yaml"), parameters).grow(ask=False)
    whole = readable(ROOT / "infra/template.yaml")
    wanted = {
        name: resource
        for name, resource in whole["Resources"].items()
        if resource["Type"].startswith("AWS::CloudFront::") or name == "SiteBucketPolicy"
    }
    for origin in wanted["Distribution"]["Properties"]["DistributionConfig"]["Origins"]:
        if "CustomOriginConfig" in origin:
            origin["DomainName"] = "functions.example.org"
    text = json.dumps(
        {part: whole[part] for part in ("AWSTemplateFormatVersion", "Parameters", "Conditions")} | {"Resources": wanted}
    )
    given = parameters | stack.outputs() | {"OriginProofs": "one,other"}
    asked = {name: given[name] for name in whole["Parameters"] if name in given}
    edge = Stack(Session(account), f"{STACK}-front", REGION, "templates")
    edge.deploy(text, asked, ask=False)
    bucket = stack.resources()["SiteBucket"]
    account.client("s3").put_object(Bucket=bucket, Key="index.html", Body=b"<html>", ContentType="text/html")
    account.client("s3").put_object(Bucket=bucket, Key="404.html", Body=b"<html>", ContentType="text/html")
    distribution = edge.resources()["Distribution"]
    host = account.client("cloudfront").get_distribution(Id=distribution)["Distribution"]["DomainName"]

    def ask(path: str) -> tuple[int, dict]:
        connection = http.client.HTTPConnection("127.0.0.1", account.port, timeout=30)
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}

    status, headers = ask("/")
    assert (status, headers["strict-transport-security"]) == (200, "max-age=31536000; includeSubDomains"), headers
    assert ask("/rien")[0] == 404, "the page that says so"
    assert ask("/_app/immutable/absent.js")[0] == 404
    edge.client.delete_stack(StackName=edge.described()["StackId"])


def test_production_goes_no_further_and_nothing_runs_by_itself_before_it_may(account, stack, monkeypatch, capsys):
    """As `make deploy` asks: infra/data.yaml by the stage of samconfig.toml."""
    for name, value in {
        "AWS_ENDPOINT_URL": account.endpoint,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(name, value)
    account.client("cloudformation").create_stack(
        StackName=release.SAM_STACK,
        TemplateBody=json.dumps(
            {
                "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
                "Outputs": {"SourceBucket": {"Value": "templates"}},
            }
        ),
    )
    stage, production = release.Stage("dev"), release.Stage("prod")
    assert (stage.asks, production.asks) == (False, True)
    stage.data().grow(ask=stage.asks)
    assert stage.schedules() == "DISABLED"
    assert "STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRETS" in capsys.readouterr().out
    for name in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRETS"):
        monkeypatch.setattr("sys.argv", ["secrets", "dev", name])
        monkeypatch.setattr("sys.stdin", io.StringIO("value"))
        script("secrets").main()
    assert stage.schedules() == "ENABLED"
    problem = ready.alarms(stage.client("sns"), stage.data().stack.outputs()["Alarms"], "contact@example.org")
    stage.lacks(problem)
    assert "TO BE DONE" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="has not confirmed.*Nothing more is deployed"):
        production.lacks(problem)
    production.lacks(None)
    account_id = account.client("sts").get_caller_identity()["Account"]
    monkeypatch.setattr("sys.argv", ["documents-origin", "dev"])
    script("documents-origin").main()
    said = capsys.readouterr().out.strip().splitlines()[-1]
    assert said == f"https://dev-monagentdesecu-documents-{account_id}.s3.eu-west-3.amazonaws.com"


def test_nobody_there_to_answer_is_a_no(monkeypatch):
    def nobody(_):
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert not cloudformation.agreed("Go on?")


def test_a_small_account_asks_for_more_once(account):
    small = SmallAccount(limit=10)
    try:
        lambdas = account.session.client("lambda", endpoint_url=small.endpoint)
        quotas = account.session.client("service-quotas", endpoint_url=small.endpoint)
        said = ready.concurrency(lambdas, quotas)
        assert said.startswith("10 functions may run") and "asked for now" in said
        assert small.asked == [{"ServiceCode": "lambda", "QuotaCode": ready.QUOTA, "DesiredValue": 1000.0}]
        assert "asked for already" in ready.concurrency(lambdas, quotas)
        assert len(small.asked) == 1
        small.limit = 1000
        assert ready.concurrency(lambdas, quotas) is None
    finally:
        small.end()


def test_alarms_reach_somebody_only_once_the_mail_is_confirmed(account):
    sns = account.client("sns")
    topic = sns.create_topic(Name="dev-alarms")["TopicArn"]
    assert "has not confirmed" in ready.alarms(sns, topic, "contact@example.org")
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="contact@example.org")
    assert "has not confirmed" in ready.alarms(sns, topic, "contact@example.org")
    sns.confirm_subscription(TopicArn=topic, Token="dev-alarms")
    assert ready.alarms(sns, topic, "contact@example.org") is None
    assert "has not confirmed" in ready.alarms(sns, topic, "other@example.org")


def test_a_certificate_from_elsewhere_is_looked_at_first(account):
    acm = account.client("acm", "us-east-1")
    domain = "example.org"
    assert ready.certificate(acm, {}) is None, "CloudFront's own name"
    assert ready.certificate(acm, {"DomainName": domain, "HostedZoneId": "Z1"}) is None, "made by infra/edge.yaml"
    assert "CertificateArn" in ready.certificate(acm, {"DomainName": domain})
    made = acm.request_certificate(DomainName=domain, ValidationMethod="DNS")["CertificateArn"]
    said = ready.certificate(acm, {"DomainName": domain, "CertificateArn": made})
    assert "www.example.org" in said, said
    made = acm.request_certificate(
        DomainName=domain, SubjectAlternativeNames=["*.example.org"], ValidationMethod="DNS"
    )["CertificateArn"]
    assert ready.certificate(acm, {"DomainName": domain, "CertificateArn": made}) is None
    elsewhere = made.replace("us-east-1", "eu-west-3")
    assert "us-east-1" in ready.certificate(acm, {"DomainName": domain, "CertificateArn": elsewhere})


def test_secrets_that_nobody_put_in_are_named(account):
    vault = account.client("secretsmanager")
    vault.create_secret(Name="dev/one", SecretString=json.dumps({"SESSION_SECRET": "made", "STRIPE_SECRET_KEY": ""}))
    assert ready.empty_secrets(vault, ["dev/one"]) == ["STRIPE_SECRET_KEY"]
    vault.put_secret_value(SecretId="dev/one", SecretString=json.dumps({"SESSION_SECRET": "made", "STRIPE_SECRET_KEY": "sk"}))
    assert ready.empty_secrets(vault, ["dev/one"]) == []


def test_going_back_is_refused_where_something_stored_since_would_not_be_known(tmp_path):
    for name in ("booking.v1.json", "booking.v2.json", "offer.v1.json", "booking.v10.json"):
        (tmp_path / name).write_text("[]")
    assert stored.versions(tmp_path) == {"booking": 10, "offer": 1}
    first, second, third = '{"booking": 1}', '{"booking": 2, "offer": 1}', '{"booking": 2, "offer": 2}'
    assert stored.unknown(second, [second, first]) == []
    assert stored.unknown(first, [second]) == ["booking"]
    # A release in between that went back meanwhile has stored all the same.
    assert stored.unknown(first, [first, third]) == ["booking", "offer"]
    # From before anything was written down: it knows the first of each.
    assert stored.unknown(None, [None, first]) == []
    assert stored.unknown(None, [third]) == ["booking", "offer"]
    rollback = script("rollback")
    assert rollback.arguments(["dev", "R", "--accept", "booking"]) == (["dev", "R"], {"booking"})
    assert rollback.arguments(["dev"]) == (["dev"], set())
