// npm run bench: how fast the engine and the kit are, beside others, in one run.
import { compileEngine } from './bench/compile'
import { engineNames, openEngine } from './bench/engines'
import { measureGrading } from './bench/grading'
import { installPeers } from './bench/install'
import { measureKit } from './bench/kit'
import { type Measured, measure } from './bench/measure'
import { measureSaves } from './bench/saves'
import { environmentLine, gradingTable, kitTable, savesTable, workloadTable } from './bench/table'
import { workloads } from './bench/workloads'
import { command, exitCodes, run } from './cli'
import { Misuse } from './course'
import { progressLine } from './terminal/progress'

const program = command(
  'npm run bench --',
  'Measures the engine beside its peers from the npm registry, each in a process of its own, taking turns; npm test and npm run grade beside bare Jest; the workshop beside jest --watchAll; and grading in the sandbox.',
)
  .option('--no-peers', 'measure this engine alone, and install nothing')
  .option('--no-kit', 'leave out npm test')
  .option('--no-saves', 'leave out the workshop')
  .option('--no-grading', 'leave out the sandbox')
  .option('--only <workloads>', 'some workloads: W1,W4')
  .option('--samples <n>', 'how many turns each engine gets', '7')
  .option('--json', 'print everything that was measured as JSON')
  .addHelpText(
    'after',
    `\n${workloads.map(({ id, what }) => `  ${id}  ${what}`).join('\n')}\n\nThe machine should have nothing else to do. Ratios hold even where times are noisy: the engines take turns.`,
  )

run(program, async () => {
  const options = program.opts<{
    peers: boolean
    kit: boolean
    saves: boolean
    grading: boolean
    only?: string
    samples: string
    json?: boolean
  }>()
  const chosen = chooseWorkloads(options.only)
  const samples = Number(options.samples)
  if (!Number.isInteger(samples) || samples < 1)
    throw new Misuse(`--samples takes a whole number, not ${options.samples}`)
  if (options.peers) installPeers()
  const progress = progressLine()
  progress.show('compiling the engine')
  const compiled = compileEngine()
  const engines = (options.peers ? engineNames() : ['gradus']).map((name) => openEngine(name, compiled))
  const measured: Measured[] = []
  try {
    for (const workload of chosen) {
      measured.push(await measure(workload, engines, samples, (what) => progress.show(what)))
    }
  } finally {
    for (const engine of engines) engine.close()
  }
  const kit = options.kit ? await measureKit((what) => progress.show(what)) : null
  const saves = options.saves ? await measureSaves((what) => progress.show(what)) : null
  const grading = options.grading ? await measureGrading((what) => progress.show(what)) : null
  progress.clear()
  if (options.json)
    console.log(JSON.stringify({ environment: environmentLine(), workloads: measured, kit, saves, grading }, null, 2))
  else {
    console.log(environmentLine())
    for (const one of measured) console.log(`\n${workloadTable(one)}`)
    if (kit) console.log(`\n${kitTable(kit)}`)
    if (saves) console.log(`\n${savesTable(saves)}`)
    if (grading) console.log(`\n${gradingTable(grading)}`)
  }
  return measured.every(({ engines }) => engines.some(({ name, median }) => name === 'gradus' && median !== null))
    ? exitCodes.right
    : exitCodes.wrong
})

function chooseWorkloads(only: string | undefined): typeof workloads {
  if (only === undefined) return workloads
  const ids = only.split(',').map((id) => id.trim().toUpperCase())
  for (const id of ids) {
    if (!workloads.some((workload) => workload.id === id)) {
      throw new Misuse(`no workload ${id}; there are ${workloads.map((workload) => workload.id).join(', ')}`)
    }
  }
  return workloads.filter(({ id }) => ids.includes(id))
}
