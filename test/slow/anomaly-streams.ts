import { createRandom, type Random, randomNormal, randomUniform } from '../../src/stats/random.ts'

/** A made-up stream with the stretches in which something is wrong. */
export interface LabelledStream {
  readonly name: string
  readonly at: Float64Array
  readonly value: Float64Array
  /** Indices from and to (excluded) of each fault. */
  readonly faults: readonly (readonly [from: number, to: number])[]
}

const MINUTE = 60_000
const START = Date.UTC(2024, 2, 4)

const daily = (at: number) => Math.sin((2 * Math.PI * (at % 86_400_000)) / 86_400_000)
/** 1 from Monday to Friday, 0 at the weekend (START is a Monday). */
const isWorkday = (at: number) => (Math.floor((at - START) / 86_400_000) % 7 < 5 ? 1 : 0)
const poisson = (random: Random, mean: number): number => {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = randomUniform(random); product > limit; product *= randomUniform(random)) count++
  return count
}
/** Student's t with three degrees of freedom. */
const heavy = (random: Random): number => {
  const square = () => randomNormal(random) ** 2
  return randomNormal(random) / Math.sqrt((square() + square() + square()) / 3)
}

interface Plan {
  readonly name: string
  readonly n: number
  readonly everyMinutes?: number
  /** Steps of time vary by a factor of ten. */
  readonly isIrregular?: boolean
  readonly faults: readonly (readonly [number, number])[]
  /** The value at step i; `fault` is the number of the fault that it lies in, or null. */
  readonly make: (random: Random) => (i: number, at: number, fault: number | null, since: number) => number
}

const autoregressive = (random: Random, phi: number, sigma = 1) => {
  let x = 0
  return () => {
    x = phi * x + sigma * Math.sqrt(1 - phi * phi) * randomNormal(random)
    return x
  }
}

const plans: readonly Plan[] = [
  {
    name: 'white noise, spikes',
    n: 4000,
    faults: [
      [1800, 1803],
      [3100, 3103],
    ],
    make: (random) => (_i, _at, fault) => 50 + randomNormal(random) + (fault === null ? 0 : 9),
  },
  {
    name: 'white noise, level shift that lasts',
    n: 4000,
    faults: [[2200, 2400]],
    make: (random) => (i) => 20 + randomNormal(random) + (i >= 2200 ? 3 : 0),
  },
  {
    name: 'autoregressive, shift and return',
    n: 4000,
    faults: [[2500, 2700]],
    make: (random) => {
      const noise = autoregressive(random, 0.9)
      return (_i, _at, fault) => 35 + noise() + (fault === null ? 0 : 6)
    },
  },
  {
    name: 'temperature of a day, sudden fall',
    n: 6000,
    faults: [
      [3000, 3100],
      [5000, 5100],
    ],
    make: (random) => {
      const noise = autoregressive(random, 0.95, 0.7)
      return (_i, at, fault) => 70 + 6 * daily(at) + noise() - (fault === null ? 0 : 9)
    },
  },
  {
    name: 'requests of a week, a workday that is none',
    n: 12_000,
    faults: [[9500, 9790]],
    make: (random) => (_i, at, fault) =>
      Math.max(
        0,
        Math.round(200 + 150 * daily(at) * (fault === null ? isWorkday(at) : -0.6) + 12 * randomNormal(random)),
      ),
  },
  {
    name: 'processor, saturation',
    n: 4000,
    faults: [[2600, 2800]],
    make: (random) => (_i, _at, fault) =>
      fault === null ? Math.min(100, Math.max(0, 35 + 6 * heavy(random))) : 98 + randomUniform(random),
  },
  {
    name: 'flat line of a noisy sensor',
    n: 3000,
    faults: [[2000, 2200]],
    make: (random) => {
      let last = 0
      return (_i, _at, fault) => {
        if (fault === null) last = 5 + randomNormal(random)
        return last
      }
    },
  },
  {
    name: 'variance doubles and more',
    n: 4000,
    faults: [[2600, 2850]],
    make: (random) => (_i, _at, fault) => 10 + randomNormal(random) * (fault === null ? 1 : 2.8),
  },
  {
    name: 'variance falls',
    n: 4000,
    faults: [[2600, 2900]],
    make: (random) => (_i, _at, fault) => 10 + randomNormal(random) * (fault === null ? 1 : 0.12),
  },
  {
    name: 'drift of months, then a failure',
    n: 20_000,
    faults: [
      [9000, 9300],
      [17_000, 17_300],
    ],
    make: (random) => {
      const noise = autoregressive(random, 0.98, 1.5)
      return (i, at, fault) => 80 + i * 0.0007 + 2 * daily(at) + noise() - (fault === null ? 0 : 12)
    },
  },
  {
    name: 'temperature that climbs to a failure',
    n: 8000,
    faults: [[5500, 5900]],
    make: (random) => {
      const noise = autoregressive(random, 0.9)
      return (_i, _at, fault, since) => 60 + noise() + (fault === null ? 0 : since * 0.04)
    },
  },
  {
    name: 'latency with a heavy tail, burst of slow answers',
    n: 4000,
    faults: [[2900, 3000]],
    make: (random) => (_i, _at, fault) =>
      40 * Math.exp(0.4 * randomNormal(random)) * (fault !== null && randomUniform(random) < 0.5 ? 9 : 1),
  },
  {
    name: 'idle processor in steps of 0.066, slight shift',
    n: 4000,
    faults: [[2400, 2600]],
    make: (random) => (_i, _at, fault) =>
      0.066 + 0.066 * Math.round(Math.abs(randomNormal(random)) * 0.6) + (fault === null ? 0 : 0.066 * 5),
  },
  {
    name: 'nightly job that does not end',
    n: 6000,
    faults: [[4035, 4200]],
    make: (random) => (i, _at, fault) => 10 + 2 * randomNormal(random) + (i % 288 < 6 || fault !== null ? 60 : 0),
  },
  {
    name: 'slow wander, planned stop',
    n: 16_000,
    faults: [[11_000, 11_200]],
    make: (random) => {
      const slow = autoregressive(random, 0.999, 6)
      return (_i, _at, fault) => 85 + slow() + 0.6 * randomNormal(random) - (fault === null ? 0 : 45)
    },
  },
  {
    name: 'day shifted by half',
    n: 6000,
    faults: [[4320, 4608]],
    make: (random) => (_i, at, fault) => 100 + 20 * daily(at) * (fault === null ? 1 : -1) + 2 * randomNormal(random),
  },
  {
    name: 'counts fall to none',
    n: 5000,
    faults: [[3300, 3400]],
    make: (random) => (_i, at, fault) => (fault === null ? poisson(random, 12 + 5 * daily(at)) : 0),
  },
  {
    name: 'short series, one shift',
    n: 1000,
    faults: [[700, 800]],
    make: (random) => (_i, _at, fault) => 3 + 0.2 * randomNormal(random) + (fault === null ? 0 : 1.2),
  },
  {
    name: 'duty cycle stays on',
    n: 5000,
    faults: [[3500, 3620]],
    make: (random) => (i, _at, fault) => (i % 40 < 15 || fault !== null ? 12 : 2) + 0.3 * randomNormal(random),
  },
  {
    name: 'constant with one glitch',
    n: 2000,
    faults: [[1500, 1502]],
    make: () => (_i, _at, fault) => (fault === null ? 42 : 43),
  },
  {
    name: 'hourly room temperature, heating fails',
    n: 7000,
    everyMinutes: 60,
    faults: [
      [4000, 4060],
      [6000, 6060],
    ],
    make: (random) => {
      const noise = autoregressive(random, 0.97, 1.2)
      return (_i, at, fault, since) => 70 + 2 * daily(at) + noise() - (fault === null ? 0 : Math.min(9, since * 0.6))
    },
  },
  {
    name: 'network bytes with rare bursts, traffic stops',
    n: 4500,
    faults: [[3300, 3450]],
    make: (random) => (_i, _at, fault) =>
      fault === null
        ? 1e6 * Math.exp(0.3 * randomNormal(random)) * (randomUniform(random) < 0.01 ? 6 : 1)
        : 2e4 * randomUniform(random),
  },
  {
    name: 'random walk with a jump',
    n: 5000,
    faults: [[3200, 3260]],
    make: (random) => {
      let x = 0
      return (i) => {
        x += 0.1 * randomNormal(random) + (i === 3200 ? 4 : 0)
        return x
      }
    },
  },
  {
    name: 'two levels of load, a third one',
    n: 5000,
    faults: [[3600, 3800]],
    make: (random) => (_i, at, fault) =>
      (fault !== null ? 75 : isWorkday(at) && daily(at) > 0 ? 50 : 20) + 3 * randomNormal(random),
  },
  {
    name: 'mentions in five minutes, bursts by themselves',
    n: 12_000,
    faults: [
      [5000, 5040],
      [9000, 9040],
    ],
    make: (random) => {
      let excitement = 0
      return (_i, at, fault) => {
        excitement = 0.85 * excitement + (randomUniform(random) < 0.004 ? 20 * -Math.log(randomUniform(random)) : 0)
        return poisson(random, 8 + 5 * daily(at) + excitement + (fault === null ? 0 : 150))
      }
    },
  },
  {
    name: 'travel time at irregular times, jam',
    n: 2500,
    isIrregular: true,
    faults: [[1700, 1740]],
    make: (random) => (_i, at, fault) =>
      Math.round(
        (200 + 60 * Math.max(0, daily(at))) * Math.exp(0.25 * Math.abs(heavy(random))) * (fault === null ? 1 : 4),
      ),
  },
  {
    name: 'passengers in half hours, a holiday',
    n: 10_000,
    everyMinutes: 30,
    faults: [
      [5808, 5856],
      [8208, 8256],
    ],
    make: (random) => {
      const noise = autoregressive(random, 0.7, 900)
      return (_i, at, fault) =>
        Math.round(15_000 + 8000 * daily(at) * (fault === null ? 0.7 + 0.3 * isWorkday(at) : 0.25) + noise())
    },
  },
  {
    name: 'hourly price of clicks, sudden price',
    n: 1600,
    everyMinutes: 60,
    faults: [
      [800, 804],
      [1300, 1304],
    ],
    make: (random) => (_i, at, fault) =>
      0.1 * Math.exp(0.25 * daily(at) + 0.2 * heavy(random)) * (fault === null ? 1 : 4),
  },
  {
    name: 'disk writes in clusters, a flood',
    n: 4000,
    faults: [[2700, 2800]],
    make: (random) => {
      let busy = 0
      return (_i, _at, fault) => {
        if (randomUniform(random) < 0.02) busy = 1 - busy
        const usual = busy * 2e6 * -Math.log(randomUniform(random))
        return fault === null ? usual : usual + 4e7
      }
    },
  },
  {
    name: 'instances in quantised steps, collapse to none',
    n: 4600,
    faults: [
      [2300, 2330],
      [3900, 3930],
    ],
    make: (random) => {
      let level = 34
      return (_i, _at, fault) => {
        if (randomUniform(random) < 0.01)
          level = Math.min(38, Math.max(30, level + (randomUniform(random) < 0.5 ? 1 : -1)))
        return fault === null ? level + (randomUniform(random) < 0.1 ? 0.5 : 0) : 0
      }
    },
  },
  {
    name: 'processor that steps to a new load and stays',
    n: 4000,
    faults: [[3000, 3100]],
    make: (random) => (i) => (i < 3000 ? 42 : 55) + 2 * heavy(random),
  },
  {
    name: 'latency, three usual peaks and a plateau',
    n: 4000,
    faults: [[3200, 3300]],
    make: (random) => (i, _at, fault) =>
      45 + 2 * randomNormal(random) + (i % 900 < 2 ? 30 : 0) + (fault === null ? 0 : 22),
  },
]

/** All made-up streams for a seed. */
export function anomalyStreams(seed: number): LabelledStream[] {
  return plans.map(({ name, n, everyMinutes = 5, isIrregular = false, faults, make }, index) => {
    const random = createRandom(seed * 1000 + index)
    const next = make(random)
    let instant = START
    const at = Float64Array.from({ length: n }, () => {
      const now = instant
      instant += Math.round(everyMinutes * MINUTE * (isIrregular ? 10 ** (randomUniform(random) - 0.5) : 1))
      return now
    })
    const value = at.map((instant, i) => {
      const fault = faults.findIndex(([from, to]) => i >= from && i < to)
      return next(i, instant, fault < 0 ? null : fault, fault < 0 ? 0 : i - faults[fault][0])
    })
    return { name, at, value, faults }
  })
}

/** Streams in which nothing is wrong, as sources of values. */
export const quietStreams: Readonly<Record<string, (random: Random) => (at: number) => number>> = {
  white: (random) => () => randomNormal(random),
  'autoregressive 0.5': (random) => autoregressive(random, 0.5),
  'autoregressive 0.95': (random) => autoregressive(random, 0.95),
  'daily season': (random) => (at) => 10 * daily(at) + randomNormal(random),
  'weekly season': (random) => (at) => 200 + 100 * isWorkday(at) * daily(at) + 8 * randomNormal(random),
  'heavy tail': (random) => () => heavy(random),
  'log-normal': (random) => () => Math.exp(0.8 * randomNormal(random)),
  counts: (random) => () => poisson(random, 3),
  'rounded noise': (random) => () => Math.round(randomNormal(random)),
  uniform: (random) => () => randomUniform(random),
}

export const quietStart = START
