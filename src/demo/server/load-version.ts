import { z } from 'zod'
import { MODEL_KEY } from '../park/names.ts'

const TIMEOUT_MS = 20_000
const metadata = z.object({ versions: z.array(z.string()) })

/** Puts a version in service at an inference server of the park and sees that it is; rejects with one clear sentence. */
export async function loadVersion(
  server: { readonly url: string; readonly token: string },
  version: string,
  artifactPath: string,
): Promise<void> {
  const response = await fetch(`${server.url}/v2/repository/models/${MODEL_KEY}/load`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.token}` },
    body: JSON.stringify({ version, artifactPath }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`the server did not load ${version} (${response.status}): ${text.slice(0, 300)}`)
  const described = await fetch(`${server.url}/v2/models/${MODEL_KEY}`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  const { versions } = metadata.parse(await described.json())
  if (!versions.includes(version)) throw new Error(`the server says it serves ${versions.join(', ')}, not ${version}`)
}
