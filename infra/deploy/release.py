"""What deploying and going back share: the stages of samconfig.toml, the tools, and the kept releases.

A release is what was deployed, whole: the packaged template, which names each function's zip in the bucket of
the SAM CLI, its parameters, and the built site. It is kept in that bucket under releases/STAGE/.
"""

import json
import os
import pathlib
import subprocess
import tomllib

import boto3
import origin_proofs
from cloudformation import Stack
from data import Data, given
from ready import empty_secrets
from samtranslator.yaml_helper import yaml_parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAM = ROOT / ".tools/deploy/bin/sam"
# The stack of the SAM CLI itself, which holds its bucket.
SAM_STACK = "aws-sam-cli-managed-default"


class Stage:
    """One stage, as samconfig.toml tells it."""

    def __init__(self, name: str):
        configured = tomllib.loads((ROOT / "samconfig.toml").read_text())
        known = [stage for stage in configured if stage != "version"]
        if name not in known:
            raise SystemExit(f"There is no stage {name!r}: {', '.join(known)}")
        self.name = name
        deploy = configured[name]["deploy"]["parameters"]
        # What runs, and what is kept (infra/data.yaml).
        self.stack = deploy["stack_name"]
        self.data_stack = f"{self.stack}-data"
        self.region = deploy["region"]
        self.tags = deploy.get("tags", [])
        # Somebody looks at what changes before it does.
        self.asks = deploy["confirm_changeset"]
        self.parameters = dict(deploy["parameter_overrides"])
        self.session = boto3.Session(region_name=self.region)

    def client(self, service: str, region: str | None = None):
        return self.session.client(service, region_name=region)

    def outputs(self, stack: str, region: str | None = None) -> dict:
        described = self.client("cloudformation", region).describe_stacks(StackName=stack)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}

    def bucket(self) -> str:
        """The SAM CLI's bucket in this region."""
        return self.outputs(SAM_STACK)["SourceBucket"]

    def sam(self, *arguments):
        """Runs sam; its questions and answers are the caller's."""
        environment = os.environ | {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region, "SAM_CLI_TELEMETRY": "0"}
        done = subprocess.run([SAM, *map(str, arguments)], cwd=ROOT, env=environment)
        if done.returncode:
            raise SystemExit(f"sam {arguments[0]} failed; CloudFormation left the stack as it was before.")

    def stack_named(self, name: str) -> Stack:
        return Stack(self.session, name, self.region, self.bucket(), self.tags)

    def data(self, accepted: set[str] = frozenset()) -> Data:
        """The stack of what is kept; `accepted` names what it may lose."""
        stack = self.stack_named(self.data_stack)
        return Data(stack, self.client("dynamodb"), self.data_template(), self.parameters, accepted)

    def data_template(self) -> dict:
        return yaml_parse((ROOT / "infra/data.yaml").read_text())

    def names(self) -> dict:
        """What physical names are made of."""
        account = self.client("sts").get_caller_identity()["Account"]
        return self.parameters | {"AWS::AccountId": account, "AWS::Region": self.region}

    def schedules(self) -> str:
        """Whether anything may run by itself: not before Stripe's secrets are there."""
        secrets = self.stack_named(self.data_stack).resources("AWS::SecretsManager::Secret")
        empty = empty_secrets(self.client("secretsmanager"), list(secrets.values()))
        if not empty:
            return "ENABLED"
        print(f"Nothing runs by itself yet, these secrets are empty: {', '.join(empty)}. Write them (infra/deploy/secrets), deploy again.")
        return "DISABLED"

    def deploy(self, packaged: pathlib.Path, parameters: dict) -> None:
        """Deploys a packaged template; CloudFormation goes back by itself when something fails.

        What CloudFront proves itself with is no part of a release: going back must not bring an old one back.
        """
        text = packaged.read_text()
        more = {"Schedules": self.schedules(), "OriginProofs": origin_proofs.proofs(origin_proofs.kept(self))}
        stack = self.stack_named(self.stack)
        stack.forget_what_never_came_up()
        stack.deploy(text, given(yaml_parse(text), parameters | more), ask=self.asks)

    def lacks(self, problem: str | None) -> None:
        """Something is not as it must be: production goes no further, other stages are told."""
        if problem is None:
            return
        if self.name == "prod":
            raise SystemExit(f"{problem} Nothing more is deployed.")
        print(f"TO BE DONE  {problem}")


def run(script: str, *arguments, stage: Stage):
    """Runs one of the scripts beside this one."""
    python = ROOT / ".tools/deploy/bin/python"
    done = subprocess.run(
        [python, ROOT / "infra/deploy" / script, *arguments], env=os.environ | {"AWS_REGION": stage.region}
    )
    if done.returncode:
        raise SystemExit(f"infra/deploy/{script} failed")
