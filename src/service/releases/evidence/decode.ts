import { z } from 'zod'
import { type Evidence, EvidenceFault, evidenceHeader, evidenceLine } from './shape.ts'

const maxLineBytes = 4 * 1024 * 1024
const firstLine = z.strictObject({ header: evidenceHeader })
const lastLine = z.strictObject({ end: z.strictObject({ lines: z.int() }) })

function parseLine<T extends z.ZodType>(shape: T, bytes: Uint8Array, number: number): z.infer<T> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new EvidenceFault(`Line ${number} of the evidence is not JSON`)
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new EvidenceFault(
    `Line ${number} of the evidence: ${issue.path.map(String).join('.')}: ${issue.message}`.slice(0, 500),
  )
}

function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  let from = 0
  while (from < bytes.length) {
    const end = bytes.indexOf(10, from)
    if (end < 0) throw new EvidenceFault('The last line of the evidence is cut')
    if (end - from > maxLineBytes) throw new EvidenceFault('A line of the evidence is too long')
    yield bytes.subarray(from, end)
    from = end + 1
  }
}

/**
 * Reads evidence, strictly: every line of its shape, rows complete and in order, references to rows that exist, nothing after the
 * end. Throws an `EvidenceFault` that names the line.
 */
export function decodeEvidence(bytes: Uint8Array): Evidence {
  const rows: Evidence['rows'][number][] = []
  const repeats: Evidence['repeats'][number][] = []
  const perturbed: Evidence['perturbed'][number][] = []
  const missing: Evidence['missing'][number][] = []
  const requests: Evidence['requests'][number][] = []
  let header: Evidence['header'] | null = null
  let isEnded = false
  let number = 0
  for (const line of linesOf(bytes)) {
    number += 1
    if (isEnded) throw new EvidenceFault('The evidence goes on after its end')
    if (header === null) {
      header = parseLine(firstLine, line, number).header
      continue
    }
    if (line.length < 100 && Buffer.from(line.subarray(0, 7)).toString('latin1') === '{"end":') {
      const { end } = parseLine(lastLine, line, number)
      if (end.lines !== number - 1)
        throw new EvidenceFault(`The evidence has ${number - 1} lines and says ${end.lines}`)
      isEnded = true
      continue
    }
    const item = parseLine(evidenceLine, line, number)
    if ('row' in item) {
      const { row } = item
      if (row.row !== rows.length)
        throw new EvidenceFault(`Line ${number} of the evidence: row ${row.row} out of order`)
      if (row.values.length !== header.columns.length)
        throw new EvidenceFault(`Line ${number} of the evidence: ${row.values.length} values`)
      rows.push(row)
      continue
    }
    const measured = Object.values(item)[0]
    if (measured.row >= header.rows)
      throw new EvidenceFault(`Line ${number} of the evidence: there is no row ${measured.row}`)
    if ('repeat' in item) repeats.push(item.repeat)
    else if ('perturbed' in item) perturbed.push(item.perturbed)
    else if ('missing' in item) missing.push(item.missing)
    else requests.push(item.request)
  }
  if (header === null) throw new EvidenceFault('The evidence is empty')
  if (!isEnded) throw new EvidenceFault('The evidence breaks off before its end')
  if (rows.length !== header.rows)
    throw new EvidenceFault(`The evidence has ${rows.length} rows and says ${header.rows}`)
  return { header, rows, repeats, perturbed, missing, requests }
}
