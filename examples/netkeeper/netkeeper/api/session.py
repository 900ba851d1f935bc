"""Login and logout."""

import hmac

from flask import Blueprint, abort, redirect, request, url_for

from netkeeper import auth

blueprint = Blueprint("session", __name__)
USERS = {}


def next_page():
    return request.args.get("next", "/networks/")


@blueprint.post("/login")
def login():
    user = USERS.get(request.form["user"])
    if user is None or not hmac.compare_digest(user["digest"], auth.password_digest(request.form["password"])):
        abort(401)
    auth.new_session_token(user)
    return redirect(next_page())


@blueprint.post("/logout")
def logout():
    try:
        auth.current_user()
    except Exception:
        pass
    return redirect(url_for("networks.list_networks"))
