"""Objects with random values."""

import random
import string

from netkeeper import objects

MAX_TRIES = 5


def random_name(length=8):
    return "".join(random.choice(string.ascii_lowercase) for _ in range(length))


def random_network():
    return objects.Network(project_id="p", name=random_name(), mtu=random.randint(1280, 9000))


def get_list_of_random_networks(num=10):
    """Networks whose names differ."""
    for _ in range(MAX_TRIES):
        networks = [random_network() for _ in range(num)]
        if len({network.get("name") for network in networks}) == num:
            return networks
    raise AssertionError("the names keep colliding")
