import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodeHex, encodeHex } from './bytes.ts'
import {
  createMerkle,
  emptyFrontier,
  type Frontier,
  nodesForConsistency,
  nodesForFrontier,
  nodesForInclusion,
  sourceFromLeaves,
  sourceFromNodes,
  type TreeNode,
} from './merkle.ts'

let hashed = 0
const sha256 = (bytes: Uint8Array) => {
  hashed += 1
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}
const merkle = createMerkle(sha256)
const hex = (text: string) => decodeHex(text) as Uint8Array
const maxSize = 130
const leaves = Array.from({ length: maxSize }, (_, index) => merkle.hashLeaf(Uint8Array.of(index, index >> 3)))
const tree = merkle.buildTree(leaves)

/** The definition of RFC 6962 section 2.1, word for word, to hold the clever forms against. */
function rootByDefinition(part: readonly Uint8Array[]): Uint8Array {
  if (part.length === 0) return sha256(new Uint8Array(0))
  if (part.length === 1) return part[0]
  let k = 1
  while (k * 2 < part.length) k *= 2
  return merkle.hashNode(rootByDefinition(part.slice(0, k)), rootByDefinition(part.slice(k)))
}
const roots = Array.from({ length: maxSize + 1 }, (_, size) => rootByDefinition(leaves.slice(0, size)))

function grow(count: number): { frontiers: Frontier[]; nodes: TreeNode[] } {
  const frontiers = [emptyFrontier]
  const nodes: TreeNode[] = []
  for (const leaf of leaves.slice(0, count)) {
    const frontier = frontiers[frontiers.length - 1]
    nodes.push(...merkle.completedNodes(frontier, leaf))
    frontiers.push(merkle.appendLeaf(frontier, leaf))
  }
  return { frontiers, nodes }
}

describe('published vectors', () => {
  const published = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
  const publishedRoots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]
  const source = sourceFromLeaves(published.map((leaf) => merkle.hashLeaf(hex(leaf))))

  it.each(publishedRoots.map((root, size) => ({ size, root })))('root of $size leaves', ({ size, root }) => {
    expect(encodeHex(merkle.rootAt(source, size))).toBe(root)
  })

  it.each([
    {
      index: 0,
      size: 8,
      proof: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      index: 5,
      size: 8,
      proof: [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
  ])('inclusion of leaf $index in $size', ({ index, size, proof }) => {
    expect(merkle.inclusionProof(source, index, size).map(encodeHex)).toEqual(proof)
  })

  it.each([
    { oldSize: 1, newSize: 1, proof: [] },
    {
      oldSize: 1,
      newSize: 8,
      proof: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      oldSize: 6,
      newSize: 8,
      proof: [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
    {
      oldSize: 2,
      newSize: 5,
      proof: [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    },
  ])('consistency from $oldSize to $newSize', ({ oldSize, newSize, proof }) => {
    expect(merkle.consistencyProof(source, oldSize, newSize).map(encodeHex)).toEqual(proof)
  })
})

describe('every size up to 130', () => {
  it('the frontier, the leaves and the definition agree on the root', () => {
    const { frontiers } = grow(maxSize)
    for (let size = 0; size <= maxSize; size += 1) {
      expect(merkle.rootOf(frontiers[size])).toEqual(roots[size])
      expect(merkle.rootAt(sourceFromLeaves(leaves), size)).toEqual(roots[size])
      expect(merkle.frontierOf(tree, size)).toEqual(frontiers[size])
    }
  })

  it('every inclusion proof holds, and for no other leaf, place, size or root', () => {
    for (let size = 1; size <= maxSize; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const claim = {
          leafHash: leaves[index],
          index,
          size,
          proof: merkle.inclusionProof(tree, index, size),
          root: roots[size],
        }
        const holds = merkle.verifyInclusion(claim)
        const lies = [
          { ...claim, leafHash: leaves[(index + 1) % maxSize] },
          { ...claim, root: roots[size - 1] },
          { ...claim, index: index ^ 1 },
          { ...claim, index: size },
          { ...claim, proof: [...claim.proof, leaves[0]] },
          { ...claim, proof: [leaves[0], ...claim.proof] },
          ...(claim.proof.length > 0 ? [{ ...claim, proof: claim.proof.slice(1) }] : []),
          ...(claim.proof.length > 0 ? [{ ...claim, proof: claim.proof.slice(0, -1) }] : []),
        ].filter((lie) => merkle.verifyInclusion(lie))
        if (!holds || lies.length > 0)
          expect({ size, index, holds, lies }).toEqual({ size, index, holds: true, lies: [] })
      }
    }
  })

  it('every consistency proof holds, and for no other size, root or path', () => {
    for (let newSize = 0; newSize <= maxSize; newSize += 1) {
      for (let oldSize = 0; oldSize <= newSize; oldSize += 1) {
        const claim = {
          oldSize,
          oldRoot: roots[oldSize],
          newSize,
          newRoot: roots[newSize],
          proof: merkle.consistencyProof(tree, oldSize, newSize),
        }
        const holds = merkle.verifyConsistency(claim)
        const lies = [
          { ...claim, oldRoot: sha256(claim.oldRoot) },
          // Nothing is claimed of an empty tree but that it is empty.
          ...(oldSize > 0 ? [{ ...claim, newRoot: sha256(claim.newRoot) }] : []),
          { ...claim, oldSize: newSize + 1 },
          { ...claim, proof: [...claim.proof, leaves[0]] },
          ...(claim.proof.length > 0 ? [{ ...claim, proof: claim.proof.slice(1) }] : []),
          ...(claim.proof.length > 0 ? [{ ...claim, proof: claim.proof.slice(0, -1) }] : []),
          ...claim.proof.map((_, at) => ({ ...claim, proof: claim.proof.with(at, sha256(claim.proof[at])) })),
        ].filter((lie) => merkle.verifyConsistency(lie))
        if (!holds || lies.length > 0) {
          expect({ oldSize, newSize, holds, lies }).toEqual({ oldSize, newSize, holds: true, lies: [] })
        }
      }
    }
  })

  it('the nodes completed by appending are all that proofs and frontiers ask for', () => {
    const { nodes } = grow(maxSize)
    for (const node of nodes) expect(tree(node.level, node.index)).toEqual(node.hash)
    const find = ({ level, index }: { level: number; index: number }) =>
      nodes.find((node) => node.level === level && node.index === index) as TreeNode
    for (const size of [1, 2, 3, 64, 97, 127, 128, 130]) {
      const fetchedFrontier = nodesForFrontier(size).map((node) => find(node).hash)
      expect(merkle.rootOf({ size, peaks: fetchedFrontier })).toEqual(roots[size])
      for (let index = 0; index < size; index += 1) {
        const fetched = sourceFromNodes(nodesForInclusion(index, size).map(find))
        expect(merkle.inclusionProof(fetched, index, size)).toEqual(merkle.inclusionProof(tree, index, size))
        const older = sourceFromNodes(nodesForConsistency(index, size).map(find))
        expect(merkle.consistencyProof(older, index, size)).toEqual(merkle.consistencyProof(tree, index, size))
      }
    }
  })
})

describe('cost', () => {
  it('a proof in a million leaves over stored nodes reads and hashes a few dozen nodes', () => {
    const size = 1_000_003
    const reads: number[] = []
    const anyHash = new Uint8Array(32)
    const stored = (level: number) => {
      reads.push(level)
      return anyHash
    }
    hashed = 0
    merkle.inclusionProof(stored, 999_999, size)
    merkle.inclusionProof(stored, 0, size)
    merkle.consistencyProof(stored, 524_289, size)
    expect(reads.length).toBeLessThan(3 * 40)
    expect(hashed).toBeLessThan(3 * 20)
    expect(nodesForFrontier(2 ** 52 + 1)).toEqual([
      { level: 52, index: 0 },
      { level: 0, index: 2 ** 52 },
    ])
  })
})

describe('bad input', () => {
  it('refuses leaves and sizes that are not there', () => {
    expect(() => merkle.inclusionProof(tree, 5, 5)).toThrow('no leaf 5')
    expect(() => merkle.inclusionProof(tree, 0, maxSize + 1)).toThrow(`no leaf ${maxSize}`)
    expect(() => merkle.consistencyProof(tree, 6, 5)).toThrow('cannot extend')
    expect(() => merkle.consistencyProof(tree, 1.5, 5)).toThrow('whole number')
    expect(() => merkle.appendLeaf(emptyFrontier, new Uint8Array(31))).toThrow('32 bytes')
    expect(() => merkle.appendLeaf({ size: 3, peaks: [leaves[0]] }, leaves[1])).toThrow('lacks peaks')
  })

  it('calls malformed claims false', () => {
    const claim = { leafHash: leaves[0], index: 0, size: 1, proof: [], root: leaves[0] }
    expect(merkle.verifyInclusion(claim)).toBe(true)
    expect(merkle.verifyInclusion({ ...claim, index: -1 })).toBe(false)
    expect(merkle.verifyInclusion({ ...claim, size: Number.NaN })).toBe(false)
    expect(merkle.verifyInclusion({ ...claim, leafHash: new Uint8Array(0), root: new Uint8Array(0) })).toBe(false)
    const grown = { oldSize: 1, oldRoot: roots[1], newSize: 2, newRoot: roots[2], proof: [] }
    expect(merkle.verifyConsistency(grown)).toBe(false)
    expect(merkle.verifyConsistency({ ...grown, proof: [new Uint8Array(31)] })).toBe(false)
  })
})
