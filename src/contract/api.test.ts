import { describe, expect, expectTypeOf, it } from 'vitest'
import { type Api, api, type InputOf, type MethodName, type OutputOf } from './api.ts'
import { recordKinds } from './records.ts'

describe('the contract', () => {
  it('names every method noun.verb and gives each at least one role', () => {
    for (const [name, entry] of Object.entries(api)) {
      expect(name).toMatch(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/)
      expect(entry.roles.length, name).toBeGreaterThan(0)
    }
  })

  it('keeps every section: no name is declared twice', async () => {
    const sections = await Promise.all([
      import('./api/session.ts').then((m) => m.sessionApi),
      import('./api/workspace.ts').then((m) => m.workspaceApi),
      import('./api/models.ts').then((m) => m.modelsApi),
      import('./api/monitoring.ts').then((m) => m.monitoringApi),
      import('./api/governance.ts').then((m) => m.governanceApi),
      import('./api/explanations.ts').then((m) => m.explanationsApi),
      import('./api/collection.ts').then((m) => m.collectionApi),
      import('./api/slices.ts').then((m) => m.slicesApi),
    ])
    const declared = sections.reduce((sum, section) => sum + Object.keys(section).length, 0)
    expect(Object.keys(api)).toHaveLength(declared)
  })

  it('links only to kinds that exist, by fields that exist', () => {
    for (const [kind, { schema, links }] of Object.entries(recordKinds)) {
      for (const [field, linked] of Object.entries(links)) {
        expect(Object.keys(schema.shape), `${kind}.${field}`).toContain(field)
        expect(Object.keys(recordKinds)).toContain(linked)
      }
    }
  })

  it('types inputs and outputs by name', () => {
    expectTypeOf<InputOf<'alerts.acknowledge'>>().toEqualTypeOf<{ id: string; revision: number }>()
    expectTypeOf<OutputOf<'overview.get'>['storedSamples']>().toEqualTypeOf<number>()
    expectTypeOf<'records.changed'>().not.toExtend<MethodName>()
    expectTypeOf<Api['models.list']['kind']>().toEqualTypeOf<'query'>()
  })
})
