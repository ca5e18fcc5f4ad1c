const name = Buffer.from('Node Control/Rebirth')
/** Datatype Boolean. */
const boolean = 11

function varint(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return [...bytes, Number(rest)]
}

/** The one payload that is ever sent: a command with the metric `Node Control/Rebirth`, true. */
export function encodeRebirth(now: number): Uint8Array {
  const metric = [0x0a, name.length, ...name, 0x20, boolean, 0x70, 1]
  return Uint8Array.from([0x08, ...varint(BigInt(now)), 0x12, metric.length, ...metric])
}
