import type { Headline } from '../contract/primitives.ts'
import { formatCount } from './format.ts'

/** Whether the fleet is all right; if not, what is worst and how much else there is. */
export function fleetHeadline(fleet: {
  readonly devices: number
  readonly byStatus: Readonly<Record<Headline['status'], number>>
  /** Of the device that needs a look first; null where there is none. */
  readonly worst: Headline | null
}): Headline {
  const { devices, byStatus, worst } = fleet
  if (worst === null) return { status: 'unknown', text: 'No device is known yet.' }
  if (worst.status === 'ok')
    return {
      status: 'ok',
      text:
        devices === 1 ? 'The device is as it should be.' : `All ${formatCount(devices)} devices are as they should be.`,
    }
  const well = byStatus.ok
  const others = devices - well - 1
  const parts = [
    sentence(worst.text),
    others > 0 && `${formatCount(others)} more ${others === 1 ? 'device needs' : 'devices need'} a look.`,
    well > 0 && `${formatCount(well)} of ${formatCount(devices)} ${well === 1 ? 'is' : 'are'} well.`,
  ]
  return { status: worst.status, text: parts.filter((part) => part !== false).join(' ') }
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
