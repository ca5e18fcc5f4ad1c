import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import type { InputOf } from '../../../../contract/api.ts'
import type { SliceCondition } from '../../../../contract/error-slices.ts'
import { readSlice } from './slice.ts'

/** Which samples by what is known of their label. */
export const truths = ['any', 'wrong', 'right', 'labelled', 'unlabelled'] as const
export type Truth = (typeof truths)[number]

export type SampleFilter = {
  prediction: string | null
  label: string | null
  error: Truth
  column: string | null
  value: string | null
  slice: SliceCondition[] | null
}

type Wire = NonNullable<InputOf<'samples.list'>['filter']>

/** The filter in the address, how to change it, and as the service takes it (which knows nothing of slices). */
export function useSampleFilter() {
  const [search, setSearch] = useSearchParams()
  const filter = useMemo<SampleFilter>(
    () => ({
      prediction: search.get('prediction'),
      label: search.get('label'),
      error: truths.find((each) => each === search.get('error')) ?? 'any',
      column: search.get('column'),
      value: search.get('value'),
      slice: readSlice(search.get('slice')),
    }),
    [search],
  )
  const wire = useMemo(() => toWire(filter), [filter])
  const change = (changes: Partial<Record<keyof SampleFilter, string | null>>) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === '' || value === 'any') after.delete(name)
          else after.set(name, value)
        }
        return after
      },
      { replace: true },
    )
  return { filter, wire, change }
}

function toWire({ prediction, label, error, column, value }: SampleFilter): Wire {
  return {
    ...(prediction !== null && { prediction }),
    ...(label !== null && { label }),
    ...(error === 'wrong' && { isError: true }),
    ...(error === 'right' && { isError: false, isLabelled: true }),
    ...(error === 'labelled' && { isLabelled: true }),
    ...(error === 'unlabelled' && { isLabelled: false }),
    ...(column !== null && value !== null && { column: { name: column, value } }),
  }
}
