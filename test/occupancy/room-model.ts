import { fitLda, type LinearDiscriminant } from '../../src/demo/model/lda.ts'
import { writeLinearClassifier } from '../../src/demo/model/onnx-writer.ts'
import { type RoomMinute, roomChannels } from './room-data.ts'

export const roomClasses = ['empty', 'occupied'] as const

/** A linear discriminant of the room's five readings, fitted on the training period, as an ONNX file. */
export function trainRoomModel(training: readonly RoomMinute[]): { model: LinearDiscriminant; onnx: Uint8Array } {
  const model = fitLda(
    training.map(({ values }) => values),
    training.map(({ isOccupied }) => (isOccupied ? 1 : 0)),
    roomClasses.length,
  )
  const inputNames = roomChannels.map(({ name }) => name)
  return {
    model,
    onnx: writeLinearClassifier({ weights: model.weights, bias: model.bias, inputNames, classes: roomClasses }),
  }
}

/** The period as it would have been with a light sensor that hangs at its mean of the training period. */
export function withLightStuck(period: readonly RoomMinute[], training: readonly RoomMinute[]): RoomMinute[] {
  const light = roomChannels.findIndex(({ name }) => name === 'light')
  const mean = training.reduce((sum, { values }) => sum + values[light] / training.length, 0)
  return period.map((minute) => ({ ...minute, values: minute.values.with(light, mean) }))
}
