import { decode, encode, hasPngSignature } from 'fast-png'

/** A picture once for each cell of a grid, with a patch around that cell covered. */
export interface CoveredPictures {
  readonly columns: number
  readonly rows: number
  /** Row by row, as PNG. */
  readonly pictures: readonly Uint8Array[]
  /** Side of the patch as a share of the picture's. */
  readonly patchShare: number
}

const mostPixels = 4_000_000
/** Cells along the longer side, at most. */
const mostCells = 16
/** The patch is this part of each side: small enough to point, large enough to hide something. */
const patchShare = 1 / 4

/**
 * Covers a PNG with a square of its mean colour, at every cell of a grid of at most `most` cells; a sentence when it cannot be read. Alpha is
 * kept. O(cells · pixels).
 */
export function coverPicture(bytes: Uint8Array, most: number): CoveredPictures | string {
  if (bytes.length < 33 || !hasPngSignature(bytes)) return 'only PNG pictures can be covered'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(16) * view.getUint32(20) > mostPixels) return 'the picture is too large to be covered'
  let picture: ReturnType<typeof decode>
  try {
    picture = decode(bytes, { checkCrc: true })
  } catch (error) {
    return `the picture is damaged (${error instanceof Error ? error.message : String(error)})`
  }
  const { width, height, data, depth, channels, palette } = picture
  if (palette) return 'a picture with a palette cannot be covered'
  if (depth !== 8 && depth !== 16) return `a picture of ${depth} bits cannot be covered`
  const largest = Math.min(mostCells, Math.floor(Math.sqrt(most)))
  if (largest < 2) return `${most} rows are too few to cover it piece by piece`
  const scale = largest / Math.max(width, height)
  const columns = Math.max(1, Math.min(width, Math.round(width * scale)))
  const rows = Math.max(1, Math.min(height, Math.round(height * scale)))
  const colours = channels === 2 || channels === 4 ? channels - 1 : channels
  const means = meansOf(data, channels)
  const patchWidth = Math.max(1, Math.round(width * patchShare))
  const patchHeight = Math.max(1, Math.round(height * patchShare))
  const pictures: Uint8Array[] = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const left = Math.round(((column + 0.5) * width) / columns - patchWidth / 2)
      const top = Math.round(((row + 0.5) * height) / rows - patchHeight / 2)
      const covered = data.slice()
      for (let y = Math.max(0, top); y < Math.min(height, top + patchHeight); y++)
        for (let x = Math.max(0, left); x < Math.min(width, left + patchWidth); x++)
          for (let channel = 0; channel < colours; channel++)
            covered[(y * width + x) * channels + channel] = means[channel]
      pictures.push(encode({ width, height, data: covered, depth, channels }))
    }
  return { columns, rows, pictures, patchShare }
}

function meansOf(data: ArrayLike<number>, channels: number): number[] {
  const sums = new Array<number>(channels).fill(0)
  for (let place = 0; place < data.length; place++) sums[place % channels] += data[place]
  return sums.map((sum) => Math.round((sum * channels) / data.length))
}
