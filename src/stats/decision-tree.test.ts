import { describe, expect, it } from 'vitest'
import { assignLeaves, growTree, pathTo } from './decision-tree.ts'
import { applyBins, binColumn, type TreeColumn } from './feature-binning.ts'
import { createRandom, randomInteger, randomNormal, randomUniform } from './random.ts'

function okTree(...args: Parameters<typeof growTree>) {
  const tree = growTree(...args)
  if (tree.status !== 'ok') throw new Error(`insufficient: ${tree.reason}`)
  return tree
}

describe('binColumn', () => {
  it('gives each of few numbers its own bin, and missing ones bin 0', () => {
    const { cut, rows } = binColumn({ kind: 'numeric', values: [3, 1, Number.NaN, 2, 3] })
    expect(cut).toEqual({ kind: 'numeric', edges: Float64Array.of(1, 2), bins: 4 })
    expect([...rows]).toEqual([3, 1, 0, 2, 3])
  })

  it('puts numbers where a plain search would, whatever their scale', () => {
    const random = createRandom(41)
    const shapes: (() => number)[] = [
      () => randomNormal(random),
      () => Math.exp(8 * randomNormal(random)),
      () => (randomUniform(random) < 0.9 ? 0 : 1e300 * randomNormal(random)),
      () => [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 1, Number.NaN][randomInteger(random, 5)],
      () => 1e9 + randomInteger(random, 500),
    ]
    for (const draw of shapes) {
      const values = Float64Array.from({ length: 3000 }, draw)
      const { cut, rows } = binColumn({ kind: 'numeric', values })
      if (cut.kind !== 'numeric') throw new Error('a numeric column has numeric bins')
      const expected = Array.from(values, (x) =>
        Number.isNaN(x) ? 0 : 1 + cut.edges.filter((edge) => edge < x).length,
      )
      expect([...rows]).toEqual(expected)
    }
  })

  it('keeps the most frequent of too many categories apart', () => {
    const codes = Int32Array.from({ length: 1200 }, (_, i) => (i < 600 ? i % 300 : 7))
    const { cut, rows } = binColumn({ kind: 'categorical', codes, categories: 300 })
    expect(cut.bins).toBe(256)
    expect(rows[7]).toBe(1)
    expect(rows[299]).toBe(255)
    expect([...applyBins({ kind: 'categorical', codes: [7, -1, 9999], categories: 300 }, cut)]).toEqual([1, 0, 0])
  })

  it('handles empty, all-missing and constant columns', () => {
    expect(binColumn({ kind: 'numeric', values: [] }).cut.bins).toBe(2)
    expect([...binColumn({ kind: 'numeric', values: [Number.NaN] }).rows]).toEqual([0])
    expect([...binColumn({ kind: 'numeric', values: [5, 5] }).rows]).toEqual([1, 1])
    expect(() =>
      applyBins({ kind: 'numeric', values: [1] }, { kind: 'categorical', binOfCode: new Uint8Array(), bins: 1 }),
    ).toThrow(RangeError)
  })
})

describe('growTree', () => {
  const random = createRandom(42)
  const n = 4000
  const age = Float64Array.from({ length: n }, () => 20 + 60 * randomUniform(random))
  const noise = Float64Array.from({ length: n }, () => randomNormal(random))
  const breed = Int32Array.from({ length: n }, () => randomInteger(random, 6))
  const columns: TreeColumn[] = [
    { kind: 'numeric', values: noise },
    { kind: 'numeric', values: age },
    { kind: 'categorical', codes: breed, categories: 6 },
  ]
  const isBad = (i: number) => age[i] <= 40 && (breed[i] === 1 || breed[i] === 4)
  const errors = Uint8Array.from({ length: n }, (_, i) => (randomUniform(random) < (isBad(i) ? 0.6 : 0.05) ? 1 : 0))
  const binned = columns.map((column) => binColumn(column))

  it('finds the slice where errors gather', () => {
    const tree = okTree(binned, errors)
    const worst = tree.nodes.filter((node) => node.children === null).sort((a, b) => b.mean - a.mean)[0]
    const path = pathTo(tree, worst.id)
    const onAge = path.find(({ split }) => split.column === 1)
    const onBreed = path.find(({ split }) => split.column === 2)
    expect(onAge?.split.threshold).toBeGreaterThan(38.5)
    expect(onAge?.split.threshold).toBeLessThan(41.5)
    expect(onBreed?.split.codes).toEqual(onBreed?.holds ? [1, 4] : [0, 2, 3, 5])
    expect(path.some(({ split }) => split.column === 0)).toBe(false)
    expect(worst.mean).toBeGreaterThan(0.5)
  })

  it('counts every row once, in the node where assigning puts it', () => {
    const tree = okTree(binned, errors)
    const leaves = assignLeaves(tree, columns)
    for (const node of tree.nodes) {
      if (node.children) {
        const [first, second] = node.children.map((id) => tree.nodes[id])
        expect(first.n + second.n).toBe(node.n)
        expect(first.parent).toBe(node.id)
        continue
      }
      const rows = [...leaves.keys()].filter((row) => leaves[row] === node.id)
      expect(rows.length).toBe(node.n)
      expect(rows.reduce((sum, row) => sum + errors[row], 0) / rows.length).toBeCloseTo(node.mean, 12)
    }
  })

  it('is the same each time, and stays a stump where nothing is to be found', () => {
    expect(growTree(binned, errors)).toEqual(growTree(binned, errors))
    const chance = Uint8Array.from({ length: n }, () => (randomUniform(random) < 0.1 ? 1 : 0))
    expect(okTree(binned, chance).nodes.length).toBe(1)
  })

  it('respects depth and leaf size', () => {
    const tree = okTree(binned, errors, { maxDepth: 1, minLeaf: 1000, alpha: 1 })
    expect(tree.nodes.every(({ depth, n: size }) => depth <= 1 && size >= 1000)).toBe(true)
    expect(okTree(binned, errors, { maxDepth: 0 }).nodes.length).toBe(1)
  })

  it('sends missing values to the side where they fit', () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => (i < 100 ? Number.NaN : i))
    const target = Float64Array.from({ length: 400 }, (_, i) => (i < 200 ? 5 : 1))
    const column: TreeColumn = { kind: 'numeric', values }
    const tree = okTree([binColumn(column)], target)
    expect(tree.nodes[0].split).toMatchObject({ isMissingFirst: true, codes: null })
    expect(Math.abs((tree.nodes[0].split?.firstN ?? 0) - 200)).toBeLessThanOrEqual(5)
    const leaves = assignLeaves(tree, [column])
    expect(leaves[0]).toBe(leaves[150])
    expect(leaves[0]).not.toBe(leaves[399])
  })

  it('splits on missingness alone', () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => (i % 2 ? Number.NaN : 7))
    const tree = okTree(
      [binColumn({ kind: 'numeric', values })],
      Uint8Array.from(values, (x) => (Number.isNaN(x) ? 1 : 0)),
    )
    expect(tree.nodes[0].split?.threshold).toBeNull()
    expect(
      tree.nodes
        .slice(1)
        .map(({ mean }) => mean)
        .sort(),
    ).toEqual([0, 1])
  })

  it('leaves rows without a target out, and says when there is nothing to grow from', () => {
    const target = Float64Array.from(errors, (e, i) => (i % 10 === 0 ? Number.NaN : e))
    expect(okTree(binned, target)).toMatchObject({ n: 3600, missing: 400 })
    expect(growTree(binned, new Float64Array(n))).toMatchObject({ reason: 'constant' })
    expect(growTree(binned, new Float64Array(n).fill(Number.NaN))).toMatchObject({
      reason: 'too-few',
      n: 0,
      needed: 40,
    })
    expect(growTree([], [])).toMatchObject({ reason: 'too-few' })
    expect(growTree(binned, errors, { stop: { aborted: true } })).toMatchObject({ reason: 'aborted' })
    expect(() => growTree(binned, [1, 2])).toThrow(RangeError)
  })
})
