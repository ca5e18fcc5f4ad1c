import { compileMapping } from '../../collect/mapping/compile-mapping.ts'
import { MappingFault } from '../../collect/mapping/mapping-fault.ts'
import { readyMappings } from '../../collect/mapping/ready-mappings.ts'
import { compileTopicPattern } from '../../collect/mapping/topic-pattern.ts'
import { listenMqtt } from '../../collect/mqtt-listen.ts'
import { toRawMessage } from '../../collect/recent-messages.ts'
import type { Mapping } from '../../contract/mapping.ts'
import { RpcError } from '../../contract/rpc.ts'
import { readSecrets } from '../collection/connection-secrets.ts'
import type { ServiceContext } from '../context.ts'
import type { Collection } from '../rooms.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

const mostRecentShown = 100

/** Runs what compiles a mapping or a part of one; what is wrong with it is told as invalid input. */
function compiled<T>(compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    if (error instanceof MappingFault)
      throw new RpcError('invalid-input', error.message, {
        issues: [{ path: `spec.${error.where}`, message: error.message }],
      })
    throw error
  }
}

/** How messages that are not of the documented shapes are read. */
export function createMappingHandlers(
  { store: { records }, vault, now, newId }: Pick<ServiceContext, 'store' | 'vault' | 'now' | 'newId'>,
  { mapping: room }: Pick<Collection, 'mapping'>,
): HandlersOf<'mappings'> {
  async function requireConnection(id: string) {
    const found = await records.get('connection', id)
    if (found === null) throw new RpcError('not-found', 'There is no such connection')
    return found.record
  }

  return {
    'mappings.list': ({ connectionId }) => records.list('mapping', { link: 'connectionId', id: connectionId }),

    'mappings.history': async ({ id }) => {
      const names = new Map((await records.list('user')).map(({ record }) => [record.id, record.name]))
      const history = await records.history('mapping', id)
      if (history.length === 0) throw new RpcError('not-found', 'There is no such mapping')
      return history.reverse().map((version) => ({
        ...version,
        authorName: names.get(version.record.authorId) ?? version.record.authorId,
      }))
    },

    'mappings.ready': async () => [...readyMappings],

    'mappings.recent': async ({ connectionId }) =>
      room.recent(connectionId).slice(0, mostRecentShown).map(toRawMessage),

    'mappings.listen': async ({ connectionId, topic, seconds }, { signal }) => {
      const { filter } = compiled(() => compileTopicPattern(topic))
      const { config } = await requireConnection(connectionId)
      if (config.kind !== 'mqtt')
        throw new RpcError('refused', 'Only a broker can be listened to; what is pushed shows by itself')
      const { password = null, tlsKey = null } = await readSecrets(vault, config)
      const { heard, problem } = await listenMqtt(config, { password, tlsKey }, filter, seconds * 1000, signal)
      for (const message of heard) room.note(connectionId, message)
      return { heard: heard.length, problem }
    },

    'mappings.preview': async ({ connectionId, spec }) => {
      const { problem, rows } = room.preview(connectionId, spec)
      return { problem, rows: [...rows] }
    },

    'mappings.save': async ({ id, revision, connectionId, isEnabled, spec, reason }, { caller }) => {
      if (caller.userId === null) throw new RpcError('forbidden', 'A mapping needs an author')
      compiled(() => compileMapping(spec))
      const { name, config } = await requireConnection(connectionId)
      if (config.kind !== 'mqtt' && config.kind !== 'ingest')
        throw new RpcError('refused', `Nothing that could be mapped comes through “${name}”`)
      const before = id === null ? null : await records.get('mapping', id)
      if (id !== null && before === null) throw new RpcError('not-found', 'There is no such mapping')
      if (before !== null && before.record.connectionId !== connectionId)
        throw new RpcError('refused', 'A mapping stays with its connection; make a new one')
      const record: Mapping = {
        id: id ?? newId('map'),
        ...{ connectionId, isEnabled, spec, reason },
        authorId: caller.userId,
        savedAt: now(),
      }
      const [saved] = await commitOrRefuse(
        records,
        [{ kind: 'mapping', record, revision }],
        draftOf(caller, now(), {
          action: 'mappings.save',
          subject: { kind: 'mapping', id: record.id, name: spec.name },
          reason,
          details: { connection: name, topic: spec.topic, makes: spec.makes, isEnabled, isNew: id === null },
        }),
      )
      return { revision: saved, record }
    },
  }
}
