// What a check finds: how much it looked at, and what is wrong, each with a sentence that says the remedy.

export interface Problem {
  /** The file as the user would type it, with the line where it is known. */
  where: string
  message: string
}

export interface Finding {
  /** How many things were looked at. */
  checked: number
  problems: Problem[]
  /** What is not wrong, but worth knowing. */
  notes?: string[]
}

export function finding(checked: number, problems: Problem[]): Finding {
  return { checked, problems }
}

/** Several findings as one. */
export function together(findings: Finding[]): Finding {
  return {
    checked: findings.reduce((sum, { checked }) => sum + checked, 0),
    problems: findings.flatMap(({ problems }) => problems),
  }
}
