/** Why a test run cannot be carried through; the sentence is for the person who started it. */
export class RunFault extends Error {
  override readonly name = 'RunFault'
}
