import type { CategoricalTest, NumericTest, ParametersOf } from '../parameters.ts'

const numericTests: readonly string[] = [
  'auto',
  'ks',
  'cramerVonMises',
  'andersonDarling',
  'welch',
  'categories',
] satisfies NumericTest[]
const categoricalTests: readonly string[] = ['auto', 'chiSquare', 'g', 'fisher'] satisfies CategoricalTest[]
const isNumericTest = (test: string): test is NumericTest => numericTests.includes(test)
const isCategoricalTest = (test: string): test is CategoricalTest => categoricalTests.includes(test)

const overrideOf = (name: string, overrides: ParametersOf<'drift'>['overrides']) =>
  (Object.hasOwn(overrides, name) ? overrides[name].test : undefined) ?? ''

/** The test wanted for a column of numbers; one of categories set for it does not count. */
export function numericTestOf(
  name: string,
  { numericTest, overrides }: Pick<ParametersOf<'drift'>, 'numericTest' | 'overrides'>,
): NumericTest {
  const own = overrideOf(name, overrides)
  return isNumericTest(own) ? own : numericTest
}

/** The test wanted for a column of categories; one of numbers set for it does not count. */
export function categoricalTestOf(
  name: string,
  { categoricalTest, overrides }: Pick<ParametersOf<'drift'>, 'categoricalTest' | 'overrides'>,
): CategoricalTest {
  const own = overrideOf(name, overrides)
  return isCategoricalTest(own) ? own : categoricalTest
}
