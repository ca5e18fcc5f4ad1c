import { createRandom } from '../../src/demo/random.ts'
import { mutate } from './mutate.ts'
import type { FuzzTarget } from './target.ts'
import { targets } from './targets.ts'

export interface FuzzReport {
  readonly seed: number
  readonly count: number
  readonly targets: readonly {
    readonly name: string
    readonly payloads: number
    readonly taken: number
    readonly refused: number
    readonly slowestMs: number
  }[]
  /** Heap after a collection, at each tenth of the run; empty where collections cannot be asked for. */
  readonly heapMegabytes: readonly number[]
  /** At most ten payloads that were not dealt with as they should. */
  readonly faults: readonly { readonly target: string; readonly base64: string; readonly message: string }[]
}

/** The target drawn, or another when it is costly and this is not its turn. */
function turnOf(wheel: readonly FuzzTarget[], drawn: number, index: number): FuzzTarget {
  const target = wheel[drawn]
  if (index % (target.every ?? 1) === 0) return target
  return wheel.find((other) => other.every === undefined && other !== target) ?? target
}

/** Gives `count` mutated payloads to every way in, by weight. The same seed gives the same payloads. */
export async function fuzz({ count, seed }: { readonly count: number; readonly seed: number }): Promise<FuzzReport> {
  const random = createRandom(seed)
  const wheel = targets.flatMap((target) => Array<FuzzTarget>(target.weight).fill(target))
  const tallies = new Map(targets.map(({ name }) => [name, { name, payloads: 0, taken: 0, refused: 0, slowestMs: 0 }]))
  const faults: { target: string; base64: string; message: string }[] = []
  const heapMegabytes: number[] = []
  const part = Math.ceil(count / 10)
  for (let index = 1; index <= count; index++) {
    const drawn = random.integer(wheel.length)
    const target = turnOf(wheel, drawn, index)
    const tally = tallies.get(target.name)
    if (tally === undefined) throw new Error(`two targets are called ${target.name}`)
    const bytes = mutate(target.seeds[random.integer(target.seeds.length)], random)
    const startedAt = performance.now()
    tally.payloads++
    try {
      const outcome = target.read(bytes)
      if (outcome instanceof Promise ? await outcome : outcome) tally.taken++
      else tally.refused++
    } catch (error) {
      const { message, stack } = error as Error
      if (faults.length < 10)
        faults.push({ target: target.name, base64: bytes.toString('base64'), message: stack?.slice(0, 600) ?? message })
    }
    tally.slowestMs = Math.max(tally.slowestMs, performance.now() - startedAt)
    if (index % part === 0 && globalThis.gc !== undefined) {
      globalThis.gc()
      heapMegabytes.push(Math.round((process.memoryUsage().heapUsed / 1024 / 1024) * 10) / 10)
    }
  }
  return { seed, count, targets: [...tallies.values()], heapMegabytes, faults }
}

/** Everything in which a run went wrong. */
export function faultsIn({ targets: tallies, heapMegabytes, faults }: FuzzReport): string[] {
  const found = faults.map(({ target, message, base64 }) => `${target}: ${message} (${base64.slice(0, 2000)})`)
  for (const { name, taken, refused } of tallies)
    if (taken === 0 || refused === 0) found.push(`${name}: ${taken} taken and ${refused} refused prove nothing`)
  // The first tenth compiles and fills caches; from there on nothing may pile up.
  if (heapMegabytes.length > 2) {
    const growth = (heapMegabytes.at(-1) ?? 0) - heapMegabytes[1]
    if (growth > 20) found.push(`the heap grew by ${growth} MB`)
  }
  return found
}
