/** Bounds on one message, applied before anything else looks into it. */
export interface MessageLimits {
  readonly maxBytes: number
  readonly maxDepth: number
}

/** A staged file chunk is at most 1.5 MB of Base 64; nothing else is near that. */
export const defaultMessageLimits: MessageLimits = { maxBytes: 2 * 2 ** 20, maxDepth: 64 }

/**
 * Tells whether a message stays within limits, counting about what its JSON text would take. Stops at the first excess, so
 * the work is bounded by the limits and not by the message.
 */
export function isWithinLimits(message: unknown, { maxBytes, maxDepth }: MessageLimits): boolean {
  let bytes = 0
  const open: { value: unknown; depth: number }[] = [{ value: message, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next
    if (depth > maxDepth) return false
    if (typeof value === 'string') bytes += value.length + 2
    else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) bytes += value.byteLength
    else if (Array.isArray(value)) {
      if (value.length + bytes > maxBytes) return false
      for (const item of value) open.push({ value: item, depth: depth + 1 })
      bytes += value.length + 2
    } else if (typeof value === 'object' && value !== null) {
      const names = Object.keys(value)
      if (names.length + bytes > maxBytes) return false
      for (const name of names) {
        bytes += name.length + 4
        open.push({ value: (value as Record<string, unknown>)[name], depth: depth + 1 })
      }
    } else bytes += 4
    if (bytes > maxBytes) return false
  }
  return true
}
