import type { StatusDefinition } from '../world/statuses.ts'
import type { Field } from '../world/types.ts'

type FieldPlan = Pick<Field, 'name' | 'type'> & { config?: Field['config']; options?: readonly string[] }
type ListPlan = { name: string; tasks: number; statuses?: readonly StatusDefinition[]; archived?: boolean }
export type SpacePlan = {
  name: string
  color: string
  customIdPrefix?: string
  statuses: readonly StatusDefinition[]
  folders: readonly { name: string; lists: readonly ListPlan[] }[]
  lists: readonly ListPlan[]
  fields: readonly FieldPlan[]
}

/** Fields that every task of the workspace has. */
export const WORKSPACE_FIELDS: readonly FieldPlan[] = [
  { name: 'Customer', type: 'drop_down', options: ['Harbour Labs', 'Meridian Foods', 'Alpine Rail', 'Internal'] },
  { name: 'Effort', type: 'number' },
]

export const SPACES: readonly SpacePlan[] = [
  {
    name: 'Engineering',
    color: '#7b68ee',
    customIdPrefix: 'ENG',
    statuses: [
      ['backlog', '#87909e', 'open'],
      ['in progress', '#5f55ee', 'custom'],
      ['in review', '#f8ae00', 'custom'],
      ['blocked', '#d33d44', 'custom'],
      ['done', '#3db88b', 'done'],
      ['closed', '#008844', 'closed'],
    ],
    folders: [
      {
        name: 'Platform',
        lists: [
          { name: 'Backend API', tasks: 45 },
          { name: 'Infrastructure', tasks: 25 },
        ],
      },
      {
        name: 'Mobile app',
        lists: [
          { name: 'iOS', tasks: 20 },
          { name: 'Android', tasks: 20 },
        ],
      },
    ],
    lists: [
      {
        name: 'Bugs',
        tasks: 35,
        statuses: [
          ['new', '#87909e', 'open'],
          ['triaged', '#ee5e99', 'custom'],
          ['fixing', '#5f55ee', 'custom'],
          ['verified', '#3db88b', 'done'],
          ['closed', '#008844', 'closed'],
        ],
      },
    ],
    fields: [
      { name: 'Severity', type: 'drop_down', options: ['Critical', 'Major', 'Minor', 'Cosmetic'] },
      { name: 'Component', type: 'labels', options: ['API', 'Database', 'App', 'Billing'] },
      { name: 'Reviewer', type: 'users', config: { single_user: true, include_guests: false } },
      { name: 'Release date', type: 'date' },
      { name: 'Design', type: 'url' },
      { name: 'Regression', type: 'checkbox' },
      { name: 'Related work', type: 'tasks', config: { fields: [] } },
      { name: 'Progress', type: 'manual_progress', config: { start: 0, end: 100, current: 0 } },
      { name: 'Subtasks done', type: 'automatic_progress', config: { tracking: { subtasks: true } } },
    ],
  },
  {
    name: 'Marketing',
    color: '#e65100',
    statuses: [
      ['idea', '#87909e', 'open'],
      ['drafting', '#5f55ee', 'custom'],
      ['approval', '#f8ae00', 'custom'],
      ['scheduled', '#1bbc9c', 'done'],
      ['published', '#008844', 'closed'],
    ],
    folders: [
      {
        name: 'Campaigns',
        lists: [
          { name: 'Autumn launch', tasks: 25 },
          { name: 'Newsletter', tasks: 15 },
          { name: 'Trade fair (last year)', tasks: 8, archived: true },
        ],
      },
    ],
    lists: [{ name: 'Content calendar', tasks: 20 }],
    fields: [
      { name: 'Channel', type: 'labels', options: ['Mail', 'Web', 'Print', 'Social'] },
      { name: 'Budget', type: 'currency', config: { precision: 2, currency_type: 'EUR', default: 0 } },
      { name: 'Summary', type: 'text' },
      { name: 'Tagline', type: 'short_text' },
      { name: 'Press contact', type: 'email' },
      { name: 'Excitement', type: 'emoji', config: { count: 5, code_point: '1f60d' } },
    ],
  },
  {
    name: 'Customer Success',
    color: '#0288d1',
    statuses: [
      ['to do', '#87909e', 'open'],
      ['in progress', '#5f55ee', 'custom'],
      ['waiting on customer', '#f8ae00', 'custom'],
      ['complete', '#008844', 'closed'],
    ],
    folders: [
      {
        name: 'Accounts',
        lists: [
          { name: 'Onboarding', tasks: 25 },
          { name: 'Renewals', tasks: 20 },
        ],
      },
    ],
    lists: [{ name: 'Escalations', tasks: 15 }],
    fields: [
      { name: 'Health', type: 'drop_down', options: ['Green', 'Yellow', 'Red'] },
      { name: 'Phone', type: 'phone' },
      { name: 'Contract value', type: 'currency', config: { precision: 2, currency_type: 'USD', default: 0 } },
      { name: 'Site', type: 'location' },
    ],
  },
]

/** Sprints are lists with dates in a folder of their own: the API has no other sign of them. */
export const SPRINTS = { space: 'Engineering', folder: 'Sprints', first: 41, count: 3, days: 14, tasks: 12 } as const
