import { describe, expect, it } from 'vitest'
import { ask, normals } from './testing/drifts.ts'
import { categories, numbers, tableOf } from './testing/tables.ts'

describe('outcomes', () => {
  const outcome = (share: number, n = 400, labelled = n) => {
    const classes = Array.from({ length: n }, (_, i) => ((i * 7919) % n < share * n ? 'dog' : 'cat'))
    const score = Float64Array.from(classes, (name) => (name === 'dog' ? 0.9 : 0.1))
    return tableOf(
      { x: normals(1, n) },
      {
        prediction: categories(classes),
        label: categories(classes.map((name, i) => (i < labelled ? name : null))),
        scores: new Map([
          ['cat', score.map((p) => 1 - p)],
          ['dog', score],
        ]),
      },
    )
  }

  it('are compared as prediction, one of two scores, and label', () => {
    const { detail, headline } = ask(outcome(0.5), outcome(0.7))
    expect(detail.features.map(({ name, role, verdict }) => [name, role, verdict.isDrifted])).toEqual([
      ['x', 'feature', false],
      ['prediction', 'prediction', true],
      ['score:dog', 'score', true],
      ['label', 'label', true],
    ])
    expect(headline.text).toBe('The prediction, the score of dog and the label have drifted (3 of 4 columns)')
    expect(detail.driftedShare).toMatchObject({ value: 0, n: 1 })
  })

  it('can be left out', () => {
    const without = { includePrediction: false, includeScores: false, includeLabel: false }
    expect(ask(outcome(0.5), outcome(0.7), without).detail.features).toHaveLength(1)
  })

  it('do not take labels that are yet to come for missing ones', () => {
    const { detail } = ask(outcome(0.5), outcome(0.5, 400, 100))
    const label = detail.features.find(({ role }) => role === 'label')
    expect(label).toMatchObject({ missing: { current: 0 }, n: { reference: 400, current: 100 } })
  })
})

describe('tables without rows or columns', () => {
  it('give an answer that says so', () => {
    expect(ask(tableOf({}), tableOf({})).headline).toEqual({
      status: 'unknown',
      text: 'There is no column to compare',
    })
    const { headline, findings } = ask(tableOf({ x: numbers([]) }), tableOf({ x: numbers([]) }))
    expect(headline.status).toBe('insufficient')
    expect(findings.at(-1)).toMatchObject({ subject: { metric: 'driftedShare' }, value: null, status: 'insufficient' })
  })
})
