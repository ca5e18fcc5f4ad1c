import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ColumnMapping } from '../../contract/model.ts'
import { SPECIES } from '../park/breeds.ts'
import { encodePng } from '../park/png.ts'
import { FRAME_INPUT, inputsOf, PARK_SCHEMA } from '../park/sample.ts'
import { DEFAULT_STORY } from '../park/story.ts'
import { idOfVisit } from '../park/visitor.ts'
import { visitsBetween } from '../park/visits.ts'
import type { Classifier } from '../server/classifier.ts'
import type { Calendar } from './calendar.ts'
import { type SeenVisit, seeVisits } from './draw.ts'

export type DatasetRole = 'training' | 'test' | 'reference'

/** A file that the console will import, and how its columns are to be read. */
export interface DatasetFile {
  readonly role: DatasetRole
  readonly path: string
  readonly rows: number
  readonly columns: ColumnMapping[]
  /** PNG files that the rows name by digest. */
  readonly pictures: readonly string[]
}

const TEST_ROWS = 1000
const TRAINING_ROWS = 4000

/** How the columns of a dataset are read: those of the schema, then id, time, prediction, label and scores. */
export function datasetColumns(hasPictures: boolean): ColumnMapping[] {
  const declared = PARK_SCHEMA.columns.filter(({ type }) => hasPictures || type !== 'image')
  return [
    { name: 'id', role: 'id', type: 'categorical' },
    { name: 'at', role: 'time', type: 'numeric' },
    ...declared.map(({ name, type, isGroup }): ColumnMapping => ({ name, type, role: isGroup ? 'group' : 'feature' })),
    { name: 'prediction', role: 'prediction', type: 'categorical' },
    { name: 'label', role: 'label', type: 'categorical' },
    ...SPECIES.map(
      (className): ColumnMapping => ({
        name: `score_${className}`,
        role: 'score',
        type: 'numeric',
        className,
      }),
    ),
  ]
}

/**
 * Writes the datasets of the released version as JSON Lines with its own predictions, the test set with a picture for each
 * row, because it is asked through the wire.
 */
export async function writeDatasets(
  folder: string,
  calendar: Calendar,
  classifier: Classifier,
  onProgress: (sentence: string) => void,
): Promise<DatasetFile[]> {
  const pictureFolder = join(folder, 'pictures')
  await mkdir(pictureFolder, { recursive: true })
  const files: DatasetFile[] = []
  for (const role of ['training', 'test', 'reference'] as const) {
    onProgress(`Writing the ${role} dataset`)
    const { from, to } = calendar[role]
    const all = visitsBetween(from, to, DEFAULT_STORY)
    const visits = role === 'training' ? all.slice(-TRAINING_ROWS) : role === 'test' ? all.slice(0, TEST_ROWS) : all
    const seen = await seeVisits(visits, classifier)
    const pictures: string[] = []
    const lines: string[] = []
    for (const one of seen) {
      const digest = role === 'test' ? await keepPicture(pictureFolder, one) : null
      if (digest !== null) pictures.push(join(pictureFolder, `${digest}.png`))
      lines.push(JSON.stringify(rowOf(one, digest)))
    }
    const path = join(folder, `${role}.jsonl`)
    await writeFile(path, `${lines.join('\n')}\n`)
    files.push({ role, path, rows: lines.length, columns: datasetColumns(role === 'test'), pictures })
  }
  return files
}

async function keepPicture(folder: string, { frame }: SeenVisit): Promise<string> {
  const png = encodePng(frame)
  const digest = createHash('sha256').update(png).digest('hex')
  await writeFile(join(folder, `${digest}.png`), png)
  return digest
}

function rowOf({ visit, frame, probabilities, prediction }: SeenVisit, digest: string | null): object {
  return {
    id: idOfVisit(visit),
    at: visit.at,
    ...(digest !== null && { [FRAME_INPUT]: digest }),
    ...inputsOf(visit, frame),
    prediction,
    label: visit.species,
    ...Object.fromEntries(
      SPECIES.map((name, index) => [`score_${name}`, Math.round(probabilities[index] * 1e4) / 1e4]),
    ),
  }
}
