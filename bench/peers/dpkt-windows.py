"""Bytes per pair and window of 5 s with dpkt, as one writes it in Python. Usage: python3 dpkt-windows.py FILE"""

import sys
from collections import defaultdict

import dpkt

path, window = sys.argv[1], 5
sums = defaultdict(int)
packets = 0
with open(path, "rb") as file:
    start = None
    for time, data in dpkt.pcap.Reader(file):
        if start is None:
            start = time
        packets += 1
        ip = dpkt.ethernet.Ethernet(data).data
        if isinstance(ip, dpkt.ip.IP):
            key = (int((time - start) / window), ip.src, ip.dst, ip.p)
        elif isinstance(ip, dpkt.ip6.IP6):
            key = (int((time - start) / window), ip.src, ip.dst, ip.nxt)
        else:
            continue
        sums[key] += len(data)
print(f"{packets} packets, {len(sums)} cells")
