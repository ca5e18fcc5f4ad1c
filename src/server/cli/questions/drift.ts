import { uninterrupted } from '../../../analysis/answer.ts'
import { analyzeDrift } from '../../../analysis/drift.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import type { MultivariateDrift } from '../../../contract/drift-detail.ts'
import type { DriftFeature } from '../../../contract/report.ts'
import { readDataFile } from '../data-file.ts'
import { CliFault } from '../fault.ts'
import { type CommonOptions, type PairOptions, parseParameters } from '../options.ts'
import { formatPValue, formatTable, formatValue } from '../output.ts'
import { commonTypes, toTable } from '../to-table.ts'
import { type Asked, fromFindings, type Measured, withoutRepeats } from './asked.ts'

export type DriftOptions = PairOptions &
  CommonOptions & {
    readonly panel?: boolean
    readonly multivariate?: boolean
    readonly by?: string[]
    readonly time?: string
  }

/** Compares two files column by column. */
export async function askDrift(options: DriftOptions): Promise<Asked> {
  const parameters = parseParameters(parametersOf.drift, {
    ...options.set,
    ...(options.panel === true && { panel: true }),
    ...(options.multivariate === true && { multivariate: true }),
    ...(options.by !== undefined && { partsBy: options.by }),
  })
  const [reference, current] = await readPair(options)
  const answer = analyzeDrift(
    { reference: reference.table, current: current.table, schema: null },
    parameters,
    uninterrupted,
  )
  const { kind: _, ...detail } = answer.detail
  return {
    headline: answer.headline,
    json: detail,
    files: { reference: reference.facts, current: current.facts },
    parameters,
    notes: [...reference.notes, ...current.notes],
    measured: withoutRepeats([...fromFindings(answer.findings), ...detail.features.flatMap(measuredOf)]),
    text: () =>
      tableOf(detail.features) + partsOf(detail.features) + togetherOf(detail.multivariate) + panelsOf(detail.features),
  }
}

/** Reads both files by one set of types. The reference's text is let go before the other file is turned into columns. */
export async function readPair(options: DriftOptions) {
  const before = await readDataFile(options.reference)
  const now = await readDataFile(options.current)
  const absent = before.tabular.columns.filter((name) => !now.tabular.columns.includes(name))
  if (absent.length === before.tabular.columns.length)
    throw new CliFault(
      `${options.reference} and ${options.current} have no column in common: ${before.tabular.columns.slice(0, 5).join(', ')} against ${now.tabular.columns.slice(0, 5).join(', ')}`,
    )
  const types = commonTypes(before, now, options)
  // A reference without times serves all the same.
  const hasTime = options.time !== undefined && before.tabular.columns.includes(options.time)
  const { time: _, ...timeless } = options
  return [toTable(before, hasTime ? options : timeless, types, null), toTable(now, options, types, null)] as const
}

function measuredOf({ name, n, measures, verdict }: DriftFeature): Measured[] {
  const smaller = Math.min(n.reference, n.current)
  return Object.entries({ ...measures, ks: measures.ks?.statistic }).flatMap(([metric, value]) =>
    value === undefined || (value !== null && typeof value !== 'number')
      ? []
      : [{ metric, of: name, value, interval: null, n: smaller, pValue: verdict.adjustedPValue }],
  )
}

/** Where the drift of a column comes from, a sentence a part. */
const partsOf = (features: readonly DriftFeature[]): string => {
  const lines = features.flatMap(({ name, parts = [] }) => parts.map(({ sentence }) => `${name}: ${sentence}\n`))
  return lines.length === 0 ? '' : `\n${lines.join('')}`
}

const togetherOf = (together: MultivariateDrift | undefined): string =>
  together === undefined
    ? ''
    : `\nAll columns together: ${together.domainClassifier.sentence}\n${together.reconstruction.sentence}\n`

/** The rules of other tools: one line a rule under each column. */
function panelsOf(features: readonly DriftFeature[]): string {
  const shown = features.flatMap(({ name, panel }) => (panel === undefined ? [] : [{ name, panel }]))
  if (shown.length === 0) return ''
  const rows = shown.flatMap(({ name, panel }) =>
    panel.rules.map(({ rule, verdict, measure, value, firesWhen, threshold, sentence }) => [
      name,
      rule,
      verdict === 'drift' ? 'DRIFT' : verdict,
      measure,
      formatValue(value),
      `${firesWhen} ${formatValue(threshold)}`,
      sentence,
    ]),
  )
  const columns = ['column', 'rule', 'verdict', 'number', 'value', 'fires', 'why'].map((title) => ({
    title,
    align: title === 'value' ? ('right' as const) : ('left' as const),
  }))
  return `\n${formatTable(columns, rows)}`
}

function tableOf(features: readonly DriftFeature[]): string {
  const rows = features.map(({ name, type, verdict, measures, n }) => [
    name,
    type,
    verdict.isDrifted ? 'DRIFT' : verdict.status,
    verdict.effect.measure,
    formatValue(verdict.effect.value),
    formatValue(verdict.effect.threshold),
    verdict.test,
    formatPValue(verdict.adjustedPValue),
    formatValue(measures.psi),
    formatValue(measures.jensenShannon),
    formatValue(measures.wassersteinNormed),
    String(n.reference),
    String(n.current),
  ])
  return formatTable(
    [
      { title: 'column' },
      { title: 'type' },
      { title: 'verdict' },
      { title: 'effect' },
      { title: 'value', align: 'right' },
      { title: 'limit', align: 'right' },
      { title: 'test' },
      { title: 'p adjusted', align: 'right' },
      { title: 'PSI', align: 'right' },
      { title: 'JS', align: 'right' },
      { title: 'W1 normed', align: 'right' },
      { title: 'n reference', align: 'right' },
      { title: 'n current', align: 'right' },
    ],
    rows,
  )
}
