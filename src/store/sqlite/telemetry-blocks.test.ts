import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRandom, randomInteger } from '../../stats/random.ts'
import { type Connection, openDatabase } from './database.ts'
import { migrate } from './migrations/migrate.ts'
import { makeTelemetryBlocks, type TelemetryBlocks } from './telemetry-blocks.ts'

describe('blocks of telemetry', () => {
  let folder: string
  let connection: Connection
  let blocks: TelemetryBlocks
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-blocks-'))
    connection = openDatabase(join(folder, 'workspace.sqlite'), 'write', () => undefined)
    migrate(connection.db, folder)
    connection.db.exec(`INSERT INTO symbol VALUES (1, 'dev_1'); INSERT INTO series VALUES (1, 1, 'a', 0, 0, 0, 0, 0)`)
    blocks = makeTelemetryBlocks(connection)
  })
  afterEach(() => {
    connection.db.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const add = (times: readonly number[]) => {
    const at = Float64Array.from(times).sort()
    blocks.add(1, { at, value: at.map((time) => -time) })
  }
  const range = (from: number, to: number, step = 10) =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step)
  const all = () => blocks.overlaps(1, 0, Number.MAX_SAFE_INTEGER)
  const refs = () => all().map(({ ref }) => ref)

  /** Every instant once, in order, with its value; no block reaches into the next. */
  function expectWhole(times: Iterable<number>): void {
    const found = all()
    const at = found.flatMap((block) => [...block.at])
    expect(at).toEqual([...times].sort((a, b) => a - b))
    expect(found.flatMap((block) => [...block.value])).toEqual(at.map((time) => -time))
  }

  it('are rewritten where late points fall, and nowhere else', () => {
    const year = range(100_000, 1_100_000)
    add(year)
    const before = refs()
    expect(before.length).toBeGreaterThan(20)
    const late = [5, 100_003, 555_555]
    const fresh = range(1_100_000, 1_110_000)
    add([...late, ...fresh])
    expectWhole([...late, ...year, ...fresh])
    expect(before.filter((ref) => !refs().includes(ref))).toHaveLength(2)
  })

  it('hold every instant once, in whatever order the points come', () => {
    const random = createRandom(5)
    const known = new Set<number>()
    for (let round = 0; round < 30; round++) {
      const from = randomInteger(random, 400_000)
      const width = 1 + randomInteger(random, round % 3 === 0 ? 500_000 : 9_000)
      const fresh = new Set(Array.from({ length: 3000 }, () => from + randomInteger(random, width)))
      const added = [...fresh].filter((at) => !known.has(at))
      for (const at of added) known.add(at)
      add(added)
    }
    expectWhole(known)
  })
})
