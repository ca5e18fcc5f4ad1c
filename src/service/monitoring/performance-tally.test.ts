import { expect, it } from 'vitest'
import type { Profile } from '../../contract/profile.ts'
import { bucketOf, emptyTally, tallyProfile } from './performance-tally.ts'

const hour = (omitted?: Profile['outcomes'][string]['omitted']): Profile => ({
  deploymentId: 'dep_1',
  versionId: 'ver_1',
  hour: 0,
  n: 10,
  columns: {},
  prediction: { type: 'categorical', n: 10, missing: 0, unseen: 0, counts: { no: 10 }, overflow: 0 },
  latency: { n: 0, sum: 0, max: 0, counts: {} },
  outcomes: {
    '': {
      labelled: 8 + (omitted?.count ?? 0),
      confusion: { no: { no: 6 }, yes: { no: 2 } },
      ...(omitted && { omitted }),
      sumAbsoluteError: 0,
      sumSquaredError: 0,
      sumError: 0,
      sumLabel: 0,
      sumSquaredLabel: 0,
    },
  },
  predictedByGroup: { '': { no: 10 } },
})

const accuracyOf = (...hours: Profile[]) => {
  const tally = emptyTally()
  for (const profile of hours) tallyProfile(tally, profile)
  return bucketOf(0, tally, { metrics: ['accuracy'], schema: null, confidence: 0.95 }).metrics.accuracy
}

it('takes what is right from the pairs of label and prediction', () => {
  expect(accuracyOf(hour(), hour())).toMatchObject({ value: 0.75, n: 16 })
})

it('says no number where profiles left pairs out, and why', () => {
  expect(accuracyOf(hour(), hour({ count: 4, from: ['z', 'a'] }))).toMatchObject({
    value: null,
    n: 20,
    interval: null,
    note: expect.stringContaining('4 of 20 labels are not told apart'),
  })
})
