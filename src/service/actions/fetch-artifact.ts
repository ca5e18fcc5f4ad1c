import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { authenticate } from '../../act/endpoint-auth.ts'
import type { Connection } from '../../contract/connection.ts'
import type { RetrainingResult } from '../../contract/outcome.ts'

export type ProducedFile = RetrainingResult['artifacts'][number]

/** Why a file that a pipeline made cannot be taken, in a sentence. */
export class ArtifactFault extends Error {}

/** Larger files are not taken. */
export const maxArtifactBytes = 512 * 2 ** 20
const timeoutMs = 300_000

/** What fetching needs of the world. */
export interface ArtifactSource {
  readonly connection: Connection
  readonly secrets: (name: string) => Promise<string | undefined>
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
}

const originOf = (url: string) => /^https?:\/\/[^/?#]*/i.exec(url)?.[0].toLowerCase() ?? null
const tooLarge = (name: string) => new ArtifactFault(`${name} is larger than ${maxArtifactBytes / 2 ** 20} MiB`)

/**
 * Fetches a file that a pipeline made and checks its digest. A command may name a file of this machine; a pipeline behind HTTP may
 * not. Unencrypted HTTP is followed to the connector's own host (a command's to this machine) alone, and the connector's
 * credentials go to its own origin alone. Redirects are not followed. Throws an ArtifactFault that says what is wrong.
 */
export async function fetchArtifact(file: ProducedFile, source: ArtifactSource): Promise<Uint8Array> {
  const url = new URL(file.location)
  const bytes = url.protocol === 'file:' ? await readLocal(file, source) : await download(file, url, source)
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (digest !== file.digest)
    throw new ArtifactFault(
      `${file.name} is not what the pipeline announced: its digest is ${digest}, not ${file.digest}`,
    )
  return bytes
}

async function readLocal({ name, location }: ProducedFile, { connection }: ArtifactSource): Promise<Uint8Array> {
  if (connection.config.kind !== 'command-action')
    throw new ArtifactFault(`${name} lies at ${location}: only a local command may name files of this machine`)
  let path: string
  try {
    path = fileURLToPath(location)
  } catch {
    throw new ArtifactFault(`${name} lies at ${location}, which is no path on this machine`)
  }
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new ArtifactFault(
      `${name} could not be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`,
    )
  })
  try {
    // Looked at through the handle, so that nobody changes the file between looking and reading.
    const facts = await handle.stat()
    if (!facts.isFile()) throw new ArtifactFault(`${name} is no file`)
    if (facts.size > maxArtifactBytes) throw tooLarge(name)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

function requireAllowed(name: string, url: URL, connection: Connection): void {
  if (url.protocol === 'https:') return
  const { config } = connection
  const own = config.kind === 'http-action' ? originOf(config.url) : null
  const isOwnHost = own !== null && new URL(own).hostname === url.hostname
  if (isOwnHost || (config.kind === 'command-action' && loopback.test(url.hostname))) return
  throw new ArtifactFault(`${name} lies on ${url.host} without encryption, which is not the connector's own host`)
}

async function download({ name }: ProducedFile, url: URL, source: ArtifactSource): Promise<Uint8Array> {
  const { connection, secrets, fetch, signal } = source
  requireAllowed(name, url, connection)
  const { config } = connection
  const isOwnOrigin = config.kind === 'http-action' && originOf(config.url) === url.origin
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  try {
    const { headers } = isOwnOrigin ? await authenticate(config.auth, secrets) : { headers: {} }
    const response = await fetch(url, { headers, redirect: 'manual', signal: limit })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new ArtifactFault(`${name} was not given out: ${url.host} answered ${response.status}`)
    }
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > maxArtifactBytes) throw tooLarge(name)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    if (error instanceof ArtifactFault || signal.aborted) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new ArtifactFault(
      `${name} could not be fetched from ${url.host}: ${cause instanceof Error ? cause.message : cause}`,
    )
  }
}
