import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash, X509Certificate } from 'node:crypto'
import { faultOfTemplate } from '../../collect/endpoints/json-template.ts'
import type { Connection, ConnectionConfig } from '../../contract/connection.ts'
import type { Target } from '../../contract/finding.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import { keepsPlaces } from '../collection/connection-address.ts'
import { fieldNames, readSecret, secretSlots, tlsOf } from '../collection/connection-secrets.ts'
import { testConnection } from '../collection/connection-test.ts'
import { askVault, enteredSecret, prepareSecrets } from '../collection/store-secrets.ts'
import type { ServiceContext } from '../context.ts'
import type { Collection } from '../rooms.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { createTurns } from '../session/in-turn.ts'

export interface ConnectionHandlerParts {
  readonly context: ServiceContext
  readonly collection: Pick<Collection, 'stateOf'>
  /** Gives a new endpoint its monitors and limits. */
  readonly addDefaults: (target: Target, caller: Caller) => Promise<void>
}

const invalid = (path: string, message: string) =>
  new RpcError('invalid-input', message, { issues: [{ path, message }] })

function checkCertificate(pem: string | null | undefined, path: string): void {
  if (pem)
    try {
      new X509Certificate(pem)
    } catch {
      throw invalid(`connection.config.${path}`, 'This is not a certificate in PEM form (-----BEGIN CERTIFICATE-----)')
    }
}

/** Faults of a configuration that its shape does not show. */
function checkConfig(config: ConnectionConfig, id: string, others: readonly Connection[]): void {
  const tls = tlsOf(config)
  checkCertificate(tls?.caPem, 'tls.caPem')
  checkCertificate(tls?.certPem, 'tls.certPem')
  if (tls && (tls.certPem === null) !== (tls.keySecret === null))
    throw invalid('connection.config.tls.certPem', 'A client certificate and its private key belong together')
  if (config.kind === 'endpoint' && config.protocol === 'json') {
    const fault = faultOfTemplate(config.template)
    if (fault !== null) throw invalid('connection.config.template.body', fault)
  }
  if (config.kind !== 'mqtt') return
  checkCertificate(config.caPem, 'caPem')
  checkCertificate(config.identity?.certPem, 'identity.certPem')
  const same = others.find(
    (other) =>
      other.id !== id &&
      other.config.kind === 'mqtt' &&
      other.config.clientId === config.clientId &&
      keepsPlaces(other.config, config),
  )
  if (same !== undefined)
    throw new RpcError(
      'conflict',
      `“${same.name}” has the same client id at this broker: each would throw the other out. Choose another client id`,
    )
}

/** Connections and their secrets. */
export function createConnectionHandlers(parts: ConnectionHandlerParts): HandlersOf<'connections'> {
  const { context, collection, addDefaults } = parts
  const { store, vault, now, newId } = context
  const { records } = store
  // What the new endpoint gets by itself has an audit entry of its own, which is not the command's.
  const outsideOfCalls = AsyncLocalStorage.snapshot()
  const inTurn = createTurns()

  async function requireConnection(id: string) {
    const found = await records.get('connection', id)
    if (found === null) throw new RpcError('not-found', 'There is no such connection')
    return found
  }

  const draft = (
    caller: Caller,
    action: string,
    { id, name, isEnabled, config: { kind } }: Connection,
    details: Record<string, string[]> = {},
  ) =>
    draftOf(caller, now(), {
      action,
      subject: { kind: 'connection', id, name },
      details: { kind, isEnabled, ...details },
    })

  return {
    'connections.list': async () => {
      const all = await records.list('connection')
      const heldOf = new Map((await store.intake.heldCounts()).map(({ connectionId, count }) => [connectionId, count]))
      return all.map(({ revision, record }) => {
        const { counters, ...state } = collection.stateOf(record)
        const held = heldOf.get(record.id)
        return {
          revision,
          record,
          state: { ...state, counters: held === undefined ? counters : { ...counters, held } },
        }
      })
    },

    'connections.save': (input, { caller }) =>
      inTurn(input.id ?? 'new', async () => {
        const { id: given, revision, connection, secrets } = input
        const before = given === null ? null : await requireConnection(given)
        if (before !== null && before.revision !== revision)
          throw new RpcError('stale', 'Somebody else has changed this connection since it was shown')
        if (before === null && connection.config.kind === 'ingest')
          throw new RpcError('refused', 'A push connection is made together with its token')
        if (before !== null && before.record.config.kind !== connection.config.kind)
          throw new RpcError('refused', 'A connection keeps its kind; make a new one')
        const id = given ?? newId('con')
        checkConfig(
          connection.config,
          id,
          (await records.list('connection')).map(({ record }) => record),
        )
        const prepared = await prepareSecrets(vault, id, connection.config, secrets, before?.record ?? null)
        let { config } = prepared
        if (config.kind === 'ingest' && before?.record.config.kind === 'ingest')
          config = { ...config, tokenDigest: before.record.config.tokenDigest }
        const record: Connection = { ...connection, id, config, createdAt: before?.record.createdAt ?? now() }
        const takeBack = await prepared.store()
        let revisions: readonly number[]
        try {
          revisions = await commitOrRefuse(
            records,
            [{ kind: 'connection', record, revision: before?.revision ?? null }],
            draft(caller, 'connections.save', record, { newSecrets: [...prepared.changed] }),
          )
        } catch (error) {
          await takeBack()
          throw error
        }
        await askVault(() => prepared.forgetUnused())
        if (before === null && config.kind === 'endpoint')
          await outsideOfCalls(() => addDefaults({ type: 'connection', id }, caller))
        return { revision: revisions[0], record }
      }),

    'connections.setEnabled': async ({ id, revision, isEnabled }, { caller }) => {
      const { record: before } = await requireConnection(id)
      const record: Connection = { ...before, isEnabled }
      const [next] = await commitOrRefuse(
        records,
        [{ kind: 'connection', record, revision }],
        draft(caller, 'connections.setEnabled', record),
      )
      return { revision: next, record }
    },

    'connections.test': async ({ config, secrets }, { signal }) => {
      const slots = secretSlots(config)
      const values = new Map<string, string>()
      for (const slot of slots) {
        const entered = enteredSecret(secrets, slot)
        if (entered !== null) values.set(slot.name, entered)
        else {
          // A stored secret is used only where it is used anyway.
          const owner = (await records.list('connection')).find(
            ({ record }) =>
              keepsPlaces(record.config, config) && secretSlots(record.config).some(({ name }) => name === slot.name),
          )
          if (owner === undefined)
            return { isOk: false, message: `Enter the ${fieldNames[slot.field]} to try this connection`, facts: {} }
          values.set(slot.name, await readSecret(vault, slot))
        }
      }
      return await testConnection(config, { context, secret: async (name) => values.get(name), signal })
    },

    'connections.createIngestToken': async ({ key, name, acceptsNewDevices }, { caller }) => {
      const token = Buffer.from(context.accounts.random(32)).toString('base64url')
      const record: Connection = {
        id: newId('con'),
        key,
        name,
        isEnabled: true,
        config: {
          kind: 'ingest',
          tokenDigest: createHash('sha256').update(token, 'utf8').digest('hex'),
          acceptsNewDevices,
        },
        createdAt: now(),
      }
      const [revision] = await commitOrRefuse(
        records,
        [{ kind: 'connection', record, revision: null }],
        draft(caller, 'connections.createIngestToken', record),
      )
      return { connection: { revision, record }, token }
    },
  }
}
