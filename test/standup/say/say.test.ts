import { describe, expect, it } from 'vitest'
import { MUST_TELL } from '../../../core/standup/material.ts'
import type { AskModel } from '../../../core/standup/model/model.ts'
import { MOST_STATEMENTS } from '../../../core/standup/say/answer.ts'
import { dataOf } from '../../../core/standup/say/data.ts'
import { digestOf } from '../../../core/standup/say/digest.ts'
import { sayMaterial } from '../../../core/standup/say/say.ts'
import { type NoModel, summarySchema } from '../../../core/standup/statement.ts'
import { FLUENT } from './support/fluent.ts'
import { aDay, materialOf } from './support/material.ts'
import { prompt } from './support/words.ts'

const material = materialOf(aDay)
const NOW = 1_795_000_000_000
const USED = { tokens: { input: 1_200, output: 300 }, costUsd: 0.0004 }

/** Answers with this JSON as a provider would, read by the schema that it is asked with. */
function answering(answer: unknown) {
  const asked: { instructions: string; data: string }[] = []
  const ask: AskModel = async ({ instructions, data, answer: schema }) => {
    asked.push({ instructions, data })
    const value = schema.safeParse(answer)
    return value.success
      ? { kind: 'said', value: value.data, provider: 'bedrock', model: 'small', ...USED }
      : { kind: 'nothing', why: 'malformed', reason: '', ...USED }
  }
  return { ask, asked }
}

const failing =
  (why: NoModel): AskModel =>
  async () => ({ kind: 'nothing', why, reason: 'because', ...USED })

const say = (ask: AskModel, over = material) => sayMaterial(over, { ask, prompt, audience: 'the team', now: NOW })

describe('a summary by a model', () => {
  it('is asked for with the prompt and the data, apart', async () => {
    const { ask, asked } = answering({ statements: FLUENT[0] })
    await say(ask)
    expect(asked).toEqual([{ instructions: prompt.text.replace('{{audience}}', 'the team'), data: dataOf(material) }])
    expect(asked[0]?.instructions).not.toContain('{{')
  })

  it('is what stands of its answer, and by template what it must not leave out', async () => {
    const wrong = [{ section: 'done', text: '{p1} finished {t12}.', cites: ['f13'] }, 7, { text: 'x' }]
    const { summary } = await say(answering({ statements: [...(FLUENT[0] ?? []), ...wrong] }).ask)
    expect(summarySchema.parse(summary)).toEqual(summary)
    expect(summary.by).toEqual({ kind: 'model', provider: 'bedrock', model: 'small', prompt: 'standup/v1' })
    expect(summary.removed).toEqual({ claim: 2, form: 2 })
    expect(summary.statements.filter(({ by }) => by === 'model')).toHaveLength(4)
    // f2, f6, f8, f9, f10 and f11.
    expect(summary.added).toBe(6)
    const told = new Set(summary.statements.flatMap(({ changeIds }) => changeIds))
    const must = material.facts.filter(({ kind }) => MUST_TELL.has(kind)).flatMap(({ changeIds }) => changeIds)
    expect(must.filter((id) => !told.has(id))).toEqual([])
    expect(summary).toMatchObject({ ...USED, madeAt: NOW, left: 0, about: 'Backend', notes: [] })
  })

  it('takes a fact that is cited and not told for left out', async () => {
    const all = material.facts.filter(({ kind }) => kind === 'done').map(({ id }) => id)
    const vague = [{ section: 'done', text: 'Three tasks were finished.', cites: all }]
    const { summary } = await say(answering({ statements: vague }).ask)
    expect(summary.statements.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'Three tasks were finished.',
        '{person:181} finished {task:id-t4} and {task:id-t5}.',
        '{task:id-t6} was finished.',
      ]),
    )
  })

  it('is bounded', async () => {
    const many = Array.from({ length: 500 }, () => ({ section: 'done', text: '{p1} finished {t4}.', cites: ['f4'] }))
    const { summary } = await say(answering({ statements: many }).ask)
    expect(summary.removed).toEqual({ form: 499 })
    expect(MOST_STATEMENTS).toBeLessThan(500)
  })

  it('keeps ids in place of names and refs', async () => {
    const { summary, names } = await say(answering({ statements: FLUENT[2] }).ask)
    expect(JSON.stringify(summary)).not.toMatch(/Zugvogel|Quirin|\{[tp]\d+\}/)
    expect(summary.statements[0]).toMatchObject({ taskIds: ['id-t1'], changeIds: ['change-1'] })
    expect(names.task('id-t4')).toBe('Zugvogel 4 basteln')
    expect(names.person('181')).toBe('Quirin Nr-1')
    expect([names.task('gone'), names.person('gone')]).toEqual(['gone', 'somebody'])
  })
})

describe('a summary by template', () => {
  it('is told whatever hinders the model, with what that took', async () => {
    for (const why of ['notConfigured', 'capReached', 'timeout', 'rateLimited', 'malformed', 'denied'] as const) {
      const { summary } = await say(failing(why))
      expect(summary).toMatchObject({ by: { kind: 'template', why }, removed: {}, added: 0, ...USED })
      expect(summary.statements).toHaveLength(digestOf(material).length)
    }
  })

  it('is told where nothing of an answer is left', async () => {
    const made = [{ section: 'done', text: '{t4} is bankrupt.', cites: ['f4'] }]
    const { summary } = await say(answering({ statements: made }).ask)
    expect(summary).toMatchObject({ by: { kind: 'template', why: 'nothingLeft' }, removed: { word: 1 }, added: 0 })
    expect(summary.statements.every(({ by }) => by === 'template')).toBe(true)
    const empty = await say(answering({ statements: [] }).ask)
    expect(empty.summary.by).toEqual({ kind: 'template', why: 'nothingLeft' })
  })

  it('asks nobody where nothing happened', async () => {
    const { ask, asked } = answering({ statements: [] })
    const { summary } = await say(ask, materialOf([]))
    expect(asked).toEqual([])
    expect(summary).toMatchObject({ by: { kind: 'template', why: 'nothingHappened' }, costUsd: 0 })
    expect(summary.statements.map(({ text }) => text)).toEqual([
      'Nothing happened in Backend since Thu 19 Nov 2026 09:00.',
    ])
  })
})
