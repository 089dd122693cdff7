import type { Base } from './bases.ts'

/** Ids by which things are told apart: of resources, of history items, of time entries. */
const IDS = [
  ...[/86cx41d2f/g, /901500000102/g, /90150000801/g, /90150000701/g, /b7a0c9f2-6a64-4d77-9d15-1c6f7d0a2b11/g],
  ...[/8cj-2291/g, /\b30000000000000000\d+/g, /\b4710288301/g],
]

/** The same delivery of something else: so that several of one kind may stand in one batch, and none is another's duplicate. */
export function renamed({ name, delivery, answers }: Base, suffix: string): Base {
  const rename = (value: unknown): unknown => JSON.parse(renameText(JSON.stringify(value), suffix))
  return {
    name,
    delivery: Object(rename(delivery)),
    answers: Object.fromEntries(
      Object.entries(answers).map(([path, answer]) => [renameText(path, suffix), rename(answer)]),
    ),
  }
}

const renameText = (text: string, suffix: string) =>
  IDS.reduce((changed, id) => changed.replace(id, (found) => `${found}${suffix}`), text)
