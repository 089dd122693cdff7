/** The deliveries that the example events are made of: one task's life, a list's, a goal's, and what nobody knows yet. */

export type Step = {
  receivedAt: number
  delivery: object
  /** What ClickUp answers from here on, by path; `null` takes an answer away. */
  answers?: Readonly<Record<string, object | null>>
  /** The files that the events of this delivery go to, in their order. */
  files: readonly string[]
}

const MONDAY = Date.UTC(2026, 8, 7, 8, 0, 0)
const MINUTE = 60_000
const at = (minutes: number, ms = 0) => MONDAY + minutes * MINUTE + ms

const ADA = { id: 40217, username: 'Ada Moreau', email: 'ada@example.com', initials: 'AM', profilePicture: null }
const BILAL = { id: 40233, username: 'Bilal Haddad', email: 'bilal@example.com', initials: 'BH', profilePicture: null }
/** The user whose token the connection has. */
export const SELF_ID = '40299'
const HOOKLINE = { id: 40299, username: 'Automation', email: 'automation@example.com', initials: 'A' }

const TASK = '86cx41d2f'
const INBOX = { id: '901500000100', name: 'Inbox' }
const ROADMAP = { id: '901500000101', name: 'Roadmap' }
const FOLDER = { id: '90150000801', name: 'Web shop', hidden: false }
const SPACE = { id: '90150000701', name: 'Product' }
const status = (name: string, type: string, orderindex: number) => ({
  status: name,
  type,
  color: '#888888',
  orderindex,
})
const TO_DO = status('to do', 'open', 0)
const DONE = status('shipped', 'done', 3)
const PLAN = {
  id: '3f1c2a90-5d5e-4a0b-9a53-6b5f6f0c1a01',
  name: 'Plan',
  type: 'drop_down',
  type_config: {
    options: [
      { id: '3f1c2a90-0000-4000-8000-000000000001', name: 'Starter', orderindex: 0 },
      { id: '3f1c2a90-0000-4000-8000-000000000002', name: 'Business', orderindex: 1 },
    ],
  },
}

let items = 3_000_000_000_000_000_000n
const item = (minutes: number, field: string, parts: object, user: object = ADA) => {
  items += 1n
  const list = minutes < 5 ? INBOX.id : ROADMAP.id
  const common = {
    id: String(items),
    type: 1,
    date: String(at(minutes)),
    field,
    parent_id: list,
    data: {},
    source: null,
  }
  return { ...common, user, before: null, after: null, ...parts }
}

const WEBHOOK = { webhook_id: '0d6c3c1e-52a1-4d53-8a55-4c1f0a7b9e21', team_id: '90150000001' }
const ofTask = (event: string, ...history_items: object[]) => ({ event, history_items, task_id: TASK, ...WEBHOOK })

/** The task as ClickUp answers with it; each step says what is different from there on. */
let task: object = {
  id: TASK,
  custom_id: null,
  custom_item_id: 0,
  name: 'Checkout shows the wrong currency',
  status: TO_DO,
  priority: null,
  assignees: [],
  group_assignees: [],
  watchers: [ADA],
  creator: ADA,
  list: INBOX,
  folder: FOLDER,
  space: { id: SPACE.id },
  locations: [],
  parent: null,
  top_level_parent: null,
  dependencies: [],
  linked_tasks: [],
  tags: [],
  due_date: null,
  start_date: null,
  points: null,
  time_estimate: null,
  time_spent: 0,
  custom_fields: [],
  date_created: String(at(0)),
  date_updated: String(at(0)),
  date_closed: null,
  date_done: null,
  archived: false,
  url: `https://app.clickup.com/t/${TASK}`,
}

/** A delivery about the task, a second after it happened, and the task as it is then. */
function taskStep(minutes: number, files: string[], delivery: object, now: object): Step {
  task = { ...task, date_updated: String(at(minutes)), ...now }
  return { receivedAt: at(minutes, 1_000), delivery, answers: { [`/task/${TASK}`]: task }, files }
}

const tag = (name: string) => ({ name, tag_fg: '#ffffff', tag_bg: '#aa0000', creator: ADA.id })

const TASK_STEPS: readonly Step[] = [
  taskStep(
    0,
    ['task-status-changed.on-creation', 'task-created'],
    ofTask(
      'taskCreated',
      item(0, 'status', { before: { ...status('', 'removed', -1), status: null }, after: TO_DO }),
      item(0, 'task_creation', {}),
    ),
    {},
  ),
  taskStep(
    5,
    ['task-moved'],
    ofTask(
      'taskMoved',
      item(5, 'section_moved', {
        before: { ...INBOX, category: FOLDER, project: SPACE },
        after: { ...ROADMAP, category: FOLDER, project: SPACE },
      }),
    ),
    { list: ROADMAP },
  ),
  taskStep(
    6,
    ['task-priority-changed'],
    ofTask('taskPriorityUpdated', item(6, 'priority', { after: { id: '1', priority: 'urgent', orderindex: '1' } })),
    { priority: { id: '1', priority: 'urgent' } },
  ),
  taskStep(7, ['task-assignee-added'], ofTask('taskAssigneeUpdated', item(7, 'assignee_add', { after: BILAL })), {
    assignees: [BILAL],
  }),
  taskStep(
    8,
    ['task-due-date-changed'],
    ofTask('taskDueDateUpdated', item(8, 'due_date', { after: String(at(7200)) })),
    { due_date: String(at(7200)) },
  ),
  taskStep(9, ['task-tags-changed'], ofTask('taskTagUpdated', item(9, 'tag', { after: [tag('billing')] })), {
    tags: [tag('billing')],
  }),
  taskStep(
    10,
    ['task-time-estimate-changed'],
    ofTask('taskTimeEstimateUpdated', item(10, 'time_estimate', { after: '7200000' })),
    { time_estimate: 7_200_000 },
  ),
  taskStep(
    11,
    ['task-custom-field-changed'],
    ofTask('taskUpdated', item(11, 'custom_field', { after: PLAN.type_config.options[1]?.id, custom_field: PLAN })),
    { custom_fields: [{ ...PLAN, value: 1 }] },
  ),
  taskStep(
    12,
    ['task-name-changed'],
    ofTask(
      'taskUpdated',
      item(12, 'name', { before: 'Checkout shows the wrong currency', after: 'Checkout shows dollars in the EU' }),
    ),
    { name: 'Checkout shows dollars in the EU' },
  ),
  taskStep(
    13,
    ['task-description-changed'],
    ofTask('taskUpdated', item(13, 'content', { after: '{"ops":[{"insert":"Seen on the cart page.\\n"}]}' })),
    {},
  ),
  taskStep(
    14,
    ['comment-changed'],
    ofTask(
      'taskCommentPosted',
      item(14, 'comment', {
        after: '90150032711',
        comment: { id: '90150032711', text_content: 'Fixed in the next release.\n', comment: [], user: BILAL },
      }),
    ),
    {},
  ),
  taskStep(
    15,
    ['task-time-tracked-changed'],
    ofTask(
      'taskTimeTrackedUpdated',
      item(
        15,
        'time_spent',
        { after: { id: '4710288301', start: String(at(0)), end: String(at(15)), time: '900000', source: 'clickup' } },
        BILAL,
      ),
    ),
    { time_spent: 900_000 },
  ),
  taskStep(
    16,
    ['task-status-changed'],
    ofTask('taskStatusUpdated', item(16, 'status', { before: TO_DO, after: DONE }, BILAL)),
    { status: DONE, date_done: String(at(16)) },
  ),
  taskStep(
    17,
    ['task-assignee-removed'],
    ofTask('taskAssigneeUpdated', item(17, 'assignee_rem', { before: BILAL }, HOOKLINE)),
    { assignees: [] },
  ),
  taskStep(
    18,
    ['task-field-changed'],
    ofTask('taskUpdated', item(18, 'cover_image', { before: null, after: 'blue' })),
    {},
  ),
  {
    receivedAt: at(30, 1_000),
    delivery: { event: 'taskDeleted', history_items: [], task_id: TASK, ...WEBHOOK },
    files: ['task-deleted'],
  },
]

const LIST = '901500000102'
const list = (name: string) => ({ id: LIST, name, archived: false, folder: FOLDER, space: SPACE, due_date: null })
const GOAL = 'b7a0c9f2-6a64-4d77-9d15-1c6f7d0a2b11'
const goal = (percent_completed: number, steps_current: number) => ({
  goal: {
    id: GOAL,
    name: 'Fewer refunds',
    due_date: null,
    percent_completed,
    archived: false,
    key_results: [{ id: 'k1', name: 'Refunds below 20', steps_current, steps_end: 20, completed: false }],
  },
})

const OTHER_STEPS: readonly Step[] = [
  {
    receivedAt: at(40, 1_000),
    delivery: { event: 'listCreated', list_id: LIST, ...WEBHOOK },
    answers: { [`/list/${LIST}`]: list('Ideas') },
    files: ['list-created'],
  },
  {
    receivedAt: at(41, 1_000),
    delivery: {
      event: 'listUpdated',
      history_items: [{ ...item(41, 'name', { before: 'Ideas', after: 'Later' }), type: 6, parent_id: LIST }],
      list_id: LIST,
      ...WEBHOOK,
    },
    answers: { [`/list/${LIST}`]: list('Later') },
    files: ['list-name-changed'],
  },
  {
    receivedAt: at(42, 1_000),
    delivery: { event: 'listDeleted', list_id: LIST, ...WEBHOOK },
    answers: { [`/list/${LIST}`]: null },
    files: ['list-deleted'],
  },
  {
    receivedAt: at(43, 1_000),
    delivery: { event: 'goalCreated', goal_id: GOAL, ...WEBHOOK },
    answers: { [`/goal/${GOAL}`]: goal(0, 0) },
    files: ['goal-created'],
  },
  {
    receivedAt: at(44, 1_000),
    delivery: { event: 'keyResultUpdated', goal_id: GOAL, key_result_id: 'k1', ...WEBHOOK },
    answers: { [`/goal/${GOAL}`]: goal(25, 5) },
    files: ['goal-changed.key-results', 'goal-changed.percent-completed'],
  },
  {
    receivedAt: at(45, 1_000),
    delivery: { event: 'docPublished', doc_id: '8cj-2291', title: 'Refund policy', ...WEBHOOK },
    files: ['resource-changed'],
  },
]

export const STEPS: readonly Step[] = [...TASK_STEPS, ...OTHER_STEPS]
