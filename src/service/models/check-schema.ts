import { type BlobKind, type BlobMeasure, isBlobKind, measuresOf } from '../../contract/blob.ts'
import type { ColumnSpec, Model, SchemaSpec } from '../../contract/model.ts'
import { RpcError } from '../../contract/rpc.ts'

const repeated = (names: readonly string[]) => names.find((name, index) => names.indexOf(name) !== index)

/** Where a schema contradicts itself or its model: path and sentence; null when it does not. */
function findSchemaFault(schema: SchemaSpec, model: Model): [path: string, message: string] | null {
  const { task, classes, positiveClass, columns, ranking } = schema
  if (task !== model.task) return ['task', `${model.name} is a ${model.task} model, and the schema says ${task}`]
  const twice = repeated(columns.map(({ name }) => name))
  if (twice !== undefined) return ['columns', `two columns are called “${twice}”`]
  const sameClass = repeated(classes)
  if (sameClass !== undefined) return ['classes', `two classes are called “${sameClass}”`]
  if (task === 'regression' && classes.length > 0) return ['classes', 'a regression has no classes']
  if (task === 'binary' && classes.length !== 2) return ['classes', 'a binary model has exactly two classes']
  if (task === 'multiclass' && classes.length < 2) return ['classes', 'a multiclass model has at least two classes']
  if (positiveClass !== null && !classes.includes(positiveClass))
    return ['positiveClass', `“${positiveClass}” is none of the classes`]
  if (ranking !== undefined) {
    if (task !== 'regression') return ['ranking', 'lists are ranked by a number: the task must be a regression']
    const query = columns.find(({ name }) => name === ranking.queryColumn)
    if (query === undefined) return ['ranking.queryColumn', `there is no column “${ranking.queryColumn}”`]
    if (query.type === 'image') return ['ranking.queryColumn', `“${query.name}” is a picture and names no list`]
    if (query.role === 'input')
      return ['ranking.queryColumn', `“${query.name}” is an input: what names a list is known about it, a context`]
  }
  for (const [index, { name, range, isGroup, type }] of columns.entries()) {
    if (range !== undefined && range[0] > range[1])
      return [`columns.${index}.range`, `the range of “${name}” ends before it begins`]
    if (isGroup && isBlobKind(type)) return [`columns.${index}.isGroup`, `“${name}” holds files and cannot be a group`]
  }
  for (const [index, column] of columns.entries()) {
    const fault = findBlobFault(column, columns)
    if (fault !== null) return [`columns.${index}.${fault[0]}`, fault[1]]
  }
  return null
}

/** Where what a column says of blobs contradicts itself. */
function findBlobFault({ name, type, blob, derived }: ColumnSpec, columns: readonly ColumnSpec[]) {
  if (blob !== undefined && !isBlobKind(type)) return ['blob', `“${name}” holds no files`] as const
  const foreign = isBlobKind(type) && blob?.descriptors?.find((each) => !measures(type).includes(each))
  if (foreign) return ['blob.descriptors', `“${foreign}” cannot be measured of “${name}”`] as const
  if (blob?.center !== undefined && blob.length !== undefined && blob.center.length !== blob.length)
    return ['blob.center', `the centre of “${name}” has not the declared length of ${blob.length}`] as const
  if (derived === undefined) return null
  const source = columns.find((each) => each.name === derived.from)
  if (source === undefined || !isBlobKind(source.type) || !measures(source.type).includes(derived.measure))
    return ['derived', `“${derived.measure}” cannot be measured of “${derived.from}”`] as const
  const wanted = derived.measure === 'script' ? 'categorical' : 'numeric'
  return type === wanted ? null : (['type', `“${name}” is measured, and ${wanted}`] as const)
}

const measures = (kind: BlobKind): readonly BlobMeasure[] => measuresOf[kind]

export function requireSoundSchema(schema: SchemaSpec, model: Model): void {
  const fault = findSchemaFault(schema, model)
  if (fault === null) return
  const [path, message] = fault
  throw new RpcError('invalid-input', message, { issues: [{ path: `schema.${path}`, message }] })
}
