import { useState } from 'react'
import type { RpcError } from '../../../../contract/rpc.ts'
import type { useRpcClient } from '../../../rpc/hooks.ts'
import { formatCount } from '../../../widgets/format.ts'

/** Listens to a topic for a few seconds when it is asked to, and says what was heard. */
export function useListening(client: ReturnType<typeof useRpcClient>, connectionId: string, onHeard: () => void) {
  const [isBusy, setIsBusy] = useState(false)
  const [note, setNote] = useState<string | null>(null)
  return {
    isBusy,
    note,
    start(topic: string) {
      setIsBusy(true)
      setNote(null)
      client
        .call('mappings.listen', { connectionId, topic, seconds: 5 })
        .then(({ heard, problem }) => {
          setNote(problem ?? (heard === 0 ? 'Nothing came on this topic' : `${formatCount(heard)} messages heard`))
          onHeard()
        })
        .catch((error: RpcError) => setNote(error.message))
        .finally(() => setIsBusy(false))
    },
  }
}
