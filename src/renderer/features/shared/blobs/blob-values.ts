import type { LabelledSample } from '../../../../contract/sample.ts'

/** Where what a column of files holds is to be found: stored under a digest, or elsewhere. Both null: nowhere. */
export function placeIn({ inputs }: Pick<LabelledSample, 'inputs'>, column: string) {
  const value = inputs[column]
  const isDigest = typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
  return {
    digest: isDigest ? value : null,
    reference: typeof value === 'string' && !isDigest ? value : null,
  }
}

/** The numbers of a stored embedding: 32-bit floats, little end first. */
export function embeddingIn(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: bytes.byteLength >> 2 }, (_, index) => view.getFloat32(index * 4, true))
}

/** Path of the least and largest value in each of `width` columns, in a box of which `most` reaches the edge. */
export function waveOf(values: Float32Array, width: number, height: number, most: number): string {
  const columns = Math.min(width, values.length)
  const middle = height / 2
  const scale = most === 0 ? 0 : middle / most
  const parts: string[] = []
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * values.length) / columns)
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns))
    let [low, high] = [0, 0]
    for (let at = from; at < to; at++) {
      low = Math.min(low, values[at])
      high = Math.max(high, values[at])
    }
    const x = ((column + 0.5) * width) / columns
    parts.push(`M${x.toFixed(1)} ${(middle - high * scale).toFixed(1)}V${(middle - low * scale + 0.5).toFixed(1)}`)
  }
  return parts.join('')
}
