import { existsSync, readFileSync } from 'node:fs'

const SHARED = new URL('../../../shared/', import.meta.url)

/** True when the reference numbers and data sets stand beside the repository; says so on the console when they do not. */
export function isSharedPresent(): boolean {
  const present = existsSync(new URL('golden/README.md', SHARED)) && existsSync(new URL('data/README.md', SHARED))
  if (!present) console.warn('golden tests skipped: ../shared/golden and ../shared/data are not beside the repository')
  return present
}

export function sharedUrl(path: string): URL {
  return new URL(path, SHARED)
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(sharedUrl(path), 'utf8')) as T
}

/** Columns of a plain CSV (no quotes, no embedded commas) as text, by header. */
export function readColumns(path: string): Record<string, string[]> {
  const [header, ...rows] = readFileSync(sharedUrl(path), 'utf8').trimEnd().split(/\r?\n/)
  const columns = header.split(',').map((name) => [name, [] as string[]] as const)
  for (const row of rows) {
    const cells = row.split(',')
    for (let i = 0; i < columns.length; i++) columns[i][1].push(cells[i])
  }
  return Object.fromEntries(columns)
}

/** Relative error of a value; absolute where the wanted value is zero. */
export function relativeError(got: number | null, want: number): number {
  if (got === null || Number.isNaN(got)) return Number.POSITIVE_INFINITY
  if (got === want) return 0
  return want === 0 ? Math.abs(got) : Math.abs(got - want) / Math.abs(want)
}

/** Error of a p-value: relative from 1e-10 upwards, below that relative on log10 scaled to the same limit of 1e-9. */
export function pValueError(got: number | null, want: number): number {
  if (got === null || want >= 1e-10 || want === 0) return relativeError(got, want)
  return relativeError(Math.log10(got), Math.log10(want)) / 1000
}
