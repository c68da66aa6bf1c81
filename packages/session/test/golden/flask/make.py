"""Makes golden.json, next to this file, with the Flask that is installed:

    /usr/bin/python3 make.py

The committed file was made by Debian 12's python3-flask 2.2.2 with itsdangerous 2.1.2.
"""

import hashlib
import json
import platform
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import TimestampSigner
from markupsafe import Markup

SECRET = "the golden cookies' secret, 32 characters and more"
OLD_SECRET = "the secret they had before, 32 characters and more"
NOW = 1_700_000_000

uuid = UUID("12345678-1234-5678-1234-56781234abcd")


def nested(levels):
    value = "deep"
    for _ in range(levels):
        value = [value]
    return value


sessions = {
    "an empty session": {},
    "the visit counter": {"visits": 3},
    "the cart": {"cart": {"pineapples": "100", "apples": 3}},
    "a permanent session": {"_permanent": True, "visits": 1},
    "a session no longer permanent": {"_permanent": False, "visits": 1},
    "every JSON type": {"a": None, "b": True, "c": False, "d": [], "e": {}, "f": "", "g": [0, -1]},
    "a tuple": {"point": (1, 2)},
    "an empty tuple in a tuple in a list": {"list": [((),)]},
    "flashed messages": {"_flashes": [("message", "Saved."), ("error", Markup("<b>No</b>"))]},
    "bytes": {"token": bytes([0xDE, 0xAD, 0xBE, 0xEF, 0xFF]), "empty": b""},
    "Markup": {"html": Markup("<b>Hi</b>")},
    "a UUID": {"id": uuid, "ids": [uuid, str(uuid)]},
    "a datetime": {"seen": datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)},
    "a naive datetime with microseconds": {"seen": datetime(2023, 11, 14, 22, 13, 20, 999999)},
    "a datetime of another time zone": {
        "seen": datetime(2023, 11, 15, 6, 13, 20, tzinfo=timezone(timedelta(hours=8)))
    },
    "a datetime before 1970": {"seen": datetime(1969, 12, 31, 23, 59, 59, 500000)},
    "the year 999": {"seen": datetime(999, 2, 3, 4, 5, 6)},
    "datetime.min and datetime.max": {"first": datetime.min, "last": datetime.max},
    "a dict that looks like a tuple": {"a": {" t": [1]}},
    "dicts that look like every other tag": {
        "di": {" di": 1},
        "b": {" b": "x"},
        "m": {" m": 1.0},
        "u": {" u": uuid},
        "d": {" d": (1,)},
    },
    "a session that looks like a tag": {" t": {" di": {" m": "x"}}},
    "a dict of two tags": {"a": {" t": 1, " b": 2}},
    "a dict that looks escaped": {"a": {" t__": 1}},
    "whole floats beside ints": {"float": 1.0, "int": 1, "list": [0, 0.0, 2.0, 2]},
    "floats that Python spells in its own way": {
        "list": [1e15, 1e16, 1.5e16, 1e22, 0.0001, 1e-05, 1.5e-07, 5e-324, 1.7976931348623157e308]
    },
    "the usual floats": {"list": [0.1, 0.1 + 0.2, -1.5, 12345678.9, 9007199254740993.0]},
    "negative zero": {"list": [-0.0, 0.0, 0]},
    "floats that are not finite": {"list": [float("nan"), float("inf"), float("-inf")]},
    "ints on both sides of 2**53": {
        "list": [2**53 - 1, 2**53, 2**53 + 1, -(2**53), 2**64, -(10**30)]
    },
    "text beyond ASCII": {"text": "caf\u00e9 \u4e2d\u6587 \U0001f600 \ufb01"},
    "control characters": {"text": "\"\\/\b\f\n\r\t\x00\x1f\x7f\u2028"},
    "a lone surrogate": {"text": "\ud83d", "\ude00": "key"},
    "keys beyond ASCII": {"z": 1, "\u00e9": 2, "\ufb01": 3, "\U0001f600": 4, "Z": 5, "": 6},
    "keys that look like numbers": {"10": 1, "9": 2, "1": 3},
    "keys of Object.prototype": {"__proto__": {"admin": True}, "constructor": 1, "toString": 2},
    "one key named __proto__": {"a": {"__proto__": 1.0}},
    "a deep session": {"a": nested(100)},
    "a session worth compressing": {"text": "all work and no play " * 40},
    "a session not worth compressing": {"text": "abcdefgh" * 2},
}

variants = {
    "signed in 1970": dict(time=0),
    "signed one second later": dict(time=1),
    "signed in the year 36812": dict(time=2**40),
    "signed with SHA-256": dict(digest="sha256"),
    "signed with SHA-512": dict(digest="sha512"),
    "signed by the old secret": dict(secret=OLD_SECRET),
}


def sign(data, time=NOW, digest="sha1", secret=SECRET):
    class Interface(SecureCookieSessionInterface):
        digest_method = staticmethod(getattr(hashlib, digest))

    TimestampSigner.get_timestamp = lambda self: time
    app = Flask(__name__)
    app.secret_key = secret
    with app.app_context():  # outside of one, Flask does not sort the keys
        return Interface().get_signing_serializer(app).dumps(data)


def dumps(data):
    with Flask(__name__).app_context():
        return SecureCookieSessionInterface.serializer.dumps(data)


golden = {
    "madeBy": {
        "python": platform.python_version(),
        **{name: version(name) for name in ("flask", "itsdangerous", "werkzeug")},
    },
    "secret": SECRET,
    "oldSecret": OLD_SECRET,
    "issuedAt": NOW,
    "sessions": [
        {"name": name, "text": dumps(data), "cookie": sign(data)}
        for name, data in sessions.items()
    ],
    "variants": {name: sign({"visits": 3}, **how) for name, how in variants.items()},
}

path = Path(__file__).with_name("golden.json")
path.write_text(json.dumps(golden, indent=2) + "\n")
