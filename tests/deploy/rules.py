"""What AWS does, refuses or asks first and ministack does not, so that a deployment meets it on this machine:

- DynamoDB creates or deletes one index of a table at a time, and fills a new one for a while
  (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html);
- CloudFormation refuses an update of a table that asks for more, and does not delete a protected one
  (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html);
- a change set made with IncludeNestedStacks names one for each nested stack that changes;
- CloudFormation makes archives of a bus;
- a mail identity says which DKIM records prove it;
- GuardDuty scans what is put where a plan of Malware Protection watches, and tells the default bus; here it knows
  the test file of the EICAR (https://docs.aws.amazon.com/guardduty/latest/ug/monitor-with-eventbridge-s3-malware-protection.html);
- an e-mail subscription of SNS waits until the link in the mail was followed;
- S3 says of a file that is not there that it is not found to who may list the bucket, and forbidden to others;
- everybody speaks HTTPS to AWS, and bucket policies ask for it. Here all is plain HTTP, and counts as HTTPS unless
  PLAIN_HTTP=1.
"""

import contextvars
import json
import os
import re
import time
import uuid

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json
from ministack.services import dynamodb, eventbridge, s3, sns
from ministack.services.cloudformation import changesets, handlers, provisioners

PLAIN = os.environ.get("PLAIN_HTTP") == "1"
pin_request_origin = app.pin_request_origin
app.pin_request_origin = lambda address, secure: pin_request_origin(address, secure or not PLAIN)
iam_evaluator._request_origin = contextvars.ContextVar("origin", default=("127.0.0.1", not PLAIN))

FILLED_AFTER = float(os.environ.get("INDEX_FILLED_AFTER_SECONDS", "0"))
# When each index began to be filled, by the table's own identifier and the index.
filling: dict[tuple[str, str], float] = {}

update_table, describe_table = dynamodb._update_table, dynamodb._describe_table


def fill(table: dict):
    for index in table.get("GlobalSecondaryIndexes", []):
        begun = filling.get((table["TableId"], index["IndexName"]))
        if begun is not None:
            index["IndexStatus"] = "ACTIVE" if time.monotonic() - begun >= FILLED_AFTER else "CREATING"


def one_index_at_a_time(data):
    updates = [update for update in data.get("GlobalSecondaryIndexUpdates", []) if "Create" in update or "Delete" in update]
    table = dynamodb._tables.get(dynamodb._normalize_table_name(data.get("TableName")))
    if table and updates:
        fill(table)
        busy = any(index.get("IndexStatus") == "CREATING" for index in table.get("GlobalSecondaryIndexes", []))
        if busy or len(updates) > 1:
            return error_response_json(
                "LimitExceededException",
                "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
                400,
            )
    answer = update_table(data)
    if answer[0] == 200:
        for update in updates:
            if "Create" in update:
                filling[table["TableId"], update["Create"]["IndexName"]] = time.monotonic()
    return answer


def described(data):
    table = dynamodb._tables.get(dynamodb._normalize_table_name(data.get("TableName")))
    if table:
        fill(table)
    return describe_table(data)


dynamodb._update_table, dynamodb._describe_table = one_index_at_a_time, described


of_table = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
change_table, delete_table = of_table["update"], of_table["delete"]


def change_one_index(physical_id, old, new, *more, **named):
    before, after = (
        {index["IndexName"]: (index["KeySchema"], index["Projection"]) for index in properties.get("GlobalSecondaryIndexes", [])}
        for properties in (old, new)
    )
    changes = len(before.keys() ^ after.keys())
    # An index of the same name is deleted and created.
    changes += sum(2 for name in before.keys() & after.keys() if before[name] != after[name])
    if changes > 1:
        raise ValueError("Cannot perform more than one GSI creation or deletion in a single update")
    return change_table(physical_id, old, new, *more, **named)


def delete_unprotected(physical_id, properties, *more, **named):
    table = dynamodb._tables.get(physical_id)
    if table and table.get("DeletionProtectionEnabled"):
        raise ValueError(
            f"Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first. ({physical_id})"
        )
    return delete_table(physical_id, properties, *more, **named)


of_table["update"], of_table["delete"] = change_one_index, delete_unprotected


def create_archive(logical, properties, stack):
    name = properties["ArchiveName"]
    answer = eventbridge._create_archive(
        {"ArchiveName": name, "EventSourceArn": properties["SourceArn"], "RetentionDays": int(properties["RetentionDays"])}
    )
    if answer[0] != 200:
        raise ValueError(answer[2].decode())
    return name, {"Arn": json.loads(answer[2])["ArchiveArn"], "ArchiveName": name}


def delete_archive(physical_id, properties):
    eventbridge._delete_archive({"ArchiveName": physical_id})


provisioners._RESOURCE_HANDLERS["AWS::Events::Archive"] = {"create": create_archive, "delete": delete_archive}


of_identity = provisioners._RESOURCE_HANDLERS["AWS::SES::EmailIdentity"]
create_identity = of_identity["create"]


def create_with_dkim(logical, properties, *more, **named):
    identity, attributes = create_identity(logical, properties, *more, **named)
    for number in (1, 2, 3):
        attributes |= {
            f"DkimDNSTokenName{number}": f"token{number}._domainkey.{identity}",
            f"DkimDNSTokenValue{number}": f"token{number}.dkim.amazonses.com",
        }
    return identity, attributes


of_identity["create"] = create_with_dkim


# What is watched, by the plan's identifier: a bucket, and the beginnings of keys.
watched: dict[str, tuple[str, list[str]]] = {}
# In two parts: a virus scanner that reads this file must not take it for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def protect(logical, properties, stack):
    bucket = properties["ProtectedResource"]["S3Bucket"]
    plan = uuid.uuid4().hex[:20]
    watched[plan] = (bucket["BucketName"], list(bucket.get("ObjectPrefixes") or [""]))
    return plan, {"MalwareProtectionPlanId": plan, "Status": "ACTIVE"}


def unprotect(physical_id, properties):
    watched.pop(physical_id, None)


provisioners._RESOURCE_HANDLERS["AWS::GuardDuty::MalwareProtectionPlan"] = {"create": protect, "delete": unprotect}

put_object = s3._put_object


def put_and_scan(bucket, key, body, headers):
    answer = put_object(bucket, key, body, headers)
    plans = [prefixes for name, prefixes in watched.values() if name == bucket]
    if answer[0] == 200 and any(key.startswith(prefix) for prefixes in plans for prefix in prefixes):
        infected = EICAR in (body or b"")
        detail = {
            "schemaVersion": "1.0",
            "scanStatus": "COMPLETED",
            "resourceType": "S3_OBJECT",
            "s3ObjectDetails": {"bucketName": bucket, "objectKey": key, "eTag": "", "versionId": "", "s3Throttled": False},
            "scanResultDetails": {
                "scanResultStatus": "THREATS_FOUND" if infected else "NO_THREATS_FOUND",
                "threats": [{"name": "EICAR-Test-File"}] if infected else None,
                "statusReasons": None,
            },
        }
        told = {
            "Source": "aws.guardduty",
            "DetailType": "GuardDuty Malware Protection Object Scan Result",
            "Detail": json.dumps(detail),
        }
        eventbridge._put_events({"Entries": [told]}, allow_aws_source=True)
    return answer


s3._put_object = put_and_scan


create_change_set, describe_change_set = changesets._create_change_set, changesets._describe_change_set
# The nested change sets of a change set, by the logical name of the stack that they change.
nested: dict[str, dict[str, str]] = {}


def first(found: str, body: bytes) -> str | None:
    match = re.search(found, body.decode())
    return match and match.group(1)


def create_with_nested(params):
    answer = create_change_set(params)
    made = first("<Id>(.*?)</Id>", answer[2])
    if made and changesets._p(params, "IncludeNestedStacks", "false").lower() == "true":
        change_set = changesets._find_change_set(made)[1]
        nested[made] = {
            change["ResourceChange"]["LogicalResourceId"]: of_child
            for change in change_set["Changes"]
            if change["ResourceChange"]["ResourceType"] == "AWS::CloudFormation::Stack"
            and (of_child := child_change_set(params, change_set, change["ResourceChange"]))
        }
    return answer


def child_change_set(params, change_set, change) -> str | None:
    """Made of what the parent's new template gives to its child."""
    if change["Action"] != "Modify":
        return None
    name = changesets._p(params, "StackName")
    resolved = changesets._resolve_props_for_diff(
        change_set["_template"], change_set["_resolved_params"], name, change_set["StackId"]
    )
    asked = resolved["Resources"][change["LogicalResourceId"]]["Properties"]
    given = {
        "StackName": [change["PhysicalResourceId"].split(":stack/")[1].split("/")[0]],
        "ChangeSetName": [f"{changesets._p(params, 'ChangeSetName')}-{change['LogicalResourceId']}"],
        "TemplateURL": [asked["TemplateURL"]],
        "IncludeNestedStacks": ["true"],
        "Capabilities.member.1": ["CAPABILITY_IAM"],
        "Capabilities.member.2": ["CAPABILITY_NAMED_IAM"],
        "Capabilities.member.3": ["CAPABILITY_AUTO_EXPAND"],
    }
    for at, (key, value) in enumerate(asked.get("Parameters", {}).items(), 1):
        given[f"Parameters.member.{at}.ParameterKey"] = [key]
        given[f"Parameters.member.{at}.ParameterValue"] = [str(value)]
    return first("<Id>(.*?)</Id>", create_with_nested(given)[2])


def describe_with_nested(params):
    status, headers, body = describe_change_set(params)
    made = first("<ChangeSetId>(.*?)</ChangeSetId>", body)
    text = body.decode()
    for logical, of_child in nested.get(made, {}).items():
        named = f"<LogicalResourceId>{logical}</LogicalResourceId>"
        text = text.replace(named, f"{named}<ChangeSetId>{of_child}</ChangeSetId>")
    return status, headers, text.encode()


handlers._ACTION_HANDLERS |= {"CreateChangeSet": create_with_nested, "DescribeChangeSet": describe_with_nested}


fetch_origin = s3.serve_cloudfront_origin_fetch


def fetched(bucket, key, method, headers, source_arn="", oai_id=""):
    there = s3._ensure_bucket(bucket)
    if there is not None and key not in there["objects"] and may_list(bucket, source_arn):
        return s3._error("NoSuchKey", "The specified key does not exist.", 404, f"/{bucket}/{key}")
    return fetch_origin(bucket, key, method, headers, source_arn=source_arn, oai_id=oai_id)


def may_list(bucket: str, source_arn: str) -> bool:
    context = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="s3:ListBucket",
        resource_arn=f"arn:aws:s3:::{bucket}",
        region=changesets.get_region(),
        service_context={"aws:sourcearn": source_arn} if source_arn else {},
    )
    policy = s3._bucket_policies.get(bucket)
    if not policy:
        return False
    return iam_evaluator.evaluate_resource_policy(policy, context, service="cloudfront.amazonaws.com").decision == "Allow"


s3.serve_cloudfront_origin_fetch = fetched


list_by_topic = sns._list_subscriptions_by_topic


def unconfirmed():
    return [
        subscription
        for topic in sns._topics.values()
        for subscription in topic["subscriptions"]
        if subscription["protocol"] == "email" and not subscription.get("confirmed_by_mail")
    ]


def listed(params):
    status, headers, body = list_by_topic(params)
    text = body.decode()
    for subscription in unconfirmed():
        text = text.replace(
            f"<SubscriptionArn>{subscription['arn']}</SubscriptionArn>",
            "<SubscriptionArn>PendingConfirmation</SubscriptionArn>",
        )
    return status, headers, text.encode()


def confirmed(params):
    """The link of the mail. Its token is the topic's name: the tests have no mailbox of the operator's."""
    topic = changesets._p(params, "TopicArn")
    for subscription in unconfirmed():
        if subscription["topic_arn"] == topic and changesets._p(params, "Token") == topic.rsplit(":")[-1]:
            subscription["confirmed_by_mail"] = True
            return sns._xml(
                200,
                "ConfirmSubscriptionResponse",
                f"<ConfirmSubscriptionResult><SubscriptionArn>{subscription['arn']}</SubscriptionArn></ConfirmSubscriptionResult>",
            )
    return sns._error("InvalidParameterException", "Invalid token", 400)


sns._list_subscriptions_by_topic, sns._confirm_subscription = listed, confirmed
