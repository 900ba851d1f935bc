"""Text: regular expressions, templates, escapes and encodings."""

import HTMLParser
import base64
import binascii
import codecs
import difflib
import flask
import gettext
import html
import html.parser
import htmlentitydefs
import locale
import pprint
import re
import reprlib
import six.moves
import sre_constants
import string
import stringprep
import struct
import textwrap
import typing
import unicodedata

from flask import request


def untrusted():
    return request.args["data"]


def aliases():
    HTMLParser
    six.moves.html_parser
    htmlentitydefs
    sre_constants.error


def classes():
    return [
        re.Pattern,
        typing.Pattern,
        re.Match,
        typing.Match,
        re.error,
        string.Template,
        string.Formatter,
        html.parser.HTMLParser,
        struct.Struct,
    ]


def types_of_re():
    re.compile()
    re.match()
    re.findall()
    re.finditer()
    re.finditer()[0]
    re.sub()
    re.escape()
    re.subn()
    re.subn()[0]


def types_of_pattern(pattern: re.Pattern):
    pattern.pattern


def types_of_match(match: re.Match):
    match.group()
    match[0]
    match.groups()
    match.groups()[0]
    match.groupdict()
    match.groupdict()[0]
    match.start()
    match.pos
    match.re
    match.string


def types_of_string():
    string.ascii_letters
    string.capwords()


def types_of_template(template: string.Template):
    template.substitute()
    template.template


def types_of_formatter(formatter: string.Formatter):
    formatter.format()


def types_of_html():
    html.escape()


def types_of_htmlparser(htmlparser: html.parser.HTMLParser):
    htmlparser.unescape()


def types_of_textwrap():
    textwrap.dedent()
    textwrap.wrap()


def types_of_base64():
    base64.b64encode()


def types_of_binascii():
    binascii.hexlify()
    binascii.crc32()


def types_of_codecs():
    codecs.encode()
    codecs.decode()


def types_of_struct():
    struct.pack()
    struct.unpack()
    struct.calcsize()


def types_of_struct_2(the_struct: struct.Struct):
    the_struct.pack()
    the_struct.unpack()


def types_of_unicodedata():
    unicodedata.normalize()


def types_of_pprint():
    pprint.pformat()


def types_of_reprlib():
    reprlib.repr()


def types_of_gettext():
    gettext.gettext()


def sinks_of_re():
    re.compile(untrusted()).search("text")  # expect: regex-injection
    re.match("(a+)+$", untrusted())  # expect: regex-denial-of-service
    re.sub("(a+)+$", "", untrusted())  # expect: regex-denial-of-service
    re.Scanner([("(a+)+b", None), ("x", None)]).scan(untrusted())  # expect: regex-denial-of-service


def sinks_of_pattern(pattern: re.Pattern):
    pattern.match(untrusted())
    pattern.sub("", untrusted())
    re.compile("(a+)+$").match(untrusted())  # expect: regex-denial-of-service


def sinks_of_formatter(formatter: string.Formatter):
    formatter.format(untrusted())  # expect: format-string


def flows_of_re():
    eval(re.compile(untrusted()).pattern)  # expect: code-injection, regex-injection
    eval(re.escape(untrusted()))  # expect: code-injection
    eval(re.match(None, untrusted()))  # expect: code-injection
    eval(re.findall(None, untrusted())[0])  # expect: code-injection
    eval(re.sub(None, untrusted()))  # expect: code-injection
    eval(re.subn(None, untrusted())[0])  # expect: code-injection
    re.sub(None, lambda first: eval(first), string=untrusted())  # expect: code-injection
    eval(re.sub(None, lambda: untrusted()))  # expect: code-injection


def flows_of_pattern(pattern: re.Pattern):
    eval(pattern.match(untrusted()))  # expect: code-injection
    eval(pattern.findall(untrusted())[0])  # expect: code-injection
    eval(pattern.sub(untrusted()))  # expect: code-injection
    eval(pattern.subn(untrusted())[0])  # expect: code-injection
    pattern.sub(lambda first: eval(first), untrusted())  # expect: code-injection
    eval(pattern.sub(lambda: untrusted()))  # expect: code-injection


def flows_of_match(match: re.Match):
    eval(re.Match(untrusted()).group())  # expect: code-injection
    eval(re.Match(untrusted()).groups()[0])  # expect: code-injection
    eval(match.expand(untrusted()))  # expect: code-injection
    eval(match.groups(untrusted())[0])  # expect: code-injection


def flows_of_string():
    eval(string.Template(untrusted()))  # expect: code-injection
    eval(string.capwords(untrusted()))  # expect: code-injection


def flows_of_template(template: string.Template):
    eval(string.Template(untrusted()).substitute())  # expect: code-injection
    eval(template.substitute([untrusted()]))  # expect: code-injection
    eval(template.substitute(untrusted()))  # expect: code-injection


def flows_of_formatter(formatter: string.Formatter):
    eval(formatter.format(untrusted()))  # expect: code-injection, format-string
    eval(formatter.vformat(untrusted()))  # expect: code-injection, format-string
    eval(formatter.vformat(None, [untrusted()]))  # expect: code-injection


def flows_of_html():
    eval(html.escape(untrusted()))  # expect: code-injection


def flows_of_htmlparser(htmlparser: html.parser.HTMLParser):
    eval(htmlparser.unescape(untrusted()))  # expect: code-injection


def flows_of_htmlparser_2(htmlparser: html.parser.HTMLParser):
    htmlparser.feed(untrusted())
    eval(htmlparser)  # expect: code-injection


def flows_of_textwrap():
    eval(textwrap.dedent(untrusted()))  # expect: code-injection
    eval(textwrap.wrap(untrusted())[0])  # expect: code-injection


def flows_of_base64():
    eval(base64.b64encode(untrusted()))


def flows_of_binascii():
    eval(binascii.hexlify(untrusted()))


def flows_of_codecs():
    eval(codecs.encode(untrusted()))  # expect: code-injection
    eval(codecs.getencoder()(untrusted())[0])  # expect: code-injection
    eval(codecs.utf_8_encode(untrusted())[0])  # expect: code-injection


def flows_of_struct():
    eval(struct.pack(None, untrusted()))  # expect: code-injection
    eval(struct.unpack(None, untrusted())[0])  # expect: code-injection


def flows_of_struct_2(the_struct: struct.Struct):
    eval(the_struct.pack(untrusted()))  # expect: code-injection
    eval(the_struct.unpack(untrusted())[0])  # expect: code-injection


def flows_of_unicodedata():
    eval(unicodedata.normalize(None, untrusted()))  # expect: code-injection


def flows_of_pprint():
    eval(pprint.pformat(untrusted()))  # expect: code-injection


def flows_of_reprlib():
    eval(reprlib.repr(untrusted()))  # expect: code-injection


def flows_of_difflib():
    eval(difflib.unified_diff([untrusted()])[0])  # expect: code-injection


def flows_of_gettext():
    eval(gettext.gettext(untrusted()))  # expect: code-injection
    eval(gettext.dgettext(None, untrusted()))  # expect: code-injection
    eval(gettext.ngettext(untrusted()))  # expect: code-injection


def flows_of_stringprep():
    eval(stringprep.nameprep(untrusted()))  # expect: code-injection


def barriers_of_html():
    flask.make_response(html.escape(untrusted()))


def barriers_of_re():
    re.compile(re.escape(untrusted()))


def barriers_of_base64():
    flask.make_response(base64.b64encode(untrusted()))
    open(base64.urlsafe_b64encode(untrusted()))


def barriers_of_binascii():
    eval(binascii.hexlify(untrusted()))


def barriers_of_unicodedata():
    eval(unicodedata.category(untrusted()))


def barriers_of_match(match: re.Match):
    eval(match.start(untrusted()))


def neutral_of_re():
    eval(re.purge(untrusted()))


def neutral_of_match(match: re.Match):
    eval(match.start(untrusted()))


def neutral_of_struct():
    eval(struct.calcsize(untrusted()))


def neutral_of_binascii():
    eval(binascii.crc32(untrusted()))


def neutral_of_unicodedata():
    eval(unicodedata.category(untrusted()))


def neutral_of_codecs():
    eval(codecs.lookup(untrusted()))


def neutral_of_gettext():
    eval(gettext.bindtextdomain(untrusted()))


def neutral_of_pprint():
    eval(pprint.pprint(untrusted()))


def neutral_of_locale():
    eval(locale.getdefaultlocale(untrusted()))
