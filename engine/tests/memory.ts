// How many bytes training leaves behind, in a process where nothing else is: memory.test.ts runs it.
import * as torch from '..'

const { gc } = globalThis as { gc?: () => void }

/** Bytes in use once everything that nobody needs is gone. */
function used(): number {
  gc?.()
  gc?.()
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

train(3000) // until V8 has compiled what it will: that stays behind too
const before = used()
const loss = train(20_000)
const trained = used()
const losses: torch.Tensor[] = []
const x = torch.ones([3], { requires_grad: true })
for (let i = 0; i < 4000; i++) losses.push(x.mul(i).sum())
const held = used()
console.log(JSON.stringify({ loss, leftBehind: trained - before, bytesPerLoss: (held - trained) / losses.length }))
