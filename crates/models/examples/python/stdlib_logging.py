"""Logging."""

import logging
import logging.config
import logging.handlers
import multiprocessing
import syslog
import warnings

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        logging.Logger,
        logging.LoggerAdapter,
        logging.Handler,
        logging.handlers.RotatingFileHandler,
        logging.LogRecord,
        logging.Formatter,
    ]


def types_of_logging():
    logging.getLogger()
    logging.root


def types_of_multiprocessing():
    multiprocessing.get_logger()


def types_of_logger(logger: logging.Logger):
    logger.getChild()
    logger.parent
    logger.isEnabledFor()
    logger.getEffectiveLevel()


def types_of_logger_adapter(logger_adapter: logging.LoggerAdapter):
    logger_adapter.logger


def types_of_log_record(log_record: logging.LogRecord):
    log_record.getMessage()
    log_record.msg


def types_of_formatter(formatter: logging.Formatter):
    formatter.format()


def sinks_of_logger(logger: logging.Logger):
    logger.debug(msg=untrusted())  # expect: log-injection
    logger.log(None, untrusted())  # expect: log-injection


def sinks_of_logging():
    logging.debug(msg=untrusted())  # expect: log-injection
    logging.log(None, untrusted())  # expect: log-injection
    logging.FileHandler(untrusted())  # expect: path-traversal
    logging.basicConfig(filename=untrusted())  # expect: path-traversal


def sinks_of_warnings():
    warnings.warn(untrusted())  # expect: log-injection


def sinks_of_syslog():
    syslog.syslog(untrusted())  # expect: log-injection


def sinks_of_logging_handlers():
    logging.handlers.RotatingFileHandler(untrusted())  # expect: path-traversal


def sinks_of_logging_config():
    logging.config.fileConfig(untrusted())  # expect: code-injection, path-traversal
    logging.config.dictConfig(untrusted())  # expect: code-injection


def flows_of_log_record():
    eval(logging.LogRecord(untrusted()).getMessage())  # expect: code-injection


def flows_of_formatter(formatter: logging.Formatter):
    eval(formatter.format(untrusted()))  # expect: code-injection


def flows_of_logging():
    eval(logging.makeLogRecord(untrusted()))  # expect: code-injection


def neutral_of_logging():
    eval(logging.addLevelName(untrusted()))


def neutral_of_logger(logger: logging.Logger):
    eval(logger.addFilter(untrusted()))


def neutral_of_warnings():
    eval(warnings.catch_warnings(untrusted()))
