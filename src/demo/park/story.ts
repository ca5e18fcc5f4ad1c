/** What happens in the park and when; instants in UTC epoch milliseconds, `Infinity` for never. */
export interface Story {
  seed: number
  /** From here the lamps no longer light the park after dark, and the camera looks into the night. */
  nightPenaltyFrom: number
  /** Something knocks the camera: it stays tilted. */
  knockAt: number
  /** From here dogs and cats of breeds that the first model never saw come, too. */
  newBreedFrom: number
  /** One visit at most begins in each slot of this length, by day nearly always one. */
  visitSlotMs: number
}

export const DEFAULT_STORY: Story = {
  seed: 10,
  nightPenaltyFrom: Infinity,
  knockAt: Infinity,
  newBreedFrom: Infinity,
  visitSlotMs: 2 * 60_000,
}

/** Where the park is: Ciutadella, Barcelona. */
export const LATITUDE_DEGREES = 41.388
export const LONGITUDE_DEGREES = 2.187
