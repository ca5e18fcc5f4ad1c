import { describeAudio } from '../../analysis/descriptors/audio.ts'
import { describeImage } from '../../analysis/descriptors/image.ts'
import { decodeImage } from '../../collect/blobs/decode-image.ts'
import { decodeWav } from '../../collect/blobs/decode-wav.ts'
import type { BlobFacts } from '../../contract/blob.ts'

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
