export type SymmetricEigen = {
  /** Descending. */
  readonly values: Float64Array
  /** Unit vectors in the order of the values. */
  readonly vectors: readonly Float64Array[]
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations.
 *
 * `matrix` holds `size` rows one after the other and is not changed; RangeError unless it is square and finite. The sign of a vector is
 * that which makes its largest part positive, so that the result is the same everywhere. O(size³ · sweeps), about seven sweeps:
 * for some hundred columns. Source: Golub and Van Loan, Matrix Computations, 8.5.
 */
export function eigenSymmetric(matrix: Float64Array, size: number): SymmetricEigen {
  if (matrix.length !== size * size) throw new RangeError(`${matrix.length} numbers are no matrix of size ${size}`)
  for (const value of matrix) if (!Number.isFinite(value)) throw new RangeError('the matrix holds what is no number')
  const a = Float64Array.from(matrix)
  const v = new Float64Array(size * size)
  for (let i = 0; i < size; i++) v[i * size + i] = 1
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    let whole = 0
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        whole += a[i * size + j] ** 2
        if (i !== j) off += a[i * size + j] ** 2
      }
    if (off <= 1e-28 * whole) break
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q)
  }
  const order = [...Array(size).keys()].sort((i, j) => a[j * size + j] - a[i * size + i] || i - j)
  return {
    values: Float64Array.from(order, (i) => a[i * size + i]),
    vectors: order.map((i) => withSign(Float64Array.from({ length: size }, (_, row) => v[row * size + i]))),
  }
}

/** Makes a[p, q] zero and carries the rotation over to the vectors. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]
  if (apq === 0) return
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * apq)
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1))
  const c = 1 / Math.hypot(t, 1)
  const s = t * c
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [a[k * size + p], a[k * size + q]]
    a[k * size + p] = c * kp - s * kq
    a[k * size + q] = s * kp + c * kq
  }
  for (let k = 0; k < size; k++) {
    const [pk, qk] = [a[p * size + k], a[q * size + k]]
    a[p * size + k] = c * pk - s * qk
    a[q * size + k] = s * pk + c * qk
    const [kp, kq] = [v[k * size + p], v[k * size + q]]
    v[k * size + p] = c * kp - s * kq
    v[k * size + q] = s * kp + c * kq
  }
}

function withSign(vector: Float64Array): Float64Array {
  let largest = 0
  for (const part of vector) if (Math.abs(part) > Math.abs(largest) + 1e-12) largest = part
  return largest < 0 ? vector.map((part) => -part) : vector
}
