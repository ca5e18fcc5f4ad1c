import { readFile, stat } from 'node:fs/promises'
import { Command } from 'commander'
import type { VerifiedExport, VerifyStep } from '../../service/export/verify.ts'
import { CliFault, Negative } from './fault.ts'
import { formatTable, type Output, writeJson } from './output.ts'

interface VerifyOptions {
  readonly trust?: string[]
  readonly json?: boolean
}

const outcomes: Record<VerifyStep['outcome'], string> = { passed: 'ok', failed: 'FAILED', skipped: 'skipped' }

/** `verify`: an audit export, checked with nothing but itself. */
export function createVerifyCommand(output: Output): Command {
  return new Command('verify')
    .description('check an audit export: digests, signatures, log proofs, and every number computed again')
    .argument('<file>', 'the file that export wrote')
    .option(
      '--trust <key>',
      'key of a workspace that you trust: its id, or a file with its public key in PEM; may be repeated',
      (text: string, before: string[] = []) => [...before, text],
    )
    .option('--json', 'print one JSON object instead of a table')
    .addHelpText(
      'after',
      `
Example:
  $ assay verify cat-dog.zip

Needs no workspace and no network. Exit code 0: all that the file claims holds; 1: something does not, and what is named; 2: the
file cannot be read.`,
    )
    .action((file: string, options: VerifyOptions) => verifyFile(file, options, output))
}

async function verifyFile(file: string, { trust = [], json }: VerifyOptions, output: Output): Promise<void> {
  const facts = await stat(file).catch(() => null)
  if (facts === null) throw new CliFault(`${file} does not exist`)
  if (!facts.isFile()) throw new CliFault(`${file} is not a file`)
  const trustedKeys = await Promise.all(trust.map(readKey))
  const { verifyExport } = await import('../../service/export/verify.ts')
  const verified = await verifyExport(file, { trustedKeys })
  if (json) writeJson(output, { file, ...verified })
  else output.out(textOf(file, verified))
  if (!verified.isValid) throw new Negative()
}

/** A key id stands for itself; anything else names a file with the key. */
async function readKey(text: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(text)) return text
  return await readFile(text, 'utf8').catch(() => {
    throw new CliFault(`--trust: ${text} is neither a key id (64 hexadecimal digits) nor a file that can be read`)
  })
}

function textOf(file: string, { isValid, steps }: VerifiedExport): string {
  const failures = steps.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)
  const head = isValid ? `VERIFIED  ${file}` : `NOT VERIFIED  ${file}: ${failures.join(', ')} failed`
  const table = formatTable(
    [{ title: 'step' }, { title: 'outcome' }, { title: '' }],
    steps.map(({ name, outcome, message, files }) => [
      name,
      outcomes[outcome],
      files.length > 0 && outcome === 'failed' ? `${message} [${files.join(', ')}]` : message,
    ]),
  )
  return `${head}\n\n${table}`
}
