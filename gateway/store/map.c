/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole store in a reader's memory.
 *
 * SQLite's own map has 2 GB at most, and it is taken down whenever another
 * process has committed: beside a busy poller each turn of a reader begins with
 * page faults, and what is behind the 2 GB is read by system calls.  So the
 * two methods of SQLite's file that give pages of a map are ours.  When the
 * map cannot be made, SQLite's own stays.
 */
#include "config.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "store_private.h"

/* Where SQLite's descriptor is looked for: a process that has just opened its
 * store has few. */
#define DESCRIPTORS 1024

static struct nw_map *map_of(const sqlite3_file *file)
{
	return (struct nw_map *)((uintptr_t)file->pMethods -
				 offsetof(struct nw_map, methods));
}

/* NULL: SQLite reads the page instead.  A file that grows is longer than it
 * was when the map was made; what lies behind its end must not be touched. */
static int fetch(sqlite3_file *file, sqlite3_int64 offset, int len,
		 void **page_r)
{
	struct nw_map *map = map_of(file);
	sqlite3_int64 size;

	*page_r = NULL;
	if (offset + len > map->size) {
		if (map->real->xFileSize(file, &size) != SQLITE_OK)
			return SQLITE_OK;
		map->size = size < NW_STORE_MAP_BYTES ? size
						      : NW_STORE_MAP_BYTES;
	}
	if (offset + len <= map->size)
		*page_r = map->region + offset;
	return SQLITE_OK;
}

/* Without a page: another process has committed.  The map shows what it wrote,
 * and in WAL mode no page that a reader still needs is written over; but the
 * file may be shorter now, and a damaged one may name what was cut off. */
static int unfetch(sqlite3_file *file, sqlite3_int64 offset, void *page)
{
	(void)offset;
	if (!page)
		map_of(file)->size = 0;
	return SQLITE_OK;
}

/* The descriptor that SQLite has of the file, or -1.  To open another one and
 * close it would let go of all locks that this process has on the file. */
static int find_descriptor(const char *path)
{
	struct stat wanted, status;
	int fd;

	if (stat(path, &wanted) < 0)
		return -1;
	for (fd = 0; fd < DESCRIPTORS; fd++)
		if (fstat(fd, &status) == 0 && status.st_dev == wanted.st_dev &&
		    status.st_ino == wanted.st_ino)
			return fd;
	return -1;
}

static bool is_plain(struct nw_store *store, sqlite3_file **file_r)
{
	sqlite3_vfs *vfs = NULL;

	return sqlite3_file_control(store->db, "main",
				    SQLITE_FCNTL_VFS_POINTER,
				    &vfs) == SQLITE_OK &&
	       sqlite3_file_control(store->db, "main",
				    SQLITE_FCNTL_FILE_POINTER,
				    file_r) == SQLITE_OK &&
	       vfs && !strcmp(vfs->zName, "unix") && (*file_r)->pMethods &&
	       (*file_r)->pMethods->iVersion >= 3;
}

void nw_map_begin(struct nw_store *store)
{
	struct nw_map *map = &store->map;
	sqlite3_file *file;
	void *region;
	int fd;

	if (SIZE_MAX < NW_STORE_MAP_BYTES || !is_plain(store, &file))
		return;
	fd = find_descriptor(store->path);
	if (fd < 0)
		return;
	/* Longer than the file, for it will grow: an address costs nothing. */
	region = mmap(NULL, (size_t)NW_STORE_MAP_BYTES, PROT_READ, MAP_SHARED,
		      fd, 0);
	if (region == MAP_FAILED)
		return;
	map->region = region;
	map->file = file;
	map->real = file->pMethods;
	map->methods = *file->pMethods;
	map->methods.xFetch = fetch;
	map->methods.xUnfetch = unfetch;
	file->pMethods = &map->methods;
}

void nw_map_end(struct nw_store *store)
{
	struct nw_map *map = &store->map;

	if (!map->region)
		return;
	map->file->pMethods = map->real;
	(void)munmap(map->region, (size_t)NW_STORE_MAP_BYTES);
	map->region = NULL;
}
