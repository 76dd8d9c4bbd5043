// What a new lesson begins with: one small task, its suite, two mistakes, and a text in both languages. All of it passes `npm run check`.
import { stamped } from './check/texts'
import type { LessonFiles } from './course'
import { deriveStub } from './stub'

/** The files of a new lesson, by path: each says what belongs there, and together they pass the check. */
export function lessonTemplates({
  stem,
  text,
  solution,
  suite,
  mistakes,
  exercise,
}: LessonFiles): Record<string, string> {
  const number = stem.slice(0, 2)
  const english = lessonTemplate(number, stem)
  const answer = solutionTemplate(number)
  return {
    [text.en]: english,
    [text.zh]: stamped(translationTemplate(number, stem), english),
    [solution]: answer,
    [suite]: suiteTemplate(stem),
    [mistakes]: mistakesTemplate,
    [exercise]: deriveStub(answer, stem),
  }
}

const cell = `\`\`\`ts
import * as torch from '../engine'

const x = torch.arange(4)
console.log(x.mul(2))
\`\`\`
\`\`\`text
tensor([0., 2., 4., 6.])
\`\`\``

const lessonTemplate = (number: string, stem: string) => `# ${number} · ${stem.slice(3)}

**Before:** what it needs. **After:** what it gives. *About 20 minutes.*

What it is for, and a worked example whose cells print what PyTorch prints. Name each call where it first comes up: \`arange\` counts from 0, \`mul\` multiplies.

${cell}

## Tasks
Open \`exercises/${stem}.ts\`. \`npm test -- ${number}\` grades it.

### 1. \`twice(x)\`
Return $2x$, with the shape of \`x\`.

<details><summary>Hint 1</summary>Where to look in the lesson.</details>
<details><summary>Hint 2</summary>Which idea.</details>
<details><summary>Hint 3</summary>Which call: <code>x.mul(…)</code>.</details>

## Try
Something to try next.
`

const translationTemplate = (number: string, stem: string) => `# ${number} · ${stem.slice(3)}

**先学：** 需要什么。**学完后：** 能做什么。*约 20 分钟。*

这一课是为了什么；再举一个例子，每个单元格都打印 PyTorch 会打印的内容。每个调用第一次出现时说出它的名字：\`arange\` 从 0 数起，\`mul\` 是乘。

${cell}

## 练习
打开 \`exercises/${stem}.ts\`。用 \`npm test -- ${number}\` 评分。

### 1. \`twice(x)\`
返回 $2x$，形状与 \`x\` 相同。

<details><summary>提示 1</summary>看课文的哪一处。</details>
<details><summary>提示 2</summary>用哪个想法。</details>
<details><summary>提示 3</summary>用哪个调用：<code>x.mul(…)</code>。</details>

## 试一试
接下来可以试什么。
`

const solutionTemplate = (number: string) => `// Lesson ${number}: what it is about, in one line.
import type { Tensor } from '../engine'

/** Twice \`x\`, with the shape of \`x\`. */
export function twice(x: Tensor): Tensor {
  // #region todo: return 2x
  return x.mul(2)
  // #endregion
}
`

const suiteTemplate = (
  stem: string,
) => `// The lesson's own example first, then inputs that it does not show, judged by the engine.
import { openLesson, print, sample } from '../scripts/lesson'
import type * as Lesson from '../solutions/${stem}'

const { torch, lesson, task } = openLesson<typeof Lesson>('${stem}')

task('twice', () => {
  test('twice 0, 1, 2, 3 is 0, 2, 4, 6', () => {
    expect(print(lesson.twice(torch.arange(4)))).toPrint('tensor([0., 2., 4., 6.])')
  })

  test('twice any x is x + x', () => {
    const x = sample([3])
    expect(print(lesson.twice(x))).toPrint(print(x.add(x)), {
      [print(x)]: 'This is x itself: nothing was multiplied.',
      [print(x.mul(x))]: 'This is x times x; twice x was asked for.',
    })
  })
})
`

const mistakesTemplate = `// Wrong answers that the suite must catch by an assertion, and a piece of what it must say to each.
import type { Mistake } from '../scripts/mistakes'

export default [
  {
    name: 'not multiplied',
    in: 'twice',
    replace: ['x.mul(2)', 'x'],
    caughtBy: 'twice any x is x + x',
    says: 'nothing was multiplied',
  },
  {
    name: 'squared',
    in: 'twice',
    replace: ['x.mul(2)', 'x.mul(x)'],
    caughtBy: 'twice any x is x + x',
    says: 'x times x',
  },
] satisfies Mistake[]
`
