"""A link that loses, delays, reorders and repeats frames, between two interfaces. For kernels without netem.

bad-link.py ONE OTHER LOSS DELAY JITTER REORDER REPEAT SEED: shares of frames from 0 to 1, times in seconds. The same seed makes the
same choices; what is sent when is up to both ends. Runs until it is ended.
"""
import heapq
import random
import select
import socket
import sys
import time

ETH_P_ALL = 3
OUTGOING = 4
# So much later than in order comes what is reordered.
LATE = 0.008

one, other = sys.argv[1:3]
loss, delay, jitter, reorder, repeat, seed = map(float, sys.argv[3:])
choice = random.Random(seed)


def open_interface(name):
    interface = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    interface.bind((name, ETH_P_ALL))
    interface.setblocking(False)
    return interface


def frames(interface):
    while True:
        try:
            frame, address = interface.recvfrom(65536)
        except OSError:  # nothing more for now, or the interface is not yet up
            return
        if address[2] != OUTGOING:
            yield frame


first, second = open_interface(one), open_interface(other)
behind = {first: second, second: first}
in_order = {first: 0.0, second: 0.0}
waiting = []
sent = 0
while True:
    timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else 1
    for interface in select.select([first, second], [], [], timeout)[0]:
        for frame in frames(interface):
            if choice.random() < loss:
                continue
            for _ in range(2 if choice.random() < repeat else 1):
                due = time.monotonic() + delay + choice.random() * jitter
                if choice.random() < reorder:
                    due += LATE
                else:
                    due = in_order[interface] = max(due, in_order[interface])
                sent += 1
                heapq.heappush(waiting, (due, sent, behind[interface], frame))
    while waiting and waiting[0][0] <= time.monotonic():
        _, _, interface, frame = heapq.heappop(waiting)
        try:
            interface.send(frame)
        except OSError:
            pass
