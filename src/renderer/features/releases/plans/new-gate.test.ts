import { describe, expect, it } from 'vitest'
import { gate as gateSchema } from '../../../../contract/release.ts'
import { gateForms } from './gate-fields.ts'
import { defaultGates, newGate } from './new-gate.ts'

const column = (name: string, isGroup: boolean) => ({
  name,
  type: 'categorical' as const,
  role: 'context' as const,
  isGroup,
  isRequired: true,
})
const ground = {
  task: 'binary' as const,
  positiveClass: 'dog',
  columns: [column('light', true), column('breed', false)],
}

describe('gates to begin with', () => {
  it('are valid, of every kind, under different ids', () => {
    const gates = defaultGates(ground)
    for (const each of gates) expect(gateSchema.safeParse(each).error).toBeUndefined()
    expect(new Set(gates.map(({ kind }) => kind))).toEqual(new Set(Object.keys(gateForms)))
    expect(new Set(gates.map(({ id }) => id)).size).toBe(gates.length)
  })
  it('ask of no group where none is declared', () => {
    expect(defaultGates({ ...ground, columns: [] }).some(({ kind }) => kind === 'fairness')).toBe(false)
    expect(defaultGates({ ...ground, task: 'regression' })[0]).toMatchObject({ metric: 'r2' })
  })
  it('never take an id twice', () => {
    expect(newGate('latency', ['latency', 'latency-2'], null).id).toBe('latency-3')
  })
  it('have a field for everything that can be set', () => {
    for (const each of defaultGates(ground)) {
      const fields = gateForms[each.kind].fields.map(({ name }) => name)
      expect(new Set(['id', 'title', 'kind', ...fields])).toEqual(new Set(Object.keys(each)))
    }
  })
})
