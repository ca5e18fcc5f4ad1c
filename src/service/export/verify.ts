import { readFile, stat } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { maxContainerBytes } from './container.ts'
import { readContainer } from './read-container.ts'
import { buildReport } from './report/build-report.ts'
import { knownWriters } from './report/document.ts'
import { renderHtml } from './report/html.ts'
import { type Manifest, names } from './shape.ts'
import { checkContainer, checkFiles, checkManifest, checkSigner } from './verify/check-archive.ts'
import { checkCheckpoints, checkEntries, checkRecords } from './verify/check-log.ts'
import { checkQualification } from './verify/check-qualification.ts'
import { checkEvidence, checkPlans, checkSamples } from './verify/check-rows.ts'
import { checkApprovals, checkCertificates, checkDuties } from './verify/check-signatures.ts'
import { type ExportContent, readContent } from './verify/content.ts'
import { checkRecomputed, type Recomputation, recompute } from './verify/recompute.ts'
import { ExportFault, failed, passed, skipped, type Verdict, type VerifyStep } from './verify/verdict.ts'

export type { StepOutcome, VerifyStep } from './verify/verdict.ts'

export interface VerifiedExport {
  /** True when no step failed. A skipped step says why it could not be done. */
  readonly isValid: boolean
  readonly steps: readonly VerifyStep[]
  /** What the export says of itself; null when its signature does not hold. */
  readonly manifest: Manifest | null
}

export interface VerifyOptions {
  /** Told of each step once it is done. */
  readonly onStep?: (step: VerifyStep) => void
  /** Keys of workspaces that the reader trusts, as PEM or key id. */
  readonly trustedKeys?: readonly string[]
  /** Cap on what a packed file may unpack to; 512 MiB when not given. */
  readonly maxUnpackedBytes?: number
}

/** Checks that need the content, in the order in which a reader wants to hear of them. */
const contentSteps: readonly (readonly [name: string, check: (content: ExportContent) => Verdict])[] = [
  ['log entries', checkEntries],
  ['log checkpoints', checkCheckpoints],
  ['records', checkRecords],
  ['certificates', checkCertificates],
  ['approvals', checkApprovals],
  ['separation of duties', checkDuties],
  ['test plans', checkPlans],
  ['evidence', checkEvidence],
  ['monitored samples', checkSamples],
]

const numberSteps = [
  ['performance', { gates: ['metric'], analyses: ['performance'] }, 'No rows with labels are in the file'],
  ['fairness', { gates: ['fairness'], analyses: ['fairness'] }, 'No groups are declared'],
  ['worst slices', { gates: ['worst-slice'], analyses: ['errors'] }, 'No rows with labels are in the file'],
  ['drift', { gates: [], analyses: ['drift'] }, 'No rows to compare with a reference are in the file'],
  [
    'behaviour',
    { gates: ['determinism', 'perturbation', 'missing-inputs'], analyses: [] },
    'The plans ask for no behaviour',
  ],
  ['latency', { gates: ['latency'], analyses: [] }, 'The plans ask for no load'],
] as const satisfies readonly (readonly [string, Parameters<typeof checkRecomputed>[1], string])[]

/** The report for people says what the data say, because it can be written again from them. */
function checkReport({ manifest, records, analyses, reports, entries, bytesOf }: ExportContent): Verdict {
  const { files: _, ...facts } = manifest
  const again = renderHtml(buildReport({ manifest: facts, records, analyses, reports, entries }))
  if (Buffer.from(bytesOf(names.html)).equals(Buffer.from(again, 'utf8')))
    return passed(`${names.html} says what the data say: written again from them it is the same`)
  return knownWriters.includes(manifest.writer)
    ? failed(`${names.html} says something else than the data beside it`, names.html)
    : skipped(`${names.html} was written by ${manifest.writer}, which is not here to write it again`)
}

const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500)

/** Messages quote what stands in a file that may be hostile: nothing in them may steer a terminal. */
const printable = (words: string): string =>
  [...words.toWellFormed()].map((character) => (/\p{C}/u.test(character) ? '\ufffd' : character)).join('')

/** Runs a check; whatever it throws on is a fault of the file. */
function guard<T>(work: () => T): T | Verdict {
  try {
    return work()
  } catch (error) {
    return error instanceof ExportFault ? failed(error.message, ...error.files) : failed(sentence(error))
  }
}
const isVerdict = (value: unknown): value is Verdict =>
  typeof value === 'object' && value !== null && 'outcome' in value && 'message' in value

async function readBounded(path: string): Promise<Uint8Array | Verdict> {
  try {
    const { size } = await stat(path)
    if (size > maxContainerBytes) return failed(`The file is larger than ${maxContainerBytes / 2 ** 20} MiB`)
    return await readFile(path)
  } catch (error) {
    return failed(`The file cannot be read: ${sentence(error)}`)
  }
}

/**
 * Checks an audit export, offline and without a workspace: every byte of the archive, the signature over the manifest, every digest,
 * the log with its proofs, certificates, approvals, separation of duties, and every number computed again from the rows in
 * the file. Never throws for what is in the file; a hostile one costs a bounded amount of memory and is answered like any other.
 */
export async function verifyExport(path: string, options: VerifyOptions = {}): Promise<VerifiedExport> {
  const steps: VerifyStep[] = []
  let manifest: Manifest | null = null
  const add = async (name: string, verdict: Verdict) => {
    const step = { name, ...verdict, message: printable(verdict.message), files: verdict.files.map(printable) }
    steps.push(step)
    options.onStep?.(step)
    await nextTurn()
    return verdict.outcome !== 'failed'
  }
  const done = (): VerifiedExport => ({
    isValid: steps.every(({ outcome }) => outcome !== 'failed'),
    steps,
    manifest,
  })

  const bytes = await readBounded(path)
  if (isVerdict(bytes)) {
    await add('archive', bytes)
    return done()
  }
  const container = readContainer(bytes)
  const isWhole = await add('archive', checkContainer(container.files, container.faults))
  if (container.files.length === 0) return done()
  const files = new Map(container.files.map((file) => [file.name, file.bytes]))
  const signed = checkManifest(files)
  manifest = signed.manifest
  const isSigned = await add('signature', signed.verdict)
  if (manifest === null) return done()
  const listed = manifest
  await add(
    'trust',
    guard(() => checkSigner(listed, options.trustedKeys ?? [])),
  )
  const isUnchanged = await add('digests', checkFiles(files, listed))
  // What the contents say is of no interest once somebody has been at them.
  if (!isWhole || !isSigned || !isUnchanged) return done()

  const content = guard(() => readContent(files, listed, options.maxUnpackedBytes))
  if (isVerdict(content)) {
    await add('contents', content)
    return done()
  }
  for (const [name, check] of contentSteps)
    await add(
      name,
      guard(() => check(content)),
    )
  const qualification = guard(() => checkQualification(content))
  if (qualification !== null) await add('engine qualification', qualification)
  const recomputed: Recomputation | Verdict = guard(() => recompute(content))
  for (const [name, kinds, nothing] of numberSteps)
    await add(name, isVerdict(recomputed) ? recomputed : checkRecomputed(recomputed, kinds, nothing))
  await add(
    'report',
    guard(() => checkReport(content)),
  )
  return done()
}
