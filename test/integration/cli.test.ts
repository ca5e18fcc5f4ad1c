import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRandom, randomInteger, randomNormal, randomUniform } from '../../src/stats/random.ts'
import { assay, type Ran, repository, run, temporaryFolder } from '../support/command-line.ts'

const files = temporaryFolder()
afterAll(files.remove)

/* What `--json` prints, as it is documented. */
const number = z.number().nullable()
const estimate = z.looseObject({ value: number, n: z.int(), interval: z.tuple([z.number(), z.number()]).nullable() })
const answer = { question: z.string(), status: z.string(), headline: z.string(), engine: z.string() }
const fileFacts = z.strictObject({
  path: z.string(),
  rows: z.int(),
  problemCount: z.int(),
  problems: z.array(z.strictObject({ row: z.int(), column: z.string().nullable(), message: z.string() })),
  leftOut: z.array(z.string()),
})
const driftJson = z.looseObject({
  ...answer,
  files: z.strictObject({ reference: fileFacts, current: fileFacts }),
  features: z.array(
    z.looseObject({
      name: z.string(),
      type: z.enum(['numeric', 'categorical']),
      n: z.strictObject({ reference: z.int(), current: z.int() }),
      measures: z.looseObject({
        ks: z.looseObject({ statistic: number, pValue: number }).optional(),
        chiSquare: z.looseObject({ statistic: number, degreesOfFreedom: z.number(), pValue: number }).optional(),
        psi: number,
        jensenShannon: number,
        wasserstein: number.optional(),
        wassersteinNormed: number.optional(),
      }),
      verdict: z.looseObject({ status: z.string(), isDrifted: z.boolean(), reason: z.string() }),
    }),
  ),
})
const performanceJson = z.looseObject({
  ...answer,
  n: z.int(),
  task: z.enum(['binary', 'multiclass', 'regression']),
  positiveClass: z.string().nullable(),
  metrics: z.record(z.string(), estimate),
  confusion: z.strictObject({ classes: z.array(z.string()), counts: z.array(z.array(z.int())) }).nullable(),
})
const rates = ['selectionRate', 'truePositiveRate', 'falsePositiveRate', 'precision', 'accuracy'] as const
const fairnessJson = z.looseObject({
  ...answer,
  groups: z.array(
    z.looseObject({
      group: z.record(z.string(), z.string()),
      n: z.int(),
      ...Object.fromEntries(rates.map((rate) => [rate, estimate])),
    }),
  ),
  measures: z.looseObject({ demographicParityDifference: estimate, equalizedOddsDifference: estimate }),
})
const integrityJson = z.looseObject({
  ...answer,
  n: z.int(),
  columns: z.array(z.looseObject({ name: z.string(), missing: z.int(), wrongType: z.int() })),
  duplicates: z.int(),
})
const errorsJson = z.looseObject({
  ...answer,
  n: z.int(),
  errors: z.int(),
  nodes: z.array(z.looseObject({ id: z.int(), description: z.string(), errorRate: estimate })),
  worst: z.array(z.looseObject({ description: z.string(), isConfirmed: z.boolean() })),
})
const checkJson = z.looseObject({
  passed: z.boolean(),
  sentence: z.string(),
  results: z.array(z.looseObject({ metric: z.string(), outcome: z.enum(['ok', 'breach', 'insufficient']) })),
})

/** The one object on standard output; throws when there is anything else. */
function parse<T extends z.ZodType>(schema: T, { out, err, code }: Ran, wanted = 0): z.output<T> {
  expect(code, err.join('\n')).toBe(wanted)
  expect(out.trimEnd().split('\n')).toHaveLength(1)
  expect(out).not.toContain('NaN')
  return schema.parse(JSON.parse(out))
}

/** A mistake of the caller: code 2, nothing on standard output, one line that says all of these. */
function expectFault({ code, out, err }: Ran, ...parts: string[]) {
  expect(err).toHaveLength(1)
  expect(err[0]).toMatch(/^error: /)
  for (const part of parts) expect(err[0]).toContain(part)
  expect(out).toBe('')
  expect(code).toBe(2)
}

/** 600 people: the model is worse for the old, and selects more women. */
function people(seed: number, shift = 0): Record<string, (string | number)[]> {
  const random = createRandom(seed)
  const n = 600
  const rows = Array.from({ length: n }, (_, i) => {
    const age = Math.round(20 + 60 * randomUniform(random))
    const sex = randomInteger(random, 2) === 0 ? 'f' : 'm'
    const y = randomUniform(random) < 0.4 ? 1 : 0
    const isWrong = randomUniform(random) < (age > 60 ? 0.45 : 0.05)
    const p = isWrong ? 1 - y : sex === 'f' && randomUniform(random) < 0.3 ? 1 : y
    return {
      id: `p${i}`,
      age,
      height: Number((170 + 10 * randomNormal(random) + shift).toFixed(2)),
      sex,
      y,
      p,
      score: Number((0.2 + 0.6 * p + 0.2 * randomUniform(random)).toFixed(4)),
    }
  })
  return Object.fromEntries(
    Object.keys(rows[0]).map((name) => [name, rows.map((row) => row[name as keyof (typeof rows)[0]])]),
  )
}

const toCsv = (columns: Record<string, (string | number)[]>) => {
  const names = Object.keys(columns)
  return `${names.join(',')}\n${columns[names[0]].map((_, row) => names.map((name) => columns[name][row]).join(',')).join('\n')}\n`
}

const reference = files.write('reference.csv', toCsv(people(1)))
const current = files.write('current.csv', toCsv(people(2)))
const shifted = files.write('shifted.csv', toCsv(people(3, 8)))
const outcomes = ['--label', 'y', '--prediction', 'p']

describe.concurrent('help', () => {
  it.each([
    [[]],
    [['--help']],
    [['serve', '--help']],
    [['demo', '--help']],
    [['import', '--help']],
    [['import', 'dataset', '--help']],
    [['import', 'samples', '--help']],
    [['import', 'labels', '--help']],
    [['analyze', '--help']],
    ...['drift', 'performance', 'fairness', 'integrity', 'errors', 'telemetry'].flatMap((question) => [
      [['analyze', question, '--help']],
      [['check', question, '--help']],
    ]),
    [['check', '--help']],
    [['check', 'workspace', '--help']],
    [['export', '--help']],
    [['verify', '--help']],
    [['qualify', '--help']],
  ])('assay %j', async (words) => {
    const { code, out, err } = await assay(words)
    expect({ code, err }).toEqual({ code: 0, err: [] })
    const command = words.filter((word) => word !== '--help').join(' ')
    expect(out).toContain(`Usage: ${`assay ${command}`.trim()}`)
    // Commands that do something show how.
    const isGroup = ['import', 'analyze', 'check'].includes(command)
    if (!isGroup) expect(out).toMatch(/Examples?:\n +\$ assay/)
  })
})

describe('analyze', () => {
  it('drift: tells columns that moved from those that did not, for machines and for people', async () => {
    const [json, text] = await Promise.all([
      assay(['analyze', 'drift', '--reference', reference, '--current', shifted, '--json']),
      assay(['analyze', 'drift', '--reference', reference, '--current', shifted]),
    ])
    const { features, files: facts } = parse(driftJson, json)
    expect(features.map(({ name }) => name)).toEqual(['age', 'height', 'sex', 'y', 'p', 'score'])
    expect(features.filter(({ verdict }) => verdict.isDrifted).map(({ name }) => name)).toEqual(['height'])
    expect(facts.reference).toMatchObject({ path: reference, rows: 600, leftOut: ['id (an identifier)'] })
    expect(text.code).toBe(0)
    expect(text.out).toMatch(/^BREACH {2}.*height/)
    expect(text.out).toMatch(/\nheight +numeric +DRIFT +/)
    expect(text.err).toEqual([expect.stringContaining('left out id'), expect.stringContaining('left out id')])
  })

  it('performance: binary, with scores', async () => {
    const found = parse(
      performanceJson,
      await assay(['analyze', 'performance', '--data', current, ...outcomes, '--score', 'score', '--json']),
    )
    expect(found).toMatchObject({ n: 600, task: 'binary', positiveClass: '1', confusion: { classes: ['0', '1'] } })
    expect(found.metrics.accuracy.value).toBeGreaterThan(0.6)
    expect(found.metrics.rocAuc.value).toBeGreaterThan(0.6)
    const { value, interval } = found.metrics.accuracy
    expect(interval?.[0]).toBeLessThan(value as number)
    expect(interval?.[1]).toBeGreaterThan(value as number)
  })

  it('performance: the positive class turns precision around, whatever its number looks like', async () => {
    const ask = (...more: string[]) =>
      assay(['analyze', 'performance', '--data', current, ...outcomes, '--json', ...more])
    const [one, zero, asFloat] = (
      await Promise.all([ask('--positive', '1'), ask('--positive', '0'), ask('--positive', '1.0')])
    ).map((ran) => parse(performanceJson, ran))
    expect(asFloat.metrics).toEqual(one.metrics)
    expect(zero.metrics.recall.value).toBe(one.metrics.specificity.value)
  })

  it('performance: classes by name, and a regression, are told from the labels', async () => {
    const classes = files.write('classes.csv', `y,p\n${'cat,cat\ndog,cat\nhen,hen\n'.repeat(20)}`)
    const numbers = files.write('numbers.csv', `y,p\n${'1.5,1.4\n2.5,2.9\n3,3\n'.repeat(20)}`)
    const [multi, regression] = await Promise.all(
      [classes, numbers].map((data) => assay(['analyze', 'performance', '--data', data, ...outcomes, '--json'])),
    )
    expect(parse(performanceJson, multi)).toMatchObject({ task: 'multiclass', metrics: { accuracy: { value: 2 / 3 } } })
    const found = parse(performanceJson, regression)
    expect(found).toMatchObject({ task: 'regression', confusion: null })
    expect(found.metrics.mae.value).toBeCloseTo(0.5 / 3, 10)
  })

  it('fairness: by one column and by two', async () => {
    const ask = (group: string) =>
      assay(['analyze', 'fairness', '--data', current, ...outcomes, '--positive', '1', '--group', group, '--json'])
    const [one, two] = (await Promise.all([ask('sex'), ask('sex,age')])).map((ran) => parse(fairnessJson, ran))
    expect(one.groups.map(({ group }) => group)).toEqual([{ sex: 'f' }, { sex: 'm' }])
    expect(one.groups.reduce((sum, { n }) => sum + n, 0)).toBe(600)
    // An age is cut into quarters.
    expect(two.groups).toHaveLength(8)
    expect(one.measures.demographicParityDifference.value).toBeGreaterThan(0)
  })

  it('integrity: what is missing, of the wrong type and never seen', async () => {
    const broken = people(4)
    broken.height = broken.height.map((value, row) => (row < 60 ? '' : row < 90 ? 'tall' : value))
    broken.sex = broken.sex.map((value, row) => (row % 10 === 0 ? 'x' : value))
    const data = files.write('broken.csv', toCsv(broken))
    const ran = await assay(['analyze', 'integrity', '--reference', reference, '--current', data, '--json'])
    const { columns } = parse(integrityJson, ran)
    const of = (name: string) => columns.find((column) => column.name === name)
    expect(of('height')).toMatchObject({ wrongType: 30 })
    expect(of('height')?.missing).toBeGreaterThanOrEqual(60)
    expect(of('sex')).toMatchObject({ unseenCategories: [{ value: 'x', count: 60 }] })
    expect(ran.err.join('\n')).toContain('expected a number, got "tall"')
  })

  it('errors: finds that the old fare worse', async () => {
    const ran = await assay([
      'analyze',
      'errors',
      '--data',
      current,
      ...outcomes,
      '--columns',
      'age,sex,height',
      '--json',
    ])
    const { worst, nodes, n } = parse(errorsJson, ran)
    expect(worst[0]).toMatchObject({ isConfirmed: true, description: expect.stringMatching(/^age above (59|6\d)/) })
    expect(nodes[0]).toMatchObject({ description: 'all rows', n })
  })

  it('takes parameters by name, and refuses others', async () => {
    const base = ['analyze', 'drift', '--reference', reference, '--current', current]
    const ran = await assay([...base, '--set', 'thresholds.psi=0.3', '--set', 'numericMeasure=psi', '--json'])
    expect(parse(driftJson, ran)).toMatchObject({
      parameters: { numericMeasure: 'psi', thresholds: { psi: 0.3, ks: 0.1 } },
    })
    expectFault(await assay([...base, '--set', 'alfa=0.1']), '“alfa”', 'did you mean “alpha”?')
    expectFault(await assay([...base, '--set', 'alpha=lots']), '--set alpha')
    expectFault(await assay([...base, '--set', 'alpha']), 'name=value')
  })
})

describe('files of every kind', () => {
  const columns = people(2)
  const asJsonl = columns.id
    .map((_, row) => JSON.stringify(Object.fromEntries(Object.keys(columns).map((name) => [name, columns[name][row]]))))
    .join('\n')
  const asParquet = new Uint8Array(
    parquetWriteBuffer({
      columnData: Object.entries(columns).map(([name, data]) => ({
        name,
        data,
        type: typeof data[0] === 'string' ? 'STRING' : 'DOUBLE',
      })),
    }),
  )

  it('gives the same answer for CSV, JSON Lines and Parquet', async () => {
    const paths = [current, files.write('current.jsonl', asJsonl), files.write('current.parquet', asParquet)]
    const ran = await Promise.all(
      paths.flatMap((data) => [
        assay(['analyze', 'performance', '--data', data, ...outcomes, '--score', 'score', '--json']),
        assay(['analyze', 'drift', '--reference', reference, '--current', data, '--json']),
      ]),
    )
    const withoutPaths = (one: Ran) => ({ ...JSON.parse(one.out), files: null })
    for (let i = 2; i < ran.length; i++) expect(withoutPaths(ran[i])).toEqual(withoutPaths(ran[i % 2]))
    expect(ran.map(({ code }) => code)).toEqual(ran.map(() => 0))
  })

  it('reads semicolons, a byte order mark, quoted newlines and Windows line ends', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `"a ""quoted""\nname ${i}";${i % 2};${i % 2}`).join('\r\n')
    const data = files.write('semicolon.csv', `\uFEFFname;y;p\r\n${rows}\r\n`)
    const ran = await assay(['analyze', 'performance', '--data', data, ...outcomes, '--json'])
    expect(parse(performanceJson, ran)).toMatchObject({ n: 40, metrics: { accuracy: { value: 1 } } })
    expect(ran.err).toEqual([])
  })

  it('keeps the good rows of a ragged file, and says which are not', async () => {
    const good = Array.from({ length: 40 }, (_, i) => `${i % 2},${i % 2}`)
    const data = files.write('ragged.csv', `y,p\n${[...good, '1', '0,0,0'].join('\n')}\n`)
    const ran = await assay(['analyze', 'performance', '--data', data, ...outcomes, '--json'])
    const { files: facts } = parse(performanceJson.extend({ files: z.strictObject({ data: fileFacts }) }), ran)
    expect(facts.data).toMatchObject({
      rows: 40,
      problemCount: 2,
      problems: [
        { row: 42, message: 'the row has 1 values, the header has 2' },
        { row: 43, message: 'the row has 3 values, the header has 2' },
      ],
    })
    expect(ran.err).toEqual([expect.stringContaining('2 problems: line 42')])
  })

  it('numbers columns of the same name, and says so', async () => {
    const data = files.write('twice.csv', `y,p,y\n${'1,1,0\n0,0,1\n'.repeat(30)}`)
    const ran = await assay(['analyze', 'performance', '--data', data, ...outcomes, '--json'])
    expect(parse(performanceJson, ran).metrics.accuracy.value).toBe(1)
    expect(ran.err).toEqual([expect.stringContaining('names y more than once')])
    const second = await assay([
      'analyze',
      'performance',
      '--data',
      data,
      '--label',
      'y_2',
      '--prediction',
      'p',
      '--json',
    ])
    expect(parse(performanceJson, second).metrics.accuracy.value).toBe(0)
  })

  it('answers with a status where there is too little to judge', async () => {
    const data = files.write('few.csv', 'y,p\n1,1\n0,1\n')
    const ran = await assay(['analyze', 'performance', '--data', data, ...outcomes, '--json'])
    expect(parse(performanceJson, ran).status).toBe('insufficient')
    const one = files.write('one-class.csv', `y,p,g\n${'1,1,a\n'.repeat(50)}`)
    const fair = await assay([
      'analyze',
      'fairness',
      '--data',
      one,
      ...outcomes,
      '--group',
      'g',
      '--positive',
      '1',
      '--json',
    ])
    expect(parse(fairnessJson, fair).status).toBe('insufficient')
    const empty = files.write('no-labels.csv', `y,p,x\n${',1,1\n,0,2\n'.repeat(30)}`)
    const errors = await assay(['analyze', 'errors', '--data', empty, ...outcomes, '--json'])
    expect(parse(errorsJson, errors).status).toBe('insufficient')
  })

  it('holds half a million rows', async () => {
    const random = createRandom(9)
    const lines = ['y,p,score,a,b,c,d,e']
    for (let i = 0; i < 500_000; i++) {
      const y = randomInteger(random, 2)
      lines.push(
        `${y},${randomUniform(random) < 0.9 ? y : 1 - y},${randomUniform(random)},${randomNormal(random)},${randomNormal(random)},${randomUniform(random)},k${randomInteger(random, 30)},${i}`,
      )
    }
    const data = files.write('large.csv', lines.join('\n'))
    // Far less than what the data would take as objects.
    const nodeArguments = ['--max-old-space-size=1500']
    const ran = await assay(['analyze', 'errors', '--data', data, ...outcomes, '--json'], { nodeArguments })
    expect(parse(errorsJson, ran).n).toBe(500_000)
  }, 120_000)
})

describe.concurrent('mistakes', () => {
  const drift = ['analyze', 'drift', '--reference', reference, '--current']
  const performance = ['analyze', 'performance', '--data', current]

  it.each([
    ['an unknown command', ['analise'], 'unknown command', 'Did you mean analyze?'],
    ['an unknown question', ['analyze', 'drit'], 'unknown command', 'Did you mean drift?'],
    ['no question', ['analyze'], 'assay analyze --help'],
    ['an unknown check', ['check', 'perfomance'], 'no check “perfomance”', 'did you mean “performance”?'],
    ['an unknown option', [...drift, current, '--jsn'], "unknown option '--jsn'", 'Did you mean --json?'],
    [
      'options that are missing',
      ['analyze', 'fairness', '--data', current],
      'needs --label and --prediction and --group',
    ],
    ['too many arguments', [...drift, current, 'more.csv'], 'too many arguments'],
    ['an option without its value', [...drift], 'argument missing'],
    ['a missing file', [...drift, `${current}.not`], 'current.csv.not does not exist'],
    ['a folder', [...drift, files.folder], 'is a folder'],
    ['a missing column', [...performance, '--label', 'yy', '--prediction', 'p'], 'no column “yy”', 'did you mean “y”'],
    ['a column like no other', [...performance, '--label', 'income', '--prediction', 'p'], 'there is id, age, height'],
    ['a positive class that nobody has', [...performance, ...outcomes, '--positive', 'yes'], '“yes”', 'there is 0, 1'],
    ['a score for a prediction', [...performance, '--label', 'y', '--prediction', 'score'], 'with --score'],
    ['outcomes that cannot be compared', [...performance, '--label', 'sex', '--prediction', 'p'], 'no class in common'],
    [
      'an unknown task',
      [...performance, ...outcomes, '--task', 'clustering'],
      'ranking',
      'binary, multiclass, regression',
    ],
    ['a column of two roles', [...performance, '--label', 'y', '--prediction', 'y'], 'already the label column'],
    ['a group that is missing', ['analyze', 'fairness', '--data', current, ...outcomes, '--group', 'race'], '“race”'],
    ['a check without a limit', ['check', 'performance', '--data', current, ...outcomes], 'needs a limit'],
    ['an unknown metric', ['check', 'performance', '--data', current, ...outcomes, '--min', 'acuracy=1'], '“accuracy”'],
    [
      'a limit that is none',
      ['check', 'performance', '--data', current, ...outcomes, '--min', 'accuracy'],
      'metric=number',
    ],
    [
      'a limit on a column that is missing',
      ['check', 'drift', '--reference', reference, '--current', current, '--max', 'psi:hight=1'],
      '“height”',
    ],
    ['a way to judge that is none', ['check', 'drift', '--judge', 'kindly'], 'kindly'],
    ['a port that is none', ['serve', '--port', '99999'], '--port'],
    ['a workspace that is missing', ['check', '--workspace', `${files.folder}/none`], 'does not exist'],
    [
      'a folder that is no workspace',
      ['export', '--workspace', files.folder, '--out', 'x', '--reason', 'test'],
      'holds no workspace',
    ],
  ])('%s is one line on standard error, and code 2', async (_, words, ...parts) => {
    expectFault(await assay(words as string[]), ...(parts as string[]))
  })

  it.each([
    ['empty.csv', '', 'is empty'],
    ['header-only.csv', 'age,height\n', 'has no rows'],
    ['all-ragged.csv', 'age,height\n1\n2\n', 'no row that can be read'],
    [
      'binary.csv',
      new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0]),
      'is not a CSV, JSON Lines or Parquet file',
    ],
    ['utf16.csv', Buffer.from('\uFEFFage,height\n1,2\n', 'utf16le'), 'UTF-16'],
    ['cut.parquet', 'PAR1 and then nothing', 'no Parquet file that can be read'],
    ['array.json', '[{"age":1},{"age":2}]', 'no line can be read as a row; the line is not one JSON object'],
    ['other.csv', 'colour,weight\nred,1\n', 'have no column in common'],
  ])('a file that cannot be used: %s', async (name, content, part) => {
    expectFault(await assay([...drift, files.write(name, content)]), name, part)
  })
})

describe('check', () => {
  const performance = ['check', 'performance', '--data', current, ...outcomes]

  it('ends with 0 when limits hold and with 1 when one is broken', async () => {
    const [held, broken] = await Promise.all([
      assay([...performance, '--min', 'accuracy=0.5', '--max', 'falseNegatives=1e9'].slice(0, -2)),
      assay([...performance, '--min', 'accuracy=0.5', '--min', 'recall=0.99']),
    ])
    expect(held).toMatchObject({ code: 0, err: [] })
    expect(held.out).toMatch(/^PASSED {2}performance: the limit holds\n\nverdict/)
    expect(broken).toMatchObject({ code: 1, err: [] })
    expect(broken.out).toMatch(/^FAILED {2}performance: 1 of 2 limits broken/)
    expect(broken.out).toMatch(/\nbreach +recall /)
  })

  it('says it to machines too', async () => {
    const ran = await assay([...performance, '--min', 'recall=0.99', '--min', 'f1:1=0.1', '--json'])
    const found = parse(checkJson, ran, 1)
    expect(found.passed).toBe(false)
    expect(found.results).toMatchObject([
      { metric: 'recall', of: null, direction: 'min', limit: 0.99, outcome: 'breach' },
      { metric: 'f1', of: '1', outcome: 'ok' },
    ])
    expect(found.analysis).toMatchObject({ question: 'performance', n: 600 })
  })

  it('can ask for proof of good, or for proof of bad', async () => {
    const accuracy = parse(
      performanceJson,
      await assay(['analyze', 'performance', '--data', current, ...outcomes, '--json']),
    ).metrics.accuracy
    const inside = String(((accuracy.interval?.[0] ?? 0) + (accuracy.value ?? 0)) / 2)
    const above = String(((accuracy.interval?.[1] ?? 0) + (accuracy.value ?? 0)) / 2)
    const ask = async (limit: string, judging: string) =>
      (await assay([...performance, '--min', `accuracy=${limit}`, '--judge', judging])).code
    expect(await ask(inside, 'value')).toBe(0)
    expect(await ask(inside, 'strict')).toBe(1)
    expect(await ask(above, 'value')).toBe(1)
    expect(await ask(above, 'lenient')).toBe(0)
  })

  it('is never green because it is empty', async () => {
    const few = files.write('few-rows.csv', 'y,p\n1,1\n0,0\n1,1\n')
    const ask = (...more: string[]) =>
      assay(['check', 'performance', '--data', few, ...outcomes, '--min', 'accuracy=0.5', ...more])
    expect(await ask()).toMatchObject({ code: 1, out: expect.stringContaining('without enough rows') })
    expect((await ask('--allow-insufficient')).code).toBe(0)
    expect((await ask('--min-n', '2')).code).toBe(0)
  })

  it('judges drift by itself, or by limits on one column or all', async () => {
    const ask = async (data: string, ...more: string[]) =>
      (await assay(['check', 'drift', '--reference', reference, '--current', data, ...more])).code
    expect(await ask(current)).toBe(0)
    expect(await ask(shifted)).toBe(1)
    expect(await ask(shifted, '--max', 'psi:age=0.2')).toBe(0)
    expect(await ask(shifted, '--max', 'psi:height=0.2')).toBe(1)
    expect(await ask(shifted, '--max', 'psi=0.2')).toBe(1)
    expect(await ask(shifted, '--max', 'driftedShare=0.5')).toBe(0)
  })

  it('judges every group of a fairness check', async () => {
    const ask = async (...more: string[]) =>
      (await assay(['check', 'fairness', '--data', current, ...outcomes, '--positive', '1', '--group', 'sex', ...more]))
        .code
    expect(await ask('--min', 'accuracy:*=0.5')).toBe(0)
    expect(await ask('--min', 'accuracy:sex=f=0.99')).toBe(1)
    expect(await ask('--max', 'demographicParityDifference=0.001')).toBe(1)
  })
})

describe('npm run -s assay', () => {
  it('builds in silence, passes arguments and exit codes through, and reads paths from where it was called', async () => {
    const npm = (...words: string[]) =>
      run('npm', ['--prefix', repository, 'run', '-s', 'assay', '--', ...words], files.folder)
    const held = await npm(
      'check',
      'performance',
      '--data',
      'current.csv',
      ...outcomes,
      '--min',
      'accuracy=0.5',
      '--json',
    )
    expect(parse(checkJson, held).passed).toBe(true)
    expect(held.err).toEqual([])
    const broken = await npm('check', 'performance', '--data', 'current.csv', ...outcomes, '--min', 'accuracy=1')
    expect(broken.code).toBe(1)
    expectFault(
      await npm('analyze', 'drift', '--reference', 'none.csv', '--current', 'current.csv'),
      'none.csv does not exist',
    )
  }, 120_000)
})
