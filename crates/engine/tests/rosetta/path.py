import socket


def fetch(peer: socket.socket):
    name = peer.recv(63).decode()
    path = "/srv/files/%s" % name
    return open(path)  # expect: path-traversal


def fetch_checked(peer: socket.socket):
    name = peer.recv(63).decode()
    if name != "index":
        return None
    path = "/srv/files/%s" % name
    return open(path)
