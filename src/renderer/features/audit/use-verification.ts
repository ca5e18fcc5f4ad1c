import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { RpcError } from '../../../contract/rpc.ts'
import { useRpcClient } from '../../rpc/hooks.ts'
import type { Verification } from './audit-headline.ts'

/** Recomputes the whole log on demand, and by itself once `startsItself` is true; it can be stopped. */
export function useVerification(startsItself: boolean) {
  const client = useRpcClient()
  const running = useRef<AbortController | null>(null)
  const [state, setState] = useState<{ isBusy: boolean; result: Verification | null; problem: string | null }>({
    isBusy: false,
    result: null,
    problem: null,
  })
  const run = async () => {
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
  }
  const start = useEffectEvent(run)
  useEffect(() => {
    if (!startsItself) return
    void start()
    return () => running.current?.abort()
  }, [startsItself])
  return { ...state, run, stop: () => running.current?.abort() }
}
