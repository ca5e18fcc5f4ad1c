import { afterAll, describe, expect, it } from 'vitest'
import { createRandom, randomUniform } from '../../src/stats/random.ts'
import { assay, temporaryFolder } from '../support/command-line.ts'

const files = temporaryFolder()
afterAll(files.remove)

interface Answer {
  readonly status: string
  readonly headline: string
  readonly n: number
  readonly missing: number
  readonly detectors: readonly {
    readonly detector: string
    readonly notAsked: string | null
    readonly alarms: readonly { index: number; time?: string }[]
    readonly warnings: readonly { index: number; time?: string }[]
  }[]
}

const random = createRandom(8)
const wrong = Array.from({ length: 2000 }, (_, i) => (randomUniform(random) < (i < 1000 ? 0.1 : 0.5) ? 1 : 0))
const day = (i: number) => `day-${i}`
const path = files.write(
  'errors.csv',
  `day,is_wrong\n${wrong.map((x, i) => `${day(i)},${i === 7 ? '' : x}`).join('\n')}\n`,
)

describe('analyze stream', () => {
  it('says where each detector fired, with the time of the row', async () => {
    const { code, out, err } = await assay([
      'analyze',
      'stream',
      '--data',
      path,
      '--value',
      'is_wrong',
      '--time',
      'day',
      '--json',
    ])
    expect(code, err.join('\n')).toBe(0)
    const answer: Answer = JSON.parse(out)
    expect(answer).toMatchObject({
      question: 'stream',
      status: 'breach',
      n: 1999,
      missing: 1,
      parameters: { warmUp: 100 },
    })
    expect(answer.detectors).toHaveLength(11)
    const ranks = answer.detectors.find(({ detector }) => detector === 'sequentialRanks')
    const [first] = ranks?.alarms ?? []
    expect(first.index).toBeGreaterThanOrEqual(1000)
    expect(first.time).toBe(day(first.index))
    expect(answer.headline).toContain(day(first.index))
  })

  it('asks the detectors that are named, with parameters, and refuses others', async () => {
    const ask = (...more: string[]) => assay(['analyze', 'stream', '--data', path, '--value', 'is_wrong', ...more])
    const named = await ask('--detector', 'adwin,ddm', '--set', 'adwin.delta=0.05', '--json')
    expect(JSON.parse(named.out).detectors.map(({ detector }: { detector: string }) => detector)).toEqual([
      'adwin',
      'ddm',
    ])
    expect(JSON.parse(named.out).parameters.adwin.delta).toBe(0.05)
    const wrongName = await ask('--detector', 'adwim')
    expect(wrongName.code).not.toBe(0)
    expect(wrongName.err.join('\n')).toMatch(/there is no detector “adwim”.*adwin/)
    const text = await ask()
    expect(text.out).toMatch(/^BREACH {2}the stream has changed: Sequential test of ranks at row /)
  })

  it('can be a check with limits', async () => {
    const check = (limit: string) => assay(['check', 'stream', '--data', path, '--value', 'is_wrong', '--max', limit])
    expect((await check('alarms:sequentialRanks=0')).code).toBe(1)
    expect((await check('alarms:sequentialRanks=5')).code).toBe(0)
  })
})
