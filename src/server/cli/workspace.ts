import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { CliFault } from './fault.ts'

/** Where workspaces are kept unless somebody says otherwise: the same folders as the console's. */
export const defaultWorkspace = (isDemo: boolean): string =>
  join(homedir(), isDemo ? '.assay/demo' : '.assay/workspace')

export interface WorkspaceOptions {
  readonly workspace?: string
}

export const addWorkspaceOption = (command: Command): Command =>
  command.option('--workspace <folder>', `folder of the workspace (default: ${defaultWorkspace(false)})`)

/** The folder of a workspace that exists; anything else is a CliFault. */
export function requireWorkspace({ workspace }: WorkspaceOptions): string {
  const path = resolve(workspace ?? defaultWorkspace(false))
  if (!existsSync(path)) throw new CliFault(`--workspace: ${path} does not exist`)
  if (!statSync(path).isDirectory()) throw new CliFault(`--workspace: ${path} is not a folder`)
  if (!existsSync(join(path, 'workspace.sqlite')))
    throw new CliFault(`--workspace: ${path} holds no workspace; assay serve --workspace ${path} makes one`)
  return path
}
