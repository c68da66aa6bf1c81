"""Starlette's SessionMiddleware at the other end of a pipe: a JSON request a line in, a JSON answer a line out.

Each request has a `cookie`, a `secret`, a `time` (Unix seconds) and `set`, the JSON of a session that
the application puts in the place of the one it finds, or null. The answer has the JSON of the session
that it found, as Python's `json.dumps` writes it, and its Set-Cookie headers.
"""

import asyncio
import json
import sys

from itsdangerous import TimestampSigner
from starlette.middleware.sessions import SessionMiddleware


async def answer(cookie, secret, time, set):
    TimestampSigner.get_timestamp = lambda self: time
    found, sent = [], []

    async def app(scope, receive, send):
        found.append(json.dumps(scope["session"]))
        if set is not None:
            scope["session"] = json.loads(set)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        sent.extend(value.decode() for name, value in message["headers"] if name == b"set-cookie")

    headers = [(b"cookie", f"session={cookie}".encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    await SessionMiddleware(app, secret_key=secret)(scope, None, send)
    return {"found": found[0], "setCookie": sent}


async def main():
    for line in sys.stdin:
        print(json.dumps(await answer(**json.loads(line))), flush=True)


asyncio.run(main())
