/**
 * Every limit, time-out, retry and depth of Assay, with its unit in its name. Where a number was derived from real content or
 * measured, the reason stands beside it. Nothing else in the code holds such a number, but the other `…-limits.ts` beside this file.
 */

const kiB = 1024
const miB = 1024 * kiB

// Paths and names
/** A B-tree key must stay under about 2,700 bytes in PostgreSQL. */
export const maxPathBytes = 2048
export const maxSegmentBytes = 255

// Path rules
/** In both lists together. */
export const maxPathRules = 1000
export const maxRegexCharacters = 500
/** Of one compiled expression: each character of a path costs at most a step for each of them. */
export const maxRegexInstructions = 1000
/** Of all expressions together: the path of 2,048 bytes that takes longest with the expression that takes longest takes 0.1 s. */
export const maxPathRuleInstructions = 3000
/** Assets that are decided anew in one transaction, when rules were changed. */
export const rulesSliceAssets = 2000
/** Deciding on many paths lets others go on after so long. */
export const maxRuleTurnMs = 10
/** Whoever changes the rules waits so long for their application; in a large repository it goes on behind. */
export const rulesApplyWaitMs = 5_000
/** Times that something is decided anew because the rules were changed meanwhile. */
export const rulesChangeTries = 10

// Contents
/** Mode of folders that hold data: whoever else has an account on the machine has no business there. */
export const ownerOnly = 0o700
/** Contents up to this size are stored in the commit of their asset; larger ones stream to the blob store first. */
export const maxInlineContentBytes = 128 * kiB
/** From this size on the contents of a group are stored as a blob, like a large content: the database takes five times as long for a byte. */
export const minBlobPackBytes = 256 * kiB
export const maxUploadBytes = 2 * 1024 * miB
/** A content that nothing refers to is kept this long: a reader may still hold its place. */
export const orphanGraceMs = 60 * 60_000
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
export const directUploadMs = 6 * 3_600_000
export const maxVersionLabelCharacters = 1000
/** Parts of uploads that were never completed stay this much longer: nobody completes one while its parts are removed. */
export const directUploadGraceMs = 3_600_000
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
export const subtreeTimeoutMs = 10 * 60_000

// Reading XML (largest real values: 1.43 MB, depth 20, 20 attributes, 36,258 elements, 46,616 characters in a value, expansion < 1 kB)
export const maxDocumentBytes = 25 * miB
export const maxElementDepth = 256
/** Markdown and HTML are held as strings and token lists, some 20 times their size; the largest real ones have 2 MB. */
export const maxMarkupBytes = 8 * miB
/** Old pages leave hundreds of elements open. */
export const maxHtmlDepth = 1024
export const maxFrontMatterBytes = 64 * kiB
export const maxElements = 1_000_000
export const maxAttributesPerElement = 512
export const maxAttributeValueBytes = 4 * miB
/** The W3C conformance suite has a name of 4,249 bytes. */
export const maxNameBytes = 8 * kiB
/** Names that a thread keeps for good, and the bytes of all of them. */
export const maxDistinctNames = 20_000
export const maxDistinctNamesBytes = 2 * miB
/** Entities and attributes that an internal subset may declare: each is kept until the end of the scan. */
export const maxDeclarations = 100_000
export const maxEntityExpansionBytes = miB
export const maxEntityExpansionFactor = 100
export const maxEntityDepth = 16

// Facts and problems
/** Problems stored per asset and code; the exact count is kept beside them. */
export const maxProblemsPerCode = 1000
export const maxProblemsPerAsset = 1000
export const maxExcerptCharacters = 160
/** Whoever looks at problems waits this long for a large content from which the excerpts are cut; then they come without. */
export const excerptReadTimeoutMs = 5_000
/** Reference values longer than this (data: URIs) are cut where they are shown. */
export const maxShownValueCharacters = 200
/** A path of `maxPathBytes`, percent-encoded, with a fragment. A longer value of a reference is cut: nothing can be at its target. */
export const maxReferenceCharacters = 8 * kiB
/** Columns and rows that a cell may span; tables beyond are not counted out. */
export const maxTableColumns = 1000
export const maxMetadataValueCharacters = 4096
export const maxMetadataEntries = 2000

// Images
export const maxImageBytes = 256 * miB
/** Pixels over which an image is not decoded to verify it, only its header is read. */
export const maxDecodedPixels = 40_000_000
/** An image that unpacks to more than this many bytes per byte of file is not decoded. */
export const maxImageExpansionFactor = 200
/** Time for decoding one picture; shorter than that for an asset, so that the thread survives. */
export const imageTimeoutSeconds = 5

// Processing
export const postProcessBatchAssets = 200
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
export const sweepStuckAfterMs = 15 * 60_000
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
export const statusJobRetentionMs = 7 * 24 * 3_600_000
/** An expired job's row is kept this much longer, so that its id answers 410 and not 404. */
export const statusJobTombstoneMs = 30 * 24 * 3_600_000
/** A status job that is not finished by then is looked for in the queue, and sent again if it is not there. */
export const statusJobStuckAfterMs = 60_000
export const maxPreferWaitSeconds = 60
export const statusJobRetryAfterSeconds = 1

// HTTP
export const maxJsonBodyBytes = miB
export const maxJsonDepth = 32
export const maxHeaderBytes = 16 * kiB
export const headersTimeoutMs = 10_000
export const requestTimeoutMs = 60_000
/** Uploads may take longer than {@link requestTimeoutMs} as long as they deliver at least this rate. */
export const minUploadBytesPerSecond = kiB
/** Whoever takes nothing of an answer for so long, or up to twice as long, loses it. */
export const slowAnswerMs = 30_000
export const connectionsCheckIntervalMs = 2_000
export const keepAliveTimeoutMs = 72_000
/** Beyond it new connections are closed at once. An idle one takes some 20 kB; the usual limit for open files is higher. */
export const maxConnections = 4_096
export const maxPageItems = 1000
/** A date of whole seconds names one content alone once its second, and the commits that began in it, are over. */
export const lastModifiedAfterMs = 2_000
export const defaultPageItems = 100
export const drainTimeoutMs = 10_000
/** A server that stops closes connections that were idle so long; on those that are in use it says so with the next answer. */
export const keepAliveGraceMs = 1_000
export const unavailableRetryAfterSeconds = 2
/** Wrong values that one error answer lists. */
export const maxInputFindings = 100
export const maxRequestIdCharacters = 128
/** How long a client may go on sending a body that has been answered already. */
export const bodyLingerMs = 2_000
/** Files of an import that came before the field that names their target are kept in memory up to this size. */
export const maxUnplacedImportBytes = 32 * miB
/** Each referring asset's references are looked through: 1,000 of them took 70 ms, too long for the thread that serves HTTP. */
export const maxIncomingReferences = 250
/** References that the detail of an asset shows, and the stored characters that are looked at for them: 200,000 took 1.2 s of that thread. */
export const maxOutgoingReferences = 1000
export const maxShownReferenceCharacters = 512 * kiB
/** A longer answer is written in pieces: the facts of 200,000 keys held everybody else up for 57 ms. */
export const answerPieceCharacters = 128 * kiB
/** An asset that is replaced between two reads of it is read again; nobody does that so often in a row. */
export const maxExplainAttempts = 10

// Credentials
export const authFailuresBeforeDelay = 5
/** After the first few, one more guess is looked at each so often: 10 a minute. */
export const authTryIntervalMs = 6_000
/** Who was quiet for so long may guess from the beginning: fewer tries than by going on. */
export const authFailureWindowMs = 60_000
/** How long a credential that was found right is trusted without asking again: as long may a revoked token work on another node. */
export const verifiedCredentialMs = 30_000
export const maxRememberedCredentials = 1_000
export const maxAuthFailureEntries = 10_000
/** Requests with a credential that failed often, held up at the same time. */
export const maxDelayedAuthentications = 100

// Embedded database
export const databaseCallTimeoutMs = 30_000
/** Times that a transaction is begun which a deadlock or a concurrent update ends. Each deadlock costs the second in which it is noticed. */
export const transactionTries = 5
export const checkpointIntervalMs = 60_000
/** While statements wait in the embedded database that took no longer than the first, commits wait for theirs up to the second, to be synced with them. */
export const shortStatementMs = 2
export const maxSharedSyncMs = 10
/** Distinct statements of ours and of the queue: about 120. Each keeps its plan in the memory of PostgreSQL, some 50 kB. */
export const maxPreparedStatements = 200
export const vacuumDeadRows = 20_000
/** Free space under which writes are refused with 507, and the ballast file that is given up to recover. */
export const minFreeDiskBytes = 256 * miB
export const diskBallastBytes = 64 * miB
/** Share of a disk that stays free as well: file systems slow down and fragment when they are fuller. */
export const minFreeDiskFraction = 0.05
export const diskCheckIntervalMs = 1_000
/** Opening replays up to 256 MB of WAL, which takes seconds on a fast disk (640 MB: 4.8 s). */
export const databaseOpenTimeoutMs = 120_000
export const databaseReopenDelayMs = 250
export const databaseReopenDelayMaxMs = 5_000
export const databaseCloseTimeoutMs = 15_000
export const vacuumIntervalMs = 10_000
/** A vacuum of millions of rows is slow, but one that never ends must not keep everybody waiting. */
export const maintenanceTimeoutMs = 600_000

// PostgreSQL server
export const queueQueryTimeoutMs = 15_000
export const apiQueryTimeoutMs = 5_000
export const connectionTimeoutMs = 5_000
export const reaperIntervalMs = 250
export const migrationTimeoutMs = 3_600_000
export const apiPoolConnections = 10
/** Each transactional queue handler holds one connection, and the queue's own statements need a few. */
export const queuePoolConnections = 10
export const idleConnectionTimeoutMs = 30_000
/**
 * Between two statements of a transaction. We need milliseconds; longer is a process that is frozen or cut off, and holds up the others: at 5 s
 * one in ten recoveries after half-open connections took as long.
 */
export const idleTransactionMs = 3_000
/** A connection that is closed is cut when the server has not answered that by then; so is one whose statement has not ended. */
export const goodbyeTimeoutMs = 1_000
/** One connection is asked so often, for all of the process. */
export const listenHeartbeatMs = 1_000
export const listenHeartbeatTimeoutMs = 5_000
/** A connection that is silent so long is lost, if the server answers on another one. */
export const connectionSilenceMs = 1_500

// Client
/** Tries of a request that may be repeated: with the delays below, a server that restarts within about 15 seconds is not noticed. */
export const clientAttempts = 7
/** Tries before the server has answered for the first time: a wrong address should be told at once. */
export const clientFirstContactAttempts = 2
export const clientRetryDelayMs = 250
export const clientRetryDelayMaxMs = 5_000
export const clientRetryAfterMaxMs = 60_000
/** Uploads have no such limit: they may take as long as they deliver. */
export const clientAnswerTimeoutMs = 120_000
export const clientPreferWaitSeconds = 20
/** As the libraries of Standard Webhooks. */
export const webhookToleranceSeconds = 300
/** Between two questions to a server that does not say when to ask again. */
export const clientPollDelayMs = 100
export const clientPollDelayMaxMs = 5_000

// Command line
/** Small files are sent together: a request for each took more of both machines than all that is done with the content. */
export const importFilesAtOnce = 250
export const importBytesAtOnce = 2 * miB
/** Requests under way at a time: the server receives the next ones while it commits the last. */
export const importRequestsAtOnce = 6
/** Files up to this size are sent together; larger ones by themselves, and those above a megabyte as they are read. */
export const importTogetherBytes = 128 * kiB
export const importBufferedFileBytes = miB
/** Assets whose problems are fetched and shown by `assay status`: more than anybody reads, and little to ask for. */
export const maxExplainedAssets = 100
/** Up to here `assay status` counts the warnings that it does not show: it reads a list of about 500 bytes an asset for it. */
export const maxAssetsForWarningHint = 20_000
export const explanationsAtOnce = 8
export const progressRedrawMs = 100
export const progressLineMs = 5_000
/** Time over which the rate is taken that foretells the end: two lines, enough to be steady. */
export const progressRateMs = 10_000

// Queue
/**
 * Orders of uploads are sent together, when none has come for the first time; at the latest after the second, or when so many wait. A job costs
 * half as long as receiving a file, however many orders it has, and batches of 20 assets three times as long for each as batches of hundreds.
 */
export const orderGatherMs = 50
export const maxOrderGatherMs = 1_000
export const maxOrderGatherAssets = 500
/** After a failed try to send them. */
export const orderRetryMs = 1_000
/** Fetched at a time. One would strand work: a queue that notifies does not poll again at once after a single job. */
export const queueBatchJobs = 20
/** Orders of small jobs are processed together up to this number. */
export const queueMergeAssets = 500
/** Batches of one kind of job under way at a time in one process: one is read and written while the other is parsed. */
export const queueConcurrentBatches = 2
/** A worker rests after a batch of fewer assets, so many times as long as the batch took, but not longer than this. */
export const smallBatchAssets = 50
export const smallBatchRestFactor = 4
export const smallBatchRestMaxMs = 250
export const queueHeartbeatRefreshSeconds = 3
/** A worker that froze is noticed within the heartbeat and this. */
export const queueSuperviseSeconds = 2
/** With the embedded database no worker can freeze without the rest: looking every two seconds took 8 % of the time of the database. */
export const queueEmbeddedSuperviseSeconds = 60
/** Finished jobs are kept for whoever looks for a cause; our own tables hold the history. */
export const queueDeleteAfterSeconds = 3600
export const queueMaintenanceSeconds = 600
/** How often the queue looks for jobs that others wait for, which are never sent. Every five seconds it was 4 % of the statements' time of an import. */
export const queueFlowSeconds = 86_400
export const queueStartAttempts = 5
/** Tries to store a dead job's outcome: the database may be away for hours. */
export const queueDeadRetryLimit = 100
/** A job that was claimed a moment ago may not be locked yet; after it, a job without a lock has lost its worker. */
export const jobLockGraceMs = 500
/** The connection with the locks is used four times a second; the server ends it, and frees the locks, when it was not for so long. */
export const jobLockSilenceMs = 5_000
/** Time for a look at the locks; a longer one is taken for a lost connection. */
export const jobLockTimeoutMs = 3_000
/** Between tries to connect again for the locks, and time for each try. */
export const jobLockReconnectMs = 250
export const jobLockConnectTimeoutMs = 2_000
/** When a lost lock connection is back, others may be without theirs for as long: nothing is taken away from them meanwhile. */
export const jobLockSettleMs = 1_000
/** Tries after the first that may fail by themselves. */
export const queueRetryLimit = 5
/** Tries that a job gets besides because its worker died, was stopped, or lost the database: none of that is the job's fault. */
export const queueHandBackLimit = 100
/** Between tries while the store of large contents is away: it may be so for 50 minutes before assets fail. */
export const contentStoreRestSeconds = 30
export const queueRetryDelaySeconds = 1
export const queueRetryDelayMaxSeconds = 60
export const queueHeartbeatSeconds = 10
/** Counts from the fetch, and the jobs of one fetch are done one after another: slow contents must not use up the tries of the last. */
export const queueExpireSeconds = 1800
export const queuePollSeconds = 0.5
/** A pass goes on as long as targets change, which during a large import is hours. 24 hours is the most that pg-boss takes. */
export const resolveExpireSeconds = 24 * 3600

// Threads
/** Contents go to a thread in parts: small enough to spread a batch over all threads, large enough to hide the hand-over. */
export const maxThreadPartAssets = 64
export const minThreadPartAssets = 8
export const maxThreadPartBytes = 8 * miB
/** Decoded side by side: Node has four threads for that. */
export const maxPicturesPerThread = 4
/** How often a working thread's time and heap are looked at: one look takes it some 30 µs. */
export const threadWatchMs = 50
/** V8 ends the whole process when a heap is full; the watch ends the thread at a part of that. */
export const threadHeapReserveFactor = 4
export const threadStartTimeoutMs = 30_000
export const threadHeapMiB = 512
/** A thread whose heap takes more after a task is replaced, which takes 0.15 s of CPU time. Topics as they are leave it at 200. */
export const spentThreadHeapMiB = 256
/** So is one that has made a text of that length: of 27,000 references, say. */
export const spentThreadTextBytes = miB
/** For young objects. With 48, as V8 has it, the heap of a thread grows by 100 more over a large document, that of the database's thread by 40. */
export const threadYoungHeapMiB = 24
