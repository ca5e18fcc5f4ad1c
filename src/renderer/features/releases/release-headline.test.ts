import { describe, expect, it } from 'vitest'
import type { Release } from '../../../contract/release.ts'
import { type ReleaseAnswer, releaseHeadline } from './release-headline.ts'
import { type ReleaseRow, releasesHeadline } from './releases-headline.ts'

const gate = (title: string, outcome: string) => ({ title, outcome })
const answer = (record: Partial<Release>, more: object = {}) =>
  ({
    modelName: 'Cat or dog',
    versionName: '1.4.0',
    fromVersionName: '1.3.0',
    release: { revision: 1, record: { testRunIds: [], history: [], certification: null, approval: null, ...record } },
    plan: { record: { gates: [1, 2] } },
    runs: [],
    certificate: null,
    userNames: { usr_1: 'Quim', usr_2: 'Paula' },
    ...more,
  }) as unknown as ReleaseAnswer

describe('releaseHeadline', () => {
  const run = (...outcomes: string[]) => ({
    id: 'trn_1',
    problem: null,
    gates: outcomes.map((outcome, at) => gate(`gate ${at}`, outcome)),
  })
  const tested = (...outcomes: string[]) =>
    releaseHeadline(answer({ state: 'tested', testRunIds: ['trn_1'] }, { runs: [run(...outcomes)] }))
  it('tells passed from failed from insufficient', () => {
    expect(tested('passed', 'passed')).toEqual({
      status: 'ok',
      text: 'Cat or dog 1.4.0 passed all 2 gates; a QA expert can certify it.',
    })
    expect(tested('passed', 'failed')).toEqual({
      status: 'breach',
      text: 'Cat or dog 1.4.0 did not pass 1 of 2 gates: gate 1 (failed).',
    })
    expect(tested('insufficient', 'passed').status).toBe('insufficient')
    expect(tested('insufficient', 'error').status).toBe('breach')
  })
  it('says why a draft could not be tested', () => {
    const failed = { ...run(), problem: 'the endpoint does not answer' }
    expect(releaseHeadline(answer({ state: 'draft', testRunIds: ['trn_1'] }, { runs: [failed] })).text).toBe(
      'Cat or dog 1.4.0 could not be tested: the endpoint does not answer',
    )
  })
  it('says who refused it and why', () => {
    const history = [{ state: 'refused' as const, at: 1, userId: 'usr_1', reason: 'unfair at night' }]
    expect(releaseHeadline(answer({ state: 'refused', history })).text).toBe(
      'Cat or dog 1.4.0 was refused by Quim: unfair at night.',
    )
  })
})

describe('releasesHeadline', () => {
  const row = (state: Release['state'], createdAt = 1) =>
    ({ record: { state, createdAt }, modelName: 'Cat or dog', versionName: `1.${createdAt}` }) as ReleaseRow
  it('tells what waits for whom', () => {
    expect(releasesHeadline([]).status).toBe('unknown')
    expect(releasesHeadline([row('released')]).text).toBe('No release is in progress.')
    expect(releasesHeadline([row('tested'), row('draft', 2), row('refused', 3)]).text).toBe(
      '2 releases are in progress. Newest: Cat or dog 1.2: to be tested.',
    )
  })
})
