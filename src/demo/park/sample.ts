import type { SchemaSpec } from '../../contract/model.ts'
import type { WireSample } from '../../contract/sample.ts'
import { SPECIES } from './breeds.ts'
import { describeFrame } from './descriptors.ts'
import type { Frame } from './frame.ts'
import { idOfVisit, visitorOf } from './visitor.ts'
import type { Visit } from './visits.ts'

/** Name of the classifier's one input: the frame as PNG. */
export const FRAME_INPUT = 'frame'

/** What a sample of the park's camera holds. The picture comes with some samples only, so that it is not required. */
export const PARK_SCHEMA: SchemaSpec = {
  task: 'binary',
  classes: [...SPECIES],
  positiveClass: 'dog',
  columns: [
    // The camera measures each frame itself, also those that it does not send.
    {
      ...{ name: FRAME_INPUT, type: 'image', role: 'input', isGroup: false, isRequired: false },
      blob: { descriptors: [] },
    },
    descriptor('brightness', [0, 255]),
    descriptor('contrast', [0, 128]),
    descriptor('sharpness', [0, 300]),
    descriptor('warmth', [-1, 1]),
    descriptor('noise', [0, 80]),
    { name: 'hour', type: 'numeric', role: 'context', isGroup: false, isRequired: true, unit: 'h', range: [0, 24] },
    group('coat', ['plain', 'marked']),
    group('ticket', ['member', 'guest']),
  ],
}

function descriptor(name: string, range: [number, number]): SchemaSpec['columns'][number] {
  return { name, type: 'numeric', role: 'descriptor', isGroup: false, isRequired: true, range }
}

function group(name: string, categories: string[]): SchemaSpec['columns'][number] {
  return { name, type: 'categorical', role: 'context', isGroup: true, isRequired: true, categories }
}

const round = (value: number) => Math.round(value * 1e4) / 1e4

/** What the camera and the gate know about a visit: descriptors of its frame, hour, coat and ticket. */
export function inputsOf(visit: Visit, frame: Frame): Record<string, number | string> {
  const described = Object.entries(describeFrame(frame)).map(([name, value]) => [name, round(value)] as const)
  return { ...Object.fromEntries(described), ...visitorOf(visit) }
}

const PICTURE_EVERY = 6
/** What the classifier is not sure of is worth a person's look, and a person needs the picture. */
const UNSURE_BELOW = 0.9

/** Whether a sample carries its picture to the console: every so many, and all that the classifier is unsure of. */
export function carriesPicture(seq: number, probabilities: readonly number[] | Float32Array): boolean {
  return seq % PICTURE_EVERY === 0 || Math.max(...probabilities) < UNSURE_BELOW
}

/** A visit with the classifier's answer, as the camera publishes it. `probabilities` are in the order of the classes. */
export function sampleOf(given: {
  readonly visit: Visit
  readonly frame: Frame
  readonly at: number
  readonly probabilities: ArrayLike<number>
  readonly prediction: string
  readonly version: string
  readonly device: string
  readonly seq: number
  readonly latencyMs?: number
  readonly png?: Uint8Array
}): WireSample {
  const { visit, frame, at, probabilities, prediction, version, device, seq, latencyMs, png } = given
  return {
    id: idOfVisit(visit),
    at,
    inputs: inputsOf(visit, frame),
    prediction,
    scores: Object.fromEntries(SPECIES.map((species, index) => [species, round(probabilities[index])])),
    version,
    device,
    seq,
    ...(latencyMs !== undefined && { latencyMs: Math.round(latencyMs * 100) / 100 }),
    ...(png && { images: { [FRAME_INPUT]: Buffer.from(png).toString('base64') } }),
  }
}
