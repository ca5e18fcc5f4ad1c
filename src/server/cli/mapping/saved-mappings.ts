import { readyMappings } from '../../../collect/mapping/ready-mappings.ts'
import type { OutputOf } from '../../../contract/api.ts'
import { role } from '../../../contract/user.ts'
import { CliFault } from '../fault.ts'
import type { SavedOptions, SaveOptions } from '../mapping.ts'
import { suggest } from '../near-matches.ts'
import { type OpenWorkspace, withWorkspace } from '../open-workspace.ts'
import { formatTable, writeJson } from '../output.ts'
import type { Surroundings } from '../surroundings.ts'
import { requireWorkspace } from '../workspace.ts'
import { readSpec } from './read-spec.ts'

type Saved = OutputOf<'mappings.list'>[number] & { readonly connectionKey: string }

async function chooseConnections({ call }: OpenWorkspace, key: string | undefined) {
  const all = (await call('connections.list', {})).map(({ record }) => record)
  const chosen = all.filter((connection) => key === undefined || connection.key === key)
  if (key !== undefined && chosen.length === 0) {
    const keys = all.map((connection) => connection.key)
    throw new CliFault(`--connection: there is no connection “${key}”${suggest(key, keys)}`)
  }
  return chosen
}

async function savedOf(workspace: OpenWorkspace, key: string | undefined): Promise<Saved[]> {
  const found: Saved[] = []
  for (const { id, key: connectionKey } of await chooseConnections(workspace, key))
    for (const saved of await workspace.call('mappings.list', { connectionId: id }))
      found.push({ ...saved, connectionKey })
  return found
}

/** `mapping list` */
export async function listMappings(options: SavedOptions, surroundings: Surroundings): Promise<void> {
  const path = requireWorkspace(options)
  const saved = await withWorkspace(path, surroundings, (workspace) => savedOf(workspace, options.connection))
  if (options.json) {
    const mappings = saved.map(({ record: { spec, isEnabled, savedAt }, revision, connectionKey }) => ({
      ...{ name: spec.name, connection: connectionKey, topic: spec.topic, makes: spec.makes },
      ...{ isEnabled, version: revision, savedAt },
    }))
    writeJson(surroundings, { mappings, ready: readyMappings.map(({ id, title }) => ({ id, title })) })
    return
  }
  const columns = ['name', 'connection', 'state', 'version', 'makes', 'topic'].map((title) => ({ title }))
  const rows = [
    ...saved.map(({ record: { spec, isEnabled }, revision, connectionKey }) => [
      ...[spec.name, connectionKey, isEnabled ? 'on' : 'off', String(revision), spec.makes, spec.topic],
    ]),
    ...readyMappings.map(({ id, spec }) => [id, '', 'ready', '', spec.makes, spec.topic]),
  ]
  surroundings.out(formatTable(columns, rows))
}

/** `mapping show` */
export async function showMapping(name: string, options: SavedOptions, surroundings: Surroundings): Promise<void> {
  const ready = readyMappings.find(({ id }) => id === name)
  if (ready !== undefined) {
    surroundings.out(`${JSON.stringify(ready.spec, null, 2)}\n`)
    return
  }
  const path = requireWorkspace(options)
  const saved = await withWorkspace(path, surroundings, (workspace) => savedOf(workspace, options.connection))
  const found = saved.filter(({ record }) => record.spec.name === name)
  if (found.length > 1)
    throw new CliFault(
      `several mappings are called “${name}”: say --connection ${found.map(({ connectionKey }) => connectionKey).join(' or ')}`,
    )
  if (found.length === 0) {
    const names = [...saved.map(({ record }) => record.spec.name), ...readyMappings.map(({ id }) => id)]
    throw new CliFault(`there is no mapping “${name}”${suggest(name, names)}`)
  }
  surroundings.out(`${JSON.stringify(found[0].record.spec, null, 2)}\n`)
}

/** `mapping save` */
export async function saveMapping(file: string, options: SaveOptions, surroundings: Surroundings): Promise<void> {
  const spec = readSpec(file)
  const path = requireWorkspace(options)
  await withWorkspace(path, surroundings, async (workspace) => {
    const [connection] = await chooseConnections(workspace, options.connection)
    const people = (await workspace.call('users.list', {})).map(({ record }) => record)
    const author = people.find(({ login }) => login === options.as)
    if (author === undefined) {
      const logins = people.map(({ login }) => login)
      throw new CliFault(`--as: there is nobody called “${options.as}”${suggest(options.as, logins)}`)
    }
    const named = (await savedOf(workspace, options.connection)).filter(({ record }) => record.spec.name === spec.name)
    const [before] = named
    const saved = await workspace.call(
      'mappings.save',
      {
        ...{ id: before?.record.id ?? null, revision: before?.revision ?? null, connectionId: connection.id },
        ...{ isEnabled: !options.off, spec, reason: options.reason },
      },
      { userId: author.id, name: `${author.name} (command line)`, roles: [...role.options] },
    )
    if (options.json)
      writeJson(surroundings, {
        id: saved.record.id,
        name: spec.name,
        connection: connection.key,
        version: saved.revision,
      })
    else
      surroundings.out(
        `“${spec.name}” is version ${saved.revision} for ${connection.key}, ${options.off ? 'switched off' : 'in force when the console starts'}\n`,
      )
  })
}
