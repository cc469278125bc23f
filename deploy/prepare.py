"""Brings the database up to date and, in demonstration mode, fills an empty one. Used by `make run`.

The same as `flask db upgrade` and `flask demo --if-empty`, in one process: the application is loaded once.
"""

import os

from flask.cli import ScriptInfo

from wsgi import app


def prepare():
    """Runs the commands in order; the first that fails ends the program with its message."""
    commands = [["db", "upgrade"]]
    if os.environ.get("FLASK_DEMO") == "1":
        commands.append(["demo", "--if-empty"])
    for command in commands:
        app.cli.main(args=command, prog_name="flask", obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)


if __name__ == "__main__":
    prepare()
