const KIM = {
  id: 183,
  username: 'Kim',
  email: 'kim@example.test',
  color: '#7b68ee',
  initials: 'K',
  profilePicture: null,
}
const SAM = {
  id: 184,
  username: 'Sam',
  email: 'sam@example.test',
  color: '#7b68ee',
  initials: 'S',
  profilePicture: null,
}

export type Item = Record<string, unknown>

/** A history item in the form of live deliveries. */
export const item = (id: string, field: string, date: number | string, over: Item = {}): Item => ({
  id,
  type: 1,
  date: String(date),
  field,
  parent_id: '901',
  data: {},
  source: null,
  user: KIM,
  before: null,
  after: null,
  ...over,
})

export const delivery = (event: string, ids: Item, items?: Item[]): Item => ({
  event,
  ...(items === undefined ? {} : { history_items: items }),
  ...ids,
  team_id: '9001',
  webhook_id: '7fa3ec74-69a8-4530-a251-8a13730bd204',
})

const status = (name: string, type: string, orderindex: number) => ({
  status: name,
  color: '#f9d900',
  type,
  orderindex,
})

/** Items for the fields of every task event, at a time. */
export const taskItem = {
  status: (id: string, at: number, to = 'in progress') =>
    item(id, 'status', at, {
      data: { status_type: 'custom' },
      before: status('to do', 'open', 0),
      after: status(to, 'custom', 1),
    }),
  creation: (id: string, at: number) => item(id, 'task_creation', at, { source: 'api' }),
  priority: (id: string, at: number) =>
    item(id, 'priority', at, { after: { id: '2', priority: 'high', color: '#ffcc00', orderindex: '2' } }),
  assignee: (id: string, at: number) => {
    const { before: _before, ...rest } = item(id, 'assignee_add', at, { after: SAM })
    return rest
  },
  unassign: (id: string, at: number) => item(id, 'assignee_rem', at, { before: SAM }),
  due: (id: string, at: number) =>
    item(id, 'due_date', at, {
      data: { due_date_time: true, old_due_date_time: false },
      before: '1788000000000',
      after: '1790000000000',
    }),
  tag: (id: string, at: number, name = 'urgent') =>
    item(id, 'tag', at, { after: [{ name, tag_fg: '#000', tag_bg: '#000', creator: 183 }] }),
  comment: (id: string, at: number, text = 'Looks good') =>
    item(id, 'comment', at, {
      after: '648893191',
      comment: {
        id: '648893191',
        date: String(at),
        parent: 'abc',
        text_content: text,
        comment: [{ text, attributes: {} }],
        user: KIM,
      },
    }),
  time: (id: string, at: number, entry = '28008') =>
    item(id, 'time_spent', at, {
      data: { total_time: '900000', rollup_time: '900000' },
      after: {
        id: entry,
        start: String(at - 900_000),
        end: String(at),
        time: '900000',
        source: 'clickup',
        date_added: String(at),
      },
    }),
  estimate: (id: string, at: number) => item(id, 'time_estimate', at, { after: '7200000' }),
  content: (id: string, at: number) => item(id, 'content', at, { after: '{"ops":[{"insert":"Hello\\n"}]}' }),
  moved: (id: string, at: number) =>
    item(id, 'section_moved', at, {
      data: { mute_notifications: true },
      before: {
        id: '900',
        name: 'Inbox',
        category: { id: '800', name: 'hidden', hidden: true },
        project: { id: '701', name: 'Team' },
      },
      after: {
        id: '901',
        name: 'Roadmap',
        category: { id: '801', name: 'Product', hidden: false },
        project: { id: '701', name: 'Team' },
      },
    }),
  dropdown: (id: string, at: number) =>
    item(id, 'custom_field', at, {
      after: 'b0000000-0000-4000-8000-000000000002',
      custom_field: {
        id: 'f0000000-0000-4000-8000-000000000001',
        name: 'Plan',
        type: 'drop_down',
        type_config: {
          options: [
            { id: 'b0000000-0000-4000-8000-000000000001', name: 'Monthly', orderindex: 0 },
            { id: 'b0000000-0000-4000-8000-000000000002', name: 'Yearly', orderindex: 1 },
          ],
        },
      },
    }),
}

/** The specific event of a field and its twin, as ClickUp sends both for one change. */
export const twins = (event: string, taskId: string, one: Item): Item[] => [
  delivery(event, { task_id: taskId }, [one]),
  delivery('taskUpdated', { task_id: taskId }, [one]),
]
