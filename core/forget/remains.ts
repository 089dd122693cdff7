import type { Counts } from './counts.ts'
import type { Subject } from './subject.ts'

/** Something that an erasure does not reach: one sentence what, one why and what to do. */
export type Remaining = { what: string; why: string }

type Context = { subject: Subject; counts: Counts; isMember: boolean; hasArchive: boolean }

/** What is left after an erasure, and what may come back. */
export function remaining({ subject, counts, isMember, hasArchive }: Context): Remaining[] {
  const isUser = subject.kind === 'user'
  const { stillShown, textsLeft, unreadable } = counts
  return [
    ...(isMember ? [MEMBER] : []),
    ...(stillShown === 0 ? [] : [isUser ? shown(stillShown) : THERE]),
    ...(textsLeft === 0 ? [] : [texts(textsLeft)]),
    ...(unreadable === 0 ? [] : [unread(unreadable)]),
    ...(isUser ? [IDS, WRITTEN] : []),
    QUEUES,
    BACKUPS,
    LOGS,
    SUBSCRIBERS,
    ...(hasArchive ? [] : [NO_ARCHIVE]),
  ]
}

const MEMBER = {
  what: 'ClickUp listed the person as a member of the workspace.',
  why: 'What they do there is stored as before: remove them there first, then run this again.',
}

const shown = (tasks: number): Remaining => ({
  what: `When they were last read, ClickUp showed the person on ${tasks} living ${tasks === 1 ? 'task' : 'tasks'}.`,
  why: 'With the next change of such a task it is read again, and an assignment would be told of anew: take them off there first.',
})

const THERE = {
  what: 'The task was still there when it was last read.',
  why: 'With its next change it is stored again: delete it in ClickUp first, then run this again.',
}

const texts = (items: number): Remaining => ({
  what: `${items} stored ${items === 1 ? 'item names' : 'items name'} the person in a text, or a word that may be the name.`,
  why: 'Texts of tasks and places mirror ClickUp and can only be changed there; a name of one word may mean anything.',
})

const unread = (deliveries: number): Remaining => ({
  what: `${deliveries} archived ${deliveries === 1 ? 'delivery' : 'deliveries'} could not be read.`,
  why: 'Nobody can say whom they name: they go with their days, unless somebody deletes the objects by hand.',
})

const IDS = {
  what: 'Changes keep their ids, times and places; who made them is the same "forgotten" for everybody.',
  why: 'An id is a hash without the person in it, and makes a late copy of the change a duplicate instead of news.',
}

const WRITTEN = {
  what: 'Names and descriptions of tasks that the person wrote are kept.',
  why: "They are the tasks' own. Texts of the person's comments and time entries are erased.",
}

const QUEUES = {
  what: 'Deliveries may wait in the queues, also in the quarantine, for at most 14 days each.',
  why: 'What they tell is stored when they are worked off: run this again when the queues are empty (npx hookline status).',
}

const BACKUPS = {
  what: 'Point-in-time recovery can bring the tables back as they were, for 35 days.',
  why: 'DynamoDB does not let anybody change its backups. After a restore, run this again.',
}

const LOGS = {
  what: 'Logs may name ids of tasks, and are kept for logDays.',
  why: 'They hold no names, addresses or texts.',
}

const SUBSCRIBERS = {
  what: 'Subscribers of the bus, exports and reports have copies of their own.',
  why: 'What was published cannot be called back: have them erase it, too.',
}

const NO_ARCHIVE = {
  what: 'No archive of raw deliveries was looked at.',
  why: 'This stage has none. A bucket that an archive of former times has left has to be emptied by hand.',
}
