import { z } from 'zod'
import { lineage, schemaSpec, version } from './model.ts'
import { key, sha256 } from './primitives.ts'

/** A file that a pipeline made; `location` is an `http(s):` URL, or a `file:` URL when a program on this machine made it. */
export const producedFile = z.strictObject({
  name: z.string().min(1).max(200),
  digest: sha256,
  mediaType: z.string().max(100),
  location: z.url({ protocol: /^(https?|file)$/ }).max(2000),
})

/**
 * Result of a retraining action: the version that the pipeline made. What it leaves out is taken from the version that the
 * deployment runs. The console fetches the files, checks their digests and registers the version.
 */
export const retrainingResult = z.object({
  version: version.shape.name,
  lineage: lineage.partial().optional(),
  schema: schemaSpec.optional(),
  artifacts: z.array(producedFile).min(1).max(20),
  /** Keys of test deployments that already serve it. */
  servedBy: z.array(key).max(20).default([]),
})
export type RetrainingResult = z.infer<typeof retrainingResult>
