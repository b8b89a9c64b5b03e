/**
 * Every limit, time-out, retry and depth of Assay has its unit in its name. Where a number was derived from real content or measured, the
 * reason stands beside it. They are here (paths, contents, uploads, processing, status jobs) and, by subject, in the other `…-limits.ts`
 * beside this file. Nothing else in the code holds such a number.
 */
import { dayMs, hourMs, kiB, miB, minuteMs } from './units.ts'

// Paths and names
/** A B-tree key must stay under about 2,700 bytes in PostgreSQL. */
export const maxPathBytes = 2048
export const maxSegmentBytes = 255

// Contents
/** Mode of folders that hold data: whoever else has an account on the machine has no business there. */
export const ownerOnly = 0o700
/** Contents up to this size are stored in the commit of their asset; larger ones stream to the blob store first. */
export const maxInlineContentBytes = 128 * kiB
/** From this size on the contents of a group are stored as a blob, like a large content: the database takes five times as long for a byte. */
export const minBlobPackBytes = 256 * kiB
export const maxUploadBytes = 2 * 1024 * miB
/** A content that nothing refers to is kept this long: a reader may still hold its place. */
export const orphanGraceMs = 60 * minuteMs
/** Each sweep looks at one slice of all blobs, and at so many packs: of a million blobs 3,900 a minute, and all of them in four hours. */
export const blobSlices = 256
export const sweptPacks = 2000
/** Contents that one sweep moves out of packs that are mostly holes. */
export const sweptPackBytes = 8 * miB
/** A connection to S3 on which nothing comes or goes for so long is given up. */
export const s3IdleTimeoutMs = 20_000
/** Tries to write a content to S3: some 8 seconds of "slow down" go unnoticed. */
export const s3Tries = 6
export const s3RetryDelayMs = 250

// Receiving
export const maxGroupCommitAssets = 500
/** A group commit in flight gathers the next group; a fast first one is not delayed. */
export const maxGroupCommitBytes = 8 * miB
/** So much waits only during an import: a group of that is committed beside the one before. */
export const minBesideGroupBytes = miB
export const maxImportFilesPerRequest = 1000
/** An archive is made of a whole folder at once. The answer names each file, and a million of them would hold up the thread that serves HTTP. */
export const maxArchiveFilesPerRequest = 10_000
/** Names are 2 kB at most, but macOS puts what else it knows of a file in the same place. */
export const maxTarExtensionBytes = miB

// Direct uploads
/** Adobe's clients ask for 100 files at a time. */
export const maxInitiatedFiles = 1000
/** Names, sizes and percent-encoding of as many files. */
export const maxUploadFormBytes = 2 * miB
/** As AEM's own. Adobe's clients hold a part in memory, and refuse to make one that is larger than this. */
export const maxUploadPartBytes = 100 * miB
export const minUploadPartBytes = 10 * miB
/** Parts that a process keeps in mind until their upload is completed; each takes some 400 bytes. */
export const maxRememberedParts = 1_000
/** For as long an upload may be completed: 100 files of 100 MiB, which are announced together, take three hours at 1 MB/s. */
export const directUploadMs = 6 * hourMs
export const maxVersionLabelCharacters = 1000
/** Parts of uploads that were never completed stay this much longer: nobody completes one while its parts are removed. */
export const directUploadGraceMs = hourMs
/** Uploads of all kinds under way in one process: their small contents are held in memory, 128 MiB of them. */
export const maxUploadsAtOnce = 1000
/** Properties of an asset or a folder: names and values together. */
export const maxPropertiesBytes = 64 * kiB
export const maxProperties = 500
export const maxPropertyNameCharacters = 200
/** Children that one answer of the Assets HTTP API lists; AEM's desktop clients ask for 9,999. */
export const maxListedChildren = 10_000
export const defaultListedChildren = 20
/** Moving, copying or removing a folder is one transaction, whatever is in it. */
export const subtreeTimeoutMs = 10 * minuteMs

// Processing
/** Two jobs are one batch of `queueMergeAssets`. With 200, batches had 400 assets, and the queue a quarter more jobs. */
export const postProcessBatchAssets = 250
/** Time for one asset inside a thread; then the thread is ended and the asset fails. */
export const assetTimeoutMs = 10_000
/** Deaths of a process that had nothing but this asset to read, after which the asset fails. */
export const maxProcessCrashes = 2
/** The process in which suspects are read takes 0.4 s to start and some 100 MB: it is kept so long for the next batch. */
export const apartIdleMs = 5_000
/** A pass over changed targets waits at least as long as the last one took, at most this long. */
export const maxResolveDelayMs = 1000
export const resolveBatchAssets = 500
/** References that form a chain or a loop are followed over this many assets per pass. */
export const maxReferenceGraphAssets = 5000
/** Assets left PENDING or PROCESSING without a queue job are taken up again by the sweep. */
export const sweepIntervalMs = 60_000
export const sweepStuckAfterMs = 15 * minuteMs
/** Contents read and held at once; a larger batch is read in parts. */
export const maxReadBatchBytes = 32 * miB
/** The same of documents: four of 5 MB, each with 200,000 references, took 700 MiB together. */
export const maxReadBatchDocumentBytes = 4 * miB
/** Read of a content too large to parse: enough to see what it is. */
export const contentHeadBytes = 64 * kiB
/** Rounds in which further assets are loaded to follow chains of content references and nested maps. */
export const maxResolveRounds = 50
export const targetChangesPerPass = 5000
/** Each look at references again follows a change of their targets during the milliseconds of the look before. */
export const maxSecondLooks = 100
/** Results settled in one transaction: 600 assets of 100 kB with a thousand problems each took 5.4 GB at once. */
export const maxSettleBytes = 8 * miB

// Status jobs
export const maxStatusJobPaths = 10_000
export const maxStatusJobBodyBytes = 4 * miB
export const statusJobRetentionMs = 7 * dayMs
/** An expired job's row is kept this much longer, so that its id answers 410 and not 404. */
export const statusJobTombstoneMs = 30 * dayMs
/** A status job that is not finished by then is looked for in the queue, and sent again if it is not there. */
export const statusJobStuckAfterMs = 60_000
export const maxPreferWaitSeconds = 60
export const statusJobRetryAfterSeconds = 1
