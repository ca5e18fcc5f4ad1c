import type { MappedRawMessage, MappingSpec } from '../../contract/mapping.ts'
import { defaultLimits } from '../limits.ts'
import { createMapper, type MapOptions } from '../map-message.ts'
import { type KeptMessage, toRawMessage } from '../recent-messages.ts'
import { type CompiledMapping, compileMapping } from './compile-mapping.ts'
import { MappingFault } from './mapping-fault.ts'

export interface MappingPreview {
  /** What is wrong with the mapping itself; null when it can be used. */
  readonly problem: string | null
  readonly rows: readonly MappedRawMessage[]
}

const shownMessages = 10
const shownElements = 10

/** What a mapping makes of the newest messages of its topic, checked as the intake would. Stores nothing. */
export function previewMapping(
  spec: MappingSpec,
  messages: readonly KeptMessage[],
  options: Pick<MapOptions, 'directory' | 'timeBounds'>,
): MappingPreview {
  let mapping: CompiledMapping
  try {
    mapping = compileMapping(spec)
  } catch (error) {
    if (!(error instanceof MappingFault)) throw error
    return { problem: error.message, rows: [] }
  }
  const map = createMapper({ ...options, blobBytes: defaultLimits.blobBytes })
  const { pattern } = mapping
  const rows = messages
    .filter(({ source }) => pattern.match(source) !== null)
    .slice(0, shownMessages)
    .map((message): MappedRawMessage => {
      const shown = toRawMessage(message)
      if (message.payload.length < message.bytes)
        return {
          message: shown,
          elements: [],
          taken: 0,
          problems: ['too long to be shown here; the intake reads it whole'],
        }
      const translation = mapping.translate({
        ...{ source: message.source, payload: message.payload, arrivedAt: message.at },
        ...{ maxBytes: defaultLimits.messageBytes, maxDepth: defaultLimits.depth },
      })
      const elements: MappedRawMessage['elements'] = []
      const problems = (translation?.refused ?? []).map(({ reason }) => reason)
      let taken = 0
      for (const { route, elements: own } of translation?.parts ?? []) {
        const folder = route.kind === 'telemetry' ? 'devices' : 'deployments'
        for (const element of own) elements.push({ topic: `${folder}/${route.key}/${route.kind}`, element })
        const mapped = map({ connectionId: '', via: 'preview', route, arrivedAt: message.at }, own)
        const refused = mapped.refused.filter(
          // A device that will register itself is no problem of the mapping.
          ({ code }) => code !== 'unknown-device' || route.kind !== 'telemetry',
        )
        taken += own.length - refused.length
        problems.push(...refused.map((refusal) => mapping.explain(refusal).reason))
      }
      return {
        message: shown,
        elements: elements.slice(0, shownElements),
        taken,
        problems: problems.slice(0, shownElements),
      }
    })
  return { problem: null, rows }
}
