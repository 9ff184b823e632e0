/**
 * A packet log without addresses and payload: flows and interfaces are looked up hidden, and formats that write the frames themselves
 * get them rewritten.
 */

import type { Anonymizer } from '../../anonymize/anonymizer.ts'
import { AnonymousBatches } from '../../anonymize/anonymous-batch.ts'
import type { FlowRow, FlowTable } from '../../capture/flow-row.ts'
import type { CaptureInterface } from '../../capture/parser.ts'
import { LAYER_NONE } from '../../decoders/layers.ts'
import { layerOfLinktype } from '../../decoders/linktype.ts'
import type { PacketContext, PacketFormat } from './packet-format.ts'

/**
 * In place of link types that are not decoded. Nothing stays of their frames, and Wireshark refuses a file with an empty frame of some
 * of them, whose headers it expects (SunATM, ERF).
 */
const LINKTYPE_USER0 = 147

export function anonymousContext(context: PacketContext, anonymizer: Anonymizer): PacketContext {
  const { flows } = context
  const hide = (one: CaptureInterface): CaptureInterface => ({
    ...one,
    linktype: layerOfLinktype(one.linktype) === LAYER_NONE ? LINKTYPE_USER0 : one.linktype,
    name: one.name === null ? null : anonymizer.interfaceName(one.name),
  })
  const hidden: FlowTable = {
    get size() {
      return flows.size
    },
    row: (id) => hideRow(flows.row(id), anonymizer),
    ...(flows.touch !== undefined && { touch: (id: number) => flows.touch!(id) }),
  }
  return {
    flows: hidden,
    get interfaceCount() {
      return context.interfaceCount
    },
    interface: (id) => hide(context.interface(id)),
    interfaces: () => context.interfaces().map(hide),
  }
}

function hideRow(row: FlowRow, anonymizer: Anonymizer): FlowRow {
  return {
    family: row.family,
    protocol: row.protocol,
    sourcePort: row.sourcePort,
    destinationPort: row.destinationPort,
    vlan: row.vlan,
    interface: row.interface,
    source: anonymizer.address(row.source),
    destination: anonymizer.address(row.destination),
    sourceMac: anonymizer.address(row.sourceMac),
    destinationMac: anonymizer.address(row.destinationMac),
  }
}

/** The format with rewritten frames. */
export function anonymousFrames(format: PacketFormat, context: PacketContext, anonymizer: Anonymizer): PacketFormat {
  const batches = new AnonymousBatches(anonymizer, (id) => context.interface(id).linktype)
  return {
    header: () => format.header(),
    news: () => format.news(),
    frames: (batch, start, end, number) => format.frames(batches.rewrite(batch, start, end), start, end, number),
    footer: () => format.footer(),
    forgetFlows: () => format.forgetFlows(),
  }
}
