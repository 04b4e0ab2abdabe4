"""What CloudFront proves itself with to the functions, kept in Secrets Manager: STAGE/monagentdesecu-origin."""

import json
import secrets


def secret(stage) -> str:
    return f"{stage.name}/monagentdesecu-origin"


def kept(stage) -> dict:
    """`sent`, and what else is accepted: the `next` to be sent or the one `before`. Made when there is none."""
    vault = stage.client("secretsmanager")
    try:
        return json.loads(vault.get_secret_value(SecretId=secret(stage))["SecretString"])
    except vault.exceptions.ResourceNotFoundException:
        made = {"sent": fresh()}
        vault.create_secret(Name=secret(stage), SecretString=json.dumps(made))
        return made


def proofs(values: dict) -> str:
    """The template's OriginProofs: what is sent comes first."""
    return ",".join(values[name] for name in ("sent", "next", "before") if name in values)


def replaced(values: dict, new: str) -> dict:
    """The next step: a new value is accepted, or the accepted one is sent."""
    if "next" in values:
        return {"sent": values["next"], "before": values["sent"]}
    return {"sent": values["sent"], "next": new}


def fresh() -> str:
    return secrets.token_hex(32)


def keep(stage, values: dict) -> None:
    stage.client("secretsmanager").put_secret_value(SecretId=secret(stage), SecretString=json.dumps(values))
