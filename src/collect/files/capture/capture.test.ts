import { describe, expect, it } from 'vitest'
import { roomSchema } from '../../../../test/support/intake-double.ts'
import { schemaSpec } from '../../../contract/model.ts'
import { previewTabular, readTabular } from '../../files.ts'

const schema = schemaSpec.parse({ ...roomSchema, columns: roomSchema.columns.filter(({ type }) => type !== 'image') })
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A line as SageMaker's data capture documents it. */
const captured = (input: object, output: object, more: object = {}) =>
  JSON.stringify({
    captureData: {
      endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', encoding: 'CSV', ...input },
      endpointOutput: { observedContentType: 'text/csv; charset=utf-8', mode: 'OUTPUT', encoding: 'CSV', ...output },
    },
    eventMetadata: { eventId: '0fe5', inferenceTime: '2026-05-30T10:15:00Z', ...more },
    eventVersion: '0',
  })

/** A line as Azure ML's data collector documents it. */
const collected = (side: string, id: string, data: unknown, more: object = {}) =>
  JSON.stringify({
    ...{
      specversion: '1.0',
      id: `${id}-${side}`,
      source: '/subscriptions/x/endpoints/e',
      type: `azureml.inference.${side}`,
    },
    ...{ datacontenttype: 'application/json', time: '2026-05-30T10:15:00Z', data, correlationid: id, xrequestid: id },
    ...{
      modelversion: 'default',
      collectdatatype: 'pandas.core.frame.DataFrame',
      agent: 'azureml-ai-monitoring/0.1.0b4',
    },
    ...{ contentrange: 'bytes 0-116/117' },
    ...more,
  })

async function read(lines: string[], withSchema = true) {
  const table = await readTabular(
    { bytes: Buffer.from(lines.join('\n')), fileName: 'capture.jsonl' },
    withSchema ? schema : null,
  )
  const rows = table.rowNumbers.map((_, row) =>
    Object.fromEntries(table.columns.map((name, column) => [name, table.cells[column][row]])),
  )
  return { table, rows }
}

describe('capture files', () => {
  it('of SageMaker are rows with id, time, inputs by the order of the schema, and predictions', async () => {
    const { table, rows } = await read([
      captured({ data: '20.5,open\n19,shut\n' }, { data: '0.9\n0.2' }),
      captured(
        { data: base64('[[18, "open"]]'), encoding: 'BASE64', observedContentType: 'application/json' },
        {
          data: '{"predictions":[{"label":"empty","p":0.7}]}',
          encoding: 'JSON',
          observedContentType: 'application/json',
        },
        { inferenceId: 'mine' },
      ),
      captured({ data: '{"instances":[{"temperature":7,"window":"shut"}]}', encoding: 'JSON' }, { data: '0.3,0.7' }),
    ])
    expect(table.errors).toEqual([])
    expect(rows[0]).toMatchObject({
      ...{ id: '0fe5.0', time: '2026-05-30T10:15:00Z', temperature: '20.5', window: 'open' },
      ...{ prediction: 'occupied', 'score.occupied': 0.9 },
    })
    expect(rows[1]).toMatchObject({ id: '0fe5.1', window: 'shut', prediction: 'empty' })
    expect(rows[2]).toMatchObject({ id: 'mine', temperature: 18, label: 'empty', p: 0.7 })
    expect(rows[3]).toMatchObject({ temperature: 7, prediction: 'occupied', 'score.empty': 0.3, 'score.occupied': 0.7 })
  })

  it('are mapped without a hand: the guess has every role', async () => {
    const { table } = await read([captured({ data: '20.5,open\n19,shut' }, { data: '0.9\n0.2' })])
    expect(previewTabular(table, schema).columns).toMatchObject([
      { name: 'id', role: 'id' },
      { name: 'time', role: 'time' },
      { name: 'temperature', role: 'feature', type: 'numeric' },
      { name: 'window', role: 'feature', type: 'categorical' },
      { name: 'prediction', role: 'prediction', type: 'categorical' },
      { name: 'score.occupied', role: 'score', className: 'occupied' },
      { name: 'score.empty', role: 'score', className: 'empty' },
    ])
    const nameless = await read([captured({ data: '1,2,3' }, { data: 'x,y' })], false)
    expect(nameless.table.columns).toEqual(['id', 'time', 'input_1', 'input_2', 'input_3', 'output_1', 'output_2'])
  })

  it('of Azure ML join inputs and outputs by their correlation', async () => {
    const { rows, table } = await read([
      collected('inputs', 'a', [
        { temperature: 20, window: 'open' },
        { temperature: 21, window: 'shut' },
      ]),
      collected('outputs', 'b', [{ prediction: 'empty' }]),
      collected('outputs', 'a', [{ prediction: 'empty' }, { prediction: 'occupied' }]),
      collected('inputs', 'b', [{ temperature: 3, window: 'open' }]),
      collected('inputs', 'lonely', [{ temperature: 3, window: 'open' }]),
      collected('inputs', 'large', 'https://store/blob', { datainblob: 'true' }),
      collected('drift', 'c', []),
    ])
    expect(rows).toMatchObject([
      { id: 'a.0', temperature: 20, prediction: 'empty' },
      { id: 'a.1', temperature: 21, prediction: 'occupied' },
      { id: 'b', temperature: 3, prediction: 'empty' },
    ])
    expect(table.errors.map(({ row, message }) => `${row}: ${message}`)).toEqual([
      '6: the data stand in a file of their own beside this one',
      '7: "azureml.inference.drift" is neither inputs nor outputs',
      '5: the outputs of lonely are not in this file',
    ])
  })

  it('lose only the lines that are wrong, each with its number', async () => {
    const good = captured({ data: '20.5,open' }, { data: '0.9' })
    const bad: [string, RegExp][] = [
      ['{"captureData":', /not JSON/],
      ['{"captureData":{}}', /no captured inference: eventMetadata/],
      [captured({ data: '{"a":', encoding: 'JSON' }, { data: '1' }), /the payload is no JSON/],
      [captured({ data: '1,2\n3,4' }, { data: '1' }), /2 inputs but 1 outputs/],
      [captured({ data: '"1,2' }, { data: '1' }), /no CSV/],
      [
        JSON.stringify({ ...JSON.parse(good), captureData: { endpointInput: { data: 'MQ==' } } }),
        /output was not captured/,
      ],
    ]
    const { table, rows } = await read([good, ...bad.map(([line]) => line)])
    expect(rows).toHaveLength(1)
    expect(table.errors.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6, 7])
    for (const [i, [, message]] of bad.entries()) expect(table.errors[i].message).toMatch(message)
  })
})
