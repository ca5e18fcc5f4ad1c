// One run of the retraining pipeline: trains on labelled frames, the newest and remembered ones, loads the version on the test server
// and prints what came of it as the last line. Started by the pipeline's service, or by hand and as a local command.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { RetrainingResult } from '../../contract/outcome.ts'
import { FIRST_VERSION, RELEASED_VERSION, TEST_KEY } from '../park/names.ts'
import { chooseFrames } from '../pipeline/choose-frames.ts'
import { parkFolders } from '../pipeline/folders.ts'
import { learnUntilItHolds } from '../pipeline/learn-until-it-holds.ts'
import { openRegistry } from '../pipeline/registry.ts'
import { manifestOf, trainVersion } from '../pipeline/training-run.ts'
import { loadVersion } from '../server/load-version.ts'
import { readAddresses } from './addresses.ts'

const USAGE = `usage: retrain --folder DIR [--run NAME] [--frames 4500] [--artifact-url URL] [--served VERSION]
                [--fresh 240]
Trains a new version of the pet park's classifier on labelled frames, the newest before all, until it holds on as many frames
as --fresh says that were labelled since.`

/** On frames since the training; a little more than the park's limits ask for. */
const ENOUGH_ACCURACY = 0.93
const ROUNDS = 5
const PATIENCE_MS = 15_000

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      run: { type: 'string' },
      frames: { type: 'string', default: '4500' },
      'artifact-url': { type: 'string' },
      served: { type: 'string', default: RELEASED_VERSION },
      fresh: { type: 'string', default: '240' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  if (!values.folder) throw new Error('--folder is needed')
  const count = Number(values.frames)
  if (!Number.isInteger(count) || count < 1) throw new Error(`--frames ${values.frames} is not a number of frames`)
  const wanted = Number(values.fresh)
  if (!Number.isInteger(wanted) || wanted < 1) throw new Error(`--fresh ${values.fresh} is not a number of frames`)
  const run = values.run ?? process.env.ASSAY_CORRELATION_ID ?? `run-${Date.now()}`
  if (!/^[\w.-]{1,120}$/.test(run)) throw new Error('--run may have letters, digits, dots, dashes and underscores')
  const folders = parkFolders(values.folder)
  const say = (sentence: string) => process.stdout.write(`${sentence}\n`)

  const addresses = await readAddresses(values.folder)
  const registry = await openRegistry(folders.artifacts)
  const served = (await registry.find(values.served)) ?? (await registry.find(FIRST_VERSION))
  const version = await registry.reserveNext()
  const servedBytes = served && (await readFile(served.path))
  const { onnx, lineage, frames } = await learnUntilItHolds({
    frames: () => chooseFrames(folders, count),
    train: (frames) =>
      trainVersion({ frames, run, version, served: servedBytes, onProgress: (_, sentence) => say(sentence) }),
    wanted,
    accuracy: ENOUGH_ACCURACY,
    rounds: ROUNDS,
    patienceMs: PATIENCE_MS,
    say,
  })
  const digest = await registry.add(version, onnx)
  const runFolder = join(folders.runs, run)
  await mkdir(runFolder, { recursive: true })
  await writeFile(join(runFolder, 'frames.csv'), manifestOf(frames))
  await writeFile(join(runFolder, 'lineage.json'), `${JSON.stringify({ version, digest, ...lineage }, null, 2)}\n`)
  const artifact = await registry.find(version)
  if (artifact === null) throw new Error(`${version} is not in the registry`)
  const { accuracy, servedAccuracy } = lineage.metricsAtTraining
  const comparison = servedAccuracy === undefined ? '' : `, the served one ${servedAccuracy.toFixed(3)}`
  say(`${version} has accuracy ${accuracy.toFixed(3)} on frames kept apart${comparison}`)
  await loadVersion(addresses.testServer, version, artifact.path)
  say(`The test server serves ${version}`)
  const location = values['artifact-url'] ? `${values['artifact-url']}/${version}` : pathToFileURL(artifact.path).href
  const result: RetrainingResult = {
    version,
    lineage,
    artifacts: [{ name: 'model.onnx', digest, mediaType: 'application/octet-stream', location }],
    servedBy: [TEST_KEY],
  }
  say(JSON.stringify(result))
}

process.once('disconnect', () => process.exit(1))
// Where the pipeline started it, a terminal's Ctrl+C is the pipeline's to answer.
if (process.connected) process.on('SIGINT', () => {})
main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  },
)
