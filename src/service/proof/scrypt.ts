/** Keys from passwords: scrypt (RFC 7914), with its cost stored beside the result so that it can rise later. */
import { type BinaryLike, scrypt } from 'node:crypto'

/** CPU and memory cost N (a power of two), block size r, parallelism p. Memory is about 128 * N * r bytes. */
export type ScryptCost = { N: number; r: number; p: number }

/** 32 MiB and three passes over it: the work of N = 2^17 and p = 1 in a quarter of the memory. */
export const defaultScryptCost: ScryptCost = { N: 2 ** 15, r: 8, p: 3 }

export const saltBytes = 16
export const maxPasswordLength = 1024

const minN = 2 ** 15
const maxMemoryBytes = 2 ** 30

/** Why a cost is not acceptable, be it too cheap to protect or too dear to try; undefined when it is. */
export function objectionToCost({ N, r, p }: ScryptCost): string | undefined {
  if (![N, r, p].every((value) => Number.isSafeInteger(value) && value > 0)) return 'N, r and p must be whole numbers'
  if (2 ** Math.round(Math.log2(N)) !== N) return 'N must be a power of two'
  if (N < minN || r < 8) return `N must be at least ${minN} and r at least 8`
  if (128 * N * r > maxMemoryBytes || p > 16) return 'it asks for more than 1 GiB of memory or p above 16'
  return undefined
}

/**
 * Derives `bytes` bytes from a password, off the main thread. The password is normalised (NFKC), so that the same
 * letters typed on another system give the same key. Throws a RangeError for an unacceptable cost or a password of more
 * than 1,024 characters; what makes a good password is decided elsewhere.
 */
export async function deriveFromPassword(
  password: string,
  salt: Uint8Array,
  bytes: number,
  cost: ScryptCost,
): Promise<Uint8Array> {
  const objection = objectionToCost(cost)
  if (objection !== undefined) throw new RangeError(`Unacceptable scrypt cost: ${objection}`)
  if (password.length > maxPasswordLength) {
    throw new RangeError(`A password has at most ${maxPasswordLength} characters`)
  }
  // Node refuses to use more than 32 MiB unless told, and needs a little more than 128 * N * r.
  const maxmem = 128 * cost.r * (cost.N + cost.p + 2) + 2 ** 20
  return await scryptAsync(password.normalize('NFKC'), salt, bytes, { ...cost, maxmem })
}

function scryptAsync(
  password: BinaryLike,
  salt: Uint8Array,
  bytes: number,
  options: ScryptCost & { maxmem: number },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, options, (error, key) => {
      if (error) reject(error)
      else resolve(new Uint8Array(key))
    })
  })
}
