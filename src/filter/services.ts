/**
 * Names of ports that a filter knows, with the transports that they are registered for: `port http` is TCP alone, as it is for
 * libpcap, which asks /etc/services. IANA Service Name and Transport Protocol Port Number Registry and common aliases, as Debian's
 * /etc/services (netbase 6.4) spells them; the usual ones.
 */
export type Transport = 'tcp' | 'udp' | 'sctp'

export interface Service {
  readonly port: number
  readonly transports: readonly Transport[]
}

const TCP_AND_UDP = `
  echo 7, discard 9, daytime 13, chargen 19, time 37, tacacs 49, domain 53, kerberos 88, kerberos5 88,
  portmapper 111, sunrpc 111, snmp 161, snmp-trap 162, snmptrap 162, cmip-man 163, rpc2portmap 369,
  codaauth2 370, ldap 389, svrloc 427, https 443, kpasswd 464, syslog 514, gdomap 538, rtsp 554, ldaps 636,
  tinc 655, domain-s 853, openvpn 1194, datametrics 1645, sa-msg-port 1646, radius 1812, radius-acct 1813,
  nfs 2049, gnunet 2086, rtcm-sc104 2101, venus 2430, venus-se 2431, codasrv 2432, codasrv-se 2433,
  mon 2583, isns 3205, nut 3493, sip 5060, sip-tls 5061, gnutella-svc 6346, gnutella-rtr 6347`

const TCP = `
  systat 11, netstat 15, qotd 17, ftp-data 20, ftp 21, ssh 22, telnet 23, mail 25, smtp 25, whois 43,
  gopher 70, finger 79, http 80, www 80, iso-tsap 102, acr-nema 104, pop-3 110, pop3 110, auth 113,
  nntp 119, epmap 135, loc-srv 135, netbios-ssn 139, imap 143, imap2 143, mailq 174, bgp 179, smux 199,
  qmtp 209, z3950 210, pawserv 345, zserv 346, snpp 444, microsoft-ds 445, submissions 465, saft 487,
  exec 512, login 513, shell 514, printer 515, uucp 540, klogin 543, kshell 544, afpovertcp 548,
  submission 587, nqs 607, qmqp 628, ipp 631, silc 706, rsync 873, ftps-data 989, ftps 990, telnets 992,
  imaps 993, pop3s 995, socks 1080, proofd 1093, rootd 1094, rmiregistry 1099, lotusnote 1352,
  ms-sql-s 1433, ingreslock 1524, kermit 1649, groupwise 1677, cisco-sccp 2000, gsigatekeeper 2119,
  gris 2135, cvspserver 2401, dict 2628, f5-globalsite 2792, gsiftp 2811, gpsd 2947, gds-db 3050,
  iscsi-target 3260, mysql 3306, ms-wbt-server 3389, distcc 3632, daap 3689, svn 3690, epmd 4369,
  remctl 4373, ntske 4460, radmin-port 4899, munin 4949, xmpp-client 5222, xmpp-server 5269, cfengine 5308,
  postgresql 5432, freeciv 5556, amqps 5671, x11 6000, redis 6379, sane-port 6566, http-alt 8080,
  puppet 8140, bacula-dir 9101, git 9418, webmin 10000, zabbix-agent 10050, zabbix-trapper 10051,
  nbd 10809`

const UDP = `
  fsp 21, bootps 67, bootpc 68, tftp 69, ntp 123, netbios-ns 137, netbios-dgm 138, xdmcp 177, ipx 213,
  ptp-event 319, ptp-general 320, clearcase 371, isakmp 500, biff 512, who 513, talk 517, ntalk 518,
  route 520, dhcpv6-client 546, dhcpv6-server 547, asf-rmcp 623, ms-sql-m 1434, l2f 1701, icpv2 3130,
  iax 4569, mdns 5353, babel 6696`

const TCP_AND_SCTP = `
  amqp 5672`

const SERVICES: ReadonlyMap<string, Service> = new Map([
  ...read(TCP_AND_UDP, ['tcp', 'udp']),
  ...read(TCP, ['tcp']),
  ...read(UDP, ['udp']),
  ...read(TCP_AND_SCTP, ['tcp', 'sctp']),
])

export function serviceOf(name: string): Service | null {
  return SERVICES.get(name) ?? null
}

function read(table: string, transports: readonly Transport[]): [string, Service][] {
  return table.split(',').map((row) => {
    const [name = '', port] = row.trim().split(' ')
    return [name, { port: Number(port), transports }]
  })
}
