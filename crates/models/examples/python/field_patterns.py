"""Expressions that the values of a field are held against."""

import attr.validators
import attrs.validators
import colander
import django.core.validators
import django.forms
import django.forms.fields
import fastapi
import flask_restful.inputs
import flask_restx.inputs
import marshmallow.validate
import pydantic
import rest_framework.fields
import rest_framework.serializers
import voluptuous
import wtforms.validators

OPEN = [
    django.core.validators.RegexValidator(r"[a-z0-9]+"),  # expect: flawed-validation
    django.forms.RegexField(regex=r"^[a-z0-9]+"),  # expect: flawed-validation
    rest_framework.serializers.RegexField(r"[a-z0-9]+$"),  # expect: flawed-validation
    marshmallow.validate.Regexp(r"[a-z0-9]+"),  # expect: flawed-validation
    wtforms.validators.Regexp(r"^[a-z0-9]+"),  # expect: flawed-validation
    pydantic.constr(pattern=r"^[a-z0-9]+"),  # expect: flawed-validation
    fastapi.Query(pattern=r"^[a-z0-9]{3}"),  # expect: flawed-validation
    voluptuous.Match(r"[a-z0-9]+"),  # expect: flawed-validation
    colander.Regex(r"[a-z0-9]+"),  # expect: flawed-validation
    flask_restful.inputs.regex(r"[a-z0-9]+"),  # expect: flawed-validation
]

WHOLE = [
    django.core.validators.RegexValidator(r"^[a-z0-9]+\Z"),
    django.core.validators.RegexValidator(r"[<>]", inverse_match=True),
    django.forms.fields.RegexField(r"^[a-z0-9]+$"),
    rest_framework.fields.RegexField(r"^[^/]+"),
    flask_restx.inputs.regex(r"^[a-z]$"),
    attr.validators.matches_re(r"[a-z]+"),
    attrs.validators.matches_re(r"[a-z]+"),
]
