import type { SchemaSpec } from '../contract/model.ts'
import type { Estimate, Headline, Status, Window } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import type { SampleTable } from '../contract/table.ts'
import { type AnalysisContext, type Answer, type AnswerFinding, throwIfCancelled } from './answer.ts'
import { findingOf, plainEstimate, shareEstimate, worstStatus } from './estimates.ts'
import { type ColumnFacts, checkColumn, type Expectation } from './integrity/check-column.ts'
import { countDuplicates } from './integrity/duplicates.ts'
import { expectColumns, expectNothing } from './integrity/expect.ts'
import type { ParametersOf } from './parameters.ts'
import { sayCount, sayDuration, sayList, sayMany, sayNumber, sayShare } from './wording.ts'

export interface IntegrityInput {
  readonly current: SampleTable
  readonly reference: SampleTable | null
  readonly schema: SchemaSpec | null
  /** Freshness is measured at its end. */
  readonly window: Window | null
  /** Columns that are there and not looked at. */
  readonly ignoredColumns: readonly string[]
  /** Rows that were refused because a column had the wrong type, by column; they are not in `current`. */
  readonly wrongTypes: Readonly<Record<string, number>>
  /** Samples that the sources numbered and that never came. */
  readonly missingSequence: number
  /** Files that samples name, and how many of them are gone for want of room; absent where no column holds files. */
  readonly files?: { readonly named: number; readonly gone: number }
}

type IntegrityColumn = DetailOf<'integrity'>['columns'][number]

/** In fewer rows than this, missing values do not yet make a missing column. */
const fewestForSilence = 20

interface Judged {
  readonly column: IntegrityColumn
  readonly findings: readonly AnswerFinding[]
  /** Whether nothing at all arrives for a column that must be there. */
  readonly isSilent: boolean
  /** Whether it stands still although it varied in the reference. */
  readonly hasFrozen: boolean
}

/**
 * Whether the data are whole: missing values, wrong types, values out of range, unseen categories, repeated rows, columns that are
 * missing, new or constant, stale data and lost samples.
 *
 * What is right comes from the schema; without one from the reference, whose range is widened by `rangeMargin`. Categories of a
 * reference are known unless most of its values differ. A required column that is absent, or holds no value in at least twenty
 * rows, counts as missing. Findings per column: `missingShare` (required columns), `wrongTypeShare`, `outOfRangeShare`,
 * `unseenCategoryShare`, each where it can be told, with Wilson's interval; overall `duplicateShare`, `missingColumns`,
 * `constantColumns`, `lostSamples`, `goneFiles` (where columns hold files),
 * `lostShare` (where any is missing: of those that came and those missing), `freshnessMs`. Without limits a share warns above `warningShare` and breaches above `breachShare` when its interval lies above
 * `warningShare`; missing values and repeated rows count as far as they exceed the reference's. No rows: `insufficient`.
 * Throws AnalysisCancelled. O(rows · columns).
 */
export function analyzeIntegrity(
  input: IntegrityInput,
  parameters: ParametersOf<'integrity'>,
  context: AnalysisContext,
): Answer<'integrity'> {
  const { current, reference, schema, window } = input
  const ignored = new Set(input.ignoredColumns)
  const expectations = expectColumns(schema, reference, parameters.rangeMargin)
  const known = new Set(expectations?.map(({ name }) => name))
  const extraColumns =
    expectations === null ? [] : [...current.columns.keys()].filter((name) => !known.has(name) && !ignored.has(name))
  const asked = (expectations ?? []).filter(({ name }) => !ignored.has(name))
  for (const [name, column] of current.columns)
    if (!known.has(name) && !ignored.has(name)) asked.push(expectNothing(name, column))

  const absent: string[] = []
  const judged: Judged[] = []
  asked.forEach((expected, i) => {
    throwIfCancelled(context)
    const column = current.columns.get(expected.name)
    if (column === undefined) {
      // Where nothing came at all, no column in particular is missing.
      if (expected.isRequired && current.n > 0) absent.push(expected.name)
    } else judged.push(judgeColumn(checkColumn(column, expected), expected, input, parameters))
    context.onProgress((i + 1) / (asked.length + 1))
  })
  const missingColumns = [...absent, ...judged.filter(({ isSilent }) => isSilent).map(({ column }) => column.name)]
  const duplicates = countDuplicates(current)
  const freshnessMs = window === null ? null : freshness(current.at, window.to)
  context.onProgress(1)

  const findings = [
    ...judged.flatMap((one) => one.findings),
    duplicateFinding(duplicates, current.n, reference, parameters),
    countFinding('missingColumns', missingColumns.length, current.n, {
      status: current.n === 0 ? 'insufficient' : missingColumns.length > 0 ? 'breach' : 'ok',
      message:
        current.n === 0
          ? 'There is no sample that could hold the columns'
          : missingColumns.length === 0
            ? 'No column is missing'
            : `Nothing arrives for ${sayList(missingColumns)}`,
    }),
    frozenFinding(judged, current.n),
    countFinding('lostSamples', input.missingSequence, current.n + input.missingSequence, {
      status: input.missingSequence > 0 ? 'warning' : 'ok',
      message:
        input.missingSequence === 0
          ? 'No numbered sample is missing'
          : `${sayMany(input.missingSequence, 'sample')} that the source numbered never came`,
    }),
    ...lostShareFinding(input.missingSequence, current.n, parameters),
    ...(input.files === undefined ? [] : [filesFinding(input.files)]),
    ...(window === null ? [] : [freshnessFinding(freshnessMs, current.n, parameters)]),
  ]
  const detail: DetailOf<'integrity'> = {
    kind: 'integrity',
    n: current.n,
    columns: judged.map(({ column }) => column),
    duplicates,
    freshnessMs,
    missingColumns,
    extraColumns,
  }
  return { headline: headlineOf(findings, current.n, judged.length), findings, detail }
}

function lostShareFinding(missing: number, n: number, parameters: ParametersOf<'integrity'>): AnswerFinding[] {
  if (missing === 0) return []
  const share = shareEstimate(missing, n + missing, parameters.confidence)
  const message = `${sayShare(share.value ?? 0)} of the samples never came (${sayMany(missing, 'number')} of their sources are missing)`
  return [
    findingOf({ metric: 'lostShare' }, share, { unit: 'share', status: shareStatus(share, 0, parameters), message }),
  ]
}

function judgeColumn(
  facts: ColumnFacts,
  expected: Expectation,
  { wrongTypes }: IntegrityInput,
  parameters: ParametersOf<'integrity'>,
): Judged {
  const { name } = expected
  const { n, missing, outOfRange } = facts
  const refused = Object.hasOwn(wrongTypes, name) ? wrongTypes[name] : 0
  const wrongType = facts.wrongType + refused
  const present = n - missing
  const unseen = [...facts.unseen.values()].reduce((sum, count) => sum + count, 0)
  const findings: AnswerFinding[] = []
  const problems: string[] = []
  const add = (metric: string, hits: number, of: number, allowed: number, say: (share: string) => string) => {
    const share = shareEstimate(hits, of, parameters.confidence)
    const status = shareStatus(share, allowed, parameters)
    const text = share.value === null ? 'there is no row' : say(sayShare(share.value))
    if (status === 'warning' || status === 'breach') problems.push(text)
    findings.push(
      findingOf({ metric, column: name }, share, {
        status,
        unit: 'share',
        message: `${name}: ${text} (n ${sayCount(of)})`,
      }),
    )
  }
  if (expected.isRequired) {
    const before = expected.missingShare > 0 ? `, ${sayShare(expected.missingShare)} in the reference` : ''
    add('missingShare', missing, n, expected.missingShare, (share) => `${share} missing${before}`)
  }
  if (expected.type === 'numeric' || refused > 0)
    add('wrongTypeShare', wrongType, n + refused, 0, (share) => `${share} of the wrong type`)
  if (expected.range !== null) {
    const [low, high] = expected.range
    add(
      'outOfRangeShare',
      outOfRange,
      present,
      0,
      (share) => `${share} outside ${sayNumber(low)} to ${sayNumber(high)}`,
    )
  } else if (expected.type === 'numeric') add('outOfRangeShare', outOfRange, present, 0, (share) => `${share} infinite`)
  if (expected.categories !== null && expected.type === 'categorical')
    add('unseenCategoryShare', unseen, present, 0, (share) => `${share} in categories that were never seen before`)
  const hasFrozen = facts.isConstant && expected.varied === true
  if (hasFrozen) problems.push('one and the same value, though it varied in the reference')
  const isSilent = expected.isRequired && n >= fewestForSilence && present === 0
  return {
    isSilent,
    hasFrozen,
    findings,
    column: {
      name,
      type: expected.type,
      n,
      missing,
      wrongType,
      outOfRange,
      unseenCategories: [...facts.unseen]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
        .slice(0, parameters.maxListed),
      isConstant: facts.isConstant,
      status:
        n === 0 ? 'insufficient' : worstStatus([...findings.map(({ status }) => status), hasFrozen ? 'warning' : 'ok']),
      problems,
    },
  }
}

function shareStatus(
  share: Estimate,
  allowed: number,
  { warningShare, breachShare }: ParametersOf<'integrity'>,
): Status {
  if (share.value === null || share.interval === null) return 'insufficient'
  if (share.value > allowed + breachShare && share.interval[0] > allowed + warningShare) return 'breach'
  return share.value > allowed + warningShare ? 'warning' : 'ok'
}

function countFinding(
  metric: string,
  value: number,
  n: number,
  rest: { status: Status; message: string },
): AnswerFinding {
  return findingOf({ metric }, { value, n, interval: null }, { ...rest, unit: 'count' })
}

function filesFinding({ named, gone }: NonNullable<IntegrityInput['files']>): AnswerFinding {
  return countFinding('goneFiles', gone, named, {
    status: named === 0 ? 'insufficient' : gone > 0 ? 'warning' : 'ok',
    message:
      named === 0
        ? 'No sample names a file'
        : gone === 0
          ? 'Every file that samples name is stored'
          : `${sayMany(gone, 'file')} of samples were removed or not kept for want of room; what was measured of them stays`,
  })
}

function frozenFinding(judged: readonly Judged[], n: number): AnswerFinding {
  const frozen = judged.filter(({ hasFrozen }) => hasFrozen).map(({ column }) => column.name)
  return countFinding('constantColumns', frozen.length, n, {
    status: frozen.length > 0 ? 'warning' : 'ok',
    message:
      frozen.length === 0
        ? 'No column stands still'
        : `${sayList(frozen)} ${frozen.length === 1 ? 'holds' : 'hold'} one and the same value, unlike the reference`,
  })
}

function duplicateFinding(
  duplicates: number,
  n: number,
  reference: SampleTable | null,
  parameters: ParametersOf<'integrity'>,
): AnswerFinding {
  const share = shareEstimate(duplicates, n, parameters.confidence)
  const before = reference === null || reference.n === 0 ? 0 : countDuplicates(reference) / reference.n
  const inReference = before > 0 ? `, ${sayShare(before)} in the reference` : ''
  return findingOf({ metric: 'duplicateShare' }, share, {
    status: shareStatus(share, before, parameters),
    unit: 'share',
    message:
      share.value === null
        ? 'There is no row that could repeat another'
        : `${sayMany(duplicates, 'row')} of ${sayCount(n)} (${sayShare(share.value)}) repeat an earlier one${inReference}`,
  })
}

/** Age of the newest sample at the end of the window; null when there is none. */
function freshness(at: Float64Array | null, to: number): number | null {
  let newest = Number.NEGATIVE_INFINITY
  for (const instant of at ?? []) if (instant > newest) newest = instant
  return Number.isFinite(newest) ? Math.max(0, to - newest) : null
}

function freshnessFinding(
  freshnessMs: number | null,
  n: number,
  { maxFreshnessMs }: ParametersOf<'integrity'>,
): AnswerFinding {
  const isStale = freshnessMs !== null && maxFreshnessMs !== null && freshnessMs > maxFreshnessMs
  return findingOf({ metric: 'freshnessMs' }, plainEstimate(freshnessMs, n), {
    status: freshnessMs === null ? 'insufficient' : isStale ? 'breach' : 'ok',
    unit: 'ms',
    message:
      freshnessMs === null
        ? 'No sample has a time from which its age could be told'
        : `The newest sample was ${sayDuration(freshnessMs)} old at the end of the window`,
  })
}

function headlineOf(findings: readonly AnswerFinding[], n: number, columns: number): Headline {
  if (n === 0) return { status: 'insufficient', text: 'There is no sample to check' }
  const status = worstStatus(findings.map((finding) => finding.status))
  if (status === 'ok' || status === 'insufficient')
    return { status: 'ok', text: `${sayMany(columns, 'column')} of ${sayMany(n, 'sample')} are whole` }
  const bad = findings.filter((finding) => finding.status === status)
  const more = bad.length > 1 ? `; ${sayMany(bad.length - 1, 'more fault')}` : ''
  return { status, text: `${bad[0].message}${more}` }
}
