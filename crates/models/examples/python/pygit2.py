"""pygit2: libgit2 starts no program, so an address can name another host or another path, but can be no option."""

import pygit2
import pygit2.repository

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        pygit2.Repository,
        pygit2.repository.Repository,
    ]


def types_of_pygit2():
    pygit2.clone_repository()


def sinks_of_pygit2():
    pygit2.clone_repository(untrusted())  # expect: server-side-request-forgery
    pygit2.clone_repository(path=untrusted())  # expect: path-traversal
    pygit2.init_repository(untrusted())  # expect: path-traversal


def sinks_of_repository(repository: pygit2.Repository):
    repository.remotes.create(url=untrusted())  # expect: server-side-request-forgery
    repository.remotes.set_url(url=untrusted())  # expect: server-side-request-forgery
    repository.submodules.add(untrusted())  # expect: server-side-request-forgery


def clones():
    pygit2.clone_repository("https://git.example/x", "/srv/x", checkout_branch=untrusted())
