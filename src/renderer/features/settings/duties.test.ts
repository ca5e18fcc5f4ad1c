import { describe, expect, it } from 'vitest'
import type { Role, User } from '../../../contract/user.ts'
import { dutyGaps, settingsHeadline } from './duties.ts'

const person = (name: string, ...roles: Role[]) => ({ id: `usr_${name}`, name, roles, isDisabled: false }) as User

describe('dutyGaps', () => {
  it('is silent when duties are apart', () => {
    const people = [
      person('Ada', 'administrator'),
      person('Quim', 'qa-expert'),
      person('Rosa', 'qa-expert'),
      person('Paula', 'product-owner'),
    ]
    expect(dutyGaps(people)).toEqual([])
    expect(settingsHeadline('Park', people)).toEqual({
      status: 'ok',
      text: 'Park: 4 people can sign in, duties are apart; administered by Ada.',
    })
  })
  it('sees one person who would have to do both', () => {
    const gaps = dutyGaps([person('Ada', 'administrator', 'qa-expert', 'product-owner')])
    expect(gaps).toEqual(['Ada is the only QA expert and the only product owner: nobody may do both on one release.'])
  })
  it('does not count who has left', () => {
    const left = { ...person('Quim', 'qa-expert'), isDisabled: true }
    expect(dutyGaps([person('Ada', 'administrator'), left, person('Paula', 'product-owner')])).toEqual([
      'Nobody is a QA expert: no release can be certified.',
    ])
  })
})
