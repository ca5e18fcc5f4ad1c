import { useRef, useState } from 'react'
import type { InputOf, OutputOf } from '../../../contract/api.ts'
import { RpcError } from '../../../contract/rpc.ts'
import { useRpcClient } from '../../rpc/hooks.ts'

export type ConnectionTest = {
  isBusy: boolean
  result: OutputOf<'connections.test'> | null
  problem: string | null
  /** What the result is of, so that a change makes it old. */
  subject: string | null
  run: (subject: string, input: InputOf<'connections.test'>) => void
}

/** Tries a configuration on demand; only the newest try counts. */
export function useConnectionTest(): ConnectionTest {
  const client = useRpcClient()
  const newest = useRef(0)
  const [state, setState] = useState<Omit<ConnectionTest, 'run'>>({
    isBusy: false,
    result: null,
    problem: null,
    subject: null,
  })
  return {
    ...state,
    async run(subject, input) {
      newest.current += 1
      const mine = newest.current
      setState({ isBusy: true, result: null, problem: null, subject })
      try {
        const result = await client.call('connections.test', input)
        if (mine === newest.current) setState({ isBusy: false, result, problem: null, subject })
      } catch (error) {
        const problem = error instanceof RpcError ? error.message : 'The test could not be made'
        if (mine === newest.current) setState({ isBusy: false, result: null, problem, subject })
      }
    },
  }
}
