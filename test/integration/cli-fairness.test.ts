import { afterAll, describe, expect, it } from 'vitest'
import { createRandom, randomUniform } from '../../src/stats/random.ts'
import { assay, temporaryFolder } from '../support/command-line.ts'

const files = temporaryFolder()
afterAll(files.remove)

/** People of two sexes at two schools; women apply where few are taken, and each school treats both alike. */
function people(): string {
  const random = createRandom(11)
  const lines = Array.from({ length: 1200 }, (_, i) => {
    const sex = i % 2 === 0 ? 'f' : 'm'
    const school = randomUniform(random) < (sex === 'f' ? 0.8 : 0.2) ? 'hard' : 'easy'
    const label = randomUniform(random) < (school === 'hard' ? 0.2 : 0.7) ? 1 : 0
    const score = school === 'hard' ? 0.2 : 0.7
    // At the hard school men are misjudged more often.
    const isWrong = randomUniform(random) < (school === 'hard' && sex === 'm' ? 0.4 : 0.05)
    return [sex, school, 20 + (i % 40), label, isWrong ? 1 - label : label, score].join(',')
  })
  return `${['sex,school,age,y,p,score', ...lines].join('\n')}\n`
}
const data = files.write('people.csv', people())
const outcomes = ['--data', data, '--label', 'y', '--prediction', 'p']

async function ask(...words: string[]) {
  const { code, out, err } = await assay(['analyze', ...words, '--json'])
  expect(code, err.join('\n')).toBe(0)
  return JSON.parse(out)
}

describe('assay analyze fairness', () => {
  it('controls, names a privileged group, compares any metric, and says the n it takes', async () => {
    const found = await ask(
      ...['fairness', ...outcomes, '--score', 'score', '--positive', '1', '--group', 'sex'],
      ...['--control', 'school', '--privileged', 'sex=m', '--metric', 'f1,rocAuc'],
    )
    expect(found.control.columns).toEqual(['school'])
    expect(found.measures.demographicParityDifference.value).toBeGreaterThan(0.1)
    expect(found.control.combined.demographicParityDifference.value).toBeLessThan(
      found.measures.demographicParityDifference.value,
    )
    expect(found.disparateImpact).toMatchObject({ privileged: { sex: 'm' }, isNamed: true })
    expect(found.measures.disparateImpact.value).toBeLessThan(1)
    expect(found.frames.map(({ metric }: { metric: string }) => metric)).toEqual(['f1', 'rocAuc'])
    expect(found.measures).toHaveProperty('f1Difference')
    expect(found.calibration).toHaveLength(2)
    expect(found.power.rates[0]).toMatchObject({ metric: 'selectionRate', neededN: expect.any(Number) })
  })

  it.each([
    [['--metric', 'f2'], 'there is no metric “f2”'],
    [['--privileged', 'age=3'], 'say column=value of a --group column'],
    [['--control', 'town'], '“town”'],
  ])('says what is wrong with %j', async (words, message) => {
    const { code, err } = await assay(['analyze', 'fairness', ...outcomes, '--group', 'sex', ...words])
    expect(code).toBe(2)
    expect(err.join('\n')).toContain(message)
  })

  it('compares errors of predicted numbers, and gives each metric by group', async () => {
    const random = createRandom(4)
    const lines = Array.from({ length: 600 }, (_, i) => {
      const actual = 1000 * randomUniform(random)
      const town = i % 2 === 0 ? 'north' : 'south'
      return [town, i % 3, actual, actual + (randomUniform(random) - 0.5) * (town === 'north' ? 600 : 100)].join(',')
    })
    const homes = files.write('homes.csv', `${['town,rooms,y,p', ...lines].join('\n')}\n`)
    const numbers = ['fairness', '--data', homes, '--label', 'y', '--prediction', 'p', '--group', 'town']
    const found = await ask(...numbers, '--control', 'rooms')
    expect(found.status).toBe('breach')
    expect(found.headline).toContain('Mean absolute error difference by town')
    expect(found.frames.map(({ metric }: { metric: string }) => metric)).toEqual([
      ...['mae', 'rmse', 'bias', 'withinTolerance', 'meanPrediction', 'meanLabel'],
    ])
    expect(found.frames[0].worst).toEqual({ town: 'north' })
    expect(found.numbers.matters).toBeCloseTo(found.numbers.deviation / 10)
    expect(found.control.levels).toHaveLength(3)
    const said = await assay(['analyze', ...numbers])
    expect(said.out).toMatch(/town=north +300 +300 +\d/)
    expect(said.out).toContain('differences matter from')
    const wrong = await assay(['analyze', ...numbers, '--metric', 'f1'])
    expect(wrong.code).toBe(2)
    expect(wrong.err.join('\n')).toContain('a regression has no classes; there are mae, rmse')
  })

  it('can be a gate on any metric of any group', async () => {
    const check = async (limit: string) =>
      (await assay(['check', 'fairness', ...outcomes, '--group', 'sex', '--metric', 'f1', '--min', limit])).code
    expect(await check('f1:sex=m=0.5')).toBe(0)
    expect(await check('f1:sex=m=0.99')).toBe(1)
  })
})

describe('assay analyze bias', () => {
  it('looks at labels before training, and at predictions against declared shares', async () => {
    const found = await ask(
      ...['bias', '--data', data, '--label', 'y', '--group', 'sex', '--control', 'school'],
      ...['--target-shares', '0=0.5,1=0.5', '--prediction', 'p'],
    )
    const [{ className, disparity, conditionalDisparity }] = found.labels
    expect(className).toBe('1')
    expect(disparity[0].value).toBeGreaterThan(0.1)
    expect(Math.abs(conditionalDisparity[0].value)).toBeLessThan(0.1)
    expect(found.classes.map(({ target }: { target: number }) => target)).toEqual([0.5, 0.5])
    expect(found.predictions.classes[0].reference).toMatchObject({ value: 0.5, note: 'declared' })
  })

  it('says what is wrong with declared shares', async () => {
    const { code, err } = await assay([
      'analyze',
      'bias',
      '--data',
      data,
      '--label',
      'y',
      '--target-shares',
      '0=0.5,1=0.6',
    ])
    expect(code).toBe(2)
    expect(err.join('\n')).toContain('add up to 1.1')
  })
})

describe('assay analyze errors', () => {
  it('maps errors by two columns', async () => {
    const { heatMap } = await ask('errors', ...outcomes, '--ignore', 'score', '--heatmap', 'sex,school')
    const worst = heatMap.cells.filter(({ status }: { status: string }) => status === 'warning')
    expect(worst).toHaveLength(1)
    expect([heatMap.rows[worst[0].row].name, heatMap.columns[worst[0].column].name]).toEqual(['m', 'hard'])
    const { out } = await assay(['analyze', 'errors', ...outcomes, '--ignore', 'score', '--heatmap', 'sex,school'])
    expect(out).toMatch(/sex \\ school +easy +hard/)
    const wrong = await assay(['analyze', 'errors', ...outcomes, '--heatmap', 'sex'])
    expect(wrong.err.join('\n')).toContain('--heatmap takes two columns')
  })
})
