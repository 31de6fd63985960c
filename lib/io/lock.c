/* The lock of a run folder. The file's text only says who holds it; the lock itself is the kernel's. */
#include "io/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

struct pel_lock {
    int fd;
};

static pel_status busy(int fd, const char *folder)
{
    char holder[320] = "";
    if (pread(fd, holder, sizeof holder - 1, 0) <= 0) strcpy(holder, "another process");
    holder[strcspn(holder, "\n")] = 0;
    return pel_fail(PEL_ERR_BUSY, "%s is in use by %s; wait for it to end, or choose another folder with -o", folder,
                    holder);
}

static pel_status sign(int fd, const char *folder)
{
    char host[256] = "", text[320];
    gethostname(host, sizeof host - 1);
    const int length = snprintf(text, sizeof text, "process %ld on %s\n", (long)getpid(), host);
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)length, 0) != length)
        return pel_fail(PEL_ERR_FILE, "%s/.lock cannot be written: %s", folder, strerror(errno));
    return PEL_OK;
}

static pel_status lock_file(int fd, const char *folder)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return sign(fd, folder);
    if (errno == EWOULDBLOCK) return busy(fd, folder);
    if (errno != ENOLCK && errno != ENOSYS && errno != EOPNOTSUPP)
        return pel_fail(PEL_ERR_FILE, "%s/.lock cannot be locked: %s", folder, strerror(errno));
    pel_log_warning("%s lies on a file system without locks (%s); see to it that no other run uses the folder", folder,
                    strerror(errno));
    return sign(fd, folder);
}

pel_status pel_lock_take(const char *folder, pel_lock **lock)
{
    pel_text path = {0};
    pel_lock *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    pel_text_add(&path, "%s/.lock", folder);
    fresh->fd = open(pel_text_get(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    pel_status status = PEL_OK;
    if (fresh->fd < 0) status = pel_fail(PEL_ERR_FILE, "%s cannot be opened: %s", pel_text_get(&path), strerror(errno));
    else status = lock_file(fresh->fd, folder);
    pel_text_free(&path);
    if (status == PEL_OK) *lock = fresh;
    else pel_lock_release(fresh);
    return status;
}

void pel_lock_release(pel_lock *lock)
{
    if (!lock) return;
    if (lock->fd >= 0) close(lock->fd); /* which lets go of the lock */
    free(lock);
}
