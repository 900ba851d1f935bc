"""Click and Typer: the parameters of a command come from the command line."""

import click
import typer

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        click.Group,
        click.Command,
        click.Context,
        typer.Typer,
    ]


def types_of_click():
    click.group()()
    click.get_current_context()


def types_of_click_2():
    @click.pass_context
    def on_pass_context(first):
        first


def sources_of_click():
    @click.command
    def on_command(value):
        eval(value)  # expect: code-injection


def sources_of_click_2():
    @click.command()
    def on_command_2(value):
        eval(value)  # expect: code-injection


def sources_of_group(group: click.Group):
    @group.command()
    def on_command_3(value):
        eval(value)  # expect: code-injection


def sources_of_group_2(group: click.Group):
    @group.command
    def on_command_4(value):
        eval(value)  # expect: code-injection


def sources_of_typer(the_typer: typer.Typer):
    @the_typer.command()
    def on_command_5(value):
        eval(value)  # expect: code-injection


def sources_of_typer_2():
    @typer.run
    def on_run(value):
        eval(value)  # expect: code-injection


def sources_of_click_3():
    eval(click.prompt())  # expect: code-injection


def sources_of_context(context: click.Context):
    eval(context.params)  # expect: code-injection


def entries_of_click():
    @click.command
    def on_command_6():
        return ""


def entries_of_click_2():
    @click.command()
    def on_command_7():
        return ""


def entries_of_group(group: click.Group):
    @group.command()
    def on_command_8():
        return ""


def entries_of_group_2(group: click.Group):
    @group.command
    def on_command_9():
        return ""


def entries_of_typer(the_typer: typer.Typer):
    @the_typer.command()
    def on_command_10():
        return ""


def entries_of_typer_2():
    @typer.run
    def on_run_2():
        return ""


def decorator_of_click():
    @click.option()
    def kept_by_option(text):
        eval(text)  # expect: code-injection

    kept_by_option(untrusted())


def decorator_of_click_2():
    @click.make_pass_decorator()
    def kept_by_make_pass_decorator(text):
        eval(text)  # expect: code-injection

    kept_by_make_pass_decorator(untrusted())


def sinks_of_click():
    click.open_file(untrusted())  # expect: path-traversal
    click.launch(untrusted())  # expect: argument-injection
    click.edit(None, untrusted())  # expect: command-injection


def neutral_of_click():
    eval(click.echo(untrusted()))
