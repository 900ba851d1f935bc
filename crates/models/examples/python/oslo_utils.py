"""oslo.utils, oslo.serialization, oslo.i18n and oslo.context: text and JSON pass through; validators, masks and generators do not."""

import logging
import oslo_context.context
import oslo_i18n
import oslo_serialization.base64
import oslo_serialization.jsonutils
import oslo_serialization.msgpackutils
import oslo_utils.encodeutils
import oslo_utils.excutils
import oslo_utils.fileutils
import oslo_utils.importutils
import oslo_utils.netutils
import oslo_utils.secretutils
import oslo_utils.strutils
import oslo_utils.timeutils
import oslo_utils.uuidutils
import oslo_utils.versionutils

from flask import request


def untrusted():
    return request.args["data"]


def types_of_oslo_serialization_jsonutils():
    oslo_serialization.jsonutils.dumps()
    oslo_serialization.jsonutils.dump_as_bytes()


def types_of_oslo_utils_uuidutils():
    oslo_utils.uuidutils.generate_uuid()
    oslo_utils.uuidutils.is_uuid_like()


def types_of_oslo_utils_encodeutils():
    oslo_utils.encodeutils.safe_decode()
    oslo_utils.encodeutils.safe_encode()


def types_of_oslo_utils_strutils():
    oslo_utils.strutils.mask_password()
    oslo_utils.strutils.mask_dict_password()
    oslo_utils.strutils.bool_from_string()


def types_of_oslo_utils_netutils():
    oslo_utils.netutils.get_ipv6_addr_by_EUI64()
    oslo_utils.netutils.is_ipv6_enabled()
    oslo_utils.netutils.is_valid_cidr()


def types_of_oslo_utils_versionutils():
    oslo_utils.versionutils.convert_version_to_tuple()


def types_of_oslo_utils_timeutils():
    oslo_utils.timeutils.utcnow()


def types_of_oslo_context_context():
    oslo_context.context.get_current()
    oslo_context.context.RequestContext.from_environ()


def types_of_oslo_i18n():
    oslo_i18n.TranslatorFactory().primary


def types_of_translator():
    translator = oslo_i18n.TranslatorFactory().primary
    translator()


def classes():
    oslo_context.context.RequestContext
    oslo_utils.excutils.save_and_reraise_exception
    oslo_utils.timeutils.StopWatch


def flows_of_oslo_serialization_jsonutils():
    eval(oslo_serialization.jsonutils.loads(untrusted()))  # expect: code-injection
    eval(oslo_serialization.jsonutils.load(untrusted()))  # expect: code-injection
    eval(oslo_serialization.jsonutils.dumps(untrusted()))  # expect: code-injection
    eval(oslo_serialization.jsonutils.to_primitive(untrusted()))  # expect: code-injection


def flows_of_oslo_serialization_jsonutils_2():
    filled = []
    oslo_serialization.jsonutils.dump(untrusted(), filled)
    eval(filled)  # expect: code-injection


def flows_of_oslo_serialization_msgpackutils():
    eval(oslo_serialization.msgpackutils.loads(untrusted()))  # expect: code-injection


def flows_of_oslo_serialization_base64():
    eval(oslo_serialization.base64.encode_as_bytes(untrusted()))  # expect: code-injection


def flows_of_oslo_utils_encodeutils():
    eval(oslo_utils.encodeutils.safe_decode(untrusted()))  # expect: code-injection
    eval(oslo_utils.encodeutils.exception_to_unicode(untrusted()))  # expect: code-injection


def flows_of_oslo_utils_strutils():
    eval(oslo_utils.strutils.mask_password(untrusted()))  # expect: code-injection
    eval(oslo_utils.strutils.mask_dict_password(untrusted()))  # expect: code-injection
    eval(oslo_utils.strutils.split_path(untrusted()))  # expect: code-injection
    eval(oslo_utils.strutils.split_by_commas(untrusted()))  # expect: code-injection


def flows_of_oslo_utils_netutils():
    eval(oslo_utils.netutils.urlsplit(untrusted()))  # expect: code-injection
    eval(oslo_utils.netutils.parse_host_port(untrusted()))  # expect: code-injection


def flows_of_translator():
    translator = oslo_i18n.TranslatorFactory().primary
    eval(translator(untrusted()))  # expect: code-injection


def flows_of_oslo_i18n():
    eval(oslo_i18n.translate(untrusted()))  # expect: code-injection


def sinks_of_oslo_utils_importutils():
    oslo_utils.importutils.import_class(untrusted())  # expect: unsafe-reflection
    oslo_utils.importutils.import_object_ns(untrusted())  # expect: unsafe-reflection
    oslo_utils.importutils.import_object_ns(None, untrusted())  # expect: unsafe-reflection
    oslo_utils.importutils.import_versioned_module(untrusted())  # expect: unsafe-reflection
    oslo_utils.importutils.import_any(untrusted())  # expect: unsafe-reflection


def sinks_of_oslo_utils_fileutils():
    oslo_utils.fileutils.ensure_tree(untrusted())  # expect: path-traversal
    oslo_utils.fileutils.is_json(untrusted())  # expect: path-traversal
    oslo_utils.fileutils.write_to_tempfile(f"name = {untrusted()}\n")  # expect: config-line-injection
    oslo_utils.fileutils.write_to_tempfile(None, untrusted())  # expect: path-traversal


def barriers_of_oslo_utils_strutils():
    logging.info(oslo_utils.strutils.mask_password(untrusted()))
    eval(oslo_utils.strutils.bool_from_string(untrusted()))


def barriers_of_oslo_utils_timeutils():
    eval(oslo_utils.timeutils.parse_isotime(untrusted()))


def guard_of_oslo_utils_uuidutils():
    value = untrusted()
    if oslo_utils.uuidutils.is_uuid_like(value):
        eval(value)


def guard_of_oslo_utils_strutils():
    value = untrusted()
    if oslo_utils.strutils.is_int_like(value):
        eval(value)


def guard_of_oslo_utils_strutils_2():
    value = untrusted()
    if oslo_utils.strutils.is_valid_boolstr(value):
        eval(value)


def guard_of_oslo_utils_netutils():
    value = untrusted()
    if oslo_utils.netutils.is_valid_cidr(value):
        eval(value)


def guard_of_oslo_utils_netutils_2():
    value = untrusted()
    if oslo_utils.netutils.is_valid_port(value):
        eval(value)


def settings_of_oslo_utils_fileutils():
    oslo_utils.fileutils.ensure_tree(None, 0o777)  # expect: insecure-file-permissions


def decorator_of_oslo_utils_timeutils():
    @oslo_utils.timeutils.time_it()
    def kept_by_time_it(text):
        eval(text)  # expect: code-injection

    kept_by_time_it(untrusted())


def decorator_of_oslo_utils_excutils():
    @oslo_utils.excutils.forever_retry_uncaught_exceptions
    def kept_by_forever_retry_uncaught_exceptions(text):
        eval(text)  # expect: code-injection

    kept_by_forever_retry_uncaught_exceptions(untrusted())


def decorator_of_oslo_utils_excutils_2():
    @oslo_utils.excutils.forever_retry_uncaught_exceptions()
    def kept_by_forever_retry_uncaught_exceptions_2(text):
        eval(text)  # expect: code-injection

    kept_by_forever_retry_uncaught_exceptions_2(untrusted())


def neutral_of_oslo_utils_uuidutils():
    eval(oslo_utils.uuidutils.generate_uuid(untrusted()))


def neutral_of_oslo_utils_timeutils():
    eval(oslo_utils.timeutils.utcnow(untrusted()))
    eval(oslo_utils.timeutils.now(untrusted()))


def neutral_of_oslo_utils_secretutils():
    eval(oslo_utils.secretutils.constant_time_compare(untrusted()))


def neutral_of_oslo_serialization_jsonutils():
    oslo_serialization.jsonutils.loads(untrusted())


def neutral_of_oslo_context_context():
    eval(oslo_context.context.RequestContext.from_environ(untrusted()))


def neutral_of_oslo_utils_strutils():
    eval(oslo_utils.strutils.check_string_length(untrusted()))


def neutral_of_oslo_utils_netutils():
    eval(oslo_utils.netutils.is_ipv6_enabled(untrusted()))


def neutral_of_oslo_utils_versionutils():
    eval(oslo_utils.versionutils.convert_version_to_tuple(untrusted()))
