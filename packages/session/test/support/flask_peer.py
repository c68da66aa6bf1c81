"""Real Flask at the other end of a pipe: one JSON request a line in, one JSON answer a line out.

A Python value travels as null, true, false, a string, or a pair of its type and its content:
["int", "12"], ["float", <16 hex digits of the IEEE 754 double>], ["list", [...]], ["tuple", [...]],
["dict", [[key, value], ...]], ["bytes", hex], ["uuid", text], ["markup", text],
["datetime", Unix seconds].
"""

import hashlib
import json
import struct
import sys
from datetime import datetime, timedelta, timezone
from functools import cache
from uuid import UUID

from flask import Flask, flash, get_flashed_messages, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, TimestampSigner
from markupsafe import Markup

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
tagged_json = SecureCookieSessionInterface.serializer


def from_wire(wire):
    if not isinstance(wire, list):
        return wire
    kind, content = wire
    return {
        "int": int,
        "float": lambda bits: struct.unpack(">d", bytes.fromhex(bits))[0],
        "list": lambda items: [from_wire(item) for item in items],
        "tuple": lambda items: tuple(from_wire(item) for item in items),
        "dict": lambda entries: {key: from_wire(value) for key, value in entries},
        "bytes": bytes.fromhex,
        "uuid": UUID,
        "markup": Markup,
        "datetime": lambda seconds: EPOCH + timedelta(seconds=seconds),
    }[kind](content)


def to_wire(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Markup):
        return ["markup", str(value)]
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", struct.pack(">d", value).hex()]
    if isinstance(value, list):
        return ["list", [to_wire(item) for item in value]]
    if isinstance(value, tuple):
        return ["tuple", [to_wire(item) for item in value]]
    if isinstance(value, dict):
        return ["dict", [[key, to_wire(item)] for key, item in sorted(value.items())]]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if isinstance(value, UUID):
        return ["uuid", str(value)]
    if isinstance(value, datetime):
        return ["datetime", (value - EPOCH) // timedelta(seconds=1)]
    raise TypeError(type(value).__name__)


@cache
def app_of(secret, fallbacks, digest):
    """A Flask application that counts visits, with its session interface as Flask has it."""

    class Interface(SecureCookieSessionInterface):
        digest_method = staticmethod(getattr(hashlib, digest))

        def get_signing_serializer(self, app):
            serializer = super().get_signing_serializer(app)
            # SECRET_KEY_FALLBACKS as of Flask 3.1.1, which Flask 2.2 does not know yet: the
            # fallbacks first, since itsdangerous signs with the last.
            serializer.secret_keys[:0] = [key.encode() for key in fallbacks]
            return serializer

    app = Flask("peer")
    app.secret_key = secret
    app.session_interface = Interface()
    app.logger.disabled = True  # an error is an answer here

    @app.get("/")
    def visit():
        session["visits"] = session.get("visits", 0) + 1
        return json.dumps({"session": to_wire(dict(session)), "permanent": session.permanent})

    @app.get("/nest/<kind>/<int:depth>")
    def nest(kind, depth):
        value = "deep"
        for _ in range(depth):
            value = {"list": [value], "tuple": (value,), "dict": {"a": value}}[kind]
        session["nested"] = value
        return json.dumps({})

    @app.get("/depth")
    def measure():
        session["visits"] = session.get("visits", 0) + 1
        value, depth = session["nested"], 0
        while value != "deep":
            value, depth = value["a" if isinstance(value, dict) else 0], depth + 1
        return json.dumps({"depth": depth, "kind": type(session["nested"]).__name__})

    @app.get("/flash/<message>")
    def leave(message):
        flash(message)
        return json.dumps({})

    @app.get("/flashes")
    def show():
        messages = get_flashed_messages(with_categories=True)
        return json.dumps({"messages": to_wire(messages)})

    return app


def app_at(time, secret, fallbacks=(), digest="sha1"):
    TimestampSigner.get_timestamp = lambda self: time
    return app_of(secret, tuple(fallbacks), digest)


plain_app = Flask("plain")


def dumps(value):
    with plain_app.app_context():  # outside of one, Flask does not sort the keys
        return {"text": tagged_json.dumps(from_wire(value))}


def loads(text):
    value = tagged_json.loads(text)
    with plain_app.app_context():
        return {"value": to_wire(value), "text": tagged_json.dumps(value)}


def sign(value, **signing):
    app = app_at(**signing)
    serializer = app.session_interface.get_signing_serializer(app)
    with app.app_context():
        return {"cookie": serializer.dumps(from_wire(value))}


def unsign(cookie, **signing):
    app = app_at(**signing)
    serializer = app.session_interface.get_signing_serializer(app)
    max_age = int(app.permanent_session_lifetime.total_seconds())
    try:
        return {"value": to_wire(serializer.loads(cookie, max_age=max_age))}
    except BadSignature as error:
        return {"rejected": type(error).__name__}


def request(path, cookie, **signing):
    client = app_at(**signing).test_client(use_cookies=False)
    response = client.get(path, headers={"Cookie": f"session={cookie}"})
    if response.status_code != 200:
        raise RuntimeError(response.status)
    return {**json.loads(response.text), "setCookie": response.headers.getlist("Set-Cookie")}


def changed(container, path, change, arguments):
    """The container after a change that is made to what lies at the path. A tuple is made again."""
    items = list(container) if isinstance(container, tuple) else container
    if path:
        key, *rest = path
        items[key] = changed(items[key], rest, change, arguments)
    else:
        changes[change](items, *arguments)
    return tuple(items) if isinstance(container, tuple) else items


def splice(items, start, count):
    del items[start : start + count]


changes = {
    "append": lambda items, value: items.append(from_wire(value)),
    "prepend": lambda items, value: items.insert(0, from_wire(value)),
    "insert": lambda items, index, value: items.insert(index, from_wire(value)),
    "replace": lambda items, key, value: items.__setitem__(key, from_wire(value)),
    "remove": lambda items, key: items.pop(key),
    "reverse": lambda items: items.reverse(),
    "rotate": lambda items: items.append(items.pop(0)),
    "splice": splice,
    "keep": lambda items, key: kept.append(items.pop(key)),
    "put": lambda items, key: items.__setitem__(key, kept.pop()),
}
kept = []


def change(value, steps):
    """What Python makes of the value by these steps, each [change, path, *arguments]."""
    value = from_wire(value)
    for name, path, *arguments in steps:
        value = changed(value, path, name, arguments)
    return {"value": to_wire(value)}


operations = {f.__name__: f for f in (dumps, loads, sign, unsign, change, request)}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = operations[request.pop("operation")](**request)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
