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

  it('reads times however they are written, and columns however they are named', async () => {
    const hourly = Array.from({ length: n }, (_, i) => Date.UTC(2014, 3, 1) + i * 3_600_000)
    const scoresOf = async (name: string, write: (at: number) => string, [first, second] = ['timestamp', 'value']) => {
      const lines = hourly.map((at, i) => `x${i},${write(at)},${value[i]}`)
      const path = files.write(`${name}.csv`, `\ufeffmachine,${first},${second}\r\n${lines.join('\r\n')}\r\n`)
      const ran = await assay(['analyze', 'telemetry', '--data', path, '--time', first, '--value', second, '--json'])
      const { rows } = answerOf(ran)
      expect(rows.filter(({ reason }) => reason !== undefined)).toEqual([])
      return rows.map(({ score }) => score)
    }
    const iso = (at: number) => new Date(at).toISOString()
    const expected = await scoresOf('iso', iso)
    expect(expected).toHaveLength(n)
    expect(Math.max(...expected)).toBeGreaterThan(0.5)
    const forms: Record<string, (at: number) => string> = {
      'no zone': (at) => iso(at).slice(0, 19).replace('T', ' '),
      'no seconds': (at) => iso(at).slice(0, 16).replace('T', ' '),
      offset: (at) => `${iso(at + 7_200_000).slice(0, 19)}+02:00`,
      'epoch seconds': (at) => String(at / 1000),
      'epoch milliseconds': String,
    }
    for (const [name, write] of Object.entries(forms)) expect(await scoresOf(name, write), name).toEqual(expected)
    expect(await scoresOf('names', iso, ['When was it?', 'Temp (°C)'])).toEqual(expected)
  })

  it('keeps the order of the file where times are irregular, repeated or go back', async () => {
    const odd = value.map((_, i) => {
      const minutes = i % 50 === 7 ? i * 5 - 200 : i % 20 === 3 ? (i - 1) * 5 : i * 5 + (i > 600 ? 5000 : 0) + (i % 3)
      return new Date(Date.UTC(2014, 3, 1) + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ')
    })
    const ran = await ask(files.write('odd.csv', toCsv(value, odd)), '--json')
    const { rows } = answerOf(ran)
    expect(rows.map((row) => row.time)).toEqual(odd)
    expect(rows.map((row) => row.value)).toEqual(value)
    expect(rows.flatMap(({ score }, i) => (score >= 0.5 ? [i] : []))).toEqual([900])
    expect(ran.err.join()).toContain('earlier than a row before them: scored in the order of the file')
  })

  it('scores a beginning of a file as it scores the file: no look-ahead', async () => {
    const whole = answerOf(await ask(files.write('whole.csv', toCsv(value)), '--json'))
    const part = answerOf(await ask(files.write('part.csv', toCsv(value.slice(0, 950))), '--json'))
    expect(part.rows).toEqual(whole.rows.slice(0, 950))
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
