/**
 * Discrete Fourier transform in place, X[k] = sum over t of x[t] e^(-2 pi i k t / n), by the radix-2 algorithm of Cooley and Tukey
 * (1965). Both arrays have the same length n, a power of two; throws RangeError for any other. O(n log n).
 */
export function fft(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length
  if (imaginary.length !== n || n === 0 || (n & (n - 1)) !== 0)
    throw new RangeError(`A transform needs two arrays as long as a power of two, not ${n} and ${imaginary.length}`)
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      ;[real[i], real[j]] = [real[j], real[i]]
      ;[imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]]
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2
    for (let k = 0; k < half; k++) {
      const angle = (-2 * Math.PI * k) / size
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      for (let even = k; even < n; even += size) {
        const odd = even + half
        const re = real[odd] * cos - imaginary[odd] * sin
        const im = real[odd] * sin + imaginary[odd] * cos
        real[odd] = real[even] - re
        imaginary[odd] = imaginary[even] - im
        real[even] += re
        imaginary[even] += im
      }
    }
  }
}
