/** Adam (Kingma and Ba, 2015) over one array of parameters, with decoupled weight decay. */
export function createAdam(size: number, learningRate: number, weightDecay: number) {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]
  const first = new Float32Array(size)
  const second = new Float32Array(size)
  let step = 0
  return (parameters: Float32Array, gradient: Float32Array, rateFactor: number) => {
    step += 1
    const rate = learningRate * rateFactor
    const scaled = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)
    for (let i = 0; i < size; i++) {
      const slope = gradient[i]
      first[i] = beta1 * first[i] + (1 - beta1) * slope
      second[i] = beta2 * second[i] + (1 - beta2) * slope * slope
      parameters[i] -= (scaled * first[i]) / (Math.sqrt(second[i]) + epsilon) + rate * weightDecay * parameters[i]
    }
  }
}
