"""Libraries that start programs: GitPython, sh, plumbum, pexpect, Fabric and Invoke, Docker."""

import docker
import docker.models.containers
import fabric
import fabric.api
import fabric.connection
import git
import git.cmd
import git.repo
import invoke
import invoke.context
import pexpect
import pexpect.pxssh
import plumbum
import plumbum.machines.local
import sh

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        git.Repo,
        git.repo.Repo,
        git.Git,
        git.cmd.Git,
        pexpect.spawn,
        pexpect.pxssh.pxssh,
        fabric.Connection,
        fabric.connection.Connection,
        invoke.Context,
        invoke.context.Context,
        docker.DockerClient,
        docker.APIClient,
        docker.models.containers.Container,
        plumbum.machines.local.LocalCommand,
    ]


def types_of_git():
    git.Repo.clone_from()


def types_of_repo(repo: git.Repo):
    repo.clone()
    repo.git


def types_of_docker():
    docker.from_env()


def types_of_docker_client(docker_client: docker.DockerClient):
    docker_client.api
    docker_client.containers.run()


def types_of_plumbum():
    plumbum.local[0]
    plumbum.cmd.anything


def types_of_local_command(local_command: plumbum.machines.local.LocalCommand):
    local_command[0]
    local_command.bound_command()


def types_of_invoke():
    @invoke.task
    def on_task(first):
        first


def types_of_invoke_2():
    @invoke.task()
    def on_task_2(first):
        first


def types_of_fabric():
    @fabric.task
    def on_task_3(first):
        first


def sinks_of_git():
    git.Repo.clone_from(untrusted())  # expect: argument-injection, server-side-request-forgery
    git.Repo.clone_from(None, untrusted())  # expect: path-traversal
    git.Repo(untrusted())  # expect: path-traversal


def sinks_of_repo(repo: git.Repo):
    repo.clone(untrusted())  # expect: path-traversal
    repo.create_remote(None, untrusted())  # expect: server-side-request-forgery


def sinks_of_git_2(the_git: git.Git):
    the_git.execute(untrusted())  # expect: argument-injection, command-injection
    the_git.execute([untrusted()])  # expect: argument-injection
    the_git.clone(untrusted())  # expect: argument-injection


def sinks_of_sh():
    sh.bash("-c", untrusted())  # expect: command-injection
    sh.Command(untrusted())  # expect: command-injection
    sh.anything(untrusted())  # expect: argument-injection


def sinks_of_plumbum():
    plumbum.local.get(untrusted())  # expect: command-injection


def sinks_of_local_command(local_command: plumbum.machines.local.LocalCommand):
    local_command(untrusted())  # expect: argument-injection


def sinks_of_pexpect():
    pexpect.run(untrusted())  # expect: command-injection
    pexpect.spawn(untrusted())  # expect: command-injection


def sinks_of_spawn(spawn: pexpect.spawn):
    spawn.sendline(untrusted())  # expect: command-injection


def sinks_of_connection(connection: fabric.Connection):
    connection.run(untrusted())  # expect: command-injection


def sinks_of_context(context: invoke.Context):
    context.run(untrusted())  # expect: command-injection


def sinks_of_invoke():
    invoke.run(untrusted())  # expect: command-injection


def sinks_of_fabric_api():
    fabric.api.run(untrusted())  # expect: command-injection


def sinks_of_docker_client(docker_client: docker.DockerClient):
    docker_client.containers.run(None, untrusted())  # expect: argument-injection, command-injection
    docker_client.containers.run(None, [untrusted()])  # expect: argument-injection


def sinks_of_container(container: docker.models.containers.Container):
    container.exec_run(untrusted())  # expect: argument-injection, command-injection
    container.exec_run([untrusted()])  # expect: argument-injection


def sinks_of_apiclient(apiclient: docker.APIClient):
    apiclient.exec_create(None, untrusted())  # expect: argument-injection, command-injection
    apiclient.exec_create(None, [untrusted()])  # expect: argument-injection
    apiclient.create_container(None, untrusted())  # expect: argument-injection, command-injection
    apiclient.create_container(None, [untrusted()])  # expect: argument-injection


def sources_of_spawn(spawn: pexpect.spawn):
    eval(spawn.before)  # expect: code-injection


def sources_of_container(container: docker.models.containers.Container):
    eval(container.logs())  # expect: code-injection


def sources_of_invoke():
    @invoke.task
    def on_task_4(first, second):
        eval(second)  # expect: code-injection


def sources_of_invoke_2():
    @invoke.task()
    def on_task_5(first, second):
        eval(second)  # expect: code-injection


def entries_of_invoke():
    @invoke.task
    def on_task_6():
        return ""


def entries_of_invoke_2():
    @invoke.task()
    def on_task_7():
        return ""


def entries_of_fabric():
    @fabric.task
    def on_task_8():
        return ""


def decorator_of_invoke():
    @invoke.task
    def kept_by_task(text):
        eval(text)  # expect: code-injection

    kept_by_task(untrusted())


def decorator_of_invoke_2():
    @invoke.task()
    def kept_by_task_2(text):
        eval(text)  # expect: code-injection

    kept_by_task_2(untrusted())


def decorator_of_fabric():
    @fabric.task
    def kept_by_task_3(text):
        eval(text)  # expect: code-injection

    kept_by_task_3(untrusted())


def settings_of_docker():
    docker.tls.TLSConfig(verify=False)  # expect: tls-verification-disabled
