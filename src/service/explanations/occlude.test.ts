import { decode, encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import type { EndpointClient } from '../../collect/endpoint.ts'
import { explainPicture } from './explain-picture.ts'
import { coverPicture } from './occlude.ts'
import type { SampleScene } from './sample-scene.ts'

/** A dark picture with a bright spot in the lower right corner. */
function drawSpot(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 3).fill(20)
  for (let y = height - 5; y < height - 1; y++)
    for (let x = width - 5; x < width - 1; x++) data.fill(250, (y * width + x) * 3, (y * width + x) * 3 + 3)
  return encode({ width, height, data, depth: 8, channels: 3 })
}
const brightness = (bytes: Uint8Array) => Math.max(...Array.from(decode(bytes).data)) / 255

describe('covering a picture', () => {
  it('covers every part once with its mean colour, at most as often as it may', () => {
    const covered = coverPicture(drawSpot(32, 16), 200)
    if (typeof covered === 'string') throw new Error(covered)
    expect([covered.columns, covered.rows, covered.pictures.length]).toEqual([14, 7, 98])
    // Only where the patch hides the spot does the brightest pixel fade.
    expect(brightness(covered.pictures[0])).toBeGreaterThan(0.9)
    expect(Math.min(...covered.pictures.map(brightness))).toBeLessThan(0.3)
  })

  it('refuses what it cannot read', () => {
    expect(coverPicture(new Uint8Array(100), 100)).toBe('only PNG pictures can be covered')
    expect(coverPicture(drawSpot(32, 32).subarray(0, 60), 100)).toMatch(/^the picture is damaged/)
    expect(coverPicture(drawSpot(32, 32), 3)).toMatch(/too few/)
  })
})

describe('explaining a picture', () => {
  const digest = 'a'.repeat(64)
  const scene = {
    sample: { inputs: { frame: digest } },
    version: {
      schema: {
        ...{ task: 'binary', classes: ['dark', 'lit'], positiveClass: 'lit' },
        columns: [{ name: 'frame', type: 'image', role: 'input', isGroup: false, isRequired: true }],
      },
    },
  } as unknown as SampleScene
  let asked = 0
  /** Calls a picture lit by its brightest pixel. */
  const client = {
    infer: async (rows: readonly { frame: Uint8Array }[]) => {
      asked += rows.length
      const value = rows.map(({ frame }) => ({
        prediction: 'lit',
        scores: { lit: brightness(frame), dark: 1 - brightness(frame) },
      }))
      return { ok: true, value, latencyMs: 1 }
    },
  } as unknown as EndpointClient
  const run = { budgetRows: 300, signal: new AbortController().signal, progress: () => {} }

  it('finds the part that the score hangs on, within its budget', async () => {
    const found = await explainPicture(scene, { get: async () => Buffer.from(drawSpot(32, 32)) }, client, run)
    if (typeof found === 'string') throw new Error(found)
    expect(found.askedRows).toBe(asked)
    expect(asked).toBeLessThanOrEqual(300)
    expect(found.losses[0]).toBeCloseTo(0, 6)
    expect(found.losses.at(-1)).toBeGreaterThan(0.5)
    expect(found.sentence).toContain('covers its lower right')
  })

  it('says when the picture is gone', async () => {
    expect(await explainPicture(scene, { get: async () => null }, client, run)).toBe('its picture is not kept')
  })
})
