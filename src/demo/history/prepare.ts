import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lineage } from '../../contract/model.ts'
import { openArchive } from '../pipeline/archive.ts'
import { parkFolders } from '../pipeline/folders.ts'
import { openRegistry } from '../pipeline/registry.ts'
import { loadClassifier } from '../server/classifier.ts'
import { calendarOf } from './calendar.ts'
import { type DatasetFile, writeDatasets } from './datasets.ts'
import { type Counters, drawDay } from './days.ts'
import { trainFirstModels } from './first-models.ts'

const DAY_MS = 86_400_000
/** The pipeline remembers the last week. */
const REMEMBERED_DAYS = 7

/** A version as it is told to the console: its file is in the registry. */
export interface PreparedVersion {
  readonly version: string
  readonly path: string
  readonly lineage: Lineage
}

export interface PreparedModels {
  readonly first: PreparedVersion
  readonly released: PreparedVersion
  readonly datasets: readonly DatasetFile[]
}

export interface PrepareOptions {
  readonly folder: string
  readonly now: number
  readonly days: number
  readonly onProgress: (sentence: string) => void
  /** Models and datasets are ready; the days follow. */
  readonly onModels: (models: PreparedModels) => void
  /** One day of history is in a file (`HistoryDay` as JSON). */
  readonly onDay: (path: string, day: number) => void
}

/**
 * Makes what the park had before the console came: the pilot version that has run until now, the version that is to be released,
 * their datasets, and the days until now.
 */
export async function preparePark(options: PrepareOptions): Promise<Counters> {
  const { folder, now, days, onProgress, onModels, onDay } = options
  const folders = parkFolders(folder)
  const calendar = calendarOf(now, days)
  await Promise.all([folders.datasets, folders.history].map((path) => mkdir(path, { recursive: true })))
  const registry = await openRegistry(folders.artifacts)
  const { first, released } = await trainFirstModels(calendar, registry, onProgress)
  const classifier = await loadClassifier(first.onnx, first.version)
  const releasedClassifier = await loadClassifier(released.onnx, released.version)
  const datasets = await writeDatasets(folders.datasets, calendar, [classifier, releasedClassifier], onProgress)
  releasedClassifier.retire()
  const prepared = ({ version, lineage }: typeof first): PreparedVersion => ({
    version,
    lineage,
    path: join(folders.artifacts, `${version}.onnx`),
  })
  onModels({ first: prepared(first), released: prepared(released), datasets })

  await rm(folders.memory, { force: true })
  const memory = openArchive(folders.memory)
  const counters: Counters = { sampleSeq: 0, telemetrySeq: 0 }
  for (let day = 0; day < days; day++) {
    const from = calendar.history.from + day * DAY_MS
    const isRemembered = day >= days - REMEMBERED_DAYS
    const drawn = await drawDay({
      calendar,
      from,
      to: from + DAY_MS,
      classifier,
      archive: isRemembered ? memory : null,
      counters,
    })
    const path = join(folders.history, `day-${day}.json`)
    await writeFile(path, JSON.stringify(drawn))
    onDay(path, day)
  }
  memory.close()
  classifier.retire()
  return counters
}
