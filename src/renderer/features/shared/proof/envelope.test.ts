import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkEnvelope } from './envelope.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const payloadType = 'application/vnd.in-toto+json'
const predicate = { decision: 'certified', validUntil: 5, gates: [{ title: 'Genauigkeit ≥ 0,9' }] }

const seal = (content: object, type = payloadType) => {
  const payload = Buffer.from(JSON.stringify(content))
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload])
  return {
    payload: payload.toString('base64'),
    payloadType: type,
    signatures: [{ sig: sign(null, signed, privateKey).toString('base64') }],
  }
}

describe('checkEnvelope', () => {
  it('accepts what the key signed, in whatever order the fields come', async () => {
    const shown = { validUntil: 5, gates: predicate.gates, decision: 'certified' }
    expect(await checkEnvelope(seal({ predicate }), pem, shown)).toEqual({ status: 'holds' })
  })
  it('refuses another key, another type and another predicate', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()
    expect(await checkEnvelope(seal({ predicate }), other, predicate)).toMatchObject({ status: 'broken' })
    const relabelled = { ...seal({ predicate }, 'other'), payloadType }
    expect(await checkEnvelope(relabelled, pem, predicate)).toMatchObject({ status: 'broken' })
    expect(await checkEnvelope(seal({ predicate }), pem, { ...predicate, validUntil: 6 })).toEqual({
      status: 'broken',
      why: 'What was signed is not what is shown here.',
    })
  })
  it('says when it cannot check', async () => {
    expect(await checkEnvelope(seal({ predicate }), 'no key', predicate)).toMatchObject({ status: 'unchecked' })
  })
})
