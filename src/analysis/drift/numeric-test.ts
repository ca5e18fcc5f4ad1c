import { andersonDarlingSorted } from '../../stats/anderson-darling.ts'
import { cramerVonMisesSorted } from '../../stats/cramer-von-mises.ts'
import { countDistinct, countEachValue } from '../../stats/distinct-values.ts'
import type { Outcome } from '../../stats/outcome.ts'
import type { SortedSample } from '../../stats/sorted-sample.ts'
import type { WelchT } from '../../stats/welch-t.ts'
import type { NumericTest } from '../parameters.ts'
import { sayCount } from '../wording.ts'
import { testCategories } from './category-test.ts'
import type { ComparisonTest } from './comparison.ts'

/** Numbers with no more distinct values than this are tested as the categories that they are. */
const fewValues = 10

export interface KnownTests {
  readonly ks: { readonly statistic: number; readonly pValue: number; readonly method: 'exact' | 'asymptotic' } | null
  readonly welch: Outcome<WelchT>
}

/**
 * The test that decides about two samples of numbers; null where it cannot be done.
 *
 * By itself it takes Kolmogorov–Smirnov, but for numbers with at most ten distinct values, where ties make that test too slow to
 * reject, the tests of categories (see `testCategories`).
 */
export function testNumbers(
  a: SortedSample,
  b: SortedSample,
  { ks, welch }: KnownTests,
  wanted: NumericTest,
): ComparisonTest | null {
  const asked = 'asked for'
  switch (wanted) {
    case 'cramerVonMises': {
      const outcome = cramerVonMisesSorted(a, b)
      return outcome.status === 'ok' ? { name: 'Cramér–von Mises', ...pick(outcome), reason: asked } : null
    }
    case 'andersonDarling': {
      const outcome = andersonDarlingSorted(a, b)
      return outcome.status === 'ok' ? { name: 'Anderson–Darling', ...pick(outcome), reason: asked } : null
    }
    case 'welch':
      return welch.status === 'ok' ? { name: 'Welch', ...pick(welch), reason: asked } : null
    case 'categories':
      return asCategories(a, b, asked)
    case 'ks':
      return ks === null ? null : { name: 'KS', ...pick(ks), reason: asked }
    case 'auto': {
      const distinct = countDistinct(a, b, fewValues + 1)
      if (distinct <= fewValues)
        return asCategories(a, b, `${sayCount(distinct)} distinct values are tested as categories`)
      if (ks === null) return null
      const law = ks.method === 'exact' ? 'exact for so many values' : 'its limit holds for so many values'
      return { name: 'KS', ...pick(ks), reason: `numbers; ${law}` }
    }
  }
}

function asCategories(a: SortedSample, b: SortedSample, reason: string): ComparisonTest | null {
  const counts = countEachValue(a, b)
  const { test } = testCategories(counts.reference, counts.current)
  return test === null ? null : { ...test, reason: test.reason === undefined ? reason : `${reason}; ${test.reason}` }
}

const pick = ({ statistic, pValue }: { readonly statistic: number; readonly pValue: number }) => ({ statistic, pValue })
