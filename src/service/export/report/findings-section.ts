import { sayEstimate, sayInstant, sayNumber, sayShare } from '../../../analysis/wording.ts'
import { describeQualification } from '../../../contract/qualification.ts'
import type { Release } from '../../../contract/release.ts'
import type { DetailOf } from '../../../contract/report.ts'
import { formatCount } from '../../../rules/format.ts'
import type { ExportedAnalysis } from '../shape.ts'
import { type Block, drawsParts, heading, type ReportData, table, text } from './document.ts'
import { toned } from './parts/blocks.ts'
import { detailParts } from './parts/detail-parts.ts'
import { singleExplanations } from './parts/single-explanations.ts'
import type { Names } from './release-section.ts'

function performanceTable({ metrics, labelled, total }: DetailOf<'performance'>): Block[] {
  return [
    text(`${formatCount(labelled)} of ${formatCount(total)} rows are labelled.`),
    table(
      [
        ['Metric', 40],
        ['Value with interval', 40],
        ['n', 20],
      ],
      Object.entries(metrics).map(([name, estimate]) => [name, sayEstimate(estimate), formatCount(estimate.n)]),
      'No metric could be computed.',
    ),
  ]
}

function fairnessTables({ groups, measures }: DetailOf<'fairness'>): Block[] {
  return [
    table(
      [
        ['Group', 30],
        ['n', 12],
        ['Selected', 20],
        ['Accuracy', 20],
        ['True positives', 18],
      ],
      groups.map(({ group, n, selectionRate, accuracy, truePositiveRate }) => [
        Object.entries(group)
          .map(([name, value]) => `${name} ${value}`)
          .join(', '),
        formatCount(n),
        sayEstimate(selectionRate),
        sayEstimate(accuracy),
        sayEstimate(truePositiveRate),
      ]),
      'There are no groups.',
    ),
    table(
      [
        ['Measure', 60],
        ['Value with interval', 40],
      ],
      Object.entries(measures).map(([name, estimate]) => [name, estimate.note ?? sayEstimate(estimate)]),
      'No measure could be computed.',
    ),
  ]
}

function sliceTable({ overall, worst }: DetailOf<'errors'>): Block[] {
  return [
    text(`Error rate over all rows: ${sayEstimate(overall, sayShare)}.`),
    table(
      [
        ['Slice', 45],
        ['Error rate there', 22],
        ['Elsewhere', 18],
        ['Confirmed', 15],
      ],
      worst.map(({ description, errorRate, rest, isConfirmed }) => [
        description,
        sayEstimate(errorRate, sayShare),
        sayEstimate({ ...rest, interval: null }, sayShare),
        isConfirmed ? 'yes' : 'no',
      ]),
      'No slice stands out.',
    ),
  ]
}

function driftTable({ features }: DetailOf<'drift'>): Block[] {
  return [
    table(
      [
        ['Column', 24],
        ['Verdict', 14],
        ['Effect', 30],
        ['Adjusted p', 14],
        ['n', 18],
      ],
      features.map(({ name, n, verdict }) => [
        name,
        toned(verdict.status),
        `${verdict.effect.measure} ${verdict.effect.value === null ? 'none' : sayNumber(verdict.effect.value)}, from ${sayNumber(verdict.effect.threshold)}`,
        verdict.adjustedPValue === null ? '' : sayNumber(verdict.adjustedPValue),
        `${formatCount(n.current)} / ${formatCount(n.reference)}`,
      ]),
      'There is nothing to compare.',
    ),
  ]
}

function detailBlocks({ detail }: ExportedAnalysis['answer']): Block[] {
  switch (detail.kind) {
    case 'performance':
      return performanceTable(detail)
    case 'fairness':
      return fairnessTables(detail)
    case 'errors':
      return sliceTable(detail)
    case 'drift':
      return driftTable(detail)
    default:
      return []
  }
}

/** What the engine found in the rows that lie in this file. */
export function analysisBlocks(release: Release, data: ReportData): Block[] {
  const { analyses } = data
  const own = analyses.filter(({ releaseId }) => releaseId === release.id)
  if (own.length === 0) return []
  return [
    heading(2, 'Findings on the rows in this file'),
    ...own.flatMap(({ about, answer }) => [
      heading(3, about),
      text(`${answer.headline.text}.`),
      ...detailBlocks(answer),
      ...(drawsParts(data) ? detailParts(answer.detail) : []),
    ]),
  ]
}

const joined = (...parts: (string | null)[]): string => parts.filter((part) => part !== null && part !== '').join('; ')

function alertTable(alerts: ReportData['records']['alert'], names: Names): Block {
  return table(
    [
      ['Opened', 20],
      ['Alert', 40],
      ['State', 14],
      ['Resolution', 26],
    ],
    alerts.map(({ record: { openedAt, title, message, state, resolution } }) => [
      sayInstant(openedAt),
      `${title}. ${message}`,
      state,
      resolution === null
        ? ''
        : `${resolution.how}, ${resolution.userId === null ? 'by itself' : names.person(resolution.userId)}: ${resolution.reason}`,
    ]),
    'There were no alerts.',
  )
}

function actionTable(actions: ReportData['records']['action'], names: Names): Block {
  return table(
    [
      ['Requested', 20],
      ['Action', 14],
      ['By', 18],
      ['Outcome', 14],
      ['Why, and what came of it', 34],
    ],
    actions.map(({ record: { requestedAt, kind, requestedBy, state, reason, problem, recovery } }) => [
      sayInstant(requestedAt),
      kind,
      requestedBy === null ? 'the console' : names.person(requestedBy),
      state,
      joined(reason, problem, recovery === null ? null : `the number: ${recovery.verdict}`),
    ]),
    'No action was taken.',
  )
}

const nameOfKind = (kind: string) => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`

/** The parts of one answer of monitoring, under its headline and the stamp of the engine that gave it; nothing where it has none. */
function watchedParts({ at, report }: ReportData['reports'][number]): Block[] {
  const { kind, headline, detail, engine, qualification } = report
  const parts = detailParts(detail)
  if (parts.length === 0) return []
  return [
    heading(2, `${nameOfKind(kind)} in production, as of ${sayInstant(at)}`),
    text(
      `${headline.text}.${qualification === undefined ? ` Engine ${engine}.` : ` ${nameOfKind(describeQualification(engine, qualification))}.`}`,
    ),
    ...parts,
  ]
}

/** What monitoring last said of the deployment and its device, and what came of it. */
export function monitoringBlocks(release: Release, data: ReportData, names: Names): Block[] {
  const { records, reports } = data
  const deployment = records.deployment.find(({ record }) => record.id === release.productionDeploymentId)?.record
  const targets = new Set<string>([release.productionDeploymentId])
  if (deployment?.deviceId != null) targets.add(deployment.deviceId)
  const alerts = records.alert.filter(({ record }) => targets.has(record.target.id))
  const actionIds = new Set([...release.actionIds, ...alerts.flatMap(({ record }) => record.actionIds)])
  return [
    heading(2, 'Monitoring of production'),
    table(
      [
        ['Question', 14],
        ['Window', 30],
        ['Status', 14],
        ['Answer', 42],
      ],
      reports
        .filter(({ report }) => targets.has(report.target.id))
        .map(({ report }) => [
          report.kind,
          `${sayInstant(report.window.from)} to ${sayInstant(report.window.to)}`,
          toned(report.headline.status),
          report.headline.text,
        ]),
      'Monitoring has not reported yet.',
    ),
    ...(drawsParts(data) ? reports.filter(({ report }) => targets.has(report.target.id)).flatMap(watchedParts) : []),
    ...(drawsParts(data)
      ? singleExplanations(
          records.explanation.flatMap(({ record }) => (targets.has(record.deploymentId) ? [record] : [])),
          names,
        )
      : []),
    heading(2, 'Alerts'),
    alertTable(alerts, names),
    heading(2, 'Actions'),
    actionTable(
      records.action.filter(({ record }) => actionIds.has(record.id)),
      names,
    ),
    heading(2, 'What ran when'),
    table(
      [
        ['From', 25],
        ['Version', 25],
        ['Why', 50],
      ],
      (deployment?.history ?? []).map(({ from, versionId, reason }) => [
        sayInstant(from),
        names.version(versionId),
        reason,
      ]),
      'The deployment has no history.',
    ),
  ]
}
