/** What turns the surprise of each value of a stream into a score, so that one event is one alarm. */
export type AlarmGate = {
  /** Surprise of the latest alarm, fading. */
  alarmed: number
  /** Of the latest value, before alarms that were given are taken into account. */
  surprise: number
}

/** Surprise (−log₁₀ p) that scores 0.5. */
const look = 3.6
/** Surprise beyond this is no more surprising. */
export const mostSurprise = 12
/** Values over which an alarm is forgotten, and the factor by which a further one must exceed it meanwhile. */
const forget = 300
const exceed = 1.4
/** Share of `look` above which an alarm goes on. */
const hold = 0.75

/** Score from which a person should look. */
export const lookScore = 0.5

export const createAlarmGate = (): AlarmGate => ({ alarmed: 0, surprise: 0 })

/**
 * The score of the next value by its surprise s, of at most 12 (in place): s/(s + 3.6), in [0, 1]. Alarms are told once: within
 * the memory of an alarm (300 values) a further surprise must exceed it by 1.4 to be told, else it scores 0.2 at most, so that a
 * change that lasts is one sharp alarm at its onset. Constant time.
 */
export function tellAlarm(gate: AlarmGate, surprise: number): number {
  const s = Math.min(mostSurprise, surprise)
  gate.surprise = s
  const isNew = s > exceed * gate.alarmed
  const told = isNew ? s : Math.min(s, look) / 4
  gate.alarmed *= 1 - 1 / forget
  if (s >= look || (isStillOut(gate) && !isNew)) gate.alarmed = Math.max(gate.alarmed, s)
  return told / (told + look)
}

/** Whether the latest value still belongs to what an alarm was given for. */
export const isStillOut = ({ surprise }: AlarmGate): boolean => surprise >= hold * look
