import { Command } from 'commander'
import type { Io } from '../io.ts'
import { dropCommand } from './quarantine-drop.ts'
import { listQuarantineCommand } from './quarantine-list.ts'
import { redriveCommand } from './quarantine-redrive.ts'
import { showQuarantinedCommand } from './quarantine-show.ts'

export const quarantineCommand = (io: Io): Command =>
  new Command('quarantine')
    .summary('what could not be worked off, and what to do with it')
    .description(
      'Shows the messages that could not be worked off, sends them to the deliveries queue again, or drops them. SQS has ' +
        'no way to look without taking: while messages are looked at, for two minutes at the most, nobody else sees them.',
    )
    .addCommand(listQuarantineCommand(io))
    .addCommand(showQuarantinedCommand(io))
    .addCommand(redriveCommand(io))
    .addCommand(dropCommand(io))
    .helpCommand(false)
