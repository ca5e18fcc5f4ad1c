import type { OutputOf } from '../../../../contract/api.ts'
import { dayMs, nowAt } from '../park.ts'

export const settings: OutputOf<'settings.get'> = {
  settings: {
    revision: 5,
    record: {
      id: 'set_workspace',
      name: 'Pet park Barcelona',
      isDemo: true,
      logOrigin: 'assay.local/park-barcelona',
      defaults: { confidence: 0.95, alpha: 0.05, minimumGroupSize: 30, minimumN: 30 },
      notifications: { desktop: true, webhookIds: ['con_webhook'] },
      timeBounds: { maxFutureMs: 5 * 60_000, maxPastMs: 400 * dayMs },
      createdAt: nowAt - 60 * dayMs,
    },
  },
  engine: 'assay 0.1.0',
  workspacePath: '/home/park/Assay/workspace',
  databaseBytes: 27_340_000,
}
