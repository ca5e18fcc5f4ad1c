import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { MethodName } from '../../../src/contract/api.ts'
import { command, query } from '../../../src/contract/rpc.ts'
import { createClient } from '../../../src/renderer/rpc/client.ts'
import { createPortPair } from '../../../src/server/ports.ts'
import type { EventHub } from '../../../src/service/rpc/event-hub.ts'
import type { Handler, Handlers } from '../../../src/service/rpc/handlers.ts'
import { handlersWith } from '../../support/rpc.ts'

const [, page] = createPortPair()
const client = createClient(page as Parameters<typeof createClient>[0])
declare const hub: EventHub
const empty = z.strictObject({})

/** Never run: each line must not compile, which the type check of the tests proves. */
async function mustNotCompile(): Promise<void> {
  // @ts-expect-error -- there is no such method
  await client.call('jobs.lst', {})
  // @ts-expect-error -- an event is not a method
  await client.call('job.updated', {})
  // @ts-expect-error -- a field of the input has the wrong type
  await client.call('jobs.cancel', { id: 7 })
  // @ts-expect-error -- a field of the input is missing
  await client.call('jobs.cancel', {})
  // @ts-expect-error -- the output has no such field
  ;(await client.call('files.read', { digest: '' })).bytes
  // @ts-expect-error -- a method is not an event
  client.subscribe('jobs.list', () => {})
  // @ts-expect-error -- the payload has no such field
  client.subscribe('records.changed', ({ names }) => names)
  // @ts-expect-error -- a payload of the wrong shape
  hub.publish('records.changed', { kinds: 'alert' })
  // @ts-expect-error -- a method without roles
  query({ input: empty, output: empty })
  // @ts-expect-error -- an empty list of roles
  command({ roles: [], input: empty, output: empty })
  // @ts-expect-error -- a role that does not exist
  command({ roles: ['root'], input: empty, output: empty })
  // @ts-expect-error -- a reply of the wrong shape
  const wrongReply: Handler<'jobs.list'> = async () => [{ id: 'job_1' }]
  // @ts-expect-error -- the input that the handler reads is not what the contract declares
  const wrongInput: Handler<'jobs.cancel'> = async (input: { id: number }) => String(input.id)
  const { 'jobs.list': _left, ...rest } = handlersWith({})
  // @ts-expect-error -- one handler is missing
  const missing: Handlers = rest
  void [wrongReply, wrongInput, missing]
}

describe('the types of the contract', () => {
  it('refuse at compile time what the lines above try', () => {
    // The claim is checked by the type check; here only that the names they rely on exist.
    expect(mustNotCompile).toBeTypeOf('function')
    const names: MethodName[] = ['jobs.list', 'jobs.cancel', 'files.read']
    const handlers = handlersWith({})
    for (const name of names) expect(handlers[name]).toBeTypeOf('function')
  })
})
