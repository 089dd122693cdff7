import { expect, test } from 'vitest'
import { SUBJECTS } from '../../local/faults/subjects/index.ts'
import type { Line } from '../../local/virtual/telemetry.ts'

/** What the consumer says of its decisions while nobody disturbs it: a matrix says nothing of a way that was not taken. */
async function waysOf(name: string) {
  const subject = SUBJECTS.find((each) => each.name === name)
  if (subject === undefined) throw new Error(`There is no subject ${name}.`)
  const ways = new Set<string>()
  function onLine({ message, fields }: Line) {
    if (message === 'A message was quarantined') ways.add(`quarantined: ${String(fields['class'])}`)
    if (message === 'Changed tasks were listed') ways.add('listed')
    if (message !== 'change') return
    const { decision, reason, read, field, degraded } = fields
    ways.add(reason === undefined ? `${String(decision)}: ${String(field)}` : `${String(decision)}: ${String(reason)}`)
    if (decision === 'published') ways.add(`read: ${degraded === true ? 'degraded' : String(read)}`)
    if (Number(fields['deliveries']) > 1) ways.add('twins in one batch')
  }
  const { run, longestUntil, isAtRest } = subject.play({ seed: 1, onLine })
  await run.time.run({ until: longestUntil, done: isAtRest })
  return { ways, run }
}

test('a busy minute takes every way of a change that succeeds, waits a moment or never succeeds', async () => {
  const { ways } = await waysOf('consumer-live')
  expect([...ways]).toEqual(
    expect.arrayContaining([
      ...['published: status', 'published: priority', 'published: comment', 'published: time_spent'],
      ...['published: task_creation', 'published: deletion', 'published: name'],
      ...[
        'read: read',
        'read: elided',
        'twins in one batch',
        'duplicate: status',
        'deferred: debounce',
        'deferred: busy',
      ],
      ...['quarantined: malformed', 'quarantined: unreadable', 'quarantined: refused'],
    ]),
  )
})

test('many changes at once wait for a listing and are found in it', async () => {
  const { ways } = await waysOf('consumer-storm')
  expect([...ways]).toEqual(
    expect.arrayContaining(['deferred: listing', 'deferred: debounce', 'listed', 'read: listed', 'read: elided']),
  )
})

test('a spent budget and an outage put changes off, and one is published without its task, which follows', async () => {
  const { ways, run } = await waysOf('consumer-waits')
  expect([...ways]).toEqual(
    expect.arrayContaining(['deferred: rateLimited', 'deferred: unavailable', 'read: degraded', 'read: read']),
  )
  expect(run.published.map(({ detailType }) => detailType)).toContain('Task Expanded')
})

test('what a sweep has found is published, and completed by the delivery that comes after it', async () => {
  const { ways, run } = await waysOf('consumer-found')
  expect([...ways]).toEqual(
    expect.arrayContaining([
      'published: status',
      'published: time_spent',
      'published: task_creation',
      'published: name',
    ]),
  )
  const ledger = run.ledger()
  expect(ledger.filter(({ origin }) => origin === 'sweep').length).toBeGreaterThan(2)
  expect(ledger.filter(({ toldBy }) => toldBy !== undefined)).toHaveLength(1)
})
