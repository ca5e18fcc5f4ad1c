import type { LabelBias, LabelBiasParameters } from '../contract/label-bias.ts'
import type { Estimate, Status } from '../contract/primitives.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { createRandom } from '../stats/random.ts'
import { type AnalysisContext, throwIfCancelled } from './answer.ts'
import { measureDisparity } from './bias-disparity.ts'
import { judgeTargets, objectionTo } from './bias-targets.ts'
import { noEstimate, shareEstimate, worstStatus } from './estimates.ts'
import { largestDifference } from './fairness-contrasts.ts'
import { countGroups, countWithin, type GroupCounts, type Grouping, matchClass, sizeOf } from './fairness-groups.ts'
import { nameOfGroup, valuesOf } from './fairness-rows.ts'
import { classCodes, listClasses, tooManyClasses } from './performance/codes.ts'
import { sayCount, sayEstimate, sayList, sayMany, sayNumber, sayShare } from './wording.ts'

export interface LabelBiasInput {
  readonly table: SampleTable
  readonly classes: readonly string[]
  /** Of two classes the one whose shares are compared; several are compared each against the rest. */
  readonly positiveClass: string | null
}

type Labels = LabelBias['labels'][number]

/**
 * What the labels of a dataset prefer, before a model learns it: how uneven the classes are, and how far from declared shares; how
 * many rows each group has; how far the groups' label shares lie apart; and demographic disparity, over all rows and within the
 * levels of control columns.
 *
 * - Evenness is Shannon's entropy of the class shares over that of equal ones. Shares have Wilson intervals, and against a target
 *   an exact binomial test, corrected by Benjamini–Hochberg across classes.
 * - The difference of label shares is the largest between two judged groups, with an interval that holds for the pair found.
 * - Disparity: see `measureDisparity`.
 *
 * Rows without a label count nowhere; groups below `minimumGroupSize` rows, or without a value, are shown and not judged.
 * What cannot be asked is answered `insufficient` with the reason. O(n · (columns + classes) + resamples · cells).
 */
export function analyzeLabelBias(
  { table, classes: declared, positiveClass }: LabelBiasInput,
  parameters: LabelBiasParameters,
  context: AnalysisContext,
): LabelBias {
  const { groupColumns, controlColumns, targetShares, maxGroups } = parameters
  const { label } = table
  const absent = [...groupColumns, ...controlColumns].filter((name) => !table.columns.has(name))
  if (label === null) return refuse('the rows have no labels', parameters)
  if (absent.length > 0) return refuse(`the rows have no column ${sayList(absent)}`, parameters)
  const classes = listClasses(declared, [label])
  const obstacle = tooManyClasses(classes)
  if (obstacle !== null) return refuse(obstacle, parameters)
  const counts = new Array<number>(classes.names.length).fill(0)
  for (const code of classCodes(label, classes)) if (code >= 0) counts[code]++
  const n = counts.reduce((sum, hits) => sum + hits, 0)
  if (n === 0) return refuse('no row has a label', parameters)
  const objection = targetShares && objectionTo(targetShares, classes.names)
  if (objection !== null) return refuse(objection, parameters)

  const targets = judgeTargets(counts, n, classes.names, targetShares, parameters)
  const compared =
    groupColumns.length === 0 ? [] : isBinary(positiveClass, classes.names) ? [positiveClass] : classes.names
  const columnsOf = (names: readonly string[]) => names.map((name) => table.columns.get(name) as Column)
  const labels: Labels[] = []
  let grouping: Grouping | null = null
  for (const [i, className] of compared.entries()) {
    throwIfCancelled(context)
    const isClass = matchClass(label, className)
    grouping = countGroups(columnsOf(groupColumns), isClass, null, maxGroups)
    const levels = controlColumns.length === 0 ? null : countGroups(columnsOf(controlColumns), isClass, null, maxGroups)
    const strata =
      levels && countWithin(grouping, levels, isClass, null).filter((_, level) => !levels.groups[level].hasMissing)
    labels.push(compareLabels(className, grouping, strata, parameters, () => throwIfCancelled(context)))
    context.onProgress((i + 1) / compared.length)
  }
  const groups = grouping === null ? [] : rowsOf(grouping, n, parameters)
  const status = worstStatus([...targets, ...labels].map((each) => each.status))
  const [most, least] = [Math.max(...counts), Math.min(...counts)]
  return {
    headline: { status, text: sentenceOf(targets, counts, labels, groups, parameters) },
    n,
    unlabelled: table.n - n,
    classes: targets,
    imbalance: { ratio: least === 0 ? null : most / least, evenness: evennessOf(counts, n) },
    groupColumns: [...groupColumns],
    controlColumns: [...controlColumns],
    groups,
    labels,
  }
}

const isBinary = (positiveClass: string | null, names: readonly string[]): positiveClass is string =>
  positiveClass !== null && names.length <= 2

/** How many rows each group has: a group that is rarely seen is rarely learnt. */
function rowsOf(
  { groups }: Grouping,
  n: number,
  { groupColumns, confidence, minimumGroupSize }: LabelBiasParameters,
): LabelBias['groups'] {
  const largest = Math.max(1, ...groups.map(({ counts }) => sizeOf(counts)))
  return groups.map(({ values, counts, hasMissing }) => {
    const size = sizeOf(counts)
    return {
      group: valuesOf(groupColumns, values),
      n: size,
      share: shareEstimate(size, n, confidence),
      imbalance: (size - largest) / (size + largest),
      status: hasMissing || size < minimumGroupSize ? 'insufficient' : 'ok',
    }
  })
}

/** Shares of one label by group, their largest difference and each group's disparity. */
function compareLabels(
  className: string,
  { groups }: Grouping,
  strata: readonly (readonly GroupCounts[])[] | null,
  { groupColumns, confidence, resamples, seed, minimumGroupSize, maxDifference }: LabelBiasParameters,
  check: () => void,
): Labels {
  const options = { confidence, resamples, random: createRandom(seed), check }
  const isJudged = groups.map(({ counts, hasMissing }) => !hasMissing && sizeOf(counts) >= minimumGroupSize)
  const judged = groups.flatMap(({ counts }, group) =>
    isJudged[group] ? [{ group, cells: [{ hits: counts.selectedUnlabelled, n: sizeOf(counts) }] }] : [],
  )
  const gap = largestDifference([judged], options)
  const total = judged.reduce((sum, { cells }) => sum + cells[0].n, 0)
  const difference: Estimate =
    gap === null
      ? noEstimate(total, 'fewer than two groups are large enough')
      : { value: gap.value, n: total, interval: gap.interval }
  const isKnown = groups.map(({ hasMissing }) => !hasMissing)
  const disparity = measureDisparity([groups.map(({ counts }) => counts)], isKnown, options)
  const conditionalDisparity = strata && measureDisparity(strata, isKnown, options)
  // What the control explains is no bias of the labels: where there is one, the disparity given it is judged.
  const telling = (conditionalDisparity ?? disparity).filter((_, group) => isJudged[group])
  const end = (extreme: { readonly group: number } | undefined) =>
    extreme ? valuesOf(groupColumns, groups[extreme.group].values) : null
  return {
    className,
    byGroup: groups.map(({ counts }) => shareEstimate(counts.selectedUnlabelled, sizeOf(counts), confidence)),
    difference,
    higher: end(gap?.higher),
    lower: end(gap?.lower),
    disparity,
    conditionalDisparity,
    status: worstStatus([difference, ...telling].map((each) => statusOf(each, maxDifference))),
  }
}

/** `breach` when all of the interval lies past the limit on one side, `warning` when only the value does. */
function statusOf({ value, interval }: Estimate, limit: number): Status {
  if (value === null || interval === null) return 'insufficient'
  if (Math.abs(value) <= limit) return 'ok'
  return interval[0] > limit || interval[1] < -limit ? 'breach' : 'warning'
}

function evennessOf(counts: readonly number[], n: number): number | null {
  if (counts.length < 2) return null
  const entropy = counts.reduce((sum, hits) => (hits === 0 ? sum : sum - (hits / n) * Math.log(hits / n)), 0)
  return entropy / Math.log(counts.length)
}

function sentenceOf(
  targets: LabelBias['classes'],
  counts: readonly number[],
  labels: readonly Labels[],
  groups: LabelBias['groups'],
  { groupColumns, controlColumns }: LabelBiasParameters,
): string {
  const parts: string[] = []
  const off = targets.filter(({ status }) => status === 'breach' || status === 'warning')
  if (off.length > 0) {
    const worst = off.reduce((most, each) =>
      Math.abs(each.difference?.value ?? 0) > Math.abs(most.difference?.value ?? 0) ? each : most,
    )
    parts.push(
      `${sayShare(worst.share.value ?? 0)} of the labels are ${worst.className}, and ${sayShare(worst.target ?? 0)} should be`,
    )
  }
  const apart = labels.filter(({ difference }) => difference.value !== null)
  if (apart.length > 0) {
    const worst = apart.reduce((most, each) =>
      (each.difference.value ?? 0) > (most.difference.value ?? 0) ? each : most,
    )
    const { className, difference, higher, lower } = worst
    const rate = (group: Record<string, string> | null) => {
      const place = groups.findIndex((each) => JSON.stringify(each.group) === JSON.stringify(group))
      return `${sayShare(worst.byGroup[place]?.value ?? 0)} of ${nameOfGroup(
        groupColumns,
        groupColumns.map((column) => group?.[column] ?? ''),
      )}`
    }
    parts.push(
      `${className} is the label of ${rate(higher)} and ${rate(lower)}, a difference of ${sayEstimate(difference)}`,
    )
    const { conditionalDisparity } = worst
    if (conditionalDisparity !== null) {
      const known = conditionalDisparity.flatMap((each, group) =>
        each.value === null || groups[group].status === 'insufficient' ? [] : [{ ...each, group }],
      )
      if (known.length > 0) {
        const largest = known.reduce((most, each) =>
          Math.abs(each.value ?? 0) > Math.abs(most.value ?? 0) ? each : most,
        )
        const { group } = groups[largest.group]
        parts.push(
          `given ${controlColumns.join(' × ')} the disparity of ${nameOfGroup(Object.keys(group), Object.values(group))} is ${sayEstimate(largest)}`,
        )
      }
    }
  } else if (groups.length > 0) parts.push('fewer than two groups are large enough to be compared')
  const n = counts.reduce((sum, hits) => sum + hits, 0)
  const least = Math.min(...counts)
  const uneven =
    least === 0 ? 'a declared class has no label' : `the classes stand ${sayNumber(Math.max(...counts) / least)} to 1`
  if (parts.length === 0 || off.length === 0) parts.push(uneven)
  const text = parts.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} (${sayMany(n, 'label')}${counts.length > 2 ? ` of ${sayCount(counts.length)} classes` : ''})`
}

function refuse(reason: string, { groupColumns, controlColumns }: LabelBiasParameters): LabelBias {
  return {
    headline: { status: 'insufficient', text: `Bias of the labels cannot be judged: ${reason}` },
    n: 0,
    unlabelled: 0,
    classes: [],
    imbalance: { ratio: null, evenness: null },
    groupColumns: [...groupColumns],
    controlColumns: [...controlColumns],
    groups: [],
    labels: [],
  }
}
