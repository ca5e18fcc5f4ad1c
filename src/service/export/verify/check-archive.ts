import { dsseEnvelope } from '../../../contract/release.ts'
import { encodeBase64 } from '../../../rules/proof/bytes.ts'
import { canonicalText } from '../../proof/canonical.ts'
import { sha256Hex } from '../../proof/digest.ts'
import { verifyEnvelope } from '../../proof/dsse.ts'
import { keyIdOf, readPublicKey } from '../../proof/signers.ts'
import type { ContainedFile } from '../container.ts'
import type { ContainerFault } from '../read-container.ts'
import { type Manifest, manifest, manifestPayloadType, names } from '../shape.ts'
import { failed, passed, skipped, type Verdict, verdictOf } from './verdict.ts'

const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

function parseCanonical(bytes: Uint8Array): unknown {
  const content = text(bytes)
  const value: unknown = JSON.parse(content)
  // One value, one spelling: otherwise bytes could be changed that mean nothing.
  if (content !== `${canonicalText(value)}\n`) throw new Error('it is not written as exports write it')
  return value
}

/** The archive itself: every byte that is not content. */
export function checkContainer(files: readonly ContainedFile[], faults: readonly ContainerFault[]): Verdict {
  if (faults.length === 0) return passed(`${files.length} files; every byte of the archive is where it belongs`)
  const [first] = faults
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  return failed(`${first.message}${more}`, ...new Set(faults.flatMap(({ file }) => file ?? [])))
}

/** The manifest, if its signature holds; what was signed counts, whatever stands in the file beside it. */
export function checkManifest(files: ReadonlyMap<string, Uint8Array>): { verdict: Verdict; manifest: Manifest | null } {
  const nothing = (message: string, ...named: string[]) => ({ verdict: failed(message, ...named), manifest: null })
  const [signature, key, listed] = [names.signature, names.key, names.manifest].map((name) => files.get(name))
  if (signature === undefined) return nothing(`There is no ${names.signature}`, names.signature)
  if (key === undefined) return nothing(`There is no ${names.key}`, names.key)
  let envelope: ReturnType<typeof dsseEnvelope.parse>
  try {
    envelope = dsseEnvelope.parse(parseCanonical(signature))
  } catch (error) {
    return nothing(`${names.signature} cannot be read: ${sentence(error)}`, names.signature)
  }
  let publicKeyPem: string
  try {
    publicKeyPem = text(key)
    // One key, one spelling.
    const spelled = readPublicKey(publicKeyPem).export({ format: 'pem', type: 'spki' })
    if (spelled !== publicKeyPem) throw new Error('it is not written as exports write it')
  } catch (error) {
    return nothing(`${names.key} is no public key: ${sentence(error)}`, names.key)
  }
  const verified = verifyEnvelope(envelope, { publicKeysPem: [publicKeyPem], payloadType: manifestPayloadType })
  if (verified.status === 'refused')
    return nothing(
      `The signature does not hold: ${names.signature} or ${names.key} was changed. ${verified.reason}`,
      names.signature,
      names.key,
    )
  const keyId = keyIdOf(publicKeyPem)
  const [only, ...others] = envelope.signatures
  const isSpelledOut =
    others.length === 0 &&
    only.keyid === keyId &&
    envelope.payload === encodeBase64(verified.payload) &&
    isStrict(only.sig)
  if (!isSpelledOut) return nothing(`${names.signature} is not written as exports write it`, names.signature)
  let parsed: Manifest
  try {
    parsed = manifest.parse(parseCanonical(verified.payload))
  } catch (error) {
    return nothing(`What was signed is no manifest: ${sentence(error)}`, names.signature)
  }
  if (parsed.keyId !== keyId) return nothing(`The manifest names another key than the one that signed`, names.signature)
  if (listed === undefined || !Buffer.from(listed).equals(verified.payload))
    return {
      verdict: failed(`${names.manifest} is not the manifest that was signed`, names.manifest),
      manifest: parsed,
    }
  return { verdict: passed(`Signed by key ${keyId}`), manifest: parsed }
}

const isStrict = (base64: string) => encodeBase64(Buffer.from(base64, 'base64')) === base64

const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 300)

/** Every file against the digest in the manifest, and none too many. */
export function checkFiles(files: ReadonlyMap<string, Uint8Array>, { files: listed }: Manifest): Verdict {
  const problems: { message: string; file: string }[] = []
  const expected = new Set<string>([names.manifest, names.signature])
  for (const { name, bytes, sha256 } of listed) {
    expected.add(name)
    const found = files.get(name)
    if (found === undefined) problems.push({ message: `${name} is missing`, file: name })
    else if (found.length !== bytes || sha256Hex(found) !== sha256)
      problems.push({ message: `${name} was changed: it does not have the digest that was signed`, file: name })
  }
  for (const name of files.keys())
    if (!expected.has(name)) problems.push({ message: `${name} is not in the manifest`, file: name })
  return verdictOf(problems, `${listed.length} files have the digests that were signed`)
}

/** Whether the key is one that the reader trusts; without any it can only be shown. */
export function checkSigner({ keyId }: Manifest, trustedKeys: readonly string[]): Verdict {
  if (trustedKeys.length === 0)
    return skipped(
      `Signed by key ${keyId}. Compare it with the key id that the console shows: this file cannot vouch for itself`,
    )
  const trusted = trustedKeys.map((key) => (key.includes('BEGIN') ? keyIdOf(key) : key.trim().toLowerCase()))
  return trusted.includes(keyId)
    ? passed(`The key ${keyId} is one that you trust`)
    : failed(`The key ${keyId} is none of those that you trust`, names.key)
}
