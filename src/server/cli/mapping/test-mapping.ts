import { decodeJson } from '../../../collect/decode-json.ts'
import { defaultLimits } from '../../../collect/limits.ts'
import { compileMapping } from '../../../collect/mapping/compile-mapping.ts'
import { pathOf, type Route } from '../../../collect/route.ts'
import type { MappingSpec } from '../../../contract/mapping.ts'
import { wireLabel, wireSample, wireTelemetry } from '../../../contract/sample.ts'
import { CliFault, Negative } from '../fault.ts'
import type { TestOptions } from '../mapping.ts'
import { formatTable, type Output, writeJson } from '../output.ts'
import { readBytes, readSpec, readySpec } from './read-spec.ts'

interface Message {
  readonly line: number
  readonly topic: string
  readonly payload: Buffer
}

/** What became of one message. */
export interface TriedMessage {
  readonly line: number
  readonly topic: string
  readonly elements: readonly { readonly topic: string; readonly element: unknown }[]
  /** Each names the mapping, the field and the path that failed. */
  readonly problems: readonly string[]
}

const wire = { samples: wireSample, labels: wireLabel, telemetry: wireTelemetry } as const

/** Messages of a file, one a line; a line that is none is a CliFault that names it. */
export function readMessages(bytes: Buffer, topic: string | undefined, path: string): Message[] {
  const messages: Message[] = []
  const lines = bytes.toString('utf8').split('\n')
  lines.forEach((text, index) => {
    const line = index + 1
    if (text.trim() === '') return
    if (topic !== undefined) {
      messages.push({ line, topic, payload: Buffer.from(text) })
      return
    }
    const decoded = decodeJson(Buffer.from(text), { maxBytes: 16 * 2 ** 20, maxDepth: defaultLimits.depth + 1 })
    const said = decoded.refusal ? null : (decoded.json as { topic?: unknown; payload?: unknown } | null)
    if (said === null || typeof said !== 'object' || typeof said.topic !== 'string' || said.payload === undefined)
      throw new CliFault(`${path}, line ${line}: it has no topic and payload; --topic names the topic of bare payloads`)
    const { payload } = said
    messages.push({
      line,
      topic: said.topic,
      payload: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
    })
  })
  return messages
}

/** Tries a mapping on messages as the intake would, against the documented shape alone. Messages of other topics are left out. */
export function tryMapping(spec: MappingSpec, messages: readonly Message[], now: number): TriedMessage[] {
  const mapping = compileMapping(spec)
  return messages.flatMap(({ line, topic, payload }) => {
    const limits = { maxBytes: defaultLimits.messageBytes, maxDepth: defaultLimits.depth }
    const translation = mapping.translate({ source: topic, payload, arrivedAt: now, ...limits })
    if (translation === null) return []
    const problems = translation.refused.map(({ reason }) => reason)
    const elements: { topic: string; element: unknown }[] = []
    for (const { route, elements: made } of translation.parts)
      for (const element of made) {
        const problem = problemOf(route, element)
        if (problem === null) elements.push({ topic: pathOf(route), element })
        else problems.push(mapping.explain({ code: 'wrong-shape', reason: problem }).reason)
      }
    return [{ line, topic, elements, problems }]
  })
}

function problemOf(route: Route, element: unknown): string | null {
  const parsed = wire[route.kind].safeParse(element)
  if (parsed.success) return null
  const [issue] = parsed.error.issues
  return `${issue.path.map(String).join('.')}: ${issue.message}`
}

/** `mapping test` */
export async function testMapping(spec: string, options: TestOptions, output: Output): Promise<void> {
  const mapping = options.ready ? readySpec(spec) : readSpec(spec)
  const messages = readMessages(readBytes(options.messages), options.topic, options.messages)
  if (messages.length === 0) throw new CliFault(`--messages: ${options.messages} holds no message`)
  const tried = tryMapping(mapping, messages, Date.now())
  const failed = tried.filter(({ problems }) => problems.length > 0).length
  const made = tried.reduce((sum, { elements }) => sum + elements.length, 0)
  const other = messages.length - tried.length
  if (options.json)
    writeJson(output, {
      mapping: mapping.name,
      messages: tried.length,
      otherTopics: other,
      mapped: made,
      failed,
      tried,
    })
  else {
    const rows = tried.flatMap(({ line, elements, problems }) => [
      ...elements.map(({ topic, element }) => [String(line), 'taken', topic, JSON.stringify(element)]),
      ...problems.map((problem) => [String(line), 'REFUSED', '', problem]),
    ])
    const columns = [
      { title: 'line', align: 'right' as const },
      { title: 'state' },
      { title: 'becomes' },
      { title: mapping.makes },
    ]
    if (rows.length > 0) output.out(formatTable(columns, rows))
    output.out(
      `${failed === 0 ? 'OK' : 'FAILED'}  “${mapping.name}” made ${made} ${mapping.makes} of ${tried.length} messages; ${failed} failed${other === 0 ? '' : `, ${other} are of other topics than ${mapping.topic}`}\n`,
    )
  }
  if (failed > 0 || tried.length === 0) throw new Negative()
}
