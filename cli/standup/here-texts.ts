import { namesOf } from '../../core/standup/say/names.ts'
import { HEADINGS } from '../../core/standup/say/sections.ts'
import { summaryText } from '../../core/standup/say/text.ts'
import type { Summary } from '../../core/standup/statement.ts'
import { counted } from '../output/notes.ts'
import { plain, type Style } from '../output/text.ts'
import { usdText } from '../output/usd.ts'
import { differenceLines, differencesOf } from './differences.ts'
import type { ToldHere } from './versions.ts'

type Paint = (style: Style, text: string) => string

/** For people: each version under its name where there are several, what it took, and what they tell differently. */
export function hereText({ material, versions }: ToldHere, paint: Paint): string {
  const names = namesOf(material)
  const texts = versions.map(({ prompt, summary }) => {
    const text = `${painted(summaryText(summary, names, 'terminal').trimEnd(), paint)}\n`
    const figures = `${paint('dim', figuresText(prompt, summary))}\n`
    if (versions.length > 1) return `${paint('bold', `== ${prompt}`)}\n\n${text}\n${figures}`
    return summary.by.kind === 'model' ? `${text}\n${figures}` : text
  })
  if (versions.length < 2) return texts.join('')
  const lines = differenceLines(differencesOf(material, versions))
  const differ = lines.length === 0 ? ['All rest on the same facts.'] : lines
  return `${texts.join('\n')}\n${paint('bold', '== What differs')}\n\n${differ.map((line) => `${line}\n`).join('')}`
}

const HEADED: ReadonlySet<string> = new Set(Object.values(HEADINGS))

const painted = (text: string, paint: Paint) =>
  text
    .split('\n')
    .map((line, index) => (index === 0 || HEADED.has(line) ? paint('bold', line) : line))
    .join('\n')

function figuresText(prompt: string, { by, tokens, costUsd, removed, added, statements }: Summary): string {
  const taken = Object.entries(removed).flatMap(([why, count]) => (count > 0 ? [`${count} ${why}`] : []))
  return [
    by.kind === 'model' ? `${plain(by.model)}, ${prompt}` : `by template (${by.why})`,
    counted(statements.length, 'statement'),
    `${tokens.input} tokens in and ${tokens.output} out`,
    `${usdText(costUsd)} US$`,
    taken.length === 0 ? 'nothing removed' : `removed: ${taken.join(', ')}`,
    `${added} added`,
  ].join(' · ')
}

/** What there was to tell, in numbers, and each version with its text. */
export function hereJson({ material, versions }: ToldHere) {
  const { about, span, scope, facts, tasks, people, totals, watermark, unreadable, claimed, cut } = material
  const names = namesOf(material)
  return {
    ...{ about, scope, span },
    material: {
      ...{ facts: facts.length, tasks: tasks.size, people: people.size },
      ...{ totals, watermark, unreadable, claimed, cut },
    },
    versions: versions.map(({ prompt, summary, cites }) => ({
      ...{ prompt, text: summaryText(summary, names, 'plain'), facts: cites, summary },
    })),
    ...(versions.length > 1 ? { differences: differencesOf(material, versions) } : {}),
  }
}
