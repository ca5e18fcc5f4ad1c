import type { Random } from '../../src/demo/random.ts'

/** Pieces on which parsers stumble. */
const splices = [
  ...['NaN', '1e999', '-0', 'null', '{}', '[]', '""', '"__proto__"', '"constructor"', '\\ud800', '\u0000', '\uFEFF'],
  ...[
    '9007199254740993',
    '-1',
    '[[[[',
    '}}',
    '"',
    ',',
    ';',
    '\n',
    '\r\n',
    '=1+1',
    '\\u0000',
    'true',
    '2026-02-30T25:00:00Z',
  ],
]

const values: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, 2 ** 60, '', 'empty', 'x'.repeat(1100), '2026-05-31T12:00:00+02:00'],
  ...[[], {}, [[]], { a: { b: 1 } }, Date.UTC(2026, 4, 31), '\ud800', '__proto__', '12', [1, 'a', null]],
]

/** Another value for a leaf: half of the time of the same kind, which gets further than a wrong one. */
function mutateLeaf(value: unknown, random: Random): unknown {
  const others = random.next() < 0.5 ? values.filter((other) => typeof other === typeof value) : values
  return (others.length > 0 ? others : values)[random.integer(others.length || values.length)]
}

/** Puts another value in place of one part of a JSON value, at any depth, or takes that part out. */
function mutateValue(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.next() < 0.1) return mutateLeaf(value, random)
  if (Array.isArray(value)) {
    const at = random.integer(value.length + 1)
    return value.toSpliced(at, random.integer(2), mutateValue(value[at], random))
  }
  const names = Object.keys(value)
  const name = names[random.integer(names.length)] ?? 'a'
  const { [name]: part, ...rest } = value as Record<string, unknown>
  return random.next() < 0.15 ? rest : { ...rest, [name]: mutateValue(part, random) }
}

/** Half of the time another value of the same kind where the bytes are JSON, else other bytes. */
export function mutate(original: Uint8Array, random: Random): Buffer {
  if (random.next() < 0.5)
    try {
      return Buffer.from(JSON.stringify(mutateValue(JSON.parse(Buffer.from(original).toString()), random)))
    } catch {}
  return mutateBytes(original, random)
}

/** Changes bytes in one to three places: a byte, some gone, some repeated, or a troublesome piece put in. Never empty. */
function mutateBytes(original: Uint8Array, random: Random): Buffer {
  let bytes = Buffer.from(original)
  for (let change = random.integer(3); change >= 0; change--) {
    const at = random.integer(bytes.length)
    const end = Math.min(bytes.length, at + 1 + random.integer(12))
    switch (random.integer(4)) {
      case 0:
        bytes[at] = random.integer(256)
        break
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
        break
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
        break
      default:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(splices[random.integer(splices.length)]),
          bytes.subarray(at),
        ])
    }
    if (bytes.length === 0) bytes = Buffer.from('0')
  }
  return bytes
}
