import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, it } from 'vitest'
import { createRandom, randomNormal } from '../../src/stats/random.ts'
import { assay, type Ran, temporaryFolder } from '../support/command-line.ts'

const files = temporaryFolder()
afterAll(files.remove)

interface Answer {
  readonly status: string
  readonly headline: string
  readonly n: number
  readonly rows: readonly { time: string | null; value: number | null; score: number; reason?: string }[]
  readonly alarms: readonly { from: string; to: string; score: number; reason: string }[]
}

const answerOf = ({ code, out, err }: Ran): Answer => {
  expect(code, err.join('\n')).toBe(0)
  return JSON.parse(out)
}
const ask = (data: string, ...more: string[]) =>
  assay(['analyze', 'telemetry', '--data', data, '--time', 'timestamp', '--value', 'value', ...more])

const n = 1200
const random = createRandom(11)
const value = Array.from({ length: n }, (_, i) => Number((20 + randomNormal(random) + (i >= 900 ? 12 : 0)).toFixed(4)))
const time = value.map((_, i) => new Date(Date.UTC(2025, 0, 6) + i * 300_000).toISOString())
const toCsv = (values: readonly (number | string)[], times: readonly string[] = time) =>
  `timestamp,value\n${values.map((x, i) => (x === 'torn' ? times[i] : `${times[i]},${x}`)).join('\n')}\n`

describe('analyze telemetry', () => {
  it('gives every row a score, in order, and tells the change once', async () => {
    const { rows, alarms, status, n: count } = answerOf(await ask(files.write('plain.csv', toCsv(value)), '--json'))
    expect(count).toBe(n)
    expect(rows.map((row) => row.time)).toEqual(time)
    expect(rows.map((row) => row.value)).toEqual(value)
    expect(rows.every(({ score }) => score >= 0 && score <= 1)).toBe(true)
    expect(rows.flatMap(({ score }, i) => (score >= 0.5 ? [i] : []))).toEqual([900])
    expect(alarms).toMatchObject([{ from: time[900], score: rows[900].score }])
    expect(status).toBe('warning')
  })

  it('gives the same answer for CSV, JSON Lines and Parquet', async () => {
    const paths = [
      files.write('same.csv', toCsv(value)),
      files.write('same.jsonl', time.map((t, i) => JSON.stringify({ timestamp: t, value: value[i] })).join('\n')),
      files.write(
        'same.parquet',
        new Uint8Array(
          parquetWriteBuffer({
            columnData: [
              { name: 'timestamp', data: time, type: 'STRING' },
              { name: 'value', data: value, type: 'DOUBLE' },
            ],
          }),
        ),
      ),
    ]
    const answers = await Promise.all(paths.map(async (path) => ({ ...answerOf(await ask(path, '--json')), files: 0 })))
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  it('keeps rows and scores in step where values are missing or wrong, and says why', async () => {
    const broken: (number | string)[] = [...value]
    broken[300] = ''
    broken[400] = 'oops'
    broken[500] = 'torn'
    broken[600] = 'inf'
    const times = time.map((t, i) => (i === 700 ? 'yesterday' : t))
    const ran = await ask(files.write('broken.csv', toCsv(broken, times)), '--json')
    const { rows, alarms } = answerOf(ran)
    expect(rows).toHaveLength(n)
    expect(rows[300]).toEqual({ time: time[300], value: null, score: 0, reason: 'no value' })
    expect(rows[400]).toMatchObject({ value: null, score: 0, reason: '“oops” is not a number' })
    expect(rows[500]).toMatchObject({ value: null, score: 0, reason: expect.stringContaining('has 1 values') })
    expect(rows[600]).toMatchObject({ value: null, reason: 'the value is infinite' })
    expect(rows[700]).toMatchObject({ value: value[700], reason: expect.stringContaining('no time') })
    expect(alarms.map(({ from }) => from)).toEqual([time[600], time[900]])
    expect(ran.err.join('\n')).toMatch(/2 rows without a number.*\n.*1 row without a time/)
  })

  it('is a table for people', async () => {
    const { out, code } = await ask(files.write('people.csv', toCsv(value)))
    expect(code).toBe(0)
    expect(out).toMatch(/^WARNING {2}1 alarm in 1,200 values, from 9 Jan 2025 03:00 UTC/)
    expect(out).toContain('alarm from')
  })

  it('does not judge a handful of readings, and knows constants', async () => {
    const few = answerOf(await ask(files.write('few.csv', toCsv(value.slice(0, 80))), '--json'))
    expect(few).toMatchObject({ status: 'insufficient', alarms: [] })
    expect(few.rows).toHaveLength(80)
    const same = answerOf(await ask(files.write('same-value.csv', toCsv(value.map(() => 7))), '--json'))
    expect(same).toMatchObject({ status: 'ok', alarms: [] })
  })

  it('refuses what it cannot read, with a reason', async () => {
    const words = files.write('words.csv', toCsv(value.map(() => 'word')))
    const ran = [
      await ask(words, '--json'),
      await assay(['analyze', 'telemetry', '--data', words, '--time', 'time', '--value', 'value']),
      await ask(words, '--set', 'alarmScore=2'),
    ]
    expect(ran.map(({ code, out }) => ({ code, out }))).toEqual(ran.map(() => ({ code: 2, out: '' })))
    expect(ran.map(({ err }) => err.join())).toEqual([
      expect.stringContaining('no value of “value” is a number'),
      expect.stringContaining('did you mean “timestamp”?'),
      expect.stringContaining('--set alarmScore'),
    ])
  })

  it('can be held against a limit', async () => {
    const data = files.write('limit.csv', toCsv(value))
    const check = (limit: string) =>
      assay(['check', 'telemetry', '--data', data, '--time', 'timestamp', '--value', 'value', '--max', limit])
    expect((await check('alarms=0')).code).toBe(1)
    expect((await check('alarms=1')).code).toBe(0)
  })
})
