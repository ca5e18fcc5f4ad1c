import { z } from 'zod'
import { type CapturedRecord, CaptureFault, recordsOfJson } from './records.ts'

const event = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(120),
  type: z.string().max(200),
  time: z.string().max(40),
  correlationid: z.string().max(120).optional(),
  datainblob: z.union([z.string(), z.boolean()]).optional(),
  data: z.unknown().optional(),
})

/** One side of a captured inference. */
export interface CapturedSide {
  readonly id: string
  readonly time: string
  readonly side: 'inputs' | 'outputs'
  readonly records: readonly CapturedRecord[]
}

/** Reads a line of Azure ML's data collector. Throws CaptureFault with a sentence. */
export function readAzureml(line: unknown): CapturedSide {
  const parsed = event.safeParse(line)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new CaptureFault(`no collected event: ${issue.path.join('.')}: ${issue.message}`)
  }
  const { id, type, time, correlationid, datainblob, data } = parsed.data
  if (String(datainblob) === 'true') throw new CaptureFault('the data stand in a file of their own beside this one')
  const side = /inputs?$|request$/.test(type) ? 'inputs' : /outputs?$|response$/.test(type) ? 'outputs' : null
  if (side === null) throw new CaptureFault(`${JSON.stringify(type)} is neither inputs nor outputs`)
  return { id: correlationid || id, time, side, records: recordsOfJson(data) }
}
