import { describe, expect, it } from 'vitest'
import { maskAddresses } from './audit-entry.ts'

describe('maskAddresses', () => {
  it('leaves out user and password of every address, and nothing else', () => {
    expect(
      maskAddresses({
        reason: 'moved from mqtt://me:pa:ss@old:1883 to https://hub.example.com/a@b?c=d, ask ops@example.com',
        deep: [{ url: 'HTTPS://token@example.com/x' }, 3, true, null],
        ['__proto__']: 'ftp://u:p@h',
      }),
    ).toEqual({
      reason: 'moved from mqtt://[not recorded]@old:1883 to https://hub.example.com/a@b?c=d, ask ops@example.com',
      deep: [{ url: 'HTTPS://[not recorded]@example.com/x' }, 3, true, null],
      ['__proto__']: 'ftp://[not recorded]@h',
    })
  })
})
