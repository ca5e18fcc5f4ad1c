import { readFile, realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import { z } from 'zod'
import { Refusal } from '../http/refusal.ts'

const loadShape = z
  .strictObject({
    version: z.string().regex(/^[\w.+-]{1,100}$/, { error: 'must be letters, digits and . + - _' }),
    artifactPath: z.string().max(4096).optional(),
    base64: z.base64().optional(),
  })
  .refine((body) => (body.artifactPath === undefined) !== (body.base64 === undefined), {
    error: 'give either artifactPath or base64',
  })

const MAX_ARTIFACT_BYTES = 64 * 1024 * 1024

/** Reads the body of a load call and fetches the artifact's bytes; paths count only inside `artifactFolder`. */
export async function readLoadRequest(
  text: string,
  artifactFolder: string | undefined,
): Promise<{ version: string; bytes: Uint8Array }> {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Refusal(400, 'the body is not JSON')
  }
  const parsed = loadShape.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Refusal(400, `${issue.path.join('.') || 'body'}: ${issue.message}`)
  }
  const { version, artifactPath, base64 } = parsed.data
  if (artifactPath === undefined) return { version, bytes: Buffer.from(base64 ?? '', 'base64') }
  return { version, bytes: await readArtifact(artifactPath, artifactFolder) }
}

async function readArtifact(path: string, folder: string | undefined): Promise<Uint8Array> {
  if (folder === undefined) throw new Refusal(403, 'this server loads no artifacts by path')
  const [home, file] = await Promise.all([realpath(folder), realpath(path).catch(() => undefined)])
  // One answer for outside and absent: the caller learns nothing about other folders.
  if (!file?.startsWith(home + sep)) throw new Refusal(400, 'artifactPath is not a file in the artifact folder')
  const found = await stat(file)
  if (!found.isFile()) throw new Refusal(400, 'artifactPath is not a file in the artifact folder')
  if (found.size > MAX_ARTIFACT_BYTES) throw new Refusal(400, `the artifact is larger than ${MAX_ARTIFACT_BYTES} bytes`)
  return readFile(file)
}
