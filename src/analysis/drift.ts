import type { SchemaSpec } from '../contract/model.ts'
import type { SetApart } from '../contract/sensor-fault.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { type AnalysisContext, type Answer, throwIfCancelled } from './answer.ts'
import { type GatedSamples, keptOf, saySetApart } from './device/set-apart.ts'
import { compareCounts, countCategories } from './drift/categorical.ts'
import { type Comparison, incomparable } from './drift/comparison.ts'
import { describeDrift } from './drift/describe.ts'
import { compareNumeric } from './drift/numeric.ts'
import { type ColumnPair, hasValue, pairColumns } from './drift/pairs.ts'
import type { PreparedReferences } from './drift/prepared-references.ts'
import { findingOf, plainEstimate } from './estimates.ts'
import { decomposeDrift } from './fleet/decompose-drift.ts'
import { type PartColumn, partColumns } from './fleet/part-columns.ts'
import { compareTogether } from './multivariate/compare-together.ts'
import { buildVerdictPanel } from './panel/verdict-panel.ts'
import type { ParametersOf } from './parameters.ts'

export interface DriftInput {
  readonly reference: SampleTable
  readonly current: SampleTable
  /** Says which columns are images (left out) and which class is positive; may be absent. */
  readonly schema: SchemaSpec | null
  /** Keeps what is costly to know of the reference from one question to the next. */
  readonly prepared?: PreparedReferences
  /** Samples that the sensor gate keeps out, column by column. */
  readonly gated?: GatedSamples | null
}

/**
 * Whether inputs, prediction, scores and label are distributed as in the reference, column by column, from the samples.
 *
 * A column has drifted when an effect measure is above its threshold AND a test survives Benjamini–Hochberg across all
 * columns tested together; see `judgeTogether` for every status, `compareNumeric` and `compareCounts` for the measures.
 * Shares are fractions, missing and infinite values are compared as a share of their own. Columns that one side lacks, that
 * change type or that hold no value are `insufficient` with the reason. Findings: the deciding effect of each column, the
 * change of its missing share where there is one (`missingShareDifference`), and `driftedShare` over the inputs; with `gated`,
 * `setApartShare`: samples whose sensors could not be trusted do not answer for the columns that rest on them (`gateSamples`).
 * Throws AnalysisCancelled. O(columns · n log n).
 */
export function analyzeDrift(
  { reference, current, schema, prepared, gated = null }: DriftInput,
  parameters: ParametersOf<'drift'>,
  context: AnalysisContext,
): Answer<'drift'> {
  const given = pairColumns(reference, current, schema, parameters)
  const pairs = given.map((pair) => withoutFaulty(pair, gated))
  const comparisons = pairs.map((pair, i) => {
    throwIfCancelled(context)
    const comparison = compareColumns(pair, parameters, prepared, isLost(given[i], pair))
    context.onProgress((i + 1) / pairs.length)
    // A label that has not come yet is no missing value.
    return pair.role === 'label' ? { ...comparison, missing: { reference: 0, current: 0 } } : comparison
  })
  const alone = describeDrift(comparisons, parameters)
  const parts = partColumns(reference, current, schema, parameters.partsBy)
  const parted = withParts(alone, pairs, parts, gated, parameters)
  const judged = parameters.panel ? withPanels(parted, pairs, parameters, context) : parted
  const shown = parameters.multivariate ? withMultivariate(judged, wholePairs(pairs), parameters, context) : judged
  return gated === null ? shown : withSetApart(shown, gated.setApart)
}

/** Adds what the inputs show together; the headline tells where no single column does. */
function withMultivariate(
  answer: Answer<'drift'>,
  pairs: readonly ColumnPair[],
  parameters: ParametersOf<'drift'>,
  context: AnalysisContext,
): Answer<'drift'> {
  const { detail, findings } = compareTogether(pairs, parameters, context)
  const breach = [detail.domainClassifier, detail.reconstruction].find(({ status }) => status === 'breach')
  return {
    headline:
      breach === undefined || answer.headline.status === 'breach'
        ? answer.headline
        : { status: 'breach', text: `No single column has drifted, but together they have. ${breach.sentence}` },
    findings: [...answer.findings, ...findings],
    detail: { ...answer.detail, multivariate: detail },
  }
}

/** Takes the drift of drifted columns apart by device, firmware, site and time of day. */
function withParts(
  answer: Answer<'drift'>,
  pairs: readonly ColumnPair[],
  parts: readonly PartColumn[],
  gated: GatedSamples | null,
  parameters: ParametersOf<'drift'>,
): Answer<'drift'> {
  if (parts.length === 0) return answer
  const features = answer.detail.features.map((feature, i) => {
    const { name, role, reference, current } = pairs[i]
    if (!feature.verdict.isDrifted || reference === null || current === null) return feature
    const keep = gated?.keepFor(name, role) ?? null
    const own = parts.flatMap((part) => {
      if (part.by === name) return []
      const kept = keep === null ? part.current : keptOf(part.current, keep)
      return kept.type === 'categorical' ? [{ ...part, current: kept }] : []
    })
    const found = decomposeDrift({ reference, current }, own, parameters)
    return found.length === 0 ? feature : { ...feature, parts: found }
  })
  return { ...answer, detail: { ...answer.detail, features } }
}

/** Lays the default rules of other tools beside each verdict. */
function withPanels(
  answer: Answer<'drift'>,
  pairs: readonly ColumnPair[],
  { alpha }: ParametersOf<'drift'>,
  context: AnalysisContext,
): Answer<'drift'> {
  const inputs = pairs.filter(({ role }) => role === 'feature').length
  const features = answer.detail.features.map((feature, i) => {
    throwIfCancelled(context)
    const { reference, current } = pairs[i]
    if (reference === null || current === null || !hasValue(reference) || !hasValue(current)) return feature
    const panel = buildVerdictPanel({ reference, current }, feature, inputs, alpha)
    return panel === undefined ? feature : { ...feature, panel }
  })
  return { ...answer, detail: { ...answer.detail, features } }
}

function withoutFaulty(pair: ColumnPair, gated: GatedSamples | null): ColumnPair {
  const keep = gated?.keepFor(pair.name, pair.role) ?? null
  return keep === null || pair.current === null ? pair : { ...pair, current: keptOf(pair.current, keep) }
}

/** Those of which the gate took nothing that it left to others: together they have rows. */
function wholePairs(pairs: readonly ColumnPair[]): ColumnPair[] {
  const sizeOf = ({ current }: ColumnPair) => (current === null ? 0 : lengthOf(current))
  const most = Math.max(0, ...pairs.filter(({ role }) => role === 'feature').map(sizeOf))
  return pairs.filter((pair) => pair.current === null || sizeOf(pair) === most)
}

/** Whether the gate leaves no value of a column that has some. */
const isLost = (given: ColumnPair, pair: ColumnPair) =>
  given.current !== null && pair.current !== null && hasValue(given.current) && !hasValue(pair.current)

/** The same answer, which says what it was not asked of. */
export function withSetApart({ headline, findings, detail }: Answer<'drift'>, setApart: SetApart): Answer<'drift'> {
  const message = saySetApart(setApart)
  const share = plainEstimate(setApart.n / setApart.of, setApart.of)
  const finding = findingOf({ metric: 'setApartShare' }, share, { unit: 'share', status: 'ok', message })
  return {
    headline: { ...headline, text: `${headline.text}; ${message}` },
    findings: [...findings, finding],
    detail: { ...detail, setApart },
  }
}

/** Present values of a column (finite ones, if numeric) and the others. */
function countPresent(column: Column | null): { present: number; missing: number } {
  if (column === null) return { present: 0, missing: 0 }
  let present = 0
  if (column.type === 'numeric') for (const value of column.values) present += Number.isFinite(value) ? 1 : 0
  else for (const code of column.codes) present += code >= 0 ? 1 : 0
  return { present, missing: lengthOf(column) - present }
}

const lengthOf = (column: Column) => (column.type === 'numeric' ? column.values : column.codes).length

function compareColumns(
  pair: ColumnPair,
  parameters: ParametersOf<'drift'>,
  prepared: PreparedReferences | undefined,
  isGatedOut: boolean,
): Comparison {
  const { name, role, reference, current } = pair
  const refuse = (problem: string) => {
    const [before, now] = [countPresent(reference), countPresent(current)]
    return incomparable(
      {
        name,
        role,
        // A column without values has no type of its own.
        type: (before.present > 0 ? reference?.type : (current?.type ?? reference?.type)) ?? 'categorical',
        n: { reference: before.present, current: now.present },
        missing: { reference: before.missing, current: now.missing },
        isExact: true,
      },
      problem,
    )
  }
  if (reference === null && current === null) return refuse('neither side has this column')
  if (reference === null) return refuse('the reference has no such column')
  if (current === null) return refuse('the current data has no such column')
  if (!hasValue(reference)) return refuse('the reference holds no value of it')
  if (isGatedOut) return refuse('no sample with a trustworthy sensor is left')
  if (!hasValue(current)) return refuse('there is no value of it now')
  if (reference.type === 'numeric' && current.type === 'numeric')
    return compareNumeric({ name, role }, reference, current, parameters, prepared)
  if (reference.type === 'categorical' && current.type === 'categorical')
    return compareCounts({ name, role, isExact: true }, countCategories(reference, current), parameters)
  const kind = { numeric: 'numbers', categorical: 'categories' }
  return refuse(`it holds ${kind[reference.type]} in the reference and ${kind[current.type]} now`)
}
