import type { Frame } from './frame.ts'

/** Numbers that describe a frame without knowing what it shows. */
export interface FrameDescriptors {
  /** Mean luma (Rec. 601), 0 to 255. */
  brightness: number
  /** Standard deviation of the luma, 0 to 127.5. */
  contrast: number
  /** Standard deviation of the 4-neighbour Laplacian of the luma; noise raises it as edges do. */
  sharpness: number
  /** (mean red - mean blue) / (mean red + mean blue): above 0 warm, below 0 cold; 0 for a black frame. */
  warmth: number
  /** Estimated standard deviation of sensor noise in the luma, by Immerkaer's mask; texture adds a little. */
  noise: number
}

/** Describes a frame of at least 3 x 3 pixels; time linear in its pixels. */
export function describeFrame(frame: Frame): FrameDescriptors {
  const { width, height, pixels } = frame
  const count = width * height
  const luma = new Float64Array(count)
  let red = 0
  let blue = 0
  let sum = 0
  for (let index = 0; index < count; index++) {
    const [r, g, b] = [pixels[index * 3], pixels[index * 3 + 1], pixels[index * 3 + 2]]
    luma[index] = 0.299 * r + 0.587 * g + 0.114 * b
    red += r
    blue += b
    sum += luma[index]
  }
  const brightness = sum / count
  let squares = 0
  for (const value of luma) squares += (value - brightness) ** 2

  let edgeSum = 0
  let edgeSquares = 0
  let maskSum = 0
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      const cross = luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width]
      const corners = luma[at - width - 1] + luma[at - width + 1] + luma[at + width - 1] + luma[at + width + 1]
      const edge = cross - 4 * luma[at]
      edgeSum += edge
      edgeSquares += edge * edge
      maskSum += Math.abs(corners - 2 * cross + 4 * luma[at])
    }
  }
  const inner = (width - 2) * (height - 2)
  return {
    brightness,
    contrast: Math.sqrt(squares / count),
    sharpness: Math.sqrt(Math.max(0, edgeSquares / inner - (edgeSum / inner) ** 2)),
    warmth: red + blue === 0 ? 0 : (red - blue) / (red + blue),
    noise: (Math.sqrt(Math.PI / 2) * maskSum) / (6 * inner),
  }
}
