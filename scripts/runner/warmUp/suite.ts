// A fixed suite that a resident process runs before the learner's: what every suite needs is then loaded and compiled.
import { openLesson, print, sample } from '../../lesson'
import type * as Answer from './answer'

const { lesson, task } = openLesson<typeof Answer>('00-warm-up')

task('right', () => {
  test('a right answer', () => {
    const x = sample([3], { requires_grad: true })
    expect(print(lesson.right(x))).toPrint(print(lesson.right(x)))
  })
})

task('wrong', () => {
  test('a wrong answer', () => {
    expect(print(lesson.wrong(sample([3])))).toPrint('tensor([1., 2., 3.])', 'This is meant to fail.')
  })
})
