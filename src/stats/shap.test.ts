import { describe, expect, it } from 'vitest'
import { planCoalitions, shapleySolver } from './kernel-shap.ts'
import { createRandom, randomInteger, randomNormal, randomUniform } from './random.ts'
import { addTreeShap, type ShapTree, treeValue } from './tree-shap.ts'

/** Shapley values by their definition: the mean gain over all orders. */
function byDefinition(m: number, worth: (members: ReadonlySet<number>) => number): number[] {
  const values = new Array<number>(m).fill(0)
  let orders = 0
  const visit = (order: number[]) => {
    if (order.length === m) {
      const members = new Set<number>()
      let before = worth(members)
      for (const feature of order) {
        members.add(feature)
        const after = worth(members)
        values[feature] += after - before
        before = after
      }
      orders++
      return
    }
    for (let i = 0; i < m; i++) if (!order.includes(i)) visit([...order, i])
  }
  visit([])
  return values.map((value) => value / orders)
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0)

function solve(m: number, most: number, worth: (members: ReadonlySet<number>) => number, seed = 1) {
  const plan = planCoalitions(m, most, createRandom(seed))
  const membersOf = (k: number) =>
    new Set(Array.from({ length: m }, (_, i) => i).filter((i) => plan.isPresent[k * m + i]))
  const worths = Float64Array.from({ length: plan.count }, (_, k) => worth(membersOf(k)))
  const everyone = new Set(Array.from({ length: m }, (_, i) => i))
  return { plan, values: shapleySolver(plan)(worths, worth(new Set()), worth(everyone)) }
}

describe('kernel SHAP', () => {
  it('is exact where every coalition is asked', () => {
    const worth = (members: ReadonlySet<number>) =>
      (members.has(0) && members.has(1) ? 5 : 0) +
      (members.has(2) ? 2 : 0) -
      (members.has(3) && !members.has(0) ? 1 : 0)
    const { plan, values } = solve(5, 1000, worth)
    expect(plan.isComplete).toBe(true)
    expect(plan.count).toBe(30)
    for (const [i, wanted] of byDefinition(5, worth).entries()) expect(values[i]).toBeCloseTo(wanted, 10)
  })

  it('finds an additive game exactly from few coalitions, and always sums to the difference', () => {
    const random = createRandom(7)
    const weights = Array.from({ length: 24 }, () => randomNormal(random))
    const additive = (members: ReadonlySet<number>) => [...members].reduce((total, i) => total + weights[i], 3)
    const { plan, values } = solve(24, 60, additive)
    expect(plan).toMatchObject({ isComplete: false, count: 60 })
    for (const [i, weight] of weights.entries()) expect(values[i]).toBeCloseTo(weight, 8)
    const rough = (members: ReadonlySet<number>) => Math.sin(additive(members)) * members.size
    const { values: any } = solve(24, 200, rough)
    expect(sum(any)).toBeCloseTo(rough(new Set(weights.keys())) - rough(new Set()), 8)
  })

  it('comes closer the more coalitions it may ask', () => {
    const worth = (members: ReadonlySet<number>) => (members.has(0) && members.has(1) ? 4 : 0) + Math.sqrt(members.size)
    const exact = solve(12, 5000, worth).values
    const errorWith = (most: number) =>
      sum(Array.from({ length: 8 }, (_, seed) => Math.abs(solve(12, most, worth, seed).values[0] - exact[0])))
    expect(errorWith(2000)).toBeLessThan(errorWith(60) / 2)
  })

  it('gives everything to one feature and nothing to none, and repeats itself for a seed', () => {
    expect(Array.from(solve(1, 10, (members) => (members.has(0) ? 4 : 1)).values)).toEqual([3])
    expect(solve(0, 10, () => 1).values).toHaveLength(0)
    const worth = (members: ReadonlySet<number>) => members.size ** 2 * (members.has(3) ? 2 : 1)
    expect(solve(16, 100, worth, 5).values).toEqual(solve(16, 100, worth, 5).values)
  })
})

/** A random tree over three features, in which features come again along a path. */
function randomTree(seed: number, depth: number): ShapTree {
  const random = createRandom(seed)
  const nodes: { feature: number; threshold: number; yes: number; no: number; value: number }[] = []
  const grow = (left: number): number => {
    const at = nodes.length
    nodes.push({ feature: -1, threshold: 0, yes: 0, no: 0, value: randomNormal(random) })
    if (left === 0 || randomUniform(random) < 0.1) return at
    nodes[at].feature = randomInteger(random, 3)
    nodes[at].threshold = randomUniform(random)
    nodes[at].yes = grow(left - 1)
    nodes[at].no = grow(left - 1)
    return at
  }
  grow(depth)
  return {
    feature: Int32Array.from(nodes, ({ feature }) => feature),
    threshold: Float64Array.from(nodes, ({ threshold }) => threshold),
    comparison: nodes.map((_, i) => (i % 2 ? '<=' : '>')),
    yes: Int32Array.from(nodes, ({ yes }) => yes),
    no: Int32Array.from(nodes, ({ no }) => no),
    missingYes: Uint8Array.from(nodes, (_, i) => (i % 3 === 0 ? 1 : 0)),
    value: Float64Array.from(nodes, ({ value }) => value),
  }
}

describe('tree SHAP', () => {
  it('agrees with the definition on random trees, missing values included', () => {
    const random = createRandom(3)
    for (let seed = 0; seed < 30; seed++) {
      const tree = randomTree(seed, 5)
      const draw = () => [0, 1, 2].map(() => (randomUniform(random) < 0.1 ? Number.NaN : randomUniform(random)))
      const row = draw()
      const background = draw()
      const wanted = byDefinition(3, (members) =>
        treeValue(
          tree,
          row.map((value, i) => (members.has(i) ? value : background[i])),
        ),
      )
      const values = new Float64Array(3)
      addTreeShap(tree, row, background, 1, values)
      for (const [i, value] of wanted.entries()) expect(values[i]).toBeCloseTo(value, 12)
      expect(sum(values)).toBeCloseTo(treeValue(tree, row) - treeValue(tree, background), 12)
    }
  })
})
