import {
  type EvidentlyTest,
  evidentlyNames,
  isDriftedAsEvidently,
  jensenShannonInNats,
  pickAsEvidently,
  scoreAsEvidently,
  thresholdAsEvidently,
} from '../../../src/analysis/panel/evidently.ts'
import { countAsNannyml, jensenShannonAsNannyml } from '../../../src/analysis/panel/nannyml.ts'
import type { CategoricalSamples, Counts, NumericSamples, PanelSamples } from '../../../src/analysis/panel/samples.ts'
import { chiSquareTest } from '../../../src/stats/chi-square.ts'
import { cramerVonMisesSorted, standardised } from '../../../src/stats/cramer-von-mises.ts'
import { cramerVonMisesCdf } from '../../../src/stats/cramer-von-mises-distribution.ts'
import {
  hellingerDistance,
  jensenShannonDistance,
  jensenShannonDivergence,
  largestShareDifference,
  populationStabilityIndex,
  totalVariationDistance,
} from '../../../src/stats/divergences.ts'
import { countSortedIntoBins, equalWidthBins, quantileBins } from '../../../src/stats/histogram.ts'
import { kolmogorovSf } from '../../../src/stats/kolmogorov-distribution.ts'
import { kolmogorovSmirnovSorted } from '../../../src/stats/kolmogorov-smirnov.ts'
import { mannWhitneySorted } from '../../../src/stats/mann-whitney.ts'
import { computeMoments, meanOf, standardDeviationOf } from '../../../src/stats/moments.ts'
import type { Outcome } from '../../../src/stats/outcome.ts'
import { medianSorted } from '../../../src/stats/quantiles.ts'
import { sortSample, upperBound } from '../../../src/stats/sorted-sample.ts'
import { wassersteinSorted } from '../../../src/stats/wasserstein.ts'
import { welchT } from '../../../src/stats/welch-t.ts'
import { yatesChiSquare } from '../../../src/stats/yates-chi-square.ts'
import { readJson } from '../shared.ts'
import { categoricalFeatures, numericFeatures, readAdultPairs } from './adult.ts'
import { asP, Book, type Claims, close, equal, type Leaf } from './claims.ts'
import { countAsEvidently, hellingerAsEvidently, klAsEvidently, psiAsEvidently } from './evidently.ts'
import { kolmogorovSmirnovAsNannyml, wassersteinAsNannyml } from './nannyml.ts'

type GoldenKs = Record<string, { numeric: Record<string, { ks: { statistic_location: number } }> }>

/** drift.json: every measure of every column of the three pairs. */
export function claimDrift(): Claims {
  const book = new Book()
  const golden = readJson<GoldenKs>('golden/drift.json')
  for (const [pair, { reference, current }] of Object.entries(readAdultPairs())) {
    const inside = book.at(pair)
    inside.described('how', 'names the rows of both samples')
    const sizes = { n_ref: reference.age.length, n_cur: current.age.length }
    inside.values(sizes, equal)
    const samplesOf = new Map<string, PanelSamples>()
    for (const name of numericFeatures) {
      const raw = { reference: toNumbers(reference[name]), current: toNumbers(current[name]) }
      const samples: NumericSamples = {
        type: 'numeric',
        reference: sortSample(raw.reference),
        current: sortSample(raw.current),
      }
      samplesOf.set(name, samples)
      const feature = inside.at('numeric', name)
      feature.values(sizes, equal)
      claimMoments(feature, samples)
      claimKs(feature.at('ks'), samples, golden[pair].numeric[name].ks.statistic_location)
      claimBinned(feature, samples)
      claimTests(feature, samples, raw)
      claimEvidently(feature.at('evidently'), samples)
      claimNannymlNumeric(feature.at('nannyml'), samples)
    }
    for (const name of categoricalFeatures) {
      const categories = [...new Set([...reference[name], ...current[name]])].sort()
      const samples: CategoricalSamples = {
        type: 'categorical',
        reference: countCells(reference[name], categories),
        current: countCells(current[name], categories),
      }
      samplesOf.set(name, samples)
      const feature = inside.at('categorical', name)
      feature.values(sizes, equal)
      feature.list('categories', categories)
      claimDivergences(feature, samples)
      claimContingency(feature, samples)
      claimEvidently(feature.at('evidently'), samples)
    }
    claimReport(inside.at('evidently_report'), samplesOf)
  }
  return book.claims
}

const toNumbers = (cells: readonly string[]) => Float64Array.from(cells, Number)

function countCells(cells: readonly string[], categories: readonly string[]): number[] {
  const counts = new Map<string, number>()
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1)
  return categories.map((category) => counts.get(category) ?? 0)
}

function ok<T>(outcome: Outcome<T>): T {
  if (outcome.status !== 'ok') throw new Error(`insufficient: ${outcome.reason}`)
  return outcome
}

function claimMoments(book: Book, { reference, current }: NumericSamples): void {
  const [a, b] = [computeMoments(reference.values), computeMoments(current.values)]
  book.values({
    ref_mean: meanOf(a),
    ref_std_ddof0: standardDeviationOf(a, 0),
    ref_std_ddof1: standardDeviationOf(a, 1),
    cur_mean: meanOf(b),
    cur_std_ddof1: standardDeviationOf(b, 1),
    ref_median: medianSorted(reference.values),
    cur_median: medianSorted(current.values),
  })
}

function claimKs(book: Book, { reference, current }: NumericSamples, location: number): void {
  const ks = ok(kolmogorovSmirnovSorted(reference, current))
  const n = Math.round((ks.n.reference * ks.n.current) / (ks.n.reference + ks.n.current))
  book.value('statistic', ks.statistic)
  book.values({ pvalue: ks.pValue, pvalue_asymp: kolmogorovSf(ks.statistic, n) }, asP)
  book.value('statistic_sign', ks.sign, equal)
  book.value('method_auto', ks.method === 'exact' ? 'exact' : 'asymp', equal)
  if (ks.location === location) book.value('statistic_location', location, equal)
  else {
    const gapAt = (x: number) =>
      upperBound(reference.values, x) / ks.n.reference - upperBound(current.values, x) / ks.n.current
    const isAsFar = Math.abs(gapAt(location) - ks.sign * ks.statistic) < 1e-12
    const why = 'the largest distance is reached at both places: the project names the first'
    book.differs('statistic_location', ks.location, why, { got: isAsFar ? location : null, close: equal })
  }
}

function claimBinned(book: Book, { reference, current }: NumericSamples): void {
  const { values } = reference
  for (const [name, bins] of Object.entries({
    quantile10: quantileBins(reference, 10, 'left'),
    quantile10_rightclosed: quantileBins(reference, 10),
    equalwidth10: equalWidthBins(values[0], values[values.length - 1], 10),
  })) {
    const inside = book.at(name)
    const counts = {
      reference: countSortedIntoBins(reference, bins).counts,
      current: countSortedIntoBins(current, bins).counts,
    }
    // One bin is left where no edge lies inside: the list is empty then.
    if (bins.edges.length === 0) inside.value('inner_edges', '[]', equal)
    else inside.list('inner_edges', bins.edges)
    inside.value('bins', counts.reference.length, equal)
    claimDivergences(inside, counts)
  }
}

function claimDivergences(book: Book, { reference: p, current: q }: Counts): void {
  book.list('ref_counts', p)
  book.list('cur_counts', q)
  book.values({
    psi: populationStabilityIndex(p, q),
    js_distance_base2: jensenShannonDistance(p, q),
    js_divergence_base2: jensenShannonDivergence(p, q),
    js_distance_basee: jensenShannonInNats({ reference: p, current: q }),
    hellinger: hellingerDistance(p, q),
    total_variation: totalVariationDistance(p, q),
    l_infinity: largestShareDifference(p, q),
  })
}

function claimTests(
  book: Book,
  { reference, current }: NumericSamples,
  raw: Readonly<Record<'reference' | 'current', Float64Array>>,
): void {
  const { distance, normed } = ok(wassersteinSorted(reference, current))
  const sample = standardDeviationOf(computeMoments(reference.values), 1) ?? 0
  const normedBySample = ok(wassersteinSorted(reference, current, sample)).normed
  book.at('wasserstein').values({ raw: distance, normed_ref_std_ddof0: normed, normed_ref_std_ddof1: normedBySample })
  const ranks = ok(mannWhitneySorted(reference, current))
  book.at('mannwhitney_u').value('statistic', ranks.statistic)
  book.at('mannwhitney_u').value('pvalue', ranks.pValue, asP)
  const welch = ok(welchT(raw.reference, raw.current))
  book.at('welch_t').differs('statistic', welch.statistic, 'of current − reference, there of reference − current', {
    got: -welch.statistic,
    close,
  })
  book.at('welch_t').value('pvalue', welch.pValue, asP)
  const cvm = ok(cramerVonMisesSorted(reference, current))
  const { n } = cvm
  book
    .at('cramer_von_mises')
    .differs('statistic', cvm.statistic, 'over distinct values; there over mid-ranks, which take tied data for drift', {
      got: cvm.midRankStatistic,
      close,
    })
  const limit = 1 - cramerVonMisesCdf(standardised(cvm.midRankStatistic, n.reference, n.current), 1e-7)
  book
    .at('cramer_von_mises')
    .differs('pvalue', cvm.pValue, 'of the law for these ties; there of the law without ties, its series cut at 1e-7', {
      got: limit,
      // The two statistics differ in their last digits, and the cut series passes that on.
      close: { by: 'absolute', within: 1e-9 },
    })
}

function claimContingency(book: Book, { reference: p, current: q }: CategoricalSamples): void {
  const plain = ok(chiSquareTest(p, q))
  const inside = book.at('chi2')
  const corrected = p.length === 2 ? ok(yatesChiSquare(p[0], p[1], q[0], q[1])) : plain
  inside.values({
    statistic: plain.statistic,
    statistic_scipy_default_correction: corrected.statistic,
    cramers_v: plain.cramersV,
    min_expected: plain.minExpected,
  })
  inside.values({ pvalue: plain.pValue, pvalue_scipy_default_correction: corrected.pValue }, asP)
  inside.value('dof', plain.degreesOfFreedom, equal)
  const nannyml = book.at('nannyml')
  nannyml.differs('chi2', plain.statistic, 'without a continuity correction, which rejects too seldom', {
    got: corrected.statistic,
    close,
  })
  nannyml.values({
    jensen_shannon: jensenShannonAsNannyml({ reference: p, current: q }),
    l_infinity: largestShareDifference(p, q),
    hellinger: hellingerDistance(p, q),
  })
}

const decimals = { by: 'relative', within: 1e-6 } as const

function claimEvidently(book: Book, samples: PanelSamples): void {
  const counts = countAsEvidently(samples)
  const claim = (test: string, score: number | null, closeness: Parameters<Book['value']>[2]) => {
    book.at(test).value('score', score, closeness)
    book.at(test).values(verdictOf(test, score), equal)
  }
  if (samples.type === 'numeric') {
    claim('ks', scoreAsEvidently('ks', samples), asP)
    claim('wasserstein', scoreAsEvidently('wasserstein', samples), close)
  } else {
    claim('chisquare', scoreAsEvidently('chisquare', samples), asP)
    if (samples.reference.length === 2)
      // 2 (1 − Φ) loses digits of small values; so does the other side.
      claim('z', scoreAsEvidently('z', samples), { by: 'absolute', within: 1e-12 })
  }
  claim('psi', psiAsEvidently(counts), close)
  claim('jensenshannon', jensenShannonInNats(counts), close)
  claim('hellinger', hellingerAsEvidently(samples), decimals)
  claim('kl_div', klAsEvidently(counts), close)
  const test = pickAsEvidently(samples)
  const score = scoreOf(test, samples)
  book.at('auto').values({ test, display_name: evidentlyNames[test], ...verdictOf(test, score) }, equal)
  book.at('auto').value('score', score, closenessOf(test))
}

const scoreOf = (test: EvidentlyTest, samples: PanelSamples) => scoreAsEvidently(test, samples)
const closenessOf = (test: EvidentlyTest) =>
  test === 'z' ? ({ by: 'absolute', within: 1e-12 } as const) : test === 'ks' || test === 'chisquare' ? asP : close

function verdictOf(test: string, score: number | null): Record<string, Leaf> {
  return {
    drifted: score === null ? null : isDriftedAsEvidently(test, score),
    threshold: thresholdAsEvidently(test),
  }
}

function claimNannymlNumeric(book: Book, samples: NumericSamples): void {
  const { reference, current } = samples
  const counts = countAsNannyml(reference, current)
  book.values({ jensen_shannon: jensenShannonAsNannyml(counts) })
  book.values({ hellinger: hellingerDistance(counts.reference, counts.current) })
  const ks = ok(kolmogorovSmirnovSorted(reference, current)).statistic
  const { distance } = ok(wassersteinSorted(reference, current))
  if (reference.values.length < 10_000) {
    book.values({ kolmogorov_smirnov: ks, wasserstein: distance })
    return
  }
  const why = 'of the values themselves; there of 10,000 bins of the reference'
  book.differs('kolmogorov_smirnov', ks, why, { got: kolmogorovSmirnovAsNannyml(reference, current), close })
  book.differs('wasserstein', distance, why, { got: wassersteinAsNannyml(reference, current), close })
}

function claimReport(book: Book, samplesOf: ReadonlyMap<string, PanelSamples>): void {
  book.described('version', 'names the release')
  book.described('preset', 'names the report')
  const type = (name: string) => `evidently:metric_v2:${name}`
  let drifted = 0
  let i = 1
  for (const [column, samples] of samplesOf) {
    const test = pickAsEvidently(samples)
    const score = scoreOf(test, samples)
    if (score !== null && isDriftedAsEvidently(test, score)) drifted++
    const threshold = thresholdAsEvidently(test)
    const metric = book.at('metrics', i++)
    const method = evidentlyNames[test]
    metric.value('name', `ValueDrift(column=${column},method=${method},threshold=${threshold})`, equal)
    metric.at('config').values({ type: type('ValueDrift'), column, method, threshold }, equal)
    metric.value('value', score, closenessOf(test))
  }
  const counted = book.at('metrics', 0)
  counted.value('name', 'DriftedColumnsCount(drift_share=0.5)', equal)
  counted.at('config').values({ type: type('DriftedColumnsCount'), drift_share: 0.5 }, equal)
  counted.at('value').values({ count: drifted, share: drifted / samplesOf.size })
}
