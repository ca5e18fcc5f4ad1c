import { type BlobMeasure, isBlobKind, measuresOf } from './blob.ts'
import type { ColumnSpec, SchemaSpec } from './model.ts'

/** How a measure is declared as a column: its unit, and the range in which it lies by definition. */
const facts: Partial<Record<BlobMeasure, { readonly unit?: string; readonly range?: [number, number] }>> = {
  brightness: { range: [0, 255] },
  contrast: { range: [0, 127.5] },
  hue: { unit: '°', range: [-180, 180] },
  saturation: { range: [0, 1] },
  width: { unit: 'px' },
  height: { unit: 'px' },
  unknownShare: { range: [0, 1] },
  mixedShare: { range: [0, 1] },
  foreignShare: { range: [0, 1] },
  seconds: { unit: 's' },
  level: { unit: 'dB' },
  peak: { unit: 'dB' },
  clippedShare: { range: [0, 1] },
  centroid: { unit: 'Hz' },
  sampleRate: { unit: 'Hz' },
  distance: { range: [0, 2] },
}
/** Not defined for every blob: a grey picture has no hue. Their absence is no fault. */
const partial: ReadonlySet<BlobMeasure> = new Set([
  'sharpness',
  'hue',
  'unknownShare',
  'mixedShare',
  'foreignShare',
  'centroid',
  'distance',
])

function measuresFor({ type, blob = {} }: ColumnSpec): readonly BlobMeasure[] {
  if (!isBlobKind(type)) return []
  const all: readonly BlobMeasure[] = measuresOf[type]
  if (blob.descriptors !== undefined) return all.filter((measure) => blob.descriptors?.includes(measure))
  const lacks = { unknownShare: !blob.vocabulary?.length, foreignShare: !blob.scripts?.length, distance: !blob.center }
  return all.filter((measure) => !(measure in lacks && lacks[measure as keyof typeof lacks]))
}

/** The columns that a column of blobs brings with it: one a measure. */
export const columnsDerivedFrom = (column: ColumnSpec): ColumnSpec[] =>
  measuresFor(column).map((measure) => ({
    name: `${column.name}.${measure}`.slice(-100),
    type: measure === 'script' ? 'categorical' : 'numeric',
    role: 'descriptor',
    isGroup: false,
    ...facts[measure],
    isRequired: column.isRequired && !partial.has(measure),
    derived: { from: column.name, measure },
  }))

/** A schema with the columns that its blobs bring, after those declared; one that is declared already, by name or by measure, stays. */
export function withDerivedColumns(schema: SchemaSpec): SchemaSpec {
  const taken = new Set(schema.columns.map(({ name }) => name))
  const declared = new Set(
    schema.columns.flatMap(({ derived }) => (derived ? [`${derived.from} ${derived.measure}`] : [])),
  )
  const added = schema.columns
    .flatMap(columnsDerivedFrom)
    .filter(({ name, derived }) => !taken.has(name) && !declared.has(`${derived?.from} ${derived?.measure}`))
  return added.length === 0 ? schema : { ...schema, columns: [...schema.columns, ...added] }
}
