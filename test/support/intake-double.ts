import { hash } from 'node:crypto'
import type { Directory } from '../../src/collect/directory.ts'
import type { KeptHalf } from '../../src/contract/exchange.ts'
import type { IntakeBatch, IntakeResult } from '../../src/contract/intake.ts'
import { type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import type { Label, Sample, TelemetryPoint } from '../../src/contract/sample.ts'

/** Schema of the room sensor samples that intake tests send. */
export const roomSchema: SchemaSpec = schemaSpec.parse({
  task: 'binary',
  classes: ['empty', 'occupied'],
  positiveClass: 'occupied',
  columns: [
    { name: 'temperature', type: 'numeric', role: 'input' },
    { name: 'window', type: 'categorical', role: 'input' },
    { name: 'frame', type: 'image', role: 'input', isRequired: false },
  ],
})

/** A directory with the deployment `room` (versions 1.0 current, 2.0) and the device `box-1`. */
export function makeDirectory(
  options: { acceptsNewDevices?: boolean } = {},
): Directory & { devices: Map<string, string> } {
  const devices = new Map([['box-1', 'dev_1']])
  return {
    devices,
    deploymentId: (key) => (key === 'room' ? 'dep_room' : null),
    version: (_id, name) =>
      name === null || name === '1.0'
        ? { versionId: 'ver_1', schema: roomSchema }
        : name === '2.0'
          ? { versionId: 'ver_2', schema: roomSchema }
          : null,
    deviceId: (key) => devices.get(key) ?? null,
    acceptsNewDevices: () => options.acceptsNewDevices ?? false,
    async registerDevice(key) {
      const id = devices.get(key) ?? `dev_${devices.size + 1}`
      devices.set(key, id)
      return id
    },
  }
}

/** A sink in memory that keeps the store's promise: idempotent on sample id, label, and (device, channel, instant). */
export function makeSink() {
  const samples = new Map<string, Sample>()
  const labels = new Map<string, Label>()
  const points = new Map<string, TelemetryPoint>()
  const letters: IntakeBatch['deadLetters'][number][] = []
  const batches: IntakeBatch[] = []
  const blobs = new Map<string, Uint8Array>()
  /** By key; null once joined. */
  const halves = new Map<string, KeptHalf | null>()
  const put = <T>(into: Map<string, T>, key: string, value: T, count: { stored: number; repeated: number }) => {
    if (into.has(key)) count.repeated++
    else {
      into.set(key, value)
      count.stored++
    }
  }
  return {
    samples,
    labels,
    points,
    letters,
    batches,
    blobs,
    halves,
    kept: async () => ({
      waiting: [...halves.values()].filter((half) => half !== null),
      joined: [...halves].flatMap(([key, half]) => (half === null ? [key] : [])),
    }),
    async append(batch: IntakeBatch): Promise<IntakeResult> {
      const count = () => ({ stored: 0, repeated: 0 })
      const result = { samples: count(), labels: { ...count(), waiting: 0 }, telemetry: count() }
      batches.push(batch)
      for (const { sample, label } of batch.samples) {
        put(samples, sample.id, sample, result.samples)
        if (label) labels.set(label.sampleId, label)
      }
      for (const label of batch.labels) put(labels, label.sampleId, label, result.labels)
      for (const point of batch.telemetry)
        put(points, `${point.deviceId} ${point.channel} ${point.at}`, point, result.telemetry)
      letters.push(...batch.deadLetters)
      for (const change of batch.halves ?? [])
        if (change.status === 'joined') halves.set(change.key, null)
        else if (change.status === 'given-up') halves.delete(change.key)
        else if (!halves.has(change.half.key)) halves.set(change.half.key, change.half)
      return result
    },
    async putBlob(bytes: Uint8Array) {
      const digest = hash('sha256', bytes, 'hex')
      blobs.set(digest, bytes)
      return { digest, state: 'kept' as const }
    },
  }
}

export const timeBounds = () => ({ maxFutureMs: 3_600_000, maxPastMs: 365 * 86_400_000 })
