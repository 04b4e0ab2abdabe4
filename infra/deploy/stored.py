"""Which versions of what is stored a release knows (docs/stored-shapes.md): it is written down with each release, and
going back is refused where a later one stored what the earlier one does not know.
"""

import json
import pathlib

# The file of a kept release that says it.
FILE = "stored.json"


def versions(folder: pathlib.Path) -> dict[str, int]:
    """The last version of each record, by the files of shared/adapters/stored."""
    last: dict[str, int] = {}
    for path in folder.glob("*.json"):
        record, version = path.stem.rsplit(".v", 1)
        last[record] = max(last.get(record, 0), int(version))
    return last


def unknown(target: str | None, later: list[str | None]) -> list[str]:
    """The records of which a later release stored a version that the target does not know. A release that says nothing
    knows the first of each."""
    known = json.loads(target) if target else {}
    written: dict[str, int] = {}
    for text in later:
        for record, version in (json.loads(text) if text else {}).items():
            written[record] = max(written.get(record, 0), version)
    return sorted(record for record, version in written.items() if version > max(known.get(record, 1), 1))
