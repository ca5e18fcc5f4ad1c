/** The first bytes of what came, as they are. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

/** As text: UTF-8, with what is not shown as the replacement character. */
export function asText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes)
}

const bytesInLine = 16
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

/** As lines of offset, bytes and what of them is ASCII. */
export function asHex(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += bytesInLine) {
    const part = bytes.subarray(at, at + bytesInLine)
    const values = Array.from(part, (byte) => hex(byte, 2)).join(' ')
    const signs = Array.from(part, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${hex(at, 6)}  ${values.padEnd(bytesInLine * 3 - 1)}  ${signs}`)
  }
  return lines.join('\n')
}
