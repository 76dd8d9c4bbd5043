// What a report says, in the language of who reads it. Points are counted in English, in which the suites name their tests; this comes after.
import type { Course, Language } from '../course'
import { type Translate, translatedCause, translatorFor } from '../feedback/translation'
import { describeCause } from '../runner/outcome'
import type { HeardTest, LessonReport } from './report'

export interface Speech {
  /** What a test has to say. */
  ofTest(lesson: string, test: HeardTest): string
  /** A lesson as it is told, its tests' messages apart. */
  ofLesson(report: LessonReport): LessonReport
}

const labels = { expected: '应为      ', received: '得到      ', input: '输入      ' }
/** Where a test that earned nothing says nothing itself. */
const otherwise = { failed: '还不对。', 'not-started': '未开始。', 'not-run': '这项测试没有运行。', passed: '' }

export function speechIn(course: Course, language: Language): Speech {
  if (language === 'en') return { ofTest: (_, { message }) => message, ofLesson: (report) => report }
  const translators = new Map<string, Translate>()
  const translatorOf = (lesson: string) => {
    const translate = translators.get(lesson) ?? translatorFor(course, lesson, language)
    translators.set(lesson, translate)
    return translate
  }
  return {
    ofTest(lesson, { message, cause }) {
      const translate = translatorOf(lesson)
      return cause ? describeCause(translatedCause(cause, translate), labels) : translate(message)
    },
    ofLesson(report) {
      const translate = translatorOf(report.lesson)
      const tests = report.tests.map((test) => ({
        ...test,
        name: translate(test.name),
        message: test.message || (report.message ? '' : otherwise[test.status]),
      }))
      const message = report.message.split('\n').map(translate).join('\n') // a sentence, and perhaps its place
      return { ...report, message, tests }
    },
  }
}
