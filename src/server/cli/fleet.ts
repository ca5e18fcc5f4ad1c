import { Command } from 'commander'
import type { OutputOf } from '../../contract/api.ts'
import { CliFault } from './fault.ts'
import { suggest } from './near-matches.ts'
import type { OpenWorkspace } from './open-workspace.ts'
import { formatTable, writeJson } from './output.ts'
import type { Surroundings } from './surroundings.ts'
import { addWorkspaceOption, requireWorkspace, type WorkspaceOptions } from './workspace.ts'

interface FleetOptions extends WorkspaceOptions {
  readonly group?: string
  readonly find?: string
  readonly json?: boolean
}
type DeviceRow = OutputOf<'devices.list'>['items'][number]

const help = `
Examples:
  $ assay fleet list --group park
  $ assay fleet list --find "north camera" --json

The console must not have the workspace open. Health is that of the newest findings that the console has stored.`

/** `fleet`: the devices of a workspace, for scripts. */
export function createFleetCommand(surroundings: Surroundings): Command {
  const fleet = new Command('fleet').description('the devices of a workspace')
  addWorkspaceOption(fleet.command('list').description('devices with their group, firmware, model version and health'))
    .option('--group <name>', 'only devices of this group; "" is of those without')
    .option(
      '--find <words>',
      'only devices in whose name, key, site, group, tags, firmware or version every word occurs',
    )
    .option('--json', 'print one JSON object instead of a table')
    .addHelpText('after', help)
    .action((options: FleetOptions) => listFleet(options, surroundings))
  return fleet
}

async function listFleet(options: FleetOptions, surroundings: Surroundings): Promise<void> {
  const path = requireWorkspace(options)
  const { withWorkspace } = await import('./open-workspace.ts')
  await withWorkspace(path, surroundings, async (workspace) => {
    await checkGroup(workspace, options.group)
    const rows = await readRows(workspace, options)
    if (options.json) writeJson(surroundings, { devices: rows.map(toPlain) })
    else writeTable(rows, surroundings)
  })
}

async function checkGroup({ call }: OpenWorkspace, group: string | undefined): Promise<void> {
  if (group === undefined) return
  const names = (await call('devices.fleet', {})).groups.map(({ name }) => name)
  if (!names.includes(group))
    throw new CliFault(`--group: there is no group “${group}”${suggest(group, names.filter(Boolean))}`)
}

async function readRows({ call }: OpenWorkspace, { group, find = '' }: FleetOptions): Promise<DeviceRow[]> {
  const rows: DeviceRow[] = []
  for (let cursor: string | null = null; ; ) {
    const page: OutputOf<'devices.list'> = await call('devices.list', {
      ...{ text: find, group: group ?? null, status: null, sort: 'name', direction: 'ascending' },
      ...{ limit: 1000, cursor },
    })
    rows.push(...page.items)
    if (page.nextCursor === null) return rows
    cursor = page.nextCursor
  }
}

const toPlain = ({ device, health, versions }: DeviceRow) => ({
  ...{ key: device.key, name: device.name, site: device.site, group: device.group ?? '', tags: device.tags },
  ...{ firmware: device.firmware, channels: device.channels.length },
  status: health.headline.status,
  health: health.headline.text,
  lastSeenAt: health.lastSeenAt,
  desiredVersion: versions.desired,
  reportedVersion: versions.reported?.name ?? null,
  isAsDesired: versions.isAsDesired,
})

function writeTable(rows: readonly DeviceRow[], surroundings: Surroundings): void {
  const columns = ['key', 'group', 'firmware', 'version', 'last seen', 'status', 'health'].map((title) => ({ title }))
  const cells = rows
    .map(toPlain)
    .map((device) => [
      ...[device.key, device.group || '-', device.firmware ?? '-'],
      `${device.reportedVersion ?? '-'}${device.isAsDesired === false ? ` (wanted ${device.desiredVersion})` : ''}`,
      device.lastSeenAt === null ? 'never' : new Date(device.lastSeenAt).toISOString(),
      ...[device.status, device.health],
    ])
  surroundings.out(rows.length === 0 ? 'no device\n' : formatTable(columns, cells))
}
