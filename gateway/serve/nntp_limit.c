/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "newswire/limits.h"
#include "newswire/nntp_limit.h"

#define KEY_OCTETS 16
/* Places that a party may have, one behind the other. */
#define WAYS 8
#define SECOND_US INT64_C(1000000)
#define BURST_US (NW_NNTP_BURST_S * SECOND_US)
#define MINUTE_US (60 * SECOND_US)

enum resource { COMMANDS, BYTES, POSTS, RESOURCES };

struct nw_nntp_party {
	uint64_t name;		/* 0: free */
	enum nw_nntp_party_kind kind;
	/* Its share is used up to there. */
	_Atomic int64_t used_us[RESOURCES];
};

/*
 * What all processes share.  Names and connections change under the lock.  A
 * reader that dies while it holds the lock leaves nothing half done that
 * matters: a party without a connection is one that may be replaced.
 */
struct table {
	pthread_mutex_t lock;
	size_t size;		/* of the whole */
	unsigned readers;
	unsigned char key[KEY_OCTETS];
	_Atomic unsigned sessions[NW_READERS];
	/* For whom each runs, in a row for each reader; 0: it is free. */
	_Atomic uint64_t errands[NW_READERS][NW_ERRANDS];
	struct nw_nntp_party parties[NW_NNTP_LIMITED];
	/* A row for each reader. */
	_Atomic uint16_t connections[][NW_NNTP_LIMITED];
};

/* What each process has for itself, and changes when it is told to. */
struct nw_nntp_limits {
	struct table *table;
	struct nw_nntp_allowance allowances[NW_NNTP_PARTY_KINDS];
	struct nw_net unlimited[NW_NNTP_UNLIMITED];
	size_t unlimited_count;
};

static int make_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attributes;
	int result = pthread_mutexattr_init(&attributes);

	if (result)
		return result;
	(void)pthread_mutexattr_setpshared(&attributes,
					   PTHREAD_PROCESS_SHARED);
	(void)pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	result = pthread_mutex_init(lock, &attributes);
	(void)pthread_mutexattr_destroy(&attributes);
	return result;
}

static struct table *table_new(unsigned readers, struct nw_error *err)
{
	size_t size = sizeof(struct table) +
		      readers * sizeof(((struct table *)0)->connections[0]);
	struct table *table = mmap(NULL, size, PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (table == MAP_FAILED) {
		(void)nw_error_errno(err, "limits");
		return NULL;
	}
	table->size = size;
	table->readers = readers;
	if (make_lock(&table->lock) ||
	    RAND_bytes(table->key, sizeof(table->key)) != 1) {
		(void)munmap(table, size);
		(void)nw_error_set(err, NW_ERROR_INTERNAL,
				   "limits: no lock or no key");
		return NULL;
	}
	return table;
}

int nw_nntp_limits_new(struct nw_nntp_limits **limits_r,
		       const struct nw_nntp_limit_options *options,
		       struct nw_error *err)
{
	struct nw_nntp_limits *limits = calloc(1, sizeof(*limits));

	if (!limits)
		return nw_error_errno(err, "limits");
	if (nw_nntp_limits_change(limits, options, err) == 0)
		limits->table = table_new(options->readers, err);
	if (!limits->table) {
		free(limits);
		return -1;
	}
	*limits_r = limits;
	return 0;
}

int nw_nntp_limits_change(struct nw_nntp_limits *limits,
			  const struct nw_nntp_limit_options *options,
			  struct nw_error *err)
{
	if (options->unlimited_count > NW_NNTP_UNLIMITED)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "unlimited: more than %d networks",
				    NW_NNTP_UNLIMITED);
	memcpy(limits->allowances, options->allowances,
	       sizeof(limits->allowances));
	limits->unlimited_count = options->unlimited_count;
	if (options->unlimited_count)
		memcpy(limits->unlimited, options->unlimited,
		       options->unlimited_count * sizeof(*options->unlimited));
	return 0;
}

void nw_nntp_limits_free(struct nw_nntp_limits **limits)
{
	if (!*limits)
		return;
	(void)munmap((*limits)->table, (*limits)->table->size);
	free(*limits);
	*limits = NULL;
}

/* Without the lock: it is the master's row now, and a reader that was stopped
 * in there must not stop the master. */
void nw_nntp_limits_clear(struct nw_nntp_limits *limits, unsigned reader)
{
	size_t i;

	atomic_store(&limits->table->sessions[reader], 0);
	for (i = 0; i < NW_ERRANDS; i++)
		atomic_store(&limits->table->errands[reader][i], 0);
	for (i = 0; i < NW_NNTP_LIMITED; i++)
		atomic_store(&limits->table->connections[reader][i], 0);
}

void nw_nntp_limits_tell(struct nw_nntp_limits *limits, unsigned reader,
			 unsigned sessions)
{
	atomic_store(&limits->table->sessions[reader], sessions);
}

bool nw_nntp_limits_room(const struct nw_nntp_limits *limits, unsigned most)
{
	unsigned reader;

	for (reader = 0; reader < limits->table->readers; reader++)
		if (atomic_load(&limits->table->sessions[reader]) < most)
			return true;
	return false;
}

static bool lock(struct table *table)
{
	int result = pthread_mutex_lock(&table->lock);

	if (result == EOWNERDEAD)
		result = pthread_mutex_consistent(&table->lock);
	return result == 0;
}

static unsigned connections(const struct table *table, size_t i)
{
	unsigned reader, sum = 0;

	for (reader = 0; reader < table->readers; reader++)
		sum += atomic_load(&table->connections[reader][i]);
	return sum;
}

static int64_t debt(const struct nw_nntp_party *party)
{
	int64_t most = 0, used_us;
	size_t i;

	for (i = 0; i < RESOURCES; i++) {
		used_us = atomic_load(&party->used_us[i]);
		if (used_us > most)
			most = used_us;
	}
	return most;
}

/*
 * The place of a party: its own, else one that is free, else that of the party
 * without a connection that owes least; NW_NNTP_LIMITED when there is none.
 */
static size_t find(const struct table *table, uint64_t name)
{
	size_t first = name % (NW_NNTP_LIMITED / WAYS) * WAYS, i;
	size_t best = NW_NNTP_LIMITED;

	for (i = first; i < first + WAYS; i++) {
		const struct nw_nntp_party *party = &table->parties[i];

		if (party->name == name)
			return i;
		if ((best == NW_NNTP_LIMITED ||
		     debt(party) < debt(&table->parties[best])) &&
		    !connections(table, i))
			best = i;
	}
	return best;
}

static void begin(struct nw_nntp_party *party, uint64_t name,
		  enum nw_nntp_party_kind kind)
{
	size_t i;

	if (party->name == name)
		return;
	party->name = name;
	party->kind = kind;
	for (i = 0; i < RESOURCES; i++)
		atomic_store(&party->used_us[i], 0);
}

static bool enter(struct nw_nntp_limits *limits, unsigned reader,
		  enum nw_nntp_party_kind kind, uint64_t name,
		  struct nw_nntp_party **party_r)
{
	unsigned most = limits->allowances[kind].connections;
	struct table *table = limits->table;
	bool welcome = true;
	size_t i;

	*party_r = NULL;
	if (!lock(table))
		return true;
	i = find(table, name);
	if (i < NW_NNTP_LIMITED) {
		begin(&table->parties[i], name, kind);
		welcome = !most || connections(table, i) < most;
		if (welcome) {
			atomic_fetch_add(&table->connections[reader][i], 1);
			*party_r = &table->parties[i];
		}
	}
	(void)pthread_mutex_unlock(&table->lock);
	return welcome;
}

/* What a party is called in the table; never 0. */
static uint64_t name_of(const struct nw_nntp_limits *limits,
			enum nw_nntp_party_kind kind, const void *data,
			size_t len)
{
	unsigned char digest[EVP_MAX_MD_SIZE], key[KEY_OCTETS];
	uint64_t name = 0;

	/* A user is no address, whatever he is called. */
	memcpy(key, limits->table->key, sizeof(key));
	key[0] ^= (unsigned char)kind;
	if (HMAC(EVP_sha256(), key, sizeof(key), data, len, digest, NULL))
		memcpy(&name, digest, sizeof(name));
	return name ? name : 1;
}

static uint64_t name_of_address(const struct nw_nntp_limits *limits,
				const unsigned char address[NW_NET_OCTETS])
{
	return name_of(limits, NW_NNTP_ADDRESS, address,
		       nw_net_owner_octets(address));
}

static uint64_t name_of_user(const struct nw_nntp_limits *limits,
			     const char *user)
{
	return name_of(limits, NW_NNTP_USER, user, strlen(user));
}

static bool is_limited(const struct nw_nntp_allowance *allowance)
{
	return allowance->connections || allowance->commands_s ||
	       allowance->bytes_s;
}

bool nw_nntp_limit_address(struct nw_nntp_limits *limits, unsigned reader,
			   const unsigned char address[NW_NET_OCTETS],
			   struct nw_nntp_party **party_r)
{
	size_t i;

	*party_r = NULL;
	if (!is_limited(&limits->allowances[NW_NNTP_ADDRESS]))
		return true;
	for (i = 0; i < limits->unlimited_count; i++)
		if (nw_net_holds(&limits->unlimited[i], address))
			return true;
	return enter(limits, reader, NW_NNTP_ADDRESS,
		     name_of_address(limits, address), party_r);
}

bool nw_nntp_limit_user(struct nw_nntp_limits *limits, unsigned reader,
			const char *name, struct nw_nntp_party **party_r)
{
	*party_r = NULL;
	if (!is_limited(&limits->allowances[NW_NNTP_USER]))
		return true;
	return enter(limits, reader, NW_NNTP_USER,
		     name_of_user(limits, name), party_r);
}

void nw_nntp_limit_leave(struct nw_nntp_limits *limits, unsigned reader,
			 struct nw_nntp_party *party)
{
	struct table *table = limits->table;

	if (party)
		atomic_fetch_sub(&table->connections[reader]
						    [party - table->parties],
				 1);
}

static int64_t charge(_Atomic int64_t *used_us, size_t amount, size_t rate_s,
		      int64_t now_us)
{
	int64_t before = atomic_load(used_us), after;

	if (!rate_s)
		return 0;
	do
		after = (before > now_us ? before : now_us) +
			(int64_t)amount * SECOND_US / (int64_t)rate_s;
	while (!atomic_compare_exchange_weak(used_us, &before, after));
	return after - now_us - BURST_US;
}

int64_t nw_nntp_limit_charge(struct nw_nntp_limits *limits,
			     struct nw_nntp_party *party, unsigned commands,
			     size_t bytes, int64_t now_us)
{
	const struct nw_nntp_allowance *allowance =
		&limits->allowances[party->kind];
	int64_t by_commands = charge(&party->used_us[COMMANDS], commands,
				     allowance->commands_s, now_us);
	int64_t by_bytes = charge(&party->used_us[BYTES], bytes,
				  allowance->bytes_s, now_us);
	int64_t wait_us = by_commands > by_bytes ? by_commands : by_bytes;

	return wait_us > 0 ? wait_us : 0;
}

/* Under the lock. */
static bool post(struct nw_nntp_party *party, bool count, int64_t now_us)
{
	int64_t used_us = atomic_load(&party->used_us[POSTS]);
	int64_t after = (used_us > now_us ? used_us : now_us) +
			MINUTE_US / NW_POST_MINUTE;

	if (count)
		atomic_store(&party->used_us[POSTS], after);
	return after - now_us <= MINUTE_US;
}

bool nw_nntp_limit_post(struct nw_nntp_limits *limits,
			const unsigned char address[NW_NET_OCTETS],
			const char *user, bool count, int64_t now_us)
{
	const uint64_t name = user ? name_of_user(limits, user)
				   : name_of_address(limits, address);
	struct table *table = limits->table;
	bool welcome = true;
	size_t i;

	if (!lock(table))
		return true;
	i = find(table, name);
	if (i < NW_NNTP_LIMITED) {
		begin(&table->parties[i], name,
		      user ? NW_NNTP_USER : NW_NNTP_ADDRESS);
		welcome = post(&table->parties[i], count, now_us);
	}
	(void)pthread_mutex_unlock(&table->lock);
	return welcome;
}

/* A free place in the row of a reader; -1: there is none, or none for that. */
static int find_place(const struct table *table, unsigned reader,
		      uint64_t name)
{
	unsigned all = 0, of_user = 0, row, i;
	int place = -1;
	uint64_t user;

	for (row = 0; row < table->readers; row++) {
		for (i = 0; i < NW_ERRANDS; i++) {
			user = atomic_load(&table->errands[row][i]);
			all += user != 0;
			of_user += user == name;
			if (!user && row == reader && place < 0)
				place = (int)i;
		}
	}
	return all < NW_ERRANDS_ALL && of_user < NW_ERRANDS_USER ? place : -1;
}

int nw_nntp_limit_errand(struct nw_nntp_limits *limits, unsigned reader,
			 const char *user)
{
	const uint64_t name = name_of_user(limits, user);
	struct table *table = limits->table;
	int place;

	if (!lock(table))
		return -1;
	place = find_place(table, reader, name);
	if (place >= 0)
		atomic_store(&table->errands[reader][place], name);
	(void)pthread_mutex_unlock(&table->lock);
	return place;
}

void nw_nntp_limit_errand_end(struct nw_nntp_limits *limits, unsigned reader,
			      int place)
{
	atomic_store(&limits->table->errands[reader][place], 0);
}
