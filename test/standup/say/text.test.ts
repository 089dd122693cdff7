import { describe, expect, it } from 'vitest'
import type { TextStyle } from '../../../core/standup/say/harmless.ts'
import { sayMaterial } from '../../../core/standup/say/say.ts'
import { MOST_OF_TEXT, summaryText } from '../../../core/standup/say/text.ts'
import type { Summary } from '../../../core/standup/statement.ts'
import { HOSTILE } from './support/hostile.ts'
import { aDay, FROM, materialOf, personOf, taskOf } from './support/material.ts'
import { prompt } from './support/words.ts'

const nobody = async () => ({
  ...{ kind: 'nothing' as const, why: 'notConfigured' as const, reason: '' },
  ...{ tokens: { input: 0, output: 0 }, costUsd: 0 },
})
const say = (material = materialOf(aDay)) => sayMaterial(material, { ask: nobody, prompt, audience: '', now: FROM })

describe('the text of a summary', () => {
  it('says what it is about, what happened, and who says so', async () => {
    const { summary, names } = await say()
    const lines = summaryText(summary, names, 'plain').split('\n')
    expect(lines[0]).toBe('Backend: what happened from Thu 19 Nov 2026 09:00 to Fri 20 Nov 2026 09:00 (Europe/Berlin)')
    expect(lines.slice(1, 5)).toEqual([
      '',
      'Blockers',
      '• “Zugvogel 1 basteln” is blocked: it has been in status "on hold" for 5 h 20 min of working time.',
      '• “Zugvogel 2 basteln” is blocked: its tag is "needs vendor".',
    ])
    expect(lines.at(-1)).toBe(
      'Told by template, because no model is configured. The data is complete up to Fri 20 Nov 2026 09:00.',
    )
    expect(summaryText(summary, names, 'markdown')).toContain('### Done\n\n- Quirin Nr-1 finished “Zugvogel 4 basteln”')
  })

  it('says what was done to what a model said', async () => {
    const { summary, names } = await say()
    const byModel: Summary = {
      ...summary,
      ...{
        by: { kind: 'model', provider: 'bedrock', model: 'a_b', prompt: 'standup/v1' },
        removed: { claim: 1 },
        added: 2,
      },
      notes: ['2 changes were still being worked on.'],
    }
    expect(summaryText(byModel, names, 'plain').split('\n').slice(-2)).toEqual([
      '2 changes were still being worked on.',
      'Told by a_b (bedrock) under the prompt standup/v1. 1 statement of the model was removed, as the data did not bear it out. ' +
        '2 facts that the model had left out were added by template. The data is complete up to Fri 20 Nov 2026 09:00.',
    ])
    expect(summaryText(byModel, names, 'markdown')).toContain('Told by a\\_b (bedrock)')
  })

  it('shows a name as a name, whatever it is', async () => {
    const shape = async (name: string, style: TextStyle) => {
      const { summary, names } = await say(
        materialOf([{ kind: 'done', task: 't1', at: FROM, by: 'p1', status: 'live' }], {
          about: name,
          tasks: new Map([['t1', taskOf('t1', name)]]),
          people: new Map([['p1', personOf('p1', name)]]),
        }),
      )
      return summaryText(summary, names, style)
    }
    for (const style of ['plain', 'markdown', 'terminal'] as const) {
      const lines = (await shape('Name', style)).split('\n').length
      for (const name of HOSTILE) {
        const text = await shape(name, style)
        expect(text.split('\n')).toHaveLength(lines)
        expect(text.replaceAll('\n', '')).not.toMatch(
          /[\p{Cc}\p{Co}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u,
        )
        expect(text.length).toBeLessThan(3_000)
        // The task's own quotes are the only ones of their kind.
        expect(text.match(/[“”]/g)).toEqual(['“', '”'])
        if (style !== 'terminal') expect(text).not.toContain('@')
        if (style === 'markdown') {
          expect(text).not.toMatch(/[<>]|(?<!\\):\/\/|(?<!\\)\]|(?<!\\)`|www\.|(?<!\\)_|(?<!\\)~/)
          expect(text.match(/\*\*/g)).toHaveLength(2)
        }
      }
    }
  })

  it('keeps the names of things that are not in a style of their own', async () => {
    const odd = 'Fix {t1} @ 5 < 6 "now" 👨‍👩‍👧'
    const material = materialOf([{ kind: 'done', task: 't1', at: FROM, by: null, status: 'live' }], {
      tasks: new Map([['t1', taskOf('t1', odd)]]),
    })
    const { summary, names } = await say(material)
    expect(summaryText(summary, names, 'terminal')).toContain(`“${odd}” was finished.`)
    expect(summaryText(summary, names, 'plain')).toContain(`“${odd.replace('@', '＠')}” was finished.`)
  })

  it('fits a comment by leaving out whole statements of what matters least', async () => {
    const facts = Array.from({ length: 200 }, (_, i) => ({
      ...{ kind: 'moved' as const, task: `t${i + 2}`, at: FROM, by: 'p1', from: `from ${i}`, to: 'doing' },
    }))
    const long = materialOf([{ kind: 'blocked', task: 't1', because: 'tag', word: 'vendor', forMs: null }, ...facts])
    const tasks = new Map([...long.tasks].map(([ref]) => [ref, taskOf(ref, `${ref} ${'long '.repeat(30)}`)]))
    const { summary, names } = await say({ ...long, tasks })
    const text = summaryText(summary, names, 'plain')
    expect(text.length).toBeLessThanOrEqual(MOST_OF_TEXT)
    expect(text.length).toBeGreaterThan(MOST_OF_TEXT - 400)
    const items = text.split('\n').filter((line) => line.startsWith('•'))
    expect(items.every((line) => line.endsWith('.'))).toBe(true)
    expect(items[0]).toContain('is blocked')
    expect(text).toContain(`${201 - items.length} statements more did not fit here.`)
    expect(
      summaryText(summary, names, 'terminal')
        .split('\n')
        .filter((line) => line.startsWith('•')),
    ).toHaveLength(201)
  })
})
