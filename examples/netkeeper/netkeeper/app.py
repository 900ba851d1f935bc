"""Puts the service together."""

import logging
import traceback

from flask import Flask, jsonify

from netkeeper import exceptions
from netkeeper.api import admin, networks, ports, session
from netkeeper.config import CONF
from netkeeper.db import api as db_api

LOG = logging.getLogger(__name__)


def handle_known(error):
    return jsonify({"error": type(error).__name__}), error.status


def handle_unknown(error):
    LOG.exception("unhandled error")
    return jsonify({"error": str(error), "trace": traceback.format_exc()}), 500


def create_app(config=CONF):
    app = Flask(__name__)
    app.secret_key = config.token_secret
    db_api.configure(config.database_url)
    app.register_blueprint(networks.blueprint)
    app.register_blueprint(ports.blueprint)
    app.register_blueprint(admin.blueprint)
    app.register_blueprint(session.blueprint)
    app.register_error_handler(exceptions.NetkeeperError, handle_known)
    app.register_error_handler(Exception, handle_unknown)
    return app


def main():
    create_app().run(host="127.0.0.1", port=9797, debug=True)


if __name__ == "__main__":
    main()
