import { describe, expect, it } from 'vitest'
import { scrapePick } from '../../contract/scrape.ts'
import { parseExposition } from './parse-exposition.ts'
import { readChannels } from './read-channels.ts'
import { faultOfScrape } from './scraper.ts'

const all = (text: string) => parseExposition(text, () => true)

describe('the text format', () => {
  it('is read as its specification shows it', () => {
    const { series, count, faults } = all(
      [
        '# HELP http_requests_total The total number of HTTP requests.',
        '# TYPE http_requests_total counter',
        'http_requests_total{method="post",code="200"} 1027 1395066363000',
        'http_requests_total{method="post",code="400"}    3 1395066363000',
        '',
        '# Escaping in label values:',
        'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9',
        'metric_without_timestamp_and_labels 12.47',
        'something_weird{problem="division by zero"} +Inf -3982045',
        'rpc_duration_seconds{quantile="0.01",} 3102',
        'spaced { a = "1" , b = "}" } \t 2e-3\t1\r',
        'nothing NaN',
        '{"my.metric", "some label"="ü"} -5',
        'with_exemplar_bucket{le="1"} 8 # {trace_id="x # y"} 0.67',
        '# EOF',
      ].join('\n'),
    )
    expect(faults).toEqual([])
    expect(count).toBe(10)
    expect(series[0]).toEqual({ name: 'http_requests_total', labels: { method: 'post', code: '200' }, value: 1027 })
    expect(series[2].labels).toEqual({ path: 'C:\\DIR\\FILE.TXT', error: 'Cannot find file:\n"FILE.TXT"' })
    expect(series[4].value).toBe(Number.POSITIVE_INFINITY)
    expect(series[6]).toEqual({ name: 'spaced', labels: { a: '1', b: '}' }, value: 0.002 })
    expect(series[7].value).toBeNaN()
    expect(series[8]).toEqual({ name: 'my.metric', labels: { 'some label': 'ü' }, value: -5 })
    expect(series[9]).toMatchObject({ name: 'with_exemplar_bucket', value: 8 })
  })

  it('loses only the lines that are wrong, each with its number', () => {
    const { series, faults, faultCount } = all(
      ['good 1', '<html>', 'a{b="c} 1', 'a{b} 1', 'a{b="c" d="e"} 1', 'a 0x10', 'a', 'a 1 2 3', 'good 2'].join('\n'),
    )
    expect(series.map(({ value }) => value)).toEqual([1, 2])
    expect(faultCount).toBe(7)
    expect(faults.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8])
    expect(faults[4].message).toBe('"0x10" is no number')
    expect(all('__proto__{__proto__="x"} 1').series[0].name).toBe('__proto__')
  })

  it('takes no word for a number that objects know by themselves', () => {
    const { series, faultCount } = parseExposition('a constructor\na __proto__\na +Inf\n', () => true)
    expect(series.map(({ value }) => value)).toEqual([Number.POSITIVE_INFINITY])
    expect(faultCount).toBe(2)
  })

  it('ends, whatever comes', () => {
    const hostile = [
      `a{${'b="c",'.repeat(15_000)}`,
      `a{b="${'\\'.repeat(90_000)}`,
      `a${' '.repeat(90_000)}x`,
      '{'.repeat(90_000),
    ]
    for (const text of hostile) expect(all(text)).toMatchObject({ count: 0, faultCount: 1 })
    let seed = 7
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed / 2_147_483_648
    }
    const letters = 'ab_{}="\\,# \t\n10.e+-NaInf'
    for (let i = 0; i < 3000; i++) {
      const text = Array.from({ length: 60 }, () => letters[Math.floor(random() * letters.length)]).join('')
      const read = all(text)
      for (const { value } of read.series) expect(typeof value).toBe('number')
    }
  })
})

describe('channels of a scrape', () => {
  const picks = [
    scrapePick.parse({ channel: 'temperature', metric: 'temp', labels: { sensor: 't*' }, combine: 'max' }),
    scrapePick.parse({
      channel: 'busy',
      metric: 'cpu_total',
      labels: { mode: 'idle' },
      as: 'rate',
      combine: 'mean',
      factor: -100,
      offset: 100,
    }),
    scrapePick.parse({ channel: 'latency', metric: 'seconds', as: 'mean', factor: 1000 }),
  ]
  const scrape = (idle0: number, idle1: number, sum: number, count: number) =>
    all(
      `temp{sensor="t1"} 40\ntemp{sensor="t2"} 45.5\ntemp{sensor="fan"} 900\n` +
        `cpu_total{cpu="0",mode="idle"} ${idle0}\ncpu_total{cpu="1",mode="idle"} ${idle1}\ncpu_total{cpu="0",mode="user"} 1\n` +
        `seconds_sum ${sum}\nseconds_count ${count}\n`,
    ).series

  it('are values, rises a second and means, combined and scaled', () => {
    const first = readChannels(picks, scrape(100, 200, 5, 50), 10_000, null)
    expect(first).toMatchObject({ values: { temperature: 45.5, busy: null, latency: null }, matches: [2, 2, 1] })
    const second = readChannels(picks, scrape(108, 206, 6, 100), 20_000, first.counters)
    // Idle 0.8 and 0.6 s a second: 30 % busy. One second over fifty observations: 20 ms.
    expect(second.values.busy).toBeCloseTo(30)
    expect(second.values.latency).toBeCloseTo(20)
    // Both counters were reset to zero and rose since.
    const third = readChannels(picks, scrape(5, 5, 2, 4), 30_000, second.counters)
    expect(third.values.busy).toBeCloseTo(50)
    expect(third.values.latency).toBeCloseTo(500)
    // Nothing was observed: no mean, and no zero in its place.
    expect(readChannels(picks, scrape(6, 6, 2, 4), 40_000, third.counters).values.latency).toBeNull()
  })

  it('say what they lack', () => {
    const { matches } = readChannels(picks, all('temp{sensor="fan"} 1').series, 1, null)
    expect(faultOfScrape(picks, matches, { faults: [], faultCount: 0 })).toBe(
      'no series matches temp{sensor="t*"}, cpu_total{mode="idle"}, seconds',
    )
    const faults = [{ line: 3, message: 'it has no value' }]
    expect(faultOfScrape(picks, [1, 1, 1], { faults, faultCount: 2 })).toMatch(/^2 lines.*line 3: it has no value$/)
  })
})
