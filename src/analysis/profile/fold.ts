import type { Binning, ColumnSummary, Profile } from '../../contract/profile.ts'
import type { Outcome, Sample } from '../../contract/sample.ts'
import { type ColumnPlan, makeColumnSummaries } from './column-summary.ts'
import { countUp, makeKeyLimit, maxKeys, own, setOwn } from './counts.ts'
import { emptyOutcomes, latencyBucket, makeOutcomeCounter, mergeLatency, mergeOutcomes } from './outcomes.ts'
import { addPredicted, forgetOmitted, mergeGroup } from './predicted.ts'
import { addUp } from './sum.ts'

/** A binning as the fold uses it. */
interface Plan {
  readonly columns: ReadonlyMap<string, ColumnPlan>
  readonly prediction: ColumnPlan | undefined
  readonly groups: readonly string[]
  readonly omitted: ReadonlySet<string>
}

const noPlan: Plan = { columns: new Map(), prediction: undefined, groups: [], omitted: new Set() }

function planOf(binning: Binning): Plan {
  const columns = new Map<string, ColumnPlan>()
  for (const [name, { shift, edges }] of Object.entries(binning.numeric))
    columns.set(name, { type: 'numeric', shift, edges, range: own(binning.ranges, name) ?? null })
  for (const [name, categories] of Object.entries(binning.categorical))
    columns.set(name, { type: 'categorical', categories: new Set(categories) })
  const prediction = columns.get('prediction')
  columns.delete('prediction')
  return { columns, prediction, groups: binning.groups, omitted: new Set(binning.omitted) }
}

/** Names of members of several records, of more than `most` those that come first. */
function firstNames(records: readonly object[], most: number): string[] {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))]
  return names.length > most ? names.sort((x, y) => (x < y ? -1 : 1)).slice(0, most) : names
}

/**
 * The fold that makes hourly profiles. Counts do not depend on the order of samples, labels and merges at all; sums of
 * measured values may differ in their last digits, as floating-point sums do.
 *
 * `addSample` and `addLabel` change the profile that they are given; `merge` makes a new one. A label may be counted
 * only for a sample that is counted too. Cost: O(columns · log bins) a sample.
 */
export function makeProfileFold() {
  const limit = makeKeyLimit()
  const summaries = makeColumnSummaries(limit)
  const countOutcome = makeOutcomeCounter()
  const plans = new WeakMap<Binning, Plan>()

  function planFor(binning: Binning | null): Plan {
    if (binning === null) return noPlan
    const known = plans.get(binning)
    if (known !== undefined) return known
    const plan = planOf(binning)
    plans.set(binning, plan)
    return plan
  }

  /** Keys under which a sample's prediction and outcome are counted: all, and each group that it belongs to. */
  function groupKeys(sample: Sample, plan: Plan): string[] {
    const keys = ['']
    for (const column of plan.groups) {
      const value = own(sample.inputs, column)
      if (typeof value === 'string' || typeof value === 'boolean') keys.push(`${column}=${value}`)
      else if (typeof value === 'number' && plan.columns.get(column)?.type === 'categorical')
        keys.push(`${column}=${value}`)
    }
    return keys
  }

  /** Member for a key, made if need be; undefined when the record is full and the key comes after all others. */
  function memberOf<T>(
    record: Record<string, T>,
    key: string,
    make: () => T,
    onEvicted?: (key: string) => void,
  ): T | undefined {
    const known = own(record, key)
    if (known !== undefined) return known
    const room = limit.admit(record, key)
    if (room === null) return undefined
    if (room.evicted !== null) onEvicted?.(room.evicted.key)
    const made = make()
    setOwn(record, key, made)
    return made
  }

  function empty(key: { deploymentId: string; versionId: string; hour: number }, binning: Binning | null): Profile {
    return {
      deploymentId: key.deploymentId,
      versionId: key.versionId,
      hour: key.hour,
      n: 0,
      columns: {},
      prediction: summaries.emptySummary(planFor(binning).prediction),
      latency: { n: 0, sum: 0, max: 0, counts: {} },
      outcomes: {},
      predictedByGroup: {},
    }
  }

  function addColumn(
    profile: Profile,
    name: string,
    value: Sample['inputs'][string],
    plan: ColumnPlan | undefined,
  ): void {
    const before: ColumnSummary | undefined = own(profile.columns, name)
    const after = summaries.addValue(before ?? summaries.emptySummary(plan), value, plan)
    if (after !== before) setOwn(profile.columns, name, after)
  }

  function addSample(profile: Profile, sample: Sample, binning: Binning | null): void {
    const plan = planFor(binning)
    profile.n += 1
    for (const name of Object.keys(sample.inputs)) {
      if (!plan.omitted.has(name)) addColumn(profile, name, sample.inputs[name], plan.columns.get(name))
    }
    for (const [name, column] of plan.columns) {
      if (!Object.hasOwn(sample.inputs, name)) addColumn(profile, name, null, column)
    }
    profile.prediction = summaries.addValue(profile.prediction, sample.prediction, plan.prediction)
    if (sample.latencyMs !== null) {
      const { latency } = profile
      latency.n += 1
      latency.sum += sample.latencyMs
      latency.max = Math.max(latency.max, sample.latencyMs)
      countUp(latency.counts, String(latencyBucket(sample.latencyMs)), 1)
    }
    if (typeof sample.prediction === 'number' && plan.prediction?.type !== 'categorical') return
    for (const key of groupKeys(sample, plan)) {
      const make = (): Record<string, number> => ({})
      const predicted = memberOf(profile.predictedByGroup, key, make, (group) => forgetOmitted(profile, group))
      if (predicted !== undefined) addPredicted(profile, key, String(sample.prediction), 1, limit)
    }
  }

  function addLabel(
    profile: Profile,
    sample: Sample,
    label: Outcome,
    previous: Outcome | null,
    binning: Binning | null,
  ): void {
    for (const key of groupKeys(sample, planFor(binning))) {
      const outcomes = memberOf(profile.outcomes, key, emptyOutcomes)
      if (outcomes === undefined) continue
      if (previous !== null) countOutcome(outcomes, sample.prediction, previous, -1)
      countOutcome(outcomes, sample.prediction, label, 1)
    }
  }

  function mergeMembers<T>(a: Record<string, T>, b: Record<string, T>, merge: (x: T, y: T) => T, most: number) {
    const merged: Record<string, T> = {}
    for (const name of firstNames([a, b], most)) {
      const [x, y] = [own(a, name), own(b, name)]
      if (x !== undefined && y !== undefined) setOwn(merged, name, merge(x, y))
      // A copy, so that the parts may go on changing.
      else setOwn(merged, name, JSON.parse(JSON.stringify(x ?? y)) as T)
    }
    return merged
  }

  function mergePredicted(a: Profile, b: Profile): Pick<Profile, 'predictedByGroup' | 'predictedOmitted'> {
    const predictedByGroup: Profile['predictedByGroup'] = {}
    const predictedOmitted: Profile['predictedOmitted'] = {}
    for (const group of firstNames([a.predictedByGroup, b.predictedByGroup], maxKeys)) {
      const { counts, omitted } = mergeGroup(a, b, group)
      setOwn(predictedByGroup, group, counts)
      if (omitted > 0) setOwn(predictedOmitted, group, omitted)
    }
    return { predictedByGroup, ...(Object.keys(predictedOmitted).length > 0 && { predictedOmitted }) }
  }

  function merge(a: Profile, b: Profile): Profile {
    return {
      deploymentId: a.deploymentId,
      versionId: a.versionId,
      hour: Math.min(a.hour, b.hour),
      n: a.n + b.n,
      columns: mergeMembers(a.columns, b.columns, summaries.mergeSummaries, Number.POSITIVE_INFINITY),
      prediction: summaries.mergeSummaries(a.prediction, b.prediction),
      latency: mergeLatency(a.latency, b.latency),
      outcomes: mergeMembers(a.outcomes, b.outcomes, mergeOutcomes, maxKeys),
      ...mergePredicted(a, b),
    }
  }

  const sum = (profiles: readonly Profile[]) => addUp(profiles, merge, summaries.mergeSummaries)

  return { empty, addSample, addLabel, merge, sum }
}

/**
 * Sum of profiles, the same in any order but for the counters of frequent values, which keep their bounds, and the last digits of
 * floating-point sums; null when there is none.
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile | null {
  return makeProfileFold().sum(profiles)
}
