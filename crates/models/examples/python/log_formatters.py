"""Formatters of logs: with one of them, no message forges a line."""

import ecs_logging
import flask
import json_log_formatter
import logging
import pythonjsonlogger.json
import pythonjsonlogger.jsonlogger
import tornado.log

LOG = logging.getLogger(__name__)


def classes():
    return [
        tornado.log.LogFormatter,
        pythonjsonlogger.jsonlogger.JsonFormatter,
        pythonjsonlogger.json.JsonFormatter,
        json_log_formatter.JSONFormatter,
        ecs_logging.StdlibFormatter,
    ]


def written():
    LOG.info(flask.request.args["data"])
    eval(flask.request.args["data"])  # expect: code-injection
