import { createRandom, type Random, randomNormal, randomUniform } from '../../src/stats/random.ts'
import type { LabelledStream } from './anomaly-streams.ts'

/**
 * A second corpus, held apart from the one the detector was first built on. It follows what is publicly known of real
 * machine, cloud, road and market telemetry: quantised and heavy-tailed values, spikes that mean nothing, gaps and irregular
 * times, and labels as people give them: some faults can hardly be seen, and some oddities nobody labelled.
 */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A Saturday at 00:14, so that days and weeks begin nowhere in particular. */
const START = Date.UTC(2023, 3, 1, 0, 14)

/** Everything that a family draws from. */
interface Dice {
  uniform(from?: number, to?: number): number
  whole(from: number, to: number): number
  normal(): number
  exponential(mean: number): number
  chance(probability: number): boolean
  poisson(mean: number): number
  /** A sum of squares makes it heavy: Student's t with `degrees` of freedom. */
  student(degrees: number): number
  /** A source of values that lean on the one before. */
  leaning(weight: number, spread: number): () => number
  /** `count` onsets in the judged part of n values, apart from each other, none near the end. */
  onsets(n: number, count: number, room: number): number[]
}

function createDice(random: Random): Dice {
  const uniform = (from = 0, to = 1) => from + (to - from) * randomUniform(random)
  const normal = () => randomNormal(random)
  const dice: Dice = {
    uniform,
    whole: (from, to) => Math.floor(uniform(from, to + 1)),
    normal,
    exponential: (mean) => -mean * Math.log(1 - randomUniform(random)),
    chance: (probability) => randomUniform(random) < probability,
    poisson(mean) {
      if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
      const limit = Math.exp(-mean)
      let count = 0
      for (let product = randomUniform(random); product > limit; product *= randomUniform(random)) count++
      return count
    },
    student(degrees) {
      let squares = 0
      for (let i = 0; i < degrees; i++) squares += normal() ** 2
      return normal() / Math.sqrt(squares / degrees)
    },
    leaning(weight, spread) {
      let x = spread * normal()
      return () => {
        x = weight * x + spread * Math.sqrt(1 - weight * weight) * normal()
        return x
      }
    },
    onsets(n, count, room) {
      const from = Math.floor(0.15 * Math.min(n, 5000)) + Math.floor(0.06 * n)
      const share = (n - room - from) / count
      return Array.from({ length: count }, (_, k) => Math.floor(from + share * (k + uniform(0.15, 0.75))))
    },
  }
  return dice
}

interface Shape {
  readonly n: number
  readonly stepMs?: number
  /** Onsets and lengths of what is labelled. */
  readonly faults: readonly (readonly [onset: number, length: number])[]
  /** Time from one row to the next, where it is not always the same. */
  readonly nextStep?: (at: number) => number
  /** The value of row i; `fault` numbers the labelled stretch it lies in (−1: none), `since` counts rows from its onset. */
  readonly value: (i: number, at: number, fault: number, since: number) => number
}

type Family = (dice: Dice) => Shape

const dayShare = (at: number) => (at % DAY) / DAY
const weekday = (at: number) => Math.floor(at / DAY + 3) % 7
const isWeekend = (at: number) => weekday(at) >= 5
const steps = (value: number, step: number) => Math.round(value / step) * step
const bump = (x: number, centre: number, width: number) => Math.exp(-0.5 * ((x - centre) / width) ** 2)
/** Road traffic over a day: two rush hours on workdays, one flat hill at weekends. */
const rush = (at: number) =>
  isWeekend(at)
    ? 0.45 * bump(dayShare(at), 0.58, 0.14)
    : bump(dayShare(at), 0.33, 0.045) + 0.9 * bump(dayShare(at), 0.73, 0.06) + 0.25 * bump(dayShare(at), 0.53, 0.15)
/** People awake: low at night, a plateau by day, a hill in the evening. */
const awake = (at: number) =>
  0.12 + 0.75 / (1 + Math.exp(-40 * (dayShare(at) - 0.29))) - 0.6 / (1 + Math.exp(-50 * (dayShare(at) - 0.95)))
/** The square day of a test bench: low, high from nine to six. */
const shift = (at: number) => (dayShare(at) > 0.375 && dayShare(at) < 0.75 ? 1 : 0)

/** Two weeks of readings every five minutes. */
const fortnight = 4032

const families: Readonly<Record<string, Family>> = {
  'idle processor, quantised, rare spikes that mean nothing'(dice) {
    const level = dice.uniform(0.1, 0.16)
    const onsets = dice.onsets(fortnight, 2, 300)
    return {
      n: fortnight,
      faults: [
        [onsets[0], 2],
        [onsets[1], 120],
      ],
      value: (_i, _at, fault, since) => {
        const usual = level + 0.002 * dice.whole(-1, 1) + (dice.chance(0.07) ? -0.066 : 0)
        if (fault === 0) return usual + 2.1
        if (fault === 1) return usual + (since < 2 ? 1.6 : 0.12 * dice.uniform(0.4, 1.6))
        return dice.chance(0.0015) ? usual + dice.uniform(0.2, 1) : usual
      },
    }
  },
  'processor in the forties, steps to another load'(dice) {
    const noise = dice.leaning(0.4, 1.4)
    const [first, second] = dice.onsets(fortnight, 2, 250)
    const step = dice.uniform(6, 14)
    return {
      n: fortnight,
      faults: [
        [first, 8],
        [second, 150],
      ],
      value: (i, _at, fault, since) =>
        42 +
        noise() +
        (dice.chance(0.004) ? dice.uniform(4, 9) : 0) +
        (fault === 0 && since < 6 ? 22 : 0) +
        (i >= second ? step : 0),
    }
  },
  'processor in bursts, one that does not end'(dice) {
    const [onset] = dice.onsets(fortnight, 1, 400)
    let busy = 0
    let height = 0
    return {
      n: fortnight,
      faults: [[onset, 170]],
      value: (_i, _at, fault) => {
        if (busy-- <= 0 && dice.chance(0.012)) {
          busy = dice.whole(3, 18)
          height = dice.uniform(30, 95)
        }
        if (fault === 0) return Math.min(100, 88 + 4 * dice.normal())
        return Math.max(0, (busy > 0 ? height + 6 * dice.normal() : 2.5) + 0.6 * dice.normal())
      },
    }
  },
  'processor near its limit, dips'(dice) {
    const [onset] = dice.onsets(fortnight, 1, 300)
    return {
      n: fortnight,
      faults: [[onset, 60]],
      value: (_i, _at, fault) => {
        const usual = 96 - dice.exponential(2.2) - (dice.chance(0.004) ? dice.uniform(6, 16) : 0)
        return steps(fault === 0 ? usual - 26 : usual, 0.1)
      },
    }
  },
  'spikes of a timed job, closer together'(dice) {
    const period = dice.whole(24, 60)
    const [onset] = dice.onsets(fortnight, 1, 400)
    return {
      n: fortnight,
      faults: [[onset, 240]],
      value: (i, _at, fault) => {
        const every = fault === 0 ? Math.floor(period / 4) : period
        const spike = i % every === 0 || (i % every === 1 && dice.chance(0.3))
        return 2 + 0.4 * dice.normal() + (spike ? dice.uniform(18, 32) : 0)
      },
    }
  },
  'spikes of a timed job, one far higher and a time without'(dice) {
    const period = dice.whole(70, 150)
    const [first, second] = dice.onsets(fortnight, 2, 500)
    return {
      n: fortnight,
      faults: [
        [first, period + 4],
        [second, 450],
      ],
      value: (i, _at, fault) => {
        const isDue = i % period < 2 && fault !== 1
        const height = fault === 0 ? 95 : dice.uniform(26, 34)
        return Math.min(100, 2 + 0.3 * Math.abs(dice.normal()) + (isDue ? height : 0))
      },
    }
  },
  'idle machine without a fault'(dice) {
    return {
      n: fortnight,
      faults: [],
      value: () => steps(0.07 + 0.012 * Math.abs(dice.student(4)), 0.002),
    }
  },
  'processor that runs away at the end'(dice) {
    const noise = dice.leaning(0.85, 4)
    const onset = Math.floor(fortnight * dice.uniform(0.86, 0.92))
    return {
      n: fortnight,
      faults: [[onset, fortnight - onset]],
      value: (i) => (i >= onset ? Math.min(100, 98.5 + 0.8 * dice.normal()) : 34 + noise() + 2 * dice.normal()),
    }
  },
  'database with plateaus of its jobs'(dice) {
    const [first, second] = dice.onsets(fortnight, 2, 350)
    let busy = 0
    return {
      n: fortnight,
      faults: [
        [first, 14],
        [second, 130],
      ],
      value: (_i, _at, fault) => {
        if (busy-- <= 0 && dice.chance(0.0015)) busy = dice.whole(8, 14)
        return 6.2 + 0.5 * dice.normal() + (busy > 0 ? 5.5 : 0) + (fault === 0 ? 19 : fault === 1 ? 8 : 0)
      },
    }
  },
  'scaling group that is set wrong'(dice) {
    const n = 18_000
    const onset = Math.floor(n * dice.uniform(0.8, 0.88))
    const period = dice.whole(200, 320)
    return {
      n,
      faults: [[onset, 1500]],
      value: (i, _at, fault) => {
        const saw = (i % period) / period
        return fault === 0
          ? Math.min(100, 79 + 6 * dice.normal())
          : 22 + 34 * saw + 5 * dice.normal() + (dice.chance(0.003) ? dice.uniform(10, 25) : 0)
      },
    }
  },
  'disk writes, mostly none'(dice) {
    const [first, second] = dice.onsets(fortnight, 2, 300)
    return {
      n: fortnight,
      faults: [
        [first, 40],
        [second, 120],
      ],
      value: (_i, _at, fault) => {
        const usual = dice.chance(0.8) ? 0 : dice.exponential(1.5e6) * (dice.chance(0.03) ? 12 : 1)
        if (fault === 0) return usual + dice.uniform(6e7, 2e8)
        return fault === 1 ? usual + 5e6 * dice.uniform() : usual
      },
    }
  },
  'disk writes of a backup, one that is missing'(dice) {
    const [onset] = dice.onsets(fortnight, 1, 600)
    return {
      n: fortnight,
      faults: [[onset, 576]],
      value: (i, _at, fault) =>
        (i % 288 < 14 && fault !== 0 ? 4e8 * dice.uniform(0.7, 1) : 0) + 2e6 * Math.exp(0.7 * dice.normal()),
    }
  },
  'network bytes with a heavy tail'(dice) {
    const [first, second] = dice.onsets(4700, 2, 300)
    return {
      n: 4700,
      faults: [
        [first, 5],
        [second, 200],
      ],
      value: (_i, _at, fault) => {
        const usual =
          1e6 * Math.exp(0.8 * dice.normal()) * (dice.chance(0.01) ? (1 - dice.uniform(0, 0.97)) ** -0.7 : 1)
        return usual * (fault === 0 ? 25 : fault === 1 ? 4 : 1)
      },
    }
  },
  'network bytes, a short file'(dice) {
    const [onset] = dice.onsets(1250, 1, 150)
    return {
      n: 1250,
      faults: [[onset, 70]],
      value: (_i, _at, fault) =>
        2.6e6 + 5e5 * dice.normal() + (dice.chance(0.02) ? 4e6 * dice.uniform() : 0) + (fault === 0 ? 6e6 : 0),
    }
  },
  'requests of a load balancer'(dice) {
    const [first, second] = dice.onsets(fortnight, 2, 250)
    return {
      n: fortnight,
      faults: [
        [first, 12],
        [second, 30],
      ],
      value: (_i, at, fault) => {
        const mean =
          (30 + 90 * awake(at)) * (dice.chance(0.012) ? dice.uniform(1.6, 3.2) : 1) * Math.exp(0.25 * dice.normal())
        return dice.poisson(fault === 1 ? mean / 20 : mean) + (fault === 0 ? 380 : 0)
      },
    }
  },
  'latency of a service, three incidents'(dice) {
    const [first, second, third] = dice.onsets(fortnight, 3, 250)
    return {
      n: fortnight,
      faults: [
        [first, 2],
        [second, 3],
        [third, 60],
      ],
      value: (_i, _at, fault) => 45 + 1.5 * dice.normal() + ([18, 8, 9][fault] ?? 0),
    }
  },
  'number of machines, which falls to none'(dice) {
    const n = 4600
    const [first, second] = dice.onsets(n, 2, 200)
    let wanted = 32
    return {
      n,
      faults: [
        [first, 90],
        [second, 60],
      ],
      value: (_i, at, fault, since) => {
        if (dice.chance(0.02)) wanted = 26 + Math.round(10 * awake(at)) + dice.whole(-1, 1)
        return fault === 1 ? 0 : fault === 0 ? Math.max(20, wanted - Math.floor(since / 3)) : wanted
      },
    }
  },
  'temperature of a large machine: wear, stop, failure'(dice) {
    const n = 22_000
    const slow = dice.leaning(0.9985, 5)
    const load = dice.leaning(0.97, 1.6)
    const stop = dice.whole(4200, 5600)
    const small = dice.whole(9000, 11_000)
    const failure = dice.whole(17_500, 19_000)
    const wear = failure - dice.whole(900, 1100)
    let dip = 0
    return {
      n,
      faults: [
        [stop, 260],
        [small, 200],
        [wear, failure - wear],
        [failure, 320],
      ],
      value: (i, _at, fault, since) => {
        if (dip <= 0 && dice.chance(0.0004)) dip = dice.whole(30, 90)
        dip--
        const usual = 88 + slow() + load() + 0.5 * dice.normal() - (dip > 0 ? 7 * Math.min(1, dip / 20) : 0)
        if (fault === 0) return Math.max(22 + 0.5 * dice.normal(), usual - since * 0.9)
        if (fault === 1) return usual + 14 * Math.sin((Math.PI * since) / 200)
        if (i >= wear && i < failure) return usual - 0.013 * since + 2.2 * dice.normal()
        return fault === 3 ? Math.max(5, usual - since * 1.4) : usual
      },
    }
  },
  'temperature of an office, heating fails'(dice) {
    const n = 7200
    const weather = dice.leaning(0.985, 1.9)
    const [first, second] = dice.onsets(n, 2, 300)
    return {
      n,
      stepMs: HOUR,
      faults: [
        [first, 50],
        [second, 70],
      ],
      nextStep: () => (dice.chance(0.002) ? dice.whole(3, 90) * HOUR : HOUR),
      value: (i, at, fault, since) => {
        const inHours = !isWeekend(at) && dayShare(at) > 0.3 && dayShare(at) < 0.8
        const usual =
          70.5 + (inHours ? 1.6 : 0) + 1.5 * Math.sin((2 * Math.PI * i) / 8766) + weather() + 0.35 * dice.normal()
        if (fault === 0) return usual - 9 * Math.sin(Math.min(1, since / 25) * (Math.PI / 2))
        return fault === 1 ? usual + 7 * Math.min(1, since / 18) : usual
      },
    }
  },
  'vibration of a pump that grows'(dice) {
    const n = 9000
    const noise = dice.leaning(0.6, 0.18)
    const [onset] = dice.onsets(n, 1, 1400)
    return {
      n,
      stepMs: 10 * MINUTE,
      faults: [[onset, 1200]],
      value: (_i, _at, fault, since) => 2.4 * Math.exp(noise() + (fault === 0 ? (0.9 * since) / 1200 : 0)),
    }
  },
  'pressure of a press, a cycle that is missing'(dice) {
    const period = dice.whole(55, 75)
    const [first, second] = dice.onsets(6000, 2, 300)
    return {
      n: 6000,
      stepMs: MINUTE,
      faults: [
        [first, period],
        [second, 3 * period],
      ],
      value: (i, _at, fault) => {
        const phase = (i % period) / period
        const stroke = phase < 0.2 ? phase * 5 : Math.max(0, 1 - (phase - 0.2) * 1.5)
        return 3 + (fault === 0 ? 0.2 : fault === 1 ? 0.62 : 1) * 40 * stroke + 0.7 * dice.normal()
      },
    }
  },
  'rotation that changes its frequency within its range'(dice) {
    const period = dice.uniform(36, 60)
    const [onset] = dice.onsets(5000, 1, 400)
    let phase = 0
    return {
      n: 5000,
      stepMs: MINUTE,
      faults: [[onset, 300]],
      value: (_i, _at, fault) => {
        phase += (2 * Math.PI) / (fault === 0 ? period * 0.55 : period)
        return 10 * Math.sin(phase) + 0.8 * dice.normal()
      },
    }
  },
  'room sensor in steps of a tenth that hangs'(dice) {
    const wander = dice.leaning(0.995, 1.2)
    const [first, second] = dice.onsets(6000, 2, 400)
    let held = 0
    return {
      n: 6000,
      faults: [
        [first, 200],
        [second, 3],
      ],
      value: (_i, at, fault) => {
        const free = steps(21 + 2 * Math.sin(2 * Math.PI * dayShare(at)) + wander() + 0.12 * dice.normal(), 0.1)
        if (fault !== 0) held = free
        return fault === 1 ? 85 : held
      },
    }
  },
  'taxi rides in half hours, five special days'(dice) {
    const n = 10_320
    const noise = dice.leaning(0.8, 700)
    const days = dice.onsets(n, 5, 96)
    return {
      n,
      stepMs: 30 * MINUTE,
      faults: days.map((onset, k) => [onset, [40, 48, 48, 14, 60][k]]),
      value: (_i, at, fault) => {
        const night = isWeekend(at) ? 3500 * bump(dayShare(at), 0.02, 0.06) : 0
        const usual = 2500 + 19_000 * awake(at) * (weekday(at) === 6 ? 0.85 : 1) + night
        const factor = [1.28, 0.62, 0.5, 1.45, 0.08][fault] ?? 1
        return Math.max(0, Math.round(usual * factor + noise()))
      },
    }
  },
  'road speed at irregular times'(dice) {
    const [first, second] = dice.onsets(2500, 2, 120)
    return {
      n: 2500,
      faults: [
        [first, 30],
        [second, 12],
      ],
      nextStep: (at) =>
        dayShare(at) > 0.94 ? dice.whole(120, 340) * MINUTE : MINUTE * 5 * (dice.chance(0.8) ? 1 : dice.whole(2, 9)),
      value: (_i, at, fault) => {
        const usual = 72 - 16 * rush(at) + 4 * dice.student(4)
        return Math.max(3, Math.round(fault >= 0 ? usual * 0.45 : usual))
      },
    }
  },
  'occupancy of a road at irregular times'(dice) {
    const [first, second] = dice.onsets(2400, 2, 120)
    return {
      n: 2400,
      faults: [
        [first, 10],
        [second, 24],
      ],
      nextStep: () => MINUTE * 5 * (dice.chance(0.75) ? 1 : dice.whole(2, 14)),
      value: (_i, at, fault) => {
        const usual = (2 + 11 * rush(at)) * Math.exp(0.4 * dice.normal()) * (dice.chance(0.01) ? 2 : 1)
        return steps(Math.min(100, fault >= 0 ? usual * 2 + 14 : usual), 0.06)
      },
    }
  },
  'travel time at irregular times'(dice) {
    const onsets = dice.onsets(2200, 3, 100)
    return {
      n: 2200,
      faults: onsets.map((onset, k) => [onset, [3, 20, 8][k]]),
      nextStep: (at) => MINUTE * (dayShare(at) < 0.2 ? dice.whole(10, 120) : dice.whole(3, 22)),
      value: (_i, at, fault) => {
        const usual = (240 + 260 * rush(at)) * Math.exp(0.22 * Math.abs(dice.student(3)))
        return Math.round(fault === 0 ? usual + 3400 : fault > 0 ? usual * 2.6 : usual)
      },
    }
  },
  'price of a click, hour by hour'(dice) {
    const [first, second, third] = dice.onsets(1600, 3, 60)
    return {
      n: 1600,
      stepMs: HOUR,
      faults: [
        [first, 2],
        [second, 20],
        [third, 3],
      ],
      value: (_i, at, fault) => {
        const usual = 0.1 * Math.exp(0.2 * awake(at) + 0.16 * dice.student(4))
        return usual * ([3.4, 1.5, 2.4][fault] ?? 1)
      },
    }
  },
  'price of views, hour by hour, with shifts of the market'(dice) {
    const [first, second] = dice.onsets(1640, 2, 80)
    let level = 0.6
    return {
      n: 1640,
      stepMs: HOUR,
      faults: [
        [first, 4],
        [second, 40],
      ],
      value: (_i, at, fault) => {
        if (dice.chance(0.004)) level = dice.uniform(0.45, 0.8)
        const usual = level * Math.exp(0.25 * awake(at) + 0.12 * dice.student(3))
        return usual * ([4, 0.35][fault] ?? 1)
      },
    }
  },
  'mentions of a small company'(dice) {
    const n = 15_850
    const onsets = dice.onsets(n, 4, 250)
    let talk = 0
    return {
      n,
      faults: onsets.map((onset) => [onset, 60]),
      value: (_i, at, fault, since) => {
        talk = 0.8 * talk + (dice.chance(0.006) ? dice.exponential(14) : 0)
        if (fault >= 0 && since === 0) talk += dice.uniform(70, 240)
        return dice.poisson(1.5 + 4 * awake(at) + talk)
      },
    }
  },
  'mentions of a large company'(dice) {
    const n = 15_850
    const onsets = dice.onsets(n, 3, 250)
    let talk = 0
    const mood = dice.leaning(0.98, 0.25)
    return {
      n,
      faults: onsets.map((onset) => [onset, 90]),
      value: (_i, at, fault, since) => {
        talk = 0.93 * talk + (dice.chance(0.004) ? dice.exponential(60) : 0)
        if (fault >= 0 && since < 3) talk += dice.uniform(60, 320)
        return dice.poisson((40 + 80 * awake(at)) * Math.exp(mood()) + talk)
      },
    }
  },
  'pauses of a typist, somebody else for a while'(dice) {
    const [first, second] = dice.onsets(1900, 2, 120)
    return {
      n: 1900,
      faults: [
        [first, 60],
        [second, 40],
      ],
      nextStep: (at) => (dayShare(at) > 0.9 ? 9 * HOUR : 5 * MINUTE * dice.whole(1, 3)),
      value: (_i, _at, fault) =>
        0.09 * Math.exp(0.28 * dice.normal()) + (fault >= 0 ? 0.035 : 0) + (dice.chance(0.004) ? 0.15 : 0),
    }
  },
  'keys in a row, a label that shows nothing'(dice) {
    const [first, second] = dice.onsets(5300, 2, 200)
    return {
      n: 5300,
      faults: [
        [first, 100],
        [second, 100],
      ],
      value: (i, _at, fault) =>
        0.6 * dice.student(5) + (i > 2000 && i < 2008 ? 7 : 0) + (fault === 1 ? 0.9 * dice.normal() : 0),
    }
  },
  'test bench, a day in the middle of nowhere'(dice) {
    const day = 11
    return {
      n: fortnight,
      faults: [[day * 288 + 108, 108]],
      value: (_i, at, fault) => (fault === 0 ? 22 : 20 + 60 * shift(at - 14 * MINUTE)) + dice.uniform(0, 8),
    }
  },
  'test bench, a day too high, then one too low'(dice) {
    return {
      n: fortnight,
      faults: [
        [8 * 288 + 108, 108],
        [12 * 288 + 108, 108],
      ],
      value: (_i, at, fault) =>
        20 + [105, 32, 60][fault < 0 ? 2 : fault] * shift(at - 14 * MINUTE) + dice.uniform(0, 8),
    }
  },
  'test bench, high at night'(dice) {
    return {
      n: fortnight,
      faults: [[10 * 288 + 250, 70]],
      value: (_i, at, fault) => 20 + 60 * (fault === 0 ? 1 : shift(at - 14 * MINUTE)) + dice.uniform(0, 8),
    }
  },
  'spikes at random, more of them'(dice) {
    const [onset] = dice.onsets(fortnight, 1, 400)
    return {
      n: fortnight,
      faults: [[onset, 320]],
      value: (_i, _at, fault) => (dice.chance(fault === 0 ? 0.16 : 0.03) ? dice.uniform(17, 21) : 0),
    }
  },
  'spikes of a balancer, twice as high'(dice) {
    const [onset] = dice.onsets(fortnight, 1, 200)
    return {
      n: fortnight,
      faults: [[onset, 60]],
      value: (_i, _at, fault) =>
        0.1 * dice.uniform() + (dice.chance(0.06) ? dice.uniform(0.4, 1) * (fault === 0 ? 2.6 : 1) : 0),
    }
  },
  'perfect square wave without a fault': () => ({
    n: fortnight,
    faults: [],
    value: (_i, at) => 20 + 60 * shift(at),
  }),
  'day with little noise, without a fault': (dice) => ({
    n: fortnight,
    faults: [],
    value: (_i, at) => 20 + 60 * shift(at) + dice.uniform(0, 6),
  }),
  'flat line without a fault': () => ({ n: fortnight, faults: [], value: () => 45 }),
  'much noise without a fault': (dice) => ({ n: fortnight, faults: [], value: () => dice.uniform(18, 42) }),
  'electricity of an office, two and a half weeks'(dice) {
    const n = 1700
    return {
      n,
      stepMs: 15 * MINUTE,
      faults: [[1430, 48]],
      value: (_i, at, fault) => 40 + 130 * (isWeekend(at) || fault === 0 ? 0.12 : awake(at)) + 5 * dice.normal(),
    }
  },
  'counter that starts anew at times, and stands'(dice) {
    const [onset] = dice.onsets(5000, 1, 300)
    let count = 0
    return {
      n: 5000,
      faults: [[onset, 120]],
      value: (i, _at, fault) => {
        if (i % 1009 === 0) count = 0
        if (fault !== 0) count += dice.poisson(6)
        return count
      },
    }
  },
  'battery of a device, which ages'(dice) {
    const n = 8000
    const [onset] = dice.onsets(n, 1, 500)
    let charge = 100
    return {
      n,
      stepMs: 15 * MINUTE,
      faults: [[onset, 400]],
      value: (i, _at, fault) => {
        charge -= (fault === 0 ? 0.55 : 0.16) * dice.uniform(0.6, 1.4)
        if (charge < 20 || i % 480 === 0) charge = 100
        return Math.round(charge)
      },
    }
  },
  'deployment that moves the level, an incident weeks later'(dice) {
    const [first, second] = dice.onsets(8000, 2, 400)
    const noise = dice.leaning(0.5, 2)
    return {
      n: 8000,
      faults: [
        [first, 100],
        [second, 60],
      ],
      value: (i, _at, fault) =>
        60 + noise() + dice.normal() + (i >= first ? 26 : 0) + (fault === 1 ? (dice.chance(0.5) ? 10 : 6) : 0),
    }
  },
  'memory that is freed by a restart, and a leak'(dice) {
    const [first, second] = dice.onsets(6000, 2, 700)
    let used = 1200
    return {
      n: 6000,
      faults: [
        [first, 8],
        [second, 500],
      ],
      value: (i, at, fault) => {
        if (i === first) used = 500
        if (fault === 1) used += 1.6
        used += 0.002 * (1200 - used) * (fault === 1 ? 0 : 1)
        return used + 60 * awake(at) + 9 * dice.student(5)
      },
    }
  },
  'queue that grows over weeks, two jams'(dice) {
    const [first, second] = dice.onsets(9000, 2, 300)
    return {
      n: 9000,
      faults: [
        [first, 50],
        [second, 50],
      ],
      value: (i, at, fault) =>
        dice.poisson(
          (20 + i / 150) * (0.6 + 0.6 * awake(at)) * (fault >= 0 ? 1.9 : 1) * Math.exp(0.12 * dice.normal()),
        ),
    }
  },
  'two deployments, there and back'(dice) {
    const [first, second] = dice.onsets(fortnight, 2, 300)
    return {
      n: fortnight,
      faults: [
        [first, 60],
        [second, 60],
      ],
      value: (i) => Math.max(0, 14 + 1.1 * dice.student(5) + (i >= first && i < second ? 9 : 0)),
    }
  },
}

export const fieldFamilies = Object.keys(families)

/** The streams of the second corpus for a seed. */
export function fieldStreams(seed: number): LabelledStream[] {
  return Object.entries(families).map(([name, family], index) => {
    const dice = createDice(createRandom(770_000 + seed * 1000 + index))
    const { n, stepMs = 5 * MINUTE, faults, nextStep = () => stepMs, value } = family(dice)
    const at = new Float64Array(n)
    for (let i = 0, now = START; i < n; now += nextStep(now), i++) at[i] = now
    const values = at.map((instant, i) => {
      const fault = faults.findIndex(([onset, length]) => i >= onset && i < onset + length)
      return value(i, instant, fault, fault < 0 ? 0 : i - faults[fault][0])
    })
    return { name, at, value: values, faults: faults.map(([onset, length]) => [onset, onset + length]) }
  })
}
