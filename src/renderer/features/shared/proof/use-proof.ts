import { useQuery } from '@tanstack/react-query'
import type { OutputOf } from '../../../../contract/api.ts'
import type { RpcError } from '../../../../contract/rpc.ts'
import { useRpcClient } from '../../../rpc/hooks.ts'
import { leafHashOf } from './hash.ts'
import { climb, type InclusionStep, rootOf } from './inclusion.ts'

export type Proof = OutputOf<'audit.prove'> & {
  steps: readonly InclusionStep[]
  /** Recomputed in this page: the entry gives its leaf, and the path leads from there to the root. */
  isLeafRight: boolean
  isRootReached: boolean
}

/** Asks for the proof of one entry and recomputes it here, so that the page need not take the service's word. */
export function useProof(index: number) {
  const client = useRpcClient()
  return useQuery<Proof, RpcError>({
    queryKey: ['audit.prove', 'recomputed', index],
    queryFn: async ({ signal }) => {
      const claim = await client.call('audit.prove', { index }, { signal })
      const { entry, leafHash, path, checkpoint } = claim
      const steps = await climb({ leafHash, index, size: checkpoint.size, path })
      return {
        ...claim,
        steps: steps ?? [],
        isLeafRight: (await leafHashOf(entry)) === leafHash,
        isRootReached: steps !== null && rootOf(leafHash, steps) === checkpoint.rootHash,
      }
    },
    // An entry just made is covered by the next checkpoint, seconds later.
    retry: (failures, error) => error.code === 'unavailable' && failures < 30,
    retryDelay: 2000,
  })
}
