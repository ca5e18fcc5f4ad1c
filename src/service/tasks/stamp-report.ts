import { qualificationStamp } from '../../contract/qualification.ts'
import type { Report } from '../../contract/report.ts'
import type { Store } from '../../store/store.ts'

/** The report with the stamp of the engine's last examination in this workspace, where there was one of this engine. */
export async function stampReport(store: Pick<Store, 'records'>, report: Report): Promise<Report> {
  const settings = await store.records.get('settings', 'set_workspace')
  const known = settings?.record.qualification
  if (known === undefined || known.engine !== report.engine) return report
  const { digest: _, ...stamp } = known
  return { ...report, qualification: qualificationStamp.parse(stamp) }
}
