import { createHash } from 'node:crypto'
import type { FieldPick, MappingSpec } from '../../contract/mapping.ts'
import { type Json, key as keySchema } from '../../contract/primitives.ts'
import { decodeJson, describe, type Refusal } from '../decode-json.ts'
import type { Route } from '../route.ts'
import { adapt, compileOrigin, compilePath, numberOf, originWords, type Pick, type PickScene } from './compile-pick.ts'
import { MappingFault } from './mapping-fault.ts'
import { compileTopicPattern, type TopicPattern } from './topic-pattern.ts'

/** Elements of one owner in the documented wire shape. */
export interface TranslatedPart {
  readonly route: Route
  readonly elements: Record<string, Json>[]
}

export interface Translation {
  readonly parts: readonly TranslatedPart[]
  readonly refused: readonly Refusal[]
}

export interface RawInput {
  readonly source: string
  readonly payload: Uint8Array
  readonly arrivedAt: number
  readonly maxBytes: number
  readonly maxDepth: number
}

export interface CompiledMapping {
  readonly spec: MappingSpec
  readonly pattern: TopicPattern
  /** What it makes of a message; null where the topic is another. */
  translate(message: RawInput): Translation | null
  /** A refusal of what it made, with the field's pick named: the person must see which path is wrong. */
  explain(refusal: Refusal): Refusal
}

const plain = ['id', 'at', 'prediction', 'label', 'latencyMs', 'device', 'seq', 'version'] as const
const groups = ['inputs', 'scores', 'values'] as const
const fieldsOf: Record<
  MappingSpec['makes'],
  { plain: readonly string[]; groups: readonly string[]; needed: readonly string[] }
> = {
  samples: {
    plain: [...plain],
    groups: ['inputs', 'scores'],
    needed: ['id', 'at', 'inputs', 'prediction'],
  },
  labels: { plain: ['id', 'at', 'label'], groups: [], needed: ['id', 'label'] },
  telemetry: { plain: ['at', 'seq'], groups: ['values'], needed: ['at', 'values'] },
}
const numeric = new Set(['latencyMs', 'seq'])
const textual = new Set(['id', 'version'])
/** Elements that one message may hold. */
const mostElements = 10_000

/** A key as the outside world calls a thing, with a dash for what a key may not hold. */
export function toKey(text: string): string {
  return text
    .trim()
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64)
}

const isObject = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface CompiledField {
  readonly pick: FieldPick
  readonly value: Pick
  /** The whole group or the field, and the name within the group. */
  readonly head: string
  readonly name: string | null
}

function compileField(pick: FieldPick, spec: MappingSpec, variables: readonly string[]): CompiledField {
  const { plain: fields, groups: own } = fieldsOf[spec.makes]
  const dot = pick.to.indexOf('.')
  const head = dot < 0 ? pick.to : pick.to.slice(0, dot)
  const name = dot < 0 ? null : pick.to.slice(dot + 1)
  const isKnown = name === null ? fields.includes(head) || own.includes(head) : own.includes(head) && name !== ''
  if (!isKnown)
    throw new MappingFault(pick.to, `${spec.makes} have no such field: ${[...fields, ...own].join(', ')} are known`)
  return { pick, value: compileOrigin(pick.to, pick.from, variables), head, name }
}

/** What a whole object gives its group: numbers for scores and values, single values for inputs; anything deeper stays out. */
function groupOf(field: CompiledField, value: Json): Record<string, Json> {
  if (!isObject(value))
    throw new MappingFault(
      field.pick.to,
      `${originWords(field.pick.from)} gave ${describe(value)}; an object is needed`,
    )
  const entries = Object.entries(value).flatMap(([name, part]): [string, Json][] => {
    if (field.head === 'inputs')
      return typeof part === 'object' && part !== null ? [] : [[name, adapt(field.pick, part)]]
    const number = part === null ? null : numberOf(adaptQuietly(field.pick, part))
    return number === null ? [] : [[name, number]]
  })
  return Object.fromEntries(entries)
}

function adaptQuietly(pick: FieldPick, value: Json): Json {
  try {
    return adapt(pick, value)
  } catch {
    return null
  }
}

/** A value as its field wants it, where that can be told without guessing; the documented shape refuses the rest. */
function fitted({ pick, head }: CompiledField, value: Json): Json {
  const adapted = adapt(pick, value)
  if (head === 'at') {
    const number = typeof adapted === 'string' && /^\d+(\.\d+)?$/.test(adapted) ? Number(adapted) : adapted
    return typeof number === 'number' ? Math.round(number) : number
  }
  if (head === 'device') return toKey(String(adapted))
  if (textual.has(head)) return typeof adapted === 'object' ? adapted : String(adapted)
  if (numeric.has(head) || head === 'scores' || head === 'values') return numberOf(adapted) ?? adapted
  return adapted
}

/** Compiles a mapping. Throws a MappingFault that names the field and the path that is wrong. */
export function compileMapping(spec: MappingSpec): CompiledMapping {
  const pattern = compileTopicPattern(spec.topic)
  const each = spec.each === null ? null : compilePath('each', spec.each)
  const owner = compileOrigin('owner', spec.owner, pattern.variables)
  const fields = spec.fields.map((pick) => compileField(pick, spec, pattern.variables))
  const targets = spec.fields.map(({ to }) => to)
  const twice = targets.find((to, index) => targets.indexOf(to) !== index)
  if (twice !== undefined) throw new MappingFault(twice, 'the field is filled twice')
  for (const needed of fieldsOf[spec.makes].needed)
    if (!fields.some(({ head }) => head === needed))
      throw new MappingFault(needed, `${spec.makes} need it; nothing fills it`)
  // A whole object first, so that single picks win over it.
  fields.sort((a, b) => Number(a.name !== null) - Number(b.name !== null))

  const refusal = (error: unknown): Refusal => {
    if (!(error instanceof MappingFault)) throw error
    return { code: 'mapping-failed', reason: `mapping “${spec.name}”: ${error.message}`.slice(0, 2000) }
  }

  function build(scene: PickScene): { owner: string; element: Record<string, Json> } {
    const who = owner(scene)
    const key = typeof who === 'string' || typeof who === 'number' ? toKey(String(who)) : ''
    if (!keySchema.safeParse(key).success)
      throw new MappingFault('owner', `${originWords(spec.owner)} gave ${describe(who)}, which is no key`)
    const element: Record<string, Json> = {}
    for (const group of fieldsOf[spec.makes].groups) if (group !== 'scores') element[group] = {}
    for (const field of fields) {
      const { pick, head, name } = field
      const value = field.value(scene)
      if (value === undefined) {
        if (pick.isOptional) continue
        throw new MappingFault(pick.to, `${originWords(pick.from)} gave nothing`)
      }
      if (name !== null)
        element[head] = { ...(element[head] as Record<string, Json> | undefined), [name]: fitted(field, value) }
      else if (groups.some((group) => group === head)) element[head] = groupOf(field, value)
      else element[head] = fitted(field, value)
    }
    return { owner: key, element }
  }

  function elementsOf(message: RawInput): Json[] | Refusal {
    const limits = { maxBytes: message.maxBytes, maxDepth: message.maxDepth }
    let root: Json
    if (spec.format === 'text') {
      if (message.payload.length > limits.maxBytes)
        return { code: 'too-large', reason: `${message.payload.length} bytes; at most ${limits.maxBytes} are taken` }
      root = Buffer.from(message.payload).toString('utf8').toWellFormed()
    } else {
      const decoded = decodeJson(message.payload, limits)
      if (decoded.refusal) return decoded.refusal
      root = decoded.json as Json
    }
    if (each === null) return Array.isArray(root) ? root : [root]
    const found = each(root)
    if (found === undefined) throw new MappingFault('each', `\`${spec.each}\` gave nothing`)
    return Array.isArray(found) ? found : [found]
  }

  return {
    spec,
    pattern,
    translate(message) {
      const variables = pattern.match(message.source)
      if (variables === null) return null
      const refused: Refusal[] = []
      const parts = new Map<string, TranslatedPart>()
      try {
        const elements = elementsOf(message)
        if (!Array.isArray(elements)) return { parts: [], refused: [elements] }
        if (elements.length > mostElements)
          throw new MappingFault('each', `${elements.length} elements; at most ${mostElements} are taken of a message`)
        for (const [index, element] of elements.entries()) {
          const digest = () => {
            const hash = createHash('sha256').update(message.source).update('\0').update(message.payload)
            return hash.update(`\0${index}`).digest('base64url').slice(0, 32)
          }
          try {
            const made = build({ element, variables, arrivedAt: message.arrivedAt, digest })
            const part = parts.get(made.owner) ?? { route: { kind: spec.makes, key: made.owner }, elements: [] }
            parts.set(made.owner, part)
            part.elements.push(made.element)
          } catch (error) {
            refused.push(refusal(error))
          }
        }
      } catch (error) {
        refused.push(refusal(error))
      }
      return { parts: [...parts.values()], refused }
    },
    explain({ reason, ...refusal }) {
      const bare = reason.replace(/^\[\d+\] /, '')
      const pick = spec.fields
        .filter(({ to }) => bare.startsWith(to))
        .sort((a, b) => b.to.length - a.to.length)
        .at(0)
      const where = pick === undefined ? '' : ` (picked from ${originWords(pick.from)})`
      return { ...refusal, reason: `mapping “${spec.name}”: ${bare}${where}`.slice(0, 2000) }
    },
  }
}
