// What all commands share: how they are declared, how they refuse a misuse, how they end.
import { Command, Help } from 'commander'
import { type Language, Misuse } from './course'
import { kitTranslator } from './feedback/translation'
import { chooseLanguage } from './language'
import { unwritable } from './write'

/** Right, the answer is wrong or incomplete, misuse or a fault of the kit. */
export const exitCodes = { right: 0, wrong: 1, misuse: 2 } as const

/** A command as npm calls it: `usage` is what the user types. Its help and its refusals are in the user's language where the kit knows the command's description in it. */
export function command(usage: string, description: string): Command {
  const program = new Command(usage)
  const say = (text: string) => {
    const translate = kitTranslator(languageFor(program))
    return translate(description) === description ? text : translate(text)
  }
  const help = new Help()
  return program
    .description(description)
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError(`Type \`${usage} --help\` to see what there is.`)
    .configureHelp({
      styleTitle: say,
      commandDescription: () => say(description),
      argumentDescription: (argument) => say(help.argumentDescription(argument)),
      optionDescription: (option) => say(help.optionDescription(option)),
    })
    .configureOutput({
      writeOut: (text) => process.stdout.write(text.replace(text.trim(), say)),
      writeErr: (text) => process.stderr.write(text.replace(text.trim(), say)),
    })
    .exitOverride()
}

/** Runs the command that the user called. `main` answers with the exit code. */
export async function run(program: Command, main: (names: string[]) => Promise<number> | number): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    console.error(unwritable('The output', error).message)
    process.exit(exitCodes.misuse)
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
  process.exitCode = exitCodes.misuse // stands when something never answers, and Node runs out of work
  try {
    await null // lets the command's module finish loading
    program.parse(['node', 'gradus', ...process.argv.slice(3)])
    process.exitCode = await main(program.args)
  } catch (error) {
    process.exitCode = exitCodeOf(error, program)
  }
}

function exitCodeOf(error: unknown, program: Command): number {
  if (isCommanderError(error)) return error.exitCode === 0 ? exitCodes.right : exitCodes.misuse
  if (!(error instanceof Misuse)) throw error // told by gradus.js
  console.error(kitTranslator(languageFor(program))(error.message))
  return exitCodes.misuse
}

/** The language that was asked for, if there is such a language and it can be asked for. */
function languageFor(program: Command): Language {
  try {
    return chooseLanguage(program.opts<{ lang?: string }>().lang)
  } catch {
    return chooseLanguage()
  }
}

function isCommanderError(error: unknown): error is { code: string; exitCode: number } {
  return error instanceof Error && 'exitCode' in error && 'code' in error && String(error.code).startsWith('commander.')
}
