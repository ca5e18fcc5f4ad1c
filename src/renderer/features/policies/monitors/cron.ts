/** Five-field cron in UTC: read, put into words, and asked when it comes next. The service has the last word. */

export type Cron = {
  minutes: ReadonlySet<number>
  hours: ReadonlySet<number>
  days: ReadonlySet<number>
  months: ReadonlySet<number>
  weekdays: ReadonlySet<number>
  /** Whether the field was left open; when neither is, a day that fits either counts. */
  anyDay: boolean
  anyWeekday: boolean
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const dayWords = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

type FieldRule = { low: number; high: number; names: readonly string[]; nameBase: number }
const rules: FieldRule[] = [
  { low: 0, high: 59, names: [], nameBase: 0 },
  { low: 0, high: 23, names: [], nameBase: 0 },
  { low: 1, high: 31, names: [], nameBase: 0 },
  { low: 1, high: 12, names: monthNames, nameBase: 1 },
  { low: 0, high: 7, names: dayNames, nameBase: 0 },
]

/** Reads a pattern; null when it is not one that is understood here. */
export function parseCron(pattern: string): Cron | null {
  const fields = pattern.trim().split(/\s+/)
  if (fields.length !== 5) return null
  const sets = fields.map((field, index) => parseField(field, rules[index]))
  if (sets.some((set) => set === null)) return null
  const [minutes, hours, days, months, weekdays] = sets as Set<number>[]
  // Both 0 and 7 are Sunday.
  const week = new Set([...weekdays].map((day) => day % 7))
  return { minutes, hours, days, months, weekdays: week, anyDay: fields[2] === '*', anyWeekday: fields[4] === '*' }
}

function parseField(field: string, rule: FieldRule): Set<number> | null {
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const match = /^(\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:\/(\d+))?$/.exec(part)
    if (match === null) return null
    const [, range, stepText] = match
    const step = stepText === undefined ? 1 : Number(stepText)
    if (step < 1) return null
    const ends = range === '*' ? [rule.low, rule.high] : range.split('-').map((end) => readEnd(end, rule))
    const [from, to = stepText === undefined ? from : rule.high] = ends
    if (from === null || to === null || from > to) return null
    for (let value = from; value <= to; value += step) found.add(value)
  }
  return found
}

function readEnd(text: string, { low, high, names, nameBase }: FieldRule): number | null {
  const named = names.indexOf(text.toUpperCase())
  const value = named >= 0 ? named + nameBase : /^\d+$/.test(text) ? Number(text) : Number.NaN
  return value >= low && value <= high ? value : null
}

function fitsDay({ days, weekdays, months, anyDay, anyWeekday }: Cron, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false
  const fitsDate = days.has(date.getUTCDate())
  const fitsWeekday = weekdays.has(date.getUTCDay())
  if (anyDay || anyWeekday) return fitsDate && fitsWeekday
  return fitsDate || fitsWeekday
}

const dayMs = 86_400_000
const minuteMs = 60_000
/** Four years hold every date, the 29th of February included. */
const farthestDays = 4 * 366

/** The first minute after `at` that fits; null when none comes within four years. */
export function nextRun(cron: Cron, at: number): number | null {
  const start = Math.floor(at / minuteMs) * minuteMs + minuteMs
  for (let day = 0; day <= farthestDays; day += 1) {
    const midnight = Math.floor(start / dayMs) * dayMs + day * dayMs
    if (!fitsDay(cron, new Date(midnight))) continue
    const first = Math.max(start, midnight)
    for (let minute = first; minute < midnight + dayMs; minute += minuteMs) {
      const date = new Date(minute)
      if (cron.hours.has(date.getUTCHours()) && cron.minutes.has(date.getUTCMinutes())) return minute
    }
  }
  return null
}

const pad = (value: number) => String(value).padStart(2, '0')
const list = (words: readonly string[]) =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** Values at one distance over the whole range; null otherwise. */
function evenStep(values: readonly number[], count: number): number | null {
  if (values.length < 2 || values[0] !== 0) return null
  const step = values[1] - values[0]
  return count % step === 0 && values.length === count / step && values.every((value, at) => value === at * step)
    ? step
    : null
}

/** The schedule in plain words, in UTC: `every day at 02:00`, `every 15 minutes`. */
export function describeCron(cron: Cron): string {
  const minutes = [...cron.minutes].sort((left, right) => left - right)
  const hours = [...cron.hours].sort((left, right) => left - right)
  const isEveryHour = hours.length === 24
  const minuteStep = evenStep(minutes, 60)
  const hourStep = evenStep(hours, 24)
  const times =
    isEveryHour && minutes.length === 60
      ? 'every minute'
      : isEveryHour && minuteStep !== null
        ? `every ${minuteStep} minutes`
        : isEveryHour && minutes.length === 1
          ? minutes[0] === 0
            ? 'every hour'
            : `every hour at minute ${minutes[0]}`
          : hourStep !== null && minutes.length === 1
            ? `every ${hourStep} hours${minutes[0] === 0 ? '' : ` at minute ${minutes[0]}`}`
            : hours.length * minutes.length <= 6
              ? `at ${list(hours.flatMap((hour) => minutes.map((minute) => `${pad(hour)}:${pad(minute)}`)))}`
              : `at minutes ${list(minutes.map(String))} of hours ${list(hours.map(String))}`
  const when = dayPhrase(cron)
  return when === 'every day' && times.startsWith('every') ? times : `${when} ${times}`
}

function dayPhrase({ days, weekdays, months, anyDay, anyWeekday }: Cron): string {
  const named = [...weekdays].sort((left, right) => left - right)
  const isWorkweek = named.join() === '1,2,3,4,5'
  const weekdayPhrase = isWorkweek ? 'Monday to Friday' : `every ${list(named.map((day) => dayWords[day]))}`
  const datePhrase = `on day ${list([...days].sort((left, right) => left - right).map(String))} of the month`
  const base =
    anyDay && (anyWeekday || named.length === 7)
      ? 'every day'
      : anyDay
        ? weekdayPhrase
        : anyWeekday
          ? datePhrase
          : `${datePhrase} or ${weekdayPhrase}`
  if (months.size === 12) return base
  return `${base} in ${list([...months].sort((left, right) => left - right).map((month) => monthNames[month - 1]))}`
}

/** `every day at 02:00 UTC`; what cannot be read is shown as it is. */
export function scheduleWords(pattern: string | null): string {
  if (pattern === null) return 'on demand'
  const cron = parseCron(pattern)
  return cron === null ? pattern : `${describeCron(cron)} UTC`
}
