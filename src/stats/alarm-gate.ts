/** What turns the surprise of each value of a stream into a score, so that one event is one alarm. */
export type AlarmGate = {
  /** For each rung, the surprise of its latest alarm, and what of it is remembered: it fades, but not while the alarm goes on. */
  readonly told: Float64Array
  readonly alarmed: Float64Array
  /** Of the latest value, before alarms that were given are taken into account. */
  surprise: number
}

/** Surprise (−log₁₀ p) that scores 0.5. */
const look = 3.6
/** Surprise beyond this is no more surprising. */
export const mostSurprise = 12
/** Surprises from which alarms may be wanted: equal ratios from 2 to `look`. Each rung tells its alarms by itself. */
const rungs = Array.from({ length: 8 }, (_, k) => 2 * (look / 2) ** (k / 7))
/** Values over which an alarm is forgotten, and the factor by which a further one must exceed it meanwhile. */
const forget = 200
const exceed = 1.7
/** Share of a rung above which its alarm goes on. */
const hold = 0.75

/** Score from which a person should look. */
export const lookScore = 0.5

export const createAlarmGate = (): AlarmGate => ({
  told: new Float64Array(rungs.length),
  alarmed: new Float64Array(rungs.length),
  surprise: 0,
})

/**
 * The score of the next value by its surprise s, of at most 12 (in place): s/(s + 3.6), in [0, 1], where it is told.
 *
 * Alarms are told once: within the memory of an alarm (200 values) a further surprise must exceed it by 1.7, so that a change that
 * lasts is one sharp alarm at its onset. Which surprise is an alarm depends on the threshold that scores are held against: so each
 * of eight rungs (surprise 2 to 3.6, scores 0.36 to 0.5) remembers alarms of its own, and a value is told up to the highest rung
 * to which it is news; to none of them, it scores 0.12 at most. Constant time.
 */
export function tellAlarm(gate: AlarmGate, surprise: number): number {
  const s = Math.min(mostSurprise, surprise)
  gate.surprise = s
  let told = Math.min(s, rungs[0]) / 4
  for (let k = 0; k < rungs.length; k++) {
    const isNew = s > exceed * gate.alarmed[k]
    gate.alarmed[k] *= 1 - 1 / forget
    if (!isNew) {
      // Never more than was told: an event that grows step by step must not pass unseen behind a lesser one.
      if (s >= hold * rungs[k]) gate.alarmed[k] = Math.max(gate.alarmed[k], Math.min(s, gate.told[k]))
    } else if (s >= rungs[k]) {
      gate.alarmed[k] = s
      gate.told[k] = s
      // Just below the next rung, if that one knows it already.
      told = k + 1 < rungs.length ? Math.min(s, rungs[k + 1] * 0.999) : s
    }
  }
  return told / (told + look)
}

/** Whether the latest value still belongs to what an alarm was given for. */
export const isStillOut = ({ surprise }: AlarmGate): boolean => surprise >= hold * look
