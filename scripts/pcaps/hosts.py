"""The hosts of record-pcaps.sh: each role is real sockets in its own network namespace (Python 3.9+, standard library only).

  hosts.py gateway                DNS (UDP 53) and DHCP (UDP 67), as an office router offers them
  hosts.py internet CERT          HTTP 80, HTTPS 443 (paced by the path: /BYTES/BYTES_PER_SECOND), uploads, RTP echo 5004, NTP 123
  hosts.py printer                announces itself by mDNS over IPv4 and IPv6
  hosts.py office                 24 s at a desk: the schedule below
  hosts.py fetch HOST N           one plain HTTP download of N bytes
  hosts.py datagram HOST N        one UDP datagram of N bytes to the discard port
"""
import contextlib
import http.client
import http.server
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

SEGMENT = 1448  # TCP payload of a 1500-byte MTU with timestamps: paced senders write whole segments
NAMES = {
    'www.example.com': ('203.0.113.10', None),
    'cdn.example.net': ('203.0.113.80', '2001:db8:80::10'),
    'voice.example.org': ('198.51.100.60', None),
    'time.example.org': ('192.0.2.123', None),
    'files.office.example': ('10.0.0.5', None),
}


# ---- DNS, RFC 1035 ----------------------------------------------------------------------------------------------------

def dns_name(name):
    return b''.join(bytes([len(label)]) + label.encode() for label in name.split('.')) + b'\0'


def dns_query(server, name, qtype):
    """Asks as a stub resolver does and returns the address, or None where there is no record of that type."""
    family = socket.AF_INET6 if ':' in server else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.settimeout(2)
        s.sendto(os.urandom(2) + struct.pack('!5H', 0x0100, 1, 0, 0, 0) + dns_name(name) + struct.pack('!2H', qtype, 1), (server, 53))
        answer = s.recv(512)
    if struct.unpack('!H', answer[6:8])[0] == 0:
        return None
    return socket.inet_ntop(socket.AF_INET6, answer[-16:]) if qtype == 28 else socket.inet_ntop(socket.AF_INET, answer[-4:])


def serve_dns(s):
    while True:
        query, client = s.recvfrom(512)
        end = query.index(b'\0', 12) + 1
        name, at = [], 12
        while query[at]:
            name.append(query[at + 1:at + 1 + query[at]].decode())
            at += 1 + query[at]
        qtype = struct.unpack('!H', query[end:end + 2])[0]
        v4, v6 = NAMES.get('.'.join(name), (None, None))
        address = socket.inet_pton(socket.AF_INET, v4) if qtype == 1 and v4 else socket.inet_pton(socket.AF_INET6, v6) if qtype == 28 and v6 else None
        record = b'\xc0\x0c' + struct.pack('!2HIH', qtype, 1, 300, len(address)) + address if address else b''
        s.sendto(query[:2] + struct.pack('!5H', 0x8180, 1, 1 if record else 0, 0, 0) + query[12:end + 4] + record, client)


# ---- DHCP, RFC 2131: the request of a client that rebinds, which is the one DHCP message a host with an address broadcasts --------

def dhcp(op, address, options):
    mac = bytes.fromhex('0200c0a80114')
    return (struct.pack('!4BI2H', op, 1, 6, 0, 0x6e6b0001, 0, 0) + (socket.inet_aton(address) if op == 1 else bytes(4))
            + (socket.inet_aton(address) if op == 2 else bytes(4)) + bytes(8) + mac + bytes(10 + 64 + 128) + b'\x63\x82\x53\x63' + options + b'\xff')


def serve_dhcp(s):
    while True:
        _, client = s.recvfrom(1500)
        options = b'\x35\x01\x05' + b'\x36\x04' + socket.inet_aton('192.168.1.1') + b'\x33\x04' + struct.pack('!I', 86400)
        s.sendto(dhcp(2, client[0], options), client)


# ---- servers ----------------------------------------------------------------------------------------------------------

def udp(address, port, family=socket.AF_INET):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.bind((address, port))
    return s


def echo(s, answer=lambda data: data):
    while True:
        data, client = s.recvfrom(2048)
        s.sendto(answer(data), client)


def paced(write, size, rate):
    """Writes `size` bytes in whole segments at `rate` bytes a second (0: as fast as TCP takes them)."""
    start, sent = time.monotonic(), 0
    while sent < size:
        chunk = min(2 * SEGMENT, size - sent)
        write(bytes(i % 251 for i in range(sent, sent + chunk)))
        sent += chunk
        if rate:
            time.sleep(max(0, start + sent / rate - time.monotonic()))


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    server_version, sys_version = 'office', ''

    def do_GET(self):
        size, rate = (int(x) for x in self.path.strip('/').split('/'))
        self.send_response(200)
        self.send_header('Content-Type', 'application/octet-stream')
        self.send_header('Content-Length', str(size))
        self.end_headers()
        paced(self.wfile.write, size, rate)

    def do_PUT(self):
        left = int(self.headers['Content-Length'])
        while left > 0:
            left -= len(self.rfile.read1(min(left, 65536)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class DualStack(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
    daemon_threads = True


def gateway():
    for s in (udp('', 53), udp('::', 53, socket.AF_INET6)):
        threading.Thread(target=serve_dns, args=(s,), daemon=True).start()
    serve_dhcp(udp('', 67))


def internet(certificate):
    voice = udp('198.51.100.60', 5004)
    clock = udp('192.0.2.123', 123)
    threading.Thread(target=echo, args=(voice,), daemon=True).start()
    threading.Thread(target=echo, args=(clock, lambda request: b'\x24\x02' + request[2:]), daemon=True).start()
    secure = DualStack(('::', 443), Web)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    threading.Thread(target=secure.serve_forever, daemon=True).start()
    web()


def web():
    DualStack(('::', 80), Web).serve_forever()


# ---- clients ----------------------------------------------------------------------------------------------------------

def fetch(host, address, size, rate=0, tls=False):
    port = 443 if tls else 80
    connection = http.client.HTTPConnection(host, port, timeout=15)
    connection.sock = socket.create_connection((address, port), 15)
    if tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the server's certificate lives as long as the recording
        connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
    connection.request('GET', f'/{size}/{rate}')
    body = connection.getresponse().read()
    connection.close()
    if len(body) != size:
        raise SystemExit(f'{host}: {len(body)} of {size} bytes')


def upload(host, address, size, rate):
    s = socket.create_connection((address, 80), 15)
    s.sendall(f'PUT /report.odt HTTP/1.1\r\nHost: {host}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n'.encode())
    paced(s.sendall, size, rate)
    s.recv(4096)
    s.close()


def call(address, seconds):
    """A voice call: G.729 has 20 bytes of speech in each RTP packet (RFC 3550), 50 packets a second; the far end echoes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setblocking(False)
        start = time.monotonic()
        for n in range(seconds * 50):
            time.sleep(max(0, start + n / 50 - time.monotonic()))
            s.sendto(struct.pack('!2BH2I', 0x80, 18, n, n * 160, 0x6e6b) + bytes(20), (address, 5004))
            with contextlib.suppress(BlockingIOError):
                s.recv(2048)
        time.sleep(0.1)


def send(destination, payload):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        s.sendto(payload, destination)


def rebind():
    with udp('', 68) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        s.settimeout(2)
        s.sendto(dhcp(1, '192.168.1.20', b'\x35\x01\x03' + b'\x0c\x07desk-20'), ('255.255.255.255', 67))
        s.recv(1500)


def at_times(schedule):
    """Runs each (second, function, arguments) in a thread of its own at its second; waits for all."""
    start, threads, failures = time.monotonic(), [], []

    def guarded(function, arguments):
        try:
            function(*arguments)
        except BaseException as error:  # a thread's error must fail the recording, not be lost
            failures.append(f'{function.__name__}{arguments}: {error!r}')

    for second, function, *arguments in schedule:
        time.sleep(max(0, start + second - time.monotonic()))
        threads.append(threading.Thread(target=guarded, args=(function, arguments)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit('\n'.join(failures))


def browse(name, size, rate, tls=False, server='192.168.1.1'):
    """A download as a browser starts it: both address records first, IPv6 if there is one (RFC 6724)."""
    addresses = [dns_query(server, name, 28), dns_query(server, name, 1)]
    fetch(name, next(a for a in addresses if a), size, rate, tls)


def save(name, size, rate):
    upload(name, dns_query('192.168.1.1', name, 1), size, rate)


def talk(name, seconds):
    call(dns_query('192.168.1.1', name, 1), seconds)


def ask_time(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(2)
        s.sendto(b'\x23' + bytes(47), (dns_query('fd00::1', name, 1), 123))
        s.recv(512)


def ping(*arguments):
    subprocess.run(['ping', '-q', '-n', *arguments], check=True, stdout=subprocess.DEVNULL)


def office():
    ssdp = b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n'
    coded = bytes(ord('A') + nibble for byte in b'FILES'.ljust(15) + b' ' for nibble in (byte >> 4, byte & 15))  # RFC 1001 §14.1
    netbios = struct.pack('!6H', 0x6e6b, 0x0110, 1, 0, 0, 0) + b'\x20' + coded + b'\0' + struct.pack('!2H', 0x20, 1)
    at_times([
        # 0-5 s: a page and a video that streams at 160 kbit/s
        (0.0, browse, 'www.example.com', 30_000, 0),
        (0.4, browse, 'cdn.example.net', 75_000, 20_000, True),
        (1.0, ping, '-c', '6', '-i', '0.5', '203.0.113.10'),
        (2.2, send, ('239.255.255.250', 1900), ssdp),
        (3.1, send, ('192.168.1.255', 137), netbios),
        # 5-10 s: a call, and a slow download beside it
        (5.0, talk, 'voice.example.org', 4),
        (5.5, browse, 'www.example.com', 12_000, 3_000),
        # 10-15 s: nothing at all, so that one window is idle
        # 15-20 s: a document goes to the file server
        (15.3, save, 'files.office.example', 60_000, 20_000),
        (16.0, ping, '-6', '-c', '4', '-i', '0.5', '2001:db8:80::10'),
        (18.9, rebind),
        # 20-24 s: the end of the day
        (20.2, browse, 'cdn.example.net', 15_000, 0, False, 'fd00::1'),
        (21.0, ask_time, 'time.example.org'),
        (22.5, ping, '-c', '2', '-i', '0.5', '192.168.1.1'),
    ])


def printer():
    """mDNS (RFC 6762) announcement of an IPP printer: one PTR record, to both multicast groups."""
    service = dns_name('_ipp._tcp.local')
    instance = b'\x07Printer\xc0\x0c'
    message = struct.pack('!6H', 0, 0x8400, 0, 1, 0, 0) + service + struct.pack('!2HIH', 12, 1, 4500, len(instance)) + instance
    v4, v6 = udp('192.168.1.40', 5353), udp('::', 5353, socket.AF_INET6)
    v4.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
    v6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    group6 = ('ff02::fb', 5353, 0, socket.if_nametoindex('eth0'))

    def announce():
        v4.sendto(message, ('224.0.0.251', 5353))
        v6.sendto(message, group6)

    at_times([(second, announce) for second in (1.5, 2.5, 6.5, 17.0, 21.5)])


if __name__ == '__main__':
    role, *arguments = sys.argv[1:]
    if role == 'fetch':
        fetch(arguments[0], arguments[0], int(arguments[1]))
    elif role == 'datagram':
        send((arguments[0], 9), bytes(int(arguments[1])))
    else:
        {'gateway': gateway, 'internet': internet, 'web': web, 'printer': printer, 'office': office}[role](*arguments)
