import { expect, test } from 'vitest'
import { CSV } from '../../src/loggers/csv.ts'
import { diffDelimited } from '../../src/loggers/diff-csv.ts'
import { TSV } from '../../src/loggers/tsv.ts'
import { report } from './diff-report.ts'

const HEADER =
  'by,status,host,host_name,protocol,port,vlan,a_packets,a_bytes,a_bits_per_second,b_packets,b_bytes,b_bits_per_second,change_bits_per_second,factor\n'

test('one table of all sections', () => {
  expect([...diffDelimited(report, {}, CSV)]).toEqual([
    HEADER,
    'host,changed,10.0.0.1,x|y,,,,10,1000,8000,30,5000,20000,12000,2.5\n',
    'host,new,=3,,,,,,,,1,100,400,400,\n',
    'host,same,10.0.0.9,,,,,1,1,8,1,1,8,0,1\n',
    'service,changed,,,TCP,80,,1,1,4000000,1,1,400,-3999600,0\n',
  ])
})

test('without a header, as TSV, and safe for a spreadsheet', () => {
  const [first, second] = diffDelimited(report, { header: false, excelSafe: true }, TSV)
  expect(first!.split('\t').slice(0, 3)).toEqual(['host', 'changed', '10.0.0.1'])
  expect(second!.split('\t').slice(0, 3)).toEqual(['host', 'new', "'=3"])
})
