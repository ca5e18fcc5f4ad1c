import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = resolve(import.meta.dirname, '../../src')

/** What each room may import: other rooms, and packages by name (`node:` stands for Node's own modules). */
const rules: Record<string, { rooms: string[]; packages: string[] }> = {
  contract: { rooms: [], packages: ['zod'] },
  stats: { rooms: [], packages: [] },
  analysis: { rooms: ['contract', 'stats'], packages: ['zod'] },
  rules: { rooms: ['contract', 'stats'], packages: [] },
  store: { rooms: ['contract', 'rules'], packages: ['node:', 'better-sqlite3', 'canonicalize'] },
  collect: {
    rooms: ['contract'],
    packages: [
      'node:',
      'mqtt',
      'mqtt-packet',
      'csv-parse',
      'fast-png',
      'hyparquet',
      'jpeg-js',
      'zod',
      '@jmespath-community/jmespath',
    ],
  },
  act: { rooms: ['contract'], packages: ['node:', 'zod'] },
  service: {
    rooms: ['contract', 'stats', 'analysis', 'rules', 'store', 'collect', 'act'],
    packages: [
      'node:',
      'zod',
      'canonicalize',
      'croner',
      'fast-png',
      'onnxruntime-node',
      'pdfmake',
      'yauzl',
      'yazl',
      'pino',
    ],
  },
  server: {
    rooms: ['contract', 'stats', 'analysis', 'rules', 'store', 'collect', 'act', 'service', 'demo'],
    packages: ['node:', 'ws', 'pino', 'commander', 'zod'],
  },
  main: { rooms: ['contract'], packages: ['electron', 'node:', 'zod'] },
  preload: { rooms: [], packages: ['electron'] },
  renderer: {
    rooms: ['contract'],
    packages: [
      'react',
      'react-dom',
      'react-router',
      '@mui/material',
      '@mui/icons-material',
      '@emotion/react',
      '@emotion/cache',
      '@tanstack/react-query',
      '@tanstack/react-virtual',
      '@fontsource-variable/inter',
      'echarts',
      'zod',
    ],
  },
  demo: {
    rooms: ['contract'],
    packages: ['node:', 'aedes', 'fast-png', 'mqtt', 'onnxruntime-node', 'protobufjs', 'zod'],
  },
}

/** Stricter than the room: the only files in which these may be imported. */
const confined: Record<string, string> = {
  echarts: 'renderer/charts/',
  'better-sqlite3': 'store/sqlite/',
  electron: '(main|preload)/',
}

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s+['"]([^'"]+)['"]|(?:^|\n)\s*import\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g

const packageOf = (specifier: string) =>
  specifier.startsWith('node:')
    ? 'node:'
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')

/** Every reason why the file may not import what it imports. */
function faults(file: string): string[] {
  const path = relative(source, file).split(sep).join('/')
  const room = path.split('/')[0]
  const rule = rules[room]
  if (!rule) return [`${path}: src/${room} is not a room of the design`]
  const isTest = /\.test\.tsx?$/.test(path)
  const found: string[] = []
  for (const match of readFileSync(file, 'utf8').matchAll(importPattern)) {
    const specifier = match[1] ?? match[2] ?? match[3]
    if (specifier.startsWith('.')) {
      const to = relative(source, resolve(dirname(file), specifier))
        .split(sep)
        .join('/')
      const toRoom = to.split('/')[0]
      if (toRoom === '..') {
        if (!isTest) found.push(`${path}: leaves src for ${specifier}`)
      } else if (toRoom !== room && !rule.rooms.includes(toRoom) && !isTest)
        found.push(`${path}: ${room} may not import ${to}`)
      else if (room === 'service' && to.startsWith('store/sqlite') && !isTest)
        found.push(`${path}: the service knows the store only by its port`)
      if (!/\.(tsx?|css|svg|json|md)(\?.*)?$/.test(specifier)) found.push(`${path}: ${specifier} lacks its extension`)
      continue
    }
    const name = packageOf(specifier)
    if (isTest && (name === 'vitest' || name === 'node:')) continue
    const allowed = isTest
      ? [
          ...rule.packages,
          'ws',
          'aedes',
          'mqtt',
          'fast-png',
          'jpeg-js',
          'onnxruntime-node',
          'hyparquet',
          'hyparquet-writer',
          'better-sqlite3',
        ]
      : rule.packages
    if (!allowed.includes(name)) found.push(`${path}: ${room} has never seen the package ${name}`)
    const place = confined[name]
    if (place && !isTest && !new RegExp(`^${place}`).test(path))
      found.push(`${path}: ${name} is imported only under ${place}`)
  }
  return found
}

describe('the house', () => {
  it('has files to judge', () => expect(files.length).toBeGreaterThan(20))
  it('keeps every import direction of the design', () => expect(files.flatMap(faults)).toEqual([]))
})
