import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Keeps web pages of other origins, and other people on this machine, away from the console. */
export interface Guard {
  /** False for a name that merely points at this machine (DNS rebinding). */
  isKnownHost(headers: IncomingHttpHeaders): boolean
  /** True for a request that one of our own pages sent. */
  isOwnOrigin(headers: IncomingHttpHeaders): boolean
  /** True once the browser has used a launch link. */
  isLaunched(headers: IncomingHttpHeaders): boolean
  /** Uses a launch token up; the value of the `Set-Cookie` header, or null when the token is not good. */
  launch(token: string): string | null
  addLaunchToken(token: string): void
  sessionToken(headers: IncomingHttpHeaders): string | null
  sessionCookie(token: string): string
}

/** `hosts` are the values of the Host header that are ours, with the port. `newSecret` gives 256 random bits as text. */
export function createGuard({
  hosts,
  port,
  newSecret,
}: {
  hosts: readonly string[]
  port: number
  newSecret: () => string
}): Guard {
  // Browsers share cookies between the ports of one host, so the names carry the port.
  const launchName = `assay_launch_${port}`
  const sessionName = `assay_session_${port}`
  const attributes = 'HttpOnly; SameSite=Strict; Path=/'
  // Only digests are kept and looked up, so that the time a comparison takes tells nothing.
  const tokens = new Set<string>()
  const launched = new Set<string>()

  return {
    isKnownHost: ({ host }) => host !== undefined && hosts.includes(host.toLowerCase()),
    isOwnOrigin: ({ host, origin, 'sec-fetch-site': site }) =>
      origin === `http://${host?.toLowerCase()}` && (site === undefined || site === 'same-origin'),
    isLaunched: (headers) => {
      const secret = cookieOf(headers, launchName)
      return secret !== null && launched.has(digestOf(secret))
    },
    launch(token) {
      if (!tokens.delete(digestOf(token))) return null
      const secret = newSecret()
      launched.add(digestOf(secret))
      return `${launchName}=${secret}; ${attributes}`
    },
    addLaunchToken: (token) => void tokens.add(digestOf(token)),
    sessionToken: (headers) => cookieOf(headers, sessionName),
    sessionCookie: (token) => `${sessionName}=${token}; ${attributes}`,
  }
}

function cookieOf({ cookie = '' }: IncomingHttpHeaders, name: string): string | null {
  for (const pair of cookie.split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name && value) return value
  }
  return null
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}
