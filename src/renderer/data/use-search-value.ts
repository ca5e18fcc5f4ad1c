import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

/** One value of the address' search part, and how to change it; null takes it out. The history keeps one entry a page. */
export function useSearchValue(name: string): [string | null, (value: string | null) => void] {
  const [search, setSearch] = useSearchParams()
  const set = useCallback(
    (value: string | null) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before)
          if (value === null) after.delete(name)
          else after.set(name, value)
          return after
        },
        { replace: true },
      ),
    [setSearch, name],
  )
  return [search.get(name), set]
}
