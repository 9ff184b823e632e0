// The works: all that is measured, in the order of the tables.
import { answers, features } from '../works/features.js'
import { log, rows } from '../works/output.js'
import { big, manyFlows, small } from '../works/plain.js'
import { startUp } from '../works/start-up.js'
import { gzip, lz4, pcapng, zstd } from '../works/wrapped.js'
import { netkitContenders } from './contenders.js'
import { peerContenders } from './peers.js'

/**
 * @typedef {object} Entrants
 * @property {ReturnType<typeof netkitContenders>} netkit
 * @property {ReturnType<typeof peerContenders>} peers
 *
 * @typedef {object} Work
 * @property {string} id
 * @property {string} title Markdown.
 * @property {readonly string[]} captures Files that it needs.
 * @property {(entrants: Entrants) => readonly import('./contenders.js').Contender[]} contenders
 * @property {string} reference Id of the contender that is 1.00 in the table.
 * @property {readonly import('./bars.js').Bar[]} bars
 * @property {number} [roundsFactor] Rounds are multiplied by this.
 */

/** @type {readonly Work[]} */
export const WORKS = [big, small, manyFlows, pcapng, gzip, zstd, lz4, startUp, rows, log, features, answers]

/**
 * @param {import('./tools.js').Tools} tools
 * @returns {Entrants}
 */
export function createEntrants(tools) {
  return { netkit: netkitContenders(tools), peers: peerContenders(tools) }
}
