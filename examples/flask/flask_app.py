import os

from flask import Flask, redirect, render_template_string, session

app = Flask(__name__)
app.config.update(
    SECRET_KEY=os.environ["SESSION_SECRET"],
    SESSION_COOKIE_PATH="/",
    SESSION_COOKIE_SAMESITE="Lax",
    SESSION_COOKIE_SECURE=os.environ.get("NODE_ENV") == "production",  # as in Next.js
)

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>A count, in Flask</title>
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <main>
      <h1>Flask</h1>
      <p>
        The count is <strong>{{ session.count or 0 }}</strong>,
        last changed by {{ session.by or "nobody" }}.
      </p>
      <form method="post" action="/flask/count"><button class="first">Count in Flask</button></form>
      <form method="post" action="/flask/forget"><button>Forget it</button></form>
      <a href="/">Go on in Next.js</a>
    </main>
  </body>
</html>
"""


@app.get("/flask")
def page():
    return render_template_string(PAGE)


@app.post("/flask/count")
def count():
    session["count"] = session.get("count", 0) + 1
    session["by"] = "Flask"
    return redirect("/flask")


@app.post("/flask/forget")
def forget():
    session.clear()
    return redirect("/flask")
