"""Tools that make or clean HTML: bleach, nh3, Markdown, docutils, html5lib, BeautifulSoup, Pygments."""

import bleach
import bleach.sanitizer
import bs4
import bs4.element
import docutils.core
import flask
import html5lib
import lxml_html_clean
import markdown
import marko
import misaka
import markdown2
import markdown_it
import mistune
import nh3
import pypandoc
import textile
import pygments
import pygments.lexers

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        bleach.sanitizer.Cleaner,
        bleach.Cleaner,
        markdown.Markdown,
        bs4.BeautifulSoup,
        bs4.Tag,
        bs4.element.Tag,
    ]


def barriers_of_bleach():
    flask.make_response(bleach.clean(untrusted()))


def barriers_of_cleaner(cleaner: bleach.sanitizer.Cleaner):
    flask.make_response(cleaner.clean(untrusted()))


def barriers_of_nh3():
    flask.make_response(nh3.clean(untrusted()))


def barriers_of_pygments():
    flask.make_response(pygments.highlight(untrusted()))


def sinks_of_docutils_core():
    docutils.core.publish_string(untrusted())  # expect: path-traversal
    docutils.core.publish_string(untrusted(), settings_overrides={"raw_enabled": False})  # expect: path-traversal
    docutils.core.publish_string(untrusted(), settings_overrides={"file_insertion_enabled": False})


def sinks_of_markdown():
    markdown.markdownFromFile(input=untrusted())  # expect: path-traversal


def sinks_of_pygments_lexers():
    pygments.lexers.load_lexer_from_file(untrusted())  # expect: code-injection


def flows_of_bleach():
    eval(bleach.clean(untrusted()))  # expect: code-injection


def flows_of_markdown():
    eval(markdown.markdown(untrusted()))  # expect: code-injection


def flows_of_markdown_2(the_markdown: markdown.Markdown):
    eval(the_markdown.convert(untrusted()))  # expect: code-injection


def flows_of_docutils_core():
    eval(docutils.core.publish_string(untrusted()))  # expect: code-injection, path-traversal


def flows_of_html5lib():
    eval(html5lib.parse(untrusted()))  # expect: code-injection
    eval(html5lib.serialize(untrusted()))  # expect: code-injection


def flows_of_bs4():
    eval(bs4.BeautifulSoup(untrusted()))  # expect: code-injection


def flows_of_beautiful_soup():
    eval(bs4.BeautifulSoup(untrusted()).find())  # expect: code-injection
    page = bs4.BeautifulSoup(untrusted())
    eval(page.find("form").get("action"))  # expect: code-injection
    eval(page.find("form").attrs["action"])  # expect: code-injection
    eval(page.body.parent["class"])  # expect: code-injection
    for tag in page.find_all("a"):
        eval(tag["href"])  # expect: code-injection
        for child in tag.children:
            eval(child.get_text())  # expect: code-injection


def flows_of_pygments():
    eval(pygments.highlight(untrusted()))  # expect: code-injection


def barriers_of_mistune():
    flask.make_response(mistune.markdown(untrusted()))


def flows_of_nh3():
    eval(nh3.clean(untrusted()))  # expect: code-injection


def flows_of_markdown2():
    eval(markdown2.markdown(untrusted()))  # expect: code-injection


def flows_of_markdown_it():
    eval(markdown_it.MarkdownIt().render(untrusted()))  # expect: code-injection


def answers():
    flask.make_response(lxml_html_clean.clean_html(untrusted()))
    flask.make_response(mistune.html(untrusted()))  # expect: cross-site-scripting
    flask.make_response(nh3.clean(mistune.html(untrusted())))


def converters():
    eval(textile.textile(untrusted()))  # expect: code-injection
    eval(misaka.html(untrusted()))  # expect: code-injection
    eval(marko.convert(untrusted()))  # expect: code-injection
    eval(pypandoc.convert_text(untrusted(), "html", format="md"))  # expect: code-injection
