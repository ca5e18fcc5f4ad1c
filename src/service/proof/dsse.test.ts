import { spawnSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { DsseEnvelope } from '../../contract/release.ts'
import { preAuthEncoding } from '../../rules/proof/statement.ts'
import { signEnvelope, verifyEnvelope } from './dsse.ts'
import { signerFor } from './signers.ts'

const newSigner = () => signerFor(generateKeyPairSync('ed25519').privateKey)
const ada = newSigner()
const bob = newSigner()
const eve = newSigner()
const payloadType = 'application/vnd.in-toto+json'
// Bytes whose Base 64 needs the letters in which the two alphabets differ.
const payload = Uint8Array.from([...Buffer.from('{"certified":"ü"}'), 0xfb, 0xff, 0xfe])
const envelope = signEnvelope({ payloadType, payload, signers: [ada, bob] })
const trust = { publicKeysPem: [ada.publicKeyPem] }

const toUrlSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

describe('envelopes', () => {
  it('verify and give back the payload as signed', () => {
    expect(verifyEnvelope(envelope, trust)).toEqual({ status: 'verified', payloadType, payload, keyIds: [ada.keyId] })
    const both = verifyEnvelope(envelope, { publicKeysPem: [bob.publicKeyPem, ada.publicKeyPem], threshold: 2 })
    expect(both.status === 'verified' && both.keyIds).toEqual([bob.keyId, ada.keyId])
  })

  it('verify in the URL-safe alphabet and without padding', () => {
    const urlSafe: DsseEnvelope = {
      ...envelope,
      payload: toUrlSafe(envelope.payload),
      signatures: envelope.signatures.map(({ sig }) => ({ sig: toUrlSafe(sig) })),
    }
    expect(urlSafe.payload).not.toBe(envelope.payload)
    expect(verifyEnvelope(urlSafe, trust).status).toBe('verified')
  })

  it('take key ids for hints: missing or false ones change nothing', () => {
    const swapped = envelope.signatures.map(({ sig }, at) => ({ sig, keyid: envelope.signatures[1 - at].keyid }))
    const verdict = verifyEnvelope({ ...envelope, signatures: swapped }, trust)
    expect(verdict.status === 'verified' && verdict.keyIds).toEqual([ada.keyId])
    const claimed = signEnvelope({ payloadType, payload, signers: [{ ...eve, keyId: ada.keyId }] })
    expect(verifyEnvelope(claimed, trust).status).toBe('refused')
  })

  it('count keys, not signatures', () => {
    const twice = signEnvelope({ payloadType, payload, signers: [ada, ada, eve] })
    const trusted = { publicKeysPem: [ada.publicKeyPem, ada.publicKeyPem.trim(), bob.publicKeyPem], threshold: 2 }
    expect(verifyEnvelope(twice, trusted)).toEqual({
      status: 'refused',
      reason: '1 of the 2 trusted keys signed the envelope; 2 needed',
    })
  })

  it('are refused when type, payload or signature differ in anything', () => {
    expect(verifyEnvelope({ ...envelope, payloadType: 'text/plain' }, trust).status).toBe('refused')
    expect(verifyEnvelope(envelope, { ...trust, payloadType: 'text/plain' })).toEqual({
      status: 'refused',
      reason: expect.stringContaining('not "text/plain"'),
    })
    const [{ sig }] = envelope.signatures
    const change = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
    for (let at = 0; at < envelope.payload.length; at += 1) {
      const changed = { ...envelope, payload: change(envelope.payload, at) }
      expect(`${at} ${verifyEnvelope(changed, trust).status}`).toBe(`${at} refused`)
    }
    for (let at = 0; at < sig.length; at += 1) {
      const changed = { ...envelope, signatures: [{ sig: change(sig, at) }] }
      expect(`${at} ${verifyEnvelope(changed, trust).status}`).toBe(`${at} refused`)
    }
  })

  it.each([
    ['a payload that is no Base 64', { ...envelope, payload: '*' }, 'payload is not Base 64'],
    ['a signature that is none', { ...envelope, signatures: [{ sig: '*' }] }, 'Signature 1'],
    ['no signature', { ...envelope, signatures: [] }, '0 of the 1'],
    ['a flood of signatures', { ...envelope, signatures: Array(65).fill(envelope.signatures[0]) }, 'more than 64'],
    ['a lone surrogate as type', { ...envelope, payloadType: '\ud800' }, 'well-formed'],
  ])('are refused with %s', (_, hostile, reason) => {
    expect(verifyEnvelope(hostile, trust)).toEqual({ status: 'refused', reason: expect.stringContaining(reason) })
  })

  it('are not verified by mistake of the caller', () => {
    expect(() => verifyEnvelope(envelope, { ...trust, threshold: 0 })).toThrow('At least one')
    expect(() => verifyEnvelope(envelope, { publicKeysPem: ['x'] })).toThrow('not an Ed25519')
    expect(() => signEnvelope({ payloadType, payload, signers: [] })).toThrow('at least one signer')
    expect(verifyEnvelope(envelope, { publicKeysPem: [] }).status).toBe('refused')
  })

  it('sign the published encoding, type, lengths and body', () => {
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)])
    const signer = signerFor(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
    const hello = signEnvelope({
      payloadType: 'http://example.com/HelloWorld',
      payload: Buffer.from('hello world'),
      signers: [signer],
    })
    expect(hello.payload).toBe('aGVsbG8gd29ybGQ=')
    expect(hello.signatures[0].sig).toBe(
      Buffer.from(signer.sign(Buffer.from('DSSEv1 29 http://example.com/HelloWorld 11 hello world'))).toString(
        'base64',
      ),
    )
  })
})

const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' })
const hasOpenssl = openssl.status === 0 && /^OpenSSL [3-9]/.test(openssl.stdout)
if (!hasOpenssl) console.warn('SKIPPED: envelopes are not checked by openssl, because openssl 3 is not on this machine')

describe.skipIf(!hasOpenssl)('an independent verifier', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-dsse-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const at = (name: string) => join(folder, name)
  const check = () =>
    spawnSync(
      'openssl',
      ['pkeyutl', '-verify', '-pubin', '-inkey', at('key'), '-rawin', '-in', at('pae'), '-sigfile', at('sig')],
      { encoding: 'utf8' },
    )

  it('openssl accepts our signature over the encoded payload, and no other', () => {
    writeFileSync(at('key'), ada.publicKeyPem)
    writeFileSync(at('sig'), Buffer.from(envelope.signatures[0].sig, 'base64'))
    const encoded = preAuthEncoding(payloadType, payload)
    writeFileSync(at('pae'), encoded)
    const accepted = check()
    expect({ status: accepted.status, out: accepted.stdout }).toEqual({
      status: 0,
      out: expect.stringContaining('Signature Verified Successfully'),
    })
    writeFileSync(at('pae'), encoded.with(encoded.length - 1, 0))
    expect(check().status).not.toBe(0)
  })
})
