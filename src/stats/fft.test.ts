import { describe, expect, it } from 'vitest'
import { fft } from './fft.ts'

describe('the Fourier transform', () => {
  it('equals the sum that defines it', () => {
    const n = 16
    const x = Array.from({ length: n }, (_, t) => Math.sin(t * 1.3) + (t % 3))
    const y = Array.from({ length: n }, (_, t) => Math.cos(t * 0.7))
    const [real, imaginary] = [Float64Array.from(x), Float64Array.from(y)]
    fft(real, imaginary)
    for (let k = 0; k < n; k++) {
      let [re, im] = [0, 0]
      for (let t = 0; t < n; t++) {
        const angle = (-2 * Math.PI * k * t) / n
        re += x[t] * Math.cos(angle) - y[t] * Math.sin(angle)
        im += x[t] * Math.sin(angle) + y[t] * Math.cos(angle)
      }
      expect(real[k]).toBeCloseTo(re, 10)
      expect(imaginary[k]).toBeCloseTo(im, 10)
    }
  })
  it('leaves one value as it is', () => {
    const [real, imaginary] = [Float64Array.of(3), Float64Array.of(-2)]
    fft(real, imaginary)
    expect([real[0], imaginary[0]]).toEqual([3, -2])
  })
  it.each([0, 3, 12])('refuses a length of %i', (n) =>
    expect(() => fft(new Float64Array(n), new Float64Array(n))).toThrow(/power of two/),
  )
})
