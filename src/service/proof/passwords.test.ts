import { scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashPassword, needsRehash, verifyPassword } from './passwords.ts'

const cost = { N: 2 ** 15, r: 8, p: 1 }

describe('passwords', () => {
  it('are right or wrong, also when typed in another composition of letters', async () => {
    const stored = await hashPassword('naïve gold 9', { cost })
    expect(await verifyPassword('naïve gold 9', stored)).toBe(true)
    expect(await verifyPassword('nai\u0308ve gold 9', stored)).toBe(true)
    expect(await verifyPassword('naive gold 9', stored)).toBe(false)
    expect(await verifyPassword('', stored)).toBe(false)
    expect(await verifyPassword('x'.repeat(5000), stored)).toBe(false)
  })

  it('are stored in the usual text form with their cost, salted anew each time', async () => {
    const random = (bytes: number) => new Uint8Array(bytes).fill(7)
    const stored = await hashPassword('gold', { cost, random })
    const [, name, parameters, salt, hash] = stored.split('$')
    expect([name, parameters, salt]).toEqual(['scrypt', 'ln=15,r=8,p=1', 'BwcHBwcHBwcHBwcHBwcHBw'])
    const expected = scryptSync('gold', Buffer.alloc(16, 7), 32, { ...cost, maxmem: 2 ** 26 })
    expect(Buffer.from(hash, 'base64')).toEqual(expected)
    expect(await hashPassword('gold', { cost })).not.toBe(stored)
    expect(needsRehash(stored)).toBe(true)
    expect(needsRehash(stored, cost)).toBe(false)
  })

  it('work at the default cost, within what node allows', async () => {
    const stored = await hashPassword('gold')
    expect(stored).toContain('$ln=15,r=8,p=3$')
    expect(await verifyPassword('gold', stored)).toBe(true)
    expect(needsRehash(stored)).toBe(false)
  })

  it('of nobody are always wrong', async () => {
    expect(await verifyPassword('', undefined)).toBe(false)
    expect(await verifyPassword('gold', undefined)).toBe(false)
  })

  it('refuse a weak or ruinous cost, overlong input and damaged records', async () => {
    await expect(hashPassword('gold', { cost: { ...cost, N: 2 ** 14 } })).rejects.toThrow('at least 32768')
    await expect(hashPassword('gold', { cost: { ...cost, N: 40_000 } })).rejects.toThrow('power of two')
    await expect(hashPassword('gold', { cost: { ...cost, N: 2 ** 30 } })).rejects.toThrow('1 GiB')
    await expect(hashPassword('x'.repeat(1025), { cost })).rejects.toThrow('1024')
    const stored = await hashPassword('gold', { cost })
    for (const damaged of ['', 'gold', stored.slice(0, -4), stored.replace('scrypt', 'md5')]) {
      await expect(verifyPassword('gold', damaged)).rejects.toThrow('damaged')
    }
  })
})
