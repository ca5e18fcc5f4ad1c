import type { OutputOf } from '../../../contract/api.ts'
import type { Cohort } from '../../../contract/cohort.ts'
import type { Estimate } from '../../../contract/primitives.ts'
import { dayMs, model, nowAt } from './park.ts'
import { generator } from './random.ts'

const share = (hits: number, n: number): Estimate => ({
  value: hits / n,
  n,
  interval: [Math.max(0, hits / n - 1 / Math.sqrt(n)), Math.min(1, hits / n + 1 / Math.sqrt(n))],
})

const cohort = (id: string, name: string, conditions: Cohort['conditions']): { revision: number; record: Cohort } => ({
  revision: 1,
  record: { id, modelId: model.id, name, conditions, note: '', isFollowed: true, createdAt: nowAt - 20 * dayMs },
})

export const cohorts = [
  cohort('coh_night', 'Night, tilted', [
    { column: 'light', operator: 'in', value: ['night'] },
    { column: 'tilt', operator: '<=', value: -4.2 },
  ]),
  cohort('coh_pond', 'At the pond', [{ column: 'site', operator: 'in', value: ['pond'] }]),
]

/** How the cohorts did in the last answer. */
export const cohortErrors = cohorts.map(({ record: { id, name, conditions } }, i) => ({
  ...{ id, name, conditions, n: 118 + 300 * i, errors: 51 },
  errorRate: share(51, 118 + 300 * i),
  rest: share(92, 1086),
  status: i === 0 ? ('breach' as const) : ('ok' as const),
}))

export function cohortSeries(window: { from: number; to: number }, bucketMs: number): OutputOf<'cohorts.series'> {
  const random = generator(5)
  const count = Math.max(1, Math.floor((window.to - window.from) / bucketMs))
  return {
    isCut: false,
    buckets: Array.from({ length: count }, (_, i) => ({
      from: window.from + i * bucketMs,
      n: 120,
      errorRate: share(Math.round((i > count / 2 ? 40 : 12) + 6 * random()), 100),
      rest: share(Math.round(60 + 10 * random()), 800),
    })),
  }
}

/** A map of errors with cells of all kinds. */
export function heatMapOf([rowColumn, columnColumn]: readonly [string, string]): OutputOf<'errors.heatMap'> {
  const rows = ['day', 'dusk', 'night']
  const columns = ['≤ -4.2', '-4.2 to 0', '0 to 3', '> 3']
  return {
    ...{ rowColumn, columnColumn, n: 1204, overall: share(143, 1204), reason: null },
    rows: rows.map((name) => ({ name, conditions: [{ column: rowColumn, operator: 'in', value: [name] }] })),
    columns: columns.map((name, i) => ({
      name,
      conditions: [{ column: columnColumn, operator: '<=', value: i - 4.2 }],
    })),
    cells: rows.flatMap((_, row) =>
      columns.flatMap((__, column) => {
        const n = row === 2 && column === 3 ? 9 : 60 + 40 * column
        const errors = Math.round(n * (0.04 + 0.08 * row + (column === 0 ? 0.16 * row : 0)))
        const status = n < 30 ? ('insufficient' as const) : errors / n > 0.3 ? ('warning' as const) : ('ok' as const)
        if (row === 0 && column === 3) return []
        return [{ row, column, n, errors, errorRate: share(errors, n), adjustedPValue: 0.2, status }]
      }),
    ),
  }
}
