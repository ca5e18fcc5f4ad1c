import { gzipSync } from 'node:zlib'
import { engine } from '../../analysis/answer.ts'
import { decodeTable, encodeTable } from '../../collect/dataset-codec.ts'
import type { Version } from '../../contract/model.ts'
import type { Release } from '../../contract/release.ts'
import type { SampleTable } from '../../contract/table.ts'
import type { Store } from '../../store/store.ts'
import { sha256Hex } from '../proof/digest.ts'
import { decodeEvidence } from '../releases/evidence/decode.ts'
import type { Evidence } from '../releases/evidence/shape.ts'
import { tableOf } from '../releases/evidence/tables.ts'
import { answerQuestion, type Question, questionsFor } from './analyses.ts'
import type { ContainedFile } from './container.ts'
import { type ExportOrder, maxDatasetRows, maxSamples, sampleWindowMs } from './order.ts'
import { runOf } from './report/release-section.ts'
import { type ExportedAnalysis, type ExportedRecords, names, type RowSource, type SampleSource } from './shape.ts'

/** Larger files are not put into an export. */
const maxTableBytes = 256 * 1024 * 1024

export interface GatheredTables {
  readonly files: readonly ContainedFile[]
  readonly samples: readonly SampleSource[]
  readonly analyses: readonly ExportedAnalysis[]
}

interface Rows {
  readonly source: RowSource
  readonly words: string
  readonly table: SampleTable
}

/** Rows of everything that the releases were judged and watched by, each file once, with what the engine says of them. */
export function createTableGatherer({ blobs, samples }: Pick<Store, 'blobs' | 'samples'>, order: ExportOrder) {
  const files = new Map<string, Uint8Array>()
  const sources: SampleSource[] = []
  const analyses: ExportedAnalysis[] = []

  async function takeEvidence(runId: string, digest: string): Promise<Evidence> {
    const bytes = await blobs.get(digest)
    if (bytes === null) throw new Error(`The evidence of the test run ${runId} is not in the workspace`)
    files.set(names.evidence(runId), gzipSync(bytes))
    return decodeEvidence(bytes)
  }

  /** Null when its rows are not here or too many: its digest stands in the records all the same. */
  async function takeDataset(digest: string, words: string): Promise<Rows | null> {
    const bytes = await blobs.get(digest)
    if (bytes === null || bytes.length > maxTableBytes) return null
    const table = decodeTable(bytes)
    if (table.n > maxDatasetRows) return null
    files.set(names.dataset(digest), gzipSync(bytes))
    return { source: { type: 'dataset', digest }, words, table }
  }

  async function takeSamples(deploymentId: string, version: Version): Promise<Rows | null> {
    const window = { from: Math.max(0, order.createdAt - sampleWindowMs), to: order.createdAt }
    const query = { deploymentId, window, versionId: version.id }
    const table = await samples.table({ ...query, limit: maxSamples, withIds: true })
    if (table.n === 0) return null
    const { n: total } = table.n < maxSamples ? table : await samples.table({ ...query, columns: [] })
    const bytes = encodeTable(table)
    const file = names.sampleTable(deploymentId, version.id)
    files.set(file, gzipSync(bytes))
    const source = { file, deploymentId, versionId: version.id, window, rows: table.n, total, digest: sha256Hex(bytes) }
    if (!sources.some((known) => known.file === file)) sources.push(source)
    return { source: { type: 'samples', file }, words: 'monitored samples', table }
  }

  function answer(questions: readonly Question[], version: Version, rows: readonly (Rows | null)[]): void {
    const known = rows.filter((item) => item !== null)
    const rowsOf = (source: RowSource): SampleTable => {
      const found = known.find((item) => JSON.stringify(item.source) === JSON.stringify(source))
      if (found === undefined) throw new Error('An analysis asks for rows that are not in the export')
      return found.table
    }
    for (const question of questions)
      analyses.push({ ...question, engine, answer: answerQuestion(question, version.schema, rowsOf) })
  }

  async function takeRelease(release: Release, records: ExportedRecords): Promise<void> {
    const version = records.version.find(({ record }) => record.id === release.versionId)?.record
    if (version === undefined) throw new Error('The version of a release is missing')
    const run = runOf(release, { records })
    let tested: Rows | null = null
    if (run !== null && run.evidenceDigest !== null) {
      const evidence = await takeEvidence(run.id, run.evidenceDigest)
      await takeDataset(run.datasetDigest, 'the test set')
      const source = { type: 'evidence', runId: run.id, who: 'candidate' } as const
      tested = { source, words: 'the test set', table: tableOf(evidence, 'candidate') }
    }
    const referenceRecord = records.dataset.find(({ record }) => record.id === version.referenceDatasetId)?.record
    const reference = referenceRecord === undefined ? null : await takeDataset(referenceRecord.digest, 'the reference')
    const monitored = await takeSamples(release.productionDeploymentId, version)
    answer(questionsFor(release.id, version, { tested, monitored, reference }), version, [tested, monitored, reference])
  }

  return {
    takeRelease,
    result: (): GatheredTables => ({
      files: [...files].map(([name, bytes]) => ({ name, bytes })),
      samples: sources,
      analyses,
    }),
  }
}
