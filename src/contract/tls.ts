import { z } from 'zod'
import { secretName } from './primitives.ts'

/** Trust and identity of an encrypted connection. */
export const tlsIdentity = z.strictObject({
  /** PEM of the authority that signed the server's certificate, where it is not a public one. */
  caPem: z.string().max(20_000).nullable(),
  /** PEM of our own certificate (with its chain), where the server asks for one. */
  certPem: z.string().max(20_000).nullable(),
  /** PEM of its private key; needed with `certPem`. */
  keySecret: secretName.nullable(),
})
export type TlsIdentity = z.infer<typeof tlsIdentity>
