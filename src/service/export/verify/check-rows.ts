import { canonicalText } from '../../proof/canonical.ts'
import { sha256Hex } from '../../proof/digest.ts'
import type { Evidence } from '../../releases/evidence/shape.ts'
import { cellAt } from '../../releases/measure/test-set.ts'
import { runOf } from '../report/release-section.ts'
import { names } from '../shape.ts'
import type { ExportContent } from './content.ts'
import { skipped, type Verdict, verdictOf } from './verdict.ts'

type Problem = { message: string; file: string }

/** Runs whose evidence should be in the file: the ones that stand for their release. */
export const shownRuns = ({ records }: Pick<ExportContent, 'records'>) =>
  records.release.flatMap(({ record }) => {
    const run = runOf(record, { records })
    return run === null || run.evidenceDigest === null ? [] : [{ release: record, run }]
  })

/** Plans lie in the file as they were run. */
export function checkPlans({ records, bytesOf }: ExportContent): Verdict {
  const problems: Problem[] = []
  for (const { record: run } of records.testRun) {
    const file = names.plan(run.planId, run.planRevision)
    if (sha256Hex(bytesOf(file)) !== run.planDigest)
      problems.push({ message: `${file} is not the plan of the run ${run.id}`, file })
  }
  return verdictOf(problems, `${records.testRun.length} test runs name the plans in the file`)
}

/** The evidence is of this run, and its rows are those of the test set, label for label. */
function objectionsToEvidence(evidence: Evidence, runId: string, content: ExportContent): string[] {
  const run = content.records.testRun.find(({ record }) => record.id === runId)?.record
  const { header, rows } = evidence
  if (run === undefined) return ['its test run is not in the export']
  const found: string[] = []
  if (header.runId !== run.id || header.releaseId !== run.releaseId) found.push('it is of another run')
  if (header.planDigest !== run.planDigest || header.datasetDigest !== run.datasetDigest)
    found.push('it was made by another plan or on another test set')
  if (header.candidate.versionId !== run.versionId || header.candidate.deploymentId !== run.deploymentId)
    found.push('it is of another version or deployment')
  const version = content.records.version.find(({ record }) => record.id === run.versionId)?.record
  if (version === undefined || canonicalText(version.schema) !== canonicalText(header.schema))
    found.push('it was made for another schema than that of the version')
  const file = names.dataset(run.datasetDigest)
  if (!content.files.has(file)) return found
  const { digest, table } = content.tableOf(file)
  if (digest !== run.datasetDigest) return [...found, 'the test set in the file is another one']
  const columns = [...table.columns]
  const isSameShape =
    rows.length === table.n &&
    header.columns.length === columns.length &&
    header.columns.every(({ name }, place) => columns[place][0] === name)
  const isRegression = header.schema.task === 'regression'
  const differing = isSameShape
    ? rows.find(({ row, values, label }) => {
        const truth = table.label === null ? null : cellAt(table.label, row)
        const expected = truth === null || isRegression ? truth : String(truth)
        return label !== expected || values.some((cell, place) => cell !== cellAt(columns[place][1], row))
      })
    : undefined
  if (!isSameShape) found.push('it has other rows or columns than the test set')
  else if (differing !== undefined) found.push(`row ${differing.row + 1} is not that of the test set`)
  return found
}

export function checkEvidence(content: ExportContent): Verdict {
  const runs = shownRuns(content)
  if (runs.length === 0) return skipped('No release in this export has been tested')
  const problems: Problem[] = []
  let compared = 0
  for (const { run } of runs) {
    const file = names.evidence(run.id)
    const { digest, evidence } = content.evidenceOf(run.id)
    if (digest !== run.evidenceDigest) problems.push({ message: `${file} is not the evidence of its run`, file })
    for (const objection of objectionsToEvidence(evidence, run.id, content))
      problems.push({ message: `${file}: ${objection}`, file })
    if (content.files.has(names.dataset(run.datasetDigest))) compared += 1
  }
  return verdictOf(
    problems,
    `The evidence of ${runs.length} test runs is what was recorded; of ${compared} every row was compared with the test set`,
  )
}

/** Tables of monitored samples are the ones described, and within their windows. */
export function checkSamples(content: ExportContent): Verdict {
  if (content.samples.length === 0) return skipped('No monitored samples of these versions are in the file')
  const problems: Problem[] = []
  for (const { file, digest, rows, window } of content.samples) {
    const read = content.tableOf(file)
    const isInside = read.table.at?.every((at) => at >= window.from && at < window.to) ?? false
    if (read.digest !== digest || read.table.n !== rows || !isInside)
      problems.push({ message: `${file} does not hold the samples that ${names.samples} describes`, file })
  }
  const count = content.samples.reduce((sum, { rows }) => sum + rows, 0)
  return verdictOf(problems, `${count} monitored samples are in the file`)
}
