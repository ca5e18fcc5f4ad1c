import { readColumns } from '../shared.ts'

export const numericFeatures = [
  'age',
  'fnlwgt',
  'education_num',
  'capital_gain',
  'capital_loss',
  'hours_per_week',
] as const
export const categoricalFeatures = [
  'workclass',
  'education',
  'marital_status',
  'occupation',
  'relationship',
  'race',
  'sex',
  'native_country',
  'income',
] as const

/** Cells of both samples of a pair, by column. */
export type CellsOfPair = Readonly<Record<'reference' | 'current', Readonly<Record<string, readonly string[]>>>>

/** The three pairs of samples that drift.json compares. */
export function readAdultPairs(): Readonly<Record<string, CellsOfPair>> {
  const train = readColumns('data/adult/adult_train.csv')
  const test = readColumns('data/adult/adult_test.csv')
  const all = Object.fromEntries(Object.keys(train).map((name) => [name, [...train[name], ...test[name]]]))
  const pick = (columns: Record<string, string[]>, keep: (row: number) => boolean) =>
    Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells.filter((_, row) => keep(row))]))
  return {
    adult_train_vs_test: { reference: train, current: test },
    adult_age_lt40_vs_ge40: {
      reference: pick(all, (row) => Number(all.age[row]) < 40),
      current: pick(all, (row) => Number(all.age[row]) >= 40),
    },
    adult_small_500_vs_400: { reference: pick(train, (row) => row < 500), current: pick(test, (row) => row < 400) },
  }
}
