import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** How far the first start has come, so that one that was interrupted goes on instead of beginning another past. */
export const firstStartMark = z.strictObject({
  /** When it began: history ends here. */
  startedAt: z.int(),
  days: z.int(),
  /** Whether the daily questions about history have been answered. */
  isAnswered: z.boolean(),
  /** Sequence numbers that the live camera goes on from; null until all is through. */
  next: z.strictObject({ sampleSeq: z.int(), telemetrySeq: z.int() }).nullable(),
})
export type FirstStartMark = z.infer<typeof firstStartMark>

const pathIn = (folder: string) => join(folder, 'first-start.json')

/** Null before the first start. */
export async function readMark(folder: string): Promise<FirstStartMark | null> {
  try {
    return firstStartMark.parse(JSON.parse(await readFile(pathIn(folder), 'utf8')))
  } catch {
    return null
  }
}

export async function writeMark(folder: string, mark: FirstStartMark): Promise<void> {
  await mkdir(folder, { recursive: true })
  const path = pathIn(folder)
  await writeFile(`${path}.new`, JSON.stringify(mark))
  await rename(`${path}.new`, path)
}
