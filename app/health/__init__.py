"""Is the machine well: probes for programs, a page for the administrator, `flask doctor` for the terminal."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the probes, the page and the command."""
    from app.health.cli import doctor
    from app.health.views import blueprint

    app.register_blueprint(blueprint)
    app.cli.add_command(doctor)
