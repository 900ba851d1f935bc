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
import pexpect.popen_spawn
import pexpect.pxssh
import pexpect.replwrap
import plumbum
import plumbum.machines.local
import plumbum.machines.session
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
    docker_client.containers.run(None, ["cat", untrusted()])  # expect: argument-injection


def sinks_of_container(container: docker.models.containers.Container):
    container.exec_run(untrusted())  # expect: argument-injection, command-injection
    container.exec_run(["cat", untrusted()])  # expect: argument-injection


def sinks_of_apiclient(apiclient: docker.APIClient):
    apiclient.exec_create(None, untrusted())  # expect: argument-injection, command-injection
    apiclient.exec_create(None, ["cat", untrusted()])  # expect: argument-injection
    apiclient.create_container(None, untrusted())  # expect: argument-injection, command-injection
    apiclient.create_container(None, ["cat", untrusted()])  # expect: argument-injection


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


def more_classes():
    return [
        git.Remote,
        git.Submodule,
        pexpect.popen_spawn.PopenSpawn,
        pexpect.replwrap.REPLWrapper,
        fabric.Group,
        plumbum.machines.session.ShellSession,
        plumbum.SshMachine,
    ]


def more_types_of_repo(repo: git.Repo):
    repo.create_remote()
    repo.remotes[0]
    repo.submodules[0]


def types_of_pexpect_replwrap():
    pexpect.replwrap.bash()


def more_types_of_plumbum():
    plumbum.local.session()


def types_of_ssh_machine(ssh_machine: plumbum.SshMachine):
    ssh_machine.session()


def more_sinks_of_git():
    git.Repo.clone_from(multi_options=[untrusted()])  # expect: argument-injection
    git.Repo.clone_from(untrusted(), allow_unsafe_protocols=True)  # expect: argument-injection, command-injection, server-side-request-forgery
    git.Repo.init(untrusted())  # expect: path-traversal


def more_sinks_of_repo(repo: git.Repo):
    repo.clone(multi_options=[untrusted()])  # expect: argument-injection
    repo.create_submodule(url=untrusted())  # expect: server-side-request-forgery


def sinks_of_remote(remote: git.Remote):
    remote.set_url(untrusted())  # expect: server-side-request-forgery
    remote.add_url(untrusted())  # expect: server-side-request-forgery
    remote.set_url(untrusted(), allow_unsafe_protocols=True)  # expect: command-injection, server-side-request-forgery


def more_sinks_of_git_2(the_git: git.Git):
    the_git.ls_files(untrusted())  # expect: argument-injection


def more_sinks_of_sh():
    sh.anything.anything(untrusted())  # expect: argument-injection


def sinks_of_shell_session(shell_session: plumbum.machines.session.ShellSession):
    shell_session.run(untrusted())  # expect: command-injection


def more_sinks_of_plumbum():
    plumbum.SshMachine(untrusted())  # expect: server-side-request-forgery


def more_sinks_of_pexpect():
    pexpect.spawn(args=[untrusted()])  # expect: argument-injection


def sinks_of_pexpect_popen_spawn():
    pexpect.popen_spawn.PopenSpawn(untrusted())  # expect: command-injection


def sinks_of_pexpect_replwrap():
    pexpect.replwrap.REPLWrapper(untrusted())  # expect: command-injection


def sinks_of_replwrapper(replwrapper: pexpect.replwrap.REPLWrapper):
    replwrapper.run_command(untrusted())  # expect: command-injection


def more_sinks_of_spawn(spawn: pexpect.spawn):
    spawn.expect(untrusted())  # expect: regex-injection


def sinks_of_fabric():
    fabric.Connection(untrusted())  # expect: server-side-request-forgery


def sinks_of_group(group: fabric.Group):
    group.run(untrusted())  # expect: command-injection


def more_sinks_of_connection(connection: fabric.Connection):
    connection.put(untrusted())  # expect: path-traversal
    connection.get(local=untrusted())  # expect: path-traversal
    connection.prefix(untrusted())  # expect: command-injection
    connection.cd(untrusted())  # expect: command-injection


def more_sinks_of_context(context: invoke.Context):
    context.prefix(untrusted())  # expect: command-injection
    context.cd(untrusted())  # expect: command-injection


def more_sinks_of_docker_client(docker_client: docker.DockerClient):
    docker_client.images.build(path=untrusted())  # expect: path-traversal, server-side-request-forgery
    docker_client.services.create(command=untrusted())  # expect: command-injection
    docker_client.containers.run(command=(untrusted(),))  # expect: command-injection


def more_sinks_of_apiclient(apiclient: docker.APIClient):
    apiclient.build(untrusted())  # expect: path-traversal, server-side-request-forgery
    apiclient.exec_create(cmd=(untrusted(),))  # expect: command-injection
    apiclient.create_container(command=(untrusted(),))  # expect: command-injection


def more_sinks_of_container(container: docker.models.containers.Container):
    container.exec_run((untrusted(),))  # expect: command-injection


def more_sources_of_container(container: docker.models.containers.Container):
    eval(container.exec_run())  # expect: code-injection


def sources_of_replwrapper(replwrapper: pexpect.replwrap.REPLWrapper):
    eval(replwrapper.run_command())  # expect: code-injection


def settings_of_pexpect_pxssh():
    pexpect.pxssh.pxssh(options={"StrictHostKeyChecking": "no"})  # expect: ssh-host-key-unverified


def clones(repository: git.Repo):
    git.Repo.clone_from("https://git.example/x", "/srv/x", multi_options=["--depth=1"])
    repository.git.log("--", untrusted())
    repository.clone("/srv/x", multi_options=["--branch=" + untrusted()])


def sessions(the_session: plumbum.machines.session.ShellSession):
    the_session.run("uptime")


def shells_in_containers(docker_client: docker.DockerClient, container: docker.models.containers.Container):
    container.exec_run(["sh", "-c", untrusted()])  # expect: command-injection
    container.exec_run(["cat", "--", untrusted()])
    docker_client.containers.run("image", ["sh", "-c", untrusted()])  # expect: command-injection
    docker_client.containers.run("image", ["cat", "--", untrusted()])


def names_behind_the_options(repository: git.Repo):
    names = request.args.getlist("name")
    repository.git.add("--", *names)
    repository.git.add(*names)  # expect: argument-injection
