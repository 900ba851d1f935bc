"""Pages."""

import html
import os

import jinja2
from flask import render_template_string
from markupsafe import Markup

LOADER = jinja2.FileSystemLoader(os.path.join(os.path.dirname(__file__), "templates"))
PAGES = jinja2.Environment(loader=LOADER, autoescape=True)
MAILS = jinja2.Environment(loader=LOADER)


def network_page(network):
    return PAGES.get_template("network.html").render(network=network.to_dict())


def heading(title):
    return "<h1>" + title + "</h1>"


def search_page(term, found):
    return heading("Networks like " + term) + "<p>%d found</p>" % len(found)


def note_page(text):
    return "<p>" + html.escape(text) + "</p>"


def badge(name):
    return Markup("<b>%s</b>") % name


def custom_page(template, network):
    return render_template_string(template, network=network.to_dict())


def fixed_page(title):
    return render_template_string("<h1>{{ title }}</h1>", title=title)
