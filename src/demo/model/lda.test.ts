import { existsSync, readFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { fitLda, scoreLinear } from './lda.ts'
import { softmaxRows } from './network.ts'
import { writeLinearClassifier } from './onnx-writer.ts'

describe('fitLda', () => {
  it('gives the boundary that a calculation by hand gives', () => {
    // Pooled variance 2 / (5 - 2) = 2/3; means 1 (n = 3) and 5 (n = 2, values 5 and 5).
    const model = fitLda([[0], [1], [2], [5], [5]], [0, 0, 0, 1, 1], 2)
    expect(model.priors).toEqual([0.6, 0.4])
    const slope = (5 - 1) / (2 / 3)
    const boundary = 3 + Math.log(0.6 / 0.4) / slope
    const [low, high] = scoreLinear(model, [boundary])
    expect(high - low).toBeCloseTo(0, 10)
    expect(model.weights[1][0] - model.weights[0][0]).toBeCloseTo(slope, 10)
  })

  it('gives the posterior of the normal model with several classes and inputs of very different size', () => {
    const random = createRandom(31)
    const centres = [
      [0, 1000],
      [0.002, 1400],
      [-0.001, 700],
    ]
    const labels = Array.from({ length: 600 }, (_, index) => index % 3)
    const rows = labels.map((label) => {
      const [first, second] = [random.gaussian(), random.gaussian()]
      return [centres[label][0] + 0.001 * first, centres[label][1] + 150 * (0.6 * first + 0.8 * second)]
    })
    const model = fitLda(rows, labels, 3)
    // The same posterior from densities with a covariance inverted by hand.
    const pooled = [0, 0, 0]
    rows.forEach((row, index) => {
      const [dx, dy] = [row[0] - model.means[labels[index]][0], row[1] - model.means[labels[index]][1]]
      pooled[0] += (dx * dx) / 597
      pooled[1] += (dx * dy) / 597
      pooled[2] += (dy * dy) / 597
    })
    const determinant = pooled[0] * pooled[2] - pooled[1] ** 2
    for (const row of rows.slice(0, 50)) {
      const densities = model.means.map(([mx, my], k) => {
        const [dx, dy] = [row[0] - mx, row[1] - my]
        const distance = (pooled[2] * dx * dx - 2 * pooled[1] * dx * dy + pooled[0] * dy * dy) / determinant
        return model.priors[k] * Math.exp(-distance / 2)
      })
      const total = densities.reduce((sum, value) => sum + value, 0)
      const posterior = Float64Array.from(scoreLinear(model, row))
      softmaxRows(posterior, 1, 3)
      densities.forEach((density, k) => {
        expect(posterior[k]).toBeCloseTo(density / total, 8)
      })
    }
  })

  it('refuses what it cannot fit', () => {
    expect(() => fitLda([[1], [2]], [0, 0], 2)).toThrow('class 1 has no rows')
    expect(() => fitLda([[1], [Number.NaN], [3]], [0, 1, 1], 2)).toThrow('row 1')
    expect(() => fitLda([[1], [2], [3]], [0, 1, 2], 2)).toThrow('label 2')
    const twice = [1, 4, 2, 8, 5].map((value) => [value, 2 * value])
    expect(() => fitLda(twice, [0, 1, 0, 1, 0], 2)).toThrow('linearly')
  })
})

const folder = new URL('../../../../shared/data/occupancy/', import.meta.url)
const isPresent = existsSync(folder)
if (!isPresent) process.stderr.write('skipped: discriminant on real sensors (shared/data/occupancy is absent)\n')

describe.skipIf(!isPresent)('fitLda on real room sensors', () => {
  const inputNames = ['Temperature', 'Humidity', 'Light', 'CO2', 'HumidityRatio']
  const read = (name: string) => {
    const lines = readFileSync(new URL(name, folder), 'utf8').trim().split('\n').slice(1)
    // Columns: row number (absent from the header), date, five inputs, label.
    const cells = lines.map((line) => line.split(',').slice(2).map(Number))
    return { rows: cells.map((row) => row.slice(0, 5)), labels: cells.map((row) => row[5]) }
  }

  it('reaches the known accuracies, in the exported file too', async () => {
    const training = read('datatraining.txt')
    const model = fitLda(training.rows, training.labels, 2)
    const session = await InferenceSession.create(writeLinearClassifier({ ...model, inputNames, classes: ['0', '1'] }))
    for (const [name, known, n] of [
      ['datatraining.txt', 0.9878, 8143],
      ['datatest.txt', 0.979, 2665],
      ['datatest2.txt', 0.9876, 9752],
    ] as const) {
      const { rows, labels } = read(name)
      const features = new Tensor('float64', Float64Array.from(rows.flat()), [rows.length, 5])
      const data = (await session.run({ features })).probabilities.data as Float64Array
      const right = labels.filter((label, row) => Number(data[2 * row + 1] > data[2 * row]) === label).length
      const byScores = labels.filter((label, row) => {
        const [empty, occupied] = scoreLinear(model, rows[row])
        return Number(occupied > empty) === label
      }).length
      expect(rows).toHaveLength(n)
      expect(right).toBe(byScores)
      expect(right / n).toBeCloseTo(known, 4)
    }
    await session.release()
  })
})
