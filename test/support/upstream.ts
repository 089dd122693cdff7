import type { Fetch } from '../../core/upstream/exchange.ts'

/**
 * A ClickUp whose state is a map from path to answer: the client, its schemas and its classifier are the real ones.
 * @param clock its own; without one it tells no time
 */
export function upstream(answers: Map<string, unknown>, clock?: { now(): number }) {
  const date = (): Record<string, string> => (clock === undefined ? {} : { date: new Date(clock.now()).toUTCString() })
  const calls: string[] = []
  const fetch: Fetch = async (url) => {
    const { pathname } = new URL(url)
    calls.push(pathname)
    const found = answers.get(pathname.replace('/api/v2', ''))
    if (found instanceof Response) return found.clone()
    if (found === undefined) return answer(404, { err: 'Task not found, deleted', ECODE: 'ITEM_013' }, date())
    return answer(200, found, date())
  }
  return { calls, fetch }
}

export const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

/** A task as the API answers with it. */
export const taskAnswer = (id: string, over: Record<string, unknown> = {}) => ({
  id,
  custom_id: null,
  custom_item_id: 0,
  name: `Task ${id}`,
  status: { id: 'sc1', status: 'in progress', color: '#aaaaaa', orderindex: 1, type: 'custom' },
  archived: false,
  priority: { id: '2', priority: 'high', color: '#ffcc00', orderindex: '2' },
  assignees: [
    { id: 184, username: 'Sam', email: 'sam@example.test', color: '#fff', initials: 'S', profilePicture: null },
  ],
  group_assignees: [],
  watchers: [],
  creator: { id: 183, username: 'Kim', email: 'kim@example.test', color: '#fff', profilePicture: null },
  checklists: [],
  tags: [{ name: 'urgent', tag_fg: '#000', tag_bg: '#000', creator: 183 }],
  parent: null,
  top_level_parent: null,
  due_date: '1790000000000',
  start_date: null,
  points: null,
  time_estimate: null,
  custom_fields: [],
  dependencies: [],
  linked_tasks: [],
  locations: [],
  date_created: '1780000000000',
  date_updated: '1789000000000',
  date_closed: null,
  date_done: null,
  team_id: '9001',
  url: `https://app.clickup.com/t/${id}`,
  list: { id: '901', name: 'Roadmap', access: true },
  project: { id: '801', name: 'Product', hidden: false, access: true },
  folder: { id: '801', name: 'Product', hidden: false, access: true },
  space: { id: '701' },
  ...over,
})
