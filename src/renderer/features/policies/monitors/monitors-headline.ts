import type { Headline } from '../../../../contract/primitives.ts'
import type { MonitorRow } from './MonitorsPage.tsx'

/** Whether the asking itself works. */
export function monitorsHeadline(rows: readonly MonitorRow[]): Headline {
  const enabled = rows.filter(({ record }) => record.isEnabled)
  const failing = enabled.filter(({ lastProblem }) => lastProblem !== null)
  const count = (n: number) => `${n} ${n === 1 ? 'monitor' : 'monitors'}`
  if (rows.length === 0) return { status: 'unknown', text: 'Nothing is asked yet.' }
  if (failing.length > 0) {
    const [first] = failing
    return {
      status: 'warning',
      text: `${failing.length} of ${count(enabled.length)} could not be answered. ${first.record.name}: ${first.lastProblem}`,
    }
  }
  const off = rows.length - enabled.length
  return {
    status: 'ok',
    text: `${count(enabled.length)} ${enabled.length === 1 ? 'asks' : 'ask'} as planned${off === 0 ? '' : `; ${off} switched off`}.`,
  }
}
