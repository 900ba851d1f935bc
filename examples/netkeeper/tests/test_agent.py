import unittest
from unittest import mock

from netkeeper import exceptions, validators
from netkeeper.agent import linux


class LinuxTest(unittest.TestCase):
    def test_trace_quotes(self):
        with mock.patch.object(linux, "shell") as shell:
            linux.Namespace("ns").trace("a; b")
        shell.assert_called_once_with("ip netns exec ns traceroute 'a; b'")

    def test_hooks_are_limited(self):
        with self.assertRaises(exceptions.Invalid):
            validators.hook_url("https://evil.example/")
