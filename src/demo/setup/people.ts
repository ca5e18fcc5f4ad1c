import type { OutputOf } from '../../contract/api.ts'
import type { Role } from '../../contract/user.ts'
import type { DemoHost } from '../host.ts'

/** Someone who works with the park's console. */
interface Person {
  readonly login: string
  readonly name: string
  readonly role: Role
  readonly title: string
}

const administrator: Person = { login: 'anna', name: 'Anna Puig', role: 'administrator', title: 'Administrator' }

/** The people of the park; everybody can be played. */
export const PEOPLE = {
  administrator,
  operator: { login: 'oriol', name: 'Oriol Vidal', role: 'operator', title: 'Operator' },
  productOwner: { login: 'marta', name: 'Marta Soler', role: 'product-owner', title: 'Product owner' },
  qaExpert: { login: 'quim', name: 'Quim Ferrer', role: 'qa-expert', title: 'QA expert' },
  auditor: { login: 'teresa', name: 'Teresa Roca', role: 'viewer', title: 'Auditor' },
} as const satisfies Record<string, Person>

/** No secret: it is shown on the sign-in page of every demo workspace. */
export const passwordOf = (login: string): string => `petpark-${login}`

/** Every account of the demo with its password, for the sign-in page. */
export const demoAccounts = (): OutputOf<'session.state'>['demoAccounts'] =>
  Object.values(PEOPLE).map(({ login, name, title }) => ({ login, name, role: title, password: passwordOf(login) }))

/** Sets the workspace up and makes everybody's account; those who are there stay as they are. */
export async function makePeople(host: DemoHost): Promise<void> {
  const { needsSetUp, isDemo } = await host.call(null, 'session.state', {})
  if (!needsSetUp && !isDemo) {
    throw new Error('This workspace is no demo workspace: choose another folder with --workspace')
  }
  const { login, name } = administrator
  if (needsSetUp) {
    await host.call(null, 'session.setUp', { workspaceName: 'Pet park', login, name, password: passwordOf(login) })
  }
  const known = new Set((await host.call(login, 'users.list', {})).map(({ record }) => record.login))
  for (const person of Object.values(PEOPLE)) {
    if (known.has(person.login)) continue
    await host.call(login, 'users.create', {
      login: person.login,
      name: person.name,
      roles: [person.role],
      password: passwordOf(person.login),
    })
  }
}
