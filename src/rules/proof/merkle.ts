/**
 * The Merkle tree of the audit log, as RFC 6962 section 2.1 and RFC 9162 section 2.1 define it.
 *
 * A node is named by its level and index: it covers the leaves from `index * 2^level` to `(index + 1) * 2^level`; level 0
 * is the leaves themselves. Only perfect subtrees are nodes: they never change once their last leaf is in, so they can
 * be stored for good. Sizes and indexes are whole numbers up to 2^53, hence no bit operators.
 */
import { concatBytes, equalBytes, type Sha256 } from './bytes.ts'

export type NodeId = { level: number; index: number }
export type TreeNode = NodeId & { hash: Uint8Array }

/** All that is needed to append: the roots of the perfect subtrees that make up the tree, from left to right. */
export type Frontier = { size: number; peaks: readonly Uint8Array[] }

/** Looks up a node's hash. It must know every leaf (level 0); what it does not know above is computed from below. */
export type NodeSource = (level: number, index: number) => Uint8Array | undefined

export type InclusionClaim = {
  leafHash: Uint8Array
  index: number
  size: number
  proof: readonly Uint8Array[]
  root: Uint8Array
}

export type ConsistencyClaim = {
  oldSize: number
  oldRoot: Uint8Array
  newSize: number
  newRoot: Uint8Array
  proof: readonly Uint8Array[]
}

/** Leaves from `from` up to but not including `to`. */
type LeafRange = { from: number; to: number }

export const emptyFrontier: Frontier = { size: 0, peaks: [] }

const hashBytes = 32
const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

const isOdd = (value: number) => value % 2 === 1
const half = (value: number) => Math.floor(value / 2)
const isSize = (value: number) => Number.isSafeInteger(value) && value >= 0
const isPowerOfTwo = (value: number) => value > 0 && 2 ** Math.round(Math.log2(value)) === value
const isHash = (value: Uint8Array) => value.length === hashBytes

/** The largest power of two smaller than n, for n of at least 2: where the RFC splits a tree. */
function splitPoint(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

function requireSize(value: number, name: string): void {
  if (!isSize(value)) throw new RangeError(`${name} must be a whole number from 0 to 2^53 - 1, got ${value}`)
}

/** The subtrees whose roots make up the inclusion proof of a leaf, in the order of the proof (RFC 9162 2.1.3.1). */
function inclusionRanges(index: number, size: number): LeafRange[] {
  requireSize(index, 'The leaf index')
  requireSize(size, 'The tree size')
  if (index >= size) throw new RangeError(`The tree of ${size} leaves has no leaf ${index}`)
  const fromTop: LeafRange[] = []
  let from = 0
  let to = size
  while (to - from > 1) {
    const middle = from + splitPoint(to - from)
    if (index < middle) {
      fromTop.push({ from: middle, to })
      to = middle
    } else {
      fromTop.push({ from, to: middle })
      from = middle
    }
  }
  return fromTop.reverse()
}

/** The subtrees whose roots make up a consistency proof, in the order of the proof (RFC 9162 2.1.4.1). */
function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  requireSize(oldSize, 'The old size')
  requireSize(newSize, 'The new size')
  if (oldSize > newSize) throw new RangeError(`A tree of ${newSize} leaves cannot extend one of ${oldSize}`)
  if (oldSize === 0 || oldSize === newSize) return []
  const fromTop: LeafRange[] = []
  let from = 0
  let to = newSize
  while (to > oldSize) {
    const middle = from + splitPoint(to - from)
    if (oldSize <= middle) {
      fromTop.push({ from: middle, to })
      to = middle
    } else {
      fromTop.push({ from, to: middle })
      from = middle
    }
  }
  // When the old tree is itself one of the subtrees, its root is known to the verifier and left out.
  if (from > 0) fromTop.push({ from, to })
  return fromTop.reverse()
}

/** The nodes that make up a subtree, from left to right. */
function nodesOf({ from, to }: LeafRange): NodeId[] {
  const nodes: NodeId[] = []
  let begin = from
  let level = Math.ceil(Math.log2(Math.max(1, to - from))) + 1
  while (begin < to) {
    while (begin % 2 ** level !== 0 || begin + 2 ** level > to) level -= 1
    nodes.push({ level, index: begin / 2 ** level })
    begin += 2 ** level
  }
  return nodes
}

/** The nodes that `inclusionProof(source, index, size)` will ask for: at most about 2 log2(size). For one fetch. */
export function nodesForInclusion(index: number, size: number): NodeId[] {
  return inclusionRanges(index, size).flatMap(nodesOf)
}

/** The nodes that `consistencyProof(source, oldSize, newSize)` will ask for: at most about 2 log2(newSize). */
export function nodesForConsistency(oldSize: number, newSize: number): NodeId[] {
  return consistencyRanges(oldSize, newSize).flatMap(nodesOf)
}

/** The nodes whose hashes are the peaks of a tree of this size, from left to right. */
export function nodesForFrontier(size: number): NodeId[] {
  requireSize(size, 'The tree size')
  return nodesOf({ from: 0, to: size })
}

/** A source over leaf hashes alone. A proof then costs up to `size` hashes: use a stored or built tree for many. */
export function sourceFromLeaves(leaves: readonly Uint8Array[] | ((index: number) => Uint8Array)): NodeSource {
  const leafAt = typeof leaves === 'function' ? leaves : (index: number) => leaves[index]
  return (level, index) => (level === 0 ? leafAt(index) : undefined)
}

/** A source over nodes that were fetched beforehand. */
export function sourceFromNodes(nodes: Iterable<TreeNode>): NodeSource {
  const byName = new Map<string, Uint8Array>()
  for (const node of nodes) byName.set(`${node.level}/${node.index}`, node.hash)
  return (level, index) => byName.get(`${level}/${index}`)
}

export type Merkle = ReturnType<typeof createMerkle>

/** The tree's functions over a given SHA-256. They hold no state. */
export function createMerkle(sha256: Sha256) {
  /** Hash of a leaf: SHA-256 of a zero byte and the entry's bytes. */
  function hashLeaf(entry: Uint8Array): Uint8Array {
    return sha256(concatBytes(leafPrefix, entry))
  }

  /** Hash of an inner node: SHA-256 of a one byte and both children. */
  function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
    return sha256(concatBytes(nodePrefix, left, right))
  }

  function foldPeaks(peaks: readonly Uint8Array[]): Uint8Array {
    return peaks.reduceRight((right, left) => hashNode(left, right))
  }

  /**
   * The nodes that come to stand when a leaf is appended: the leaf first, then each perfect subtree it completes.
   * A log that stores them (two a leaf on average) can later prove anything with O(log n) reads.
   */
  function completedNodes(frontier: Frontier, leafHash: Uint8Array): TreeNode[] {
    if (!isHash(leafHash)) throw new RangeError(`A leaf hash has ${hashBytes} bytes, got ${leafHash.length}`)
    requireSize(frontier.size + 1, 'The tree size')
    const nodes: TreeNode[] = [{ level: 0, index: frontier.size, hash: leafHash }]
    let node = nodes[0]
    for (let merged = 1; isOdd(node.index); merged += 1) {
      const left = frontier.peaks[frontier.peaks.length - merged]
      if (left === undefined) throw new RangeError(`The frontier lacks peaks for ${frontier.size} leaves`)
      node = { level: node.level + 1, index: half(node.index), hash: hashNode(left, node.hash) }
      nodes.push(node)
    }
    return nodes
  }

  /** The frontier after one more leaf: O(log n), one hash on average. The given frontier stays as it is. */
  function appendLeaf(frontier: Frontier, leafHash: Uint8Array): Frontier {
    const nodes = completedNodes(frontier, leafHash)
    const kept = frontier.peaks.slice(0, frontier.peaks.length - (nodes.length - 1))
    return { size: frontier.size + 1, peaks: [...kept, nodes[nodes.length - 1].hash] }
  }

  /** Root of the tree with this frontier: O(log n). The root of no leaves is the SHA-256 of nothing. */
  function rootOf(frontier: Frontier): Uint8Array {
    return frontier.size === 0 ? sha256(new Uint8Array(0)) : foldPeaks(frontier.peaks)
  }

  /** Frontier of the first `size` leaves of a source. */
  function frontierOf(source: NodeSource, size: number): Frontier {
    return { size, peaks: nodesForFrontier(size).map((node) => hashOf(source, node)) }
  }

  /** Root over the first `size` leaves of a source. */
  function rootAt(source: NodeSource, size: number): Uint8Array {
    return rootOf(frontierOf(source, size))
  }

  /** Every node over these leaves, computed once: n - 1 hashes, after which each proof costs O(log n). */
  function buildTree(leaves: readonly Uint8Array[]): NodeSource {
    const levels: (readonly Uint8Array[])[] = [leaves]
    for (let below = leaves; below.length > 1; below = levels[levels.length - 1]) {
      levels.push(
        Array.from({ length: half(below.length) }, (_, index) => hashNode(below[index * 2], below[index * 2 + 1])),
      )
    }
    return (level, index) => levels[level]?.[index]
  }

  function hashOf(source: NodeSource, { level, index }: NodeId): Uint8Array {
    const known = source(level, index)
    if (known !== undefined) return known
    if (level === 0) throw new RangeError(`The source has no leaf ${index}`)
    const left = hashOf(source, { level: level - 1, index: index * 2 })
    return hashNode(left, hashOf(source, { level: level - 1, index: index * 2 + 1 }))
  }

  function rangeRoot(source: NodeSource, range: LeafRange): Uint8Array {
    return foldPeaks(nodesOf(range).map((node) => hashOf(source, node)))
  }

  /**
   * Proof that leaf `index` is in the tree of `size` leaves. O(log n) with a source that knows the nodes.
   * Throws a RangeError when there is no such leaf or the source lacks one.
   */
  function inclusionProof(source: NodeSource, index: number, size: number): Uint8Array[] {
    return inclusionRanges(index, size).map((range) => rangeRoot(source, range))
  }

  /**
   * Proof that the tree of `newSize` leaves extends the one of `oldSize`; empty when the old one is empty or the same.
   * Throws a RangeError when `oldSize` is the larger or the source lacks a leaf.
   */
  function consistencyProof(source: NodeSource, oldSize: number, newSize: number): Uint8Array[] {
    return consistencyRanges(oldSize, newSize).map((range) => rangeRoot(source, range))
  }

  /** Tells whether an inclusion claim holds (RFC 9162 2.1.3.2). Malformed claims are false, never an error. */
  function verifyInclusion({ leafHash, index, size, proof, root }: InclusionClaim): boolean {
    if (!isSize(index) || !isSize(size) || index >= size) return false
    if (![leafHash, root, ...proof].every(isHash)) return false
    let position = index
    let last = size - 1
    let hash = leafHash
    for (const sibling of proof) {
      if (last === 0) return false
      if (isOdd(position) || position === last) {
        hash = hashNode(sibling, hash)
        while (position !== 0 && !isOdd(position)) {
          position = half(position)
          last = half(last)
        }
      } else hash = hashNode(hash, sibling)
      position = half(position)
      last = half(last)
    }
    return last === 0 && equalBytes(hash, root)
  }

  /**
   * Tells whether a consistency claim holds (RFC 9162 2.1.4.2). Every tree extends the empty one, whose root must then
   * be the SHA-256 of nothing. Malformed claims are false, never an error.
   */
  function verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof }: ConsistencyClaim): boolean {
    if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) return false
    if (![oldRoot, newRoot, ...proof].every(isHash)) return false
    if (oldSize === newSize) return proof.length === 0 && equalBytes(oldRoot, newRoot)
    if (oldSize === 0) return proof.length === 0 && equalBytes(oldRoot, rootOf(emptyFrontier))
    if (proof.length === 0) return false
    const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof
    let position = oldSize - 1
    let last = newSize - 1
    while (isOdd(position)) {
      position = half(position)
      last = half(last)
    }
    let oldHash = path[0]
    let newHash = path[0]
    for (const sibling of path.slice(1)) {
      if (last === 0) return false
      if (isOdd(position) || position === last) {
        oldHash = hashNode(sibling, oldHash)
        newHash = hashNode(sibling, newHash)
        while (position !== 0 && !isOdd(position)) {
          position = half(position)
          last = half(last)
        }
      } else newHash = hashNode(newHash, sibling)
      position = half(position)
      last = half(last)
    }
    return last === 0 && equalBytes(oldHash, oldRoot) && equalBytes(newHash, newRoot)
  }

  return {
    hashLeaf,
    hashNode,
    completedNodes,
    appendLeaf,
    rootOf,
    frontierOf,
    rootAt,
    buildTree,
    inclusionProof,
    consistencyProof,
    verifyInclusion,
    verifyConsistency,
  }
}
