// What was computed is given back: training does not grow. Measured in a process of its own, for the memory of Jest's goes up and down by megabytes.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const told = spawnSync(
  process.execPath,
  ['--expose-gc', '--require', require.resolve('sucrase/register'), join(__dirname, 'memory.ts')],
  { encoding: 'utf8' },
)

test('twenty thousand more training steps leave nothing behind', () => {
  const { loss, leftBehind } = JSON.parse(told.stdout)
  expect(loss).toBeLessThan(1e-9)
  // Had every step left 50 bytes behind, it would show.
  expect(leftBehind).toBeLessThan(1_000_000)
})

test('what is kept is seen: the measure is not blind', () => {
  expect(JSON.parse(told.stdout).bytesPerLoss).toBeGreaterThan(125)
})
