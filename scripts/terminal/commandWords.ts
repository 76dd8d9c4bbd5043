// What `list`, `hint`, `solution` and `reset` say, in both languages. What they say in English alone, a misuse, is looked up in feedback/zh.json.
import type { Language } from '../course'

const en = {
  changed: (number: string) => `changed: npm test -- ${number}`,
  grading: (stem: string) => `grading ${stem}`,
  hint: (task: string, n: number, all: number) => `${task}   hint ${n} of ${all}`,
  anotherHint: 'The same command gives the next one.',
  lastHint: (number?: string) =>
    `That was the last one.${number ? ` \`npm run solution -- ${number} --show\` shows the answer.` : ''}`,
  noHint: (stem: string, number: string, task: string) =>
    `${stem} is done: there is nothing to hint at. \`npm run hint -- ${number} ${task}\` shows a task's hints all the same.`,
  notPassed: (stem: string, points: string, number: string) =>
    `${stem} is not passed yet (${points}). Another hint: npm run hint -- ${number}`,
  allTheSame: (number: string) => `To see the solution all the same: npm run solution -- ${number} --show`,
  theSolution: 'the solution',
  resetting: (file: string) => `Put the stub back into ${file}? What you wrote goes into .gradus/backups/.`,
  isStub: (file: string) => `${file} is the stub already: there is nothing to reset.`,
  reset: (file: string, backup?: string) =>
    `${file} is the stub again.${backup ? ` What you had is in ${backup}.` : ''}`,
  nothingChanged: 'Nothing was changed.',
}

export type CommandWords = typeof en

const zh: CommandWords = {
  changed: (number) => `有改动：npm test -- ${number}`,
  grading: (stem) => `正在给 ${stem} 评分`,
  hint: (task, n, all) => `${task}   提示 ${n} / ${all}`,
  anotherHint: '再运行一次这条命令，看下一条。',
  lastHint: (number) => `这是最后一条。${number ? `用 \`npm run solution -- ${number} --show\` 可以看参考答案。` : ''}`,
  noHint: (stem, number, task) =>
    `${stem} 已经完成，没有需要提示的了。用 \`npm run hint -- ${number} ${task}\` 仍然可以看某一题的提示。`,
  notPassed: (stem, points, number) => `${stem} 还没有通过（${points}）。再看一条提示：npm run hint -- ${number}`,
  allTheSame: (number) => `仍要看参考答案：npm run solution -- ${number} --show`,
  theSolution: '参考答案',
  resetting: (file) => `把 ${file} 恢复成最初的样子？你写的内容会保存在 .gradus/backups/ 里。`,
  isStub: (file) => `${file} 本来就是最初的样子，不需要重置。`,
  reset: (file, backup) => `${file} 已恢复成最初的样子。${backup ? `你原来的内容在 ${backup}。` : ''}`,
  nothingChanged: '什么也没有改动。',
}

export const commandWords: Record<Language, CommandWords> = { en, zh }
