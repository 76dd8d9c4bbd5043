// The commands as they are called in Chinese.
import { rmSync, writeFileSync } from 'node:fs'
import { gradus, solve } from './check/commandLine'
import { tinyCourse, writeIn } from './check/tinyCourse'
import { exerciseJobs } from './runner/jobs'
import { runJobs } from './runner/run'
import { rememberOutcomes } from './state'

jest.setTimeout(180_000)

describe('in Chinese', () => {
  test('list says where one stands, in columns that line up', async () => {
    const course = tinyCourse({ '01-twice': {}, '02-again': {}, '03-more': {} })
    solve(course, '01-twice')
    rememberOutcomes(course, [...(await runJobs(exerciseJobs(course, ['01-twice']))).values()])
    solve(course, '02-again')
    expect((await gradus({ course, GRADUS_LANG: 'zh_CN.UTF-8' }, 'list')).stdout.split('\n')).toEqual([
      '  ● 01-twice 2 / 2 分                     twice',
      '  ◌ 02-again 有改动：npm test -- 02       again',
      '  ◌ 03-more  未开始                       more',
      '',
    ])
  })

  test('hint counts, says when that was the last one, and when there is nothing to hint at', async () => {
    const course = tinyCourse()
    expect((await gradus(course, 'hint', '01', '--lang', 'zh')).stdout).toMatch(
      /^01-twice · 1\. twice {3}提示 1 \/ 3\n[\s\S]*再运行一次这条命令，看下一条。\n$/,
    )
    const all = await gradus(course, 'hint', '01', '--all', '--lang', 'zh')
    expect(all.stdout).toContain('这是最后一条。用 `npm run solution -- 01 --show` 可以看参考答案。')
    solve(course, '01-twice')
    expect((await gradus(course, 'hint', '01', '--lang', 'zh')).stdout).toBe(
      '01-twice 已经完成，没有需要提示的了。用 `npm run hint -- 01 twice` 仍然可以看某一题的提示。\n',
    )
  })

  test('solution refuses with the points, and names itself in a comparison', async () => {
    const course = tinyCourse()
    expect(await gradus(course, 'solution', '01', '--lang', 'zh')).toEqual({
      code: 1,
      stderr: '',
      stdout:
        '01-twice 还没有通过（0 / 2 分）。再看一条提示：npm run hint -- 01\n仍要看参考答案：npm run solution -- 01 --show\n',
    })
    const compared = await gradus(course, 'solution', '01', '--show', '--diff', '--lang', 'zh')
    expect(compared.stdout).toContain('+ 参考答案\n')
  })

  test('reset tells what it did, and where the old text is', async () => {
    const course = tinyCourse()
    const isStub = await gradus(course, 'reset', '01', '--lang', 'zh')
    expect(isStub.stdout).toBe('exercises/01-twice.ts 本来就是最初的样子，不需要重置。\n')
    writeFileSync(course.files('01-twice').exercise, 'mine\n')
    expect((await gradus(course, 'reset', '01', '--yes', '--lang', 'zh')).stdout).toMatch(
      /^exercises\/01-twice\.ts 已恢复成最初的样子。你原来的内容在 \.gradus\/backups\/01-twice\..+\.ts。\n$/,
    )
  })

  test.each<[string[], string]>([
    [['test', '33', '--lang', 'zh'], '没有 33 这一课，只有 01。是不是想找 01？'],
    [['hint', '01', 'twize', '--lang', 'zh'], '没有 twize 这一题，只有 twice。是不是想找 twice？'],
    [['list', '--lang', 'fr'], 'There is no language fr; there are en and zh.'],
  ])('a misuse is told in the language that was asked for, if there is one: %s', async (words, message) => {
    expect(await gradus(tinyCourse(), ...words)).toEqual({ code: 2, stdout: '', stderr: `${message}\n` })
  })

  test('the help of every command of a learner has no English sentence left, and that of an author’s is English', async () => {
    const place = { course: tinyCourse(), GRADUS_LANG: 'zh' }
    for (const name of ['test', 'start', 'hint', 'solution', 'reset', 'list']) {
      const { code, stdout } = await gradus(place, name, '--help')
      expect(code).toBe(0)
      expect(stdout).toMatch(/^用法： npm (run )?\w+ -- \[options\].*\n\n.*[。]\n/)
      expect(
        stdout.split('\n').filter((line) => /[a-z]+ [a-z]+ [a-z]+/.test(line) && !line.startsWith('用法')),
      ).toEqual([])
    }
    expect((await gradus(place, 'check', '--help')).stdout).toMatch(/^Usage: .*\n\nProves the kit/)
  })

  test('a command that is called wrongly says in Chinese what to do', async () => {
    const place = { course: tinyCourse(), GRADUS_LANG: 'zh' }
    expect((await gradus(place, 'reset')).stderr).toBe(
      '错误：缺少参数 lesson\n用 `npm run reset -- --help` 可以查看用法。\n',
    )
    expect((await gradus(place, 'hint', '--al')).stderr).toBe(
      '错误：没有 --al 这个选项\n（是不是想用 --all？）\n用 `npm run hint -- --help` 可以查看用法。\n',
    )
    expect((await gradus(place, 'solution', '1', '2')).stderr).toContain('参数太多。最多 1 个，却给了 2 个。')
    expect((await gradus(place, 'list', '--lang')).stderr).toContain('选项 --lang <language> 后面少了内容')
  })

  test('the questions that cannot be asked, the solutions that are not there, the backups that fail', async () => {
    const course = tinyCourse()
    const place = { course, GRADUS_LANG: 'zh' }
    writeFileSync(course.files('01-twice').exercise, 'mine\n')
    expect((await gradus(place, 'reset', '01')).stderr).toBe('这里没有终端可以询问：仍要重置，请加上 --yes。\n')
    const blocked = writeIn(course, '.gradus', 'a file where the folder should be')
    expect((await gradus(place, 'reset', '01', '--yes')).stderr).toMatch(
      /^什么也没有改动，因为无法备份 exercises\/01-twice\.ts：.+\n$/,
    )
    rmSync(blocked)
    rmSync(course.files('01-twice').solution)
    expect((await gradus(place, 'solution', '01', '--show')).stderr).toBe(
      '这个版本里没有 01-twice 的参考答案：请向老师索取。\n',
    )
    expect((await gradus(place, 'reset', '01', '--yes')).stderr).toContain('初始文件要由它生成')
    expect((await gradus(place, 'list', '--lang', 'fr')).stderr).toBe('没有 fr 这种语言，只有 en 和 zh。\n')
  })
})
