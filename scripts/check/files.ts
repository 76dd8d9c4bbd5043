// Every stem has all of its files, in every folder and language, and no file belongs to nobody.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Course, filesOf, isStem } from '../course'
import { type Finding, finding, type Problem } from './problem'

const folders: Record<string, string[]> = {
  exercises: ['.test.ts', '.ts'],
  solutions: ['.mistakes.ts', '.ts'],
  lessons: ['.md'],
  'lessons/zh': ['.json', '.md'],
}
const allowed = new Set(['zh', 'assets', '.DS_Store'])

export function checkFiles(course: Course): Finding {
  const stems = allStems(course)
  if (stems.length === 0)
    return finding(1, [{ where: 'lessons', message: 'has no lesson: `npm run new -- 01-name` makes one.' }])
  const missing = stems.flatMap((stem) => missingFiles(course, stem))
  return finding(stems.length * 6, [...missing, ...strayFiles(course), ...gaps(stems)])
}

/** The stems that any folder knows, so that a lesson without a text is seen too. */
function allStems({ root }: Course): string[] {
  const named = Object.entries(folders).flatMap(([folder, endings]) =>
    endings.flatMap((ending) => filesOf(join(root, folder), ending)),
  )
  return [...new Set(named.map((name) => name.replace(/\.(test|mistakes)$/, '')))].filter(isStem).sort()
}

function missingFiles(course: Course, stem: string): Problem[] {
  const { exercise, suite, solution, mistakes, text } = course.files(stem)
  return [exercise, suite, solution, mistakes, text.en, text.zh]
    .filter((path) => !existsSync(path))
    .map((path) => ({
      where: course.show(path),
      message: `is missing. ${path === exercise ? '`npm run check -- --fix` derives it.' : `Lesson ${stem} needs it.`}`,
    }))
}

function strayFiles({ root }: Course): Problem[] {
  return Object.entries(folders).flatMap(([folder, endings]) => {
    const path = join(root, folder)
    if (!existsSync(path)) return [{ where: folder, message: 'is missing.' }]
    return readdirSync(path)
      .filter(
        (name) =>
          !allowed.has(name) &&
          !endings.some((ending) => name.endsWith(ending) && isStem(name.slice(0, -ending.length))),
      )
      .map((name) => ({
        where: `${folder}/${name}`,
        message: `belongs to no lesson: names here are NN-name${endings.join(' or NN-name')}. Rename or remove it.`,
      }))
  })
}

function gaps(stems: string[]): Problem[] {
  return stems.flatMap((stem, i) => {
    const expected = String(i + 1).padStart(2, '0')
    return stem.startsWith(expected)
      ? []
      : [{ where: stem, message: `should have the number ${expected}: lessons are numbered from 01 without gaps.` }]
  })
}
