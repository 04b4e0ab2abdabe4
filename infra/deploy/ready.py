"""What an account must have before a stage runs in it: room for its functions, somebody who hears of alarms, and
Stripe's secrets. Production is refused what it lacks; other stages are told.
"""

import json

from botocore.exceptions import ClientError

# What the gateway lets through at once (ThrottlingBurstLimit of infra/template.yaml), each in a function of its own,
# and a hundred for listeners and sweeps. New accounts begin with 10 to 50.
NEEDED = 500
# AWS's own default, which it gives to whoever asks.
ASKED = 1000
# Lambda's "Concurrent executions" in Service Quotas.
QUOTA = "L-B99A9384"


def concurrency(lambda_client, quotas, *, needed: int = NEEDED) -> str | None:
    """None when enough functions may run at the same time; otherwise what was done about it."""
    limit = lambda_client.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if limit >= needed:
        return None
    try:
        history = quotas.list_requested_service_quota_change_history_by_quota(ServiceCode="lambda", QuotaCode=QUOTA)
        open_requests = [
            request for request in history["RequestedQuotas"] if request["Status"] in ("PENDING", "CASE_OPENED")
        ]
        if open_requests:
            done = f"{open_requests[0]['DesiredValue']:.0f} were asked for already; AWS has not answered"
        else:
            quotas.request_service_quota_increase(ServiceCode="lambda", QuotaCode=QUOTA, DesiredValue=float(ASKED))
            done = f"{ASKED} are asked for now; AWS answers within hours or days"
    except ClientError as error:
        done = f"they could not be asked for ({error}); do it by hand: Service Quotas, AWS Lambda, Concurrent executions"
    return f"{limit} functions may run at the same time in this account, {needed} are needed: {done}."


def alarms(sns, topic: str, address: str) -> str | None:
    """None when the operator's address confirmed that it takes the alarms; otherwise what to do."""
    for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic):
        for subscription in page["Subscriptions"]:
            ours = (subscription["Protocol"], subscription["Endpoint"]) == ("email", address)
            # Until it is confirmed, it has no address of its own.
            if ours and subscription["SubscriptionArn"].startswith("arn:"):
                return None
    return (
        f"No alarm reaches anybody: {address} has not confirmed. AWS sent a mail there, « AWS Notification - "
        "Subscription Confirmation »: follow its link, then deploy again. A link that ran out is sent again by "
        f"`aws sns subscribe --topic-arn {topic} --protocol email --notification-endpoint {address}`."
    )


def certificate(acm, parameters: dict) -> str | None:
    """None when CloudFront can be given a certificate of the stage's names; otherwise what is wrong. `acm` is that of
    us-east-1, the only one whose certificates CloudFront takes."""
    domain, arn = parameters.get("DomainName"), parameters.get("CertificateArn")
    if not domain:
        return None
    wanted = [domain, f"www.{domain}"]
    if not arn:
        if parameters.get("HostedZoneId"):
            return None
        return (
            f"{domain} has no certificate: write HostedZoneId into samconfig.toml if its zone is in this account; "
            f"otherwise ask for one in us-east-1 (ACM) for {' and '.join(wanted)}, put the records that it shows into "
            "the zone where that is, and write its CertificateArn."
        )
    if ":us-east-1:" not in arn:
        return f"CloudFront takes certificates of us-east-1 only: {arn} is elsewhere."
    found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    if found["Status"] != "ISSUED":
        return f"The certificate {arn} is {found['Status']}: its records are not in the zone yet."
    names = {found["DomainName"], *found.get("SubjectAlternativeNames", [])}
    if missing := [name for name in wanted if not names & {name, "*." + name.partition(".")[2]}]:
        return f"The certificate {arn} does not cover {' and '.join(missing)}."
    return None


# What no template makes: it is put in by hand (infra/deploy/secrets).
BY_HAND = {"stripe": ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRETS")}


def empty_secrets(vault, secrets: list[str]) -> list[str]:
    """The names of values that nobody has put in yet, of a stage's secrets."""
    empty = []
    for secret in secrets:
        name = vault.describe_secret(SecretId=secret)["Name"].rpartition("/")[2]
        try:
            kept = json.loads(vault.get_secret_value(SecretId=secret).get("SecretString") or "{}")
        except vault.exceptions.ResourceNotFoundException:
            kept = {}
        wanted = dict.fromkeys(BY_HAND.get(name, ()), "") | kept
        empty += [name for name, value in wanted.items() if not value]
    return sorted(empty)
