import { sayEstimate } from '../../../../analysis/wording.ts'
import type { Estimate } from '../../../../contract/primitives.ts'
import { formatCount } from '../../../../rules/format.ts'
import type { BarRow } from '../chart.ts'
import { type Block, type Cell, chart, heading, type Tone, text } from '../document.ts'

const tones: Record<string, Tone> = { ok: 'good', breach: 'bad', warning: 'unsure', insufficient: 'unsure' }
/** A status, with a colour besides the word. */
export const toned = (word: string): Cell => ({ text: word, tone: tones[word] ?? 'plain' })

/** A part under its own small heading, with the sentence that a reader needs. */
export const part = (title: string, sentence: string, ...blocks: readonly Block[]): Block[] => [
  heading(3, title),
  ...(sentence === '' ? [] : [text(endSentence(sentence))]),
  ...blocks,
]

export const endSentence = (sentence: string) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)

/** An estimate as a cell: why it has no value where it has none. */
export const cellOf = (estimate: Estimate): string =>
  estimate.value === null ? (estimate.note ?? 'no value') : sayEstimate(estimate)

/** The same with its n. */
export const cellWithN = (estimate: Estimate): string => `${cellOf(estimate)}, n ${formatCount(estimate.n)}`

export const sayGroup = (group: Readonly<Record<string, string>>): string =>
  Object.entries(group)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ') || 'all together'

/** `calibrationBias` reads `calibration bias`. */
export const spell = (name: string): string =>
  name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)

/** A row of a chart of bars; none without a value. */
export const barOf = (name: string, { value, interval }: Estimate, rest: Partial<BarRow> = {}): BarRow[] =>
  value === null ? [] : [{ name, value, interval, ...rest }]

/** Bars, where there are any. */
export const bars = (measure: string, rows: readonly BarRow[], line?: number): Block[] =>
  rows.length === 0 ? [] : [chart({ type: 'bars', measure, rows, ...(line !== undefined && { line }) })]
