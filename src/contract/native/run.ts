import { type Static, Type } from 'typebox'
import { assetTypes } from '../../model/asset-type.ts'
import { ruleLists } from '../../model/path-rules.ts'
import { type RunOutcome, runOutcomeLetters } from '../../model/run.ts'
import { maxPreviewRules, maxRunExclusions } from '../../model/run-limits.ts'
import { runStatuses } from '../../model/run-status.ts'
import { Instant, orNull } from '../shapes.ts'
import { AssetProblem } from './asset.ts'

const TypeName = Type.Enum([...assetTypes])

/** Which assets of the tree are meant; a part that is `null` does not narrow the run. */
const RunFilterShape = Type.Object({
  types: orNull(Type.Array(TypeName)),
  createdFrom: orNull(Instant),
  createdTo: orNull(Instant),
  only: orNull(Type.Enum(['failed', 'unprocessed'])),
})

/** A processing run to start, or with `dryRun` to look at. What is absent or `null` narrows nothing. */
export const StartRunRequest = Type.Object(
  {
    path: Type.String({ minLength: 1, description: 'Folder, processed with all that is below it, or asset.' }),
    excludedPaths: Type.Optional(
      Type.Array(Type.String(), { maxItems: maxRunExclusions, description: 'Folders and assets to leave out with all below them.' }),
    ),
    filter: Type.Optional(
      Type.Object(
        {
          types: Type.Optional(orNull(Type.Array(TypeName, { minItems: 1 }))),
          createdFrom: Type.Optional(orNull(Instant, 'Only assets created then or later.')),
          createdTo: Type.Optional(orNull(Instant, 'Only assets created then or before.')),
          only: Type.Optional(
            orNull(Type.Enum(['failed', 'unprocessed']), 'Only assets that failed, or that were never processed as they are now.'),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    dryRun: Type.Optional(Type.Boolean({ description: 'Say what would be processed, and process nothing.' })),
  },
  { additionalProperties: false },
)
export type StartRunRequest = Static<typeof StartRunRequest>

/** How long a run will take: the truth lies between `low` and `high` nine times in ten, if the assets ahead are like the last ones. */
const RunEta = Type.Object({
  seconds: Type.Number(),
  low: Type.Number(),
  high: orNull(Type.Number(), '`null`: there may be no end in sight.'),
})

/** A processing run and how far it is. */
export const Run = Type.Object({
  id: Type.String(),
  status: Type.Enum([...runStatuses], { description: 'Of the run: one that found failing assets is a SUCCESS.' }),
  path: Type.String(),
  excludedPaths: Type.Array(Type.String()),
  filter: RunFilterShape,
  createdBy: Type.String(),
  createdAt: Instant,
  startedAt: orNull(Instant),
  finishedAt: orNull(Instant),
  progress: Type.Object({
    total: orNull(Type.Integer(), '`null` until the assets are counted.'),
    taken: Type.Integer({ description: 'Assets that were marked for processing so far.' }),
    done: Type.Integer({ description: 'The sum of the following.' }),
    succeeded: Type.Integer(),
    failed: Type.Integer(),
    replaced: Type.Integer({
      description: 'Another revision came meanwhile and is processed by itself, or a path rule came to ignore the asset.',
    }),
    deleted: Type.Integer({ description: 'Removed meanwhile.' }),
    rate: orNull(Type.Number(), 'Assets a second over the last minutes, of a finished run over all of it.'),
    eta: orNull(RunEta, '`null` before there is enough to see, and when the run does not move.'),
  }),
  error: orNull(Type.String(), 'Why the run is a FAILURE.'),
  logLines: Type.Integer(),
  cancellable: Type.Boolean(),
  resumable: Type.Boolean(),
  restartable: Type.Boolean({ description: 'It is over, so the same can be ordered anew.' }),
})
export type Run = Static<typeof Run>

/** What a dry run says. */
export const RunPreviewShape = Type.Object({
  total: Type.Integer({ description: 'Assets that would be processed.' }),
  byType: Type.Record(TypeName, Type.Integer()),
  leftOut: Type.Array(
    Type.Object({
      reason: Type.Enum(['exclusion', 'ignored', 'type', 'created', 'only']),
      path: orNull(Type.String(), 'The exclusion.'),
      assets: Type.Integer(),
    }),
    {
      description:
        'Each asset is counted once: by the exclusion that is highest, else by path rules (`ignored`), else by the first part of the filter that does not hold.',
    },
  ),
  ignoredBy: Type.Object(
    {
      rules: Type.Array(
        Type.Object({
          list: orNull(
            Type.Enum([...ruleLists]),
            '`null`: no rule speaks of these assets. `enabled`: the rules were changed, and they are about to be processed.',
          ),
          entry: orNull(Type.String(), 'The rule, as it stands in its list.'),
          assets: Type.Integer(),
        }),
        {
          maxItems: maxPreviewRules,
          description:
            'Those that leave out most, the most first. With assets that are `uncounted` each figure is a least one, and stands for the beginning of the tree.',
        },
      ),
      others: Type.Integer({ description: 'Assets left out by other rules.' }),
      uncounted: Type.Integer({ description: 'Assets of which it is not known by which rule: asking took too long.' }),
    },
    { description: 'The path rules that decide on the assets counted as `ignored`.' },
  ),
  overlappingRun: orNull(Type.String(), 'A run that would have to end before.'),
})
export type RunPreviewShape = Static<typeof RunPreviewShape>

/** What can become of an asset in a run. */
export const runOutcomes = Object.keys(runOutcomeLetters) as RunOutcome[]

/** What became of an asset in a run. */
export const RunAsset = Type.Object({
  path: Type.String({ description: 'Where it was when the run took it.' }),
  uuid: orNull(Type.String(), '`null` when it was removed.'),
  revision: Type.Integer(),
  outcome: Type.Enum(runOutcomes),
  problems: Type.Array(AssetProblem, { description: 'Why it failed: the first errors.' }),
})
export type RunAsset = Static<typeof RunAsset>

/** A part of the log of a run. */
export const RunLogPage = Type.Object({
  lines: Type.Array(Type.String()),
  limit: Type.Integer(),
  offset: Type.Integer({ description: 'Number of the first of these lines, from 0.' }),
  hasMore: Type.Boolean({ description: 'There are lines after these.' }),
})
export type RunLogPage = Static<typeof RunLogPage>
