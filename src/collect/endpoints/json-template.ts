import type { JsonTemplate } from '../../contract/endpoint.ts'
import type { ColumnSpec } from '../../contract/model.ts'
import type { InferRow } from '../inference-tensors.ts'
import { plainValue, toRowObject } from './row-values.ts'

const placeholder = /\{\{\s*([^{}]{1,200}?)\s*\}\}/g

/** A fault of the template, for the person who wrote it. */
export class TemplateFault extends Error {}

/** Whether every row is a request of its own. */
export const asksByRow = ({ body }: Pick<JsonTemplate, 'body'>) => /\{\{\s*row(\.[^{}]*)?\s*\}\}/.test(body)

/**
 * Fills the body of a request; every placeholder becomes JSON, so nothing in a value can change the shape. Throws TemplateFault when
 * a placeholder is not known or the result is no JSON.
 */
export function fillBody(
  template: Pick<JsonTemplate, 'body'>,
  names: { readonly modelName: string; readonly modelVersion: string | null },
  rows: readonly InferRow[],
  columns: readonly ColumnSpec[],
): unknown {
  const byRow = asksByRow(template)
  const objects = rows.map((row) => toRowObject(row, columns))
  const values: Record<string, () => unknown> = {
    rows: () => objects,
    values: () => rows.map((row) => columns.map(({ name }) => plainValue(row[name]))),
    columns: () => columns.map(({ name }) => name),
    modelName: () => names.modelName,
    modelVersion: () => names.modelVersion,
    row: () => objects[0],
  }
  const filled = template.body.replaceAll(placeholder, (whole, name: string) => {
    if (byRow && name.startsWith('row.')) {
      const column = name.slice('row.'.length)
      if (!Object.hasOwn(objects[0], column)) throw new TemplateFault(`${whole}: no input is called “${column}”`)
      return JSON.stringify(objects[0][column])
    }
    if (!Object.hasOwn(values, name)) throw new TemplateFault(`${whole} is no placeholder of this template`)
    return JSON.stringify(values[name]())
  })
  try {
    return JSON.parse(filled)
  } catch (error) {
    throw new TemplateFault(`the body is no JSON once it is filled: ${(error as Error).message.slice(0, 200)}`)
  }
}

/** What is wrong with a template, whatever the columns; null when nothing is. */
export function faultOfTemplate(template: JsonTemplate | undefined): string | null {
  if (template === undefined) return 'the template of the requests is missing'
  const named = [...template.body.matchAll(placeholder)].map(([, name]) => name)
  const columns = named
    .filter((name) => name.startsWith('row.'))
    .map(
      (name): ColumnSpec => ({ name: name.slice(4), type: 'numeric', role: 'input', isGroup: false, isRequired: true }),
    )
  if (!named.some((name) => /^(rows|values|row|row\..+)$/.test(name)))
    return 'the body holds none of {{rows}}, {{values}} and {{row}}: every request would be the same'
  if (asksByRow(template) && named.some((name) => name === 'rows' || name === 'values'))
    return 'the body mixes {{row}}, a request a row, with {{rows}} or {{values}}'
  try {
    fillBody(template, { modelName: 'model', modelVersion: null }, [{}], columns)
    return null
  } catch (error) {
    if (error instanceof TemplateFault) return error.message
    throw error
  }
}
