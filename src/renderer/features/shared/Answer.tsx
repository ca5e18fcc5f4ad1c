import Box from '@mui/material/Box'
import type { ReactNode } from 'react'
import type { RpcError } from '../../../contract/rpc.ts'
import { ErrorState, Loading, Stale } from '../../widgets/States.tsx'
import { capitalise } from './words.ts'

/** As much of a query as is needed to show it. */
export type Asked<T> = {
  data: T | undefined
  error: RpcError | null
  dataUpdatedAt: number
  /** Why the newest try failed while others follow. */
  failureReason?: RpcError | null
  refetch: () => unknown
}

export type AnswerProps<T> = {
  query: Asked<T>
  /** What is being loaded, for assistive technology. */
  label: string
  rows?: number
  children: (data: T) => ReactNode
}

/** A query's answer, or why there is none: loading, failed, or older than it should be. */
export function Answer<T>({ query, label, rows, children }: AnswerProps<T>) {
  const { data, error } = query
  const retry = () => void query.refetch()
  if (data === undefined) {
    if (error === null)
      return (
        <>
          {query.failureReason != null && <Box sx={{ typography: 'body2' }}>{query.failureReason.message}.</Box>}
          <Loading label={`Loading ${label}`} rows={rows} />
        </>
      )
    return <ErrorState title={`${capitalise(label)} could not be loaded`} message={error.message} onRetry={retry} />
  }
  if (error === null) return children(data)
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Stale lastAt={query.dataUpdatedAt} nowAt={Date.now()} reason={error.message} onRefresh={retry} />
      {children(data)}
    </Box>
  )
}
