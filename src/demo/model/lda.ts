/** A discriminant as a linear softmax classifier: `weights[class][input]`, `bias[class]`, ready for export. */
export interface LinearDiscriminant {
  weights: number[][]
  bias: number[]
  /** Share of each class in the training rows. */
  priors: number[]
  means: number[][]
}

/**
 * Fits linear discriminant analysis with one pooled covariance and class shares as priors (what R's MASS `lda` does by
 * default): class k scores `x' S^-1 m_k - m_k' S^-1 m_k / 2 + log p_k`, and the softmax of the scores is the posterior.
 *
 * @param rows `rows[i][input]`, finite numbers.
 * @param labels index of the class of each row, 0 to classes - 1.
 * @throws when a class is empty, a number is not finite, or the inputs are linearly dependent.
 * Time O(rows x inputs^2 + inputs^3).
 */
export function fitLda(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  classes: number,
): LinearDiscriminant {
  const inputs = rows[0]?.length ?? 0
  const counts = new Array<number>(classes).fill(0)
  const means = counts.map(() => new Array<number>(inputs).fill(0))
  rows.forEach((row, index) => {
    const label = labels[index]
    if (!(label in counts)) throw new Error(`row ${index} has label ${label}, expected 0 to ${classes - 1}`)
    counts[label] += 1
    for (let i = 0; i < inputs; i++) {
      if (!Number.isFinite(row[i])) throw new Error(`row ${index} holds a number that is not finite in column ${i}`)
      means[label][i] += row[i]
    }
  })
  counts.forEach((count, k) => {
    if (count === 0) throw new Error(`class ${k} has no rows`)
    for (let i = 0; i < inputs; i++) means[k][i] /= count
  })
  const freedom = rows.length - classes
  if (freedom < 1) throw new Error('there are too few rows')

  const covariance = means[0].map(() => new Array<number>(inputs).fill(0))
  rows.forEach((row, index) => {
    const mean = means[labels[index]]
    for (let i = 0; i < inputs; i++) {
      const centred = (row[i] - mean[i]) / freedom
      for (let j = 0; j <= i; j++) covariance[i][j] += centred * (row[j] - mean[j])
    }
  })
  // Inputs are brought to unit variance first: columns of 1e-3 and 1e3 side by side would spoil the factorisation.
  const scales = covariance.map((row, i) => Math.sqrt(row[i]))
  const factor = factoriseCholesky(covariance.map((row, i) => row.map((value, j) => value / (scales[i] * scales[j]))))
  const priors = counts.map((count) => count / rows.length)
  // Scores are taken from the overall mean: a shift common to all classes does not change the posterior.
  const overall = covariance.map((_, i) => means.reduce((sum, mean, k) => sum + priors[k] * mean[i], 0))
  const weights: number[][] = []
  const bias: number[] = []
  means.forEach((mean, k) => {
    const offset = mean.map((value, i) => (value - overall[i]) / scales[i])
    const solved = solveCholesky(factor, offset)
    const coefficients = solved.map((value, i) => value / scales[i])
    const half = offset.reduce((sum, value, i) => sum + value * solved[i], 0) / 2
    const shift = coefficients.reduce((sum, value, i) => sum + value * overall[i], 0)
    weights.push(coefficients)
    bias.push(Math.log(priors[k]) - half - shift)
  })
  return { weights, bias, priors, means }
}

/** Scores of one row for each class; the largest is the prediction. */
export function scoreLinear({ weights, bias }: Pick<LinearDiscriminant, 'weights' | 'bias'>, row: readonly number[]) {
  return weights.map((coefficients, k) => coefficients.reduce((sum, value, i) => sum + value * row[i], bias[k]))
}

/** Lower triangle L with L L' = matrix (only its lower triangle is read). */
function factoriseCholesky(matrix: number[][]): number[][] {
  const lower = matrix.map((row) => row.map(() => 0))
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j]
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k]
      if (i !== j) lower[i][j] = sum / lower[j][j]
      else if (sum > 1e-10) lower[i][i] = Math.sqrt(sum)
      else throw new Error('the inputs are constant within classes or depend on each other linearly')
    }
  }
  return lower
}

function solveCholesky(lower: number[][], right: readonly number[]): number[] {
  const solution = [...right]
  for (let i = 0; i < solution.length; i++) {
    for (let k = 0; k < i; k++) solution[i] -= lower[i][k] * solution[k]
    solution[i] /= lower[i][i]
  }
  for (let i = solution.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < solution.length; k++) solution[i] -= lower[k][i] * solution[k]
    solution[i] /= lower[i][i]
  }
  return solution
}
