import { describe, expect, it } from 'vitest'
import { type Binning, type Profile, profile as profileSchema } from '../../contract/profile.ts'
import type { Sample } from '../../contract/sample.ts'
import type { SampleTable } from '../../contract/table.ts'
import { buildBinning, quantileEdges } from './binning.ts'
import { makeProfileFold, mergeProfiles } from './fold.ts'

const fold = makeProfileFold()
const key = { deploymentId: 'dep_1', versionId: 'ver_1', hour: 0 }

/** Small deterministic generator for tests. */
function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

const binning: Binning = {
  versionId: 'ver_1',
  numeric: { x: { shift: 3, edges: [1, 2, 3, 4] } },
  categorical: { site: ['a', 'b'], prediction: ['cat', 'dog'] },
  ranges: { x: [0, 5] },
  groups: ['site'],
  omitted: ['frame'],
}

const odd = ['constructor', '__proto__', 'toString', '', 'a']

function randomSample(random: () => number, index: number): Sample {
  const inputs: Sample['inputs'] = {
    // Eighths, so that sums are exact whatever their order.
    x: random() < 0.1 ? null : Math.floor(random() * 64 - 8) / 8,
    site: random() < 0.1 ? null : odd[Math.floor(random() * odd.length)],
    frame: `digest ${index}`,
    wild: [1, 'text', true, null, 2.5][Math.floor(random() * 5)],
    many: `m${Math.floor(random() * 3000)}`,
  }
  if (random() < 0.1) delete inputs.x
  return {
    id: `s${index}`,
    ...key,
    at: 1000,
    arrivedAt: 1000,
    inputs,
    prediction: ['cat', 'dog', '__proto__'][Math.floor(random() * 3)],
    scores: null,
    latencyMs: random() < 0.2 ? null : Math.floor(random() * 100) / 4,
    deviceId: null,
    seq: null,
  }
}

const foldAll = (samples: readonly Sample[], reference: Binning | null): Profile => {
  const profile = fold.empty(key, reference)
  for (const sample of samples) fold.addSample(profile, sample, reference)
  return profile
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items]
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    ;[copy[last], copy[other]] = [copy[other], copy[last]]
  }
  return copy
}

/**
 * With the keys of every object in order, so that only content is compared; without the counters of frequent values, which may
 * differ within their bounds.
 */
const plain = (profile: Profile): unknown =>
  JSON.parse(JSON.stringify(profile), (key, value) =>
    key === 'frequent'
      ? undefined
      : typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
        : value,
  )

describe.each([
  ['with a reference', binning],
  ['without one', null],
])('the fold %s', (_, reference) => {
  it('gives the same profile for any order of samples and any tree of merges', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = makeRandom(seed)
      const samples = Array.from({ length: seed < 3 ? 4000 : 120 }, (_, index) => randomSample(random, index))
      const whole = foldAll(samples, reference)
      expect(plain(foldAll(shuffled(samples, random), reference))).toEqual(plain(whole))
      const parts: Profile[] = []
      const mixed = shuffled(samples, random)
      for (let from = 0; from < mixed.length; ) {
        const to = from + 1 + Math.floor(random() * (mixed.length / 3))
        parts.push(foldAll(mixed.slice(from, to), reference))
        from = to
      }
      parts.push(fold.empty(key, reference))
      while (parts.length > 1) {
        const [a] = parts.splice(Math.floor(random() * parts.length), 1)
        const [b] = parts.splice(Math.floor(random() * parts.length), 1)
        expect(plain(fold.merge(a, b))).toEqual(plain(fold.merge(b, a)))
        parts.push(fold.merge(a, b))
      }
      expect(plain(parts[0])).toEqual(plain(whole))
    }
  })

  it('counts the last label of each sample, whatever came before', () => {
    const random = makeRandom(99)
    const samples = Array.from({ length: 200 }, (_, index) => randomSample(random, index))
    const corrected = foldAll(samples, reference)
    const direct = foldAll(samples, reference)
    for (const sample of shuffled(samples, random)) {
      fold.addLabel(corrected, sample, 'cat', null, reference)
      fold.addLabel(corrected, sample, '__proto__', 'cat', reference)
      fold.addLabel(corrected, sample, 'dog', '__proto__', reference)
    }
    for (const sample of samples) fold.addLabel(direct, sample, 'dog', null, reference)
    expect(plain(corrected)).toEqual(plain(direct))
    expect(direct.outcomes[''].labelled).toBe(200)
  })

  it('keeps the same pairs of label and prediction for any order and any tree of merges, and counts the others', () => {
    for (let seed = 1; seed <= 2; seed += 1) {
      const random = makeRandom(seed)
      const wide = seed % 2 === 0 ? 90 : 3000
      const outcomes = Array.from({ length: 7000 }, (_, index) => ({
        sample: { ...randomSample(random, index), inputs: {}, prediction: `p${Math.floor(random() * wide)}` },
        label: ['__proto__', 'constructor', `l${Math.floor(random() * wide)}`][Math.floor(random() * 3)],
      }))
      const count = (given: typeof outcomes): Profile => {
        const profile = fold.empty(key, reference)
        for (const { sample, label } of given) {
          // A correction between two labels that come first changes nothing of what is kept.
          fold.addLabel(profile, sample, '__proto__', null, reference)
          fold.addLabel(profile, sample, label, '__proto__', reference)
        }
        return profile
      }
      const direct = (given: typeof outcomes): Profile => {
        const profile = fold.empty(key, reference)
        for (const { sample, label } of given) fold.addLabel(profile, sample, label, null, reference)
        return profile
      }
      const whole = direct(outcomes)
      const mixed = shuffled(outcomes, random)
      expect(plain(direct(mixed))).toEqual(plain(whole))
      const third = mixed.length / 3
      const parts = [0, 1, 2].map((part) => direct(mixed.slice(part * third, (part + 1) * third)))
      const [a, b, c] = parts
      const sums = [fold.merge(fold.merge(a, b), c), fold.merge(a, fold.merge(c, b)), mergeProfiles([c, a, b])]
      for (const sum of sums) expect(plain(sum as Profile)).toEqual(plain(whole))
      // What is kept is exact, and what is not is counted.
      const { confusion, omitted, labelled } = whole.outcomes['']
      const truth = new Map<string, number>()
      for (const { sample, label } of outcomes) {
        const pair = JSON.stringify([label, sample.prediction])
        truth.set(pair, (truth.get(pair) ?? 0) + 1)
      }
      /** Pairs that are kept, and how many counts they hold; all must be as they are. */
      const countKept = (table: Record<string, Record<string, number>>) => {
        const cells = Object.keys(table).flatMap((label) =>
          Object.keys(table[label]).map((prediction) => ({
            pair: [label, prediction],
            hits: table[label][prediction],
          })),
        )
        expect(cells.filter(({ pair, hits }) => hits !== truth.get(JSON.stringify(pair)))).toEqual([])
        return { pairs: cells.length, kept: cells.reduce((sum, { hits }) => sum + hits, 0) }
      }
      const { pairs, kept } = countKept(confusion)
      expect([labelled, kept + (omitted?.count ?? 0)]).toEqual([7000, 7000])
      expect(pairs).toBe(Math.min(truth.size, 5000))
      expect(profileSchema.safeParse(whole).error).toBeUndefined()
      // Corrected labels: as many counted, those that are kept exact.
      const corrected = count(mixed).outcomes['']
      expect(corrected.labelled).toBe(7000)
      countKept(corrected.confusion)
    }
  })

  it('keeps the same predicted classes for any order and any tree of merges, and counts the others', () => {
    const random = makeRandom(8)
    const names = Array.from({ length: 12_000 }, () => `p${Math.floor(random() * 6500)}`)
    const samples = names.map((prediction, index) => ({ ...randomSample(random, index), inputs: {}, prediction }))
    const whole = foldAll(samples, reference)
    const mixed = shuffled(samples, random)
    const [a, b, c] = [mixed.slice(0, 900), mixed.slice(900, 8000), mixed.slice(8000)].map((part) =>
      foldAll(part, reference),
    )
    for (const other of [foldAll(mixed, reference), fold.merge(fold.merge(a, b), c), mergeProfiles([c, b, a])])
      expect(plain(other as Profile)).toEqual(plain(whole))
    const kept = whole.predictedByGroup['']
    const truth = new Map<string, number>()
    for (const name of names) truth.set(name, (truth.get(name) ?? 0) + 1)
    expect(Object.keys(kept)).toHaveLength(5000)
    expect(Object.entries(kept).filter(([name, count]) => truth.get(name) !== count)).toEqual([])
    const omitted = whole.predictedOmitted?.[''] ?? 0
    expect(Object.values(kept).reduce((sum, count) => sum + count, omitted)).toBe(12_000)
  })

  it('agrees with the contract', () => {
    const profile = foldAll([randomSample(makeRandom(5), 1)], reference)
    expect(profileSchema.safeParse(profile).error).toBeUndefined()
  })
})

describe('the fold', () => {
  it('bins on the right, counts what is missing, out of range and unseen', () => {
    const sample = (x: number | null, site: string): Sample => ({
      ...randomSample(makeRandom(1), 1),
      inputs: { x, site },
      prediction: 'dog',
    })
    const profile = foldAll([sample(1, 'a'), sample(1.5, 'c'), sample(null, 'a'), sample(9, 'b')], binning)
    expect(profile.columns.x).toMatchObject({
      n: 3,
      missing: 1,
      outOfRange: 1,
      counts: [1, 1, 0, 0, 1],
      min: 1,
      max: 9,
    })
    expect(profile.columns.site).toMatchObject({ n: 4, unseen: 1, counts: { a: 2, b: 1, c: 1 } })
    expect(profile.predictedByGroup).toEqual({
      '': { dog: 4 },
      'site=a': { dog: 2 },
      'site=b': { dog: 1 },
      'site=c': { dog: 1 },
    })
  })

  it('adds up errors of a regression', () => {
    const sample = { ...randomSample(makeRandom(1), 1), prediction: 3 }
    const profile = foldAll([sample], null)
    fold.addLabel(profile, sample, 5, null, null)
    expect(profile.prediction).toMatchObject({ type: 'numeric', n: 1, sum: 3 })
    expect(profile.outcomes['']).toMatchObject({ labelled: 1, sumError: -2, sumAbsoluteError: 2, sumSquaredError: 4 })
  })
})

describe('binning', () => {
  it('takes distinct deciles of finite values as edges', () => {
    const values = Float64Array.from({ length: 11 }, (_, index) => index)
    expect(quantileEdges(values).edges.map((edge) => Number(edge.toFixed(12)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(quantileEdges(Float64Array.of(5, 5, 5, Number.NaN, Number.POSITIVE_INFINITY))).toEqual({
      shift: 5,
      // The second bin holds 5 alone, so that smaller values are seen as well as larger ones.
      edges: [4.999999999999999, 5],
    })
    expect(quantileEdges(new Float64Array(0))).toEqual({ shift: 0, edges: [] })
  })

  it('takes columns, groups, ranges and categories from schema and reference', () => {
    const reference: SampleTable = {
      n: 3,
      columns: new Map([
        ['x', { type: 'numeric', values: Float64Array.of(1, 2, 3) }],
        ['site', { type: 'categorical', codes: Int32Array.of(0, -1, 0), categories: ['north', 'never'] }],
      ]),
      ids: null,
      at: null,
      prediction: null,
      label: null,
      scores: new Map(),
      latencyMs: null,
    }
    const column = { role: 'input', isRequired: true, isGroup: false } as const
    const made = buildBinning('ver_1', reference, {
      task: 'binary',
      classes: ['cat', 'dog'],
      positiveClass: 'dog',
      columns: [
        { ...column, name: 'x', type: 'numeric', range: [0, 9] },
        { ...column, name: 'site', type: 'categorical', isGroup: true, categories: ['south'] },
        { ...column, name: 'frame', type: 'image' },
      ],
    })
    expect(made).toMatchObject({
      numeric: { x: { shift: 2 } },
      categorical: { site: ['south', 'north'], prediction: ['cat', 'dog'] },
      ranges: { x: [0, 9] },
      groups: ['site'],
      omitted: ['frame'],
    })
  })
})
