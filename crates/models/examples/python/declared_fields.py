"""Fields of forms, serializers and models, and what their declarations exclude."""

import flask_wtf.file
import flask_wtf
import enum
import os

import django.forms
import django.forms.fields
import django.forms.models
import fastapi
import pydantic
import rest_framework.fields
import rest_framework.serializers
import wtforms
import wtforms.fields
from rest_framework.views import APIView


class Colour(str, enum.Enum):
    red = "red"


class Page(django.forms.Form):
    title = django.forms.CharField()
    number = django.forms.IntegerField()
    other = django.forms.IntegerField()
    upload = django.forms.FileField()
    word = django.forms.SlugField()
    several = django.forms.MultipleChoiceField(choices=[("a", "A")])

    def clean_other(self):
        return self.data["other"]


def show(request):
    form = Page(request.POST)
    if form.is_valid():
        os.system("show " + form.cleaned_data["title"])  # expect: command-injection
        os.system("show " + str(form.cleaned_data["number"]))
        os.system("show " + form.cleaned_data["number"])
        os.system("show " + form.cleaned_data.get("number"))
        os.system("show " + form.cleaned_data["word"])
        for one in form.cleaned_data["several"]:
            os.system("show " + one)
        os.system("show " + form.cleaned_data["other"])  # expect: command-injection
        os.system("show " + form.cleaned_data["upload"].content_type)  # expect: command-injection
        open("/srv/" + form.cleaned_data["upload"].name)


class Entry(rest_framework.serializers.Serializer):
    picture = rest_framework.serializers.ImageField()
    title = rest_framework.serializers.CharField()
    number = rest_framework.serializers.IntegerField()


class Entries(APIView):
    def post(self, request):
        entry = Entry(data=request.data)
        entry.is_valid(raise_exception=True)
        os.system("add " + entry.validated_data["title"])  # expect: command-injection
        os.system("add " + entry.validated_data["number"])


application = fastapi.FastAPI()


class Item(pydantic.BaseModel):
    name: str
    count: int
    colour: Colour


@application.post("/items")
def add(item: Item, colour: Colour):
    os.system("add " + item.name)  # expect: command-injection
    os.system("add " + item.count)
    os.system("add " + item.colour)
    os.system("add " + colour.value)


def declared():
    django.forms.FileField().clean(1)
    django.forms.fields.ImageField().clean(1)
    rest_framework.serializers.FileField().to_internal_value(1)
    rest_framework.fields.ImageField().to_internal_value(1)
    django.forms.IntegerField().clean(1)
    django.forms.fields.IntegerField().clean(1)
    django.forms.ModelChoiceField().clean(1)
    django.forms.models.ModelChoiceField().clean(1)
    rest_framework.serializers.IntegerField().to_internal_value(1)
    rest_framework.fields.IntegerField().to_internal_value(1)
    wtforms.IntegerField().data
    wtforms.fields.IntegerField().data


class Picture(flask_wtf.FlaskForm):
    picture = flask_wtf.file.FileField()


def keep_picture():
    form = Picture()
    form.picture.data.save("/srv/" + form.picture.data.filename)  # expect: path-traversal
