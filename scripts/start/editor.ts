// Opens a place in the editor that the learner has open. In a process of its own: editors, and the package that finds them, write to the terminal.
import { spawn } from 'node:child_process'
import { basename } from 'node:path'

/** Those that would take over the terminal in which the workshop is. */
const terminalEditors = ['vi', 'vim', 'nvim', 'nano', 'emacs', 'micro', 'hx', 'helix', 'ed', 'joe', 'ne', 'kak']
/** An editor that has not complained by then is taken to be open. */
const patienceMs = 3000

/** Whether an editor could be found, and did not fail. `GRADUS_EDITOR` names one. */
export function openInEditor(path: string, line = 1, column = 1): Promise<boolean> {
  const words = [require.resolve('../gradus.js'), 'start/editor', `${path}:${line}:${column}`]
  const child = spawn(process.execPath, words, { stdio: 'ignore', detached: process.platform !== 'win32' })
  child.unref()
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), patienceMs)
    const end = (opened: boolean) => {
      clearTimeout(timer)
      resolve(opened)
    }
    child.once('error', () => end(false))
    child.once('exit', (code) => end(code === 0))
  })
}

function launch(place: string): void {
  const launchEditor = require('launch-editor') as typeof import('launch-editor')
  const guess = require('launch-editor/guess') as (asked?: string) => (string | null)[]
  const [editor] = guess(process.env.GRADUS_EDITOR)
  if (!editor || terminalEditors.includes(basename(editor, '.exe'))) process.exit(1)
  launchEditor(place, process.env.GRADUS_EDITOR ?? editor, () => process.exit(1))
}

if (process.argv[2] === 'start/editor') launch(process.argv[3] ?? '')
