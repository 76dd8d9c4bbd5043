// What an author writes in solutions/NN-name.mistakes.ts: wrong answers, each as an edit of the solution.

export interface Mistake {
  /** What the learner did, in a few words: "never zeroed". */
  name: string
  /** The function of the solution that is edited. */
  in: string
  /** The text to replace, which occurs exactly once in that function, and its replacement. */
  replace: [string, string]
  /** More replacements in the same function, where one isn't enough. */
  with?: [string, string][]
  /** The title of the test that must catch it, by an assertion and not by a crash. */
  caughtBy: string
  /** A piece of what the feedback must say. */
  says: string
}
