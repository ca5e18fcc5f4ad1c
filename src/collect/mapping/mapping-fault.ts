/** Something wrong with a mapping, or with what it picked. `where` names the field; the message names the path that failed. */
export class MappingFault extends Error {
  override readonly name = 'MappingFault'
  readonly where: string
  constructor(where: string, message: string) {
    super(`${where}: ${message}`)
    this.where = where
  }
}
