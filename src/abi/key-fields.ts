/**
 * Fields that tell one flow from another, as bits. Fields left out read as 0 in every row, so the table holds as few rows
 * as the question needs. The family and the protocol are always part of the key.
 */
export const KEY_SOURCE = 1
export const KEY_DESTINATION = 2
export const KEY_SOURCE_PORT = 4
export const KEY_DESTINATION_PORT = 8
export const KEY_VLAN = 16
export const KEY_INTERFACE = 32
export const KEY_MAC = 64
/**
 * Of ICMP, in place of ports: the type at the source; at the destination the type of the answer, or the code of a message that
 * nobody answers (src/decoders/icmp-answers.ts). Only beside both ports.
 */
export const KEY_ICMP = 128

/** All but ICMP's: flows that are told apart as far as ports and addresses can. */
export const KEY_ALL =
  KEY_SOURCE | KEY_DESTINATION | KEY_SOURCE_PORT | KEY_DESTINATION_PORT | KEY_VLAN | KEY_INTERFACE | KEY_MAC
