"""Two hosts that talk over TCP in every way that an analysis has a word for.

tcp-hosts.py server: port 5000 of 10.99.0.1 and fd99::1; the first byte of a connection says what to do.
tcp-hosts.py client STORY...: one connection after the other, see STORIES.
"""
import socket
import struct
import sys
import threading
import time

PORT = 5000
DOWNLOAD = 120_000
UPLOAD = 60_000
ABORT = struct.pack('ii', 1, 0)  # SO_LINGER of no time: close sends RST


def serve(family, address):
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, PORT))
    listener.listen(50)
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def answer(connection):
    try:
        story = connection.recv(1)
        if story == b'D':
            connection.sendall(b'x' * DOWNLOAD)
        elif story == b'S':  # reads late: the window closes
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            time.sleep(1.5)
            drain(connection)
        elif story == b'R':
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            time.sleep(0.05)
        elif story == b'I':
            time.sleep(3.5)
        else:
            drain(connection)
        connection.close()
    except OSError:
        pass


def drain(connection):
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass


def connect(port=PORT, source=None, family=socket.AF_INET, address='10.99.0.1'):
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if source is not None:
        connection.bind(('10.99.0.2', source))
    connection.settimeout(20)
    connection.connect((address, port))
    return connection


def ask(connection, first, rest=b''):
    connection.sendall(first + rest)
    drain(connection)
    connection.close()


def upload(first, pause=0.0):
    connection = connect()
    connection.sendall(first)
    time.sleep(pause)
    connection.sendall(b'y' * UPLOAD)
    connection.shutdown(socket.SHUT_WR)
    drain(connection)
    connection.close()


def idle():
    connection = connect()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    ask(connection, b'I')


def abort():
    connection = connect()
    connection.sendall(b'U')
    time.sleep(0.05)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    connection.close()


def reuse():
    for _ in range(2):
        ask(connect(source=40444), b'R')
        time.sleep(0.1)


STORIES = {
    'download': lambda: ask(connect(), b'D'),
    'download6': lambda: ask(connect(family=socket.AF_INET6, address='fd99::1'), b'D'),
    'upload': lambda: upload(b'U'),
    'slow': lambda: upload(b'S', pause=0.2),
    'idle': idle,
    'reset': lambda: ask(connect(), b'R'),
    'abort': abort,
    'refused': lambda: connect(port=5001),
    'reuse': reuse,
}

if sys.argv[1] == 'server':
    threading.Thread(target=serve, args=(socket.AF_INET6, 'fd99::1'), daemon=True).start()
    serve(socket.AF_INET, '10.99.0.1')
for story in sys.argv[2:]:
    try:
        STORIES[story]()
    except OSError:
        pass
