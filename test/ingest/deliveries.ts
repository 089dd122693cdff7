/** Deliveries of our own making, in the form that ClickUp gives them. */

const WEBHOOK = '3b6f0a52-1c1e-4b7e-9c55-7f6f6d2a9a01'

export const person = { id: 4711, username: 'Ada', email: 'ada@example.test', color: '#000', initials: 'A' }

export const historyItem = (fields: Record<string, unknown> = {}) => ({
  id: '4200000000000000001',
  type: 1,
  date: '1760000000000',
  field: 'status',
  parent_id: '901',
  data: {},
  source: null,
  user: person,
  before: { status: 'open' },
  after: { status: 'done' },
  ...fields,
})

export const commentItem = (text: string, parts: unknown = [{ text }]) =>
  historyItem({
    field: 'comment',
    before: null,
    after: '77',
    comment: { id: '77', date: '1760000000000', comment: parts, text_content: text, user: person },
  })

export const taskDelivery = (event = 'taskStatusUpdated', items: unknown[] = [historyItem()]) => ({
  event,
  history_items: items,
  task_id: '86abc',
  team_id: '9001',
  webhook_id: WEBHOOK,
})

export const taskDeleted = () => ({ event: 'taskDeleted', task_id: '86abc', webhook_id: WEBHOOK })
