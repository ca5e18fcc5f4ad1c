import type { DeviceVersions } from '../../../contract/device.ts'
import { absent } from '../../widgets/format.ts'

/** The version a device runs, and the one it should run where that is another or not known to run. */
export function VersionState({ versions }: { versions: DeviceVersions }) {
  const { desired, reported, isAsDesired } = versions
  if (desired === null || isAsDesired === true) return reported?.name ?? absent
  return `${reported?.name ?? 'not reported'}, should be ${desired}`
}
