import { useEffect, useState } from 'react'

/** The present instant, renewed every `everyMs`, for "3 min ago". */
export function useNow(everyMs = 15_000): number {
  const [nowAt, setNowAt] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowAt(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return nowAt
}
