import type { Label, LabelledSample, Outcome, Sample } from '../../contract/sample.ts'
import { valueAt } from './column-codec.ts'
import type { Connection } from './database.ts'
import { type HotRow, hotColumns, type OutcomePair, type RowCodec } from './hot-rows.ts'
import type { ProfileWriter } from './profile-writer.ts'
import type { SampleBlobWriter } from './sample-blob-rows.ts'
import type { Place, SampleIndex } from './sample-index.ts'
import type { Symbols } from './symbols.ts'

/** A label as a row: outcome, instant, source. */
export type LabelRow = [classRef: number | null, value: number | null, at: number, source: number]
export type LabelEffect = 'stored' | 'repeated' | 'waiting'

/** Reads the current label of samples. */
export function makeLabelReader(connection: Connection, symbols: Symbols, codec: RowCodec) {
  const { db } = connection
  const ofRow = db.prepare<[number], LabelRow>('SELECT class, value, at, source FROM label WHERE row = ?').raw()
  const hotRow = db.prepare<[number], HotRow>(`SELECT ${hotColumns} FROM sample WHERE row = ?`).raw()

  const labelOf = ([classRef, value, at, source]: LabelRow) => ({
    label: codec.outcome(classRef, value),
    labelledAt: at,
    labelSource: symbols.text(source),
  })
  const none = { label: null, labelledAt: null, labelSource: null }

  /** A sealed row's label is the one that came after sealing, else the one sealed with it. */
  function sample(place: Place): LabelledSample {
    const later = ofRow.get(place.row)
    if (place.kind === 'sealed') {
      const sealed = place.chunk.sample(place.position)
      return later === undefined ? sealed : { ...sealed, ...labelOf(later) }
    }
    const row = hotRow.get(place.row)
    if (row === undefined) throw new Error(`The index names row ${place.row}, which is not stored`)
    return { ...codec.decode(row), ...(later === undefined ? none : labelOf(later)) }
  }

  return { sample, ofRow, labelOf }
}
export type LabelReader = ReturnType<typeof makeLabelReader>

/**
 * Stores labels. The one with the latest instant holds, of equal instants the one that came last; whatever it replaces,
 * and what comes too late, goes to the history. A label with the outcome that already holds, or one already in the history,
 * changes nothing.
 */
export function makeLabelWriter(
  connection: Connection,
  symbols: Symbols,
  codec: RowCodec,
  reader: LabelReader,
  index: SampleIndex,
  profiles: ProfileWriter,
  blobs: Pick<SampleBlobWriter, 'review'>,
) {
  const { db } = connection
  const put = db.prepare('INSERT OR REPLACE INTO label (row, class, value, at, source) VALUES (?, ?, ?, ?, ?)')
  const putWaiting = db.prepare('INSERT OR REPLACE INTO waiting_label VALUES (?, ?, ?, ?, ?, ?)')
  const waitingOf = db
    .prepare<[number, string], LabelRow>(
      'SELECT class, value, at, source FROM waiting_label WHERE deployment = ? AND sample_id = ?',
    )
    .raw()
  const removeWaiting = db.prepare('DELETE FROM waiting_label WHERE deployment = ? AND sample_id = ?')
  const anyWaiting = db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM waiting_label)').pluck()
  const remember = db.prepare(
    'INSERT INTO label_history (deployment, sample_id, class, value, at, source) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const isRemembered = db
    .prepare<[number, string, number | null, number | null, number, number], number>(
      `SELECT EXISTS (SELECT 1 FROM label_history
        WHERE deployment = ? AND sample_id = ? AND class IS ? AND value IS ? AND at = ? AND source = ?)`,
    )
    .pluck()
  const countLabelled = db.prepare<[number]>('UPDATE chunk SET labelled = labelled + 1 WHERE ref = ?')
  /** Whether any label waits; asked anew after a rollback. */
  let hasWaiting: boolean | null = null
  connection.onRollback(() => {
    hasWaiting = null
  })

  const rowOf = (label: Label): LabelRow => [...codec.outcomePair(label.label), label.at, symbols.ref(label.source)]

  /**
   * Decides between the label that holds and a new one, and keeps the loser. `confirmed`: the same outcome, said later; it
   * counts from then on, so that the answer does not depend on the order of arrival.
   */
  function settle(
    deployment: number,
    sampleId: string,
    current: LabelRow | null,
    next: LabelRow,
  ): 'stored' | 'confirmed' | 'late' | 'repeated' {
    if (current === null) return 'stored'
    const isLater = next[2] > current[2]
    if (current[0] === next[0] && current[1] === next[1]) return isLater ? 'confirmed' : 'repeated'
    if (isRemembered.get(deployment, sampleId, ...next) === 1) return 'repeated'
    const isLate = next[2] < current[2]
    remember.run(deployment, sampleId, ...(isLate ? next : current))
    return isLate ? 'late' : 'stored'
  }

  function currentOf(place: Place): LabelRow | null {
    const later = reader.ofRow.get(place.row)
    if (later !== undefined) return later
    if (place.kind === 'hot') return null
    const at = (name: string) => valueAt(place.chunk.column(name), place.position)
    const label = at('$label') as Outcome | null
    if (label === null) return null
    return [...codec.outcomePair(label), at('$labelledAt') as number, symbols.ref(at('$labelSource') as string)]
  }

  function attach(
    deployment: number,
    sampleId: string,
    place: Place,
    next: LabelRow,
    known: Sample | null,
  ): LabelEffect {
    const current = currentOf(place)
    const effect = settle(deployment, sampleId, current, next)
    if (effect === 'repeated') return effect
    if (effect === 'late') return 'stored'
    put.run(place.row, ...next)
    if (symbols.text(next[3]).startsWith('review:')) blobs.review(place.row)
    if (effect === 'confirmed') return 'stored'
    if (place.kind === 'sealed' && current === null) countLabelled.run(place.chunk.head.ref)
    const previous = current === null ? null : codec.outcome(current[0], current[1])
    profiles.addLabel(known ?? reader.sample(place), codec.outcome(next[0], next[1]), previous)
    return effect
  }

  /** Stores a label wherever its sample is; without one it waits. */
  function add(label: Label): LabelEffect {
    const deployment = symbols.ref(label.deploymentId)
    const sampleId = label.sampleId.toWellFormed()
    const next = rowOf(label)
    const place = index.find(deployment, sampleId)
    if (place !== null) return attach(deployment, sampleId, place, next, null)
    const effect = settle(deployment, sampleId, waitingOf.get(deployment, sampleId) ?? null, next)
    if (effect === 'repeated') return effect
    if (effect === 'late') return 'waiting'
    putWaiting.run(deployment, sampleId, ...next)
    hasWaiting = true
    return 'waiting'
  }

  /** Gives a sample just stored the label that waited for it, and the one that came with it; `effect` is that of its own. */
  function welcome(
    deployment: number,
    row: number,
    sample: Sample,
    own: Label | null,
  ): { effect: LabelEffect | null; hasJoined: boolean } {
    let hasJoined = false
    const place: Place = { kind: 'hot', row }
    hasWaiting ??= anyWaiting.get() === 1
    if (hasWaiting) {
      const waiting = waitingOf.get(deployment, sample.id)
      if (waiting !== undefined) {
        removeWaiting.run(deployment, sample.id)
        attach(deployment, sample.id, place, waiting, sample)
        hasJoined = true
      }
    }
    return { effect: own === null ? null : attach(deployment, sample.id, place, rowOf(own), sample), hasJoined }
  }

  return { add, welcome }
}
export type LabelWriter = ReturnType<typeof makeLabelWriter>
export type { OutcomePair }
