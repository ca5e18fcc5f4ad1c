import { hash } from 'node:crypto'
import type { Window } from '../../contract/primitives.ts'
import type { Binning } from '../../contract/profile.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import { formatNumber } from '../../rules/format.ts'
import type { TaskParts } from '../tasks/tasks.ts'

export interface RankOrder {
  readonly deploymentId: string
  readonly window: Window
  readonly strategy: 'uncertain' | 'unusual' | 'random'
  readonly limit: number
  /** The same seed draws the same samples. */
  readonly seed: string
}

export interface Ranked {
  readonly id: string
  /** Why it is worth a look, in a sentence. */
  readonly reason: string
}

/** The newest samples are looked through, so many of them. */
const looked = 20_000

interface Rated extends Ranked {
  /** Higher comes first. */
  readonly rate: number
}

const isMissing = (column: Column | null, row: number) =>
  column === null || (column.type === 'numeric' ? Number.isNaN(column.values[row]) : column.codes[row] < 0)

/** The two highest scores of a row; null where there are none. */
function topTwo(scores: SampleTable['scores'], row: number): [string, number, string, number] | null {
  let first = ''
  let firstScore = Number.NaN
  let second = ''
  let secondScore = Number.NaN
  for (const [name, values] of scores) {
    const score = values[row]
    if (Number.isNaN(score)) continue
    if (!(score <= firstScore)) {
      second = first
      secondScore = firstScore
      first = name
      firstScore = score
    } else if (!(score <= secondScore)) {
      second = name
      secondScore = score
    }
  }
  if (Number.isNaN(firstScore)) return null
  // A single score is a share: the other class has the rest.
  return Number.isNaN(secondScore)
    ? [first, firstScore, 'the others', 1 - firstScore]
    : [first, firstScore, second, secondScore]
}

function rateUncertainty(table: SampleTable, row: number): Omit<Rated, 'id'> | null {
  const top = topTwo(table.scores, row)
  if (top === null) return null
  const [first, high, second, low] = top
  return {
    rate: -Math.abs(high - low),
    reason: `Undecided between ${first} (${formatNumber(high, 2)}) and ${second} (${formatNumber(low, 2)})`,
  }
}

/** How far the strangest input lies outside of the reference, in widths of the middle of the reference. */
function rateStrangeness(table: SampleTable, row: number, binning: Binning): Omit<Rated, 'id'> | null {
  let worst: Omit<Rated, 'id'> | null = null
  const offer = (rate: number, reason: string) => {
    if (rate > (worst?.rate ?? 0)) worst = { rate, reason }
  }
  for (const [name, column] of table.columns) {
    if (column.type === 'numeric') {
      const edges = binning.numeric[name]?.edges ?? []
      const value = column.values[row]
      if (edges.length < 2 || Number.isNaN(value)) continue
      const low = edges[0]
      const high = edges[edges.length - 1]
      const beyond = Math.max(low - value, value - high) / (high - low)
      const side = value > high ? 'above' : 'below'
      const middle = `${formatNumber(low)} to ${formatNumber(high)}`
      offer(beyond, `${name} is ${formatNumber(value)}, ${side} what is usual in the reference (${middle})`)
    } else {
      const known = binning.categorical[name]
      const code = column.codes[row]
      if (known === undefined || code < 0 || known.includes(column.categories[code])) continue
      offer(2, `${name} is “${column.categories[code]}”, which the reference does not have`)
    }
  }
  return worst
}

/** The best `limit` rows, without sorting them all for it. */
const best = (rated: Rated[], limit: number): Ranked[] =>
  rated
    .sort((a, b) => b.rate - a.rate || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .map(({ id, reason }) => ({ id, reason }))

/**
 * Ranks unlabelled samples of a window by how much a person's look would tell. Where a strategy has nothing to go by (no
 * scores, no reference) samples are drawn at random, and the reason says so.
 */
export async function rankSamples({ store }: TaskParts, order: RankOrder): Promise<Ranked[]> {
  const { deploymentId, window, strategy, limit, seed } = order
  const columns = strategy === 'unusual' ? null : []
  const table = await store.samples.table({ deploymentId, window, columns, limit: looked, withIds: true })
  const ids = table.ids ?? []
  const open = Array.from({ length: table.n }, (_, row) => row).filter((row) => isMissing(table.label, row))
  const rateAll = (rate: (row: number) => Omit<Rated, 'id'> | null): Rated[] =>
    open.flatMap((row) => {
      const rated = rate(row)
      return rated === null ? [] : [{ id: ids[row], ...rated }]
    })
  const draw = (reason: string) =>
    best(
      rateAll((row) => ({
        rate: Number.parseInt(hash('sha256', `${seed} ${ids[row]}`, 'hex').slice(0, 12), 16),
        reason,
      })),
      limit,
    )

  if (strategy === 'random') return draw('Drawn at random, for an honest estimate')
  if (strategy === 'uncertain') {
    if (table.scores.size === 0) return draw('Drawn at random: no scores are recorded')
    return best(
      rateAll((row) => rateUncertainty(table, row)),
      limit,
    )
  }
  const deployment = await store.records.get('deployment', deploymentId)
  const binning = deployment === null ? null : await store.profiles.binning(deployment.record.versionId)
  const isUseful = Object.values(binning?.numeric ?? {}).some(({ edges }) => edges.length > 1)
  const hasCategories = Object.keys(binning?.categorical ?? {}).some((name) => name !== 'prediction')
  if (binning === null || (!isUseful && !hasCategories)) return draw('Drawn at random: the version has no reference')
  return best(
    rateAll((row) => rateStrangeness(table, row, binning)),
    limit,
  )
}
