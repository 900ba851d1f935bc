import unittest

from netkeeper import objects
from netkeeper.db import api as db_api
from netkeeper.objects import base
from tests import helpers


class NetworkTest(unittest.TestCase):
    def setUp(self):
        db_api.configure("sqlite://")

    def test_create_and_get(self):
        networks = helpers.get_list_of_random_networks()
        with db_api.session_scope() as session:
            made = [network.create(session) for network in networks]
            found = objects.Network.get_objects(session, project_id="p")
        self.assertEqual(len(made), len(found))

    def test_update_counts_revisions(self):
        with db_api.session_scope() as session:
            network = helpers.random_network().create(session)
            network.set("name", "renamed")
            network.update(session)
            self.assertEqual("renamed", objects.Network.get_object(session, id=network.get("id")).get("name"))

    def test_delete_objects(self):
        with db_api.session_scope() as session:
            helpers.random_network().create(session)
            self.assertEqual(1, objects.Network.delete_objects(session, project_id="p"))

    def test_primitive(self):
        network = helpers.random_network()
        copy = base.obj_from_primitive(network.obj_to_primitive())
        self.assertEqual(network.to_dict(), copy.to_dict())
