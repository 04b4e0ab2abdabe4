"""Starts ministack with events reaching functions as Lambda makes them: tried again when they fail, and one
environment of a function at a time, and with AWS's rules for deployments (rules.py). Writes how many calls are under way into the file CALLS_UNDER_WAY.
"""

import collections
import contextlib
import os
import pathlib
import threading

import rules  # noqa: F401  what AWS refuses
from ministack import app
from ministack.services import eventbridge, lambda_svc

UNDER_WAY = pathlib.Path(os.environ["CALLS_UNDER_WAY"])
counting = threading.Lock()
under_way = 0
# One for each function, made when it is first called.
turns: dict[str, threading.Lock] = collections.defaultdict(threading.Lock)


def count(change: int):
    global under_way
    with counting:
        under_way += change
        unfinished = UNDER_WAY.with_suffix(".part")
        unfinished.write_text(str(under_way))
        os.replace(unfinished, UNDER_WAY)


@contextlib.contextmanager
def counted():
    count(1)
    try:
        yield
    finally:
        count(-1)


execute = lambda_svc._execute_function_dispatch


def execute_in_turn(func, config, event, request_id, started):
    """ministack ends every environment of a function when one of them fails, with the calls that they were
    at. Where there is only one, that takes nothing away."""
    with counting:
        turn = turns[config["FunctionName"]]
    with counted(), turn:
        return execute(func, config, event, request_id, started)


def dispatch_with_retries(arn, payload):
    """ministack gives an event of the bus to a function once. Lambda gives it again when the function fails, and
    then to where the function's failures go: so does ministack's own asynchronous invocation."""
    func, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not config:
        raise LookupError(f"the bus names a function that is not there: {name}")
    lambda_svc.invoke_async_with_retry(
        lambda_svc._execution_record_for_config(func, config), eventbridge.json.loads(payload)
    )


lambda_svc._execute_function_dispatch = execute_in_turn
eventbridge._dispatch_to_lambda = dispatch_with_retries
count(0)
app.main()
