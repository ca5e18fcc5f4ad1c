import { decodeHex } from '../../rules/proof/bytes.ts'
import type { NodeSource } from '../../rules/proof/merkle.ts'
import type { AuditStore } from '../../store/store.ts'
import { merkle } from '../proof/merkle.ts'

const hashBytes = 32
const leavesAtATime = 10_000

/** Hashes of one level, one after the other; grows by doubling. */
class Level {
  private bytes = new Uint8Array(1024 * hashBytes)
  count = 0

  push(hash: Uint8Array): void {
    if ((this.count + 1) * hashBytes > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2)
      larger.set(this.bytes)
      this.bytes = larger
    }
    this.bytes.set(hash, this.count * hashBytes)
    this.count += 1
  }

  at(index: number): Uint8Array | undefined {
    return index < this.count ? this.bytes.subarray(index * hashBytes, (index + 1) * hashBytes) : undefined
  }
}

/**
 * The log's Merkle tree in memory, from the stored leaf hashes: proofs then cost a few dozen hashes however long the log is. 64 bytes
 * an entry. Entries never change, so neither do nodes; that the stored hashes are those of the entries is for `verifyLog` to say.
 */
export interface LogTree {
  readonly source: NodeSource
  size(): number
  /** Takes in the leaves up to this size. */
  extendTo(size: number): Promise<void>
}

export function createLogTree(audit: Pick<AuditStore, 'leafHashes'>): LogTree {
  const levels: Level[] = [new Level()]
  let last: Promise<void> = Promise.resolve()

  function append(leaf: Uint8Array): void {
    levels[0].push(leaf)
    for (let level = 0; levels[level].count % 2 === 0; level += 1) {
      const below = levels[level]
      const [left, right] = [below.at(below.count - 2), below.at(below.count - 1)]
      if (left === undefined || right === undefined) return
      levels[level + 1] ??= new Level()
      // Two leaves more make one node more, and so on upwards.
      levels[level + 1].push(merkle.hashNode(left, right))
    }
  }

  async function extend(size: number): Promise<void> {
    while (levels[0].count < size) {
      const from = levels[0].count
      const hashes = await audit.leafHashes(from, Math.min(size, from + leavesAtATime))
      if (hashes.length === 0) throw new Error(`The audit log has fewer than ${size} entries`)
      for (const hash of hashes) append(decodeHex(hash) as Uint8Array)
    }
  }

  return {
    source: (level, index) => levels[level]?.at(index),
    size: () => levels[0].count,
    extendTo(size) {
      last = last.catch(() => undefined).then(() => extend(size))
      return last
    },
  }
}
