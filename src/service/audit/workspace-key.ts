import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { systemCaller } from '../../rules/audit-entry.ts'
import type { Store } from '../../store/store.ts'
import type { SecretVault } from '../proof/secrets.ts'
import { type Signer, signerFor } from '../proof/signers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

/** Under which the vault keeps the private half. */
const secretName = 'workspace:signing-key'
/** Audit entry that makes a key known; its details hold the public half. */
export const workspaceKeyAction = 'system.workspaceKey'

export interface KnownKey {
  readonly keyId: string
  readonly publicKeyPem: string
  /** Audit entry that recorded it. */
  readonly index: number
}

/** Every key that ever signed for this workspace, as the log tells, oldest first. */
export async function knownWorkspaceKeys(audit: Store['audit']): Promise<KnownKey[]> {
  const entries = await audit.list({
    limit: 1000,
    before: null,
    action: workspaceKeyAction,
    subjectId: null,
    actorId: null,
  })
  return entries
    .flatMap(({ entry }) => {
      const { keyId, publicKeyPem } = entry.details
      return typeof keyId === 'string' && typeof publicKeyPem === 'string'
        ? [{ keyId, publicKeyPem, index: entry.index }]
        : []
    })
    .reverse()
}

/**
 * The key with which the workspace signs checkpoints of its log and exports. Made when there is none: the private half goes to the
 * vault first, then the public half to the log, so that no signature is ever by a key that the log does not know.
 */
export async function openWorkspaceKey(parts: {
  readonly vault: SecretVault
  readonly store: Pick<Store, 'audit' | 'records'>
  readonly now: () => number
}): Promise<Signer> {
  const { vault, store, now } = parts
  let pem = await vault.get(secretName)
  if (pem === undefined) {
    pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
    await vault.put(secretName, pem)
  }
  const signer = signerFor(createPrivateKey(pem))
  const known = await knownWorkspaceKeys(store.audit)
  if (known.at(-1)?.keyId !== signer.keyId)
    await commitOrRefuse(
      store.records,
      [],
      draftOf(systemCaller, now(), {
        action: workspaceKeyAction,
        reason: known.length === 0 ? 'First key of this workspace' : 'The vault holds another key than before',
        details: { keyId: signer.keyId, publicKeyPem: signer.publicKeyPem },
      }),
    )
  return signer
}
