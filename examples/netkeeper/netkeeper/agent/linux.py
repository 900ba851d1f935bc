"""Commands on the host."""

import shlex
import subprocess


def execute(arguments):
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def shell(line):
    return subprocess.run(line, shell=True, check=False, capture_output=True, text=True).stdout


class Namespace:
    def __init__(self, name):
        self.name = name

    def _prefix(self):
        return "ip netns exec " + shlex.quote(self.name) + " "

    def ping(self, host):
        return shell(self._prefix() + "ping -c 1 " + host)

    def trace(self, host):
        return shell(self._prefix() + "traceroute " + shlex.quote(host))

    def set_up(self, device):
        return execute(["ip", "netns", "exec", self.name, "ip", "link", "set", "dev", device, "up"])

    def addresses(self):
        return shell("ip -brief address")


def capture(device, expression):
    return execute(["tcpdump", "-c", "10", "-i", device, expression])


def lookup(host):
    return execute(["dig", "+short", "--", host])
