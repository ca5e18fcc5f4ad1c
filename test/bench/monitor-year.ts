import { uninterrupted } from '../../src/analysis/answer.ts'
import { createPreparedReferences } from '../../src/analysis/drift/prepared-references.ts'
import { analyzeDrift } from '../../src/analysis/drift.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { tableOf } from '../../src/analysis/testing/tables.ts'
import type { DriftFeature } from '../../src/contract/report.ts'
import type { Column, SampleTable } from '../../src/contract/table.ts'
import { levelOfLook } from '../../src/service/monitoring/evidence-budget.ts'
import { createRandom, type Random, randomNormal, randomUniform } from '../../src/stats/random.ts'
import { alpha, judgeAt, watchNumbers } from '../support/monitor-life.ts'

export interface MonitorYearOptions {
  readonly days: number
  /** Day from which the drifting life drifts. */
  readonly driftFrom: number
  readonly seeds: number
  readonly referenceRows: number
  readonly rowsPerDay: number
}

/** Two thirds numeric: normal, skewed, and whole numbers in turn; one third of two to eleven categories. */
const features = 30
/** Features that drift: one of each shape. */
const drifting = ['x0', 'x1', 'x3', 'x2']
/** What drift does to them: half a standard deviation, or a quarter of the shares. */
const shift = 0.5

/** The usual rules, each on one feature's numbers of one day. */
const fixedRules: Record<string, (feature: DriftFeature) => boolean> = {
  psiAbove0_1: ({ measures }) => (measures.psi ?? 0) >= 0.1,
  psiAbove0_2: ({ measures }) => (measures.psi ?? 0) >= 0.2,
  pBelow0_05: ({ measures }) => (measures.ks?.pValue ?? measures.chiSquare?.pValue ?? 1) < 0.05,
  pBelow0_05AfterBenjaminiHochberg: ({ verdict }) => (verdict.adjustedPValue ?? 1) < 0.05,
}
const ruleNames = ['assay', ...Object.keys(fixedRules)]

function drawColumn(random: Random, index: number, rows: number, hasDrifted: boolean): Column {
  if (index % 3 === 2) {
    const size = 2 + (index % 10)
    const codes = new Int32Array(rows)
    for (let row = 0; row < rows; row++) {
      const isMoved = hasDrifted && randomUniform(random) < shift / 2
      codes[row] = isMoved ? 0 : Math.floor(size * randomUniform(random))
    }
    return { type: 'categorical', categories: Array.from({ length: size }, (_, i) => `category ${i}`), codes }
  }
  const values = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const z = randomNormal(random) + (hasDrifted ? shift : 0)
    values[row] = index % 3 === 0 ? z : index % 2 === 0 ? Math.exp(z) : Math.round(4 * z)
  }
  return { type: 'numeric', values }
}

function drawDay(random: Random, rows: number, hasDrifted: boolean): SampleTable {
  return tableOf(
    Object.fromEntries(
      Array.from({ length: features }, (_, i) => [
        `x${i}`,
        drawColumn(random, i, rows, hasDrifted && drifting.includes(`x${i}`)),
      ]),
    ),
  )
}

/** Of one rule over one life. */
interface RuleLife {
  /** Days on which it calls at least one feature drifted. */
  alarmDays: number
  /** Features called drifted, each day anew; of the console alerts, which stay open while the breach goes on. */
  alarms: number
  /** Days from the drift's beginning to the first alarm on a feature that drifts; 0 is the same day. */
  delay: number | null
}

function live(seed: number, { days, referenceRows, rowsPerDay }: MonitorYearOptions, driftFrom: number | null) {
  const random = createRandom(seed)
  const reference = drawDay(random, referenceRows, false)
  const prepared = createPreparedReferences()
  const watch = watchNumbers()
  const rules = new Map(ruleNames.map((name): [string, RuleLife] => [name, { alarmDays: 0, alarms: 0, delay: null }]))
  const note = (name: string, day: number, called: readonly string[]) => {
    const rule = rules.get(name)
    if (rule === undefined || called.length === 0) return
    const since = driftFrom === null ? -1 : day - driftFrom
    if (since >= 0) {
      if (rule.delay === null && called.some((feature) => drifting.includes(feature))) rule.delay = since
      return
    }
    rule.alarmDays += 1
    rule.alarms += called.length
  }
  for (let day = 1; day <= days; day++) {
    const level = levelOfLook(alpha, day)
    const current = drawDay(random, rowsPerDay, driftFrom !== null && day >= driftFrom)
    const { findings, detail } = analyzeDrift(
      { reference, current, schema: null, prepared },
      { ...parametersOf.drift.parse({}), alpha: level },
      uninterrupted,
    )
    const opened = findings.filter((finding) =>
      watch.take(JSON.stringify(finding.subject), judgeAt('drift', finding, level)),
    )
    note(
      'assay',
      day,
      opened.map(({ subject }) => subject.column ?? ''),
    )
    for (const [name, isCalled] of Object.entries(fixedRules))
      note(
        name,
        day,
        detail.features.filter(isCalled).map((feature) => feature.name),
      )
    // What follows the first alarm of every rule tells nothing more.
    if (driftFrom !== null && [...rules.values()].every(({ delay }) => delay !== null)) break
  }
  return rules
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/**
 * A year of a daily drift monitor on thirty features, seed by seed: what the console's rule (effect and corrected evidence, at a
 * level that a look may spend, in two of three looks) raises where nothing drifts, and how many days after its beginning it raises a drift of
 * half a standard deviation, beside what fixed rules raise on the same data.
 */
export function benchMonitorYear(options: MonitorYearOptions) {
  const seeds = Array.from({ length: options.seeds }, (_, i) => 100 + i)
  const still = seeds.map((seed) => live(seed, options, null))
  const moved = seeds.map((seed) => live(1000 + seed, options, options.driftFrom))
  const byRule = (name: string) => {
    const [quiet, found] = [still, moved].map((lives) => lives.flatMap((life) => life.get(name) ?? []))
    const delays = found.flatMap(({ delay }) => (delay === null ? [] : [delay]))
    // Means over the lives in which nothing drifts.
    return {
      falseAlarms: total(quiet.map(({ alarms }) => alarms)) / seeds.length,
      daysWithFalseAlarm: total(quiet.map(({ alarmDays }) => alarmDays)) / seeds.length,
      livesWithFalseAlarm: quiet.filter(({ alarms }) => alarms > 0).length,
      driftsFound: delays.length,
      medianDelayDays: delays.length === 0 ? null : median(delays),
      longestDelayDays: delays.length === 0 ? null : Math.max(...delays),
    }
  }
  return {
    ...options,
    features,
    driftingFeatures: drifting.length,
    rules: Object.fromEntries(ruleNames.map((name) => [name, byRule(name)])),
  }
}
