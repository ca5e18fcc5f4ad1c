import type { ReportDetail } from '../../../../contract/report.ts'
import type { Block } from '../document.ts'
import { deviceReport } from './device-parts.ts'
import { driftParts } from './drift-parts.ts'
import { errorParts } from './error-parts.ts'
import { explanationReport } from './explanation-parts.ts'
import { fairnessParts } from './fairness-parts.ts'
import { performanceParts } from './performance-parts.ts'

/** What an answer holds beyond its leading tables, each part where it is there; nothing for an answer without any. */
export function detailParts(detail: ReportDetail): Block[] {
  switch (detail.kind) {
    case 'drift':
      return driftParts(detail)
    case 'performance':
      return performanceParts(detail)
    case 'fairness':
      return fairnessParts(detail)
    case 'errors':
      return errorParts(detail)
    case 'explanation':
      return explanationReport(detail)
    case 'device':
      return deviceReport(detail)
    default:
      return []
  }
}
