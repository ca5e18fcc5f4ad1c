import type { RpcError } from '../../../contract/rpc.ts'

/** Why a signature was not taken, in a sentence. The state shown is renewed meanwhile, and what was typed stays. */
export function refusalOf(error: RpcError | null): string | null {
  if (error === null) return null
  if (error.code === 'stale')
    return 'The release changed meanwhile. What is shown is now the newest state: look again, then sign again.'
  return error.message
}
