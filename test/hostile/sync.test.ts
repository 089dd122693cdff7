import { expect, it } from 'vitest'
import { pageCases } from '../../local/hostile/sync/cases.ts'
import { trySync } from '../../local/hostile/sync/trial.ts'

function caseOf(name: string) {
  const found = pageCases().find((each) => each.name === name)
  if (found === undefined) throw new Error(`There is no case ${name}`)
  return found
}

it('sweep and census end, whatever is listed, and are right again once ClickUp is', async () => {
  const some = caseOf('listing: tasks: rows without an id beside good ones')
  expect(await trySync(some, { seed: 1, broken: null })).toEqual({ ending: 'well again', faults: [] })
})

it('what they have not written is found', async () => {
  const html = caseOf('listing: tasks: HTML with 200')
  const { faults } = await trySync(html, { seed: 1, broken: 'lose-writes' })
  expect(faults).toEqual([expect.stringMatching(/^\d+ fields are not as in ClickUp at last/)])
})
