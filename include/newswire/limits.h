/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every ceiling on what the outside can drive: sizes, depths, counts, times.
 *
 * What comes from the web, from a client or from a file is hostile until it
 * has passed one of these.  Units stand in the names: _BYTES, _S (seconds),
 * _MS; a name without a unit is a count.  A cap that is met is reported with
 * its source; nothing that was stored before is lost by it.
 */
#ifndef NEWSWIRE_LIMITS_H
#define NEWSWIRE_LIMITS_H

/* fetch */
#define NW_FETCH_BODY_BYTES (16u << 20)	    /* a page or a feed, decoded */
#define NW_FETCH_HEADER_BYTES (64u << 10)   /* all header lines of a reply */
#define NW_FETCH_REDIRECTS 8
#define NW_FETCH_CONNECT_MS 20000
#define NW_FETCH_TOTAL_MS 60000
#define NW_FETCH_LOW_SPEED_BYTES 64	    /* a second, over … */
#define NW_FETCH_LOW_SPEED_S 20
#define NW_FETCH_PER_HOST 1		    /* connections to one host */
#define NW_FETCH_PAUSE_MS 1000		    /* between two requests to it */
#define NW_FETCH_PROXY_BYTES 1024
#define NW_FETCH_PARALLEL 32		    /* transfers of one poller */
#define NW_FETCH_URL_BYTES 4096
#define NW_FETCH_VALIDATOR_BYTES 1024	    /* an ETag, a Last-Modified */

/* robots.txt (RFC 9309) */
#define NW_ROBOTS_BYTES (500u << 10)	    /* that are read of one */
#define NW_ROBOTS_RULES 8192
#define NW_ROBOTS_DELAY_MS 30000	    /* kept of a Crawl-delay */
#define NW_ROBOTS_KEPT_S 86400		    /* that one is believed */
#define NW_ROBOTS_RETRY_S 600		    /* when it could not be had */
#define NW_ROBOTS_CACHE_BYTES (8u << 20)    /* of all that are kept */

/* feed */
#define NW_FEED_ITEMS 5000
#define NW_FEED_PAGES 8			    /* got of one feed in a poll */
#define NW_FEED_DEPTH 256
#define NW_FEED_TEXT_BYTES (4u << 20)	    /* one text field of an item */
#define NW_FEED_UNPACKED_BYTES (50u << 20)  /* of gzip; sitemaps.org, 0.9 */
#define NW_FEED_MENDED_BYTES (64u << 20)    /* in UTF-8, made well-formed */
#define NW_FEED_ID_BYTES 2048
#define NW_FEED_ENCLOSURES 64		    /* of one item */
#define NW_SITEMAP_ENTRIES 50000	    /* sitemaps.org, protocol 0.9 */

/* page */
#define NW_PAGE_DEPTH 512		    /* nested elements that are read */
#define NW_PAGE_NODES 200000		    /* elements, and attributes / 4 */
#define NW_PAGE_ATTRIBUTES 128		    /* of a tag that keeps any */
#define NW_PAGE_WORK 2000000		    /* looks at them; real: 12,000 */
#define NW_PAGE_TEASER_BLOCKS 20	    /* kept of a page past a cap */
#define NW_PAGE_TEASER_BYTES (16u << 10)
#define NW_PAGE_FEEDS 64
#define NW_PAGE_GUESSES 3		    /* feeds that are read to see */
#define NW_SECTION_LINKS 5000		    /* of one page, to stories */
#define NW_PAGE_JSONLD_BYTES (8u << 20)
#define NW_PAGE_JSONLD_DEPTH 64
#define NW_PAGE_PARTS 20		    /* pages of one story */
#define NW_TICKER_DAYS 14		    /* of one page, the newest */

/* rules of a site */
#define NW_RULES_FILE_BYTES (64u << 10)
#define NW_RULES_LINE_BYTES 4096
#define NW_RULES_DIRECTIVES 500		    /* of one file */
#define NW_RULES_DOMAINS 8		    /* around a host, looked up */
#define NW_RULES_NODES 60000		    /* of a page, and … */
#define NW_RULES_WEIGHT (16u << 20)	    /* bytes of all nodes' texts … */
#define NW_RULES_OPERATIONS 20000000	    /* for the XPaths of one page */

/* story */
#define NW_STORY_TITLE_BYTES 1024
#define NW_STORY_NAME_BYTES 256		    /* a person, a publisher, a tag */
#define NW_STORY_SUMMARY_BYTES 4096
#define NW_STORY_BIO_BYTES 4096
#define NW_STORY_AUTHORS 32
#define NW_STORY_TOPICS 64
#define NW_STORY_ALIASES 16
#define NW_STORY_CORRECTIONS 64
#define NW_STORY_IMAGES 200
#define NW_STORY_BLOCKS 20000
#define NW_STORY_UPDATES 5000
#define NW_STORY_TEXT_BYTES (8u << 20)
#define NW_BLOCK_QUOTE_DEPTH 8
#define NW_BLOCK_LIST_DEPTH 8
#define NW_TABLE_COLUMNS 64
#define NW_TABLE_ROWS 2000

/* post (RFC 5322 section 2.1.1, RFC 5536 section 2.2, RFC 2047 section 2) */
#define NW_LINE_OCTETS 998
#define NW_TEXT_COLUMNS 72
#define NW_MESSAGE_ID_OCTETS 250	    /* RFC 3977 section 3.6 */
#define NW_MESSAGE_BYTES (32u << 20)
#define NW_REFERENCES 24
#define NW_UPDATE_PAUSE_S 600		    /* between two revisions … */
#define NW_UPDATE_PAUSE_MAX_S 21600	    /* of an update */

/* what readers post */
#define NW_POST_BYTES (1u << 20)	    /* an article */
#define NW_POST_HEAD_BYTES (32u << 10)	    /* its header */
#define NW_POST_GROUPS 10		    /* of one */
#define NW_POST_AGE_S (14 * 86400)	    /* of its Date, … */
#define NW_POST_AHEAD_S 86400		    /* and how far in the future */
#define NW_POST_MINUTE 30		    /* of one address or user */
#define NW_POST_PENDING_BYTES (64u << 20)   /* on their way, all clients */
#define NW_POST_WAIT_MS 3000		    /* for another's turn to write */

/* picture */
#define NW_PICTURE_BYTES (16u << 20)	    /* of an original */
#define NW_PICTURE_PIXELS 50000000	    /* width x height of an original */
#define NW_PICTURE_DOT_SIDE 3		    /* smaller than any picture */
#define NW_PICTURE_SIDE 1280		    /* pixels of what is written */
#define NW_PICTURE_BUDGET_BYTES (256u << 10)	 /* of one that is written */
#define NW_PICTURES_BUDGET_BYTES (2u << 20) /* of those of a message */
#define NW_PICTURES_MOST_BYTES (8 << 20)    /* of those, if configured */
#define NW_PICTURE_LEAST_BYTES (16 << 10)   /* or less, of one */
#define NW_PICTURES 64			    /* of a message */
#define NW_FACE_BYTES 725		    /* so that the header has 998 */
#define NW_STUDIO_CHILDREN 2
#define NW_STUDIO_CPU_S 10		    /* for one picture */
#define NW_STUDIO_CLOCK_S 120		    /* the same, by the wall's */
#define NW_STUDIO_MEMORY_BYTES (768u << 20)
#define NW_STUDIO_QUEUE_BYTES (128u << 20)  /* of originals that wait */

#define NW_PICTURE_TOTAL_MS 30000	    /* to get one */
#define NW_PICTURE_FRESH_S 86400	    /* not asked for again before */
#define NW_FACE_FRESH_S (14 * 86400)
#define NW_PICTURE_REFUSED_S 86400	    /* nor one that is none */
#define NW_PICTURE_RETRY_S 3600		    /* nor one that did not come */
#define NW_PICTURES_AHEAD 4		    /* got at once for one story */
#define NW_PICTURES_MADE 8		    /* at once; then none is got */
#define NW_PICTURES_STORY 256		    /* that a poll gets for it */
#define NW_PICTURES_STORY_BYTES (16u << 20) /* in all its new messages */
#define NW_PICTURES_S 180		    /* that a story waits for them */
#define NW_PICTURES_FAILURES 3		    /* of the net, then none */
#define NW_PICTURE_CACHE_BYTES (256 << 20)  /* of all that are kept */
#define NW_PICTURE_CACHE_COUNT 20000
#define NW_PICTURE_CACHE_AGE_S (30 * 86400) /* since it was used */

/* deliver */
#define NW_MAILBOX_LOCK_MS 10000	    /* waited for other programs */
#define NW_DELIVER_TARGETS 64		    /* of the configuration */
#define NW_DELIVER_BATCH 200		    /* articles that are put into a */
#define NW_DELIVER_BATCH_BYTES (8u << 20)   /* mailbox between two syncs */
#define NW_DELIVER_REVISIONS 64		    /* earlier ones, looked for */
#define NW_DELIVER_LOOK_MS 2000		    /* for news in the store */
#define NW_DELIVER_RETRY_MIN_S 60	    /* with a target that failed, */
#define NW_DELIVER_RETRY_MAX_S 3600	    /* doubling */

/* deliver by IMAP */
#define NW_IMAP_CONNECT_MS 20000
#define NW_IMAP_REPLY_MS 60000		    /* for the whole reply, … */
#define NW_IMAP_SEND_BYTES_MS 8		    /* and for what is sent: 8 kB/s */
#define NW_IMAP_LOGOUT_MS 2000
#define NW_IMAP_READ_BYTES 8192
#define NW_IMAP_LINE_BYTES 65536u	    /* with its literals */
#define NW_IMAP_DATA_BYTES (256u << 10)	    /* of a reply, that were asked */
#define NW_IMAP_REPLY_BYTES (16u << 20)	    /* with what was not */
#define NW_IMAP_DEPTH 8			    /* of parentheses */
#define NW_IMAP_FOLDER_BYTES 1024
#define NW_IMAP_FLAGS_BYTES 8192
#define NW_PASSWORD_BYTES 1024
#define NW_PASSWORDS_BYTES (64 << 10)	    /* the file of them */

/* store */
#define NW_STORE_BUSY_MS 10000		    /* waited for another's turn */
#define NW_STORE_WIRE_BYTES (2 * NW_MESSAGE_BYTES + (1u << 20))
#define NW_STORE_OVERVIEW_BYTES (64u << 10)
#define NW_STORE_MAP_BYTES (INT64_C(64) << 30) /* of it, seen by a reader */
#define NW_STORE_BLOCK_BYTES (4u << 20)	    /* overviews of some numbers */
#define NW_STORE_DESCRIPTION_BYTES 255	    /* of a group */
#define NW_QUARANTINE_ITEMS 2000	    /* of one source */
#define NW_STORE_SNAPSHOT_BYTES (64u << 20)
#define NW_HISTORY_REVISIONS 2000	    /* of one story, … */
#define NW_HISTORY_BYTES (16u << 20)	    /* and of all these, unpacked */
#define NW_STORE_ROOM_BYTES (4u << 20)	    /* on a disk that was full */
#define NW_CHECK_FAULTS 100		    /* that are printed of a store */
#define NW_RECOVER_JUMP 10000		    /* numbers, past a lost mark */
#define NW_NUMBER_MAX 2147483647	    /* RFC 3977 section 6 */

/* names of groups (RFC 3977 section 3.1, RFC 5536 section 3.1.4) */
#define NW_GROUP_OCTETS 128
#define NW_GROUP_COMPONENT_OCTETS 30
#define NW_GROUP_COMPONENTS 12

/* serve (RFC 3977 section 3.1) */
#define NW_READERS 256			    /* processes */
#define NW_STUCK_MS 150000		    /* a process that does not beat */
#define NW_BEATS 4			    /* in that time */
#define NW_READY_LOOK_MS 50		    /* for the first ones */
#define NW_NNTP_LISTENERS 64		    /* sockets that listen */
#define NW_NNTP_LINE_OCTETS 512
#define NW_NNTP_ARGUMENTS 16
#define NW_NNTP_MOTD_BYTES (16u << 10)	    /* that are read of its file */
#define NW_NNTP_CONNECTIONS 8192	    /* of one reader process */
#define NW_NNTP_SPARE_FILES 32		    /* descriptors beside clients */
#define NW_NNTP_LIMITED 65536		    /* addresses and users counted */
#define NW_NNTP_UNLIMITED 64		    /* networks that are not */
#define NW_NNTP_ADDRESS_CONNECTIONS 64	    /* a NAT with some readers */
#define NW_NNTP_BURST_S 10		    /* of its rate, at full speed */
#define NW_NNTP_IDLE_S 1800
#define NW_NNTP_COMMAND_S 60		    /* from its first octet on */
#define NW_NNTP_STALL_S 300		    /* in which a client takes … */
#define NW_NNTP_STALL_BYTES_S 64	    /* less than this, if it can */
#define NW_NNTP_OUTPUT_BYTES (256u << 10)   /* queued for one client, … */
#define NW_NNTP_QUEUED_BYTES (128u << 20)   /* … and for all of a reader */
#define NW_NNTP_PACKERS 32		    /* compressors of one process */

/* XNEWSWIRE: newswire run by reader processes for their clients */
#define NW_MANAGE_GROUPS 1000		    /* then clients add none */
#define NW_ERRANDS 4			    /* at once, by one reader, … */
#define NW_ERRANDS_ALL 16		    /* by all of them, … */
#define NW_ERRANDS_USER 2		    /* and for one user */
#define NW_ERRAND_MS 120000		    /* then it is given up */
#define NW_ERRAND_LOOK_MS 250		    /* whether its client is there */
#define NW_ERRAND_BYTES (4u << 20)	    /* that it prints */
#define NW_ERRAND_WORDS_BYTES 1024	    /* and says on why it failed */

/* users and passwords (RFC 4643, RFC 7677) */
#define NW_USERS 10000
#define NW_USERS_BYTES (4u << 20)	    /* the file of them */
#define NW_USER_OCTETS 64
#define NW_USER_PASSWORD_OCTETS 400	    /* a command has 512 */
#define NW_SCRAM_ITERATIONS 16384	    /* of new keys */
#define NW_SCRAM_ITERATIONS_MIN 4096	    /* RFC 7677 section 4 */
#define NW_SCRAM_ITERATIONS_MAX 10000000
#define NW_SCRAM_SALT_BYTES 64
#define NW_LOGIN_FAILURES 3		    /* of one connection */
#define NW_LOGIN_PAUSE_MS 1000		    /* before one is told */
#define NW_NNTP_SASL_OCTETS 8192	    /* of a line, in base64 */
#define NW_CHECKER_QUEUE 256		    /* passwords that wait, … */
#define NW_CHECKER_PLACE 32		    /* and from one place */
#define NW_CHECKER_MS 20000		    /* for one */

/* configuration and commands */
#define NW_CONFIG_BYTES (1u << 20)
#define NW_OPML_OUTLINES 10000
#define NW_PATH_BYTES 4096

/* schedule */
#define NW_POLL_MIN_S 300
#define NW_POLL_DEFAULT_S 3600
#define NW_POLL_MAX_S 86400
#define NW_POLL_LIVE_MIN_S 60
#define NW_POLL_LIVE_MAX_S 1800
#define NW_POLL_PER_ITEM 2		    /* polls for one new item */
#define NW_POLL_RECENT 12		    /* items that tell the rhythm */
#define NW_BACKOFF_MAX_S (7 * 86400)
#define NW_LIVE_QUIET_S 86400		    /* then coverage has ended */
#define NW_RECHECKS 8			    /* ages of a story, and each … */
#define NW_RECHECK_MIN_S 60
#define NW_RECHECK_MAX_S 86400
#define NW_RECHECK_FRESH_S (2 * 86400)	    /* older ones are not edited */
#define NW_RECHECK_ITEMS 20		    /* of a source, before its poll */

/* pipeline */
#define NW_POLL_VISITS 64		    /* sources polled at once */
#define NW_POLL_HOST_VISITS 2		    /* of them on one host */
#define NW_POLL_ITEMS 1000		    /* of one poll, the newest */
#define NW_POLL_AHEAD 4			    /* pages got before their turn */
#define NW_POLL_TRIES 3			    /* to get the page of an item */
#define NW_OLDER_TRIES 20		    /* to get those of a live page */
#define NW_POLL_KEPT_BYTES (1u << 20)	    /* a feed that is kept whole */
#define NW_POLL_LOOK_S 5		    /* for sources that became due */
#define NW_POLL_FILL_MS 100		    /* until places are given anew */
#define NW_POLL_PATIENCE_S 60		    /* with a store that fails, … */
#define NW_POLL_DAMAGED_S 3600		    /* or is damaged */
#define NW_POLL_TROUBLE 5		    /* failures, then readers hear */
#define NW_POLL_DEATHS 3		    /* of who reads it, in a row */
#define NW_POLL_CONFIRMATIONS 2		    /* of a permanent redirect */

#endif
