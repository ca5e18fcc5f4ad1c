import type { LabelledSample } from '../../../contract/sample.ts'
import { digestOf, knockAt, nowAt } from './park.ts'
import { gaussian, generator } from './random.ts'

const count = 20_000

/** Newest first. */
export const samples: LabelledSample[] = makeSamples()

function makeSamples(): LabelledSample[] {
  const random = generator(5)
  return Array.from({ length: count }, (_, index) => {
    const at = nowAt - index * 61_000
    const bad = at >= knockAt
    const truth = random() < 0.5 ? 'dog' : 'cat'
    const certainty = Math.min(0.995, Math.max(0.505, 0.88 + 0.12 * gaussian(random) - (bad ? 0.14 : 0)))
    const wrong = random() < (bad ? 0.14 : 0.05)
    const prediction = wrong ? (truth === 'dog' ? 'cat' : 'dog') : truth
    const isLabelled = index > 90 && random() < 0.7
    return {
      id: `park-${(count - index).toString().padStart(6, '0')}`,
      deploymentId: 'dep_production',
      versionId: 'ver_130',
      at,
      arrivedAt: at + 300,
      inputs: {
        frame: digestOf(1000 + (index % 40)),
        brightness: 120 + 40 * gaussian(random) - (bad ? 30 : 0),
        contrast: 40 + 8 * gaussian(random),
        sharpness: random() < 0.01 ? null : 22 + 4 * gaussian(random),
        tilt: (bad ? -10 : 0.5) + 0.4 * gaussian(random),
        light: ['day', 'dusk', 'night'][Math.floor(random() * 3)],
      },
      prediction,
      scores: { [prediction]: certainty, [prediction === 'dog' ? 'cat' : 'dog']: 1 - certainty },
      latencyMs: 8 + 6 * random(),
      deviceId: 'dev_camera',
      seq: count - index,
      label: isLabelled ? truth : null,
      labelledAt: isLabelled ? at + 4 * 3_600_000 : null,
      labelSource: isLabelled ? 'mqtt' : null,
    }
  })
}
