import { regularisedGammaP, regularisedGammaQ } from './incomplete-gamma.ts'

/** Error function erf(x) = 2/√π ∫₀ˣ e^(−t²) dt, relative error about 1e-15; odd in x. Throws RangeError for NaN. */
export function erf(x: number): number {
  const value = regularisedGammaP(0.5, x * x)
  return x < 0 ? -value : value
}

/** Complementary error function 1 − erf(x), with full relative accuracy in the right tail. Throws RangeError for NaN. */
export function erfc(x: number): number {
  return x < 0 ? 1 + regularisedGammaP(0.5, x * x) : regularisedGammaQ(0.5, x * x)
}
