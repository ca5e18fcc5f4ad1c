import type { Role, User } from '../../../../contract/user.ts'
import { dayMs, digestOf, nowAt } from '../park.ts'

const person = (id: string, name: string, roles: Role[], isDisabled = false): User => ({
  id,
  login: name.split(' ')[0].toLowerCase(),
  name,
  roles,
  keyId: digestOf(name.length * 7 + 1),
  publicKeyPem: '',
  isDisabled,
  createdAt: nowAt - 60 * dayMs,
})

export const people: User[] = [
  person('usr_1', 'Quim Expert', ['qa-expert']),
  person('usr_2', 'Paula Owner', ['product-owner']),
  person('usr_3', 'Oriol Operator', ['operator']),
  person('usr_4', 'Ada Admin', ['administrator']),
  person('usr_5', 'Vera Auditor', ['viewer']),
  person('usr_6', 'Left Longago', ['operator', 'qa-expert'], true),
]

export const userNames = Object.fromEntries(people.map(({ id, name }) => [id, name]))
