/** Keys by which the park's things are addressed in topics, URLs and the console. */
export const MODEL_KEY = 'cat-dog'
export const PRODUCTION_KEY = 'cat-dog-production'
export const TEST_KEY = 'cat-dog-test'
export const DEVICE_KEY = 'camera-1'
export const TOPIC_PREFIX = 'petpark'
/** Every frame the camera takes, for the pipeline's archive; the console does not listen here. */
export const FRAMES_TOPIC = `petpark-archive/${DEVICE_KEY}/frames`

export const SAMPLES_TOPIC = `${TOPIC_PREFIX}/deployments/${PRODUCTION_KEY}/samples`
export const LABELS_TOPIC = `${TOPIC_PREFIX}/deployments/${PRODUCTION_KEY}/labels`
export const TELEMETRY_TOPIC = `${TOPIC_PREFIX}/devices/${DEVICE_KEY}/telemetry`

export const FIRST_VERSION = '0.9.0'
export const RELEASED_VERSION = '1.0.0'
