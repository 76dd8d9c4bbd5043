// What the workshop itself says, in the terminal and on the page, in both languages.
import type { Language } from '../course'
import { commandWords } from '../terminal/commandWords'

/** What the commands say too. */
const shared = (language: Language) => {
  const { hint, resetting, isStub, reset } = commandWords[language]
  return { hint, resetting, isStub, reset }
}

const en = {
  ...shared('en'),
  points: (score: number, max: number) => `${score} of ${max} points`,
  lessons: (done: number, all: number) => `${done} of ${all} lessons`,
  warmingUp: 'warming up …',
  grading: (seconds: number) => `grading …${seconds >= 2 ? ` ${seconds} s` : ''}`,
  graded: (at: string, ms: number) => `graded at ${at} in ${ms} ms`,
  waiting: (file: string) => `open ${file} in your editor: each time you save, it is graded`,
  done: 'This lesson is done.',
  doneNext: (title: string) => `This lesson is done. n goes on: ${title}`,
  doneAll: 'Every test of every lesson passes. Well done.',
  printed: (n: number) => `Your code printed${n > 0 ? ` (… and ${n} more lines)` : ''}`,
  types: 'TypeScript also says',
  more: (n: number) => `and ${n} more`,
  keys: {
    h: 'hint',
    n: 'next',
    p: 'previous',
    r: 'run',
    a: 'run all',
    s: 'solution',
    x: 'reset',
    l: 'list',
    o: 'open page',
    q: 'quit',
  },
  scroll: '↑↓ scrolls',
  esc: 'Esc closes this',
  anotherHint: 'h gives the next one.',
  lastHint: (key?: string) => `That was the last one.${key ? ` ${key} shows the solution.` : ''}`,
  noHint: 'Every task of this lesson is done: there is nothing to hint at.',
  hiddenSolution: 'This lesson is not passed yet. Show its solution all the same?',
  solution: (file: string) => `How we would have written ${file}`,
  yesNo: '[y/N]',
  notStarted: 'not started',
  folderGone: 'The folder exercises/ is gone. As soon as it is back, grading goes on.',
  folderBack: 'The folder exercises/ is back.',
  polling: 'The system reports no more changes here, so the files are looked at three times a second.',
  portTaken: (asked: number, got: number) => `Port ${asked} is taken, so this is ${got}.`,
  noServer: (why: string) => `There is no page: ${why}`,
  noBrowser: (address: string) => `No browser could be opened. The page is at ${address}`,
  bye: (stem: string, score: number, max: number) =>
    `${stem}: ${score} of ${max} points. npm start goes on from there.`,
}

export type Words = typeof en

const zh: Words = {
  ...shared('zh'),
  points: (score, max) => `${score} / ${max} 分`,
  lessons: (done, all) => `已学 ${done} / ${all} 课`,
  warmingUp: '正在准备……',
  grading: (seconds) => `正在评分……${seconds >= 2 ? ` ${seconds} 秒` : ''}`,
  graded: (at, ms) => `${at} 评分，用时 ${ms} 毫秒`,
  waiting: (file) => `用编辑器打开 ${file}：每次保存都会评分`,
  done: '这一课已经完成。',
  doneNext: (title) => `这一课已经完成。按 n 继续：${title}`,
  doneAll: '所有课程的所有测试都已通过。祝贺你！',
  printed: (n) => `你的代码输出${n > 0 ? `（……另有 ${n} 行）` : ''}`,
  types: 'TypeScript 还指出',
  more: (n) => `另有 ${n} 条`,
  keys: {
    h: '提示',
    n: '下一课',
    p: '上一课',
    r: '评分',
    a: '全部评分',
    s: '参考答案',
    x: '重置',
    l: '列表',
    o: '打开网页',
    q: '退出',
  },
  scroll: '↑↓ 滚动',
  esc: '按 Esc 关闭',
  anotherHint: '再按 h 看下一条。',
  lastHint: (key) => `这是最后一条。${key ? `按 ${key} 看参考答案。` : ''}`,
  noHint: '这一课的练习都已完成，没有需要提示的了。',
  hiddenSolution: '这一课还没有通过。仍要看参考答案吗？',
  solution: (file) => `${file} 的参考写法`,
  yesNo: '[y/N]',
  notStarted: '未开始',
  folderGone: '文件夹 exercises/ 不见了。等它回来，评分会自动继续。',
  folderBack: '文件夹 exercises/ 回来了。',
  polling: '系统不再报告这里的改动，改为每秒查看三次文件。',
  portTaken: (asked, got) => `端口 ${asked} 已被占用，改用 ${got}。`,
  noServer: (why) => `没有网页：${why}`,
  noBrowser: (address) => `无法打开浏览器。网页地址是 ${address}`,
  bye: (stem, score, max) => `${stem}：${score} / ${max} 分。下次用 npm start 接着学。`,
}

const words: Record<Language, Words> = { en, zh }

export function wordsOf(language: Language): Words {
  return words[language]
}
