import type { IncomingSample, IntakeBatch, SampleBlob } from '../../../contract/intake.ts'
import type { Label, Sample, TelemetryPoint } from '../../../contract/sample.ts'

/*
 * A batch on its way to another thread. Cloning its objects would cost as much as storing them, so samples and telemetry travel
 * as numbers in one array, with a table of the texts that repeat. What is no finite number (text, boolean, null) stands in
 * `others`, in order, and NaN in its place.
 */

/** What the samples of one kind have in common. */
interface Shape {
  readonly deploymentId: string
  readonly versionId: string
  readonly inputs: readonly string[]
  readonly scores: readonly string[] | null
}

export interface PackedBatch {
  readonly numbers: Float64Array<ArrayBuffer>
  readonly others: (string | boolean | null | number)[]
  /** Ids of all samples, one after the other. */
  readonly ids: string
  readonly texts: readonly string[]
  readonly shapes: readonly Shape[]
  readonly sampleCount: number
  readonly pointCount: number
  /** Files that came with samples, by the place of the sample. */
  readonly blobs: readonly (readonly [place: number, blobs: readonly SampleBlob[]])[]
  readonly rest: Pick<
    IntakeBatch,
    'labels' | 'numbers' | 'deadLetters' | 'discards' | 'replays' | 'halves' | 'counters'
  >
}

const nothing = -1
const aNumber = -2

/** Numbers that grow as they are written. */
function createNumberWriter(capacity: number) {
  let numbers = new Float64Array(capacity)
  let length = 0
  return {
    /** Makes room for `more` numbers, which are then put without looking. */
    reserve(more: number): void {
      if (length + more <= numbers.length) return
      const larger = new Float64Array(Math.max(2 * numbers.length, length + more))
      larger.set(numbers)
      numbers = larger
    },
    put(value: number): void {
      numbers[length++] = value
    },
    finish: () => numbers.subarray(0, length).slice(),
  }
}

function createTextTable() {
  const texts: string[] = []
  const places = new Map<string, number>()
  return {
    texts,
    place(text: string | null): number {
      if (text === null) return nothing
      let place = places.get(text)
      if (place === undefined) {
        place = texts.push(text) - 1
        places.set(text, place)
      }
      return place
    },
  }
}

const hasNames = (names: readonly string[], values: object): boolean => {
  let index = 0
  for (const name in values) if (names[index++] !== name) return false
  return index === names.length
}

/** Finds the shape of a sample among those seen; nearly always it is that of the sample before. */
function createShapeTable() {
  const shapes: Shape[] = []
  let last = 0
  const fits = (shape: Shape | undefined, { deploymentId, versionId, inputs, scores }: Sample): boolean =>
    shape !== undefined &&
    shape.deploymentId === deploymentId &&
    shape.versionId === versionId &&
    hasNames(shape.inputs, inputs) &&
    (scores === null ? shape.scores === null : shape.scores !== null && hasNames(shape.scores, scores))
  return {
    shapes,
    place(sample: Sample): number {
      if (fits(shapes[last], sample)) return last
      last = shapes.findIndex((shape) => fits(shape, sample))
      if (last >= 0) return last
      const { deploymentId, versionId, inputs, scores } = sample
      const names = scores === null ? null : Object.keys(scores)
      last = shapes.push({ deploymentId, versionId, inputs: Object.keys(inputs), scores: names }) - 1
      return last
    },
  }
}

/** Every name is set as a plain property, so one that is no such thing travels as it is. */
const isOrdinary = (shape: Shape) => !shape.inputs.includes('__proto__') && !shape.scores?.includes('__proto__')

/** Packs a batch; null when something in it is out of the ordinary and it had better be cloned as it is. */
export function packBatch(batch: IntakeBatch): PackedBatch | null {
  const { samples, telemetry, labels, numbers: sequence, deadLetters, discards, replays, halves, counters } = batch
  const numbers = createNumberWriter(samples.length * 32 + telemetry.length * 4)
  const { texts, place } = createTextTable()
  const table = createShapeTable()
  const others: PackedBatch['others'] = []
  let ids = ''

  const putOutcome = (outcome: string | number) => {
    if (typeof outcome === 'number') {
      numbers.put(aNumber)
      numbers.put(outcome)
    } else {
      numbers.put(place(outcome))
      numbers.put(0)
    }
  }

  for (const { sample, label } of samples) {
    if (label !== null && (label.sampleId !== sample.id || label.deploymentId !== sample.deploymentId)) return null
    const at = table.place(sample)
    const { inputs, scores } = table.shapes[at]
    numbers.reserve(14 + inputs.length + (scores?.length ?? 0))
    numbers.put(at)
    numbers.put(sample.id.length)
    ids += sample.id
    numbers.put(sample.at)
    numbers.put(sample.arrivedAt)
    numbers.put(sample.latencyMs ?? nothing)
    numbers.put(sample.seq ?? nothing)
    numbers.put(place(sample.deviceId))
    putOutcome(sample.prediction)
    for (const name of inputs) {
      const value = sample.inputs[name]
      if (typeof value === 'number' && !Number.isNaN(value)) numbers.put(value)
      else {
        numbers.put(Number.NaN)
        others.push(value)
      }
    }
    if (scores !== null && sample.scores !== null) for (const name of scores) numbers.put(sample.scores[name])
    if (label === null) numbers.put(nothing)
    else {
      numbers.put(place(label.source))
      numbers.put(label.at)
      putOutcome(label.label)
    }
  }
  for (const { deviceId, channel, at, value } of telemetry) {
    numbers.reserve(4)
    numbers.put(place(deviceId))
    numbers.put(place(channel))
    numbers.put(at)
    numbers.put(value)
  }
  if (!table.shapes.every(isOrdinary)) return null
  return {
    numbers: numbers.finish(),
    others,
    ids,
    texts,
    shapes: table.shapes,
    sampleCount: samples.length,
    pointCount: telemetry.length,
    blobs: samples.flatMap(({ blobs }, place) => (blobs === undefined ? [] : [[place, blobs] as const])),
    rest: {
      ...{ labels, deadLetters, counters },
      ...(sequence && { numbers: sequence }),
      ...(discards && { discards }),
      ...(replays && { replays }),
      ...(halves && { halves }),
    },
  }
}

/** The batch that was packed. */
export function unpackBatch(packed: PackedBatch): IntakeBatch {
  const { numbers, others, ids, texts, shapes, sampleCount, pointCount, blobs, rest } = packed
  let next = 0
  let nextOther = 0
  let nextId = 0
  const take = () => numbers[next++]
  const takeOrNull = () => {
    const value = numbers[next++]
    return value === nothing ? null : value
  }
  const takeOutcome = () => {
    const place = numbers[next++]
    const value = numbers[next++]
    return place === aNumber ? value : texts[place]
  }

  const samples: IncomingSample[] = []
  for (let count = 0; count < sampleCount; count++) {
    const shape = shapes[take()]
    const idEnd = nextId + take()
    const id = ids.slice(nextId, idEnd)
    nextId = idEnd
    const at = take()
    const arrivedAt = take()
    const latencyMs = takeOrNull()
    const seq = takeOrNull()
    const device = take()
    const prediction = takeOutcome()
    const inputs: Sample['inputs'] = {}
    for (const name of shape.inputs) {
      const value = numbers[next++]
      inputs[name] = Number.isNaN(value) ? others[nextOther++] : value
    }
    let scores: Sample['scores'] = null
    if (shape.scores !== null) {
      scores = {}
      for (const name of shape.scores) scores[name] = numbers[next++]
    }
    const { deploymentId, versionId } = shape
    const source = take()
    let label: Label | null = null
    if (source !== nothing) {
      const labelledAt = take()
      label = { sampleId: id, deploymentId, label: takeOutcome(), at: labelledAt, source: texts[source] }
    }
    const deviceId = device === nothing ? null : texts[device]
    const sample = {
      ...{ id, deploymentId, versionId, at, arrivedAt, inputs, prediction, scores, latencyMs, deviceId, seq },
    }
    samples.push({ sample, label })
  }
  for (const [place, files] of blobs) samples[place] = { ...samples[place], blobs: files }
  const telemetry: TelemetryPoint[] = []
  for (let count = 0; count < pointCount; count++)
    telemetry.push({ deviceId: texts[take()], channel: texts[take()], at: take(), value: take() })
  return { samples, telemetry, ...rest }
}
