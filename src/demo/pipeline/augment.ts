import type { LabelledFrame } from '../model/train.ts'
import { FRAME_SIZE } from '../park/frame.ts'
import type { Random } from '../random.ts'

/** A copy of a frame moved by a pixel at most and lit a little differently: the same animal for the label, news for the network. */
export function augmentFrame({ pixels, label }: LabelledFrame, random: Random): LabelledFrame {
  const shiftX = random.integer(3) - 1
  const shiftY = random.integer(3) - 1
  const gain = random.between(0.8, 1.2)
  const last = FRAME_SIZE - 1
  const clamp = (place: number) => Math.min(last, Math.max(0, place))
  const copy = new Uint8Array(pixels.length)
  for (let y = 0; y < FRAME_SIZE; y++) {
    for (let x = 0; x < FRAME_SIZE; x++) {
      const from = (clamp(y + shiftY) * FRAME_SIZE + clamp(x + shiftX)) * 3
      const to = (y * FRAME_SIZE + x) * 3
      for (let channel = 0; channel < 3; channel++) {
        copy[to + channel] = Math.min(255, Math.round(pixels[from + channel] * gain))
      }
    }
  }
  return { pixels: copy, label }
}
