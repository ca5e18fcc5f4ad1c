import { decode, encode, hasPngSignature } from 'fast-png'
import type { InferRow } from '../../../collect/endpoint.ts'
import type { ColumnSpec } from '../../../contract/model.ts'
import { computeMoments, standardDeviationOf } from '../../../stats/moments.ts'
import { type Random, randomNormal } from '../../../stats/random.ts'
import type { TestSet } from './test-set.ts'

const maxPixels = 4096 * 4096

export type Perturbed = { readonly row: InferRow } | { readonly problem: string }

/**
 * Adds normal noise to the numbers of a row: `epsilon` times each input's standard deviation over the test set, kept inside the
 * declared range; whole numbers stay whole. Pixels get `epsilon` of full scale. Categories stay as they are.
 */
export function createPerturbation(testSet: TestSet, epsilon: number, random: Random): (row: InferRow) => Perturbed {
  const spreads = new Map<string, { deviation: number; isWhole: boolean }>()
  for (const { name, type } of testSet.inputs) {
    const column = testSet.table.columns.get(name)
    if (type !== 'numeric' || column?.type !== 'numeric') continue
    const present = column.values.filter(Number.isFinite)
    spreads.set(name, {
      deviation: standardDeviationOf(computeMoments(present)) ?? 0,
      isWhole: present.every(Number.isInteger),
    })
  }

  function shift(spec: ColumnSpec, value: number): number {
    const { deviation, isWhole } = spreads.get(spec.name) ?? { deviation: 0, isWhole: false }
    const moved = value + epsilon * deviation * randomNormal(random)
    const [low, high] = spec.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    // A value that lies outside already is not pulled back: the noise would no longer be small.
    const kept = value < low || value > high ? moved : Math.min(high, Math.max(low, moved))
    return isWhole ? Math.round(kept) : kept
  }

  return (row) => {
    const moved: Record<string, InferRow[string]> = { ...row }
    for (const spec of testSet.inputs) {
      const value = row[spec.name]
      if (typeof value === 'number') moved[spec.name] = shift(spec, value)
      else if (value instanceof Uint8Array) {
        const picture = perturbPicture(value, epsilon, random)
        if (typeof picture === 'string') return { problem: `${spec.name}: ${picture}` }
        moved[spec.name] = picture
      }
    }
    return { row: moved }
  }
}

/** The picture with noise on every channel but transparency; a sentence when it cannot be read. */
export function perturbPicture(bytes: Uint8Array, epsilon: number, random: Random): Uint8Array | string {
  if (bytes.length < 33 || !hasPngSignature(bytes)) return 'only PNG pictures can be perturbed'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(16) * view.getUint32(20) > maxPixels) return 'the picture is too large to be perturbed'
  try {
    const { width, height, data, depth, channels, palette } = decode(bytes, { checkCrc: true })
    if (palette) return 'a picture with a palette cannot be perturbed'
    if (depth !== 8 && depth !== 16) return `a picture of ${depth} bits cannot be perturbed`
    const scale = 2 ** depth - 1
    const hasAlpha = channels === 2 || channels === 4
    const noisy = data.slice()
    for (let place = 0; place < noisy.length; place++) {
      if (hasAlpha && place % channels === channels - 1) continue
      const value = noisy[place] + epsilon * scale * randomNormal(random)
      noisy[place] = Math.min(scale, Math.max(0, Math.round(value)))
    }
    return encode({ width, height, data: noisy, depth, channels })
  } catch (error) {
    return `the picture is damaged (${error instanceof Error ? error.message : String(error)})`
  }
}
