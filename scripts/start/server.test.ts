// The workshop's server: who is answered, what is served, and that nothing a learner writes becomes markup.
import { request as httpRequest } from 'node:http'
import { tinyCourse } from '../check/tinyCourse'
import { hintsSeen, lessonTasks, nextHints } from '../hints'
import { textOf } from '../state'
import { openServer, type Server } from './server'
import { outcomeOf, standIn, wrong } from './standIn'

const course = tinyCourse({ '01-twice': {}, '02-again': {} })
const workshop = standIn(course)
const { exercise } = course.files('01-twice')
let server: Server
let token: string

interface Answer {
  status: number
  headers: Record<string, unknown>
  body: string
}

/** A request as it is, with any Host and Origin: fetch would set its own. */
function ask(path: string, { method = 'GET', headers = {}, body = '', port = server.port } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const host = `127.0.0.1:${port}`
    const call = httpRequest({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } }, (response) => {
      let text = ''
      response.on('data', (data) => {
        text += data
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    call.on('error', reject)
    call.end(body)
  })
}

const post = (path: string, asked: unknown, headers: Record<string, string> = {}) =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-gradus-token': token, ...headers },
    body: typeof asked === 'string' ? asked : JSON.stringify(asked),
  })

jest.setTimeout(60_000)
beforeAll(async () => {
  workshop.standing('01-twice').outcome = outcomeOf('01-twice', wrong, '<script>alert(1)</script>')
  server = await openServer(workshop, 47_310)
  const { body } = await ask('/01-twice.html')
  token = /name="gradus-token" content="(\w+)"/.exec(body)?.[1] ?? ''
})
afterAll(() => server.close())

test('a page shows the latest results, and nothing of them is markup', async () => {
  const { status, body } = await ask('/01-twice.html')
  expect(status).toBe(200)
  expect(body).toContain('Three times x, where twice was asked for.')
  expect(body).not.toContain('<b>3.</b>')
  expect(body).not.toContain('<script>alert')
  expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
})

test('pages and scripts are served in both languages, with a policy that lets nothing else in', async () => {
  for (const path of ['/index.html', '/zh/index.html', '/zh/02-again.html', '/assets/page.css', '/assets/live.js']) {
    const { status, headers } = await ask(path)
    expect([path, status]).toEqual([path, 200])
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
  }
  expect(await ask('/')).toMatchObject({ status: 302, headers: { location: '/index.html' } })
})

test.each([
  '/../package.json',
  '/assets/../../package.json',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/exercises/01-twice.ts',
  '/solutions/01-twice.ts',
  '/03-none.html',
  '/constructor',
])('what is not a page is not there: %s', async (path) => {
  expect((await ask(path)).status).toBe(404)
})

test.each([
  ['another host, as a trick with DNS would bring', { host: 'evil.example' }],
  ['this host without its port', { host: '127.0.0.1' }],
  ['a page from elsewhere', { origin: 'https://evil.example' }],
  ['a page from another port', { origin: 'http://127.0.0.1:1' }],
  ['a page that has no origin', { origin: 'null' }],
])('%s is not answered', async (_, headers) => {
  for (const path of ['/01-twice.html', '/events?stem=01-twice&lang=en'])
    expect((await ask(path, { headers })).status).toBe(403)
})

test('nothing can be steered without the token of the page, or in another form than the page uses', async () => {
  const before = textOf(exercise)
  const refused = [
    await post('/reset', { stem: '01-twice' }, { 'x-gradus-token': 'x' }),
    await post('/reset', { stem: '01-twice' }, { 'content-type': 'text/plain' }),
    await post('/reset', { stem: '01-twice' }, { origin: 'https://evil.example' }),
    await ask('/reset', { method: 'PUT' }),
  ]
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403])
  expect((await post('/nothing', {})).status).toBe(404)
  expect((await post('/toString', {})).status).toBe(404)
  expect(textOf(exercise)).toBe(before)
})

test('only exercises open in the editor, and only lessons can be asked about', async () => {
  const wrongly: [string, unknown, string][] = [
    ['/open', { file: '../../etc/passwd' }, '../../etc/passwd is no exercise.'],
    ['/open', { file: 'solutions/01-twice.ts' }, 'solutions/01-twice.ts is no exercise.'],
    ['/grade', { stem: '../01-twice' }, '../01-twice is no lesson.'],
    ['/reset', { stem: ['01-twice'] }, '01-twice is no lesson.'],
    ['/hint', { stem: '01-twice', task: '__proto__', count: 1 }, '__proto__ is no task of 01-twice.'],
    ['/grade', 'not JSON', 'A request is a JSON object.'],
    ['/grade', `{"stem":"${'x'.repeat(20_000)}"}`, 'The request is too long.'],
  ]
  for (const [path, asked, error] of wrongly) {
    const { status, body } = await post(path, asked)
    expect([status, JSON.parse(body)]).toEqual([400, { error }])
  }
  expect(workshop.asked).toEqual([])
  expect((await post('/grade', { stem: '01-twice' })).status).toBe(200)
  expect(workshop.asked).toEqual(['grade 01-twice'])
})

test('hints that are opened on a page are counted with those of the terminal, never past the last', async () => {
  const opened = async (count: unknown) => {
    expect((await post('/hint', { stem: '01-twice', task: 'twice', count })).status).toBe(200)
    return hintsSeen(course, '01-twice')
  }
  expect(await opened(1)).toEqual({ twice: 1 })
  const [task] = lessonTasks(course, '01-twice', 'en')
  expect(nextHints(course, '01-twice', task!)).toHaveLength(2)
  expect(await opened(1)).toEqual({ twice: 2 })
  expect(await opened(99)).toEqual({ twice: 3 })
})

test('the solution is shown after passing, or when it is asked for all the same', async () => {
  expect(JSON.parse((await post('/solution', { stem: '01-twice' })).body)).toEqual({ hidden: true })
  const anyway = JSON.parse((await post('/solution', { stem: '01-twice', anyway: true })).body)
  expect(anyway.html).toContain('mul')
  workshop.standing('02-again').outcome = outcomeOf('02-again', { status: 'passed' })
  expect(JSON.parse((await post('/solution', { stem: '02-again' })).body).html).toContain('mul')
})

test('a port that is taken is left to whoever has it: two workshops at once', async () => {
  const second = await openServer(standIn(course), server.port)
  expect(second.port).toBeGreaterThan(server.port)
  expect((await ask('/index.html', { port: second.port })).status).toBe(200)
  expect((await ask('/index.html')).status).toBe(200)
  await second.close()
})

test('a page is told of verdicts as they come, in its language', async () => {
  const heard = new Promise<string>((resolve) => {
    const headers = { host: `127.0.0.1:${server.port}` }
    const path = '/events?stem=01-twice&lang=zh'
    const call = httpRequest({ host: '127.0.0.1', port: server.port, path, headers }, (response) => {
      let text = ''
      response.on('data', (data) => {
        text += data
        if (text.includes('event: hello') && !text.includes('event: lesson')) {
          workshop.standing('01-twice').outcome = outcomeOf('01-twice', { status: 'passed' })
          workshop.emit('graded', '01-twice')
        }
        if (!/event: course\n/.test(text)) return
        resolve(text)
        call.destroy()
      })
    })
    call.on('error', () => {})
    call.end()
  })
  const lesson = JSON.parse(/event: lesson\ndata: (.*)/.exec(await heard)?.[1] ?? '')
  expect(lesson).toMatchObject({ stem: '01-twice', passed: true, tasks: [{ task: 'twice', state: 'passed' }] })
  expect(lesson.tasks[0].verdict).toContain('通过')
})
