import { UnusableActionError } from './deps.ts'

/** What a program needs to run at all; nothing else of the console's own environment reaches it, least of all secrets. */
const passedOn = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'SYSTEMROOT',
  'COMSPEC',
  'PATHEXT',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
])

/** `targetVersionId` becomes `ASSAY_TARGET_VERSION_ID`. */
export const variableName = (name: string): string =>
  `ASSAY_${name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()}`

/**
 * Environment of a command: the allowed part of `inherited`, and every variable as `ASSAY_<NAME>`. Throws UnusableActionError when
 * a value holds a NUL or two variables would share a name.
 */
export function commandEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(inherited))
    if (value !== undefined && (passedOn.has(name.toUpperCase()) || name.startsWith('LC_'))) environment[name] = value
  const given = new Map<string, string>()
  for (const [name, value] of Object.entries(variables)) {
    const target = variableName(name)
    const other = given.get(target)
    if (other !== undefined) throw new UnusableActionError(`The variables ${other} and ${name} would both be ${target}`)
    if (value.includes('\0')) throw new UnusableActionError(`The variable ${name} holds a NUL character`)
    given.set(target, name)
    environment[target] = value
  }
  return environment
}
