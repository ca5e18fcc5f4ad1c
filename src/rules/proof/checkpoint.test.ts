import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeBase64, encodeHex } from './bytes.ts'
import { type Checkpoint, checkpointText, parseCheckpoint, signCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import { formatVerifierKey, type NoteSigner, parseNote, parseVerifierKey, signNote, verifyNote } from './signed-note.ts'

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const verifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => {
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' })
  return verify(null, message, key, signature)
}
const crypto = { sha256, verifyEd25519 }

function signerFrom(name: string, seedByte: number): NoteSigner {
  const der = Buffer.concat([pkcs8Prefix, Buffer.alloc(32, seedByte)])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))
  return { name, publicKey, sign: (message) => new Uint8Array(sign(null, message, key)) }
}

const origin = 'pet-park.example/assay'
const signer = signerFrom(origin, 1)
const witness = signerFrom('witness.example/w1', 2)
const checkpoint: Checkpoint = { origin, size: 8, root: sha256(Uint8Array.of(8)) }

describe('notes and checkpoints of others', () => {
  it('verifies a checkpoint of the public Go checksum database', () => {
    const key = parseVerifierKey(sha256, 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8')
    if (key === undefined) throw new Error('the published key was not read')
    const note =
      'go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— sum.golang.org ' +
      'Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n'
    const verdict = verifyCheckpoint(note, [key], crypto)
    expect(verdict.status).toBe('verified')
    if (verdict.status !== 'verified') return
    expect(verdict.checkpoint.size).toBe(20852163)
    expect(verdict.checkpoint.origin).toBe('go.sum database tree')
    expect(verifyCheckpoint(note.replace('20852163', '20852164'), [key], crypto).status).toBe('wrong-signature')
  })

  it('verifies a published note and refuses a key whose hash does not fit', () => {
    const line = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
    const key = parseVerifierKey(sha256, line)
    const parsed = parseNote(
      'This is an example message.\n\n— example.com/foo ' +
        'Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
    )
    if (key === undefined || parsed.status !== 'parsed') throw new Error('the published note was not read')
    expect(verifyNote(parsed.note, [key], crypto)).toEqual({ status: 'verified', signedBy: [key] })
    expect(formatVerifierKey(sha256, key)).toBe(line)
    expect(parseVerifierKey(sha256, line.replace('530d', '530e'))).toBeUndefined()
    expect(parseVerifierKey(sha256, line.replace('+Aek', '+Bek'))).toBeUndefined()
    expect(parseVerifierKey(sha256, line.replace('example', 'exam ple'))).toBeUndefined()
  })
})

describe('our checkpoints', () => {
  it('have the exact text and verify', () => {
    const note = signCheckpoint(sha256, { ...checkpoint, extensions: ['at 1767225600000'] }, [signer])
    const [first, second, third, fourth, blank, signature, end] = note.split('\n')
    expect([first, second, third, fourth, blank, end]).toEqual([
      origin,
      '8',
      encodeBase64(checkpoint.root),
      'at 1767225600000',
      '',
      '',
    ])
    expect(signature.startsWith(`— ${origin} `)).toBe(true)
    expect(verifyCheckpoint(note, [signer], crypto)).toEqual({
      status: 'verified',
      checkpoint: { ...checkpoint, extensions: ['at 1767225600000'] },
      signedBy: [signer],
    })
  })

  it('carry witnesses; unknown ones prove nothing, a wrong known one spoils the note', () => {
    const note = signCheckpoint(sha256, checkpoint, [signer, witness])
    const known = verifyCheckpoint(note, [signer, witness], crypto)
    expect(known.status === 'verified' && known.signedBy.map((key) => key.name)).toEqual([origin, witness.name])
    const partly = verifyCheckpoint(note, [witness], crypto)
    expect(partly.status === 'verified' && partly.signedBy).toEqual([witness])
    expect(verifyCheckpoint(note, [signerFrom(origin, 3)], crypto)).toEqual({ status: 'no-known-signature' })
    const liar = { ...witness, sign: (message: Uint8Array) => signer.sign(message) }
    const spoilt = signCheckpoint(sha256, checkpoint, [signer, liar])
    expect(verifyCheckpoint(spoilt, [signer, witness], crypto)).toEqual({
      status: 'wrong-signature',
      name: witness.name,
    })
  })

  it('do not survive the change of any one character', () => {
    const note = signCheckpoint(sha256, checkpoint, [signer])
    for (let at = 0; at < note.length; at += 1) {
      const other = note[at] === 'A' ? 'B' : 'A'
      const changed = note.slice(0, at) + other + note.slice(at + 1)
      const verdict = verifyCheckpoint(changed, [signer], crypto)
      expect(`${at} ${verdict.status}`).not.toBe(`${at} verified`)
    }
  })

  it.each([
    ['a size with a leading zero', (note: string) => note.replace('\n8\n', '\n08\n'), 'line 2'],
    ['a size that is negative', (note: string) => note.replace('\n8\n', '\n-8\n'), 'line 2'],
    ['a size beyond 2^53', (note: string) => note.replace('\n8\n', '\n9007199254740993\n'), 'line 2'],
    ['a root cut short', (note: string) => note.replace(/\n8\n..../, '\n8\n'), 'line 3'],
    ['too few lines', (note: string) => note.replace('\n8\n', '\n'), 'fewer than three'],
    ['an empty line inside', (note: string) => note.replace('\n8\n', '\n\n8\n'), 'line 2 is empty'],
    ['a hyphen for the dash', (note: string) => note.replace('—', '-'), 'signature line 1'],
    ['no last newline', (note: string) => note.slice(0, -1), 'newline'],
    ['carriage returns', (note: string) => note.replaceAll('\n', '\r\n'), 'control character'],
    ['no signature', (note: string) => `${note.slice(0, note.indexOf('\n\n'))}\n\n`, 'signature line 1'],
    ['no blank line', (note: string) => note.replace('\n\n', '\n'), 'blank line'],
    ['a flood of signatures', (note: string) => note + note.slice(note.indexOf('—')).repeat(100), 'more than 100'],
    ['a flood of text', (note: string) => 'x'.repeat(1_000_000) + note, 'longer than'],
  ])('refuse %s', (_, change, reason) => {
    const parsed = parseCheckpoint(change(signCheckpoint(sha256, checkpoint, [signer])))
    expect(parsed).toEqual({ status: 'malformed', reason: expect.stringContaining(reason) })
  })

  it('are not built from values that would read back as something else', () => {
    expect(() => checkpointText({ ...checkpoint, origin: 'evil\n999' })).toThrow('line')
    expect(() => checkpointText({ ...checkpoint, extensions: [''] })).toThrow('line')
    expect(() => checkpointText({ ...checkpoint, size: -1 })).toThrow('size')
    expect(() => checkpointText({ ...checkpoint, root: new Uint8Array(31) })).toThrow('32 bytes')
    expect(() => signCheckpoint(sha256, checkpoint, [{ ...signer, name: 'two words' }])).toThrow('name a key')
    expect(() => signCheckpoint(sha256, checkpoint, [])).toThrow('at least one signer')
    expect(() => signNote(sha256, 'no newline', [signer])).toThrow('newline')
    expect(encodeHex(checkpoint.root)).toHaveLength(64)
  })
})
