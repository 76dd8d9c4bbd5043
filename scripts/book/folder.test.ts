// The folder of a book: never anybody else's.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Misuse } from '../course'
import { filesOfBook, writeBook } from './folder'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradus-book-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('an empty folder and a folder that is not there yet hold no book', () => {
  expect(filesOfBook(folder)).toEqual([])
  expect(filesOfBook(join(folder, 'new'))).toEqual([])
})

test('a folder that holds something else is refused, and a file too', () => {
  writeFileSync(join(folder, 'thesis.txt'), 'years of work')
  expect(() => filesOfBook(folder)).toThrow(new Misuse(`${folder} holds something else. Name a new folder.`))
  expect(() => writeBook(folder, new Map([['index.html', 'a']]))).toThrow(Misuse)
  expect(existsSync(join(folder, 'index.html'))).toBe(false)
  expect(() => filesOfBook(join(folder, 'thesis.txt'))).toThrow('is a file')
})

test('a new book takes the place of the old one, and leaves alone what was put beside it', () => {
  writeBook(
    folder,
    new Map([
      ['index.html', 'old'],
      ['zh/01-gone.html', 'old'],
    ]),
  )
  writeFileSync(join(folder, 'CNAME'), 'example.org')
  writeBook(folder, new Map([['index.html', 'new']]))
  expect(readFileSync(join(folder, 'index.html'), 'utf8')).toBe('new')
  expect(existsSync(join(folder, 'zh', '01-gone.html'))).toBe(false)
  expect(readFileSync(join(folder, 'CNAME'), 'utf8')).toBe('example.org')
})

test('a list that names files outside of the folder removes nothing there', () => {
  const outside = join(folder, 'outside.txt')
  const book = join(folder, 'book')
  writeFileSync(outside, 'keep')
  mkdirSync(join(book, 'assets'), { recursive: true })
  writeFileSync(join(book, 'assets', 'book.json'), JSON.stringify({ files: ['../outside.txt'] }))
  writeBook(book, new Map([['index.html', 'new']]))
  expect(readFileSync(outside, 'utf8')).toBe('keep')
})
