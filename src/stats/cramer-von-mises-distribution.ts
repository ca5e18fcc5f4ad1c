import { logGamma } from './log-gamma.ts'

/**
 * Upper tail P(W > x) of the limit law of the Cramér–von Mises statistic (mean 1/6, variance 1/45), for x >= 0.
 *
 * Below 0.25 one minus the rapidly converging series for small x, above it Smirnov's series of tail integrals, each by
 * Gauss–Chebyshev quadrature, so that small p-values keep their digits. Source: Csörgő and Faraway, J. R. Statist. Soc. B
 * 58 (1996) 221; Smirnov (1936).
 */
export function cramerVonMisesSf(x: number): number {
  if (x <= 0) return 1
  return x < 0.25 ? Math.max(0, 1 - cramerVonMisesCdf(x)) : tailSeries(x)
}

/**
 * Distribution function of the same law by its series, stopped at the first term below `termTolerance`.
 *
 * Good to its last digits for x < 1; far out only to the absolute error of 1 − p.
 */
export function cramerVonMisesCdf(x: number, termTolerance = 1e-17): number {
  if (x <= 0) return 0
  let sum = 0
  for (let k = 0; ; k++) {
    const y = 4 * k + 1
    const q = (y * y) / (16 * x)
    const weight = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(x))
    const term = weight * Math.sqrt(y) * Math.exp(-2 * q) * scaledBesselK(0.25, q)
    sum += term
    if (Math.abs(term) < termTolerance) return sum
  }
}

/** e^q K_v(q), the modified Bessel function of the second kind, as ∫ exp(q (1 − cosh t)) cosh(v t) dt over t > 0. */
function scaledBesselK(v: number, q: number): number {
  // The integrand is analytic and dies doubly exponentially: the trapezoid rule converges to the last digit.
  const end = Math.acosh(1 + 745 / q)
  const steps = 400
  const h = end / steps
  let sum = 0.5
  for (let i = 1; i <= steps; i++) {
    const t = i * h
    const s = Math.sinh(t / 2)
    sum += Math.exp(-2 * q * s * s) * Math.cosh(v * t)
  }
  return sum * h
}

/** (2/π) Σ_k (−1)^(k+1) ∫ over ((2k−1)π, 2kπ) of √(−z / sin z) / z · e^(−x z² / 2) dz. */
function tailSeries(x: number): number {
  const nodes = 128
  let total = 0
  for (let k = 1; k <= 6; k++) {
    const middle = (2 * k - 0.5) * Math.PI
    let sum = 0
    for (let i = 0; i < nodes; i++) {
      // z = middle + (π/2) u with u a Chebyshev node; 1/√(−sin z) has just the endpoint roots of the weight.
      const u = Math.cos(((2 * i + 1) * Math.PI) / (2 * nodes))
      const half = (Math.PI / 2) * u
      const z = middle + half
      // −sin z = cos(half); divided by 1 − u² it is smooth.
      const smooth = Math.sqrt(((1 - u) * (1 + u)) / Math.cos(half))
      sum += (smooth / Math.sqrt(z)) * Math.exp((-x * z * z) / 2)
    }
    const part = (sum * Math.PI * Math.PI) / (2 * nodes)
    total += k % 2 === 1 ? part : -part
    if (part < 1e-18 * total) break
  }
  return Math.min(1, (2 / Math.PI) * total)
}
