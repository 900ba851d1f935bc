"""six and future: names and helpers for code that runs on Python 2 and 3."""

import future.utils
import past.builtins
import six

from flask import request


def untrusted():
    return request.args["data"]


def aliases():
    six.text_type
    six.binary_type
    six.unichr
    six.next
    six.advance_iterator
    six.callable
    six.wraps
    six.exec_
    past.builtins.basestring
    past.builtins.unicode
    past.builtins.raw_input


def flows_of_six():
    eval(six.ensure_str(untrusted()))  # expect: code-injection
    eval(six.iterkeys(untrusted())[0])  # expect: code-injection
    eval(six.iteritems(untrusted())[0][0])  # expect: code-injection
    eval(six.iteritems([untrusted()])[0][1])  # expect: code-injection
    eval(six.itervalues([untrusted()])[0])  # expect: code-injection
    eval(six.int2byte(untrusted()))  # expect: code-injection
    eval(six.get_unbound_function(untrusted()))  # expect: code-injection


def flows_of_future_utils():
    eval(future.utils.native(untrusted()))  # expect: code-injection
    eval(future.utils.iteritems([untrusted()])[0][1])  # expect: code-injection
    eval(future.utils.itervalues([untrusted()])[0])  # expect: code-injection


def types_of_six():
    six.ensure_str()
    six.ensure_binary()


def decorator_of_six():
    @six.add_metaclass()
    def kept_by_add_metaclass(text):
        eval(text)  # expect: code-injection

    kept_by_add_metaclass(untrusted())


def decorator_of_six_2():
    @six.python_2_unicode_compatible
    def kept_by_python_2_unicode_compatible(text):
        eval(text)  # expect: code-injection

    kept_by_python_2_unicode_compatible(untrusted())


def decorator_of_future_utils():
    @future.utils.python_2_unicode_compatible
    def kept_by_python_2_unicode_compatible_2(text):
        eval(text)  # expect: code-injection

    kept_by_python_2_unicode_compatible_2(untrusted())


def neutral_of_six():
    eval(six.reraise(untrusted()))
