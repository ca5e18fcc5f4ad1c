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
  blobs: { files: 5230, bytes: 6_240_000, reviewedBytes: 310_000, removed: 0 },
}

export const qualification: OutputOf<'qualification.get'> = {
  engine: settings.engine,
  headline: { status: 'breach', text: `engine ${settings.engine}, not qualified: 1 of 2 cases passed` },
  result: {
    ...{ engine: settings.engine, at: nowAt - dayMs, machine: 'a computer in the park' },
    ...{ passed: 1, total: 2, isQualified: false },
    cases: [
      {
        ...{ group: 'known-answer', subject: 'PSI', name: 'a half and a half against a quarter and three' },
        ...{ expected: 0.2746531, got: 0.2746531, low: 0.274653, high: 0.2746532, isPassed: true },
        source: 'closed form',
      },
      {
        ...{ group: 'coverage', subject: 't interval', name: 'mean of 30 normal values' },
        ...{ expected: 0.95, got: 0.91, low: 0.936, high: 0.964, isPassed: false },
        source: '3000 draws',
      },
    ],
  },
}
