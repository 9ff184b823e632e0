import { expect, test } from 'vitest'
import { escapeHtml, fillPage } from '../../src/report/fill-page.ts'
import type { ReportData } from '../../src/report/report-data.ts'
import { ATTACKS } from '../support/attack-text.ts'

const page = '<title><!--netkit:title--></title><pre><!--netkit:text--></pre><script><!--netkit:data--></script>'
const attack = `</script></title></pre><!--netkit:data--> $& $1 <!-- <script> ${Object.values(ATTACKS).join('')}`

test('nothing that is filled in is markup, a place, or a pattern', () => {
  const data = { damage: [attack] } as unknown as ReportData
  const text = fillPage(page, { title: attack, text: attack, data }).join('')
  const [, title, pre, json] = /^<title>([^<]*)<\/title><pre>([^<]*)<\/pre><script>([^<]*)<\/script>$/.exec(text)!
  expect([title, pre]).toEqual([escapeHtml(attack), escapeHtml(attack)])
  expect(JSON.parse(json!)).toEqual(data)
})

test('text is written as references that every browser knows', () => {
  expect(escapeHtml(`a<b>&"'`)).toBe('a&#60;b&#62;&#38;&#34;&#39;')
})
