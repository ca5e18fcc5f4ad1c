import { describeAudio } from '../../analysis/descriptors/audio.ts'
import { describeEmbedding } from '../../analysis/descriptors/embedding.ts'
import { describeImage } from '../../analysis/descriptors/image.ts'
import { describeText, type TextExpectation } from '../../analysis/descriptors/text.ts'
import { decodeImage } from '../../collect/blobs/decode-image.ts'
import { decodeWav } from '../../collect/blobs/decode-wav.ts'
import { readEmbedding } from '../../collect/blobs/take-blob.ts'
import type { BlobFacts } from '../../contract/blob.ts'
import type { ColumnSpec } from '../../contract/model.ts'

export interface MeasureFileOrder {
  readonly kind: 'image' | 'audio'
  readonly bytes: Uint8Array
}

/** What a picture or recording measures; null for one that cannot be decoded. Heavy, so that it runs in a worker. */
export function measureFile({ kind, bytes }: MeasureFileOrder): BlobFacts | null {
  if (kind === 'image') {
    const image = decodeImage(bytes)
    return typeof image === 'string' ? null : describeImage(image)
  }
  const recording = decodeWav(bytes)
  return typeof recording === 'string' ? null : describeAudio(recording)
}

/** Measures blobs of every kind at once; remembers what texts of a column are compared with. */
export function createMeasurer(): (spec: Pick<ColumnSpec, 'type' | 'blob'>, bytes: Uint8Array) => BlobFacts | null {
  const expectations = new WeakMap<object, TextExpectation>()

  function expectationOf(blob: NonNullable<ColumnSpec['blob']>): TextExpectation {
    const known = expectations.get(blob)
    if (known !== undefined) return known
    const { vocabulary, scripts } = blob
    const made = { vocabulary: vocabulary?.length ? new Set(vocabulary) : null, scripts: scripts ?? null }
    expectations.set(blob, made)
    return made
  }

  return ({ type, blob = {} }, bytes) => {
    if (type === 'image' || type === 'audio') return measureFile({ kind: type, bytes })
    if (type === 'text') return describeText(new TextDecoder().decode(bytes), expectationOf(blob))
    return type === 'embedding' ? describeEmbedding(readEmbedding(bytes), blob.center ?? null) : null
  }
}
