import type { Account, Workspace } from '../../core/clickup/account.ts'
import type { ClickUp } from '../../core/clickup/client.ts'
import { listPlaces, listSpaces } from '../../core/clickup/places-of-space.ts'
import { choosePlaces, chooseWorkspace, type Problem, type Selection } from '../../core/guard/connect.ts'
import { Failure } from '../failure.ts'
import type { Input } from '../input.ts'
import type { Io } from '../io.ts'
import { plain } from '../output/text.ts'

/** The operator's choice by flags; what is left out is asked for where somebody sits at a terminal. */
export type Choice = {
  workspace?: string | undefined
  spaces: readonly string[]
  folders: readonly string[]
  /** All spaces and folders, without asking. */
  all: boolean
  tokenStdin: boolean
  /** Ask nothing. */
  yes: boolean
}

/** Somebody who may be asked. */
export const personOf = ({ input }: Io, { yes }: { yes: boolean }): Input | null =>
  input?.isTerminal && !yes ? input : null

/** What is right or wrong as a value; what is wrong ends the command with its sentence. */
export function right<Value>(checked: { kind: 'ok'; value: Value } | Problem): Value {
  if (checked.kind === 'ok') return checked.value
  throw new Failure(checked.sentence)
}

/** ClickUp's have about 50 to 80. A header of several thousand is refused by what stands before its API. */
const LONGEST_TOKEN = 1_000

/** The token that is to be used: piped in, typed, or the one that is stored; null where that is no choice. */
export async function askToken(
  io: Io,
  choice: Pick<Choice, 'tokenStdin'>,
  stored: string | null,
  what = 'ClickUp API token',
): Promise<string> {
  const { input } = io
  let typed = ''
  if (choice.tokenStdin) {
    typed = (await input?.all())?.trim() ?? ''
    if (typed === '') throw new Failure('There is no token on standard input: pipe it in, as in: cat token.txt | ...')
  } else if (input?.isTerminal) {
    const keep = stored === null ? '' : ', Enter for the one that is stored'
    typed = (await input.hidden(`${what} (it is not shown${keep}): `)).trim()
  }
  // A header cannot carry it, and ClickUp makes none like it.
  if (/[^\x21-\x7e]/.test(typed)) throw new Failure('That is no token: it has blanks or other characters in it.')
  if (typed.length > LONGEST_TOKEN) throw new Failure(`That is no token: it has ${typed.length} characters.`)
  const token = typed === '' ? stored : typed
  if (token !== null) return token
  throw new Failure(
    'A token is needed: run this in a terminal, or pipe it in with --token-stdin. ClickUp makes one under Settings, Apps.',
  )
}

export async function askWorkspace(io: Io, choice: Choice, account: Account, known: string | null): Promise<Workspace> {
  const wanted = choice.workspace ?? known ?? undefined
  const person = personOf(io, choice)
  const { workspaces } = account
  if (wanted !== undefined || workspaces.length < 2 || person === null) return right(chooseWorkspace(account, wanted))
  const [picked] = await pick(io, person, 'Workspaces', workspaces, 'one')
  return right(chooseWorkspace(account, picked?.id))
}

/** The spaces and folders; undefined for all. `known` is what was chosen before and stays if nothing else is said. */
export async function askPlaces(
  io: Io,
  choice: Choice,
  clickup: Pick<ClickUp, 'get'>,
  { workspaceId, known }: { workspaceId: string; known: { selection: Selection | undefined } | null },
): Promise<Selection | undefined> {
  if (choice.all) return undefined
  if (choice.spaces.length + choice.folders.length > 0) return right(await choosePlaces(clickup, workspaceId, choice))
  if (known !== null) return known.selection
  const person = personOf(io, choice)
  if (person === null) return undefined
  const spaces = await listSpaces(clickup, workspaceId, false)
  if (spaces.kind !== 'ok' || spaces.value.length < 2) return undefined
  const chosen = await pick(io, person, 'Spaces', spaces.value, 'some')
  if (chosen.length === 0) return undefined
  const folders: { id: string; name: string }[] = []
  for (const { id } of chosen) {
    const places = await listPlaces(clickup, id, false)
    if (places.kind === 'ok') folders.push(...places.value.folders)
  }
  const ids = chosen.map(({ id }) => id)
  if (folders.length < 2) return { spaces: ids }
  const within = await pick(io, person, 'Folders', folders, 'some')
  return within.length === 0 ? { spaces: ids } : { spaces: ids, folders: within.map(({ id }) => id) }
}

/** By their numbers, until the answer is one. `some`: nothing for all of them. */
async function pick<Place extends { id: string; name: string }>(
  io: Io,
  person: Input,
  title: string,
  places: readonly Place[],
  how: 'one' | 'some',
): Promise<Place[]> {
  io.note(`${title}:`)
  for (const [i, { id, name }] of places.entries()) io.note(plain(`  ${i + 1}  ${name} (${id})`))
  const question = how === 'one' ? 'Which? ' : 'Which? Enter for all, or numbers such as 1,3: '
  for (;;) {
    const numbers = (await person.line(question)).split(/[\s,]+/).filter((each) => each !== '')
    const found = numbers.flatMap((each) => (/^\d+$/.test(each) ? (places[Number(each) - 1] ?? []) : []))
    const isAnswer = found.length === numbers.length && (how === 'some' || found.length === 1)
    if (isAnswer) return found
    io.note(`  Numbers from 1 to ${places.length}, please.`)
  }
}

/** Yes only where somebody says so. */
export async function confirm(io: Io, { yes }: { yes: boolean }, question: string): Promise<boolean> {
  if (yes) return true
  const person = personOf(io, { yes })
  if (person === null) throw new Failure('Nobody is here to confirm it: say --yes.')
  return /^y(es)?$/i.test((await person.line(`${question} [y/N] `)).trim())
}
