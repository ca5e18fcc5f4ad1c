import { useState } from 'react'

export type Source<T> = { readonly revision: number; readonly record: T }

/**
 * What somebody is changing, apart from what the service has. The revision stays the one the change began on, so that the
 * service can tell when another person was faster; `rebase` then takes over what that person changed and this one did not.
 */
export function useEdit<T extends object>(source: Source<T> | null, blank: T) {
  const [base, setBase] = useState<Source<T> | null>(source)
  const [draft, setDraft] = useState<T>(source?.record ?? blank)
  return {
    draft,
    /** What the change began on. */
    base,
    revision: base?.revision ?? null,
    change: (changes: Partial<T>) => setDraft((before) => ({ ...before, ...changes })),
    rebase(newest: Source<T>) {
      setDraft(mergeEdit(base?.record ?? blank, draft, newest.record))
      setBase(newest)
    },
  }
}

/** Fields that were edited stay; the others follow the newest state. */
export function mergeEdit<T extends object>(base: T, draft: T, newest: T): T {
  const merged = { ...newest }
  for (const field of Object.keys(draft) as (keyof T)[]) {
    if (JSON.stringify(draft[field]) !== JSON.stringify(base[field])) merged[field] = draft[field]
  }
  return merged
}
