import { z } from 'zod'
import type { CapturedRecord } from './records.ts'
import { CaptureFault, recordsOfText } from './records.ts'

const payload = z.looseObject({
  observedContentType: z.string().max(200).default(''),
  data: z.string(),
  encoding: z.enum(['CSV', 'JSON', 'BASE64', 'NONE']).default('BASE64'),
})
const captured = z.looseObject({
  captureData: z.looseObject({ endpointInput: payload.optional(), endpointOutput: payload.optional() }),
  eventMetadata: z.looseObject({
    eventId: z.string().min(1).max(120),
    inferenceId: z.string().max(120).optional(),
    inferenceTime: z.string().max(40),
  }),
})

/** One captured inference: its rows before they are named. */
export interface CapturedInference {
  readonly id: string
  readonly time: string
  readonly inputs: readonly CapturedRecord[]
  readonly outputs: readonly CapturedRecord[]
}

function read({ observedContentType, data, encoding }: z.infer<typeof payload>): CapturedRecord[] {
  const text = encoding === 'BASE64' ? Buffer.from(data, 'base64').toString('utf8') : data
  if (encoding === 'CSV') return recordsOfText(text, 'text/csv')
  if (encoding !== 'JSON') return recordsOfText(text, observedContentType)
  return recordsOfText(text, /jsonl/i.test(observedContentType) ? 'application/jsonlines' : 'application/json')
}

/** Reads a line of SageMaker's data capture. Throws CaptureFault with a sentence. */
export function readSagemaker(line: unknown): CapturedInference {
  const parsed = captured.safeParse(line)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new CaptureFault(`no captured inference: ${issue.path.join('.')}: ${issue.message}`)
  }
  const { captureData, eventMetadata } = parsed.data
  const { endpointInput, endpointOutput } = captureData
  if (endpointInput === undefined || endpointOutput === undefined)
    throw new CaptureFault(`the ${endpointInput === undefined ? 'input' : 'output'} was not captured`)
  return {
    id: eventMetadata.inferenceId || eventMetadata.eventId,
    time: eventMetadata.inferenceTime,
    inputs: read(endpointInput),
    outputs: read(endpointOutput),
  }
}
