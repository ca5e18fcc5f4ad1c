import { parse } from 'csv-parse/sync'
import { toCell } from '../json-lines.ts'
import type { Cell } from '../tabular.ts'

/** One record of a captured payload: named cells, or cells by position where nobody named them. */
export type CapturedRecord = Readonly<Record<string, Cell>> | readonly Cell[]

/** A payload that cannot be read; its message is for the row's error. */
export class CaptureFault extends Error {}

const wrappers = ['instances', 'inputs', 'predictions', 'outputs', 'data', 'rows', 'dataframe_records']
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function toRecord(value: unknown): CapturedRecord {
  if (Array.isArray(value)) return value.flat(16).map(toCell)
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, cell]) => [name, toCell(cell)]))
    : [toCell(value)]
}

/** Records of a JSON payload: a list has one each, an object that wraps a list is looked into, any other object is one. */
export function recordsOfJson(value: unknown): CapturedRecord[] {
  if (Array.isArray(value)) {
    const isOneRow = value.length > 0 && value.every((item) => typeof item !== 'object' || item === null)
    return isOneRow ? [toRecord(value)] : value.map(toRecord)
  }
  if (isRecord(value)) {
    const names = Object.keys(value)
    const wrapper = names.find((name) => wrappers.includes(name) && Array.isArray(value[name]))
    if (wrapper !== undefined) return (value[wrapper] as unknown[]).map(toRecord)
    const { dataframe_split: split } = value
    if (isRecord(split) && Array.isArray(split.columns) && Array.isArray(split.data)) {
      const columns = split.columns.map(String)
      return split.data.map((cells) =>
        Object.fromEntries(columns.map((name, i) => [name, toCell(Array.isArray(cells) ? cells[i] : undefined)])),
      )
    }
  }
  return [toRecord(value)]
}

function recordsOfCsv(text: string): CapturedRecord[] {
  try {
    const rows: string[][] = parse(text, { relax_column_count: true, skip_empty_lines: true, trim: true })
    return rows.map((cells) => cells.map(toCell))
  } catch (error) {
    throw new CaptureFault(`the payload is no CSV: ${(error as Error).message.slice(0, 200)}`)
  }
}

/** Records of a payload as text: JSON, JSON Lines or CSV, by its content type where that tells, else by how it begins. */
export function recordsOfText(text: string, contentType: string): CapturedRecord[] {
  const looksLikeJson = /^\s*[[{]/.test(text)
  if (/csv/i.test(contentType) || (!/json/i.test(contentType) && !looksLikeJson)) return recordsOfCsv(text)
  const parts = /jsonlines|jsonl|ndjson/i.test(contentType)
    ? text.split('\n').filter((line) => line.trim() !== '')
    : [text]
  try {
    return parts.flatMap((part) => recordsOfJson(JSON.parse(part)))
  } catch (error) {
    throw new CaptureFault(`the payload is no JSON: ${(error as Error).message.slice(0, 200)}`)
  }
}
