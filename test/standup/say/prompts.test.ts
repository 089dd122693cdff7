import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerSchema } from '../../../core/standup/say/answer.ts'
import { dataOf } from '../../../core/standup/say/data.ts'
import { filledPrompt, listPrompts, readPrompt, wordsOf } from '../../../core/standup/say/prompts.ts'
import { verify } from '../../../core/standup/say/verify.ts'
import { meaningOf, parseWordList } from '../../../core/standup/say/word-list.ts'
import { modelConfig } from '../../../infra/standup/model.ts'
import { materialOf } from './support/material.ts'
import { PROMPTS, prompt, words } from './support/words.ts'

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prompts-'))
  await mkdir(join(directory, 'standup'))
  const write = (name: string, text: string) => writeFile(join(directory, 'standup', name), text)
  await write('v1.md', 'For {{audience}}: {t1} of {{ field }}.')
  await write('v2.md', 'Write about {{weather}}.')
  await write('v10.md', 'x'.repeat(20_001))
  await write('v11.md', ' \n')
  await write('v12.md', 'Say it.')
  await write('v12.words.txt', 'a b\nnonsense: c')
  await write('Draft 3.md', 'Say it.')
})
afterAll(() => rm(directory, { recursive: true }))

describe('a prompt', () => {
  it('is a file by its name', async () => {
    expect(await readPrompt(directory, 'standup/v1')).toEqual({
      ...{ name: 'standup/v1', text: 'For {{audience}}: {t1} of {{ field }}.', words: null },
    })
  })

  it('says which file is wrong, and why', async () => {
    const reading = (name: string) => readPrompt(directory, `standup/${name}`)
    await expect(reading('v3')).rejects.toThrow('There is no prompt prompts/standup/v3.md')
    await expect(reading('v2')).rejects.toThrow('prompts/standup/v2.md has {{weather}}, which is none of {{audience}}')
    await expect(reading('v10')).rejects.toThrow('prompts/standup/v10.md is longer than 20000 bytes')
    await expect(reading('v11')).rejects.toThrow('prompts/standup/v11.md is empty')
    await expect(reading('v12')).rejects.toThrow('prompts/standup/v12.words.txt has "nonsense:" in line 2')
    expect(() => wordsOf({ name: 'standup/v1', text: '', words: null })).toThrow(
      'copy prompts/standup/v1.words.txt to prompts/standup/v1.words.txt',
    )
  })

  it('is in the folder of prompts and nowhere else', async () => {
    for (const name of [
      '../v1',
      'standup/../../etc/passwd',
      '/etc/passwd',
      'standup',
      'standup/v1/x',
      'standup/..',
      'standup/.v1',
      '',
    ]) {
      await expect(readPrompt(directory, name)).rejects.toThrow('is no name of a prompt')
    }
  })

  it('is filled with texts that are not filled again', () => {
    const text = 'For {{audience}} and {{ field }}: {t1}, {{options}}.'
    expect(filledPrompt(text, { audience: '{{field}} $& $1', field: 'F' })).toBe(
      'For {{field}} $& $1 and F: {t1}, {{options}}.',
    )
  })

  it('has versions that can be listed', async () => {
    expect(await listPrompts(directory, 'standup')).toEqual(['v1', 'v2', 'v10', 'v11', 'v12'])
    expect(await listPrompts(directory, 'nowhere')).toEqual([])
    expect(await listPrompts(directory, '..')).toEqual([])
  })

  it('that is shipped can be read, and its example is right by its own words', async () => {
    expect(await listPrompts(PROMPTS, 'standup')).toContain('v1')
    expect(prompt.text).toContain('{{audience}}')
    expect(words.ordinary.size + words.claims.size).toBeGreaterThan(350)
    const example = answerSchema.parse(JSON.parse(prompt.text.slice(prompt.text.lastIndexOf('\n{"statements"'))))
    const at = (time: string) => Date.parse(`2026-03-03T${time}:00Z`)
    const material = materialOf(
      [
        { kind: 'blocked', task: 't1', because: 'status', word: 'on hold', forMs: 320 * 60_000 },
        { kind: 'done', task: 't2', at: at('10:12'), by: 'p1', status: 'live' },
        { kind: 'done', task: 't3', at: at('11:40'), by: 'p1', status: 'live' },
        { kind: 'priority', task: 't1', at: at('15:02'), by: 'p2', from: 'normal', to: 'urgent' },
      ],
      { span: { from: at('00:00'), until: at('23:00'), timeZone: 'UTC' } },
    )
    for (const line of dataOf(material)
      .split('\n')
      .filter((each) => /^f\d/.test(each)))
      expect(prompt.text).toContain(`\n${line}\n`)
    expect(verify(example.statements, material, words)).toEqual({ kept: example.statements, removed: {} })
  })

  it('that is shipped asks for no more than an answer has room for by default', () => {
    const most = Number(/At most (\d+) statements/.exec(prompt.text)?.[1])
    const statements = Array.from({ length: most }, (_, i) => ({
      ...{
        section: 'progress',
        text: `{p12} moved {t${100 + i}} from "to do" to "in progress".`,
        cites: [`f${100 + i}`],
      },
    }))
    // Braces, quotes and ids are tokens of their own: such an answer has one for some two characters.
    const tokens = JSON.stringify({ statements }).length / 2
    expect(modelConfig.parse({}).maxOutputTokens).toBeGreaterThan(tokens)
  })
})

describe('a word list', () => {
  it('says what words mean, whichever apostrophe they have', () => {
    expect(meaningOf(words, 'the')).toEqual({ kind: 'ordinary' })
    expect(meaningOf(words, 'finished')).toEqual({ kind: 'claim', kinds: new Set(['done']) })
    expect(meaningOf(words, 'stuck')).toEqual({ kind: 'claim', kinds: new Set(['stuck', 'blocked']) })
    expect(meaningOf(words, "isn't")).toEqual({ kind: 'claim', kinds: new Set() })
    expect(meaningOf(words, 'bankrupt')).toEqual({ kind: 'unknown' })
  })

  it('has to say of each role which words have it', () => {
    expect(() => parseWordList('a b c', 'prompts/x.words.txt')).toThrow('prompts/x.words.txt has no line "whole:"')
  })
})
