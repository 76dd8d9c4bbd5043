// Wrong answers to lesson 19, and what the suite must say to each.
import type { Mistake } from '../scripts/mistakes'

const modeMistakes = (task: 'no_grad' | 'enable_grad', wanted: boolean): Mistake[] => {
  const [onOff, opposite] = wanted ? ['on', 'off'] : ['off', 'on']
  const finallyBack = 'try {\n    return body()\n  } finally {\n    recording = before\n  }'
  return [
    {
      name: 'put back by a line that an error jumps over',
      in: task,
      replace: [finallyBack, 'const value = body()\n  recording = before\n  return value'],
      caughtBy: `an error under ${task} comes out, and the switch is put back`,
      says: 'the line that puts it back was never reached',
    },
    {
      name: 'set to a fixed value at the end, instead of what was found',
      in: task,
      replace: ['recording = before', `recording = ${!wanted}`],
      caughtBy: `where recording was ${onOff} before, it stays ${onOff}`,
      says: 'remember that first',
    },
    {
      name: 'set to a fixed value at the end, one within another',
      in: task,
      replace: ['recording = before', `recording = ${!wanted}`],
      caughtBy: `one ${task} within another: each puts back what it found`,
      says: 'for the outer as well',
    },
    {
      name: 'one place for what all calls have found',
      in: task,
      replace: ['const before = recording', `Object.assign(${task}, { before: recording })`],
      with: [['recording = before', `recording = (${task} as unknown as { before: boolean }).before`]],
      caughtBy: `one ${task} within another: each puts back what it found`,
      says: 'a flag where a stack is needed',
    },
    {
      name: 'flipped the switch',
      in: task,
      replace: [`recording = ${wanted}`, 'recording = !recording'],
      with: [['recording = before', 'recording = !recording']],
      caughtBy: `one ${task} within another: each puts back what it found`,
      says: 'the switch was flipped',
    },
    {
      name: 'never put back',
      in: task,
      replace: ['    recording = before\n', ''],
      caughtBy: `while the function runs, recording is ${onOff}; afterwards it is ${opposite} again, as it was`,
      says: 'Nobody has put it back',
    },
    {
      name: 'lost what the function returns',
      in: task,
      replace: ['return body()', 'body()'],
      with: [['recording = before\n  }', 'recording = before\n  }\n  return undefined as T']],
      caughtBy: `what the function returns comes out of ${task}, and the function is called once`,
      says: 'Hand on what the function returns',
    },
    {
      name: 'kept the error to itself',
      in: task,
      replace: [
        '} finally {\n    recording = before\n  }',
        '} catch {}\n  recording = before\n  return undefined as T',
      ],
      caughtBy: `an error under ${task} comes out, and the switch is put back`,
      says: 'kept it to itself',
    },
  ]
}

export default [
  {
    name: 'did not ask the switch',
    in: 'record',
    replace: ['recording && ', ''],
    caughtBy: 'with the switch off, nothing is recorded',
    says: 'and the switch was off',
  },
  {
    name: 'asked the switch alone',
    in: 'record',
    replace: ['recording && inputs.some((input) => input.requires_grad)', 'recording'],
    caughtBy: 'without a tracked input, nothing is recorded',
    says: 'Neither input is tracked',
  },
  {
    name: 'wanted all inputs tracked',
    in: 'record',
    replace: ['inputs.some', 'inputs.every'],
    caughtBy: 'with the switch on and a tracked input, the result has a node',
    says: 'one is enough',
  },
  {
    name: 'left out the node only',
    in: 'record',
    replace: ['recording && inputs', 'inputs'],
    with: [['node: requires_grad ?', 'node: requires_grad && recording ?']],
    caughtBy: 'with the switch off, nothing is recorded',
    says: 'it would look like a leaf',
  },
  {
    name: 'kept the node',
    in: 'record',
    replace: ['requires_grad ? { op, inputs, vjp } : null', '{ op, inputs, vjp }'],
    caughtBy: 'with the switch off, nothing is recorded',
    says: 'the memory that switching off was to save',
  },
  {
    name: 'took the tracking away from the inputs',
    in: 'record',
    replace: [
      'const requires_grad',
      'if (!recording) for (const input of inputs) input.requires_grad = false\n  const requires_grad',
    ],
    caughtBy: 'the inputs are left as they are',
    says: 'it changes what is written down',
  },
  ...modeMistakes('no_grad', false),
  ...modeMistakes('enable_grad', true),
  {
    name: 'no guard',
    in: 'set_grad_enabled',
    replace: [
      'return {\n    [Symbol.dispose]() {\n      recording = before\n    },\n  }',
      'return undefined as unknown as Disposable',
    ],
    caughtBy: 'in the block the switch stands as wanted, and after it as before',
    says: 'Either no guard came back',
  },
  {
    name: 'a function for a guard',
    in: 'set_grad_enabled',
    replace: [
      'return {\n    [Symbol.dispose]() {\n      recording = before\n    },\n  }',
      'return (() => {\n    recording = before\n  }) as unknown as Disposable',
    ],
    caughtBy: 'in the block the switch stands as wanted, and after it as before',
    says: 'no method that `using` could call',
  },
  {
    name: 'the name dispose for the symbol',
    in: 'set_grad_enabled',
    replace: ['[Symbol.dispose]()', 'dispose()'],
    with: [['    },\n  }', '    },\n  } as unknown as Disposable']],
    caughtBy: 'a block that is left by an error puts it back too, and the error comes out',
    says: 'in brackets',
  },
  {
    name: 'the opposite of what was wanted',
    in: 'set_grad_enabled',
    replace: ['recording = before', 'recording = !wanted'],
    caughtBy: 'where nothing was to be changed, nothing has changed afterwards',
    says: 'it should put back what was found',
  },
  {
    name: 'one place for what all guards have found',
    in: 'set_grad_enabled',
    replace: ['const before = recording', 'Object.assign(set_grad_enabled, { before: recording })'],
    with: [['recording = before', 'recording = (set_grad_enabled as unknown as { before: boolean }).before']],
    caughtBy: 'block within block: each guard puts back what it found',
    says: 'a flag where a stack is needed',
  },
  {
    name: 'always on at the end',
    in: 'set_grad_enabled',
    replace: ['recording = before', 'recording = true'],
    caughtBy: 'block within block: each guard puts back what it found',
    says: 'as if there were no outer one',
  },
  {
    name: 'put back at once',
    in: 'set_grad_enabled',
    replace: ['  return {', '  recording = before\n  return {'],
    with: [['      recording = before\n', '']],
    caughtBy: 'in the block the switch stands as wanted, and after it as before',
    says: 'puts it back only when the block is left',
  },
  {
    name: 'turned by nobody',
    in: 'set_grad_enabled',
    replace: ['  recording = wanted\n', ''],
    caughtBy: 'without a block it is a plain switch, and stays as it was set',
    says: 'Does the function turn it at all',
  },
  {
    name: 'turned first, and remembered then',
    in: 'no_grad',
    replace: ['const before = recording\n  recording = false', 'recording = false\n  const before = recording'],
    caughtBy: 'while the function runs, recording is off; afterwards it is on again, as it was',
    says: 'looked up when the switch had been turned already',
  },
  {
    name: 'another error thrown',
    in: 'no_grad',
    replace: ['} finally {', "} catch (error) {\n    throw new Error('failed', { cause: error })\n  } finally {"],
    caughtBy: 'an error under no_grad comes out, and the switch is put back',
    says: 'the very error that was thrown',
  },
  {
    name: 'turned first, and remembered then',
    in: 'set_grad_enabled',
    replace: ['const before = recording\n  recording = wanted', 'recording = wanted\n  const before = recording'],
    caughtBy: 'in the block the switch stands as wanted, and after it as before',
    says: 'looked up when the switch had been turned already',
  },
] satisfies Mistake[]
