import type { MonitorKind, Subject } from '../../../contract/finding.ts'
import type { Unit } from '../../widgets/format.ts'

/** A number that a monitor of a kind gives: its name in the contract, in words, its unit, and what selects among several. */
export type Metric = { id: string; word: string; unit: Unit; selector: keyof Omit<Subject, 'metric'> | null }

const share = (id: string, word: string, selector: Metric['selector'] = null): Metric => ({
  id,
  word,
  unit: 'percent',
  selector,
})
const plain = (id: string, word: string, selector: Metric['selector'] = null, unit: Unit = 'none'): Metric => ({
  id,
  word,
  unit,
  selector,
})

/** The questions in words, and the numbers that each answers with. */
export const monitorKinds: Record<MonitorKind, { word: string; asks: string; metrics: Metric[] }> = {
  performance: {
    word: 'Performance',
    asks: 'Is it as right as it should be?',
    metrics: [
      plain('accuracy', 'accuracy'),
      plain('f1', 'F1'),
      plain('macroF1', 'macro F1'),
      plain('precision', 'precision', 'className'),
      plain('recall', 'recall', 'className'),
      plain('rocAuc', 'ROC AUC'),
      plain('estimatedAccuracy', 'accuracy estimated without labels'),
      plain('r2', 'R²'),
      plain('mae', 'mean absolute error'),
      plain('rmse', 'root mean squared error'),
    ],
  },
  drift: {
    word: 'Drift',
    asks: 'Do the inputs look as they did?',
    metrics: [
      share('driftedShare', 'share of drifted columns'),
      share('setApartShare', 'share of samples set apart by the sensor gate'),
      plain('psi', 'PSI', 'column'),
      plain('jensenShannon', 'Jensen–Shannon distance', 'column'),
      plain('wassersteinNormed', 'normed Wasserstein distance', 'column'),
      plain('ks', 'KS statistic', 'column'),
      plain('cramersV', 'Cramér’s V', 'column'),
      plain('hellinger', 'Hellinger distance', 'column'),
      plain('totalVariation', 'total variation', 'column'),
      plain('kullbackLeibler', 'Kullback–Leibler divergence', 'column'),
      plain('largestShareDifference', 'largest change of a share', 'column'),
      plain('meanShift', 'shift of the mean in deviations', 'column'),
      plain('domainAuc', 'ROC AUC of telling the window from the reference'),
      plain('reconstructionShift', 'shift of the reconstruction error in deviations'),
      plain('energyCoefficient', 'energy coefficient', 'column'),
    ],
  },
  integrity: {
    word: 'Integrity',
    asks: 'Is the data whole and within its declared bounds?',
    metrics: [
      share('missingShare', 'share of missing values', 'column'),
      share('wrongTypeShare', 'share of wrong types', 'column'),
      share('outOfRangeShare', 'share out of range', 'column'),
      share('unseenCategoryShare', 'share of unseen categories', 'column'),
      share('duplicateShare', 'share of duplicates'),
      share('lostShare', 'share of numbered samples that never came'),
      plain('missingColumns', 'missing columns', null, 'count'),
      plain('freshnessMs', 'age of the newest sample', null, 'milliseconds'),
    ],
  },
  bias: {
    word: 'Prediction bias',
    asks: 'Does it favour classes more than its reference does?',
    metrics: [
      share('shareDifference', 'difference in share', 'className'),
      plain('shareRatio', 'ratio of shares', 'className'),
    ],
  },
  fairness: {
    word: 'Fairness',
    asks: 'Are the groups treated alike?',
    metrics: [
      plain('demographicParityDifference', 'demographic parity difference'),
      plain('demographicParityRatio', 'demographic parity ratio'),
      plain('equalizedOddsDifference', 'equalized odds difference'),
      plain('equalizedOddsRatio', 'equalized odds ratio'),
      plain('equalOpportunityDifference', 'equal opportunity difference'),
      plain('predictiveParityDifference', 'predictive parity difference'),
      plain('accuracyDifference', 'accuracy difference'),
      plain('disparateImpact', 'disparate impact'),
      plain('calibrationDifference', 'calibration difference'),
      plain('f1Difference', 'F1 difference'),
      plain('balancedAccuracyDifference', 'balanced accuracy difference'),
      plain('falseNegativeRateDifference', 'false negative rate difference'),
      plain('rocAucDifference', 'ROC AUC difference'),
      plain('maeDifference', 'mean absolute error difference'),
      plain('maeRatio', 'mean absolute error ratio'),
      plain('rmseDifference', 'root mean squared error difference'),
      plain('rmseRatio', 'root mean squared error ratio'),
      plain('biasDifference', 'bias difference'),
      share('withinToleranceDifference', 'near-enough share difference'),
      plain('meanPredictionDifference', 'mean prediction difference'),
    ],
  },
  errors: {
    word: 'Error slices',
    asks: 'Where does it fail most?',
    metrics: [
      share('worstSliceErrorRate', 'error rate of the worst slice'),
      share('cohortErrorRate', 'error rate of a cohort', 'group'),
    ],
  },
  explanation: {
    word: 'Explanation',
    asks: 'What do its decisions rest on?',
    metrics: [
      plain('importance', 'importance', 'column'),
      plain('attributionNdcg', 'likeness of what decides (NDCG)'),
      share('outOfEnvelopeShare', 'share outside of the reference'),
      plain('driftPerformance', 'drift that goes with a fall in performance', 'column'),
    ],
  },
  device: {
    word: 'Device health',
    asks: 'Are the sensors telling the truth?',
    metrics: [
      plain('silentForMs', 'time without data', null, 'milliseconds'),
      plain('flaps', 'dropouts and returns', null, 'count'),
      plain('clockSkewMs', 'clock ahead of ours', null, 'milliseconds'),
      plain('gaps', 'gaps', 'channel', 'count'),
      plain('stuck', 'stuck spans', 'channel', 'count'),
      plain('shifts', 'shifts of level', 'channel', 'count'),
      share('outOfRangeShare', 'share out of range', 'channel'),
      share('outlierShare', 'share of outliers', 'channel'),
      plain('health', 'health score'),
      plain('saturated', 'saturated spans', 'channel', 'count'),
      plain('replayed', 'replayed spans', 'channel', 'count'),
      share('replayedShare', 'share of replayed readings', 'channel'),
      share('lostShare', 'share of numbered messages that never came'),
      share('jitter', 'unsteadiness of the rhythm', 'channel'),
      plain('physics', 'contradictions of physics', null, 'count'),
      plain('anomalies', 'unusual stretches', 'channel', 'count'),
      plain('jointAnomalies', 'unusual stretches of all channels together', null, 'count'),
      plain('daysToLimit', 'days until the limit', 'channel', 'd'),
    ],
  },
  endpoint: {
    word: 'Endpoint',
    asks: 'Does it answer, and in time?',
    metrics: [
      share('errorShare', 'share of failed probes'),
      plain('silentForMs', 'time without an answer', null, 'milliseconds'),
      plain('flaps', 'dropouts and returns', null, 'count'),
      plain('clockSkewMs', 'clock ahead of ours', null, 'milliseconds'),
      plain('latencyP95Ms', '95 % latency', null, 'milliseconds'),
    ],
  },
}

export const kindWord = (kind: MonitorKind) => monitorKinds[kind].word

export const metricOf = (kind: MonitorKind, id: string): Metric | null =>
  monitorKinds[kind].metrics.find((metric) => metric.id === id) ?? null

export const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** `demographicParityDifference` reads `demographic parity difference` even when no list knows it. */
export const spellOut = (name: string) =>
  name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)

/** Names that reports carry besides the numbers that can have limits, where spelling them out would not do. */
const otherNames: Record<string, string> = {
  prAuc: 'average precision',
  matthews: 'Matthews correlation',
  kappa: 'Cohen’s kappa',
  estimatedMae: 'estimated mean absolute error',
  microF1: 'micro F1',
  weightedF1: 'weighted F1',
  mape: 'mean absolute percentage error',
  smape: 'symmetric percentage error',
  calibrationError: 'expected calibration error',
  top2Accuracy: 'top-2 accuracy',
  top3Accuracy: 'top-3 accuracy',
  top5Accuracy: 'top-5 accuracy',
  brier: 'Brier score',
  macroPrecision: 'macro precision',
  macroRecall: 'macro recall',
}

const rankingNames: Record<string, string> = {
  ndcg: 'NDCG',
  averagePrecision: 'average precision (MAP)',
  reciprocalRank: 'reciprocal rank (MRR)',
}

/** Of a ranking a name says at how many places: `ndcg@10` reads `NDCG at 10`. */
export function metricWord(kind: MonitorKind, id: string): string {
  const [measure, places] = id.split('@')
  return places === undefined ? wordOf(kind, id) : `${rankingNames[measure] ?? spellOut(measure)} at ${places}`
}

const wordOf = (kind: MonitorKind, id: string): string =>
  metricOf(kind, id)?.word ?? (Object.hasOwn(otherNames, id) ? otherNames[id] : spellOut(id))

/** The number in words: `PSI of brightness`, `recall of class cat`, `accuracy for breed=husky`. */
export function subjectWord(kind: MonitorKind, subject: Partial<Subject>): string {
  const { metric, column, channel, className, group } = subject
  return [
    metric === undefined ? 'any number' : metricWord(kind, metric),
    column !== undefined && `of ${column}`,
    channel !== undefined && `of ${channel}`,
    className !== undefined && `of class ${className}`,
    group !== undefined && `for ${group}`,
  ]
    .filter((part) => typeof part === 'string')
    .join(' ')
}

/** Unit in which a page writes a number: as the finding says, else as the catalogue has it. */
export function unitOf(kind: MonitorKind, metric: string, said = ''): Unit {
  if (said === 'share') return 'percent'
  if (said === 'ms') return 'milliseconds'
  return said === '' ? (metricOf(kind, metric)?.unit ?? 'none') : said
}
