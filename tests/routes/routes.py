"""The list of routes with the rule of each, and what their declarations must hold."""

from pathlib import Path

from flask import Flask

ROUTES = Path(__file__).with_name("routes.txt")


def route_lines(app: Flask) -> list[str]:
    """`methods rule endpoint access writes`, sorted by rule."""
    lines = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods))):
        view = app.view_functions[rule.endpoint]
        methods = ",".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        access = "|".join(str(getattr(part, "value", part)) for part in getattr(view, "access", ("undeclared",)))
        lines.append(f"{methods:8} {rule.rule:60} {rule.endpoint:30} {access}")
    return [line.rstrip() for line in lines]


def undeclared(app: Flask) -> list[str]:
    """Endpoints that do not say who may open them."""
    return sorted(name for name, view in app.view_functions.items() if not hasattr(view, "access"))


def unkept(app: Flask) -> list[str]:
    """Endpoints that take a POST without committing at the edge, and such that commit although they take none."""
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}}
    writers = {name for name, view in app.view_functions.items() if getattr(view, "writes", False)}
    return sorted(posts ^ writers)
