/** A capture → the names of addresses in it, from the fields that tshark dissects. */
import { output } from './tools.ts'

const FIELDS = [
  'frame.number',
  'frame.protocols',
  'ip.dst',
  'ipv6.dst',
  'udp.dstport',
  'dns.flags.response',
  'dns.qry.name',
  'dns.resp.name',
  'dns.resp.type',
  'dns.resp.ttl',
  'dns.cname',
  'dns.a',
  'dns.aaaa',
  'dns.ptr.domain_name',
  'tls.handshake.extensions_server_name',
  'http.host',
  'dhcp.option.hostname',
  'dhcp.fqdn.name',
  'dhcp.option.dhcp',
  'dhcp.ip.client',
  'dhcp.ip.your',
] as const

type Field = (typeof FIELDS)[number]
type Frame = Record<Field, readonly string[]>

const PREFERENCES = ['ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.reassemble_out_of_order:TRUE']
/** Put together, streams lose what is behind a gap; apart, what lies in two segments. The reader has both. */
const DESEGMENT = ['tcp.desegment_tcp_streams:TRUE', 'tcp.desegment_tcp_streams:FALSE']
const SEPARATOR = '\x1f'

/** `dns 192.0.2.1 www.example.com`, each once. */
export function readTsharkNames(file: string): Set<string> {
  return new Set(DESEGMENT.flatMap((preference) => run(file, preference)).filter((name) => !isNoName(name)))
}

/** An address in a Host field, and what tshark shows for the root. */
function isNoName(name: string): boolean {
  return / (?:[\d.]+|\[.*\]|<root>)$/.test(name)
}

function run(file: string, desegment: string): string[] {
  const filter = 'dns || mdns || llmnr || tls.handshake.type == 1 || http.request || dhcp'
  const options = [...PREFERENCES, desegment].flatMap((preference) => ['-o', preference])
  const columns = ['-E', 'separator=/t', '-E', `aggregator=${SEPARATOR}`, '-E', 'occurrence=a']
  const fields = FIELDS.flatMap((field) => ['-e', field])
  const text = output('tshark', [
    '-n',
    '-2',
    '-r',
    file,
    '-Y',
    filter,
    ...options,
    '-T',
    'fields',
    ...columns,
    ...fields,
  ])
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => namesIn(frameOf(line)))
}

function frameOf(line: string): Frame {
  const columns = line.split('\t')
  const entries = FIELDS.map((field, i) => [field, (columns[i] ?? '').split(SEPARATOR).filter(Boolean)])
  return Object.fromEntries(entries) as Frame
}

function namesIn(frame: Frame): string[] {
  const [protocols = ''] = frame['frame.protocols']
  const names = dnsNames(frame, /mdns|llmnr|dns/.exec(protocols)?.[0] ?? 'dns')
  const destination = [...frame['ip.dst'], ...frame['ipv6.dst']][0]
  const source = protocols.includes('quic') ? 'quic' : 'tls'
  for (const name of frame['tls.handshake.extensions_server_name']) names.push(`${source} ${destination} ${name}`)
  for (const host of frame['http.host']) names.push(`http ${destination} ${host.replace(/:\d*$/, '')}`)
  const isAck = frame['dhcp.option.dhcp'].includes('5')
  for (const name of [...frame['dhcp.fqdn.name'], ...frame['dhcp.option.hostname']].slice(0, 1)) {
    const address = frame[isAck ? 'dhcp.ip.your' : 'dhcp.ip.client'][0]
    if (address !== undefined && address !== '0.0.0.0') names.push(`dhcp ${address} ${name}`)
  }
  return names.map((name) => name.toLowerCase())
}

/** tshark lists records of all sections in their order, and the content of each type in the order of its records. */
function dnsNames(frame: Frame, source: string): string[] {
  if (!frame['dns.flags.response'].some((flag) => flag === '1' || flag === 'True')) return []
  const take = (field: Field) => frame[field].map((name) => name.toLowerCase())
  const [owners, types, contents] = [take('dns.resp.name'), take('dns.resp.type'), contentsOf(take)]
  const records = owners.map((owner, i) => ({ owner, type: types[i]!, content: contents[types[i]!]?.shift() ?? '' }))
  const askedBy = new Map(records.filter(({ type }) => type === '5').map(({ owner, content }) => [content, owner]))
  return records.flatMap(({ owner, type, content }, i) => {
    let asked = owner
    for (let steps = 0; askedBy.has(asked) && !take('dns.qry.name').includes(asked) && steps < 16; steps++) {
      asked = askedBy.get(asked)!
    }
    if (source === 'mdns' && Number(frame['dns.resp.ttl'][i]) === 0) return []
    if (type === '1' || type === '28') return [`${source} ${content} ${asked}`]
    const reverse = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(asked)
    return type === '12' && reverse !== null ? [`${source} ${reverse.slice(1).reverse().join('.')} ${content}`] : []
  })
}

function contentsOf(take: (field: Field) => string[]): Record<string, string[]> {
  return { '1': take('dns.a'), '28': take('dns.aaaa'), '5': take('dns.cname'), '12': take('dns.ptr.domain_name') }
}
