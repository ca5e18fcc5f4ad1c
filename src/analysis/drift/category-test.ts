import { type ContingencyTest, chiSquareTest, gTest } from '../../stats/chi-square.ts'
import { fisherExact } from '../../stats/fisher-exact.ts'
import { fisherExactTable } from '../../stats/fisher-exact-table.ts'
import type { Outcome } from '../../stats/outcome.ts'
import type { CategoricalTest } from '../parameters.ts'
import type { ComparisonTest } from './comparison.ts'

/** Expected counts below this make Pearson's p-value rough. */
const minExpected = 5
/** Tables up to this many categories and values are counted out where a count is too small: some ten milliseconds. */
const exactCategories = 5
const exactValues = 300

/**
 * Test of the same shares in two samples, safe for rare categories.
 *
 * By itself: chi-square where every expected count is at least five, else Fisher's exact test (Freeman and Halton's for more than
 * two categories) of small tables, else chi-square with the categories of which either sample expects fewer than five added up
 * to one (Cochran's rule). If then two categories remain and an expected count is still below five, Fisher's test decides; if
 * one remains, no test can: null. `wanted` takes another test; Fisher's gives way to chi-square where a table is too large to
 * count. `plain` is chi-square without any of this, as textbooks and other tools give it. O(categories) but for Fisher's test.
 */
export function testCategories(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  wanted: CategoricalTest = 'auto',
): { readonly test: ComparisonTest | null; readonly plain: Outcome<ContingencyTest> } {
  const plain = chiSquareTest(reference, current)
  if (plain.status === 'insufficient') return { test: null, plain }
  const isExact = wanted === 'fisher' || (wanted === 'auto' && plain.minExpected < minExpected && isSmall(plain))
  if (isExact) {
    const fisher = fisherExactTable(reference, current)
    const reason = wanted === 'fisher' ? 'asked for' : 'an expected count is below five and the table is small'
    if (fisher.status === 'ok' && fisher.pValue !== null)
      return { test: { name: 'Fisher', statistic: null, pValue: fisher.pValue, reason }, plain }
  }
  const [name, compute] = wanted === 'g' ? (['G', gTest] as const) : (['chi-square', chiSquareTest] as const)
  if (plain.minExpected >= minExpected) {
    const outcome = wanted === 'g' ? compute(reference, current) : plain
    const reason = 'every expected count is at least five'
    return { test: outcome.status === 'ok' ? { ...pick(outcome), name, reason } : null, plain }
  }
  const kept = joinRare(reference, current, plain)
  const pooled = compute(
    kept.map(([count]) => count),
    kept.map(([, count]) => count),
  )
  if (pooled.status === 'insufficient') return { test: null, plain }
  if (pooled.minExpected < minExpected && kept.length === 2) {
    const fisher = fisherExact(kept[0][0], kept[1][0], kept[0][1], kept[1][1])
    const reason = 'two cells are left and a count is small'
    if (fisher.status === 'ok')
      return { test: { name: 'Fisher', statistic: null, pValue: fisher.pValue, reason }, plain }
  }
  const reason = 'expected counts below five are added up'
  return { test: { ...pick(pooled), name: `${name}, rare categories together`, reason }, plain }
}

const isSmall = ({ degreesOfFreedom, n }: ContingencyTest) =>
  degreesOfFreedom < exactCategories && n.reference + n.current <= exactValues

/** Counts of both samples with the rare categories as one. */
function joinRare(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  { n: { reference: n, current: m } }: ContingencyTest,
): (readonly [number, number])[] {
  // A category is rare when the smaller sample expects too few of it.
  const rareBelow = (minExpected * (n + m)) / Math.min(n, m)
  const kept: (readonly [number, number])[] = []
  let rare: readonly [number, number] = [0, 0]
  for (let i = 0; i < reference.length; i++) {
    const pair = [reference[i], current[i]] as const
    if (pair[0] + pair[1] < rareBelow) rare = [rare[0] + pair[0], rare[1] + pair[1]]
    else kept.push(pair)
  }
  if (rare[0] + rare[1] === 0) return kept
  // Should the rare ones together still be rare, the next rarest joins them, as long as two cells remain.
  if (rare[0] + rare[1] < rareBelow && kept.length > 2) {
    kept.sort((x, y) => y[0] + y[1] - (x[0] + x[1]))
    const [next] = kept.splice(-1)
    rare = [rare[0] + next[0], rare[1] + next[1]]
  }
  kept.push(rare)
  return kept
}

const pick = ({ statistic, pValue }: ContingencyTest) => ({ statistic, pValue })
