"""The floor: a bare Flask application. No session, no sign-in, no layout; the same rows and about the same bytes.

`GET /rows/<n>/<bytes>` is a Jinja page with n rows padded to that size; `POST /save` is one UPDATE and one INSERT in
one durable transaction and a 303, as a save without any check would be.
"""

import os

import pysqlite3
from flask import Flask, redirect, render_template_string

PAGE = (
    "<!doctype html><title>floor</title><table>{% for row in rows %}<tr><td>{{ row[0] }}</td><td>{{ row[1] }}</td>"
    "<td>{{ row[2] }}</td><td>{{ row[3] }}</td><td>{{ row[4] }}</td></tr>{% endfor %}</table>"
)
ROW_BYTES = 55

app = Flask(__name__)


@app.get("/rows/<int:count>/<int:size>")
def rows(count: int, size: int) -> str:
    """A page of `count` rows and about `size` bytes."""
    cell = "x" * max(1, size // max(count, 1) - ROW_BYTES)
    data = [(n, cell, "Bộ phận văn phòng", "Mới nộp", "20/11/2026") for n in range(count)]
    return render_template_string(PAGE, rows=data)


@app.get("/lines/<int:count>/<int:size>")
def lines(count: int, size: int):
    """A streamed text of `count` lines and about `size` bytes."""
    line = "x" * max(1, size // max(count, 1) - 1) + "\n"
    return app.response_class((line for _ in range(count)), mimetype="text/csv")


@app.post("/save")
def save():
    """One durable change with a trail line."""
    connection = _connection()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE item SET n = n + 1 WHERE id = 1")
    connection.execute("INSERT INTO trail (text) VALUES ('changed')")
    connection.execute("COMMIT")
    return redirect("/rows/1/100", 303)


_open: list = []


def _connection():
    if not _open:
        connection = pysqlite3.connect(os.environ["FLOOR_DB"], isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, n INTEGER)")
        connection.execute("CREATE TABLE IF NOT EXISTS trail (id INTEGER PRIMARY KEY, text TEXT)")
        connection.execute("INSERT OR IGNORE INTO item VALUES (1, 0)")
        _open.append(connection)
    return _open[0]
