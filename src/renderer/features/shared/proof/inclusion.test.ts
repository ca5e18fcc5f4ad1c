import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { canonicalText, leafHashOf } from './hash.ts'
import { climb, rootOf } from './inclusion.ts'

const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const leaf = (text: string) => sha(Buffer.of(0), Buffer.from(text))
const split = (n: number) => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
const root = (leaves: Buffer[]): Buffer =>
  leaves.length === 1
    ? leaves[0]
    : sha(Buffer.of(1), root(leaves.slice(0, split(leaves.length))), root(leaves.slice(split(leaves.length))))
/** The definition of RFC 6962 section 2.1.1, recursive, independent of the code under test. */
const pathOf = (index: number, leaves: Buffer[]): Buffer[] => {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return index < k
    ? [...pathOf(index, leaves.slice(0, k)), root(leaves.slice(k))]
    : [...pathOf(index - k, leaves.slice(k)), root(leaves.slice(0, k))]
}

describe('climb', () => {
  it('reaches the root from every entry of logs of 1 to 21 entries', async () => {
    for (let size = 1; size <= 21; size += 1) {
      const leaves = Array.from({ length: size }, (_, index) => leaf(`entry ${index}`))
      for (let index = 0; index < size; index += 1) {
        const leafHash = leaves[index].toString('hex')
        const path = pathOf(index, leaves).map((hash) => hash.toString('hex'))
        const steps = await climb({ leafHash, index, size, path })
        expect(steps && rootOf(leafHash, steps), `${index} of ${size}`).toBe(root(leaves).toString('hex'))
      }
    }
  })

  it('does not reach it with another entry, another place or a path of another length', async () => {
    const leaves = Array.from({ length: 7 }, (_, index) => leaf(`entry ${index}`))
    const path = pathOf(3, leaves).map((hash) => hash.toString('hex'))
    const top = root(leaves).toString('hex')
    const claim = { leafHash: leaves[3].toString('hex'), index: 3, size: 7, path }
    const rootFrom = async (changes: Partial<typeof claim>) => {
      const changed = { ...claim, ...changes }
      const steps = await climb(changed)
      return steps && rootOf(changed.leafHash, steps)
    }
    expect(await rootFrom({})).toBe(top)
    expect(await rootFrom({ leafHash: leaves[4].toString('hex') })).not.toBe(top)
    expect(await rootFrom({ index: 2 })).not.toBe(top)
    expect(await rootFrom({ path: path.slice(1) })).toBeNull()
    expect(await rootFrom({ path: [...path, path[0]] })).toBeNull()
    expect(await rootFrom({ index: 7 })).toBeNull()
  })
})

describe('canonicalText', () => {
  it('orders keys by code units, however deep, and writes numbers as JSON does', () => {
    expect(canonicalText({ b: [1e21, { z: null, a: 'é"' }], a: 0.1, '\u20ac': true })).toBe(
      '{"a":0.1,"b":[1e+21,{"a":"é\\"","z":null}],"€":true}',
    )
  })
  it('makes the leaf of an entry', async () => {
    const text = '{"action":"x","index":3}'
    expect(await leafHashOf({ index: 3, action: 'x' })).toBe(leaf(text).toString('hex'))
  })
})
