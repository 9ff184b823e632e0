"""strip-machine.py FILE...: rewrites pcapng captures without the names of the machine that recorded them.

dumpcap writes the processor's model and the kernel's release into the section header, and the release again into each interface; neither
belongs in a repository. Nothing else changes: every packet block is copied byte for byte. Little-endian files, as this kind of machine writes.
"""
import struct
import sys

SECTION, INTERFACE = 0x0A0D0D0A, 1
# (block type, option code) → what stands there instead; None: the option goes. draft-ietf-opsawg-pcapng: shb_hardware 2, shb_os 3, if_os 12.
REPLACED = {(SECTION, 2): None, (SECTION, 3): b'Linux', (INTERFACE, 12): b'Linux'}
FIXED = {SECTION: 16, INTERFACE: 8}


def padded(data):
    return data + bytes(-len(data) % 4)


def strip_options(kind, options):
    out, at = b'', 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from('<2H', options, at)
        value = options[at + 4:at + 4 + length]
        at += 4 + length + -length % 4
        value = REPLACED.get((kind, code), value)
        if value is not None:
            out += struct.pack('<2H', code, len(value)) + padded(value)
    return out


def strip(data):
    out, at = b'', 0
    while at < len(data):
        kind, length = struct.unpack_from('<2I', data, at)
        block = data[at:at + length]
        if kind in FIXED:
            fixed = 8 + FIXED[kind]
            body = block[8:fixed] + strip_options(kind, block[fixed:-4])
            size = struct.pack('<I', len(body) + 12)
            block = block[:4] + size + body + size
        out += block
        at += length
    return out


for path in sys.argv[1:]:
    with open(path, 'rb') as file:
        data = file.read()
    if data[:4] == b'\x0a\x0d\x0d\x0a':
        with open(path, 'wb') as file:
            file.write(strip(data))
