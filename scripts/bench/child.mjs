// The process in which one engine is measured: node child.mjs ENGINE. Requests come and answers go as messages.
const engine = await import(`./engines/${process.argv[2]}.mjs`).catch((error) => ({ error }))
const opened = engine.error ? Promise.reject(engine.error) : Promise.resolve().then(() => engine.open?.())
opened.catch(() => {}) // told when somebody asks

let step = () => {}

/** Milliseconds a step, over as many steps as `atLeastMs` needs. */
async function time(atLeastMs) {
  const start = performance.now()
  let steps = 0
  let chunk = 1 // between two looks at the clock, which are not free
  for (;;) {
    for (let i = 0; i < chunk; i++) {
      const pending = step()
      if (pending) await pending
    }
    steps += chunk
    const spent = performance.now() - start
    if (spent >= atLeastMs) return spent / steps
    if (spent < atLeastMs / 50) chunk *= 2
  }
}

async function answer(request) {
  await opened
  if (request.do === 'sample') return { step: await time(request.atLeastMs) }
  const make = engine.workloads[request.workload]
  if (!make) return { cannot: engine.reasons?.[request.workload] ?? 'not written for this workload' }
  const workload = await make()
  step = workload.step
  await step()
  const first = await workload.answer()
  return { answer: first, step: await time(300) } // warm from here on
}

process.on('message', async (request) => {
  try {
    process.send(await answer(request))
  } catch (error) {
    process.send({ cannot: String(error?.message ?? error).split('\n')[0] })
  }
})
