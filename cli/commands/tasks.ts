import { Command } from 'commander'
import type { Io } from '../io.ts'
import { listTasksCommand } from './task-list.ts'
import { showTaskCommand } from './task-show.ts'

export function tasksCommand(io: Io): Command {
  return new Command('tasks')
    .summary('tasks as they were last read from ClickUp')
    .description('Shows tasks as they were last read from ClickUp.')
    .addCommand(showTaskCommand(io))
    .addCommand(listTasksCommand(io))
}
