import { describe, expect, it } from 'vitest'
import type { Alert } from '../contract/alert.ts'
import { alert as alertSchema } from '../contract/alert.ts'
import type { Finding, Limit } from '../contract/finding.ts'
import { type AlertDecision, decideAlerts } from './alert-policy.ts'
import { day, exampleAlert, exampleFinding, exampleLimit, exampleSeries, midnight } from './testing/examples.ts'

const twoOfThree = exampleLimit({ persistence: { k: 2, of: 3 } })

function decide(
  series: readonly Finding[],
  changes: { limits?: Limit[]; open?: Alert[]; resolved?: Alert[]; now?: number } = {},
) {
  return decideAlerts({
    findings: series.slice(-1),
    limits: changes.limits ?? [twoOfThree],
    history: series,
    openAlerts: changes.open ?? [],
    resolvedAlerts: changes.resolved ?? [],
    now: changes.now ?? midnight + 30 * day,
    newAlertId: () => 'alt_new',
    nameOf: () => 'cat-dog',
  })
}
const typeOf = (decisions: AlertDecision[]) => decisions.map((decision) => decision.type)

describe('opening an alert', () => {
  it.each([
    ['b', 'nothing'],
    ['bb', 'open'],
    ['bob', 'open'],
    ['boob', 'nothing'],
    ['bbo', 'nothing'],
    ['biib', 'open'],
    ['bw', 'nothing'],
    ['i', 'nothing'],
    ['bbi', 'nothing'],
  ])('after %s with 2 of 3: %s', (letters, expected) => {
    expect(typeOf(decide(exampleSeries(letters)))).toEqual([expected])
  })
  it('makes a valid record that names number, target and beginning', () => {
    const [decision] = decide(
      exampleSeries('obb', { limit: { thresholdSetId: null, warning: null, breach: 0.9, direction: 'below' } }),
    )
    expect(alertSchema.parse(decision.alert)).toEqual(decision.alert)
    expect(decision.alert).toMatchObject({
      title: 'Accuracy below 0.90 on cat-dog',
      severity: 'critical',
      occurrences: 2,
      firstFindingId: 'fnd_1',
      lastFindingId: 'fnd_2',
      beganAt: midnight,
    })
    expect(decision.isNews).toBe(true)
  })
  it('places the beginning where the last good window ended when windows overlap', () => {
    const hour = 3_600_000
    const sliding = (letter: string, index: number) =>
      exampleSeries(letter, {
        id: `fnd_s${index}`,
        window: { from: midnight + index * hour - day, to: midnight + index * hour },
      })[0]
    const [decision] = decide([sliding('o', 0), sliding('b', 1), sliding('b', 2)])
    expect(decision.alert?.beganAt).toBe(midnight)
  })
  it('counts a window once, however often it was asked', () => {
    const [first] = exampleSeries('b')
    expect(typeOf(decide([first, { ...first, id: 'fnd_again', at: first.at + 1 }]))).toEqual(['nothing'])
  })
  it('ignores an answer about the past', () => {
    const series = exampleSeries('bbo')
    const decisions = decideAlerts({
      findings: [series[1]],
      limits: [twoOfThree],
      history: series,
      openAlerts: [],
      now: midnight,
      newAlertId: () => 'alt_new',
      nameOf: () => '',
    })
    expect(typeOf(decisions)).toEqual(['nothing'])
  })
  it("raises the analysis's own breach at once, as a warning, where no limit applies", () => {
    expect(decide(exampleSeries('b'), { limits: [] })[0]).toMatchObject({
      type: 'open',
      alert: { severity: 'warning' },
    })
  })
  it('keeps numbers apart', () => {
    const a = exampleSeries('bb', { subject: { metric: 'accuracy' } })
    const b = exampleSeries('bb', { subject: { metric: 'recall', className: 'cat' } }).map((f) => ({
      ...f,
      id: `${f.id}x`,
    }))
    const decisions = decideAlerts({
      findings: [a[1], b[1]],
      limits: [exampleLimit({ subject: {} })],
      history: [...a, ...b],
      openAlerts: [],
      now: midnight,
      newAlertId: () => 'alt_new',
      nameOf: () => 'cat-dog',
    })
    expect(decisions.map((decision) => decision.key)).toEqual([
      'performance|deployment:dep_1|metric=accuracy',
      'performance|deployment:dep_1|metric=recall|className=cat',
    ])
  })
  it('starts counting anew after a person resolved it', () => {
    const series = exampleSeries('bbb')
    const resolved = exampleAlert({
      id: 'alt_old',
      state: 'resolved',
      resolution: { at: series[1].at, userId: 'usr_1', how: 'accepted', reason: 'known' },
    })
    expect(typeOf(decide(series, { resolved: [resolved] }))).toEqual(['nothing'])
    expect(typeOf(decide(exampleSeries('bbbb'), { resolved: [resolved] }))).toEqual(['open'])
  })
})

describe('an alert that is open', () => {
  const open = (changes: Partial<Alert> = {}) =>
    exampleAlert({ id: 'alt_1', lastFindingId: 'fnd_1', occurrences: 2, ...changes })

  it('counts what it has not seen and tells nobody again', () => {
    const [decision] = decide(exampleSeries('bbb'), { open: [open()] })
    expect(decision).toMatchObject({
      type: 'update',
      isNews: false,
      alert: { occurrences: 3, lastFindingId: 'fnd_2', message: 'day 2' },
    })
  })
  it('does nothing when asked again', () => {
    const [decision] = decide(exampleSeries('bbb'), { open: [open()] })
    expect(typeOf(decide(exampleSeries('bbb'), { open: [decision.alert as Alert] }))).toEqual(['nothing'])
  })
  it.each([
    ['bbo', 'update'],
    ['bboo', 'recover'],
    ['bbow', 'update'],
    ['bboio', 'recover'],
    ['bbobo', 'update'],
    ['bbi', 'nothing'],
  ])('after %s: %s', (letters, expected) => {
    expect(typeOf(decide(exampleSeries(letters), { open: [open()] }))).toEqual([expected])
  })
  it('is resolved as recovered, with the reason', () => {
    const [decision] = decide(exampleSeries('bboo'), { open: [open({ state: 'acknowledged' })] })
    expect(alertSchema.parse(decision.alert)).toMatchObject({
      state: 'resolved',
      resolution: { how: 'recovered', userId: null, reason: 'The last 2 findings are ok: day 3' },
    })
  })
  it('stays muted until the mute passes, then returns if it still breaches', () => {
    const muted = open({ state: 'muted', mutedUntil: midnight + 10 * day })
    expect(decide(exampleSeries('bbb'), { open: [muted], now: midnight + 9 * day })[0]).toMatchObject({
      type: 'update',
      isNews: false,
      alert: { state: 'muted' },
    })
    expect(decide(exampleSeries('bbb'), { open: [muted] })[0]).toMatchObject({
      type: 'reopen',
      isNews: true,
      alert: { state: 'open', mutedUntil: null },
    })
    expect(decide(exampleSeries('bboo'), { open: [muted] })[0]).toMatchObject({ type: 'recover', isNews: false })
  })
  it('wakes without a new finding', () => {
    const muted = open({ state: 'muted', mutedUntil: midnight + 10 * day })
    const decisions = decideAlerts({
      findings: [],
      limits: [twoOfThree],
      history: exampleSeries('bb'),
      openAlerts: [muted],
      now: midnight + 11 * day,
      newAlertId: () => 'alt_new',
      nameOf: () => '',
    })
    expect(typeOf(decisions)).toEqual(['reopen'])
  })
})

describe('the text of a drift alert', () => {
  const drift = exampleFinding({
    id: 'fnd_d',
    kind: 'drift',
    subject: { metric: 'psi', column: 'CO2' },
    status: 'breach',
    message: 'CO2 moved',
  })
  const decideDrift = (performance: Partial<Finding>) =>
    decideAlerts({
      findings: [drift],
      limits: [],
      history: [exampleFinding({ id: 'fnd_p', value: 0.979, interval: [0.973, 0.984], n: 2665, ...performance })],
      openAlerts: [],
      now: midnight,
      newAlertId: () => 'alt_new',
      nameOf: () => 'room',
    })[0].alert?.message

  it('says so when performance holds', () =>
    expect(decideDrift({})).toBe(
      'CO2 moved. CO2 has drifted while performance holds (accuracy 0.979 (0.973 to 0.984), n 2,665): drift without damage.',
    ))
  it.each(['warning', 'breach', 'insufficient'] as const)('claims nothing when performance is %s', (status) =>
    expect(decideDrift({ status })).toBe('CO2 moved'),
  )
  it('claims nothing from performance of another time', () =>
    expect(decideDrift({ window: { from: midnight - 9 * day, to: midnight - 8 * day } })).toBe('CO2 moved'))
})
