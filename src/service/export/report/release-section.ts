import { sayEstimate, sayInstant, sayNumber } from '../../../analysis/wording.ts'
import type { Version } from '../../../contract/model.ts'
import type { Certificate, GateResult, Release, Signature, TestRun } from '../../../contract/release.ts'
import { formatCount } from '../../../rules/format.ts'
import {
  type Block,
  drawsParts,
  facts,
  type Hallmark,
  heading,
  type ReportData,
  shortDigest,
  type Tone,
  table,
  text,
} from './document.ts'
import { comparisonPart } from './parts/comparison-part.ts'

/** Looks records up by id, with words for what is not in the file. */
export function createNames({ records }: ReportData) {
  const nameOf = (list: readonly { readonly record: { readonly id: string; readonly name: string } }[]) => {
    const byId = new Map(list.map(({ record }) => [record.id, record.name]))
    return (id: string | null) => (id === null ? 'nobody' : (byId.get(id) ?? id))
  }
  return {
    person: nameOf(records.user),
    model: nameOf(records.model),
    version: nameOf(records.version),
    deployment: nameOf(records.deployment),
    plan: nameOf(records.testPlan),
  }
}
export type Names = ReturnType<typeof createNames>

const tones: Record<GateResult['outcome'], Tone> = {
  passed: 'good',
  failed: 'bad',
  insufficient: 'unsure',
  error: 'unsure',
}
const stateWords: Partial<Record<Release['state'], string>> = { 'rolled-back': 'rolled back', testing: 'being tested' }

const saySignature = ({ userName, meaning, reason, at, keyId }: Signature): string =>
  `${userName}, ${sayInstant(at)}, meaning: ${meaning}. Reason: ${reason}. Key ${shortDigest(keyId)}`

/** What the stamp of a release says. */
export function hallmarkOf(release: Release, certificate: Certificate | null, names: Names): Hallmark {
  const what = `${names.model(release.modelId)} ${names.version(release.versionId)}`
  if (certificate === null) return { status: 'open', word: 'not certified', lines: [what, `State: ${release.state}`] }
  const { decision, signer, validUntil } = certificate.predicate
  return {
    status: decision,
    word: decision,
    lines: [
      what,
      `by ${signer.userName}, ${sayInstant(signer.at)}`,
      ...(decision === 'certified' ? [`valid until ${sayInstant(validUntil)}`] : []),
      `certificate ${certificate.id}, key ${shortDigest(signer.keyId)}`,
    ],
  }
}

function decisionTable(release: Release, names: Names): Block {
  return table(
    [
      ['When', 20],
      ['Who', 18],
      ['State', 16],
      ['Why', 46],
    ],
    release.history.map(({ at, userId, state, reason }) => [
      sayInstant(at),
      userId === null ? 'the console' : names.person(userId),
      stateWords[state] ?? state,
      reason,
    ]),
    'Nothing has been decided yet.',
  )
}

function gateTable({ gates }: TestRun): Block {
  return table(
    [
      ['Gate', 20],
      ['Outcome', 11],
      ['Measured', 17],
      ['Limit', 13],
      ['Production', 13],
      ['In words', 26],
    ],
    gates.map((gate) => [
      gate.title,
      { text: gate.outcome, tone: tones[gate.outcome] },
      `${sayEstimate(gate.measured)}${gate.unit === '' ? '' : ` ${gate.unit}`}, n ${formatCount(gate.measured.n)}`,
      gate.limit === null ? '' : `${gate.direction === 'at-least' ? 'at least' : 'at most'} ${sayNumber(gate.limit)}`,
      gate.production === null ? '' : sayEstimate(gate.production),
      gate.message,
    ]),
    'The run has no gates.',
  )
}

function envelopeTable(certificate: Certificate): Block {
  return table(
    [
      ['Input', 40],
      ['Certified for', 60],
    ],
    Object.entries(certificate.predicate.operatingEnvelope).map(([name, { range, categories }]) => [
      name,
      range !== null
        ? `${sayNumber(range[0])} to ${sayNumber(range[1])}`
        : (categories ?? []).slice(0, 50).join(', ') || 'any',
    ]),
    'The version declares no ranges: the certificate names no operating envelope.',
  )
}

function lineageBlocks(version: Version, names: Names): Block[] {
  const { lineage } = version
  return [
    heading(2, 'Lineage'),
    facts(
      ['Version', `${names.model(version.modelId)} ${version.name}, registered ${sayInstant(version.createdAt)}`],
      ['Source', lineage.sourceRepository],
      ['Commit', lineage.sourceCommit],
      ['Pipeline run', lineage.pipelineRun],
      ['Parameters', JSON.stringify(lineage.parameters)],
      ['Training data', lineage.trainingDatasetDigest],
      ['Test data', lineage.testDatasetDigest],
      ['Reference data', lineage.referenceDatasetDigest],
      ['Metrics at training', JSON.stringify(lineage.metricsAtTraining)],
    ),
    table(
      [
        ['Artifact', 30],
        ['SHA-256', 55],
        ['Bytes', 15],
      ],
      version.artifacts.map(({ name, digest, bytes }) => [name, digest, formatCount(bytes)]),
      'The version has no artifacts in the workspace.',
    ),
  ]
}

function runBlocks(run: TestRun, data: ReportData, names: Names): Block[] {
  const { records } = data
  const dataset = records.dataset.find(({ record }) => record.digest === run.datasetDigest)?.record
  return [
    heading(2, 'Application tests'),
    facts(
      ['Test run', `${run.id}, ${run.state}, started ${sayInstant(run.startedAt)} by ${names.person(run.startedBy)}`],
      ['Against', `${names.deployment(run.deploymentId)} at ${run.endpointUrl}`],
      ['Plan', `${names.plan(run.planId)}, revision ${run.planRevision}, SHA-256 ${run.planDigest}`],
      ['Evidence', run.evidenceDigest],
      ['Engine', run.engine],
    ),
    ...(run.problem === null ? [] : [text(run.problem)]),
    gateTable(run),
    ...(drawsParts(data) ? comparisonPart(run.gates) : []),
    heading(2, 'Test set'),
    dataset === undefined
      ? facts(['SHA-256', run.datasetDigest])
      : facts(
          ['Name', dataset.name],
          ['Rows', formatCount(dataset.rows)],
          ['SHA-256', dataset.digest],
          ['Columns', dataset.columns.map(({ name, role }) => `${name} (${role})`).join(', ')],
        ),
  ]
}

export const certificateOf = (release: Release, { records }: Pick<ReportData, 'records'>): Certificate | null =>
  records.certificate.find(({ record }) => record.id === release.certificateId)?.record ?? null

/** The run that stands for a release: the certificate's, else the newest. */
export function runOf(release: Release, data: Pick<ReportData, 'records'>): TestRun | null {
  const id = certificateOf(release, data)?.predicate.testRun.id ?? release.testRunIds.at(-1)
  return data.records.testRun.find(({ record }) => record.id === id)?.record ?? null
}

/** One release: what it is, who decided what when, on which tests (`before` the findings), and from where it came (`after`). */
export function releaseBlocks(release: Release, data: ReportData, names: Names): { before: Block[]; after: Block[] } {
  const certificate = certificateOf(release, data)
  const version = data.records.version.find(({ record }) => record.id === release.versionId)?.record
  const run = runOf(release, data)
  const before: Block[] = [
    heading(1, `${names.model(release.modelId)} ${names.version(release.versionId)}`),
    facts(
      ['Release', release.id],
      ['State', stateWords[release.state] ?? release.state],
      ['Takes the place of', release.fromVersionId === null ? 'nothing' : names.version(release.fromVersionId)],
      ['Production', names.deployment(release.productionDeploymentId)],
      ['Submitted by', `${names.person(release.submittedBy)}: ${release.reason}`],
      ['Certification', release.certification === null ? 'none' : saySignature(release.certification)],
      ['Approval', release.approval === null ? 'none' : saySignature(release.approval)],
    ),
    heading(2, 'Who decided what, and when'),
    decisionTable(release, names),
    ...(run === null ? [] : runBlocks(run, data, names)),
  ]
  const after: Block[] = [
    ...(certificate === null ? [] : [heading(2, 'Operating envelope'), envelopeTable(certificate)]),
    ...(version === undefined ? [] : lineageBlocks(version, names)),
  ]
  return { before, after }
}
