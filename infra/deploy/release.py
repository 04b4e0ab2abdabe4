"""What deploying and going back share: the stages of samconfig.toml, the tools, and the kept releases.

A release is what was deployed, whole: the packaged template, which names each function's zip in the bucket of
the SAM CLI, its parameters, and the built site. It is kept in that bucket under releases/STAGE/.
"""

import json
import os
import pathlib
import subprocess

import boto3
import tomlkit

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAM = ROOT / ".tools/deploy/bin/sam"
# The stack of the SAM CLI itself, which holds its bucket.
SAM_STACK = "aws-sam-cli-managed-default"


class Stage:
    """One stage, as samconfig.toml tells it."""

    def __init__(self, name: str):
        configured = tomlkit.parse((ROOT / "samconfig.toml").read_text()).unwrap()
        known = [stage for stage in configured if stage != "version"]
        if name not in known:
            raise SystemExit(f"There is no stage {name!r}: {', '.join(known)}")
        self.name = name
        deploy = configured[name]["deploy"]["parameters"]
        # What runs, and what is kept (infra/data.yaml).
        self.stack = deploy["stack_name"]
        self.data_stack = f"{self.stack}-data"
        self.region = deploy["region"]
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

    def deploy_data(self) -> dict:
        """Deploys what is kept; its outputs, which are parameters of what runs."""
        asked = ("Stage", "PublicUrl", "MailDomain")
        wanted = {name: value for name, value in self.parameters.items() if name in asked}
        self._deploy(ROOT / "infra/data.yaml", wanted, "--stack-name", self.data_stack)
        self.client("cloudformation").update_termination_protection(
            StackName=self.data_stack, EnableTerminationProtection=True
        )
        return self.outputs(self.data_stack)

    def deploy(self, template: pathlib.Path, parameters: dict):
        """Deploys a packaged template; CloudFormation goes back by itself when something fails."""
        self._deploy(template, parameters)

    def _deploy(self, template: pathlib.Path, parameters: dict, *more):
        given = [f"ParameterKey={name},ParameterValue={json.dumps(value, ensure_ascii=False)}" for name, value in parameters.items()]
        self.sam(
            "deploy",
            *("--config-file", ROOT / "samconfig.toml", "--config-env", self.name, *more),
            *("--template-file", template, "--parameter-overrides", *given),
        )


def run(script: str, *arguments, stage: Stage):
    """Runs one of the scripts beside this one."""
    python = ROOT / ".tools/deploy/bin/python"
    done = subprocess.run(
        [python, ROOT / "infra/deploy" / script, *arguments], env=os.environ | {"AWS_REGION": stage.region}
    )
    if done.returncode:
        raise SystemExit(f"infra/deploy/{script} failed")
