/** What a room needs of a logger; pino fits. Details come first, the sentence second. */
export interface Log {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}
