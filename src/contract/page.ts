/** How the page's files are served: the same by `app://` in the desktop shell and by the loopback server. */

/**
 * The policy of the page. The one hash is that of an empty style sheet: styles go in through the style sheet's own
 * interface, so the `<style>` elements stay empty.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "img-src 'self' data: blob:",
  'media-src data:',
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sent with every file and every refusal. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

const mediaTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
}

/** The media type by a file's ending; null for what a page has no business asking for. */
export function mediaTypeOf(path: string): string | null {
  const ending = path.slice(path.lastIndexOf('.') + 1)
  return Object.hasOwn(mediaTypes, ending) ? mediaTypes[ending] : null
}

/**
 * The file that a URL's path asks for, relative to the root, in plain segments; null for anything that could lead
 * elsewhere: `..`, a second layer of encoding, back-slashes, drive letters, hidden files, control characters.
 */
export function pageFileOf(urlPath: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  if (!path.startsWith('/')) return null
  if (path === '/') return 'index.html'
  const segments = path.slice(1).split('/')
  return segments.every((segment) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment)) ? segments.join('/') : null
}
