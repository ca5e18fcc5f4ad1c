import type { MeasureOf } from '../../contract/blob.ts'

/** A decoded picture: 8 bits a value, row by row. One channel is grey, two grey and alpha, three RGB, four RGB and alpha. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 2 | 3 | 4
  readonly data: ArrayLike<number>
}

const degrees = 180 / Math.PI

/**
 * Numbers that describe a picture without knowing what it shows. Alpha is left out, as it is when a model's input is made RGB.
 *
 * - `brightness`: mean luma, Y' = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), 0 to 255.
 * - `contrast`: root mean square contrast, the standard deviation of the luma (of all pixels, not an estimate), 0 to 127.5.
 * - `sharpness`: variance of the 4-neighbour Laplacian of the luma at all inner pixels; falls with blur, rises with noise. Null
 *   below 3 x 3 pixels, where there is no inner one. (Pech-Pacheco et al. 2000, "Diatom autofocusing in brightfield microscopy".)
 * - `hue`: circular mean of the HSV hue, each pixel weighted by its chroma (max - min), in degrees from -180 to 180: 0 is red, 120
 *   green, -120 blue. The cut lies at cyan and not at red, so that warm pictures are not torn in two. Null where colours cancel out
 *   (mean resultant below 1 % of the chroma) and for grey pictures.
 * - `saturation`: mean HSV saturation, (max - min) / max, 0 for black, 0 to 1.
 * - `width`, `height`: pixels, as stored.
 *
 * O(pixels) time, three rows of memory.
 */
export function describeImage({ width, height, channels, data }: Pixels): Record<MeasureOf<'image'>, number | null> {
  const isColoured = channels >= 3
  const count = width * height
  let [sum, squares, chromaSum, saturation, x, y] = [0, 0, 0, 0, 0, 0]
  let [edgeSum, edgeSquares, edges] = [0, 0, 0]
  let above = new Float64Array(width)
  let middle = new Float64Array(width)
  let below = new Float64Array(width)

  for (let row = 0; row < height; row++) {
    const spare = above
    above = middle
    middle = below
    below = spare
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * channels
      const red = data[at]
      const green = isColoured ? data[at + 1] : red
      const blue = isColoured ? data[at + 2] : red
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue
      below[column] = luma
      sum += luma
      squares += luma * luma
      const most = Math.max(red, green, blue)
      const chroma = most - Math.min(red, green, blue)
      if (chroma === 0) continue
      saturation += chroma / most
      chromaSum += chroma
      const hue = (hueOf(red, green, blue, most, chroma) * Math.PI) / 3
      x += chroma * Math.cos(hue)
      y += chroma * Math.sin(hue)
    }
    if (row < 2) continue
    for (let column = 1; column < width - 1; column++) {
      const edge = above[column] + below[column] + middle[column - 1] + middle[column + 1] - 4 * middle[column]
      edgeSum += edge
      edgeSquares += edge * edge
      edges++
    }
  }
  const brightness = sum / count
  return {
    brightness,
    contrast: Math.sqrt(Math.max(0, squares / count - brightness * brightness)),
    sharpness: edges === 0 ? null : Math.max(0, edgeSquares / edges - (edgeSum / edges) ** 2),
    hue: chromaSum > 0 && Math.hypot(x, y) >= 0.01 * chromaSum ? Math.atan2(y, x) * degrees : null,
    saturation: saturation / count,
    width,
    height,
  }
}

/** Hue in sixths of a turn from red. */
function hueOf(red: number, green: number, blue: number, most: number, chroma: number): number {
  if (most === red) return (green - blue) / chroma
  return most === green ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma
}
