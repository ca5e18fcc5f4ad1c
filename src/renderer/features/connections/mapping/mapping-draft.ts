import type { FieldPick, MappingSpec } from '../../../../contract/mapping.ts'
import type { Json } from '../../../../contract/primitives.ts'

/** One value in a message and the JMESPath that finds it. */
export interface Leaf {
  readonly path: string
  readonly value: Json
}

const isPlain = (name: string) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
const nameOf = (name: string) => (isPlain(name) ? name : JSON.stringify(name))
const mostLeaves = 200

/** Every single value in a message with its path, and every object that could be taken whole. Of a list the first element is shown. */
export function leavesOf(message: Json): Leaf[] {
  const leaves: Leaf[] = []
  function walk(value: Json, path: string): void {
    if (leaves.length >= mostLeaves) return
    if (Array.isArray(value)) {
      if (value.length > 0) walk(value[0], path === '' ? '' : `${path}[0]`)
      return
    }
    if (typeof value !== 'object' || value === null) {
      leaves.push({ path: path === '' ? '@' : path, value })
      return
    }
    if (path !== '') leaves.push({ path, value })
    for (const [name, part] of Object.entries(value)) walk(part, path === '' ? nameOf(name) : `${path}.${nameOf(name)}`)
  }
  walk(message, '')
  return leaves
}

/** What the person sees of a value. */
export function shortValue(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** Conversions that come up often; `custom` shows the numbers. */
export const units = [
  { id: 'none', label: 'as it is' },
  { id: 's-ms', label: 'seconds → ms', scale: 1000 },
  { id: 'us-ms', label: 'µs → ms', scale: 0.001 },
  { id: 'ns-ms', label: 'ns → ms', scale: 0.000001 },
  { id: 'f-c', label: '°F → °C', scale: 5 / 9, offset: -160 / 9 },
  { id: 'k-c', label: 'K → °C', offset: -273.15 },
  { id: 'percent', label: '% → share', scale: 0.01 },
  { id: 'inhg-hpa', label: 'inHg → hPa', scale: 33.8638866667 },
  { id: 'custom', label: 'scale and offset' },
] as const
type Unit = (typeof units)[number]

const scaleOf = (unit: Unit) => ('scale' in unit ? unit.scale : undefined)
const offsetOf = (unit: Unit) => ('offset' in unit ? unit.offset : undefined)

export function unitOf({ scale, offset }: Pick<FieldPick, 'scale' | 'offset'>): Unit['id'] {
  if (scale === undefined && offset === undefined) return 'none'
  const known = units.find(
    (unit) => unit.id !== 'custom' && unit.id !== 'none' && scaleOf(unit) === scale && offsetOf(unit) === offset,
  )
  return known?.id ?? 'custom'
}

/** The field with another conversion. */
export function withUnit({ scale, offset, ...field }: FieldPick, id: string): FieldPick {
  const unit = units.find((candidate) => candidate.id === id)
  if (unit === undefined || unit.id === 'none') return field
  if (unit.id === 'custom') return { ...field, scale: scale ?? 1, offset: offset ?? 0 }
  const converted: FieldPick = { ...field }
  const newScale = scaleOf(unit)
  const newOffset = offsetOf(unit)
  if (newScale !== undefined) converted.scale = newScale
  if (newOffset !== undefined) converted.offset = newOffset
  return converted
}

/** `1=dog, 0=cat` as a table; null where a part is no pair. */
export function parseWords(text: string): Record<string, string> | null {
  const words: Record<string, string> = {}
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const at = part.indexOf('=')
    if (at < 0) return null
    words[part.slice(0, at).trim()] = part.slice(at + 1).trim()
  }
  return words
}

export const wordsText = (words: Record<string, string> | undefined) =>
  Object.entries(words ?? {})
    .map(([from, to]) => `${from}=${to}`)
    .join(', ')

/** Fields that each kind of message has; those with a dot are begun and finished by the person. */
export const targetsOf: Record<MappingSpec['makes'], readonly string[]> = {
  samples: [
    'id',
    'at',
    'inputs',
    'inputs.',
    'prediction',
    'scores',
    'scores.',
    'label',
    'latencyMs',
    'device',
    'seq',
    'version',
  ],
  labels: ['id', 'label', 'at'],
  telemetry: ['at', 'values', 'values.', 'seq'],
}

/** A field for a value that was clicked: named after the last part of its path. */
export function fieldFor(makes: MappingSpec['makes'], path: string, taken: readonly string[]): FieldPick {
  const last =
    path
      .split('.')
      .at(-1)
      ?.replace(/^"|"$|\[\d+\]$/g, '') ?? path
  const same = targetsOf[makes].find((target) => target === last && !taken.includes(target))
  const group = makes === 'telemetry' ? 'values' : 'inputs'
  const to = same ?? (makes === 'labels' ? 'label' : `${group}.${last === '@' ? 'state' : last}`)
  return { to, from: { kind: 'path', path } }
}

/** An empty mapping to begin with. */
export const blankSpec = (topic: string): MappingSpec => ({
  name: '',
  topic,
  format: 'json',
  each: null,
  makes: 'telemetry',
  owner: { kind: 'constant', value: '' },
  fields: [{ to: 'at', from: { kind: 'arrival' } }],
})
