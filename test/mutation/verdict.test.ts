import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { EXPLAINED, type Explanation } from './explained.ts'
import { jsonLine } from './report.ts'
import { SUBJECTS } from './subjects.ts'
import { isGood, type Mutant, verdictOf } from './verdict.ts'

const SOURCE = 'const limit = 3\n\nexport const isFull = (calls: number) =>\n  calls >= limit\n'

const mutant = (over: Partial<Mutant>): Mutant => ({
  fileName: '/home/core/full.ts',
  mutatorName: 'EqualityOperator',
  replacement: 'calls > limit',
  status: 'Killed',
  location: { start: { line: 4, column: 3 }, end: { line: 4, column: 17 } },
  ...over,
})
const sources = () => new Map([['/home/core/full.ts', SOURCE]])
const judged = (mutants: Mutant[], explained: readonly Explanation[] = []) =>
  verdictOf('full', mutants, sources(), { root: '/home', explained, seconds: 1 })
const times = (count: number, over: Partial<Mutant>) => Array.from({ length: count }, () => mutant(over))

describe('the verdict on a subject’s tests', () => {
  it('counts what was noticed, by a failing test or by waiting, and leaves out what could not be tried', () => {
    const mutants = [
      ...[...times(7, {}), ...times(1, { status: 'Timeout' }), ...times(2, { status: 'Survived' })],
      ...[...times(5, { status: 'Ignored' }), ...times(5, { status: 'RuntimeError' })],
    ]
    expect(judged(mutants)).toMatchObject({ noticed: 8, tried: 10, score: 80 })
  })

  it('is bad when nothing was tried: whoever could not look has seen nothing', () => {
    expect(isGood(judged([]))).toBe(false)
    expect(isGood(judged(times(3, { status: 'RuntimeError' })))).toBe(false)
  })

  it('is bad when too much survives, also where all of it is explained', () => {
    const explained = [{ file: 'core/full.ts', from: 'calls >= limit', to: 'calls > limit', reason: 'never so many' }]
    const good = judged([...times(9, {}), ...times(1, { status: 'Survived' })], explained)
    const bad = judged([...times(8, {}), ...times(1, { status: 'Survived' })], explained)
    expect([isGood(good), isGood(bad)]).toEqual([true, false])
  })

  it('is bad when what survives is not explained, and says where it stands and what it became', () => {
    const verdict = judged([...times(99, {}), mutant({ status: 'NoCoverage' })])
    expect(isGood(verdict)).toBe(false)
    expect(verdict.survivors).toEqual([
      {
        ...{ file: 'core/full.ts', at: 4, line: 'calls >= limit', from: 'calls >= limit', to: 'calls > limit' },
        ...{ isRun: false, reason: null },
      },
    ])
  })

  it('reads what stands over several lines as one', () => {
    const location = { start: { line: 3, column: 23 }, end: { line: 4, column: 17 } }
    const { survivors } = judged([mutant({ status: 'Survived', location, replacement: '() =>\n  undefined' })])
    expect(survivors[0]).toMatchObject({ from: '(calls: number) => calls >= limit', to: '() => undefined', at: 3 })
  })

  it.each([
    ['another file', { file: 'core/other.ts' }, null],
    ['another text', { from: 'limit' }, null],
    ['another change', { to: 'true' }, null],
    ['several other changes', { to: ['true', 'calls === limit'] }, null],
    ['another line', { line: 'const limit = 3' }, null],
    ['that very change', { line: 'calls >= limit' }, 'never so many'],
    ['that change and others', { to: ['true', 'calls > limit'] }, 'never so many'],
  ])('is not softened by an explanation of %s', (_, over, reason) => {
    const explained = [
      { file: 'core/full.ts', from: 'calls >= limit', to: 'calls > limit', reason: 'never so many', ...over },
    ]
    const { survivors } = judged(times(1, { status: 'Survived' }), explained)
    expect(survivors[0]?.reason).toBe(reason)
  })

  it('is one line for programs, in which no score is rounded up to what is asked', () => {
    const verdict = judged([...times(8_999, {}), ...times(1_001, { status: 'Survived' })])
    expect(JSON.parse(jsonLine([verdict], 4))).toEqual({
      ...{ seed: 4, good: false },
      subjects: [
        { name: 'full', tried: 10_000, noticed: 8_999, score: 89.9, survived: 1_001, unexplained: 1_001, seconds: 1 },
      ],
    })
    expect(JSON.parse(jsonLine([], 4))).toMatchObject({ good: false })
  })
})

it('has tests of its own for every subject, and others that are left when these are left out', () => {
  for (const { own, others, mutate } of SUBJECTS) {
    expect(Math.min(own.length, others.length, mutate.length)).toBeGreaterThan(0)
    expect(own.filter((file) => others.includes(file))).toEqual([])
  }
})

it('explains only what stands in the code', async () => {
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ')
  for (const { file, from, line = from } of EXPLAINED) {
    const source = plain(await readFile(new URL(`../../${file}`, import.meta.url), 'utf8'))
    expect(source, file).toContain(from)
    expect(source, file).toContain(line)
    expect(SUBJECTS.flatMap(({ mutate }) => mutate)).toContain(file)
  }
})
