import { STEPS } from '../../../docs/example-deliveries.ts'

/** A real delivery, and what ClickUp answers while it is worked off, by path. */
export type Base = {
  readonly name: string
  readonly delivery: object
  readonly answers: Readonly<Record<string, unknown>>
}

const WEBHOOK = { webhook_id: '0d6c3c1e-52a1-4d53-8a55-4c1f0a7b9e21', team_id: '90150000001' }
const ADA = { id: 40217, username: 'Ada Moreau', email: 'ada@example.com', initials: 'AM' }
const place = { id: '90150000701', name: 'Product' }

/** Those of the examples, and the events that the examples leave out. */
export function bases(): Base[] {
  let answers: Record<string, unknown> = {}
  const examples = STEPS.map(({ delivery, answers: changed = {}, files }): Base => {
    answers = Object.fromEntries(Object.entries({ ...answers, ...changed }).filter(([, answer]) => answer !== null))
    return { name: files[0] ?? 'a delivery', delivery, answers }
  })
  return [...examples, ...MORE]
}

/** Custom fields by their types, as deliveries carry their values: each type is read in a way of its own. */
const CUSTOM: readonly (readonly [type: string, value: unknown, typeConfig?: object])[] = [
  [
    'labels',
    '["L1","L2"]',
    {
      options: [
        { id: 'L1', label: 'One' },
        { id: 'L2', label: 'Two' },
      ],
    },
  ],
  ['currency', '12.5', { currency_type: 'EUR', precision: 2 }],
  ['users', [ADA]],
  ['tasks', [{ id: '86cx41d2g', name: 'Another', status: 'open' }]],
  ['date', '1789000000000'],
  ['location', { location: { lat: 1, lng: 2 }, formatted_address: 'Somewhere' }],
]

const MORE: readonly Base[] = [
  ...CUSTOM.map(
    ([type, after, type_config = {}], i): Base => ({
      name: `custom field of the type ${type}`,
      delivery: {
        event: 'taskUpdated',
        history_items: [
          {
            ...{
              id: `300000000000000009${i}`,
              type: 1,
              date: '1788768000000',
              field: 'custom_field',
              parent_id: '901500000101',
            },
            ...{ data: {}, source: null, user: ADA, before: null, after },
            custom_field: { id: `f-${i}`, name: 'Field', type, type_config },
          },
        ],
        task_id: '86cx41d2f',
        ...WEBHOOK,
      },
      answers: { '/task/86cx41d2f': { id: '86cx41d2f', name: 'A task', date_updated: '1788768000000' } },
    }),
  ),
  {
    name: 'folder created',
    delivery: { event: 'folderCreated', folder_id: '90150000801', ...WEBHOOK },
    answers: {
      '/folder/90150000801': { id: '90150000801', name: 'Web shop', archived: false, hidden: false, space: place },
    },
  },
  {
    name: 'space updated',
    delivery: { event: 'spaceUpdated', space_id: '90150000701', ...WEBHOOK },
    answers: {
      '/space/90150000701': {
        ...{ id: '90150000701', name: 'Product', private: false, archived: false },
        statuses: [{ status: 'to do', type: 'open' }],
      },
    },
  },
  {
    name: 'goal deleted',
    delivery: { event: 'goalDeleted', goal_id: 'b7a0c9f2-6a64-4d77-9d15-1c6f7d0a2b11', ...WEBHOOK },
    answers: {},
  },
]
