import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createPeople } from '../../report/people.ts'
import { loadMembers } from '../../sync/members.ts'
import { createTaskStore } from '../../tasks/store.ts'
import type { Material } from '../material.ts'
import type { KeptStatement } from '../statement.ts'
import { oneLine } from './harmless.ts'

/** What tasks and people are called, by their ids; always something, on one line. */
export type Names = { task(id: string): string; person(id: string): string }

const MOST = 120

/** Nobody is told an id: it says nothing to whoever reads it, and is still a mark of the person. */
const SOMEBODY = 'somebody'

/** The names of those who are in a material. */
export function namesOf(material: Material): Names {
  const tasks = [...material.tasks.values()].map(({ id, name }) => [id, name] as const)
  const people = [...material.people.values()].map(({ id, name }) => [id, nameOr(name, id)] as const)
  return namesFrom(new Map(tasks), new Map(people))
}

export type NameSources = {
  dynamo: DynamoDBDocumentClient
  tables: { tasks: string; state: string }
  settings: { reports: { people: Readonly<Record<string, string>> } }
}

/** The names of those whom kept statements are about, as they are called now. Whoever was forgotten has none any more. */
export async function loadNames(
  { dynamo, tables, settings }: NameSources,
  connection: string,
  statements: readonly KeptStatement[],
): Promise<Names> {
  const ids = [...new Set(statements.flatMap(({ text }) => idsIn(text)))]
  const [stored, listed] = await Promise.all([
    createTaskStore({ dynamo, table: tables.tasks }).load(connection, ids),
    loadMembers({ dynamo, table: tables.state }, connection),
  ])
  const members = listed?.members ?? []
  const people = createPeople(members, settings.reports.people)
  const snapshots = [...stored.values()].flatMap(({ snapshot }) => snapshot ?? [])
  // Members are listed once a day at most, and who has left is not among them: their tasks still name them.
  const persons = [
    ...snapshots.flatMap(({ creator, assignees, watchers }) => [...watchers, ...assignees, creator]),
    ...members,
  ]
  return namesFrom(
    new Map(snapshots.map(({ id, name }) => [id, name ?? ''] as const)),
    new Map(
      persons.flatMap((each) => (each === null ? [] : [[each.id, nameOr(people.nameOf(each), each.id)] as const])),
    ),
  )
}

/** The map of identities answers with the id where there is no name. */
const nameOr = (name: string, id: string) => (name === id ? '' : name)

const idsIn = (text: string) =>
  [...text.matchAll(/\{task:([^{}]+)\}/g)].flatMap(([, id]) => (id === undefined ? [] : [id]))

function namesFrom(tasks: ReadonlyMap<string, string>, people: ReadonlyMap<string, string>): Names {
  return {
    task: (id) => oneLine(tasks.get(id) ?? '', MOST) || oneLine(id, MOST),
    person: (id) => oneLine(people.get(id) ?? '', MOST) || SOMEBODY,
  }
}
