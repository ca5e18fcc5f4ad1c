import { fromHex, sha256, toHex } from './hash.ts'

export type InclusionClaim = {
  leafHash: string
  /** Place of the entry in the log, from 0. */
  index: number
  /** How many entries the checkpoint speaks for. */
  size: number
  /** Hashes of the neighbours, from the leaf upwards. */
  path: readonly string[]
}

/** One step up the tree: on which side the neighbour stands, and what comes of both. */
export type InclusionStep = { side: 'left' | 'right'; neighbour: string; result: string }

const nodePrefix = Uint8Array.of(1)

/**
 * Climbs from an entry to the root as RFC 9162 section 2.1.3.2 says, computing every hash here. Null when the path does not
 * fit the place and the size. O(log size).
 */
export async function climb({ leafHash, index, size, path }: InclusionClaim): Promise<InclusionStep[] | null> {
  if (index < 0 || index >= size) return null
  const steps: InclusionStep[] = []
  let node = index
  let last = size - 1
  let hash = fromHex(leafHash)
  for (const neighbour of path) {
    if (last === 0) return null
    const other = fromHex(neighbour)
    if (node % 2 === 1 || node === last) {
      hash = await sha256(nodePrefix, other, hash)
      steps.push({ side: 'left', neighbour, result: toHex(hash) })
      // A node that has no neighbour on its level rises alone.
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      hash = await sha256(nodePrefix, hash, other)
      steps.push({ side: 'right', neighbour, result: toHex(hash) })
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? steps : null
}

/** The hash at the top: the leaf itself where the log has one entry. */
export function rootOf(leafHash: string, steps: readonly InclusionStep[]): string {
  return steps.at(-1)?.result ?? leafHash
}
