import type { ReactNode } from 'react'
import type { DriftFeature } from '../../../../contract/report.ts'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatNumber, formatPercent, formatPValue } from '../../../widgets/format.ts'
import { metricWord } from '../../shared/words.ts'

interface Row {
  readonly label: string
  readonly value: ReactNode
}

type Measures = DriftFeature['measures']
type TestName = 'ks' | 'chiSquare' | 'gTest' | 'fisher' | 'cramerVonMises' | 'andersonDarling' | 'welch'

const distances = [
  'jensenShannon',
  'psi',
  'hellinger',
  'totalVariation',
  'kullbackLeibler',
  'wasserstein',
  'wassersteinNormed',
  'energyCoefficient',
  'meanShift',
  'cramersV',
  'largestShareDifference',
] as const satisfies readonly (keyof Measures)[]

const testWords: Record<TestName, string> = {
  ks: 'KS',
  cramerVonMises: 'Cramér–von Mises',
  andersonDarling: 'Anderson–Darling',
  welch: 'Welch (means)',
  chiSquare: 'Chi-square',
  gTest: 'G',
  fisher: 'Fisher, exact',
}
const tests = Object.keys(testWords) as TestName[]
const words: Readonly<Record<string, string>> = {
  ...testWords,
  energy: 'energy distance',
  wasserstein: 'Wasserstein',
}

/** Every measure of a column that was computed: distances, then tests with statistic and p. */
export function measureRows({ measures, bounds = {} }: DriftFeature): Row[] {
  const said = (id: string) => {
    const ends = (bounds as Readonly<Record<string, { low: number; high: number } | undefined>>)[id]
    return ends === undefined ? '' : ` (approximate, ${formatNumber(ends.low, 3)} to ${formatNumber(ends.high, 3)})`
  }
  return [
    ...distances.flatMap((id) => {
      const value = measures[id]
      if (value === null || value === undefined) return []
      return [{ label: words[id] ?? metricWord('drift', id), value: `${formatNumber(value, 4)}${said(id)}` }]
    }),
    ...tests.flatMap((id) => {
      const test = measures[id]
      if (test === undefined || (test.statistic === null && test.pValue === null)) return []
      const statistic = test.statistic === null ? '' : `${formatNumber(test.statistic, 4)}${said(id)}, `
      return [{ label: words[id], value: `${statistic}p ${formatPValue(test.pValue)}` }]
    }),
  ]
}

/** What happened to the mean, or to the category whose share moved most. */
export function populationRows({ population, mean }: DriftFeature): Row[] {
  if (population === undefined)
    return mean === undefined
      ? []
      : [{ label: 'Mean', value: `${formatNumber(mean.current)}, reference ${formatNumber(mean.reference)}` }]
  const unit = population.type === 'share' ? 'percent' : undefined
  return [
    {
      label: population.type === 'mean' ? 'Mean' : `Share of ${population.category}`,
      value: (
        <>
          <Estimate estimate={population.current} unit={unit} />, reference{' '}
          <Estimate estimate={population.reference} unit={unit} />
        </>
      ),
    },
    { label: 'Difference', value: <Estimate estimate={population.difference} unit={unit} /> },
  ]
}

/** Quantiles now and before; of profiles with how far off they may be at most. */
export function quantileRows({ quantiles = [], isExact }: DriftFeature): Row[] {
  const say = ({ value, low, high }: (typeof quantiles)[number]['current']) =>
    isExact
      ? formatNumber(value, 4)
      : `${formatNumber(value, 4)} (approximate, within ±${formatNumber(Math.max(value - low, high - value), 2)})`
  return quantiles.map(({ q, reference, current }) => ({
    label: q === 0.5 ? 'Median' : `${formatNumber(q * 100)} % quantile`,
    value: `${say(current)}, reference ${say(reference)}`,
  }))
}

/** The most frequent values, from profiles, each with its count or the bounds of it. */
export function frequentRows({ frequent = [], n }: DriftFeature): Row[] {
  const say = ({ low, high }: (typeof frequent)[number]['current'], of: number) =>
    low === high
      ? `${formatCount(low)} (${formatPercent(of === 0 ? 0 : low / of)})`
      : `${formatCount(low)} to ${formatCount(high)} (approximate)`
  return frequent.map(({ value, reference, current }) => ({
    label: `“${value}”`,
    value: `${say(current, n.current)}, reference ${say(reference, n.reference)}`,
  }))
}

/** Says which measures were too costly for so many values. */
export const leftOutText = (leftOut: readonly string[]): string =>
  `Not computed for so many values: ${leftOut.map((id) => words[id] ?? id).join(', ')}. Raise the parameter costlyUpTo to have them.`
