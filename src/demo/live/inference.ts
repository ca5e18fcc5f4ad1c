import { z } from 'zod'
import { SPECIES } from '../park/breeds.ts'
import { FRAME_INPUT } from '../park/sample.ts'

const TIMEOUT_MS = 5000

const reply = z.object({
  model_version: z.string(),
  outputs: z.tuple([
    z.object({ data: z.array(z.number()).length(SPECIES.length) }),
    z.object({ data: z.tuple([z.string()]) }),
  ]),
})

/** What an endpoint says of one frame. */
export interface Inference {
  readonly version: string
  readonly probabilities: readonly number[]
  readonly prediction: string
  readonly latencyMs: number
}

/** Asks an endpoint (Open Inference Protocol v2) about one PNG; rejects when it does not answer properly in time. */
export async function classify(endpointUrl: string, modelName: string, png: Uint8Array): Promise<Inference> {
  const startedAt = performance.now()
  const response = await fetch(`${endpointUrl}/v2/models/${modelName}/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      inputs: [
        {
          name: FRAME_INPUT,
          shape: [1],
          datatype: 'BYTES',
          parameters: { content_type: 'base64' },
          data: [Buffer.from(png).toString('base64')],
        },
      ],
      outputs: [{ name: 'probabilities' }, { name: 'label' }],
    }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`the endpoint answered ${response.status}: ${text.slice(0, 200)}`)
  const { model_version, outputs } = reply.parse(JSON.parse(text))
  return {
    version: model_version,
    probabilities: outputs[0].data,
    prediction: outputs[1].data[0],
    latencyMs: performance.now() - startedAt,
  }
}
