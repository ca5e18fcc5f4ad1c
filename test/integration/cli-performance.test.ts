import { afterAll, describe, expect, it } from 'vitest'
import { createRandom, randomNormal, randomUniform } from '../../src/stats/random.ts'
import { assay, temporaryFolder } from '../support/command-line.ts'

const files = temporaryFolder()
afterAll(files.remove)

const csv = (header: string, rows: readonly (readonly (string | number)[])[]) =>
  `${header}\n${rows.map((row) => row.join(',')).join('\n')}\n`

describe('analyze performance --task ranking', () => {
  const random = createRandom(2)
  const rows = Array.from({ length: 480 }, (_, i) => {
    const relevance = Math.max(0, Math.floor(4 * randomUniform(random)) - 1)
    return [`q${i % 40}`, relevance, (relevance + randomNormal(random)).toFixed(4)]
  })
  const data = files.write('ranking.csv', csv('query,relevance,score', rows))
  const ranking = ['analyze', 'performance', '--task', 'ranking', '--data', data, '--label', 'relevance']

  it('judges lists at the places asked for', async () => {
    const ran = await assay([...ranking, '--query', 'query', '--score', 'score', '--k', '3,10', '--json'])
    const answer = JSON.parse(ran.out)
    expect(answer).toMatchObject({ question: 'performance', task: 'ranking', k: [3, 10], queries: 40, rows: 480 })
    expect(Object.keys(answer.metrics)).toEqual(
      [3, 10].flatMap((k) =>
        ['ndcg', 'precision', 'recall', 'hitRate', 'averagePrecision', 'reciprocalRank'].map((name) => `${name}@${k}`),
      ),
    )
    const { value, interval } = answer.metrics['ndcg@10']
    expect(interval[0]).toBeLessThan(value)
    expect(interval[1]).toBeGreaterThan(value)
  })

  it('says what is missing', async () => {
    const ran = await assay([...ranking, '--score', 'score'])
    expect(ran).toMatchObject({ code: 2, err: ['error: --task ranking needs --query and one --score'] })
    const text = await assay([...ranking, '--query', 'score', '--score', 'query'])
    expect(text.err.join()).toContain('“query” holds text')
    expect((await assay(['analyze', 'performance', '--data', data])).err.join()).toContain(
      'needs --label and --prediction',
    )
  })
})

describe('analyze compare', () => {
  const random = createRandom(3)
  const rows = Array.from({ length: 400 }, () => {
    const truth = randomUniform(random) < 0.4 ? 1 : 0
    const scores = [0.5, 2].map((skill) => 1 / (1 + Math.exp(-(skill * (2 * truth - 1) + randomNormal(random)))))
    return [truth, ...scores.map((p) => (p > 0.5 ? 1 : 0)), ...scores.map((p) => p.toFixed(5))]
  })
  const data = files.write('compared.csv', csv('y,old,new,old_score,new_score', rows))
  const compare = ['compare', '--data', data, '--label', 'y']

  it('says which is better, by how much and how surely', async () => {
    const scores = ['--score', 'old_score', '--other-score', 'new_score']
    const ran = await assay(['analyze', ...compare, '--prediction', 'old', '--other', 'new', ...scores, '--json'])
    const answer = JSON.parse(ran.out)
    expect(answer).toMatchObject({ question: 'compare', status: 'ok', first: 'old', second: 'new', n: 400 })
    expect(answer.headline).toContain('the second is better by')
    expect(answer.metrics[0]).toMatchObject({ metric: 'accuracy', method: 'mcnemar' })
    expect(answer.metrics.map(({ metric }: { metric: string }) => metric)).toContain('rocAuc')
    const table = await assay(['analyze', ...compare, '--prediction', 'new', '--other', 'old'])
    expect(table.out).toMatch(/^WARNING {2}Accuracy .* the second is worse by/)
  })

  it('may be a check', async () => {
    const held = ['--prediction', 'old', '--other', 'new', '--min', 'accuracy=0', '--judge', 'strict']
    expect((await assay(['check', ...compare, ...held])).code).toBe(0)
    const lost = ['--prediction', 'new', '--other', 'old', '--min', 'accuracy=0']
    expect((await assay(['check', ...compare, ...lost])).code).toBe(1)
  })

  it('refuses what cannot be meant', async () => {
    const same = await assay(['analyze', ...compare, '--prediction', 'old', '--other', 'old'])
    expect(same).toMatchObject({ code: 2, err: ['error: --other: the same column as --prediction'] })
    const half = await assay(['analyze', ...compare, '--prediction', 'old', '--other', 'new', '--score', 'old_score'])
    expect(half.err.join()).toContain('--score and --other-score are given both')
  })
})

describe('analyze performance --reference', () => {
  const random = createRandom(4)
  const draw = (rows: number) =>
    Array.from({ length: rows }, () => {
      const p = 1 / (1 + Math.exp(-2 * randomNormal(random)))
      return [randomUniform(random) < p ? 'yes' : 'no', p > 0.5 ? 'yes' : 'no', p.toFixed(6)]
    })
  const reference = files.write('reference.csv', csv('y,prediction,score', draw(1500)))
  const now = draw(800)
  const unlabelled = files.write(
    'now.csv',
    csv(
      'prediction,score',
      now.map(([, ...rest]) => rest),
    ),
  )
  const columns = ['--label', 'y', '--prediction', 'prediction', '--score', 'score', '--positive', 'yes']
  const asked = ['analyze', 'performance', '--data', unlabelled, '--reference', reference, ...columns]

  it('estimates what labels would show', async () => {
    const answer = JSON.parse((await assay([...asked, '--json'])).out)
    expect(answer).toMatchObject({
      status: 'insufficient',
      labelled: 0,
      estimated: { method: 'cbpe', isSuspended: false },
    })
    const [low, high] = answer.estimated.metrics.accuracy.interval
    const right = now.filter(([label, prediction]) => label === prediction).length / now.length
    expect(low).toBeLessThan(right)
    expect(high).toBeGreaterThan(right)
    expect(answer.files.reference.rows).toBe(1500)
    expect((await assay(asked)).out).toContain('estimated without labels')
  })

  it('may be checked against a limit', async () => {
    const check = ['check', ...asked.slice(1), '--min']
    expect((await assay([...check, 'estimatedAccuracy=0.5'])).code).toBe(0)
    expect((await assay([...check, 'estimatedAccuracy=0.99'])).code).toBe(1)
  })
})
