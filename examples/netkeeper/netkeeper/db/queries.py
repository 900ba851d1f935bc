"""The few queries that are written by hand."""

from sqlalchemy import text

USAGE = "SELECT project_id, COUNT(*) FROM ports GROUP BY project_id"
ORDER = {"name": "name", "mtu": "mtu DESC"}


def usage(session):
    return session.execute(text(USAGE)).all()


def ports_of_device(session, device):
    statement = text("SELECT id, mac_address FROM ports WHERE device = :device")
    return session.execute(statement, {"device": device}).all()


def _condition(column, term):
    return "%s LIKE '%%%s%%'" % (column, term)


def search_statement(term, order):
    return "SELECT id, name FROM networks WHERE " + _condition("name", term) + " ORDER BY " + ORDER.get(order, "id")


def search_networks(session, term, order="name"):
    return session.execute(text(search_statement(term, order))).all()


def networks_by_mtu(session, mtu):
    return session.execute(text(f"SELECT id, name FROM networks WHERE mtu = {int(mtu)}")).all()
