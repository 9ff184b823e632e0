import { describe, expect, test } from 'vitest'
import { lastWords, recognizeSaying } from '../../src/node/capture-errors.ts'

/** Recorded: TShark and Dumpcap 4.0.17, tcpdump 4.99.3 with libpcap 1.10.3, dash 0.5.12, OpenSSH 9.2, sudo 1.9.13. */
const DEBIAN_PERMISSION = `Please check to make sure you have sufficient permissions.

On Debian and Debian derivatives such as Ubuntu, if you have installed Wireshark from a package, try running

    sudo dpkg-reconfigure wireshark-common

selecting "<Yes>" in response to the question

    Should non-superusers be able to capture packets?

adding yourself to the "wireshark" group by running`

const recorded: [kind: string, message: string, stderr: string][] = [
  [
    'no-such-interface',
    "there is no interface 'nosuch0'",
    'Capturing on \'nosuch0\'\ndumpcap: There is no device named "nosuch0".\n(No such device exists)\n',
  ],
  [
    'no-such-interface',
    "there is no interface 'nosuch0'",
    'tcpdump: nosuch0: No such device exists\n(No such device exists)\n',
  ],
  [
    'no-such-interface',
    "there is no interface 'nosuch0'",
    'dumpcap: The capabilities of the capture device "nosuch0" could not be obtained (pcap_activate() failed: No such device exists).\n',
  ],
  [
    'interface-down',
    "interface 'dn0' is down",
    'Running as user "root" and group "root". This could be dangerous.\nCapturing on \'dn0\'\ntshark: Device "dn0" is not up.\n(That device is not up)\n\ntshark: \n0 packets captured\n',
  ],
  ['interface-down', "interface 'dn0' is down", 'tcpdump: dn0: That device is not up\n'],
  [
    'interface-down',
    "interface 'dn0' is down",
    'dumpcap: The capabilities of the capture device "dn0" could not be obtained (pcap_activate() failed: That device is not up).\n',
  ],
  [
    'no-permission',
    'no permission to capture on va',
    `Capturing on 'va'\ndumpcap: You do not have permission to capture on device "va".\n(socket: Operation not permitted)\n${DEBIAN_PERMISSION}`,
  ],
  [
    'no-permission',
    'no permission to capture on va',
    "tcpdump: va: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n",
  ],
  [
    'no-permission',
    'no permission to capture on va',
    `dumpcap: The capabilities of the capture device "va" could not be obtained (pcap_activate() failed: socket: Operation not permitted).\n${DEBIAN_PERMISSION}`,
  ],
  [
    'tool-not-executable',
    'this user may not run /usr/bin/dumpcap',
    "tshark: Couldn't run /usr/bin/dumpcap in child process: Permission denied\n",
  ],
  [
    'tool-not-executable',
    'this user may not run /opt/dumpcap',
    'netkit-capture: 4: exec: /opt/dumpcap: Permission denied\n',
  ],
  [
    'tool-needs-capabilities',
    '/usr/bin/dumpcap asks for rights (NET_RAW, NET_ADMIN) that cannot be had here',
    "tshark: Couldn't run /usr/bin/dumpcap in child process: Operation not permitted\n",
  ],
  ['tool-missing', '/opt/dumpcap is not installed', 'netkit-capture: 4: exec: /opt/dumpcap: not found\n'],
  [
    'bad-filter',
    "invalid capture filter 'tcp prot 80': can't parse filter expression: syntax error",
    "Capturing on 'va'\ndumpcap: Invalid capture filter \"tcp prot 80\" for interface 'va'.\n\nThat string isn't a valid capture filter (can't parse filter expression: syntax error).\nSee the User's Guide for a description of the capture filter syntax.\n",
  ],
  [
    'bad-filter',
    "invalid capture filter 'tcp.port==80': can't parse filter expression: syntax error",
    "tshark: Invalid capture filter \"tcp.port==80\" for interface 'va'.\n\nThat string looks like a valid display filter; however, it isn't a valid\ncapture filter (can't parse filter expression: syntax error).\n\nNote that display filters and capture filters don't have the same syntax,\nso you can't use most display filter expressions as capture filters.\n",
  ],
  [
    'bad-filter',
    "invalid capture filter: can't parse filter expression: syntax error",
    "tcpdump: can't parse filter expression: syntax error\n",
  ],
  [
    'interface-removed',
    "interface 'dd0' disappeared; what came before is complete",
    'Capturing on \'dd0\'\nFile: -\ndumpcap: The network adapter "dd0" is no longer attached; the capture has stopped.\nPackets captured: 10\n',
  ],
  [
    'interface-removed',
    'the interface disappeared; what came before is complete',
    'tcpdump: pcap_loop: The interface disappeared\n10 packets captured\n',
  ],
  [
    'not-supported',
    "interface 'va' has no monitor mode",
    "Capturing on 'va'\ndumpcap: Capturing in monitor mode is not supported on device \"va\".\n(That device doesn't support monitor mode)\n",
  ],
  [
    'not-supported',
    'link type: The specified data link type "NOPE" isn\'t valid',
    'dumpcap: The specified data link type "NOPE" isn\'t valid\n',
  ],
  [
    'open-failed',
    "cannot capture on bluetooth-monitor: pcap_activate() failed: Can't create raw socket: Address family not supported by protocol",
    'dumpcap: The capabilities of the capture device "bluetooth-monitor" could not be obtained (pcap_activate() failed: Can\'t create raw socket: Address family not supported by protocol).\nPlease check that you have the proper interface or pipe specified.\n',
  ],
  ['sudo-password', 'sudo asks for a password and has no terminal to ask on', 'sudo: a password is required\n'],
  [
    'ssh-failed',
    'ssh: connect to host 192.0.2.9 port 22: Connection refused',
    'ssh: connect to host 192.0.2.9 port 22: Connection refused\r\n',
  ],
  [
    'ssh-failed',
    'root@192.0.2.9: Permission denied (publickey,password)',
    'Warning: Permanently added 192.0.2.9 (ED25519) to the list of known hosts.\r\nroot@192.0.2.9: Permission denied (publickey,password).\r\n',
  ],
  ['ssh-failed', 'Host key verification failed', 'Host key verification failed.\r\n'],
  [
    'tool-failed',
    'dumpcap died: Killed',
    'tshark: Child dumpcap process died: Killed\ntshark: \n10 packets captured\n',
  ],
]

test.each(recorded)('%s: %s', (kind, message, stderr) => {
  expect(recognizeSaying(stderr)).toMatchObject({ kind, message })
})

describe('nothing is wrong', () => {
  test.each([
    "Capturing on 'va'\nFile: -\nPackets captured: 5\nPackets received/dropped on interface 'va': 5/0 (pcap:0/dumpcap:0/flushed:0/ps_ifdrop:0) (100.0%)\n",
    'Running as user "root" and group "root". This could be dangerous.\nCapturing on \'va\'\n ** (tshark:1) 13:58:06.240596 [Main MESSAGE] -- Capture started.\n ** (tshark:1) 13:58:06.240660 [Main MESSAGE] -- File: "-"\ntshark: \n5 packets captured\n',
    'tcpdump: listening on lo, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n5 packets captured\n5 packets received by filter\n0 packets dropped by kernel\n',
    // A container without NET_ADMIN, where the capture works.
    'tshark: cap_set_proc() fail return: Operation not permitted\ntshark: \n5 packets captured\n7 packets dropped from va\n',
    // Another user, with HOME of root.
    "tshark: You don't have permission to read the file \"/root/.config/wireshark/hosts\".\ntshark: Error loading table 'DNS Servers': Permission denied\n",
  ])('%#', (stderr) => {
    expect([recognizeSaying(stderr), lastWords(stderr)]).toEqual([null, null])
  })
})

test('unknown words are passed on, without the name of the program', () => {
  expect(lastWords("Capturing on 'va'\ndumpcap: The moon is in the wrong phase.\nPackets captured: 0\n")).toBe(
    'The moon is in the wrong phase.',
  )
})
