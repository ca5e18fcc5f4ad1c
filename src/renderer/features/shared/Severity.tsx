import type { Alert } from '../../../contract/alert.ts'
import { Status } from '../../widgets/Status.tsx'

/** How grave an alert is, as shape and word before colour. */
export function Severity({ severity }: { severity: Alert['severity'] }) {
  return severity === 'critical' ? (
    <Status status="breach" label="Critical" />
  ) : (
    <Status status="warning" label="Warning" />
  )
}
