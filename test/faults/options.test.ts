import { expect, it } from 'vitest'
import { HELP, parseOptions } from '../../local/faults/options.ts'
import { SUBJECTS } from '../../local/faults/subjects/index.ts'

const wrongs = (...args: string[]) => {
  const parsed = parseOptions(args)
  return parsed.kind === 'wrong' ? parsed.message : ''
}

it('plays everything when nothing is chosen', () => {
  expect(parseOptions([])).toEqual({
    kind: 'check',
    options: {
      ...{ seed: 1, only: SUBJECTS.map(({ name }) => name), faults: [], at: null, every: 1, random: 0 },
      ...{ breaks: null, json: false },
    },
  })
})

it('knows a group of subjects by what their names begin with', () => {
  const parsed = parseOptions(['--only', 'consumer', '--at', '3', '--fault', 'twice', '--seed', '7'])
  expect(parsed).toMatchObject({ options: { seed: 7, at: 3, faults: ['twice'] } })
  const only = parsed.kind === 'check' ? parsed.options.only : []
  expect(only.length).toBeGreaterThan(1)
  expect(only.filter((name) => !name.startsWith('consumer-'))).toEqual([])
})

it('plays only the subjects that a break breaks', () => {
  const broken = SUBJECTS.filter(({ breaks }) => Object.hasOwn(breaks, 'lease')).map(({ name }) => name)
  expect(parseOptions(['--break', 'lease'])).toMatchObject({ options: { breaks: 'lease', only: broken } })
})

it('says in a sentence what is wrong', () => {
  expect(wrongs('--only', 'nobody')).toMatch(/^There is no subject nobody\./)
  expect(wrongs('--fault', 'flood')).toMatch(/^There is no fault flood\./)
  expect(wrongs('--break', 'nothing')).toMatch(/^--break knows .*, not nothing\./)
  expect(wrongs('--only', 'sweep', '--break', 'lease')).toMatch(/^sweep cannot be broken by lease\./)
  expect(wrongs('--at', 'x')).toMatch(/^--at takes a whole number/)
  expect(wrongs('--every', '0')).toMatch(/^--every takes a whole number/)
  expect(wrongs('--more')).toMatch(/--more/)
})

it('names in its help every subject, fault and break', () => {
  for (const { name, breaks } of SUBJECTS)
    for (const word of [name, ...Object.keys(breaks)]) expect(HELP).toContain(word)
})
