import type { Random } from '../../local/clickup/random.ts'

const USER = {
  id: 183,
  username: 'Kim',
  email: 'kim@example.test',
  color: '#7b68ee',
  initials: 'K',
  profilePicture: null,
}

/** A change of status as it usually comes, half a KiB. */
export function statusDelivery(random: Random): string {
  const status = (name: string, orderindex: number) => ({ status: name, color: '#f9d900', orderindex, type: 'custom' })
  return envelope('taskStatusUpdated', random, {
    ...{ field: 'status', data: { status_type: 'custom' }, source: null, user: USER },
    ...{ before: status('to do', 0), after: status('in progress', 1) },
  })
}

/** A comment as it usually comes, in parts and as one text, until the delivery has so many bytes. */
export function commentDelivery(random: Random, bytes: number): string {
  const text = (length: number) => random.text('abcdefghijklmnopqrstuvwxyz    ,.', length)
  const make = (parts: readonly string[]) =>
    envelope('taskCommentPosted', random.fork('ids'), {
      ...{ field: 'comment', data: {}, source: null, user: USER, before: null, after: '90110200841741' },
      comment: {
        ...{ id: '90110200841741', date: '1760000000000', parent: '86c2k4x7q', type: 1, user: USER },
        comment: parts.map((part) => ({ text: part, attributes: {} })),
        text_content: parts.join('\n'),
        ...{ resolved: false, assignees: [], reactions: [], emails: [] },
      },
    })
  const parts: string[] = []
  while (make(parts).length < bytes - 60) parts.push(text(Math.min(120, Math.ceil((bytes - make(parts).length) / 3))))
  return make(parts)
}

const envelope = (event: string, random: Random, item: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    event,
    history_items: [{ id: random.text('0123456789', 19), type: 1, date: '1760000000000', parent_id: '901', ...item }],
    task_id: random.text('abcdefgh0123456789', 9),
    team_id: '9001',
    webhook_id: random.uuid(),
  })
