/** AES-256-GCM over small secrets: a password-sealed private key, a stored connection secret. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { decodeBase64, encodeBase64 } from '../../rules/proof/bytes.ts'

/** Where keys, salts and nonces come from: `randomBytes` of node:crypto, or a fixed source in tests. */
export type RandomSource = (bytes: number) => Uint8Array

/** What AES-256-GCM leaves behind, in standard Base 64. */
export type Sealed = { iv: string; tag: string; data: string }

const ivBytes = 12
const tagBytes = 16

/** Encrypts with a 32-byte key; `associatedData` is not stored but must be the same to open. */
export function seal(key: Uint8Array, plain: Uint8Array, associatedData: string, random: RandomSource): Sealed {
  const iv = random(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(associatedData, 'utf8'))
  const data = Buffer.concat([cipher.update(plain), cipher.final()])
  return { iv: encodeBase64(iv), tag: cipher.getAuthTag().toString('base64'), data: data.toString('base64') }
}

/** Decrypts; undefined when the key or the associated data is another, or anything was altered. */
export function unseal(key: Uint8Array, sealed: Sealed, associatedData: string): Uint8Array | undefined {
  const iv = decodeBase64(sealed.iv)
  const tag = decodeBase64(sealed.tag)
  const data = decodeBase64(sealed.data)
  if (iv?.length !== ivBytes || tag?.length !== tagBytes || data === undefined) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(associatedData, 'utf8'))
  decipher.setAuthTag(tag)
  const opened = decipher.update(data)
  try {
    return new Uint8Array(Buffer.concat([opened, decipher.final()]))
  } catch {
    // The tag does not fit: the one error that final() has for GCM.
    return undefined
  }
}
