import { OutputTail } from './output-tail.ts'

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)

/** Replaces every form in which a secret may appear: as it is, percent-encoded, inside JSON, in base64. */
export function createMask(secrets: readonly string[]): (text: string) => string {
  const forms = new Set<string>()
  for (const secret of secrets) {
    if (secret === '') continue
    const wellFormed = secret.toWellFormed()
    for (const form of [
      wellFormed,
      encodeURIComponent(wellFormed),
      inJson(wellFormed),
      Buffer.from(wellFormed).toString('base64'),
      Buffer.from(wellFormed).toString('base64url'),
    ])
      forms.add(form)
  }
  // The longest first, so that a secret inside another leaves no rest of it.
  const ordered = [...forms].sort((a, b) => b.length - a.length)
  return (text) => ordered.reduce((masked, form) => masked.replaceAll(form, '***'), text)
}

export interface ActionLog {
  /** Adds a line with its instant, masked. */
  readonly add: (line: string) => void
  readonly text: () => string
  readonly mask: (text: string) => string
}

/** A log of one action: lines with UTC instants, secrets masked before they are kept or told, the last 64 KiB. */
export function createActionLog(options: {
  readonly secrets: readonly string[]
  readonly now: () => number
  readonly onLog?: (line: string) => void
}): ActionLog {
  const mask = createMask(options.secrets)
  const tail = new OutputTail()
  return {
    add(line) {
      const full = `${new Date(options.now()).toISOString()} ${mask(line)}`
      tail.push(Buffer.from(`${full}\n`))
      options.onLog?.(full)
    },
    text: () => tail.text(),
    mask,
  }
}
