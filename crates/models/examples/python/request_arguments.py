"""What takes requests apart for a view: forms of WTForms and Flask-WTF, and arguments of webargs."""

import flask_wtf
import flask_wtf.form
import webargs.core
import webargs.djangoparser
import webargs.flaskparser
import wtforms
import wtforms.fields
import wtforms.fields.html5
import wtforms.form


def classes():
    return [
        wtforms.Form,
        wtforms.form.Form,
        flask_wtf.FlaskForm,
        flask_wtf.form.FlaskForm,
        wtforms.StringField,
        wtforms.fields.StringField,
        wtforms.fields.html5.URLField,
        webargs.core.Parser,
        webargs.flaskparser.FlaskParser,
        webargs.djangoparser.DjangoParser,
    ]


class HostForm(flask_wtf.FlaskForm):
    name = wtforms.StringField("name")
    count = wtforms.IntegerField("count")


def shows_form():
    form = HostForm()
    eval(form.name.data)  # expect: code-injection
    eval(form.count.data)
    eval(form.data["name"])  # expect: code-injection


def parses(request):
    eval(webargs.flaskparser.parser.parse({}, request)["name"])  # expect: code-injection


@webargs.flaskparser.use_args({})
def with_arguments(arguments):
    eval(arguments["name"])  # expect: code-injection


@webargs.flaskparser.parser.use_kwargs({})
def with_names(name):
    eval(name)  # expect: code-injection
