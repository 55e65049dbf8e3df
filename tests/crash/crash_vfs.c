/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crash_vfs.h"

/* What a write that was not synced yet had replaced. */
struct undo {
	struct undo *next;
	sqlite3_int64 offset;
	int len;
	unsigned char bytes[];
};

struct crash_file {
	sqlite3_file base;
	struct crash_vfs *crash;
	struct crash_file *next;
	sqlite3_int64 synced_size;
	struct undo *undos;	/* the newest first */
	sqlite3_file *real;	/* lies behind this struct */
};

static struct crash_file *crash_file(sqlite3_file *file)
{
	return (struct crash_file *)file;
}

static sqlite3_file *real_file(sqlite3_file *file)
{
	return crash_file(file)->real;
}

static void forget_undos(struct crash_file *file)
{
	struct undo *undo, *next;

	for (undo = file->undos; undo; undo = next) {
		next = undo->next;
		free(undo);
	}
	file->undos = NULL;
}

/* Keeps what the disk would still hold if power failed before the next
 * sync.  Past the end of the file there is nothing: SQLite reads zeros. */
static void remember(struct crash_file *file, sqlite3_int64 offset, int len)
{
	struct undo *undo = calloc(1, sizeof(*undo) + (size_t)len);

	if (!undo)
		abort();
	undo->offset = offset;
	undo->len = len;
	(void)file->real->pMethods->xRead(file->real, undo->bytes, len, offset);
	undo->next = file->undos;
	file->undos = undo;
}

static void lose_unsynced(struct crash_file *file, bool every_other)
{
	const sqlite3_io_methods *real = file->real->pMethods;
	struct undo *undo;
	bool lose = true;

	for (undo = file->undos; undo; undo = undo->next) {
		if (lose)
			(void)real->xWrite(file->real, undo->bytes, undo->len,
					   undo->offset);
		if (every_other)
			lose = !lose;
	}
	if (!every_other && file->undos)
		(void)real->xTruncate(file->real, file->synced_size);
}

static void end_process(struct crash_vfs *crash)
{
	struct crash_file *file;

	if (crash->kind == CRASH_POWER || crash->kind == CRASH_MIX)
		for (file = crash->files; file; file = file->next)
			lose_unsynced(file, crash->kind == CRASH_MIX);
	(void)kill(getpid(), SIGKILL);
	(void)pause();
}

/* What a step touches; of each kind of plan, the least that counts: to lose
 * power between two looks at the memory is nothing new to the disk. */
enum touch { TOUCH_MEMORY, TOUCH_DISK, TOUCH_WRITE };

static const enum touch counted[CRASH_KINDS] = {
	[CRASH_KILL] = TOUCH_MEMORY,  [CRASH_TEAR] = TOUCH_WRITE,
	[CRASH_POWER] = TOUCH_DISK,   [CRASH_MIX] = TOUCH_DISK,
	[CRASH_FULL] = TOUCH_DISK,    [CRASH_ERROR] = TOUCH_DISK,
};

/* Counts a step, and ends the process here if that is the plan. */
static void step(struct crash_vfs *crash, enum touch touch)
{
	if (touch < counted[crash->kind])
		return;
	crash->steps++;
	if (crash->steps == crash->at && crash->kind >= CRASH_KILL &&
	    crash->kind <= CRASH_MIX)
		end_process(crash);
}

/* The same for a step that may fail: SQLITE_OK, or what it fails with. */
static int failing_step(struct crash_vfs *crash, enum touch touch, int error)
{
	int code = SQLITE_OK;

	step(crash, touch);
	/* What is written already can be synced on a full disk too. */
	if (crash->kind == CRASH_FULL && crash->steps >= crash->at &&
	    touch == TOUCH_WRITE)
		code = SQLITE_FULL;
	if (crash->kind == CRASH_ERROR && crash->steps == crash->at)
		code = error;
	crash->failed |= code != SQLITE_OK;
	return code;
}

static int file_close(sqlite3_file *file)
{
	struct crash_file *self = crash_file(file), **at;
	int code = self->real->pMethods->xClose(self->real);

	forget_undos(self);
	for (at = &self->crash->files; *at; at = &(*at)->next)
		if (*at == self) {
			*at = self->next;
			break;
		}
	return code;
}

static int file_read(sqlite3_file *file, void *bytes, int len,
		     sqlite3_int64 offset)
{
	return real_file(file)->pMethods->xRead(real_file(file), bytes, len,
						offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int len,
		      sqlite3_int64 offset)
{
	struct crash_file *self = crash_file(file);
	const sqlite3_io_methods *real = self->real->pMethods;
	struct crash_vfs *crash = self->crash;
	int code;

	if (crash->kind == CRASH_TEAR && crash->steps + 1 == crash->at)
		(void)real->xWrite(self->real, bytes, len / 2, offset);
	code = failing_step(crash, TOUCH_WRITE, SQLITE_IOERR_WRITE);
	if (code != SQLITE_OK)
		return code;
	if (crash->kind == CRASH_POWER || crash->kind == CRASH_MIX)
		remember(self, offset, len);
	return real->xWrite(self->real, bytes, len, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct crash_file *self = crash_file(file);
	int code = failing_step(self->crash, TOUCH_DISK,
				SQLITE_IOERR_TRUNCATE);

	if (code == SQLITE_OK)
		code = self->real->pMethods->xTruncate(self->real, size);
	if (code == SQLITE_OK && self->synced_size > size)
		self->synced_size = size;
	return code;
}

/* The real disk need not be waited for: that a sync works is its promise; what
 * the store makes of it is what is tried here. */
static int file_sync(sqlite3_file *file, int flags)
{
	struct crash_file *self = crash_file(file);
	int code = failing_step(self->crash, TOUCH_DISK, SQLITE_IOERR_FSYNC);

	(void)flags;
	if (code != SQLITE_OK)
		return code;
	forget_undos(self);
	return self->real->pMethods->xFileSize(self->real,
					       &self->synced_size);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size_r)
{
	return real_file(file)->pMethods->xFileSize(real_file(file), size_r);
}

static int file_lock(sqlite3_file *file, int level)
{
	return real_file(file)->pMethods->xLock(real_file(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return real_file(file)->pMethods->xUnlock(real_file(file), level);
}

static int file_check_lock(sqlite3_file *file, int *held_r)
{
	return real_file(file)->pMethods->xCheckReservedLock(real_file(file),
							     held_r);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
	return real_file(file)->pMethods->xFileControl(real_file(file),
						       operation, argument);
}

static int file_sector(sqlite3_file *file)
{
	return real_file(file)->pMethods->xSectorSize(real_file(file));
}

static int file_device(sqlite3_file *file)
{
	return real_file(file)->pMethods->xDeviceCharacteristics(
		real_file(file));
}

static int file_shm_map(sqlite3_file *file, int region, int size, int extend,
			void volatile **memory_r)
{
	step(crash_file(file)->crash, TOUCH_MEMORY);
	return real_file(file)->pMethods->xShmMap(real_file(file), region,
						  size, extend, memory_r);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	step(crash_file(file)->crash, TOUCH_MEMORY);
	return real_file(file)->pMethods->xShmLock(real_file(file), offset,
						   count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	step(crash_file(file)->crash, TOUCH_MEMORY);
	real_file(file)->pMethods->xShmBarrier(real_file(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
	step(crash_file(file)->crash, TOUCH_MEMORY);
	return real_file(file)->pMethods->xShmUnmap(real_file(file), remove);
}

/* Version 2: without memory maps of the file, which the writer does not use. */
static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_device,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name,
		    sqlite3_file *file, int flags, int *flags_r)
{
	struct crash_vfs *crash = vfs->pAppData;
	struct crash_file *self = crash_file(file);
	int code;

	memset(self, 0, sizeof(*self));
	self->real = (sqlite3_file *)(self + 1);
	self->crash = crash;
	step(crash, TOUCH_DISK);
	code = crash->real->xOpen(crash->real, name, self->real, flags,
				  flags_r);
	if (code != SQLITE_OK)
		return code;
	self->base.pMethods = &methods;
	self->next = crash->files;
	crash->files = self;
	return self->real->pMethods->xFileSize(self->real,
					       &self->synced_size);
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct crash_vfs *crash = vfs->pAppData;

	step(crash, TOUCH_DISK);
	return crash->real->xDelete(crash->real, name, sync);
}

void crash_vfs_install(struct crash_vfs *crash)
{
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);

	memset(crash, 0, sizeof(*crash));
	crash->real = real;
	crash->vfs = *real;
	crash->vfs.zName = "crash";
	crash->vfs.szOsFile = (int)sizeof(struct crash_file) + real->szOsFile;
	crash->vfs.pAppData = crash;
	crash->vfs.xOpen = vfs_open;
	crash->vfs.xDelete = vfs_delete;
	if (sqlite3_vfs_register(&crash->vfs, 1) != SQLITE_OK)
		abort();
}

void crash_vfs_plan(struct crash_vfs *crash, enum crash_kind kind, long at)
{
	crash->kind = kind;
	crash->at = at;
	crash->steps = 0;
	crash->failed = false;
}
