import { readFileSync } from 'node:fs'
import { compileMapping } from '../../../collect/mapping/compile-mapping.ts'
import { MappingFault } from '../../../collect/mapping/mapping-fault.ts'
import { readyMappings } from '../../../collect/mapping/ready-mappings.ts'
import { type MappingSpec, mappingSpec } from '../../../contract/mapping.ts'
import { CliFault } from '../fault.ts'
import { suggest } from '../near-matches.ts'

/** A file's bytes; one that cannot be read is a CliFault. */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new CliFault(`${path} cannot be read: ${(error as Error).message}`)
  }
}

/** A mapping from a file, checked as it is when it is saved. Anything wrong is a CliFault that names the field and the path. */
export function readSpec(path: string): MappingSpec {
  let given: unknown
  try {
    given = JSON.parse(readBytes(path).toString('utf8'))
  } catch (error) {
    throw error instanceof CliFault ? error : new CliFault(`${path} is no JSON: ${(error as Error).message}`)
  }
  const parsed = mappingSpec.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new CliFault(`${path} is no mapping: ${issue.path.map(String).join('.') || 'it'}: ${issue.message}`)
  }
  checkSpec(parsed.data)
  return parsed.data
}

function checkSpec(spec: MappingSpec): void {
  try {
    compileMapping(spec)
  } catch (error) {
    if (error instanceof MappingFault) throw new CliFault(error.message)
    throw error
  }
}

export function readySpec(id: string): MappingSpec {
  const found = readyMappings.find((ready) => ready.id === id)
  const ids = readyMappings.map((ready) => ready.id)
  if (found === undefined) throw new CliFault(`there is no ready mapping “${id}”${suggest(id, ids)}`)
  return found.spec
}
