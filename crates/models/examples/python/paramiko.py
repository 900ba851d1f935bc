"""Paramiko: commands that are run on another host, the policy for unknown host keys, output of commands, and the server interface."""

import paramiko
import paramiko.client

from flask import request


def untrusted():
    return request.args["data"]


class OwnServerInterface(paramiko.ServerInterface):
    def check_auth_none(self, value):
        eval(value)  # expect: code-injection


class OwnServerInterface2(paramiko.ServerInterface):
    def check_channel_exec_request(self, first, second):
        eval(second)  # expect: code-injection


class OwnServerInterface3(paramiko.ServerInterface):
    def check_auth_none(self):
        return ""


def classes():
    return [
        paramiko.SSHClient,
        paramiko.client.SSHClient,
        paramiko.Transport,
        paramiko.Channel,
        paramiko.SFTPClient,
        paramiko.ServerInterface,
    ]


def types_of_sshclient(sshclient: paramiko.SSHClient):
    sshclient.invoke_shell()
    sshclient.get_transport()
    sshclient.open_sftp()


def types_of_paramiko():
    paramiko.SFTPClient.from_transport()


def types_of_transport(transport: paramiko.Transport):
    transport.open_session()


def sources_of_sshclient(sshclient: paramiko.SSHClient):
    eval(sshclient.exec_command()[1])  # expect: code-injection


def sources_of_channel(channel: paramiko.Channel):
    eval(channel.recv())  # expect: code-injection


def sources_of_sftpclient(sftpclient: paramiko.SFTPClient):
    eval(sftpclient.open())  # expect: code-injection


def sinks_of_sshclient(sshclient: paramiko.SSHClient):
    sshclient.exec_command(untrusted())  # expect: command-injection
    sshclient.connect(untrusted())  # expect: server-side-request-forgery


def sinks_of_channel(channel: paramiko.Channel):
    channel.exec_command(untrusted())  # expect: command-injection


def sinks_of_paramiko():
    paramiko.ProxyCommand(untrusted())  # expect: command-injection


def settings_of_paramiko():
    paramiko.AutoAddPolicy()  # expect: ssh-host-key-unverified
    paramiko.RSAKey.generate(2047)  # expect: weak-key-size
    paramiko.DSSKey.generate()  # expect: weak-key-size


def settings_of_paramiko_client():
    paramiko.client.AutoAddPolicy()  # expect: ssh-host-key-unverified


def settings_of_sshclient(sshclient: paramiko.SSHClient):
    sshclient.set_missing_host_key_policy(paramiko.AutoAddPolicy)  # expect: ssh-host-key-unverified
    transport = paramiko.Transport(("sftp.example", 22))
    transport.connect(username="robot", password=untrusted())  # expect: ssh-host-key-unverified
    transport.connect(hostkey=paramiko.RSAKey(filename="host.pub"), username="robot")
