import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { DriftFeature } from '../../src/contract/report.ts'
import type { SampleTable } from '../../src/contract/table.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('drift_pandas.py', import.meta.url))

const measured = z.object({
  versions: z.record(z.string(), z.string()),
  seconds: z.number(),
  secondsByMeasure: z.record(z.string(), z.number()),
  features: z.array(
    z.object({ name: z.string(), statistic: z.number(), psi: z.number(), wasserstein: z.number().nullable() }),
  ),
})

/** Columns as bytes that numpy reads, and their names and kinds. */
function writeTable(folder: string, side: string, { columns }: SampleTable) {
  return [...columns].map(([name, column], i) => {
    const values = column.type === 'numeric' ? column.values : column.codes
    const file = join(folder, `${side}-${i}`)
    writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    return { name, file, categories: column.type === 'categorical' ? column.categories : null }
  })
}

/** The first Python that has both libraries. */
async function findPython(): Promise<string | null> {
  for (const python of ['python3', '/usr/bin/python3'])
    try {
      await run(python, ['-c', 'import pandas, scipy'])
      return python
    } catch {
      // The next one may have them.
    }
  return null
}

/** The same measures by pandas and SciPy on the same numbers, and how far theirs and ours are apart; or why not. */
export async function measurePandas(
  reference: SampleTable,
  current: SampleTable,
  ours: readonly DriftFeature[],
): Promise<
  | { readonly absent: string }
  | (Omit<z.infer<typeof measured>, 'features'> & { readonly largestDifference: Record<string, number> })
> {
  const python = await findPython()
  if (python === null) return { absent: 'no Python with pandas and SciPy on this machine' }
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'))
  try {
    const plan = {
      reference: writeTable(folder, 'reference', reference),
      current: writeTable(folder, 'current', current),
    }
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
    const { stdout } = await run(python, [script, join(folder, 'plan.json')], { maxBuffer: 2 ** 24 })
    const { features, ...times } = measured.parse(JSON.parse(stdout))
    const apart = (pick: (theirs: (typeof features)[number], own: DriftFeature['measures']) => number) =>
      features.reduce((largest, theirs) => {
        const own = ours.find(({ name }) => name === theirs.name)
        if (own === undefined) throw new Error(`${theirs.name} was not compared`)
        return Math.max(largest, pick(theirs, own.measures))
      }, 0)
    return {
      ...times,
      largestDifference: {
        statistic: apart((theirs, { ks, chiSquare }) => {
          const own = (ks ?? chiSquare)?.statistic ?? Number.NaN
          return Math.abs(theirs.statistic - own) / Math.max(1, own)
        }),
        wassersteinShare: apart(({ wasserstein }, own) =>
          wasserstein === null || own.wasserstein === undefined || own.wasserstein === null
            ? 0
            : Math.abs(wasserstein / own.wasserstein - 1),
        ),
      },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
