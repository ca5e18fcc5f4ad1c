import type { BlobMeasure } from '../../../../contract/blob.ts'

/** What a measure of a file tells, in a few words. */
export const measureWords: Record<BlobMeasure, string> = {
  brightness: 'brightness: mean luma, 0 to 255',
  contrast: 'contrast: standard deviation of the luma',
  sharpness: 'sharpness: variance of the Laplacian of the luma; falls with blur',
  hue: 'hue: mean angle of the colours, -180° to 180°, red at 0°',
  saturation: 'saturation: mean, 0 to 1',
  width: 'width, pixels',
  height: 'height, pixels',
  characters: 'characters',
  words: 'words',
  unknownShare: 'unknownShare: share of words out of the vocabulary, where one is known',
  script: 'script: that of most letters (Latin, Cyrillic, Han …)',
  mixedShare: 'mixedShare: share of letters of other scripts than that',
  foreignShare: 'foreignShare: share of letters out of the expected scripts, where some are named',
  seconds: 'seconds',
  level: 'level: root mean square, dB below full scale',
  peak: 'peak: largest magnitude, dB below full scale',
  clippedShare: 'clippedShare: share of samples at full scale',
  centroid: 'centroid: mean frequency of the spectrum, Hz',
  sampleRate: 'sampleRate, Hz',
  norm: 'norm: length of the vector',
  distance: 'distance: cosine distance from the centre, where one is declared',
}
