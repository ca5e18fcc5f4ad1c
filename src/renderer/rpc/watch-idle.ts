/** Half an hour without a hand on the console, as the service's own limit. */
export const idleMs = 30 * 60_000

/**
 * Calls `onIdle` once nobody has touched the page for `afterMs`: pages that follow events would otherwise keep a session
 * alive for ever. The result stops it.
 */
export function watchIdle(onIdle: () => void, afterMs: number = idleMs): () => void {
  let touchedAt = Date.now()
  const touch = () => {
    touchedAt = Date.now()
  }
  const names = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const
  for (const name of names) window.addEventListener(name, touch, { passive: true, capture: true })
  const stop = () => {
    clearInterval(checking)
    for (const name of names) window.removeEventListener(name, touch, { capture: true })
  }
  // Asked often rather than timed once: a computer that slept counts the time as well.
  const checking = setInterval(() => {
    if (Date.now() - touchedAt < afterMs) return
    stop()
    onIdle()
  }, 10_000)
  return stop
}
