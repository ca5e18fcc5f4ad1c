import type { ScrapePick } from '../../contract/scrape.ts'
import type { Series } from './parse-exposition.ts'

/** Counters of the scrape before, by pick and series. */
export interface LastCounters {
  readonly at: number
  readonly values: ReadonlyMap<string, number>
}

export interface ReadChannels {
  /** Null where the series are there but no number came of them, as before the second look at a counter. */
  readonly values: Record<string, number | null>
  /** How many series match each pick, in the order of the picks. */
  readonly matches: number[]
  readonly counters: LastCounters
}

/** Names of the metrics that picks read. */
export const namesOf = (picks: readonly ScrapePick[]): ReadonlySet<string> =>
  new Set(picks.flatMap(({ metric, as }) => (as === 'mean' ? [`${metric}_sum`, `${metric}_count`] : [metric])))

const fits = (value: string | undefined, wanted: string) =>
  value !== undefined && (wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted)

const matching = (series: readonly Series[], name: string, { labels }: ScrapePick) =>
  series.filter((each) => each.name === name && Object.entries(labels).every(([key, to]) => fits(each.labels[key], to)))

const identify = (pick: ScrapePick, { name, labels }: Series) =>
  `${pick.channel} ${name} ${JSON.stringify(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)))}`

function combine(values: readonly number[], how: ScrapePick['combine']): number | null {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return null
  if (how === 'max') return finite.reduce((most, value) => Math.max(most, value))
  const sum = finite.reduce((total, value) => total + value, 0)
  return how === 'mean' ? sum / finite.length : sum
}

/**
 * Reads channels from one scrape. A counter's rise is what it grew since the scrape before, series by series; one that fell was reset
 * and has risen from zero. A series that was not there before says nothing yet. Divided by the seconds in between it is a rate.
 */
export function readChannels(
  picks: readonly ScrapePick[],
  series: readonly Series[],
  at: number,
  before: LastCounters | null,
): ReadChannels {
  const counters = new Map<string, number>()
  const seconds = before === null ? 0 : (at - before.at) / 1000

  function rises(pick: ScrapePick, found: readonly Series[]): number[] {
    const risen: number[] = []
    for (const each of found) {
      const id = identify(pick, each)
      if (Number.isFinite(each.value)) counters.set(id, each.value)
      const last = before?.values.get(id)
      if (last === undefined || seconds <= 0) continue
      risen.push(each.value >= last ? each.value - last : each.value)
    }
    return risen
  }

  function read(pick: ScrapePick): { value: number | null; matches: number } {
    if (pick.as === 'mean') {
      const sums = matching(series, `${pick.metric}_sum`, pick)
      const total = combine(rises(pick, sums), 'sum')
      const times = combine(rises(pick, matching(series, `${pick.metric}_count`, pick)), 'sum')
      return { value: total === null || !times ? null : total / times, matches: sums.length }
    }
    const found = matching(series, pick.metric, pick)
    const values =
      pick.as === 'rate' ? rises(pick, found).map((rise) => rise / seconds) : found.map(({ value }) => value)
    return { value: combine(values, pick.combine), matches: found.length }
  }

  const values: Record<string, number | null> = {}
  const matches = picks.map((pick) => {
    const { value, matches: count } = read(pick)
    const scaled = value === null ? null : pick.factor * value + pick.offset
    values[pick.channel] = scaled !== null && Number.isFinite(scaled) ? scaled : null
    return count
  })
  return { values, matches, counters: { at, values: counters } }
}
