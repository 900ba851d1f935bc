import socket


def greet(peer: socket.socket):
    template = peer.recv(63).decode()
    return template.format(peer)  # expect: format-string


def greet_fixed(peer: socket.socket):
    name = peer.recv(63).decode()
    return "hello {}".format(name)
