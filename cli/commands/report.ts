import { Command } from 'commander'
import type { Io } from '../io.ts'
import { cycleTimeCommand } from './report-cycle-time.ts'

export const reportCommand = (io: Io): Command =>
  new Command('report').summary('what the history says of the work').addCommand(cycleTimeCommand(io))
