import { uninterrupted } from '../../../analysis/answer.ts'
import { analyzeFairness } from '../../../analysis/fairness.ts'
import { isClassMetric, parametersOf } from '../../../analysis/parameters.ts'
import type { DetailOf } from '../../../contract/report.ts'
import { CliFault } from '../fault.ts'
import { suggest } from '../near-matches.ts'
import { type CommonOptions, type OutcomeOptions, parseParameters } from '../options.ts'
import { formatInterval, formatTable, formatValue } from '../output.ts'
import { type Asked, fromFindings, type Measured } from './asked.ts'
import { readOutcomes } from './outcomes.ts'

export type FairnessOptions = OutcomeOptions &
  CommonOptions & {
    readonly group: string[]
    readonly control?: string[]
    readonly privileged?: string[]
    readonly metric?: string[]
  }
type Detail = DetailOf<'fairness'>
type Row = Detail['overall']

const rates = [
  ['selectionRate', 'selected'],
  ['truePositiveRate', 'TPR'],
  ['falsePositiveRate', 'FPR'],
  ['precision', 'precision'],
  ['accuracy', 'accuracy'],
] as const

/** Compares how groups are treated. */
export async function askFairness(options: FairnessOptions): Promise<Asked> {
  const { group, control = [], privileged, metric = [] } = options
  for (const name of metric)
    if (!(metrics as readonly string[]).includes(name))
      throw new CliFault(`--metric: there is no metric “${name}”${suggest(name, metrics)}`)
  const parameters = parseParameters(parametersOf.fairness, {
    groupColumns: group,
    controlColumns: control,
    metrics: metric,
    ...(privileged && { privileged: toGroup(privileged, group) }),
    ...options.set,
  })
  const { groupColumns, controlColumns } = parameters
  const { table, task, facts, notes } = await readOutcomes(options, [...groupColumns, ...controlColumns])
  const isRegression = task.task === 'regression'
  const strange = metrics.filter((name) => metric.includes(name) && isClassMetric(name) === isRegression)
  if (strange.length > 0)
    throw new CliFault(
      `--metric ${strange.join(',')}: ${isRegression ? 'a regression has no classes; there are' : 'predictions are classes; there are'} ${metrics.filter((name) => isClassMetric(name) !== isRegression).join(', ')}`,
    )
  if (isRegression && privileged !== undefined)
    throw new CliFault(
      '--privileged: selection is measured against a privileged group, and a regression selects nobody',
    )
  if (!isRegression && task.positiveClass === null)
    throw new CliFault(`--positive: say which class is compared; there are ${task.classes.slice(0, 10).join(', ')}`)
  const answer = analyzeFairness({ current: table, ...task }, parameters, uninterrupted)
  const { kind: _, ...detail } = answer.detail
  const given = Object.keys(detail.control?.combined ?? {}).length
  return {
    headline: answer.headline,
    json: detail,
    files: { data: facts },
    parameters,
    notes,
    measured: [
      // A measure given controls keeps its place, so that one limit can be set on either.
      ...fromFindings(answer.findings).map((found, i) => ({
        ...found,
        of: i < answer.findings.length - given ? null : found.of,
      })),
      ...(detail.numbers ? [] : detail.groups.flatMap(measuredOf)),
      ...(detail.frames ?? []).flatMap((frame) => measuredInFrame(frame, detail.groups)),
    ],
    text: () => textOf(answer.detail),
  }
}

const metrics = parametersOf.fairness.shape.metrics.unwrap().element.options

/** Reads `race=White`, once for each group column. */
function toGroup(given: readonly string[], groupColumns: readonly string[]): Record<string, string> {
  const pairs = given.map((text) => {
    const at = text.indexOf('=')
    const column = text.slice(0, at)
    if (at < 1 || !groupColumns.includes(column))
      throw new CliFault(
        `--privileged ${text}: say column=value of a --group column; those are ${groupColumns.join(', ')}`,
      )
    return [column, text.slice(at + 1)]
  })
  return Object.fromEntries(pairs)
}

const nameOf = (group: Row['group']) =>
  Object.entries(group)
    .map(([column, value]) => `${column}=${value}`)
    .join(', ')

/** The rates of a group, so that a limit can be set on the worst one. */
function measuredOf({ group, status, ...row }: Row): Measured[] {
  const isSmall = status === 'insufficient'
  return rates.map(([metric]) => ({
    metric,
    of: nameOf(group),
    ...row[metric],
    pValue: null,
    ...(isSmall ? { note: 'the group is too small, or its value missing', isApart: true } : {}),
  }))
}

/** A metric that was asked for, group by group. */
function measuredInFrame({ metric, byGroup }: Part<'frames'>[number], groups: Detail['groups']): Measured[] {
  if (rates.some(([usual]) => usual === metric)) return []
  return groups.map(({ group, status }, i) => ({
    metric,
    of: nameOf(group),
    ...byGroup[i],
    pValue: null,
    ...(status === 'insufficient' && { note: 'the group is too small, or its value missing', isApart: true }),
  }))
}

function textOf(detail: Detail): string {
  const { groups, overall, measures, positiveClass, minimumGroupSize } = detail
  const cell = ({ value, interval }: Row['accuracy']) =>
    value === null ? '-' : `${formatValue(value)} (${formatInterval(interval)})`
  const rows = [...groups, overall].map((row, i) => [
    i === groups.length ? 'all' : nameOf(row.group),
    String(row.n),
    String(row.labelled),
    ...rates.map(([metric]) => cell(row[metric])),
    row.status === 'insufficient' ? 'not judged' : row.status,
  ])
  const groupTable = formatTable(
    [
      { title: 'group' },
      { title: 'n', align: 'right' },
      { title: 'labelled', align: 'right' },
      ...rates.map(([, title]) => ({ title, align: 'right' as const })),
      { title: '' },
    ],
    rows,
  )
  if (detail.numbers) return textOfNumbers(detail, detail.numbers)
  const sections = [
    `positive class ${positiveClass}; groups of fewer than ${minimumGroupSize} rows are not judged`,
    groupTable,
    measureTable('measure', measures),
    ...(detail.frames ? [frameTable(detail.frames)] : []),
    ...(detail.disparateImpact ? [impactTable(detail.disparateImpact)] : []),
    ...(detail.control ? [controlTables(detail.control)] : []),
    ...(detail.calibration ? [calibrationTable(detail.calibration)] : []),
    ...(detail.power ? [powerTable(detail.power)] : []),
  ]
  return sections.join('\n')
}

/** Of a regression: its metrics by group instead of rates. */
function textOfNumbers(
  detail: Detail,
  { tolerance, isToleranceNamed, deviation, deviationOf, matters }: Part<'numbers'>,
) {
  const { groups, overall, measures, frames = [], minimumGroupSize } = detail
  const cell = ({ value, interval }: Row['accuracy']) =>
    value === null ? '-' : `${formatValue(value)} (${formatInterval(interval)})`
  const rows = [...groups, overall].map((row, i) => [
    i === groups.length ? 'all' : nameOf(row.group),
    String(row.n),
    String(row.labelled),
    ...frames.map(({ byGroup, overall: all }) => cell(byGroup[i] ?? all)),
    row.status === 'insufficient' ? 'not judged' : row.status,
  ])
  const said = [
    `groups of fewer than ${minimumGroupSize} rows are not judged`,
    ...(matters === null
      ? []
      : [
          `differences matter from ${formatValue(matters)} on; the ${deviationOf} deviate by ${formatValue(deviation)}`,
        ]),
    ...(tolerance === null
      ? []
      : [`tolerance ${formatValue(tolerance)}${isToleranceNamed ? '' : ' (90th percentile of all errors)'}`]),
  ]
  return [
    said.join('; '),
    formatTable(
      [{ title: 'group' }, right('n'), right('labelled'), ...frames.map(({ metric }) => right(metric)), { title: '' }],
      rows,
    ),
    measureTable('measure', measures),
    frameTable(frames),
    ...(detail.control ? [controlTables(detail.control)] : []),
    ...(detail.power ? [powerTable(detail.power)] : []),
  ].join('\n')
}

const right = (title: string) => ({ title, align: 'right' as const })
type Part<K extends keyof Detail> = NonNullable<Detail[K]>

const measureTable = (title: string, measures: Detail['measures']) =>
  formatTable(
    [{ title }, right('value'), right('interval'), right('n'), { title: '' }],
    Object.entries(measures).map(([name, { value, interval, n, note }]) => [
      name,
      formatValue(value),
      formatInterval(interval),
      String(n),
      note ?? '',
    ]),
  )

const frameTable = (frames: Part<'frames'>) =>
  formatTable(
    [
      { title: 'metric' },
      right('overall'),
      right('largest difference'),
      right('smallest ratio'),
      { title: 'worst group' },
    ],
    frames.map(({ metric, overall, difference, ratio, worst }) => [
      metric,
      formatValue(overall.value),
      `${formatValue(difference.value)} (${formatInterval(difference.interval)})`,
      `${formatValue(ratio.value)} (${formatInterval(ratio.interval)})`,
      worst === null ? '-' : nameOf(worst),
    ]),
  )

const impactTable = ({ privileged, isNamed, ratios }: Part<'disparateImpact'>) =>
  formatTable(
    [
      { title: `selection against ${nameOf(privileged)}${isNamed ? '' : ' (the largest group)'}` },
      right('ratio'),
      right('interval'),
    ],
    ratios.map(({ group, ratio }) => [nameOf(group), formatValue(ratio.value), formatInterval(ratio.interval)]),
  )

function controlTables({ columns, levels, combined, coveredShare, leftOut }: Part<'control'>): string {
  const given = columns.join(' × ')
  const shown = shownMeasures.filter(([name]) => Object.hasOwn(combined, name))
  const byLevel = formatTable(
    [{ title: `given ${given}` }, right('n'), ...shown.map(([, title]) => right(title))],
    levels.map(({ level, n, measures }) => [
      nameOf(level),
      String(n),
      ...shown.map(([name]) => formatValue(measures[name]?.value ?? null)),
    ]),
  )
  const covered = `groups are compared within levels on ${formatValue(coveredShare * 100)} % of their rows${leftOut > 0 ? `; ${leftOut} levels are left out` : ''}`
  return `${measureTable(`over all levels of ${given}`, combined)}${covered}\n\n${byLevel}`
}
const shownMeasures = [
  ['demographicParityDifference', 'parity difference'],
  ['equalizedOddsDifference', 'odds difference'],
  ['predictiveParityDifference', 'precision difference'],
  ['accuracyDifference', 'accuracy difference'],
  ['maeDifference', 'MAE difference'],
  ['biasDifference', 'bias difference'],
  ['withinToleranceDifference', 'difference in share within tolerance'],
  ['meanPredictionDifference', 'mean prediction difference'],
] as const

const calibrationTable = (groups: Part<'calibration'>) =>
  formatTable(
    [
      { title: 'calibration' },
      right('n'),
      right('mean score'),
      right('observed'),
      right('observed - score'),
      right('interval'),
      right('expected error'),
    ],
    groups.map(({ group, n, meanScore, observed, bias, expectedError }) => [
      nameOf(group),
      String(n),
      formatValue(meanScore.value),
      formatValue(observed.value),
      formatValue(bias.value),
      formatInterval(bias.interval),
      formatValue(expectedError),
    ]),
  )

const powerTable = ({ difference, power, rates: needs }: Part<'power'>) =>
  formatTable(
    [
      { title: `to find a difference of ${difference} in ${Math.round(power * 100)} % of cases` },
      right('n a group'),
      right('rows a group'),
      { title: 'groups that have fewer' },
    ],
    needs.map(({ metric, neededN, neededRows, short }) => [
      metric,
      formatValue(neededN),
      formatValue(neededRows),
      neededN === null ? '-' : short.length === 0 ? 'none' : sayShort(short),
    ]),
  )

function sayShort(short: Part<'power'>['rates'][number]['short']): string {
  const said = short.slice(0, 4).map(({ group, n }) => `${nameOf(group)} (${n})`)
  return `${said.join('; ')}${short.length > 4 ? ` and ${short.length - 4} more` : ''}`
}
