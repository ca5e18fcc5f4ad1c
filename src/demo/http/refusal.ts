/** A request that cannot be answered: the HTTP status and one sentence for the caller. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
