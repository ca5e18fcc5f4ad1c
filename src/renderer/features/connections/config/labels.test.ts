import { describe, expect, it } from 'vitest'
import { readLabels, writeLabels } from './labels.ts'

describe('labels as text', () => {
  it('are read as they are written, and bare values too', () => {
    const labels = { mode: 'idle', path: 'a"b\\c, d', code: '5*' }
    expect(readLabels(writeLabels(labels))).toEqual(labels)
    expect(readLabels('mode=idle, cpu="0" ')).toEqual({ mode: 'idle', cpu: '0' })
    expect(readLabels('  ')).toEqual({})
  })
  it('are refused where something else stands', () => {
    for (const text of ['mode', '{mode="idle"}', 'mode="idle', '1a="x"', 'a="b" c="d"'])
      expect(readLabels(text)).toBeNull()
  })
})
