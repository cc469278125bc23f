"""Commit at the edge: the one place where a web request becomes durable."""

from collections.abc import Callable
from functools import wraps

from flask import make_response

from app.core.db import db


def writes(view: Callable) -> Callable:
    """Commit when the view answers below 400, roll back otherwise; the answer leaves after the commit."""

    @wraps(view)
    def committed(*args, **kwargs):
        try:
            response = make_response(view(*args, **kwargs))
            if response.status_code < 400:
                db.session.commit()
            else:
                db.session.rollback()
        except BaseException:
            db.session.rollback()
            raise
        return response

    committed.writes = True
    return committed
