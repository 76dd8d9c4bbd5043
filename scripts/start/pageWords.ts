// What the live parts of a page say, in both languages. Runs in Node and in the browser.
const en = {
  saved: (ago: string, ms: number) => `<span>Graded ${ago} ago<span class="long"> · in ${ms} ms</span></span>`,
  notYet: 'Each save is graded',
  seconds: (n: number) => `${n} s`,
  minutes: (n: number) => `${n} min`,
  hours: (n: number) => `${n} h`,
  grading: 'Grading …',
  lostShort: (time: string) => `<span>Not connected<span class="long"> · results from ${time}</span></span>`,
  lost: (time: string) =>
    `<b>Connection lost.</b> Your work is safe: it is in your files. What you see here is from ${time}. Is <code>npm start</code> still running in the terminal?`,
  again: (seconds: number) => `Trying again in ${seconds} s.`,
  tryNow: 'Try now',
  yourGraph: 'The graph that your code built.',
  types: 'TypeScript also says',
  compare: 'See the solution',
  workbench: 'This lesson’s file',
  showSolution: 'Show the solution',
  runAgain: 'Grade again',
  reset: 'Back to the stub …',
  close: 'Close',
  solution: 'How we would have written it',
  unpassed: 'This lesson is not passed yet. Show its solution all the same?',
  showAllTheSame: 'Show it',
  resetQuestion: 'Put the stub back? What you wrote goes into .gradus/backups/.',
  resetYes: 'Put the stub back',
  noEditor: (file: string) =>
    `No editor was found that could be opened from here. The file is ${file}; GRADUS_EDITOR names your editor.`,
}

export type PageWords = typeof en

const zh: PageWords = {
  saved: (ago, ms) => `<span>${ago}前评分<span class="long"> · 用时 ${ms} 毫秒</span></span>`,
  notYet: '每次保存都会评分',
  seconds: (n) => `${n} 秒`,
  minutes: (n) => `${n} 分钟`,
  hours: (n) => `${n} 小时`,
  grading: '正在评分……',
  lostShort: (time) => `<span>未连接<span class="long"> · ${time} 的结果</span></span>`,
  lost: (time) =>
    `<b>连接已断开。</b>你写的代码都在自己的文件里，不会丢失。这里显示的是 ${time} 的结果。终端里的 <code>npm start</code> 还在运行吗？`,
  again: (seconds) => `${seconds} 秒后重试。`,
  tryNow: '立即重试',
  yourGraph: '你的代码建立的计算图。',
  types: 'TypeScript 还指出',
  compare: '看参考答案',
  workbench: '本课的文件',
  showSolution: '看参考答案',
  runAgain: '重新评分',
  reset: '恢复原样……',
  close: '关闭',
  solution: '参考写法',
  unpassed: '这一课还没有通过。仍要看参考答案吗？',
  showAllTheSame: '看答案',
  resetQuestion: '把文件恢复成最初的样子？你写的内容会保存在 .gradus/backups/ 里。',
  resetYes: '恢复原样',
  noEditor: (file) => `没有找到可以从这里打开的编辑器。文件是 ${file}；环境变量 GRADUS_EDITOR 可以指定编辑器。`,
}

export function wordsOf(language: string): PageWords {
  return language.startsWith('zh') ? zh : en
}
