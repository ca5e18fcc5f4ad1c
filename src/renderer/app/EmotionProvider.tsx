import createCache from '@emotion/cache'
import { CacheProvider } from '@emotion/react'
import { type ReactNode, useState } from 'react'

/**
 * Styles under a strict content security policy. Rules go in through the style sheet's own interface ("speedy"), so the
 * `<style>` elements stay empty and `style-src` needs only the hash of the empty text, no nonce and no 'unsafe-inline':
 * `style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='`.
 */
export function EmotionProvider({ children }: { children: ReactNode }) {
  const [cache] = useState(() => createCache({ key: 'a', speedy: true, prepend: true }))
  return <CacheProvider value={cache}>{children}</CacheProvider>
}
