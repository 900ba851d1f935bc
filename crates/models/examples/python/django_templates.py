"""Django: templates, HTML that is marked as safe, escaping, and the text utilities."""

import django.contrib.auth.hashers
import django.contrib.auth.password_validation
import django.contrib.messages
import django.core.mail
import django.core.signing
import django.shortcuts
import django.template
import django.template.base
import django.template.defaultfilters
import django.template.engine
import django.template.library
import django.template.loader
import django.utils._os
import django.utils.crypto
import django.utils.encoding
import django.utils.functional
import django.utils.html
import django.utils.http
import django.utils.module_loading
import django.utils.safestring
import django.utils.text
import django.utils.translation
import flask

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        django.template.Template,
        django.template.base.Template,
        django.template.Engine,
        django.template.engine.Engine,
        django.template.Library,
        django.template.library.Library,
    ]


def types_of_engine(engine: django.template.Engine):
    engine.from_string()


def types_of_django_template_loader():
    django.template.loader.get_template()


def types_of_django_template():
    django.template.engines[0]
    django.template.Engine.get_default()


def sinks_of_django_template():
    django.template.Template(untrusted())  # expect: template-injection


def sinks_of_django_template_base():
    django.template.base.Template(untrusted())  # expect: template-injection


def sinks_of_engine(engine: django.template.Engine):
    engine.from_string(untrusted())  # expect: template-injection


def sinks_of_django_utils_safestring():
    django.utils.safestring.mark_safe(untrusted())  # expect: cross-site-scripting
    django.utils.safestring.SafeString(untrusted())  # expect: cross-site-scripting


def sinks_of_django_utils_html():
    django.utils.html.mark_safe(untrusted())  # expect: cross-site-scripting
    django.utils.html.format_html(untrusted())  # expect: cross-site-scripting
    django.utils.html.format_html_join(untrusted())  # expect: cross-site-scripting
    django.utils.html.format_html_join(None, untrusted())  # expect: cross-site-scripting


def sinks_of_django_utils_module_loading():
    django.utils.module_loading.import_string(untrusted())  # expect: unsafe-reflection


def barriers_of_django_utils_html():
    flask.make_response(django.utils.html.escape(untrusted()))


def barriers_of_django_template_defaultfilters():
    flask.make_response(django.template.defaultfilters.force_escape(untrusted()))
    flask.make_response(django.template.defaultfilters.slugify(untrusted()))


def barriers_of_django_template_loader():
    flask.make_response(django.template.loader.render_to_string(untrusted()))


def barriers_of_template(template: django.template.Template):
    flask.make_response(template.render(untrusted()))


def barriers_of_django_utils_text():
    eval(django.utils.text.slugify(untrusted()))
    open(django.utils.text.get_valid_filename(untrusted()))


def barriers_of_django_utils__os():
    open(django.utils._os.safe_join(untrusted()))


def barriers_of_django_utils_http():
    flask.make_response(django.utils.http.urlquote(untrusted()))
    eval(django.utils.http.base36_to_int(untrusted()))


def flows_of_template(template: django.template.Template):
    eval(template.render(untrusted()))  # expect: code-injection


def flows_of_django_template_loader():
    eval(django.template.loader.render_to_string(None, untrusted()))  # expect: code-injection


def flows_of_django_shortcuts():
    eval(django.shortcuts.render(context=untrusted()))  # expect: code-injection


def flows_of_django_template():
    eval(django.template.Context(untrusted()))  # expect: code-injection


def flows_of_django_utils_safestring():
    eval(django.utils.safestring.mark_safe(untrusted()))  # expect: code-injection, cross-site-scripting
    eval(django.utils.safestring.SafeString(untrusted()))  # expect: code-injection, cross-site-scripting


def flows_of_django_utils_html():
    eval(django.utils.html.escape(untrusted()))  # expect: code-injection
    eval(django.utils.html.format_html(untrusted()))  # expect: code-injection, cross-site-scripting
    eval(django.utils.html.mark_safe(untrusted()))  # expect: code-injection, cross-site-scripting


def flows_of_django_utils_encoding():
    eval(django.utils.encoding.force_str(untrusted()))  # expect: code-injection


def flows_of_django_utils_text():
    eval(django.utils.text.capfirst(untrusted()))  # expect: code-injection


def flows_of_django_utils_http():
    eval(django.utils.http.urlencode(untrusted()))  # expect: code-injection
    eval(django.utils.http.urlsafe_base64_decode(untrusted()))  # expect: code-injection


def flows_of_django_utils__os():
    eval(django.utils._os.safe_join(untrusted()))  # expect: code-injection


def flows_of_django_utils_translation():
    eval(django.utils.translation.gettext(untrusted()))  # expect: code-injection
    eval(django.utils.translation.ngettext(untrusted()))  # expect: code-injection
    eval(django.utils.translation.pgettext(None, untrusted()))  # expect: code-injection


def decorator_of_library(library: django.template.Library):
    @library.filter
    def kept_by_filter(text):
        eval(text)  # expect: code-injection

    kept_by_filter(untrusted())


def decorator_of_library_2(library: django.template.Library):
    @library.filter()
    def kept_by_filter_2(text):
        eval(text)  # expect: code-injection

    kept_by_filter_2(untrusted())


def decorator_of_django_utils_functional():
    class Page:
        @django.utils.functional.cached_property
        def text(self):
            return untrusted()

    eval(Page().text)  # expect: code-injection


def decorator_of_django_utils_functional_2():
    @django.utils.functional.keep_lazy()
    def kept_by_keep_lazy(text):
        eval(text)  # expect: code-injection

    kept_by_keep_lazy(untrusted())


def decorator_of_django_utils_html():
    @django.utils.html.html_safe
    def kept_by_html_safe(text):
        eval(text)  # expect: code-injection

    kept_by_html_safe(untrusted())


def settings_of_django_template():
    django.template.Context(None, False)  # expect: template-autoescape-off
    django.template.Engine(autoescape=False)  # expect: template-autoescape-off


def neutral_of_django_template_loader():
    eval(django.template.loader.get_template(untrusted()))


def neutral_of_django_utils_crypto():
    eval(django.utils.crypto.constant_time_compare(untrusted()))


def neutral_of_django_core_signing():
    django.core.signing.loads(untrusted())
    eval(django.core.signing.loads(untrusted()))


def neutral_of_django_core_mail():
    django.core.mail.send_mail(untrusted())


def neutral_of_django_contrib_messages():
    eval(django.contrib.messages.add_message(untrusted()))


def neutral_of_django_contrib_auth_hashers():
    eval(django.contrib.auth.hashers.make_password(untrusted()))


def neutral_of_django_contrib_auth_password_validation():
    eval(django.contrib.auth.password_validation.validate_password(untrusted()))


class Shown:
    def tags(self, library: django.template.Library):
        @library.simple_tag(takes_context=True)
        def asked(context):
            return django.utils.safestring.mark_safe(context["request"].GET["q"])  # expect: cross-site-scripting

        @library.inclusion_tag("shown/box.html")
        def box(value):
            return {"value": value}
