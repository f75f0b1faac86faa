"""A server that speaks PostgreSQL's protocol and is one of long ago: strange_database.py SOCKET_FOLDER|CERTIFICATE KEY

On a socket in a folder it lets everybody in and says that it is version 12. With a certificate and its key it listens
on a port of 127.0.0.1 and wants TLS. Prints `ready` and the port.
"""
import os
import socket
import ssl
import struct
import sys


def message(kind, body):
    return kind + struct.pack("!i", len(body) + 4) + body


def text(*words):
    return b"".join(word.encode() + b"\0" for word in words)


def startup(connection):
    size, code = struct.unpack("!ii", connection.recv(8))
    if size > 8:
        connection.recv(size - 8)
    return code


def welcome(connection):
    settings = {"server_version": "12.22", "server_encoding": "UTF8", "client_encoding": "UTF8"}
    connection.sendall(
        message(b"R", struct.pack("!i", 0))
        + b"".join(message(b"S", text(*each)) for each in settings.items())
        + message(b"Z", b"I")
    )
    # libpq asks a server of this age whether it takes changes.
    while (kind := connection.recv(1)) == b"Q":
        connection.recv(struct.unpack("!i", connection.recv(4))[0] - 4)
        column = text("transaction_read_only") + struct.pack("!ihihih", 0, 0, 25, -1, -1, 0)
        connection.sendall(
            message(b"T", struct.pack("!h", 1) + column)
            + message(b"D", struct.pack("!hi", 1, 3) + b"off")
            + message(b"C", text("SHOW"))
            + message(b"Z", b"I")
        )


def main():
    if len(sys.argv) == 2:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.path.join(sys.argv[1], ".s.PGSQL.5432"))
        listener.listen()
        print("ready", flush=True)
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        print("ready", listener.getsockname()[1], flush=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*sys.argv[1:3])
    while True:
        connection, _ = listener.accept()
        with connection:
            code = startup(connection)
            if code == 80877103:  # a request for TLS
                connection.sendall(b"S")
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    pass
            else:
                welcome(connection)


main()
