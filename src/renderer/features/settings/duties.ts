import type { Headline } from '../../../contract/primitives.ts'
import type { User } from '../../../contract/user.ts'

const list = (names: readonly string[]) =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/**
 * What stands in the way of releasing with duties apart: certifying is the QA expert's, approving the product owner's, nobody does both on one
 * release, and nobody certifies what they submitted. Empty when nothing does.
 */
export function dutyGaps(people: readonly User[]): string[] {
  const active = people.filter(({ isDisabled }) => !isDisabled)
  const experts = active.filter(({ roles }) => roles.includes('qa-expert'))
  const owners = active.filter(({ roles }) => roles.includes('product-owner'))
  const gaps: string[] = []
  if (experts.length === 0) gaps.push('Nobody is a QA expert: no release can be certified.')
  if (owners.length === 0) gaps.push('Nobody is a product owner: no release can be approved.')
  const [expert, owner] = [experts[0], owners[0]]
  if (experts.length === 1 && owners.length === 1 && expert !== undefined && expert.id === owner?.id)
    gaps.push(`${expert.name} is the only QA expert and the only product owner: nobody may do both on one release.`)
  if (experts.length === 1 && expert !== undefined && active.length > 1)
    gaps.push(`${expert.name} is the only QA expert: what ${expert.name} submits, nobody can certify.`)
  if (!active.some(({ roles }) => roles.includes('administrator'))) gaps.push('Nobody is an administrator.')
  return gaps
}

/** Whether the workspace is set up so that people can do their parts. */
export function settingsHeadline(workspaceName: string, people: readonly User[]): Headline {
  const active = people.filter(({ isDisabled }) => !isDisabled)
  const [gap] = dutyGaps(people)
  if (gap !== undefined) return { status: 'warning', text: gap }
  const administrators = active.filter(({ roles }) => roles.includes('administrator')).map(({ name }) => name)
  return {
    status: 'ok',
    text: `${workspaceName}: ${active.length} people can sign in, duties are apart; administered by ${list(administrators)}.`,
  }
}
