const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 0.000009984369578019572, 1.5056327351493116e-7,
]
const HALF_LOG_TWO_PI = 0.9189385332046728

/**
 * Natural logarithm of the gamma function for x > 0.
 *
 * Lanczos' series (g = 7, nine terms) below 10, Stirling's with its correction above; relative error about 1e-15.
 * Throws RangeError for x <= 0 or NaN. Constant time. Source: Lanczos, SIAM J. Numer. Anal. 1 (1964) 86.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs x > 0, got ${x}`)
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingCorrection(x)
  return lanczos(x)
}

function lanczos(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lanczos(1 - x)
  let sum = LANCZOS[0]
  for (let i = 1; i < 9; i++) sum += LANCZOS[i] / (x - 1 + i)
  const t = x + 6.5
  return HALF_LOG_TWO_PI + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

/**
 * What Stirling's formula leaves out: ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], for x > 0.
 *
 * Lets densities with large parameters be computed without subtracting huge logarithms. Absolute error about 1e-15.
 */
export function stirlingCorrection(x: number): number {
  if (x < 10) return lanczos(x) - ((x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI)
  const s = 1 / (x * x)
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360360))))) / x
}

/**
 * Deviance part x ln(x/m) + m − x of a Poisson or binomial density, without cancellation when x is close to m.
 *
 * Needs x >= 0 and m > 0; `difference` is x − m where the caller knows it more exactly. Source: Loader, Fast and accurate computation of binomial probabilities (2000).
 */
export function devianceTerm(x: number, m: number, difference = x - m): number {
  if (x === 0) return m
  if (Math.abs(difference) < 0.1 * (x + m)) {
    const v = difference / (x + m)
    let sum = difference * v
    let power = 2 * x * v
    for (let j = 1; j < 1000; j++) {
      power *= v * v
      const next = sum + power / (2 * j + 1)
      if (next === sum) return next
      sum = next
    }
    return sum
  }
  return x * Math.log(x / m) - difference
}

/** Natural logarithm of the beta function B(a, b), for a, b > 0. Throws RangeError otherwise. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** Natural logarithm of n choose k for integers 0 <= k <= n; minus infinity outside that range. */
export function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY
  if (k === 0 || k === n) return 0
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
}
