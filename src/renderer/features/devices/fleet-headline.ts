import type { OutputOf } from '../../../contract/api.ts'
import type { Headline } from '../../../contract/primitives.ts'

export type DeviceRow = OutputOf<'devices.list'>[number]

const ranks: Record<Headline['status'], number> = { breach: 4, warning: 3, insufficient: 2, unknown: 1, ok: 0 }

/** Worst first, so that what needs a person stands on top. */
export const rankOf = (status: Headline['status']): number => ranks[status]

/** Whether the fleet is all right; if not, what is worst and how much else there is. */
export function fleetHeadline(rows: readonly DeviceRow[]): Headline {
  const headlines = rows.map(({ health }) => health.headline)
  const worst = [...headlines].sort((left, right) => rankOf(right.status) - rankOf(left.status))[0]
  if (worst === undefined) return { status: 'unknown', text: 'No device is known yet.' }
  const count = rows.length === 1 ? 'The device' : `All ${rows.length} devices`
  if (worst.status === 'ok')
    return { status: 'ok', text: `${count} ${rows.length === 1 ? 'is as it' : 'are as they'} should be.` }
  const others = headlines.filter(({ status }) => status !== 'ok').length - 1
  const well = rows.length - others - 1
  return {
    status: worst.status,
    text: [
      sentence(worst.text),
      others > 0 && `${others} more ${others === 1 ? 'device needs' : 'devices need'} a look.`,
      well > 0 && `${well} of ${rows.length} ${well === 1 ? 'is' : 'are'} well.`,
    ]
      .filter((part) => part !== false)
      .join(' '),
  }
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
