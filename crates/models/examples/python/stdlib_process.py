"""Processes: what starts one, what quotes for a shell, and what a program is given when it starts."""

import argparse
import asyncio
import asyncio.subprocess
import commands
import getopt
import optparse
import os
import pipes
import platform
import popen2
import pty
import shlex
import six.moves
import subprocess
import subprocess32
import sys

from flask import request


def untrusted():
    return request.args["data"]


def aliases():
    subprocess32
    six.moves.shlex_quote
    pipes.quote
    six.moves.getoutput
    commands.getoutput
    commands.getstatusoutput
    optparse.make_option


def classes():
    return [
        subprocess.Popen,
        subprocess.CompletedProcess,
        subprocess.SubprocessError,
        argparse.ArgumentParser,
        argparse.Namespace,
        optparse.OptionParser,
        optparse.Values,
        shlex.shlex,
        asyncio.subprocess.Process,
    ]


def types_of_subprocess():
    subprocess.run()
    subprocess.check_output()
    subprocess.getoutput()
    subprocess.getstatusoutput()
    subprocess.call()


def types_of_popen(popen: subprocess.Popen):
    popen.wait()
    popen.pid
    popen.communicate()
    popen.communicate()[0]
    popen.stdout
    popen.stdin


def types_of_completed_process(completed_process: subprocess.CompletedProcess):
    completed_process.stdout


def types_of_os():
    os.popen()
    os.system()


def types_of_platform():
    platform.popen()


def types_of_shlex():
    shlex.split()
    shlex.split()[0]
    shlex.quote()


def types_of_sys():
    sys.argv
    sys.argv[0]
    sys.executable
    sys.modules
    sys.modules[0]
    sys.exc_info()
    sys.exc_info()[0]
    sys.exc_info()[1]
    sys.exc_info()[2]
    sys.exception()
    sys._getframe()
    sys.stdin
    sys.stdout
    sys.getdefaultencoding()
    sys.getrecursionlimit()


def types_of_argument_parser(argument_parser: argparse.ArgumentParser):
    argument_parser.parse_args()
    argument_parser.parse_known_args()
    argument_parser.parse_known_args()[0]
    argument_parser.add_subparsers().add_parser()
    argument_parser.add_argument_group()


def types_of_option_parser(option_parser: optparse.OptionParser):
    option_parser.parse_args()
    option_parser.parse_args()[0]
    option_parser.parse_args()[1]
    option_parser.parse_args()[1][0]


def types_of_getopt():
    getopt.getopt()[1][0]
    getopt.getopt()[0][0][0]
    getopt.getopt()
    getopt.getopt()[0]


async def types_of_asyncio():
    (await asyncio.create_subprocess_exec())


async def types_of_asyncio_subprocess():
    (await asyncio.subprocess.create_subprocess_exec())


async def types_of_process(process: asyncio.subprocess.Process):
    (await process.communicate())
    (await process.communicate())[0]
    (await process.wait())


def sources_of_sys():
    eval(sys.argv[0])  # expect: code-injection
    eval(sys.stdin)  # expect: code-injection
    print(sys.exc_info()[1])
    print(sys.exception())


def sources_of_namespace(namespace: argparse.Namespace):
    eval(namespace.anything)  # expect: code-injection


def sources_of_argument_parser(argument_parser: argparse.ArgumentParser):
    eval(argument_parser.parse_known_args()[1][0])  # expect: code-injection


def sources_of_values(values: optparse.Values):
    eval(values.anything)  # expect: code-injection


def sources_of_option_parser(option_parser: optparse.OptionParser):
    eval(option_parser.parse_args()[1][0])  # expect: code-injection


def sources_of_getopt():
    eval(getopt.getopt()[0][0][1])  # expect: code-injection
    eval(getopt.getopt()[1][0])  # expect: code-injection


def sources_of_subprocess():
    eval(subprocess.check_output())  # expect: code-injection
    eval(subprocess.getstatusoutput()[1])  # expect: code-injection


def sources_of_popen(popen: subprocess.Popen):
    eval(popen.communicate()[0])  # expect: code-injection
    eval(popen.stdout)  # expect: code-injection


def sources_of_os():
    eval(os.popen())  # expect: code-injection


def sources_of_completed_process(completed_process: subprocess.CompletedProcess):
    eval(completed_process.stdout)  # expect: code-injection


def sources_of_subprocess_error(subprocess_error: subprocess.SubprocessError):
    print(subprocess_error.output)


async def sources_of_process(process: asyncio.subprocess.Process):
    eval((await process.communicate())[0])  # expect: code-injection


def sources_of_platform():
    eval(platform.node())  # expect: code-injection


def sinks_of_subprocess():
    subprocess.Popen(untrusted(), shell=True)  # expect: command-injection
    subprocess.Popen(untrusted(), shell=untrusted())  # expect: command-injection
    subprocess.Popen((untrusted(),))  # expect: command-injection
    subprocess.Popen([untrusted()])  # expect: command-injection
    subprocess.Popen(["ls", untrusted()])  # expect: argument-injection
    subprocess.Popen(executable=untrusted())  # expect: command-injection
    subprocess.Popen(cwd=untrusted())  # expect: path-traversal
    subprocess.getoutput(untrusted())  # expect: command-injection


def sinks_of_os():
    os.system(untrusted())  # expect: command-injection
    os.popen(untrusted())  # expect: command-injection
    os.popen2(untrusted())  # expect: command-injection
    os.startfile(untrusted())  # expect: command-injection
    os.execl(untrusted())  # expect: command-injection
    os.execl(None, untrusted())  # expect: argument-injection
    os.execv(untrusted())  # expect: command-injection
    os.execv(None, [untrusted()])  # expect: argument-injection
    os.spawnl(None, untrusted())  # expect: command-injection
    os.spawnl(None, None, untrusted())  # expect: argument-injection
    os.spawnv(None, untrusted())  # expect: command-injection
    os.spawnv(args=[untrusted()])  # expect: argument-injection
    os.posix_spawn(untrusted())  # expect: command-injection
    os.posix_spawn(None, [untrusted()])  # expect: argument-injection


def sinks_of_commands():
    commands.getstatus(untrusted())  # expect: command-injection


def sinks_of_popen2():
    popen2.popen2(untrusted())  # expect: command-injection


def sinks_of_platform():
    platform.popen(untrusted())  # expect: command-injection


def sinks_of_pty():
    pty.spawn((untrusted(),))  # expect: command-injection
    pty.spawn([untrusted()])  # expect: command-injection


def sinks_of_asyncio():
    asyncio.create_subprocess_shell(untrusted())  # expect: command-injection
    asyncio.create_subprocess_exec(untrusted())  # expect: command-injection
    asyncio.create_subprocess_exec(None, untrusted())  # expect: argument-injection


def sinks_of_asyncio_subprocess():
    asyncio.subprocess.create_subprocess_shell(untrusted())  # expect: command-injection
    asyncio.subprocess.create_subprocess_exec(untrusted())  # expect: command-injection
    asyncio.subprocess.create_subprocess_exec(None, untrusted())  # expect: argument-injection


def sinks_of_abstract_event_loop(abstract_event_loop: asyncio.AbstractEventLoop):
    abstract_event_loop.subprocess_shell(None, untrusted())  # expect: command-injection
    abstract_event_loop.subprocess_exec(None, untrusted())  # expect: command-injection
    abstract_event_loop.subprocess_exec(None, None, untrusted())  # expect: argument-injection


def sinks_of_pipes():
    pipes.Template().append(untrusted())  # expect: command-injection


def flows_of_shlex():
    eval(shlex.split(untrusted())[0])  # expect: code-injection
    eval(shlex.quote(untrusted()))  # expect: code-injection
    eval(shlex.join([untrusted()]))  # expect: code-injection
    eval(shlex.shlex(untrusted())[0])  # expect: code-injection


def flows_of_sys():
    eval(sys.intern(untrusted()))  # expect: code-injection


def flows_of_argument_parser(argument_parser: argparse.ArgumentParser):
    eval(argument_parser.add_argument(type=lambda: untrusted()))  # expect: code-injection


def flows_of_argparse():
    eval(argparse.Namespace(value=untrusted()))  # expect: code-injection


def barriers_of_shlex():
    os.system(shlex.quote(untrusted()))


def neutral_of_subprocess():
    eval(subprocess.Popen(untrusted()))  # expect: argument-injection, command-injection


def neutral_of_popen(popen: subprocess.Popen):
    eval(popen.communicate(untrusted()))


def neutral_of_os():
    eval(os.system(untrusted()))  # expect: command-injection


def neutral_of_asyncio():
    eval(asyncio.create_subprocess_exec(untrusted()))  # expect: command-injection


def neutral_of_sys():
    eval(sys.exit(untrusted()))


def neutral_of_platform():
    eval(platform.system(untrusted()))


def exits_of_sys():
    sys.exit()
    eval(untrusted())


def exits_of_os():
    os._exit()
    eval(untrusted())


def exits_of_builtins():
    exit()
    eval(untrusted())
