import { z } from 'zod'

export const endpointProtocol = z.enum(['oip-v2', 'tf-serving', 'torchserve', 'mlflow', 'json'])
export type EndpointProtocol = z.infer<typeof endpointProtocol>

/** How a service that speaks no known protocol is asked, and where the answer is in its reply. */
export const jsonTemplate = z.strictObject({
  /** Behind the base address, e.g. `/score`. */
  path: z.string().regex(/^\/[^\s#]{0,1999}$/, { error: 'a path beginning with /' }),
  /**
   * JSON with `{{rows}}` (objects), `{{values}}` (lists in the order of the columns), `{{columns}}`, `{{modelName}}` and
   * `{{modelVersion}}`; with `{{row}}` or `{{row.<column>}}` every row is a request of its own.
   */
  body: z.string().min(1).max(20_000),
  /** Dot path to the predictions in the reply, `*` for every element: `results.*.label`. */
  outputPath: z.string().max(200),
  /** Dot path to the scores: for each row an object by class, or numbers in the order of the classes. */
  scoresPath: z.string().max(200).nullable(),
  /** Path that answers 200 when the service is ready; null: any answer of the base address will do. */
  readyPath: z
    .string()
    .regex(/^\/[^\s#]{0,1999}$/, { error: 'a path beginning with /' })
    .nullable(),
})
export type JsonTemplate = z.infer<typeof jsonTemplate>
