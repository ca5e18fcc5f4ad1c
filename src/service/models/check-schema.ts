import type { Model, SchemaSpec } from '../../contract/model.ts'
import { RpcError } from '../../contract/rpc.ts'

const repeated = (names: readonly string[]) => names.find((name, index) => names.indexOf(name) !== index)

/** Where a schema contradicts itself or its model: path and sentence; null when it does not. */
function findSchemaFault(schema: SchemaSpec, model: Model): [path: string, message: string] | null {
  const { task, classes, positiveClass, columns } = schema
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
  for (const [index, { name, range, isGroup, type }] of columns.entries()) {
    if (range !== undefined && range[0] > range[1])
      return [`columns.${index}.range`, `the range of “${name}” ends before it begins`]
    if (isGroup && type === 'image') return [`columns.${index}.isGroup`, `“${name}” is a picture and cannot be a group`]
  }
  return null
}

export function requireSoundSchema(schema: SchemaSpec, model: Model): void {
  const fault = findSchemaFault(schema, model)
  if (fault === null) return
  const [path, message] = fault
  throw new RpcError('invalid-input', message, { issues: [{ path: `schema.${path}`, message }] })
}
