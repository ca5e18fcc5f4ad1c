import { createHash } from 'node:crypto'

/** What another system calls a device, as a key: other characters become dashes; null where nothing is left. */
export function toKey(text: string): string | null {
  const key = text
    .trim()
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
  if (key === '') return null
  return key.length <= 64 ? key : `${key.slice(0, 55)}-${digestOf(text)}`
}

/** A name as that of a channel; one that is too long ends with a digest of the whole, so that two stay two. */
export const toChannel = (name: string): string =>
  name.length <= 100 ? name : `${name.slice(0, 91)}#${digestOf(name)}`

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8)
