import type { EnvelopeSummary, SampleEnvelope } from '../../contract/explanation.ts'
import type { Status } from '../../contract/primitives.ts'
import type { SampleTable } from '../../contract/table.ts'
import { betaBinomialTail } from '../../stats/beta-binomial.ts'
import { buildEnvelope, type Envelope, type EnvelopeScore } from '../../stats/envelope.ts'
import { createRandom, sampleWithoutReplacement } from '../../stats/random.ts'
import { type AnalysisContext, throwIfCancelled } from '../answer.ts'
import { shareEstimate } from '../estimates.ts'
import { takeRows } from '../explanation-rows.ts'
import { describingColumns, toTreeColumn } from '../tree-columns.ts'
import { sayCount, sayEstimate, sayList, sayMany, sayNumber, sayPValue, sayShare } from '../wording.ts'
import { alignRows } from './mix-rows.ts'
import { sayValue, valueAt } from './sample.ts'

export interface EnvelopeOptions {
  readonly envelopeLevel: number
  readonly envelopeThreshold: number
  readonly envelopeRows: number
  readonly alpha: number
  readonly confidence: number
  readonly seed: number
}

/** Fewest samples of which a share is judged, and samples that are listed. */
const fewestSamples = 30
const mostListed = 10
const mostReasons = 3
/** A part of the distance that is worth naming. */
const leastPart = 0.1

interface Opened {
  readonly envelope: Envelope
  readonly rows: SampleTable
  readonly columns: readonly string[]
  readonly score: (row: number) => EnvelopeScore
}

/** Builds the envelope of a reference for these rows; a sentence where there is none. */
function open(
  reference: SampleTable,
  rows: SampleTable,
  names: readonly string[],
  most: number,
  seed: number,
): Opened | string {
  const describing = describingColumns(reference, names).map(({ name }) => name)
  const columns = describing.filter((name) => rows.columns.get(name)?.type === reference.columns.get(name)?.type)
  if (columns.length === 0) return 'the reference has no column in common with the samples that describes them'
  const aligned = alignRows(rows, reference, columns)
  const columnsOf = (table: SampleTable) => columns.map((name) => toTreeColumn(table.columns.get(name) as never))
  const random = createRandom(seed + 57)
  const envelope = buildEnvelope(columnsOf(aligned.background), reference.n, { mostRows: most, random })
  if (envelope === null) return `the reference has ${sayMany(reference.n, 'row')}, too few to tell its region`
  const own = columnsOf(aligned.rows)
  return { envelope, rows: aligned.rows, columns, score: (row) => envelope.score(own, row) }
}

/**
 * The share of samples outside of what the reference shows: those further from it than all but `envelopeLevel` of its rows kept apart.
 *
 * p: probability of so many or more, were samples exchangeable with the reference (beta-binomial, exact whatever n and the number kept
 * apart). A breach needs a share of at least `envelopeThreshold` AND p < alpha; half of that share is a warning. Neighbouring
 * samples that are alike count as if they were independent. At most `envelopeRows` samples are scored.
 */
export function judgeEnvelope(
  reference: SampleTable,
  current: SampleTable,
  names: readonly string[],
  options: EnvelopeOptions,
  context: AnalysisContext,
): EnvelopeSummary | string {
  const { envelopeLevel: level, envelopeThreshold: threshold, envelopeRows, alpha, confidence, seed } = options
  if (current.n < fewestSamples) return `${sayMany(current.n, 'sample')}, ${fewestSamples} needed`
  const chosen =
    current.n <= envelopeRows
      ? current
      : takeRows(current, sampleWithoutReplacement(createRandom(seed + 58), current.n, envelopeRows))
  const opened = open(reference, chosen, names, envelopeRows, seed)
  if (typeof opened === 'string') return opened
  const { envelope, columns } = opened
  // So many of the rows kept apart lie outside; below one, nothing could.
  const allowed = Math.floor(level * (envelope.holdoutRows + 1) + 1e-9)
  if (allowed < 1)
    return `${sayMany(envelope.holdoutRows, 'reference row')} kept apart cannot tell what ${sayShare(level)} of them exceed; ${Math.ceil(1 / level) - 1} needed`
  const scores: EnvelopeScore[] = []
  for (let row = 0; row < chosen.n; row++) {
    if (row % 64 === 0) {
      throwIfCancelled(context)
      context.onProgress(row / chosen.n)
    }
    scores.push(opened.score(row))
  }
  const isOutside = ({ pValue }: EnvelopeScore) => pValue <= level + 1e-12
  const hits = scores.filter(isOutside).length
  const share = shareEstimate(hits, chosen.n, confidence)
  const pValue = betaBinomialTail(hits, chosen.n, allowed, envelope.holdoutRows + 1 - allowed)
  const value = share.value ?? 0
  const status: Status =
    pValue >= alpha ? 'ok' : value >= threshold ? 'breach' : value >= threshold / 2 ? 'warning' : 'ok'
  const order = scores.map((_, row) => row).sort((a, b) => scores[b].distance - scores[a].distance || a - b)
  const furthest = order
    .slice(0, mostListed)
    .filter((row) => isOutside(scores[row]))
    .map((row) => ({
      id: chosen.ids?.[row] ?? null,
      pValue: scores[row].pValue,
      distance: scores[row].distance,
      reasons: reasonsOf(opened, scores[row], row),
    }))
  const common = commonest(furthest.flatMap(({ reasons }) => reasons.slice(0, 1).map(({ column }) => column)))
  return {
    ...{ level, share, threshold, pValue, status, furthest, columns: [...columns] },
    ...{ referenceRows: envelope.referenceRows, holdoutRows: envelope.holdoutRows },
    sentence: `${sayEstimate(share, sayShare)} of ${sayMany(chosen.n, 'sample')} lie further out than all but ${sayShare(level)} of the reference, ${sayPValue(pValue)}${common.length === 0 ? '' : `; the furthest mostly in ${sayList(common)}`}`,
  }
}

/** Whether one sample (the only row) lies within the reference; a sentence where that cannot be said. */
export function placeSample(
  reference: SampleTable,
  row: SampleTable,
  names: readonly string[],
  { envelopeRows, seed }: Pick<EnvelopeOptions, 'envelopeRows' | 'seed'>,
): SampleEnvelope | string {
  const opened = open(reference, row, names, envelopeRows, seed)
  if (typeof opened === 'string') return opened
  const { envelope } = opened
  const score = opened.score(0)
  const reasons = reasonsOf(opened, score, 0)
  const { pValue, distance } = score
  const further = pValue * (envelope.holdoutRows + 1) - 1
  const why = sayList(
    reasons.map(({ column, value, part }) => `${column} ${sayValue(value)} (${sayShare(part)} of the distance)`),
  )
  const where =
    pValue <= 0.01
      ? `Outside of what the reference shows, most by ${why}`
      : pValue <= 0.05
        ? `At the edge of what the reference shows, most by ${why}`
        : 'Within what the reference shows'
  return {
    ...{ distance, pValue, reasons, referenceRows: envelope.referenceRows, holdoutRows: envelope.holdoutRows },
    sentence: `${where}: ${sayCount(Math.round(further))} of ${sayMany(envelope.holdoutRows, 'reference row')} kept apart lie as far out or further (p = ${sayNumber(pValue)}), by distance to the nearest of ${sayCount(envelope.referenceRows)} others in ${sayMany(opened.columns.length, 'column')}.`,
  }
}

function reasonsOf({ rows, columns }: Opened, { parts }: EnvelopeScore, row: number) {
  return columns
    .map((column, j) => ({ column, value: valueAt(rows.columns.get(column), row), part: parts[j] }))
    .filter(({ part }) => part >= leastPart)
    .sort((a, b) => b.part - a.part)
    .slice(0, mostReasons)
}

function commonest(names: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, 2)
    .map(([name]) => name)
}
