import type { DraftFinding, Target } from '../contract/finding.ts'
import type { Cancellation, Headline, Json, Window } from '../contract/primitives.ts'
import type { DetailOf, Report, ReportDetail } from '../contract/report.ts'

/** Name of this engine, kept with every finding: numbers of different engines are not compared blindly. */
export const engine = 'assay-analysis 1.1'

/** What a long computation knows of its surroundings. */
export interface AnalysisContext {
  readonly cancellation: Cancellation
  /** `fraction` from 0 to 1. */
  readonly onProgress: (fraction: number) => void
}

/** For computations that are short, or that nobody waits to cancel. */
export const uninterrupted: AnalysisContext = { cancellation: { aborted: false }, onProgress: () => {} }

/** Thrown at the next safe point once `cancellation.aborted` is true. */
export class AnalysisCancelled extends Error {
  constructor() {
    super('The analysis was cancelled')
    this.name = 'AnalysisCancelled'
  }
}

export function throwIfCancelled(context: AnalysisContext): void {
  if (context.cancellation.aborted) throw new AnalysisCancelled()
}

/** A finding without what the question already says. */
export type AnswerFinding = Omit<DraftFinding, 'kind' | 'target' | 'window' | 'engine'>

/** What an analysis gives: a sentence, numbers for decisions, and the detail that pages draw. */
export interface Answer<K extends ReportDetail['kind'] = ReportDetail['kind']> {
  readonly headline: Headline
  readonly findings: readonly AnswerFinding[]
  readonly detail: DetailOf<K>
}

/** An answer to any question. */
export type AnyAnswer = { [K in ReportDetail['kind']]: Answer<K> }[ReportDetail['kind']]

/** Question and answer as one report. */
export function toReport(
  question: {
    readonly target: Target
    readonly window: Window
    readonly reference: Report['reference']
    readonly parameters: Record<string, Json>
  },
  answer: AnyAnswer,
): Report {
  const { target, window } = question
  const kind = answer.detail.kind
  return {
    kind,
    target,
    window,
    reference: question.reference,
    parameters: question.parameters,
    engine,
    headline: answer.headline,
    findings: answer.findings.map((finding) => ({ ...finding, kind, target, window, engine })),
    detail: answer.detail,
  }
}
