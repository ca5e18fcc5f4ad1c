import { createHash, createPublicKey, verify } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { signCheckpoint, verifyCheckpoint } from '../../rules/proof/checkpoint.ts'
import { sha256Bytes } from './digest.ts'
import { changeKeyPassword, createPersonKey, type PersonKey, unlockPersonKey } from './keys.ts'
import { keyIdOf, noteKeyFor, noteSignerFor, rawPublicKey, readPublicKey, verifyEd25519 } from './signers.ts'

const cost = { N: 2 ** 15, r: 8, p: 1 }
const ada = { userId: 'usr_ada', password: 'correct horse' }
let key: PersonKey
beforeAll(async () => {
  key = await createPersonKey(ada, { cost })
})

async function unlock(of: PersonKey, person = ada) {
  const unlocked = await unlockPersonKey(of, person)
  if (unlocked.status !== 'unlocked') throw new Error(unlocked.status)
  return unlocked.signer
}

describe('a person’s key', () => {
  it('is an Ed25519 key named by the digest of its public half', () => {
    const der = createPublicKey(key.publicKeyPem).export({ format: 'der', type: 'spki' })
    expect(key.keyId).toBe(createHash('sha256').update(der).digest('hex'))
    expect(keyIdOf(key.publicKeyPem)).toBe(key.keyId)
    expect(Buffer.from(rawPublicKey(key.publicKeyPem))).toEqual(der.subarray(12))
    expect(key.encryptedKey).toContain('"N":32768')
  })

  it('unlocks with the password and signs', async () => {
    const signer = await unlock(key)
    const message = Buffer.from('I answer for this')
    const signature = signer.sign(message)
    expect(signature).toHaveLength(64)
    expect(verify(null, message, createPublicKey(key.publicKeyPem), signature)).toBe(true)
    expect(signer.keyId).toBe(key.keyId)
    expect(JSON.stringify(signer)).not.toContain('PRIVATE')
  })

  it('answers a wrong password, and another user with the right one, with a value', async () => {
    const wrong = { status: 'wrong-password' }
    expect(await unlockPersonKey(key, { ...ada, password: 'correct hors' })).toEqual(wrong)
    expect(await unlockPersonKey(key, { ...ada, password: 'x'.repeat(2000) })).toEqual(wrong)
    expect(await unlockPersonKey(key, { ...ada, userId: 'usr_bob' })).toEqual(wrong)
  })

  it('keeps its id and its signatures when the password changes', async () => {
    const change = { userId: ada.userId, oldPassword: ada.password, newPassword: 'battery staple' }
    const changed = await changeKeyPassword(key, change, { cost })
    if (changed.status !== 'changed') throw new Error(changed.status)
    expect({ ...changed.key, encryptedKey: '' }).toEqual({ ...key, encryptedKey: '' })
    expect(await unlockPersonKey(changed.key, ada)).toEqual({ status: 'wrong-password' })
    const signer = await unlock(changed.key, { ...ada, password: 'battery staple' })
    expect(signer.sign(Buffer.from('x'))).toEqual((await unlock(key)).sign(Buffer.from('x')))
    expect(await changeKeyPassword(key, { ...change, oldPassword: 'nope' })).toEqual({ status: 'wrong-password' })
  })

  it('reproduces the published key pair and signature from its seed', async () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
    const random = (bytes: number) => new Uint8Array(seed.subarray(0, bytes))
    const published = await createPersonKey(ada, { cost, random })
    expect(Buffer.from(rawPublicKey(published.publicKeyPem)).toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    )
    expect(Buffer.from((await unlock(published)).sign(new Uint8Array(0))).toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    )
  })

  it('says when the record is damaged, or wants too much work', async () => {
    const other = await createPersonKey({ ...ada }, { cost })
    expect(await unlockPersonKey({ ...key, encryptedKey: other.encryptedKey }, ada)).toEqual({
      status: 'damaged',
      reason: expect.stringContaining('does not belong'),
    })
    for (const encryptedKey of ['', '{}', 'null', key.encryptedKey.replace('scrypt', 'md5')]) {
      expect((await unlockPersonKey({ ...key, encryptedKey }, ada)).status).toBe('damaged')
    }
    const ruinous = { ...key, encryptedKey: key.encryptedKey.replace('32768', '1073741824') }
    expect(await unlockPersonKey(ruinous, ada)).toEqual({
      status: 'damaged',
      reason: expect.stringContaining('1 GiB'),
    })
    const weak = { ...key, encryptedKey: key.encryptedKey.replace('32768', '2') }
    expect((await unlockPersonKey(weak, ada)).status).toBe('damaged')
  })

  it('signs checkpoints', async () => {
    const signer = await unlock(key)
    const name = 'pet-park.example/assay'
    const checkpoint = { origin: name, size: 1, root: sha256Bytes('root') }
    const note = signCheckpoint(sha256Bytes, checkpoint, [noteSignerFor(name, signer)])
    const verdict = verifyCheckpoint(note, [noteKeyFor(name, key.publicKeyPem)], { sha256: sha256Bytes, verifyEd25519 })
    expect(verdict.status).toBe('verified')
    expect(verifyEd25519(new Uint8Array(31), new Uint8Array(1), new Uint8Array(64))).toBe(false)
    expect(verifyEd25519(rawPublicKey(key.publicKeyPem), new Uint8Array(1), new Uint8Array(3))).toBe(false)
  })

  it('takes only Ed25519 public keys for public keys', () => {
    for (const pem of ['', 'nonsense', key.publicKeyPem.replace('PUBLIC', 'PRIVATE'), key.publicKeyPem.slice(0, 60)]) {
      expect(() => readPublicKey(pem)).toThrow('not an Ed25519 public key')
    }
  })
})
