import socket
import sqlite3


def remove_user(peer: socket.socket):
    db = sqlite3.connect("users.db")
    name = peer.recv(63).decode()
    query = "DELETE FROM users WHERE name = '%s'" % name
    return db.execute(query)  # expect: sql-injection


def remove_bound(peer: socket.socket):
    db = sqlite3.connect("users.db")
    name = peer.recv(63).decode()
    return db.execute("DELETE FROM users WHERE name = ?", (name,))
