import { describe, expect, it } from 'vitest'
import { auditDraft } from '../contract/audit.ts'
import { buildAuditDraft, masked, systemCaller } from './audit-entry.ts'

const build = (details: Record<string, unknown>) =>
  buildAuditDraft({
    at: 1,
    caller: { userId: 'usr_1', name: 'Ada', roles: ['qa-expert'] },
    command: 'x.y',
    subject: null,
    reason: 'because',
    details,
  })

describe('buildAuditDraft', () => {
  it('masks what is named like a secret, at any depth, and keeps the rest', () => {
    const { details } = build({
      id: 'con_1',
      password: 'hunter2',
      config: {
        auth: { kind: 'bearer', secret: 'name-of-it' },
        passwordSecret: null,
        url: 'mqtt://me:hunter2@host:1883/a',
      },
      secrets: { 'broker/password': 'hunter2' },
      signature: { meaning: 'review', reason: 'r', password: 'hunter2' },
      list: [{ apiKey: 'hunter2', digest: 'abc' }],
      tokenDigest: 'abc',
    })
    expect(JSON.stringify(details)).not.toContain('hunter2')
    expect(JSON.stringify(details)).not.toContain('broker/password')
    expect(details).toMatchObject({
      id: 'con_1',
      password: masked,
      secrets: masked,
      signature: masked,
      config: { auth: { kind: 'bearer', secret: masked }, passwordSecret: null, url: `mqtt://${masked}@host:1883/a` },
      list: [{ apiKey: masked, digest: 'abc' }],
      tokenDigest: 'abc',
    })
  })
  it('makes a valid draft of whatever it is given', () => {
    let deep: unknown = 1
    for (let level = 0; level < 50; level += 1) deep = { deep }
    const draft = build({
      deep,
      nan: Number.NaN,
      gone: undefined,
      big: 'x'.repeat(9000),
      many: Array(500).fill(1),
      bytes: new Uint8Array(9),
      fn: () => 1,
      lone: '\ud800',
    })
    expect(auditDraft.parse(draft)).toEqual(draft)
    expect(draft.details).not.toHaveProperty('gone')
    expect((draft.details.big as string).length).toBe(4000)
    expect((draft.details.many as unknown[]).at(-1)).toBe('[400 more]')
  })
  it('does not fall for a hostile name', () => {
    const { details } = build(JSON.parse('{"__proto__": {"polluted": true}}'))
    expect(Object.hasOwn(details, '__proto__')).toBe(true)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
  it('knows the system', () =>
    expect(
      buildAuditDraft({ at: 1, caller: systemCaller, command: 'system.retention', subject: null, reason: null }).actor,
    ).toEqual({
      id: null,
      name: 'Assay',
      roles: [],
    }))
})
