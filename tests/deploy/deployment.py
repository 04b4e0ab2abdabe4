"""`sam deploy` of infra/data.yaml, and of infra/template.yaml with the stacks inside it, into the local AWS, and the
bridges over what ministack does not do. Each bridge is listed in docs/operations.md under "The local AWS"; none is in the product.
"""

import json
import os
import pathlib
import re
import subprocess
import time
import tomllib

import yaml

from machine import ORIGIN_PROOF, REGION, ROOT, TOOLS, Machine

STAGE = "dev"
STACK = "dev-monagentdesecu"
# What is kept; what runs is told where it is.
DATA_STACK = f"{STACK}-data"

INFRA = ROOT / "infra"

SECRETS = {
    "SESSION_SECRET": "only-for-this-deployment-0123456789",
    "STRIPE_SECRET_KEY": "sk_test_deployed",
    "STRIPE_WEBHOOK_SECRETS": "whsec_deployed",
}

def configured(stage: str) -> dict:
    """The parameters of a stage in samconfig.toml."""
    text = (ROOT / "samconfig.toml").read_text()
    return tomllib.loads(text)[stage]["deploy"]["parameters"]["parameter_overrides"]


class Tagged(yaml.SafeLoader):
    """Reads CloudFormation's short forms as what they stand for."""


def _short_form(loader, tag, node):
    name = {"Ref": "Ref", "Condition": "Condition"}.get(tag, f"Fn::{tag}")
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if tag == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


Tagged.add_multi_constructor("!", _short_form)


def read_template(file: pathlib.Path) -> dict:
    return yaml.load(file.read_text(), Tagged)


def run(command: list, **more) -> str:
    """Runs a tool; what it said is shown when it fails."""
    done = subprocess.run([str(part) for part in command], text=True, capture_output=True, **more)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, command))}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def readable(file: pathlib.Path) -> dict:
    """A template as ministack can take it."""
    template = read_template(file)
    # A secret's `Ref` is its name in ministack and its ARN on AWS; its `Id` is the ARN in both.
    text = json.dumps(template)
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::SecretsManager::Secret":
            text = text.replace(json.dumps({"Ref": name}), json.dumps({"Fn::GetAtt": [name, "Id"]}))
    return json.loads(text)


class Deployment:
    def __init__(self, machine: Machine):
        self.machine = machine
        self.took = {}

    def timed(self, what: str, do):
        begun = time.monotonic()
        result = do()
        self.took[what] = round(time.monotonic() - begun, 1)
        return result

    def build(self):
        """What is kept, what runs, and the stacks inside that."""
        self.data = readable(INFRA / "data.yaml")
        self.template = readable(INFRA / "template.yaml")
        self.files = {"data": INFRA / "data.yaml", "template": INFRA / "template.yaml"}
        for resource in self.template["Resources"].values():
            if resource["Type"] == "AWS::CloudFormation::Stack":
                file = INFRA / resource["Properties"]["TemplateURL"]
                self.files[file.stem] = file
        self.inside = {name: read_template(file) for name, file in self.files.items()}

    def sizes(self) -> list:
        """A line for each stack. None has a transform: what CloudFormation processes is what is written."""
        return [
            f"stack {name}: {len(self.inside[name]['Resources'])} resources, {file.stat().st_size / 1e3:.0f} kB"
            for name, file in self.files.items()
        ]

    def deploy(self):
        given = configured(STAGE) | {
            "PublicUrl": self.machine.site,
            "OriginProofs": f"{ORIGIN_PROOF},the-one-before",
        }
        kept = self.deploy_stack(DATA_STACK, self.data, given)
        self.outputs = self.deploy_stack(STACK, self.template, given | kept)
        pages = self.machine.client("cloudformation").get_paginator("list_stack_resources")
        self.resources = {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for stack in (DATA_STACK, STACK)
            for page in pages.paginate(StackName=stack)
            for resource in page["StackResourceSummaries"]
        }

    def deploy_stack(self, stack: str, template: dict, given: dict) -> dict:
        """Deploys one template; its outputs."""
        # In the template's own folder, so that the paths in it still lead somewhere.
        file = INFRA / f"local-{os.getpid()}.json"
        file.write_text(json.dumps(template))
        overrides = [
            "ParameterKey={},ParameterValue={}".format(name, json.dumps(value, ensure_ascii=False))
            for name, value in given.items()
            if name in template["Parameters"]
        ]
        command = [TOOLS / "sam", "deploy", "--template-file", file, "--stack-name", stack, "--region", REGION]
        command += ["--resolve-s3", "--no-confirm-changeset", "--no-progressbar"]
        command += ["--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
        command += ["--parameter-overrides", *overrides]
        try:
            run(command, cwd=self.machine.folder, env=self.machine.aws_environment())
        finally:
            file.unlink()
        described = self.machine.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}

    def functions(self) -> list:
        """The names of the functions."""
        return [
            resource["Properties"]["FunctionName"]["Fn::Sub"].replace("${Stage}", STAGE)
            for template in self.inside.values()
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::Lambda::Function"
        ]

    def add_routes(self):
        """Bridge: ministack ignores the description of an HTTP API, and with it every route."""
        gateway = self.machine.client("apigatewayv2")
        account = self.machine.client("sts").get_caller_identity()["Account"]
        described = self.machine.client("cloudformation").describe_stacks(StackName=self.resources["Apis"])
        self.apis = {output["OutputKey"]: output["OutputValue"] for output in described["Stacks"][0]["Outputs"]}
        self.routes = []
        for name, api in self.inside["api"]["Resources"].items():
            for path, operations in api["Properties"]["Body"]["paths"].items():
                for method, operation in operations.items():
                    uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
                    function = re.search(r"function:([^/]+)/invocations$", uri)[1].replace("${Stage}", STAGE)
                    arn = f"arn:aws:lambda:{REGION}:{account}:function:{function}"
                    integration = gateway.create_integration(
                        ApiId=self.apis[name], IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0", IntegrationUri=arn
                    )
                    method = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
                    target = f"integrations/{integration['IntegrationId']}"
                    gateway.create_route(ApiId=self.apis[name], RouteKey=f"{method} {path}", Target=target)
                    self.routes.append(f"{method} {path}")

    def write_secrets(self):
        """What the operator does once for each stage: Stripe's secrets are in no template."""
        if "Secrets" not in self.resources:
            return
        for name in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRETS"):
            command = [TOOLS / "python", ROOT / "infra/deploy/secrets", STAGE, name]
            run(command, input=SECRETS[name], env=self.machine.aws_environment())

    def verify_sender(self):
        """What DKIM records prove, where the template leaves the identity to the account."""
        if "MailIdentity" not in self.resources:
            domain = configured(STAGE)["MailSender"].rpartition("@")[2].strip(">")
            self.machine.client("ses").verify_domain_identity(Domain=domain)

    def allow_mail(self):
        """Bridge: ministack asks for ses:SendEmail on `*`, where AWS asks for it on the sender's identity. A role
        that may send from an identity may send here; one that may not still cannot."""
        iam = self.machine.client("iam")
        everywhere = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [everywhere]})
        for page in iam.get_paginator("list_roles").paginate():
            for role in page["Roles"]:
                name = role["RoleName"]
                policies = [
                    iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
                    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
                ]
                if "ses:SendEmail" in json.dumps(policies):
                    iam.put_role_policy(RoleName=name, PolicyName="mail-in-ministack", PolicyDocument=document)

    def behind_one_address(self):
        """Bridge: which paths go to which API is read from the distribution; ministack serves the rest by it."""
        asked = self.template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
        client = self.machine.client("cloudfront")
        site = client.get_distribution(Id=self.resources["Distribution"])["Distribution"]["DomainName"]
        hosts = {
            origin["Id"]: f"{self.apis[named[1]]}.execute-api.localhost"
            for origin in asked["Origins"]
            if (named := re.match(r"\$\{Apis\.Outputs\.(\w+)\}", str(origin["DomainName"].get("Fn::Sub"))))
        }
        behaviours = [
            (behaviour["PathPattern"], hosts.get(behaviour["TargetOriginId"], site))
            for behaviour in asked["CacheBehaviors"]
        ]
        self.machine.open_front([*behaviours, ("*", site)])

    def everything(self):
        self.build()
        self.timed("sam deploy", self.deploy)
        self.timed("routes", self.add_routes)
        self.timed("secrets", self.write_secrets)
        self.verify_sender()
        self.allow_mail()
        self.behind_one_address()

    def errors(self) -> list:
        """What functions logged as errors or warnings."""
        logs = self.machine.client("logs")
        lines = []
        for groups in logs.get_paginator("describe_log_groups").paginate():
            for group in groups["logGroups"]:
                for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
                    lines += [
                        f"{group['logGroupName']}: {event['message'].strip()}"
                        for event in page["events"]
                        if re.search(r"error|warn|panick", event["message"], re.IGNORECASE)
                    ]
        return lines
