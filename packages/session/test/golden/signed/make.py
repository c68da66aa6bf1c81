"""Makes golden.json, next to this file, with the itsdangerous that is installed:

    /usr/bin/python3 make.py

The committed file was made by Debian 12's python3-itsdangerous 2.1.2. The key derivation is written
here a second time, from RFC 5869, with nothing but Python's hmac.
"""

import hashlib
import hmac
import json
import zlib
from importlib.metadata import version
from pathlib import Path

from itsdangerous import TimestampSigner
from itsdangerous.encoding import base64_encode

SECRET = "first-secret-of-the-tests-0123456789"
NOW = 1_700_000_000

# Each text is what the payload layer must write, to the byte.
payloads = {
    "an empty session": "{}",
    "the visit counter": '{"visits":3}',
    "the cart": '{"cart":{"pineapples":"100","apples":3}}',
    "a permanent session": '{" p":{"visits":1}}',
    "a session that knows its beginning": '{" c":[1699999000,{"visits":1}]}',
    "a permanent one that knows its beginning": '{" p":{" c":[1699999000,{"visits":1}]}}',
    "every JSON type": '{"a":null,"b":true,"c":false,"d":[],"e":{},"f":"","g":[0,-1,0.5,1e+21]}',
    "every tag": '{"d":{" d":1700000000123},"b":{" b":"3q2-7_8"},"n":{" n":"-12345678901234567890"},'
    '"m":{" m":[["a",1],[{" d":0},{" s":[]}]]},"s":{" s":[1,"1"]},"z":{" -":0}}',
    "data that looks like a tag": '{"a":{"  d":1},"b":{"   p":1}}',
    "a session that looks like a permanent one": '{"  p":{"visits":1}}',
    "text beyond ASCII": '{"你好":"é € 😀"}',
    "a lone surrogate": '{"s":"\\ud800"}',
    "a key called __proto__": '{"__proto__":{"admin":true}}',
}

DAY = 86_400
counted = '{" p":{"visits":1}}'


def begun(at):
    return '{" p":{" c":[%d,{"visits":1}]}}' % at


# Cookies on either side of each second at which something ends or begins, looked at from NOW.
lifetimes = {
    "of this very second": (counted, NOW),
    "31 days old": (counted, NOW - 31 * DAY),
    "31 days and a second old": (counted, NOW - 31 * DAY - 1),
    "a day less a second old": (counted, NOW - DAY + 1),
    "a day old": (counted, NOW - DAY),
    "a minute in the future": (counted, NOW + 60),
    "a minute and a second in the future": (counted, NOW + 61),
    "of a session that began 7 days ago": (begun(NOW - 7 * DAY), NOW - DAY),
    "of a session that began 7 days ago, refreshed": (begun(NOW - 7 * DAY), NOW),
    "of a session that began 7 days and a second ago": (begun(NOW - 7 * DAY - 1), NOW - DAY),
    "the browser's, 31 days old": ('{"visits":3}', NOW - 31 * DAY),
    "the browser's, 31 days and a second old": ('{"visits":3}', NOW - 31 * DAY - 1),
}


def hkdf(secret, info, salt=b"next-signed-session"):
    extracted = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def sign(part, *, key, issued_at=NOW):
    signer = TimestampSigner(key, key_derivation="none", digest_method=hashlib.sha256)
    signer.get_timestamp = lambda: issued_at
    return signer.sign(part).decode()


def key_of(name, secret=SECRET):
    purpose = json.dumps(["signed", name], ensure_ascii=False, separators=(",", ":"))
    return hkdf(secret.encode(), purpose.encode())


KEY = key_of("session")
long_text = json.dumps({"list": ["the same words again"] * 100}, separators=(",", ":"))

golden = {
    "made with": f"itsdangerous {version('itsdangerous')}",
    "secret": SECRET,
    "issuedAt": NOW,
    "payloads": {
        title: {"text": text, "token": sign(base64_encode(text), key=KEY)}
        for title, text in payloads.items()
    },
    "lifetimes": {
        title: {
            "text": text,
            "issuedAt": issued_at,
            "token": sign(base64_encode(text), key=KEY, issued_at=issued_at),
        }
        for title, (text, issued_at) in lifetimes.items()
    },
    "under the older secret": sign(
        base64_encode(counted), key=key_of("session", "older-secret-of-the-tests-0123456789")
    ),
    "keys": [
        {"secret": secret, "name": name, "key": key_of(name, secret).hex()}
        for secret, name in [
            (SECRET, "session"),
            (SECRET, "__Host-session"),
            ("older-secret-of-the-tests-0123456789", "session"),
            ("a secret beyond ASCII: 你好, é, €, 😀", "session"),
            ("a secret longer than the block of its hash " * 3, "session"),
        ]
    ],
    "timestamps": [
        {"issuedAt": issued_at, "token": sign("e30", key=KEY, issued_at=issued_at)}
        for issued_at in [0, 1, 255, 256, 65_535, 1_700_000_000, 2**31 - 1, 2**31, 2**32, 253_402_300_799]
    ],
    "compressed": {
        "text": long_text,
        "token": sign(b"." + base64_encode(zlib.compress(long_text.encode())), key=KEY),
    },
}

path = Path(__file__).with_name("golden.json")
path.write_text(json.dumps(golden, indent=2, ensure_ascii=False) + "\n")
