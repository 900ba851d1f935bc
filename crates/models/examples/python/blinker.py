"""Blinker: signals, by themselves or of a name, and who is connected with them."""

import blinker
import blinker.base

from flask import request


def classes():
    return [blinker.Signal, blinker.base.Signal, blinker.Namespace, blinker.base.Namespace]


own = blinker.Namespace()
saved = own.signal("saved")
plain = blinker.Signal()


@saved.connect
def on_saved(sender, path=None):
    eval(sender)
    eval(path)  # expect: code-injection


@blinker.signal("other").connect_via("here")
def on_other(sender, **options):
    eval(options["path"])  # expect: code-injection


def on_plain(sender, path):
    eval(path)  # expect: code-injection


plain.connect(on_plain)


def untouched(sender, path):
    eval(path)


blinker.Signal().connect(untouched)


def senders():
    saved.send("a", path=request.args["data"])
    blinker.signal("other").send("here", path=request.args["data"])
    eval(plain.send("a", path=request.args["data"]))
