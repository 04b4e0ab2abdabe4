"""The stack of what is kept (infra/data.yaml), deployed first: unprotected while it comes up for the first time, so
that what failed can be taken back; protected from then on; one index of each table with each update.
"""

import copy
import json
import re

import indexes
from cloudformation import Stack

RETAINED = ("Retain", "RetainExceptOnCreate")


def given(template: dict, parameters: dict) -> dict:
    """Those of a stage's parameters that a template asks for."""
    return {name: value for name, value in parameters.items() if name in template.get("Parameters", {})}


def name(value, parameters: dict) -> str:
    """A physical name as CloudFormation makes it of `!Sub` and `!Ref`; pseudo parameters are among `parameters`."""
    match value:
        case str():
            return value
        case {"Ref": parameter}:
            return parameters[parameter]
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([\w:]+)\}", lambda found: parameters[found.group(1)], text)
    raise ValueError(f"{value} is more than this understands")


class Data:
    """`accepted` names what may be replaced or removed, and the tables whose indexes may be made again."""

    def __init__(self, stack: Stack, dynamodb, template: dict, parameters: dict, accepted: set[str] = frozenset()):
        self.stack, self.dynamodb, self.accepted = stack, dynamodb, set(accepted)
        self.template = template
        self.parameters = given(self.template, parameters)

    def _live(self) -> dict:
        """The indexes and attributes of the tables that are there, by the tables' logical names."""
        there = self.stack.resources()
        found = {
            table: indexes.read(self.dynamodb, there[table]) for table in indexes.tables(self.template) if table in there
        }
        return {table: live for table, live in found.items() if live is not None}

    def _wait(self) -> None:
        there = self.stack.resources()
        indexes.wait(self.dynamodb, [there[table] for table in indexes.tables(self.template) if table in there])

    def _deploy(self, template: dict, *, ask: bool) -> None:
        self.stack.deploy(json.dumps(template), self.parameters, ask=ask, accepted=self.accepted)

    def _wanted(self, table: str) -> list[dict]:
        return indexes.of(self.template["Resources"][table])

    def begin(self, *, ask: bool) -> None:
        """The first time. DynamoDB deletes no protected table: protected at once, a creation that fails half-way could
        not be taken back."""
        unprotected = copy.deepcopy(self.template)
        for table in indexes.tables(unprotected).values():
            table["Properties"]["DeletionProtectionEnabled"] = False
        self._deploy(unprotected, ask=ask)
        print("It came up: its tables are protected from now on")
        self._wait()
        self._deploy(self.template, ask=False)

    def grow(self, *, ask: bool) -> None:
        """Everything but what goes: run before the functions that ask new indexes."""
        self.stack.forget_what_never_came_up()
        if self.stack.status() is None:
            self.begin(ask=ask)
        otherwise = {table: indexes.changed(live, self._wanted(table)) for table, (live, _) in self._live().items()}
        otherwise = {table: names for table, names in otherwise.items() if names}
        if refused := sorted(otherwise.keys() - self.accepted):
            said = "; ".join(f"{table}: {', '.join(otherwise[table])}" for table in refused)
            raise SystemExit(
                f"Indexes under the same name would be made again ({said}): whoever asks them fails until they are "
                "filled. Nothing was changed.\nGive the index another name, or, if that is meant: "
                f'ACCEPT="{" ".join(refused)}" (docs/operations.md#what-a-deployment-stops-at)'
            )
        self._again(otherwise, ask=ask)
        while self._step(remove=False, ask=ask):
            pass
        self.stack.protect()

    def _again(self, otherwise: dict, *, ask: bool) -> None:
        """Deletes indexes that are wanted otherwise, one of each table with each update."""
        while any(otherwise.values()):
            gone = {table: names.pop(0) for table, names in otherwise.items() if names}
            live = self._live()
            kept = {
                table: [index for index in there if index["IndexName"] != gone.get(table)]
                for table, (there, _) in live.items()
            }
            self._deploy(self._with(kept, live), ask=ask)
            self._wait()

    def _with(self, chosen: dict, live: dict) -> dict:
        return indexes.with_indexes(self.template, chosen, {table: attributes for table, (_, attributes) in live.items()})

    def _step(self, *, remove: bool, ask: bool) -> bool:
        """One update, the rest of the template with it; whether another is to follow."""
        self._wait()
        live = self._live()
        steps = {table: indexes.next_step(there, self._wanted(table), remove=remove) for table, (there, _) in live.items()}
        chosen = {table: step if step is not None else live[table][0] for table, step in steps.items()}
        self._deploy(self._with(chosen, live), ask=ask)
        self._wait()
        following = (indexes.next_step(step, self._wanted(table), remove=remove) for table, step in chosen.items())
        return any(step is not None for step in following)

    def shrink(self, *, ask: bool) -> None:
        """What no function asks any more: run after them. It ends at the template as it is written."""
        while self._step(remove=True, ask=ask):
            pass

    def missing_for(self, template: dict) -> list[str]:
        """Indexes that another release's template asks for and that are not there."""
        live = self._live()
        return sorted(
            f"{table}/{index['IndexName']}"
            for table, resource in indexes.tables(template).items()
            for index in indexes.of(resource)
            if index["IndexName"] not in {there["IndexName"] for there in live.get(table, ([], []))[0]}
        )
