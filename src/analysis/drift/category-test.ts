import { type ContingencyTest, chiSquareTest } from '../../stats/chi-square.ts'
import { fisherExact } from '../../stats/fisher-exact.ts'
import type { Outcome } from '../../stats/outcome.ts'
import type { ComparisonTest } from './comparison.ts'

/** Expected counts below this make Pearson's p-value rough. */
const minExpected = 5

/**
 * Chi-square test of the same shares in two samples, safe for rare categories.
 *
 * Categories of which either sample expects fewer than five are added up to one (Cochran's rule). If two categories remain
 * and an expected count is still below five, Fisher's exact test decides; if one remains, no test can: null. `plain` is the
 * test without any of this, as textbooks and other tools give it. O(categories).
 */
export function testCategories(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): { readonly test: ComparisonTest | null; readonly plain: Outcome<ContingencyTest> } {
  const plain = chiSquareTest(reference, current)
  if (plain.status === 'insufficient') return { test: null, plain }
  if (plain.minExpected >= minExpected) return { test: { ...pick(plain), name: 'chi-square' }, plain }

  const { reference: n, current: m } = plain.n
  // A category is rare when the smaller sample expects too few of it.
  const rareBelow = (minExpected * (n + m)) / Math.min(n, m)
  const kept: (readonly [number, number])[] = []
  let rare: readonly [number, number] = [0, 0]
  for (let i = 0; i < reference.length; i++) {
    const pair = [reference[i], current[i]] as const
    if (pair[0] + pair[1] < rareBelow) rare = [rare[0] + pair[0], rare[1] + pair[1]]
    else kept.push(pair)
  }
  if (rare[0] + rare[1] > 0) {
    // Should the rare ones together still be rare, the next rarest joins them, as long as two cells remain.
    if (rare[0] + rare[1] < rareBelow && kept.length > 2) {
      kept.sort((x, y) => y[0] + y[1] - (x[0] + x[1]))
      const [next] = kept.splice(-1)
      rare = [rare[0] + next[0], rare[1] + next[1]]
    }
    kept.push(rare)
  }
  const pooled = chiSquareTest(
    kept.map(([count]) => count),
    kept.map(([, count]) => count),
  )
  if (pooled.status === 'insufficient') return { test: null, plain }
  if (pooled.minExpected < minExpected && kept.length === 2) {
    const fisher = fisherExact(kept[0][0], kept[1][0], kept[0][1], kept[1][1])
    if (fisher.status === 'ok') return { test: { name: 'Fisher', statistic: null, pValue: fisher.pValue }, plain }
  }
  return { test: { ...pick(pooled), name: 'chi-square, rare categories together' }, plain }
}

const pick = ({ statistic, pValue }: ContingencyTest) => ({ statistic, pValue })
