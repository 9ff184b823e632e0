"""One end of a tunnel: what the kernel sends into a TUN or TAP device leaves with an outer header, and the other way round.

  tunnel.py gre|ipip|6in4|geneve DEVICE LOCAL REMOTE      a layer 3 device (geneve: an Ethernet device) between two IPv4 addresses
  tunnel.py vlan|qinq DEVICE INTERFACE                    an Ethernet device whose frames carry tags on INTERFACE

A kernel has devices for all of these, but not every kernel is built with them; TUN is everywhere. The traffic inside is the kernel's own.
Linux, root, Python 3.9+, standard library only. Runs until it is ended.
"""
import errno
import fcntl
import os
import select
import socket
import struct
import sys

TUNSETIFF, IFF_TUN, IFF_TAP, IFF_NO_PI = 0x400454CA, 1, 2, 0x1000
SOL_PACKET, PACKET_AUXDATA, PACKET_OUTGOING = 263, 8, 4
TP_STATUS_VLAN_VALID = 16
GENEVE_PORT, GENEVE_VNI = 6081, 0x1234
MOST = 65535
# What the two ends meet while only one of them is there: our device is not up yet, or the far host refuses what nobody there takes.
NOT_YET = {errno.EIO, errno.ENOPROTOOPT, errno.ECONNREFUSED, errno.EHOSTUNREACH}


def open_device(name, mode):
    fd = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack('16sH', name.encode(), mode | IFF_NO_PI))
    return fd


class RawIp:
    """GRE (RFC 2784), IPv4 in IPv4 (RFC 2003), IPv6 in IPv4 (RFC 4213): the kernel writes the outer IPv4 header."""
    mode = IFF_TUN

    def __init__(self, kind, local, remote):
        self.gre = kind == 'gre'
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, {'gre': 47, 'ipip': 4, '6in4': 41}[kind])
        self.socket.bind((local, 0))
        self.socket.connect((remote, 0))
        self.version = {'ipip': 4, '6in4': 6}.get(kind)

    def send(self, packet):
        version = packet[0] >> 4
        if self.gre:
            packet = struct.pack('!2H', 0, 0x86DD if version == 6 else 0x0800) + packet
        elif version != self.version:
            return  # this tunnel carries one IP version
        self.socket.send(packet)

    def receive(self):
        packet = self.socket.recv(MOST)
        return packet[(packet[0] & 15) * 4 + (4 if self.gre else 0):]


class Geneve:
    """RFC 8926 without options."""
    mode = IFF_TAP

    def __init__(self, _kind, local, remote):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((local, GENEVE_PORT))
        self.sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sender.connect((remote, GENEVE_PORT))

    def send(self, frame):
        self.sender.send(struct.pack('!2HI', 0, 0x6558, GENEVE_VNI << 8) + frame)

    def receive(self):
        return self.socket.recv(MOST)[8:]


class Vlan:
    """802.1Q tag 10, under an 802.1ad tag 100 for qinq. The kernel takes the outer tag off before a packet socket sees the frame."""
    mode = IFF_TAP

    def __init__(self, kind, interface):
        tags = [(0x8100, 10)] if kind == 'vlan' else [(0x88A8, 100), (0x8100, 10)]
        self.tags = b''.join(struct.pack('!2H', *tag) for tag in tags)
        self.outer, self.inner = tags[0], self.tags[4:]
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self.socket.bind((interface, 0))

    def send(self, frame):
        self.socket.send(frame[:12] + self.tags + frame[12:])

    def receive(self):
        frame, ancillary, _, address = self.socket.recvmsg(MOST, 256)
        if address[2] == PACKET_OUTGOING:
            return None
        for _, _, data in ancillary:
            status, _, _, _, _, tci, tpid = struct.unpack('3I4H', data[:20])
            if status & TP_STATUS_VLAN_VALID and (tpid, tci & 0xFFF) == self.outer and frame[12:].startswith(self.inner):
                return frame[:12] + frame[12 + len(self.inner):]
        return None


def main(kind, device, *ends):
    tunnel = {'geneve': Geneve, 'vlan': Vlan, 'qinq': Vlan}.get(kind, RawIp)(kind, *ends)
    fd = open_device(device, tunnel.mode)
    while True:
        for ready in select.select([fd, tunnel.socket], [], [])[0]:
            try:
                if ready is fd:
                    tunnel.send(os.read(fd, MOST))
                elif packet := tunnel.receive():
                    os.write(fd, packet)
            except OSError as error:
                if error.errno not in NOT_YET:
                    raise


if __name__ == '__main__':
    main(*sys.argv[1:])
