// Every recorded snippet has its test in this folder, or a reason why TypeScript can't say it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordings } from './snippets'

const withoutTypeScript: Record<string, string> = {
  saved_tensor_access_after_free: 'private: `_saved_self` shows what PyTorch happens to save',
  nondeterministic_complex_output: 'complex numbers',
  del_grad: 'del',
  deepcopy_nonleaf: 'copy.deepcopy',
  int_overflow: 'numbers are exact up to 2^53 only',
  numpy_detach_ok: 'numpy',
  float_multi: 'float()',
  float_grad_warn: 'float()',
  int_grad_warn: 'int()',
  len_0d: 'len()',
  fn_nonstatic: 'a class whose static methods are not static',
  fn_instantiate_call: 'an object that is called like a function',
  fn_call_forward_direct: "Python's words for an attribute of None",
  manual_seed_return: 'the address of an object',
}

test('every recorded snippet has a test or a reason', () => {
  const sources = readdirSync(__dirname).filter((file) => file.endsWith('.test.ts'))
  const tested = sources.flatMap((file) => {
    const source = readFileSync(join(__dirname, file), 'utf8')
    return Array.from(source.matchAll(/^ {2,4}(\w+)\(\) \{$/gm), (match) => match[1]!)
  })
  expect(tested).toHaveLength(new Set(tested).size)
  const accounted = [...tested, ...Object.keys(withoutTypeScript)]
  expect(accounted.sort()).toEqual([...recordings.keys()].sort())
})
