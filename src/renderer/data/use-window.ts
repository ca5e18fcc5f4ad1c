import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router'
import type { WindowChoice } from '../widgets/WindowPicker.tsx'
import { type Preset, presets, presetWindow } from '../widgets/window-presets.ts'
import { useNow } from './use-now.ts'

/** Presets end at the next full step after now, so that a query's key stays the same for as long. */
const stepMs = 60_000

/**
 * The window of event time that the page shows, kept in the address: `?window=7d`, or `?from=…&to=…` in epoch ms. A
 * preset moves on with time.
 */
export function useWindow(fallback: Preset = '7d'): [WindowChoice, (choice: WindowChoice) => void] {
  const [search, setSearch] = useSearchParams()
  const endAt = Math.ceil(useNow() / stepMs) * stepMs
  const from = wholeNumber(search.get('from'))
  const to = wholeNumber(search.get('to'))
  const named = presets.find(({ id }) => id === search.get('window'))?.id ?? fallback
  const choice = useMemo<WindowChoice>(
    () =>
      from !== null && to !== null && from < to
        ? { preset: 'custom', window: { from, to } }
        : { preset: named, window: presetWindow(named, endAt) },
    [from, to, named, endAt],
  )
  const setChoice = useCallback(
    ({ preset, window }: WindowChoice) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before)
          for (const name of ['window', 'from', 'to']) after.delete(name)
          if (preset === 'custom') {
            after.set('from', String(window.from))
            after.set('to', String(window.to))
          } else after.set('window', preset)
          return after
        },
        { replace: true },
      ),
    [setSearch],
  )
  return [choice, setChoice]
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}
