// A sentence for the learner, thrown where an answer can't even be compared. The reporter shows it without a stack.

/** The learner's file, and the line if it is known. */
export interface FeedbackPlace {
  file: string
  line?: number
  column?: number
}

export class Feedback extends Error {
  override name = 'Feedback'
  constructor(
    message: string,
    readonly place?: FeedbackPlace,
    /** Whether it speaks of one test, or of the whole file, so that one sentence serves all of its tests. */
    readonly scope: 'test' | 'lesson' = 'test',
  ) {
    super(message)
  }
}
