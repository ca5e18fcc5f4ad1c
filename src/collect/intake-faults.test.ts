import { describe, expect, it } from 'vitest'
import { makeDirectory, makeSink, timeBounds } from '../../test/support/intake-double.ts'
import { createIntake } from './intake.ts'
import type { Translated, Translator } from './mapping/translator.ts'

const now = Date.UTC(2026, 5, 1)

function setUp(translate: Translator['translate']) {
  const sink = makeSink()
  const intake = createIntake({
    append: sink.append,
    putBlob: sink.putBlob,
    resolve: makeDirectory(),
    now: () => now,
    timeBounds,
    translator: { translate },
  })
  const send = (payload: string) =>
    intake.offer({
      ...{ connectionId: 'con_1', via: 'mqtt', source: 'factory/7', route: null },
      payload: Buffer.from(payload),
    })
  return { sink, send }
}

describe('a message that is out of the ordinary', () => {
  it('may bring more values than a call takes arguments', async () => {
    const many = 150_000
    const values = Object.fromEntries(Array.from({ length: many }, (_, index) => [`c${index}`, index]))
    const translated: Translated = {
      parts: [{ route: { kind: 'telemetry', key: 'box-1' }, elements: [{ at: now - 1000, values }] }],
      refused: [],
      mapping: { explain: (refusal) => refusal },
    }
    const { sink, send } = setUp(() => [translated])
    expect(await send('{}')).toMatchObject({ accepted: many, refused: [] })
    expect(sink.points.size).toBe(many)
  })

  it('is kept as a dead letter when the console itself fails on it, and holds up nobody', async () => {
    const { sink, send } = setUp((_, { payload }) => {
      if (Buffer.from(payload).toString() === 'poison') throw new RangeError('too deep')
      return []
    })
    const [outcome] = await Promise.all([send('poison'), send('other')])
    expect(outcome).toMatchObject({ accepted: 0, refused: [{ code: 'wrong-shape' }] })
    expect(sink.letters.map(({ reason }) => reason)).toEqual([
      'the console failed to read it: RangeError: too deep',
      expect.stringContaining('none of the documented topics'),
    ])
    expect(Buffer.from(sink.letters[0].payloadBase64, 'base64').toString()).toBe('poison')
  })
})
