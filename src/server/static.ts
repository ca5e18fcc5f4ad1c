import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mediaTypeOf, pageFileOf, pageHeaders } from '../contract/page.ts'

export interface StaticReply {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}

/** Files of the built page under `root`; nothing outside it can be named. */
export async function readPageFile(root: string, urlPath: string): Promise<StaticReply> {
  // Browsers ask for it beside the icon that the page names; a 404 would stand in their console as an error.
  if (urlPath === '/favicon.ico') return { status: 204, headers: { ...pageHeaders }, body: new Uint8Array() }
  const file = pageFileOf(urlPath)
  const mediaType = file === null ? null : mediaTypeOf(file)
  if (file === null || mediaType === null) return refusal(404, 'There is no such page')
  try {
    const body = await readFile(join(root, file))
    // Names of assets carry the hash of their content; the page itself may change with the next version.
    const cache = file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
    return { status: 200, headers: { ...pageHeaders, 'Content-Type': mediaType, 'Cache-Control': cache }, body }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return refusal(404, 'There is no such page')
    throw error
  }
}

/** A refusal in a sentence. */
export function refusal(status: number, sentence: string): StaticReply {
  return {
    status,
    headers: { ...pageHeaders, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    body: Buffer.from(`${sentence}\n`),
  }
}
