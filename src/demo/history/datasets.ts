import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ColumnMapping } from '../../contract/model.ts'
import { SPECIES } from '../park/breeds.ts'
import { drawFrame, type Frame } from '../park/frame.ts'
import { encodePng } from '../park/png.ts'
import { FRAME_INPUT, inputsOf, PARK_SCHEMA } from '../park/sample.ts'
import { DEFAULT_STORY } from '../park/story.ts'
import { idOfVisit } from '../park/visitor.ts'
import { type Visit, visitsBetween } from '../park/visits.ts'
import type { Classifier } from '../server/classifier.ts'
import type { Calendar } from './calendar.ts'
import { type SeenVisit, seeVisits } from './draw.ts'

export type DatasetRole = 'training' | 'test' | 'reference'

/** A file that the console will import, and how its columns are to be read. */
export interface DatasetFile {
  readonly role: DatasetRole
  readonly name: string
  /** The version whose predictions it holds; null where it is for all. */
  readonly version: string | null
  readonly path: string
  readonly columns: ColumnMapping[]
  /** PNG files that the rows name by digest. */
  readonly pictures: readonly string[]
}

const TEST_ROWS = 1000
const TRAINING_ROWS = 4000

/** How the columns of a dataset are read: id, time, those of the schema, label, and of predictions where it has them. */
function columnsOf(has: { readonly pictures: boolean; readonly predictions: boolean }): ColumnMapping[] {
  const declared = PARK_SCHEMA.columns.filter(({ type }) => has.pictures || type !== 'image')
  const predicted: ColumnMapping[] = [
    { name: 'prediction', role: 'prediction', type: 'categorical' },
    ...SPECIES.map((name): ColumnMapping => {
      return { name: `score_${name}`, role: 'score', type: 'numeric', className: name }
    }),
  ]
  return [
    { name: 'id', role: 'id', type: 'categorical' },
    { name: 'at', role: 'time', type: 'numeric' },
    ...declared.map(({ name, type, isGroup }): ColumnMapping => ({ name, type, role: isGroup ? 'group' : 'feature' })),
    { name: 'label', role: 'label', type: 'categorical' },
    ...(has.predictions ? predicted : []),
  ]
}

/**
 * Writes the datasets as JSON Lines: the training set; the test set with a picture for each row, because it is asked through
 * the wire; a reference for each version with its own predictions.
 */
export async function writeDatasets(
  folder: string,
  calendar: Calendar,
  classifiers: readonly Classifier[],
  onProgress: (sentence: string) => void,
): Promise<DatasetFile[]> {
  const pictureFolder = join(folder, 'pictures')
  await mkdir(pictureFolder, { recursive: true })
  const visitsOf = (role: DatasetRole) => visitsBetween(calendar[role].from, calendar[role].to, DEFAULT_STORY)
  const day = new Date(calendar.reference.from).toISOString().slice(0, 10)

  async function write(file: Pick<DatasetFile, 'role' | 'name' | 'version'>, rows: readonly Row[]) {
    onProgress(`Writing ${file.name}`)
    const path = join(folder, `${file.role}${file.version === null ? '' : `-${file.version}`}.jsonl`)
    const pictures = rows.flatMap(({ picture }) => (picture === null ? [] : [join(pictureFolder, `${picture}.png`)]))
    await writeFile(path, `${rows.map(({ line }) => JSON.stringify(line)).join('\n')}\n`)
    const columns = columnsOf({ pictures: pictures.length > 0, predictions: file.version !== null })
    return { ...file, path, columns, pictures }
  }

  const training = visitsOf('training').slice(-TRAINING_ROWS).map(drawnRow)
  const files = [await write({ role: 'training', name: `Training frames until ${day}`, version: null }, training)]
  const test: Row[] = []
  for (const visit of visitsOf('test').slice(0, TEST_ROWS)) {
    const frame = drawFrame(visit)
    const picture = await keepPicture(pictureFolder, frame)
    test.push({ line: { ...lineOf(visit, frame), [FRAME_INPUT]: picture }, picture })
  }
  files.push(await write({ role: 'test', name: `Test set of ${day}`, version: null }, test))
  for (const classifier of classifiers) {
    const seen = await seeVisits(visitsOf('reference'), classifier)
    const { version } = classifier
    files.push(await write({ role: 'reference', name: `Reference of ${version}`, version }, seen.map(seenRow)))
  }
  return files
}

interface Row {
  readonly line: Record<string, unknown>
  /** Digest of its picture, where it has one. */
  readonly picture: string | null
}

const lineOf = (visit: Visit, frame: Frame) => ({
  id: idOfVisit(visit),
  at: visit.at,
  ...inputsOf(visit, frame),
  label: visit.species,
})

const drawnRow = (visit: Visit): Row => ({ line: lineOf(visit, drawFrame(visit)), picture: null })

function seenRow({ visit, frame, probabilities, prediction }: SeenVisit): Row {
  const scores = SPECIES.map((name, index) => [`score_${name}`, Math.round(probabilities[index] * 1e4) / 1e4])
  return { line: { ...lineOf(visit, frame), prediction, ...Object.fromEntries(scores) }, picture: null }
}

async function keepPicture(folder: string, frame: Frame): Promise<string> {
  const png = encodePng(frame)
  const digest = createHash('sha256').update(png).digest('hex')
  await writeFile(join(folder, `${digest}.png`), png)
  return digest
}
