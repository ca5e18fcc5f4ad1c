import { canonicalText } from '../proof/canonical.ts'
import { sha256Hex } from '../proof/digest.ts'
import { signEnvelope } from '../proof/dsse.ts'
import type { Signer } from '../proof/signers.ts'
import { writeContainer } from './container.ts'
import type { GatheredExport } from './gather.ts'
import { type Manifest, manifest, manifestPayloadType, names } from './shape.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

/** Puts the files, the manifest over them and its signature into one archive. */
export function signExport(gathered: GatheredExport, signer: Signer): Uint8Array {
  const files = [...gathered.files, { name: names.key, bytes: utf8(signer.publicKeyPem) }]
  const listed: Manifest = manifest.parse({
    ...gathered.manifest,
    keyId: signer.keyId,
    files: files.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256Hex(bytes) })),
  })
  const payload = utf8(`${canonicalText(listed)}\n`)
  const envelope = signEnvelope({ payloadType: manifestPayloadType, payload, signers: [signer] })
  return writeContainer([
    ...files,
    { name: names.manifest, bytes: payload },
    { name: names.signature, bytes: utf8(`${canonicalText(envelope)}\n`) },
  ])
}
