import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mediaTypeOf, pageFileOf, pageHeaders } from '../contract/page.ts'

export const scheme = 'app'
export const pageUrl = `${scheme}://console/index.html`

/** True for an address of our own page, judged by its parsed parts. */
export function isOwnPage(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return protocol === `${scheme}:` && host === 'console'
}

/** Answers `app://console/…` with files of the built page, and nothing else. */
export function createPageHandler(root: string): (request: Request) => Promise<Response> {
  const refuse = (status: number) =>
    new Response('There is no such page\n', { status, headers: { ...pageHeaders, 'Content-Type': 'text/plain' } })

  return async ({ url, method }) => {
    if (!isOwnPage(url)) return refuse(404)
    if (method !== 'GET' && method !== 'HEAD') return refuse(405)
    const file = pageFileOf(new URL(url).pathname)
    const mediaType = file === null ? null : mediaTypeOf(file)
    if (file === null || mediaType === null) return refuse(404)
    try {
      const bytes = await readFile(join(root, file))
      return new Response(new Uint8Array(bytes), { headers: { ...pageHeaders, 'Content-Type': mediaType } })
    } catch {
      return refuse(404)
    }
  }
}
