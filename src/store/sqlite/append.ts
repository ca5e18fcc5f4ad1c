import type { IntakeBatch, IntakeResult } from '../../contract/intake.ts'
import type { Label } from '../../contract/sample.ts'
import type { Connection } from './database.ts'
import { hotColumns, type RowCodec } from './hot-rows.ts'
import type { IntakeWriter } from './intake.ts'
import type { LabelEffect, LabelWriter } from './labels.ts'
import type { ProfileWriter } from './profile-writer.ts'
import type { RetiredIds } from './retired-ids.ts'
import type { SampleBlobWriter } from './sample-blob-rows.ts'
import type { SampleIndex } from './sample-index.ts'
import type { SequenceWriter } from './sequence-ranges.ts'
import type { Symbols } from './symbols.ts'
import type { TelemetryWriter } from './telemetry-writer.ts'

export interface AppendParts {
  readonly connection: Connection
  readonly symbols: Symbols
  readonly codec: RowCodec
  readonly index: SampleIndex
  readonly retired: RetiredIds
  readonly labels: LabelWriter
  readonly blobs: Pick<SampleBlobWriter, 'note'>
  readonly profiles: ProfileWriter
  readonly telemetry: TelemetryWriter
  readonly sequences: SequenceWriter
  readonly intake: IntakeWriter
}

/** The one way in: a batch of everything in one durable transaction. */
export function makeAppend(parts: AppendParts): (batch: IntakeBatch) => IntakeResult {
  const { connection, symbols, codec, index, retired, labels, blobs, profiles, telemetry, sequences, intake } = parts
  const { db } = connection
  const insert = db.prepare(`INSERT INTO sample (${hotColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const nextRow = db.prepare<[], number>('SELECT next FROM sample_row').pluck()
  const setNextRow = db.prepare<[number]>('UPDATE sample_row SET next = ?')

  function appendSamples(
    batch: IntakeBatch,
    count: (effect: LabelEffect) => void,
    joined: Map<string, number>,
  ): { stored: number; repeated: number } {
    let row = nextRow.get() as number
    const first = row
    let repeated = 0
    for (const { sample: given, label, blobs: files } of batch.samples) {
      // Text is stored as UTF-8, which has no lone surrogates: the id must be the same after a restart.
      const id = given.id.toWellFormed()
      const sample = id === given.id ? given : { ...given, id }
      const deployment = symbols.ref(sample.deploymentId)
      if (index.find(deployment, id) !== null) {
        repeated += 1
        if (label !== null) count(labels.add(label))
        continue
      }
      // Counted already; its label comes too late as well.
      if (retired.has(deployment, id, sample.at)) {
        repeated += 1
        if (label !== null) count('repeated')
        continue
      }
      insert.run(codec.encode(row, sample))
      index.add(deployment, id, row)
      profiles.addSample(sample)
      if (files !== undefined) blobs.note(row, files, sample.arrivedAt)
      const { effect, hasJoined } = labels.welcome(deployment, row, sample, label)
      if (effect !== null) count(effect)
      if (hasJoined) joined.set(sample.deploymentId, (joined.get(sample.deploymentId) ?? 0) + 1)
      row += 1
    }
    if (row !== first) setNextRow.run(row)
    return { stored: row - first, repeated }
  }

  return (batch) => {
    if (batch.counters.length > 1)
      throw new RangeError('A batch is of one connection; otherwise nobody knows whose samples were stored')
    return connection.write(() => {
      const effects = { stored: 0, repeated: 0, waiting: 0 }
      const count = (effect: LabelEffect) => {
        effects[effect] += 1
      }
      const joined = new Map<string, number>()
      const samples = appendSamples(batch, count, joined)
      for (const label of batch.labels) count(labels.add(label))
      const points = telemetry.append(batch.telemetry)
      if (batch.numbers) sequences.add(batch.numbers)
      profiles.flush()
      intake.addDeadLetters(batch.deadLetters)
      intake.discard(batch.discards ?? [])
      intake.noteReplays(batch.replays ?? [])
      intake.changeHalves(batch.halves ?? [])
      for (const counter of batch.counters)
        intake.count({
          ...counter,
          stored: samples.stored + effects.stored + effects.waiting + points.stored,
          repeated: samples.repeated + effects.repeated + points.repeated,
        })
      return { samples, labels: effects, telemetry: points, ...(joined.size > 0 && { joined }) }
    })
  }
}

/** Labels of a review, inside the transaction of the records that they belong to. */
export function addLabels(all: readonly Label[], labels: LabelWriter, profiles: ProfileWriter): void {
  for (const label of all) labels.add(label)
  profiles.flush()
}
