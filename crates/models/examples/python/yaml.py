"""PyYAML and ruamel.yaml."""

import ruamel.yaml
import yaml

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    yaml.Loader
    yaml.SafeLoader
    ruamel.yaml.YAML


def sinks_of_yaml():
    yaml.load(untrusted())  # expect: unsafe-deserialization
    yaml.load(untrusted(), yaml.Loader)  # expect: unsafe-deserialization
    yaml.load(untrusted(), yaml.FullLoader)  # expect: unsafe-deserialization
    yaml.unsafe_load(untrusted())  # expect: unsafe-deserialization
    yaml.Loader(untrusted())  # expect: unsafe-deserialization


def sinks_of_ruamel_yaml():
    ruamel.yaml.load(untrusted())  # expect: unsafe-deserialization
    ruamel.yaml.load(untrusted(), ruamel.yaml.Loader)  # expect: unsafe-deserialization


def flows_of_yaml():
    eval(yaml.load(untrusted()))  # expect: code-injection, unsafe-deserialization
    eval(yaml.dump(untrusted()))  # expect: code-injection
    eval(yaml.dump_all(untrusted()))  # expect: code-injection


def flows_of_yaml_2():
    filled = []
    yaml.dump(untrusted(), filled)
    eval(filled)  # expect: code-injection


def flows_of_ruamel_yaml():
    eval(ruamel.yaml.safe_load(untrusted()))  # expect: code-injection
    eval(ruamel.yaml.safe_dump(untrusted()))  # expect: code-injection


def flows_of_yaml_3(yaml: ruamel.yaml.YAML):
    eval(yaml.load(untrusted()))  # expect: code-injection


def neutral_of_yaml():
    yaml.safe_load(untrusted())
    eval(yaml.add_constructor(untrusted()))


def neutral_of_ruamel_yaml():
    ruamel.yaml.safe_load(untrusted())


class OwnLoader(yaml.Loader):
    pass


def loaders():
    yaml.Loader(untrusted())  # expect: unsafe-deserialization
    OwnLoader(untrusted())  # expect: unsafe-deserialization
