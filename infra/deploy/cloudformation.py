"""Stacks, deployed by change sets that are looked at first: what would change, in nested stacks too.

A change set that would replace or remove what a protected stack holds is not executed, unless that resource was
named. What CloudFormation then refuses is shown with its reason, wherever in the nested stacks it was.
"""

import dataclasses
import hashlib
import time

from botocore.exceptions import ClientError

# How often a stack under way is asked, and for how long: a distribution takes half an hour.
POLL_SECONDS = 5.0
PATIENCE_SECONDS = 2 * 3600
# A stack that never came up: it holds nothing, and CloudFormation takes no other template for it.
NEVER_CAME_UP = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")
NOTHING_CHANGES = ("didn't contain changes", "No updates are to be performed")


@dataclasses.dataclass(frozen=True)
class Change:
    """What happens to one resource. `replacement` is True, False, Conditional, or empty where nothing is said."""

    stack: str
    action: str
    resource: str
    kind: str
    replacement: str = ""

    @property
    def loses(self) -> bool:
        """Whether what is there now is gone afterwards, or may be."""
        return self.action == "Remove" or self.replacement in ("True", "Conditional")

    def __str__(self) -> str:
        replaced = {"True": " REPLACED", "Conditional": " perhaps REPLACED"}.get(self.replacement, "")
        action = "REMOVED" if self.action == "Remove" else self.action.lower()
        return f"  {action:8}{self.stack} {self.resource} ({self.kind}){replaced}"


def agreed(question: str) -> bool:
    """Whether somebody says yes; nobody there is a no."""
    try:
        return input(f"{question} [yes/no] ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


class Stack:
    """One stack of a stage. `bucket` is where templates are put for CloudFormation to read."""

    def __init__(self, session, name: str, region: str, bucket: str, tags: list[str] = ()):
        self.name, self.region, self.bucket = name, region, bucket
        self.tags = [dict(zip(("Key", "Value"), tag.split("=", 1))) for tag in tags]
        self.client = session.client("cloudformation", region_name=region)
        self.s3 = session.client("s3", region_name=region)

    # ---- What is there

    def described(self) -> dict | None:
        try:
            return self.client.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def status(self) -> str | None:
        """None where there is no stack, or where only its name was written down for a change set."""
        found = self.described()
        status = found and found["StackStatus"]
        return None if status == "REVIEW_IN_PROGRESS" else status

    def outputs(self) -> dict:
        found = self.described() or {}
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def resources(self, kind: str | None = None) -> dict:
        """The physical name of each resource, or each of a kind, by its logical one; empty where there is no stack."""
        if self.status() is None:
            return {}
        pages = self.client.get_paginator("list_stack_resources").paginate(StackName=self.name)
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages
            for resource in page["StackResourceSummaries"]
            if resource.get("PhysicalResourceId") and resource["ResourceStatus"] != "DELETE_COMPLETE"
            if kind in (None, resource["ResourceType"])
        }

    # ---- Looking first

    def plan(self, template: str, parameters: dict, imports: list[dict] | None = None) -> "Plan | None":
        """What a template would change; None when that is nothing. `imports` takes resources in that exist."""
        key = f"templates/{self.name}/{hashlib.sha256(template.encode()).hexdigest()[:32]}"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=template.encode())
        kind = "IMPORT" if imports else "UPDATE" if self.status() else "CREATE"
        asked = {
            "StackName": self.name,
            "ChangeSetName": f"deploy-{time.time_ns()}",
            "ChangeSetType": kind,
            "TemplateURL": f"https://s3.{self.region}.amazonaws.com/{self.bucket}/{key}",
            "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        }
        if imports:
            asked["ResourcesToImport"] = imports
        else:
            asked |= {"IncludeNestedStacks": True, "Tags": self.tags}
        made = self.client.create_change_set(**asked)
        said = self._made(made["Id"])
        if said["Status"] == "FAILED":
            self.client.delete_change_set(ChangeSetName=made["Id"])
            if any(words in said.get("StatusReason", "") for words in NOTHING_CHANGES):
                return None
            raise SystemExit(f"{self.name}: CloudFormation takes no such change: {said.get('StatusReason')}")
        return Plan(self, made["Id"], kind, self._changes(self.name, made["Id"]))

    def _made(self, change_set: str) -> dict:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            said = self.client.describe_change_set(ChangeSetName=change_set)
            if said["Status"] in ("CREATE_COMPLETE", "FAILED"):
                return said
            if time.monotonic() > until:
                raise SystemExit(f"{self.name}: the change set is still not made ({said['Status']})")
            time.sleep(POLL_SECONDS)

    def _changes(self, stack: str, change_set: str) -> list[Change]:
        """Its changes, and those of the nested change sets that it names."""
        found = []
        for page in self.client.get_paginator("describe_change_set").paginate(ChangeSetName=change_set):
            for entry in page["Changes"]:
                change = entry["ResourceChange"]
                found.append(
                    Change(
                        stack,
                        change["Action"],
                        change["LogicalResourceId"],
                        change["ResourceType"],
                        change.get("Replacement", ""),
                    )
                )
                if change.get("ChangeSetId"):
                    found += self._changes(f"{stack}/{change['LogicalResourceId']}", change["ChangeSetId"])
        return found

    # ---- Doing it

    def settled(self, wanted: str) -> None:
        """Waits until nothing is under way; `wanted` is the status that is right."""
        until = time.monotonic() + PATIENCE_SECONDS
        while (status := (self.described() or {}).get("StackStatus", "gone")).endswith("_IN_PROGRESS"):
            if time.monotonic() > until:
                raise SystemExit(f"{self.name}: still {status}")
            time.sleep(POLL_SECONDS)
        if status != wanted:
            reasons = "\n".join(self.failures(self.name)) or "  (no reason was given)"
            raise SystemExit(f"{self.name} is {status}, because:\n{reasons}")

    def failures(self, stack: str) -> list[str]:
        """What failed in the last operation, first things first, nested stacks included; the stack's own reason
        where nothing in it gives one."""
        found, own = [], []
        for page in self.client.get_paginator("describe_stack_events").paginate(StackName=stack):
            for event in page["StackEvents"]:
                itself = event["PhysicalResourceId"] == event["StackId"]
                reason, status = event.get("ResourceStatusReason", ""), event["ResourceStatus"]
                if itself and status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "IMPORT_IN_PROGRESS"):
                    return found[::-1] or own[::-1]
                if itself:
                    own += [f"  {event['StackName']}: {reason}"] if reason else []
                elif status.endswith("_FAILED") and "cancelled" not in reason:
                    found.append(f"  {event['StackName']} {event['LogicalResourceId']}: {reason}")
                    if event["ResourceType"] == "AWS::CloudFormation::Stack" and event.get("PhysicalResourceId"):
                        found += reversed(self.failures(event["PhysicalResourceId"]))
        return found[::-1] or own[::-1]

    def forget_what_never_came_up(self) -> None:
        """Takes a stack away whose first deployment failed. What it could not delete itself stays in the account,
        for `infra/deploy/import-data`."""
        if self.status() not in NEVER_CAME_UP:
            return
        print(f"{self.name} never came up ({self.status()}): what is left of it is taken away first")
        found = self.described()["StackId"]
        self.client.delete_stack(StackName=found)
        if self._deleted(found) == "DELETE_FAILED":
            self.client.delete_stack(StackName=found, DeletionMode="FORCE_DELETE_STACK")
            if self._deleted(found) != "DELETE_COMPLETE":
                raise SystemExit(f"{self.name} cannot be deleted:\n" + "\n".join(self.failures(found)))
            print("Some of it would not go and stays in the account: see docs/operations.md#a-first-deployment-that-failed")

    def _deleted(self, stack_id: str) -> str:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            status = self.client.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
            if status in ("DELETE_COMPLETE", "DELETE_FAILED"):
                return status
            if time.monotonic() > until:
                raise SystemExit(f"{self.name}: still {status}")
            time.sleep(POLL_SECONDS)

    def protect(self) -> None:
        """Nobody deletes this stack without taking the protection away first."""
        self.client.update_termination_protection(StackName=self.name, EnableTerminationProtection=True)

    def deploy(self, template: str, parameters: dict, *, ask: bool, accepted: set[str] | None = None) -> bool:
        """Shows what a template changes, asks if told to, and does it; whether there was anything to do.

        `accepted` is None where replacing is nobody's loss; otherwise it names what may be replaced or removed.
        """
        plan = self.plan(template, parameters)
        if plan is None:
            print(f"{self.name}: nothing changes")
            return False
        plan.show()
        if accepted is not None:
            plan.stop_at_losses(accepted)
        if ask and not agreed(f"Change {self.name} like this?"):
            plan.drop()
            raise SystemExit("Nothing was changed.")
        plan.execute()
        return True


@dataclasses.dataclass
class Plan:
    """A change set that was made and not executed."""

    stack: Stack
    change_set: str
    kind: str
    changes: list[Change]

    def show(self) -> None:
        print(f"{self.stack.name}: {len(self.changes)} changes")
        for change in sorted(self.changes, key=lambda change: (not change.loses, change.stack, change.resource)):
            print(change)

    def drop(self) -> None:
        self.stack.client.delete_change_set(ChangeSetName=self.change_set)

    def stop_at_losses(self, accepted: set[str]) -> None:
        lost = sorted({change.resource for change in self.changes if change.loses} - accepted)
        if lost:
            self.drop()
            raise SystemExit(
                f"{self.stack.name} holds data: {', '.join(lost)} would be replaced or removed. Nothing was changed.\n"
                f'If that is meant: ACCEPT="{" ".join(lost)}" (docs/operations.md#what-a-deployment-stops-at)'
            )

    def execute(self) -> None:
        self.stack.client.execute_change_set(ChangeSetName=self.change_set)
        # A moment passes before the stack says that it is under way.
        time.sleep(POLL_SECONDS)
        self.stack.settled(f"{self.kind}_COMPLETE")
