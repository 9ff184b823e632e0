// The packets of a pcap, counted by npm pcap-parser. Usage: node pcap-parser.js FILE
import pcapParser from 'pcap-parser'

let packets = 0
const parser = pcapParser.parse(process.argv[2])
parser.on('packet', () => {
  packets++
})
parser.on('error', (error) => {
  throw error
})
parser.on('end', () => {
  process.stdout.write(`${packets} packets\n`)
})
