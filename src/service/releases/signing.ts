import type { AuditDraft } from '../../contract/audit.ts'
import type { Signature, SignatureInput } from '../../contract/release.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller, User } from '../../contract/user.ts'
import type { Put } from '../../store/store.ts'
import type { ServiceContext } from '../context.ts'
import { unlockPersonKey } from '../proof/keys.ts'
import type { Signer } from '../proof/signers.ts'
import { credentialOf, refusalOf, tryPassword } from '../session/accounts.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { createTurns } from '../session/in-turn.ts'

/** Someone about to sign: the key is open for this one act. */
export interface OpenSignature {
  readonly signer: Signer
  readonly signature: Signature
  /** The credential, where the right password changed it (failures forgotten); joins the act's commit. */
  readonly puts: readonly Put[]
}

export interface Signing {
  /**
   * Asks for the password again and opens the person's key for `act`, which commits. A wrong password is counted, leaves one
   * audit entry that names the act, and is refused; after five the account is locked.
   */
  sign<T>(
    caller: Caller,
    input: SignatureInput,
    what: Pick<AuditDraft, 'action' | 'subject'>,
    act: (open: OpenSignature) => Promise<T>,
  ): Promise<T>
}

export function createSigning(context: Pick<ServiceContext, 'store' | 'accounts' | 'now'>): Signing {
  const { accounts, now } = context
  const { records } = context.store
  // Tried together, several wrong passwords would count as one.
  const inTurn = createTurns()

  async function personOf(caller: Caller): Promise<User> {
    const user = caller.userId === null ? null : await records.get('user', caller.userId)
    if (user === null || user.record.isDisabled) throw new RpcError('signed-out', 'Sign in first')
    return user.record
  }

  return {
    sign: (caller, { meaning, reason, password }, what, act) =>
      inTurn(caller.userId ?? '', async () => {
        const user = await personOf(caller)
        const stored = await credentialOf(records, user.id)
        const tried = await tryPassword(password, stored?.record ?? null, accounts)
        const puts: Put[] =
          tried.changed !== null && stored !== null
            ? [{ kind: 'credential', record: tried.changed, revision: stored.revision }]
            : []
        if (tried.status === 'wrong' || stored === null) {
          const why = tried.status === 'wrong' ? tried.why : 'nobody'
          await commitOrRefuse(
            records,
            puts,
            draftOf(caller, now(), { ...what, reason, details: { outcome: 'refused', why } }),
          )
          throw new RpcError('refused', tried.status === 'wrong' ? refusalOf(tried) : 'There is no password to check')
        }
        const { keyId, publicKeyPem } = user
        const unlocked = await unlockPersonKey(
          { keyId, publicKeyPem, encryptedKey: (tried.changed ?? stored.record).encryptedKey },
          { userId: user.id, password },
        )
        if (unlocked.status !== 'unlocked')
          throw new Error(`The key of ${user.id} cannot be opened with the right password: ${unlocked.status}`)
        return act({
          signer: unlocked.signer,
          signature: { userId: user.id, userName: user.name, meaning, reason, at: now(), keyId },
          puts,
        })
      }),
  }
}
