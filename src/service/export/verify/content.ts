import { gunzipSync } from 'node:zlib'
import type { z } from 'zod'
import { decodeTable } from '../../../collect/dataset-codec.ts'
import { type AuditEntry, auditEntry } from '../../../contract/audit.ts'
import type { SampleTable } from '../../../contract/table.ts'
import { canonicalText } from '../../proof/canonical.ts'
import { sha256Hex } from '../../proof/digest.ts'
import { decodeEvidence } from '../../releases/evidence/decode.ts'
import type { Evidence } from '../../releases/evidence/shape.ts'
import {
  type ExportedAnalysis,
  type ExportedCheckpoints,
  type ExportedEntry,
  type ExportedRecords,
  type ExportedReports,
  exportedAnalyses,
  exportedCheckpoints,
  exportedEntry,
  exportedRecords,
  exportedReports,
  type Manifest,
  names,
  type SampleSource,
  sampleSources,
} from '../shape.ts'
import { ExportFault } from './verdict.ts'

/** Nothing in an export is larger once unpacked; a bomb stops here. */
const mostUnpackedBytes = 512 * 1024 * 1024

export interface LogEntry extends ExportedEntry {
  readonly entry: AuditEntry
}

/** What stands in an export whose digests hold, parsed. Large files are read when asked for. */
export interface ExportContent {
  readonly manifest: Manifest
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly records: ExportedRecords
  readonly analyses: readonly ExportedAnalysis[]
  readonly reports: ExportedReports
  readonly samples: readonly SampleSource[]
  readonly entries: readonly LogEntry[]
  readonly checkpoints: ExportedCheckpoints
  /** Bytes of a file; an `ExportFault` when it is not there. */
  bytesOf(name: string): Uint8Array
  evidenceOf(runId: string): { readonly digest: string; readonly evidence: Evidence }
  /** Rows of a packed table, with the digest of its unpacked bytes. */
  tableOf(name: string): { readonly digest: string; readonly table: SampleTable }
}

const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

function parse<T extends z.ZodType>(shape: T, content: string, name: string, where = ''): z.infer<T> {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    throw new ExportFault(`${name}${where} is not JSON`, name)
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new ExportFault(`${name}${where}: ${issue.path.map(String).join('.')}: ${issue.message}`.slice(0, 500), name)
}

function readEntries(content: string): LogEntry[] {
  const lines = content.split('\n')
  if (lines.pop() !== '') throw new ExportFault(`${names.entries} does not end with a line`, names.entries)
  return lines.map((line, place) => {
    const where = `, line ${place + 1}`
    const exported = parse(exportedEntry, line, names.entries, where)
    const entry = parse(auditEntry, exported.canonical, names.entries, where)
    if (entry.index !== exported.index || canonicalText(entry) !== exported.canonical)
      throw new ExportFault(`${names.entries}${where}: the entry is not written as the log writes it`, names.entries)
    return { ...exported, entry }
  })
}

/** Parses the files of an export. Throws an `ExportFault` that names the first that is not what it should be. */
export function readContent(
  files: ReadonlyMap<string, Uint8Array>,
  manifest: Manifest,
  maxUnpackedBytes: number = mostUnpackedBytes,
): ExportContent {
  const bytesOf = (name: string): Uint8Array => {
    const bytes = files.get(name)
    if (bytes === undefined) throw new ExportFault(`${name} is missing`, name)
    return bytes
  }
  const json = <T extends z.ZodType>(name: string, shape: T) => parse(shape, decode(bytesOf(name)), name)
  const unpacked = (name: string): Uint8Array => {
    try {
      return gunzipSync(bytesOf(name), { maxOutputLength: maxUnpackedBytes })
    } catch (error) {
      if (error instanceof ExportFault) throw error
      throw new ExportFault(`${name} cannot be unpacked: ${error instanceof Error ? error.message : error}`, name)
    }
  }
  const reading = <T>(name: string, read: (bytes: Uint8Array) => T) => {
    const bytes = unpacked(name)
    try {
      return { digest: sha256Hex(bytes), content: read(bytes) }
    } catch (error) {
      throw new ExportFault(`${name}: ${error instanceof Error ? error.message : error}`, name)
    }
  }
  // Asked for again and again; their sizes are bounded by the file and the cap above.
  const tables = new Map<string, { digest: string; table: SampleTable }>()
  const runs = new Map<string, { digest: string; evidence: Evidence }>()
  return {
    manifest,
    files,
    bytesOf,
    records: json(names.records, exportedRecords),
    analyses: json(names.analyses, exportedAnalyses),
    reports: json(names.reports, exportedReports),
    samples: json(names.samples, sampleSources),
    checkpoints: json(names.checkpoints, exportedCheckpoints),
    entries: readEntries(decode(bytesOf(names.entries))),
    evidenceOf(runId) {
      const known = runs.get(runId)
      if (known !== undefined) return known
      const { digest, content } = reading(names.evidence(runId), decodeEvidence)
      const read = { digest, evidence: content }
      runs.set(runId, read)
      return read
    },
    tableOf(name) {
      const known = tables.get(name)
      if (known !== undefined) return known
      const { digest, content } = reading(name, decodeTable)
      const read = { digest, table: content }
      tables.set(name, read)
      return read
    },
  }
}
