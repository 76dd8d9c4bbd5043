// What the terminal itself says about a grading, in both languages. What suites say stands in lessons/zh/, what the kit explains in feedback/zh.json.
import type { Language } from '../course'

const en = {
  points: (score: number, max: number) => `${score} of ${max} ${max === 1 ? 'point' : 'points'}`,
  notStarted: 'not started',
  timeout: 'stopped: it did not end',
  outOfMemory: 'stopped: out of memory',
  notGraded: 'could not be graded',
  tasksToGo: (n: number) => `${n} ${n === 1 ? 'task' : 'tasks'} to go`,
  fixFirst: 'Fix first',
  colon: ': ',
  nextTask: 'Next task',
  beginWith: 'Begin with',
  expected: 'expected',
  received: 'received',
  input: 'input',
  moreLines: (n: number) => `… and ${n} more lines`,
  printed: (lesson: string) => `${lesson} printed`,
  theLesson: 'the lesson',
  aHint: 'a hint, then another',
  gradesAlone: 'grades this lesson alone',
  startingLine:
    'That is the starting line: every answer is still to be written. Read the first lesson, fill in its first task, save, and run this again.',
  allDone: 'Every test of every lesson passes. Well done.',
  lessonDone: 'This lesson is done.',
  ourSolution: 'how we would have written it',
  nextLesson: 'the next lesson',
  typesSay: 'TypeScript also says',
  more: (n: number) => `and ${n} more`,
  edited: (files: string[], signal: (text: string) => string) => {
    const [them, are] = files.length === 1 ? ['it', 'is'] : ['them', 'are']
    return `${signal('Edited')}: ${files.join(', ')} ${are} not as the kit ships ${them}, so these results may differ from your teacher's. \`git checkout -- ${files.join(' ')}\` brings ${them} back.`
  },
}

export type Words = typeof en

const zh: Words = {
  points: (score, max) => `${score} / ${max} 分`,
  notStarted: '未开始',
  timeout: '已中止：没有结束',
  outOfMemory: '已中止：内存用尽',
  notGraded: '无法评分',
  tasksToGo: (n) => `还有 ${n} 题`,
  fixFirst: '先改这里',
  colon: '：',
  nextTask: '下一题',
  beginWith: '从这里开始',
  expected: '应为',
  received: '得到',
  input: '输入',
  moreLines: (n) => `……还有 ${n} 行`,
  printed: (lesson) => `${lesson} 打印了`,
  theLesson: '课文',
  aHint: '一条提示，再来一次再给一条',
  gradesAlone: '只给这一课评分',
  startingLine: '这里是起跑线：所有答案都还没有写。读第一课，写出第一题，保存，再运行一次。',
  allDone: '每一课的每项测试都通过了。做得好。',
  lessonDone: '这一课完成了。',
  ourSolution: '看看我们会怎么写',
  nextLesson: '下一课',
  typesSay: 'TypeScript 还说',
  more: (n) => `还有 ${n} 条`,
  edited: (files, signal) =>
    `${signal('有改动')}：${files.join('、')} 与发布的版本不同，所以这里的结果可能与老师那里的不一样。\`git checkout -- ${files.join(' ')}\` 可以恢复。`,
}

export function wordsOf(language: Language): Words {
  return { en, zh }[language]
}
