import { parseJson } from '../../core/platform/json.ts'

/** A line of the data that is about something that happened: `f1 | done | {t1} | by {p1} at Thu 19 Nov 14:05, status "done"`. */
export type DataFact = { id: string; kind: string; subject: string; known: string }

/** What a model makes out of the data of a question, as it is printed: it knows no more than any reader of that text. */
export type DataRead = {
  facts: readonly DataFact[]
  /** Names of tasks by their refs. */
  names: ReadonlyMap<string, string>
  /** Ids of everything that can be cited, texts among them. */
  citable: readonly string[]
}

const REF = /^\{(?<ref>[tp]\d+)\}$/
const CITABLE = /^[fx]\d+$/

export function readData(data: string): DataRead {
  const facts: DataFact[] = []
  const names = new Map<string, string>()
  const citable: string[] = []
  for (const line of data.split('\n')) {
    const [first = '', ...rest] = line.split(' | ')
    const ref = REF.exec(first)?.groups?.['ref']
    if (ref !== undefined) {
      const name = nameAtStart(rest.join(' | '))
      if (name !== null) names.set(ref, name)
    } else if (CITABLE.test(first)) {
      citable.push(first)
      const [kind = '', subject = '', ...known] = rest
      if (first.startsWith('f')) facts.push({ id: first, kind, subject, known: known.join(' | ') })
    }
  }
  return { facts, names, citable }
}

/** A name is a JSON string, in which anything may stand, what parts the columns too. */
function nameAtStart(text: string): string | null {
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0]
  const name = quoted === undefined ? undefined : parseJson(quoted)
  return typeof name === 'string' ? name : null
}
