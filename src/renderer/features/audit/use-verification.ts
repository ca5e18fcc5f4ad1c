import { useRef, useState } from 'react'
import { RpcError } from '../../../contract/rpc.ts'
import { useRpcClient } from '../../rpc/hooks.ts'
import type { Verification } from './audit-headline.ts'

/** Recomputes the whole log on demand; it can be stopped. */
export function useVerification() {
  const client = useRpcClient()
  const running = useRef<AbortController | null>(null)
  const [state, setState] = useState<{ isBusy: boolean; result: Verification | null; problem: string | null }>({
    isBusy: false,
    result: null,
    problem: null,
  })
  return {
    ...state,
    async run() {
      running.current?.abort()
      const mine = new AbortController()
      running.current = mine
      setState({ isBusy: true, result: null, problem: null })
      try {
        const result = await client.call('audit.verify', {}, { signal: mine.signal })
        if (running.current === mine) setState({ isBusy: false, result, problem: null })
      } catch (error) {
        if (running.current !== mine) return
        const isStopped = error instanceof RpcError && error.code === 'cancelled'
        const problem = isStopped ? null : error instanceof RpcError ? error.message : 'The log could not be verified'
        setState({ isBusy: false, result: null, problem })
      }
    },
    stop: () => running.current?.abort(),
  }
}
