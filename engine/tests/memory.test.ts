// What was computed is given back: training does not grow.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as torch from '..'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Bytes in use once everything that nobody needs is gone. */
function used(): number {
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function train(steps: number): number {
  torch.manual_seed(0)
  const x = torch.randn([16, 3])
  const target = x.matmul(torch.tensor([[1], [-2], [0.5]]))
  const w = torch.zeros([3, 1], { requires_grad: true })
  let loss = torch.tensor(0)
  for (let step = 0; step < steps; step++) {
    loss = x.matmul(w).sub(target).square().mean()
    loss.backward()
    torch.no_grad(() => {
      w.sub_(w.grad!.mul(0.01))
      w.grad!.zero_()
    })
  }
  return loss.item()
}

test('ten thousand more training steps leave nothing behind', () => {
  train(3000) // until V8 has compiled what it will: that stays behind too
  const before = used()
  expect(train(10_000)).toBeLessThan(1e-9)
  // Had every step left 50 bytes behind, it would show.
  expect(used() - before).toBeLessThan(500_000)
})

test('what is kept is seen: the measure is not blind', () => {
  const before = used()
  const losses: torch.Tensor[] = []
  const x = torch.ones([3], { requires_grad: true })
  for (let i = 0; i < 4000; i++) losses.push(x.mul(i).sum())
  expect(used() - before).toBeGreaterThan(500_000)
  expect(losses.length).toBe(4000)
})
