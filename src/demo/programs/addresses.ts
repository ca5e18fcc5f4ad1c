import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Where the running park answers, for programs and people on this machine that may know its secrets. */
export const parkAddresses = z.strictObject({
  /** `POST {url}/story` with the bearer token makes things happen. */
  control: z.strictObject({ url: z.url(), token: z.string() }),
  testServer: z.strictObject({ url: z.url(), token: z.string() }),
})
export type ParkAddresses = z.infer<typeof parkAddresses>

const pathIn = (folder: string) => join(folder, 'park.json')

/** Writes the addresses to `park.json`, readable by its owner alone. */
export async function writeAddresses(folder: string, addresses: ParkAddresses): Promise<void> {
  const path = pathIn(folder)
  await writeFile(`${path}.new`, `${JSON.stringify(addresses, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** Rejects with one clear sentence when the park has never run from this folder. */
export async function readAddresses(folder: string): Promise<ParkAddresses> {
  let text: string
  try {
    text = await readFile(pathIn(folder), 'utf8')
  } catch {
    throw new Error(`there is no ${pathIn(folder)}: start the console with --demo first`)
  }
  return parkAddresses.parse(JSON.parse(text))
}
