import { describe, expect, it } from 'vitest'
import { schemaSpec } from '../../../../contract/model.ts'
import { columnsFrom, namesIn, newColumn, readSchema } from './schema-draft.ts'

describe('a schema typed as JSON', () => {
  const good = { task: 'binary', classes: ['cat', 'dog'], positiveClass: 'dog', columns: [newColumn('tilt')] }

  it('is read with its defaults', () => {
    const { isGroup, isRequired, ...bare } = newColumn('tilt')
    const read = readSchema(JSON.stringify({ ...good, columns: [bare] }), schemaSpec)
    expect(read).toEqual({ schema: good, problems: [] })
  })

  it('says that it is not JSON', () => {
    const { schema, problems } = readSchema('{ "task": ', schemaSpec)
    expect(schema).toBeNull()
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^This is not JSON: /)
  })

  it('names the column in which something is wrong', () => {
    const { problems } = readSchema(
      JSON.stringify({ ...good, columns: [newColumn('light'), { ...newColumn('tilt'), type: 'number' }] }),
      schemaSpec,
    )
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^columns\.1 \(tilt\)\.type: /)
  })

  it('says what is missing of the whole', () => {
    expect(readSchema('{}', schemaSpec).problems.map((problem) => problem.split(':')[0])).toEqual([
      'task',
      'classes',
      'positiveClass',
      'columns',
    ])
    expect(readSchema('[]', schemaSpec).problems[0]).toMatch(/^the schema: /)
  })
})

describe('columns of a data set', () => {
  it('become inputs and groups; ids, times and answers stay out', () => {
    const mapping = (name: string, role: 'feature' | 'group' | 'label' | 'id') => ({
      name,
      role,
      type: 'numeric' as const,
    })
    expect(
      columnsFrom([mapping('row', 'id'), mapping('tilt', 'feature'), mapping('sex', 'group'), mapping('y', 'label')]),
    ).toEqual([newColumn('tilt'), { ...newColumn('sex'), type: 'categorical', role: 'context', isGroup: true }])
  })
})

it('reads names between commas', () => {
  expect(namesIn(' cat, dog ,, cat')).toEqual(['cat', 'dog'])
})
