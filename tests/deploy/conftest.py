"""One deployment serves all tests of this folder, which go through it in order: the first failure ends the run.

DEPLOY_ENFORCED=1 checks every call of every function against its IAM policies.
"""

import os
import pathlib
import shutil
import tempfile

import pytest

from deployment import SECRETS, Deployment
from machine import Machine

ENFORCED = os.environ.get("DEPLOY_ENFORCED") == "1"


@pytest.fixture(scope="session")
def world():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="deploy-test-"))
    machine = Machine(folder, ENFORCED, SECRETS)
    deployment = Deployment(machine)
    try:
        deployment.everything()
        yield deployment
    finally:
        machine.end()
        if os.environ.get("DEPLOY_KEEP"):
            print(f"\nkept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows what the functions said meanwhile."""
    report = yield
    world = item.funcargs.get("world") if hasattr(item, "funcargs") else None
    if report.when == "call" and report.failed and world:
        said = world.errors()[-40:] + [world.machine.aws.log.read_text()[-3000:]]
        report.sections.append(("What the functions said", "\n".join(said)))
    return report


def pytest_terminal_summary(terminalreporter):
    """What continuous integration reads, as the last line."""
    for line in SUMMARY:
        terminalreporter.write_line(line)


SUMMARY: list[str] = []


def pytest_unconfigure(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        count = {kind: len(reporter.stats.get(kind, [])) for kind in ("passed", "failed", "error")}
        print(f"{count['passed']} passed, {count['failed'] + count['error']} failed")
