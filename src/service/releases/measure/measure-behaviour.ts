import type { Gate } from '../../../contract/release.ts'
import { createRandom, sampleWithoutReplacement } from '../../../stats/random.ts'
import type { Evidence } from '../evidence/shape.ts'
import type { GateOf } from '../judge/gates.ts'
import { type Asker, mapBounded } from './asker.ts'
import { concurrency } from './measure-rows.ts'
import { createPerturbation } from './perturb.ts'
import type { TestSet } from './test-set.ts'

/** `count` rows spread evenly over the test set. */
export function spreadRows(n: number, count: number): number[] {
  const taken = Math.min(n, count)
  return Array.from({ length: taken }, (_, place) => Math.floor((place * n) / taken))
}

/** Every sampled row twice, one request after the other. */
export function measureDeterminism(
  gate: GateOf<'determinism'>,
  testSet: TestSet,
  asker: Asker,
): Promise<Evidence['repeats'][number][]> {
  return mapBounded(spreadRows(testSet.n, gate.samples), concurrency, async (row) => {
    const input = await testSet.inferRow(row)
    const first = await asker.one(input)
    return { gate: gate.id, row, first, second: await asker.one(input) }
  })
}

/** Sampled rows with noise on their inputs. Seeded: the same plan and test set give the same requests. */
export async function measurePerturbation(
  gate: GateOf<'perturbation'>,
  testSet: TestSet,
  asker: Asker,
): Promise<Evidence['perturbed'][number][]> {
  const random = createRandom(gate.seed)
  const rows = [...sampleWithoutReplacement(random, testSet.n, Math.min(testSet.n, gate.samples))]
  const perturb = createPerturbation(testSet, gate.epsilon, random)
  const found: Evidence['perturbed'][number][] = []
  // Noise is drawn row after row, so that no timing decides which row gets which.
  for (let from = 0; from < rows.length; from += concurrency) {
    const some = rows.slice(from, from + concurrency)
    const inputs = []
    for (const row of some) inputs.push(perturb(await testSet.inferRow(row)))
    const answers = await mapBounded(inputs, concurrency, async (input) =>
      'problem' in input
        ? { problem: { kind: 'request' as const, status: null, message: input.problem }, latencyMs: 0 }
        : asker.one(input.row),
    )
    answers.forEach((answer, place) => {
      found.push({ gate: gate.id, row: some[place], answer })
    })
  }
  return found
}

/** Sampled rows, each without one of its inputs, which are taken in turn. */
export function measureMissing(
  gate: GateOf<'missing-inputs'>,
  testSet: TestSet,
  asker: Asker,
): Promise<Evidence['missing'][number][]> {
  const { inputs } = testSet
  return mapBounded(spreadRows(testSet.n, gate.samples), concurrency, async (row, place) => {
    const column = inputs[place % inputs.length].name
    const input = { ...(await testSet.inferRow(row)), [column]: null }
    return { gate: gate.id, row, column, answer: await asker.one(input) }
  })
}

export const gatesOfKind = <K extends Gate['kind']>(gates: readonly Gate[], kind: K): GateOf<K>[] =>
  gates.filter((gate): gate is GateOf<K> => gate.kind === kind)
