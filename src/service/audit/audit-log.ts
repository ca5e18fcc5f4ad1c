import type { AuditEntry, Checkpoint } from '../../contract/audit.ts'
import { RpcError } from '../../contract/rpc.ts'
import { decodeHex, encodeHex } from '../../rules/proof/bytes.ts'
import type { ServiceContext } from '../context.ts'
import { merkle } from '../proof/merkle.ts'
import type { Signer } from '../proof/signers.ts'
import { runLater, type Schedule } from '../rpc/event-hub.ts'
import { type Signing, signLog } from './checkpoints.ts'
import { createLogTree } from './log-tree.ts'
import { knownWorkspaceKeys, openWorkspaceKey } from './workspace-key.ts'

export interface InclusionProof {
  readonly entry: AuditEntry
  readonly leafHash: string
  readonly checkpoint: Checkpoint
  readonly path: string[]
  readonly isIncluded: boolean
}

/** The log of everything that was decided, signed at intervals. */
export interface AuditLog {
  start(): Promise<void>
  /** Signs what has come since the newest checkpoint; null while the workspace has not been set up. */
  signNow(): Promise<Signing | null>
  /** The workspace's key, made at need; rejects while the workspace has not been set up. */
  key(): Promise<Signer>
  /** Id of that key; null while it has not been opened. */
  keyId(): string | null
  prove(index: number): Promise<InclusionProof>
  /** Hashes that prove that the log at `newSize` extends the one at `oldSize`, and so on; see RFC 9162. */
  consistencyPath(oldSize: number, newSize: number): Promise<string[]>
  inclusionPath(index: number, size: number): Promise<string[]>
  close(): Promise<void>
}

/** A burst of commands is signed once it has been quiet for so long, … */
const quietMs = 3000
/** … but no later than this after it began; and the log is looked at so often in any case. */
const longestMs = 30_000
const lookEveryMs = 3_600_000

export function createAuditLog(
  context: Pick<ServiceContext, 'store' | 'vault' | 'settings' | 'commits' | 'log' | 'now'>,
  schedule: Schedule = runLater,
): AuditLog {
  const { store, vault, now, log } = context
  const tree = createLogTree(store.audit)
  let signer: Promise<Signer> | null = null
  let keyId: string | null = null
  let lastSigning: Promise<unknown> = Promise.resolve()
  let burstBeganAt: number | null = null
  let cancelNext: (() => void) | null = null
  let stopListening: (() => void) | null = null
  let isClosed = false

  /** Its origin is part of what is signed, and is fixed by the set-up. */
  const isSetUp = async () => (await store.records.get('settings', 'set_workspace')) !== null

  async function key(): Promise<Signer> {
    if (!(await isSetUp())) throw new RpcError('unavailable', 'This workspace has not been set up yet')
    signer ??= openWorkspaceKey({ vault, store, now })
    try {
      const opened = await signer
      keyId = opened.keyId
      return opened
    } catch (error) {
      signer = null
      throw error
    }
  }

  async function sign(): Promise<Signing | null> {
    if (!(await isSetUp())) return null
    const own = await key()
    const { logOrigin: origin } = await context.settings()
    const keys = await knownWorkspaceKeys(store.audit)
    const signing = await signLog({ audit: store.audit, tree, signer: own, keys, origin, now })
    if (signing.status === 'refused')
      log.error({ problem: signing.problem }, 'The audit log was not signed: it is not what was signed before')
    return signing
  }

  function signNow(): Promise<Signing | null> {
    const signing = lastSigning.catch(() => undefined).then(sign)
    lastSigning = signing
    return signing
  }

  function plan(delayMs: number): void {
    cancelNext?.()
    if (isClosed) return
    cancelNext = schedule(() => {
      burstBeganAt = null
      signNow()
        .catch((error: unknown) => log.error({ error }, 'The audit log could not be signed'))
        .finally(() => {
          if (burstBeganAt === null) plan(lookEveryMs)
        })
    }, delayMs)
  }

  return {
    key,
    keyId: () => keyId,
    signNow,
    async start() {
      stopListening = context.commits.listen(() => {
        burstBeganAt ??= now()
        plan(Math.max(0, Math.min(quietMs, burstBeganAt + longestMs - now())))
      })
      await signNow()
      plan(lookEveryMs)
    },

    async prove(index) {
      const found = await store.audit.entry(index)
      if (found === null) throw new RpcError('not-found', 'There is no such entry in the log')
      const checkpoint = await store.audit.newestCheckpoint()
      if (checkpoint === null || checkpoint.size <= index)
        throw new RpcError(
          'unavailable',
          'This entry is not covered by a signed checkpoint yet; one follows within seconds',
        )
      await tree.extendTo(checkpoint.size)
      const proof = merkle.inclusionProof(tree.source, index, checkpoint.size)
      // Of the entry as it reads now, not of the hash stored beside it.
      const leafHash = merkle.hashLeaf(Buffer.from(found.canonical, 'utf8'))
      return {
        entry: found.entry,
        leafHash: encodeHex(leafHash),
        checkpoint,
        path: proof.map(encodeHex),
        isIncluded: merkle.verifyInclusion({
          leafHash,
          index,
          size: checkpoint.size,
          proof,
          root: decodeHex(checkpoint.rootHash) ?? new Uint8Array(0),
        }),
      }
    },
    async consistencyPath(oldSize, newSize) {
      await tree.extendTo(newSize)
      return merkle.consistencyProof(tree.source, oldSize, newSize).map(encodeHex)
    },
    async inclusionPath(index, size) {
      await tree.extendTo(size)
      return merkle.inclusionProof(tree.source, index, size).map(encodeHex)
    },
    async close() {
      isClosed = true
      stopListening?.()
      cancelNext?.()
      await signNow().catch((error: unknown) => log.error({ error }, 'The audit log could not be signed'))
    },
  }
}
