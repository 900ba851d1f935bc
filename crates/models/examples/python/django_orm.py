"""Django: the object-relational mapper and its raw corners."""

import django.utils.safestring
import django.contrib.auth.models
import django.core.files.storage
import django.core.serializers
import django.db
import django.db.backends.base.base
import django.db.backends.base.schema
import django.db.backends.utils
import django.db.migrations
import django.db.models
import django.db.models.base
import django.db.models.expressions
import django.db.models.manager
import django.db.models.query
import django.db.transaction
import django.shortcuts
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


class OwnModel(django.db.models.Model):
    def method(self):
        self.objects


def classes():
    return [
        django.db.models.Model,
        django.db.models.base.Model,
        django.db.models.Manager,
        django.db.models.manager.Manager,
        django.db.models.QuerySet,
        django.db.models.query.QuerySet,
        django.db.backends.base.base.BaseDatabaseWrapper,
        django.db.backends.utils.CursorWrapper,
        django.db.backends.base.schema.BaseDatabaseSchemaEditor,
        django.core.files.storage.Storage,
    ]


def types_of_django_db():
    django.db.connection
    django.db.connections[0]


def types_of_django_db_transaction():
    django.db.transaction.get_connection()


def types_of_database_wrapper(database_wrapper: django.db.backends.base.base.BaseDatabaseWrapper):
    database_wrapper.cursor()
    database_wrapper.schema_editor()


def types_of_schema_editor(schema_editor: django.db.backends.base.schema.BaseDatabaseSchemaEditor):
    schema_editor.connection


def types_of_django_db_migrations():
    @django.db.migrations.RunPython
    def on_RunPython(first, second):
        second


def types_of_django_db_migrations_2():
    def on_RunPython_2(first, second):
        second

    django.db.migrations.RunPython(None, on_RunPython_2)


def types_of_django_contrib_auth_models():
    django.contrib.auth.models.User.objects


def types_of_query_set(query_set: django.db.models.QuerySet):
    query_set.all()


def types_of_django_core_files_storage():
    django.core.files.storage.default_storage


def sinks_of_query_set(query_set: django.db.models.QuerySet):
    query_set.raw(untrusted())  # expect: sql-injection
    query_set.extra([untrusted()])  # expect: sql-injection
    query_set.extra(None, [untrusted()])  # expect: sql-injection
    query_set.extra(tables=[untrusted()])  # expect: sql-injection
    query_set.extra(order_by=[untrusted()])  # expect: sql-injection


def sinks_of_django_db_models_expressions():
    django.db.models.expressions.RawSQL(untrusted())  # expect: sql-injection
    django.db.models.expressions.Func(function=untrusted())  # expect: sql-injection


def sinks_of_django_db_models():
    django.db.models.Func(function=untrusted())  # expect: sql-injection


def sinks_of_schema_editor(schema_editor: django.db.backends.base.schema.BaseDatabaseSchemaEditor):
    schema_editor.execute(untrusted())  # expect: sql-injection


def sinks_of_django_db_migrations():
    django.db.migrations.RunSQL(untrusted())  # expect: sql-injection
    django.db.migrations.RunSQL(None, untrusted())  # expect: sql-injection


def sinks_of_django_core_serializers():
    django.core.serializers.deserialize(untrusted())  # expect: code-injection


def barriers_of_database_wrapper(database_wrapper: django.db.backends.base.base.BaseDatabaseWrapper):
    sqlite3.connect("db").execute("SELECT " + database_wrapper.ops.quote_name(untrusted()))


def barriers_of_schema_editor(schema_editor: django.db.backends.base.schema.BaseDatabaseSchemaEditor):
    sqlite3.connect("db").execute("SELECT " + schema_editor.quote_name(untrusted()))


def flows_of_django_core_serializers():
    eval(django.core.serializers.deserialize(None, untrusted()))  # expect: code-injection
    eval(django.core.serializers.serialize(None, untrusted()))  # expect: code-injection


def flows_of_query_set(query_set: django.db.models.QuerySet):
    eval(query_set.create(value=untrusted()))  # expect: code-injection


def neutral_of_query_set(query_set: django.db.models.QuerySet):
    eval(query_set.all(untrusted()))
    query_set.all(untrusted())


def neutral_of_model(model: django.db.models.Model):
    model.save(untrusted())
    eval(model.save(untrusted()))


def neutral_of_django_shortcuts():
    eval(django.shortcuts.get_object_or_404(untrusted()))
    django.shortcuts.get_object_or_404(untrusted())


def neutral_of_django_db_models():
    django.db.models.F(untrusted())


def neutral_of_storage(storage: django.core.files.storage.Storage):
    storage.open(untrusted())


class OwnNote(django.db.models.Model):
    title = django.db.models.CharField()

    def link(self):
        return django.utils.safestring.mark_safe("<b>" + self.title + "</b>")  # expect: cross-site-scripting


def what_users_stored(notes: django.db.models.QuerySet):
    for note in notes:
        django.utils.safestring.mark_safe("<b>%s</b>" % note.title)  # expect: cross-site-scripting
        django.utils.safestring.mark_safe("<b>%s</b>" % note.pk)
    django.utils.safestring.mark_safe("<b>%s</b>" % notes.first().title)  # expect: cross-site-scripting
    django.utils.safestring.mark_safe("<b>%s</b>" % notes.first().pk)
    note = django.shortcuts.get_object_or_404(OwnNote, None)
    django.utils.safestring.mark_safe("<b>%s</b>" % note.title)  # expect: cross-site-scripting
    django.utils.safestring.mark_safe("<b>%s</b>" % note.pk)


class Named(django.db.models.QuerySet):
    def named(self, name):
        return self.extra(where=["name = '%s'" % name])  # expect: sql-injection


class Kept(django.db.models.Manager):
    def get_queryset(self):
        return Named(self.model)


class Row(django.db.models.Model):
    objects = Kept()
    named = Named.as_manager()
    both = django.db.models.Manager.from_queryset(Named)()


def queries_of_the_program():
    Row.objects.filter(a=1).named(untrusted())
    Row.objects.get_queryset()


class Listed(django.db.models.QuerySet):
    def sorted(self, column):
        return self.raw("SELECT * FROM t ORDER BY " + column)  # expect: sql-injection


class Sorted(django.db.models.Model):
    named = Listed.as_manager()


def sorted_rows():
    Sorted.named.order_by("a").all().sorted(untrusted())


class Counted(django.db.models.QuerySet):
    def counted(self, column):
        return self.raw("SELECT count(%s) FROM t" % column)  # expect: sql-injection


class WithCounts(django.db.models.Model):
    objects = django.db.models.Manager.from_queryset(Counted)()


def counted_rows():
    WithCounts.objects.counted(untrusted())
