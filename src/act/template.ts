import { UnusableActionError } from './deps.ts'

/** Finds the value of a name; undefined when it is unknown. */
export type VariableLookup = (name: string) => string | undefined

export const lookupIn =
  (variables: Readonly<Record<string, string>>): VariableLookup =>
  (name) =>
    Object.hasOwn(variables, name) ? variables[name] : undefined

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g

function fill(
  template: string,
  lookup: VariableLookup,
  place: string,
  encode: (value: string, offset: number, name: string) => string,
): string {
  return template.replace(placeholder, (_, name: string, offset: number) => {
    const value = lookup(name)
    if (value === undefined) throw new UnusableActionError(`The ${place} asks for {{${name}}}, which is not known`)
    return encode(value.toWellFormed(), offset, name)
  })
}

/** Whether a place in a JSON text lies inside a string: after an odd number of quotes that are not escaped. */
function isInsideString(template: string, offset: number): boolean {
  let isInside = false
  for (let index = 0; index < offset; index += 1) {
    if (isInside && template[index] === '\\') index += 1
    else if (template[index] === '"') isInside = !isInside
  }
  return isInside
}

/**
 * Fills a JSON body. `{{name}}` standing alone becomes a JSON string with its quotes; inside a string of the template it becomes
 * the escaped characters, so `"retrain {{name}}"` works too. No value can leave its string. The result must be JSON;
 * an empty template stays empty.
 */
export function renderBody(template: string, lookup: VariableLookup): string {
  if (template.trim() === '') return ''
  const body = fill(template, lookup, 'body', (value, offset) => {
    const quoted = JSON.stringify(value)
    return isInsideString(template, offset) ? quoted.slice(1, -1) : quoted
  })
  try {
    JSON.parse(body)
  } catch (error) {
    throw new UnusableActionError(`The body is not JSON once it is filled: ${(error as Error).message}`)
  }
  return body
}

/**
 * Fills a URL with percent-encoded values. Variables may not choose scheme, host or port, because the credentials go where the
 * URL points, nor climb out of the path with dots.
 */
export function renderUrl(template: string, lookup: VariableLookup): string {
  const origin = /^https?:\/\/[^/?#]*/i.exec(template)?.[0]
  if (origin === undefined) throw new UnusableActionError('The URL must begin with http:// or https://')
  if (origin.includes('{{')) throw new UnusableActionError('A variable may not stand in the host of the URL')
  const url = fill(template, lookup, 'URL', (value, _, name) => {
    if (/^\.+$/.test(value))
      throw new UnusableActionError(`{{${name}}} is "${value}", which would change the path of the URL`)
    return encodeURIComponent(value)
  })
  const parsed = URL.parse(url)
  if (parsed === null) throw new UnusableActionError('The URL cannot be read')
  if (parsed.username !== '' || parsed.password !== '')
    throw new UnusableActionError('User and password do not belong into the URL: use the authentication')
  return parsed.href
}

/** Fills a header value; what a header cannot hold is percent-encoded. */
export const renderHeader = (name: string, template: string, lookup: VariableLookup): string =>
  fill(template, lookup, `header ${name}`, (value) =>
    value.replace(/[^\x20-\x7e]+/gu, (characters) => encodeURIComponent(characters)),
  )
