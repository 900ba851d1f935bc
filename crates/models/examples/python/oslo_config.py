"""oslo.config: options are set by the operator and so are trusted; the rows give types, so that calls resolve."""

import oslo_config.cfg
import oslo_config.fixture

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    oslo_config.cfg.ConfigOpts
    oslo_config.cfg.Opt
    oslo_config.cfg.OptGroup


def types_of_oslo_config_cfg():
    oslo_config.cfg.CONF


def types_of_config_opts(config_opts: oslo_config.cfg.ConfigOpts):
    config_opts.anything
    config_opts[0]


def types_of_oslo_config_fixture():
    oslo_config.fixture.Config().conf


def sinks_of_config_opts(config_opts: oslo_config.cfg.ConfigOpts):
    config_opts.find_file(untrusted())  # expect: path-traversal


def neutral_of_oslo_config_cfg():
    eval(oslo_config.cfg.DeprecatedOpt(untrusted()))
    eval(oslo_config.cfg.Opt(untrusted()))


def neutral_of_config_opts(config_opts: oslo_config.cfg.ConfigOpts):
    eval(config_opts.register_opt(untrusted()))


def neutral_of_group_attr(config_opts: oslo_config.cfg.ConfigOpts):
    group_attr = config_opts.anything
    eval(group_attr.anything(untrusted()))
