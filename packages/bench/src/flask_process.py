"""Flask's own session cookie, timing itself: one JSON request a line on stdin, one JSON answer a line."""

import json
import sys
from importlib.metadata import version
from time import perf_counter_ns

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

start = json.loads(sys.stdin.readline())
app = Flask("bench")
app.secret_key = start["secret"]
# Flask makes this serializer again in every request; here it is made once, in Flask's favour.
serializer = SecureCookieSessionInterface().get_signing_serializer(app)
max_age = int(app.permanent_session_lifetime.total_seconds())


def write(data):
    return serializer.dumps(data)


def read(value):
    return serializer.loads(value, max_age=max_age)


payloads = start["payloads"]
cookies = {size: [write(data) for data in payloads[size]] for size in payloads}
for size in payloads:
    for data, cookie in zip(payloads[size], cookies[size]):
        assert read(cookie) == data, f"Flask does not read its own cookie: {cookie}"


def measure(operation, size, times):
    run, given = {"write": (write, payloads), "read": (read, cookies)}[operation]
    values = given[size]
    count = len(values)
    began = perf_counter_ns()
    for turn in range(times):
        run(values[turn % count])
    return perf_counter_ns() - began


def answer(value):
    print(json.dumps(value), flush=True)


versions = f"Flask {version('flask')}, itsdangerous {version('itsdangerous')}, Python {sys.version.split()[0]}"
answer({"versions": versions, "cookies": cookies})
for line in sys.stdin:
    answer(measure(**json.loads(line)))
