import { describe, expect, it } from 'vitest'
import { HELP, parseOptions } from './options.ts'
import { SUBJECTS } from './subjects.ts'

describe('the command line of npm run mutate', () => {
  it('means everything, anew, where nothing is said', () => {
    expect(parseOptions([])).toEqual({
      kind: 'check',
      options: { seed: 1, subjects: SUBJECTS, json: false, breaks: null },
    })
  })

  it('takes what the help lists', () => {
    const parsed = parseOptions(['--only', 'claims,signature', '--seed', '7', '--json', '--break', 'tests'])
    const subjects = SUBJECTS.filter(({ name }) => name === 'claims' || name === 'signature')
    expect(parsed).toEqual({ kind: 'check', options: { seed: 7, subjects, json: true, breaks: 'tests' } })
    expect(subjects).toHaveLength(2)
    expect(parseOptions(['--help'])).toEqual({ kind: 'help' })
    for (const { name } of SUBJECTS) expect(HELP).toContain(name)
  })

  it.each([
    [['--only', 'clams'], '--only knows signature, identity, claims, budget, planner, classifier, not clams'],
    [['--only', ''], '--only knows signature, identity, claims, budget, planner, classifier, not nothing'],
    [['--break', 'all'], '--break knows tests, not all'],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous"],
    [['--fast'], "Unknown option '--fast'"],
  ])('says of %j in one sentence what is wrong', (args, message) => {
    expect(parseOptions(args)).toEqual({ kind: 'wrong', message: `${message}. See npm run mutate -- --help` })
  })
})
