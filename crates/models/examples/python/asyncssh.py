"""AsyncSSH: commands that the other side's shell reads, host keys, file transfers, and the server's view of its clients."""

import asyncssh
import shlex

from flask import request


def untrusted():
    return request.args["data"]


class OwnSSHServer(asyncssh.SSHServer):
    def begin_auth(self, value):
        eval(value)  # expect: code-injection


class OwnSSHServerSession(asyncssh.SSHServerSession):
    def exec_requested(self, first):
        eval(first)  # expect: code-injection


class OwnSSHServer_2(asyncssh.SSHServer):
    def begin_auth(self):
        return ""


def classes():
    return [
        asyncssh.SSHClientConnection,
        asyncssh.SFTPClient,
        asyncssh.SSHServerProcess,
    ]


async def types_of_asyncssh():
    asyncssh.connect()
    (await asyncssh.connect())


async def types_of_sshclient_connection(sshclient_connection: asyncssh.SSHClientConnection):
    sshclient_connection.start_sftp_client()
    (await sshclient_connection.start_sftp_client())


def types_of_asyncssh_2():
    def on_listen(first):
        first

    asyncssh.listen(process_factory=on_listen)


async def sources_of_sshserver_process(sshserver_process: asyncssh.SSHServerProcess):
    eval(sshserver_process.command)  # expect: code-injection
    eval((await sshserver_process.stdin.read()))  # expect: code-injection


async def sources_of_sshclient_connection(sshclient_connection: asyncssh.SSHClientConnection):
    eval((await sshclient_connection.run()).stdout)  # expect: code-injection


def entries_of_asyncssh():
    def on_listen_2():
        return ""

    asyncssh.listen(process_factory=on_listen_2)


def sinks_of_sshclient_connection(sshclient_connection: asyncssh.SSHClientConnection):
    sshclient_connection.run(untrusted())  # expect: command-injection
    sshclient_connection.create_session(command=untrusted())  # expect: command-injection


def sinks_of_sftpclient(sftpclient: asyncssh.SFTPClient):
    sftpclient.get(localpath=untrusted())  # expect: path-traversal
    sftpclient.put(untrusted())  # expect: path-traversal


def sinks_of_asyncssh():
    asyncssh.scp(dstpath=untrusted())  # expect: path-traversal
    asyncssh.connect(untrusted())  # expect: server-side-request-forgery


def settings_of_asyncssh():
    asyncssh.connect(known_hosts=None)  # expect: ssh-host-key-unverified


async def remote_commands():
    async with asyncssh.connect("host.example", known_hosts=None) as connection:  # expect: ssh-host-key-unverified
        await connection.run("cat " + untrusted())  # expect: command-injection
        await connection.run("cat " + shlex.quote(untrusted()))
    await asyncssh.connect("host.example")
