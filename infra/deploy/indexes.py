"""Indexes of tables, changed one at a time: DynamoDB creates or deletes one index of a table with each update, and
takes no other until it is active. The rules here are functions of what is there and what is wanted.

New indexes come before the functions that ask them, unwanted ones go after the functions that asked them. An index
that is wanted otherwise under the same name cannot be there all the while: it is deleted and made again only when
it was named.
"""

import copy
import time

POLL_SECONDS = 5.0
# Filling an index takes as long as its table is large.
PATIENCE_SECONDS = 12 * 3600

TABLE = "AWS::DynamoDB::Table"


def shape(index: dict) -> tuple:
    """What makes two indexes of one name the same."""
    keys = tuple(sorted((key["KeyType"], key["AttributeName"]) for key in index["KeySchema"]))
    projection = index["Projection"]
    return keys, projection["ProjectionType"], tuple(sorted(projection.get("NonKeyAttributes", [])))


def changed(live: list[dict], wanted: list[dict]) -> list[str]:
    """The names of indexes that are there and are wanted otherwise."""
    there = {index["IndexName"]: shape(index) for index in live}
    return [
        index["IndexName"]
        for index in wanted
        if index["IndexName"] in there and there[index["IndexName"]] != shape(index)
    ]


def next_step(live: list[dict], wanted: list[dict], *, remove: bool) -> list[dict] | None:
    """The indexes after the next update: one more or one less than `live`. None when there is nothing to do.

    What is missing is made first. With `remove`, what is not wanted (or wanted otherwise) then goes.
    """
    there = {index["IndexName"] for index in live}
    missing = [index for index in wanted if index["IndexName"] not in there]
    if missing:
        return [*live, missing[0]]
    if remove:
        named = {index["IndexName"] for index in wanted} - set(changed(live, wanted))
        unwanted = [index["IndexName"] for index in live if index["IndexName"] not in named]
        if unwanted:
            return [index for index in live if index["IndexName"] != unwanted[0]]
    return None


def tables(template: dict) -> dict:
    """The tables of a template by their logical names."""
    return {name: resource for name, resource in template["Resources"].items() if resource["Type"] == TABLE}


def of(table: dict) -> list[dict]:
    return table["Properties"].get("GlobalSecondaryIndexes", [])


def with_indexes(template: dict, indexes: dict, definitions: dict) -> dict:
    """The template with each named table's indexes put in the place of its own; a table that is to have its own is left
    as it is written. `definitions` are the live tables' attributes, for indexes that the template no longer knows.
    DynamoDB wants the keys' attributes and no others."""
    made = copy.deepcopy(template)
    for name, listed in indexes.items():
        properties = made["Resources"][name]["Properties"]
        own = properties.get("GlobalSecondaryIndexes", [])
        if {index["IndexName"] for index in own} == {index["IndexName"] for index in listed} and not changed(listed, own):
            continue
        known = {each["AttributeName"]: each for each in [*definitions[name], *properties["AttributeDefinitions"]]}
        keys = [key["AttributeName"] for index in [properties, *listed] for key in index["KeySchema"]]
        properties["AttributeDefinitions"] = [known[key] for key in dict.fromkeys(keys)]
        properties.pop("GlobalSecondaryIndexes", None)
        if listed:
            properties["GlobalSecondaryIndexes"] = listed
    return made


def read(client, table: str) -> tuple[list[dict], list[dict]] | None:
    """A live table's indexes, as a template writes them, and its attributes; None when there is no such table."""
    try:
        found = client.describe_table(TableName=table)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return None
    indexes = [
        {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
        for index in found.get("GlobalSecondaryIndexes", [])
        if index.get("IndexStatus") != "DELETING"
    ]
    return indexes, found["AttributeDefinitions"]


def wait(client, names) -> None:
    """Until every table and index is active. CloudFormation goes on before a new index is filled."""
    until = time.monotonic() + PATIENCE_SECONDS
    told = set()
    for table in names:
        while True:
            found = client.describe_table(TableName=table)["Table"]
            busy = [
                f"{table}/{index['IndexName']} {index.get('IndexStatus', 'ACTIVE')}"
                for index in found.get("GlobalSecondaryIndexes", [])
                if index.get("IndexStatus", "ACTIVE") != "ACTIVE"
            ]
            if found["TableStatus"] == "ACTIVE" and not busy:
                break
            if time.monotonic() > until:
                raise SystemExit(f"{table}: still not active: {', '.join(busy)}")
            if busy and not told.issuperset(busy):
                print(f"Waiting for {', '.join(busy)}")
                told.update(busy)
            time.sleep(POLL_SECONDS)
