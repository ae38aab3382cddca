#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include "CPipelineSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#endif

#if defined(__APPLE__)
#include <TargetConditionals.h>
#include <sys/event.h>
#endif

// Processes

static int set_attributes(posix_spawnattr_t *attributes) {
    short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
#if defined(__APPLE__)
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
    sigset_t all, none;
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    sigemptyset(&none);
    int error = posix_spawnattr_setflags(attributes, flags);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
    return error;
}

// Where a child has its leash.
#define LEASH_FILENO (STDERR_FILENO + 1)

static int add_actions(
    posix_spawn_file_actions_t *actions, int directory_fd, int out_fd, int err_fd, int leash_fd) {
    int error = 0;
    // The directory first: its descriptor may be one of those the next lines replace.
    if (directory_fd >= 0) {
#if defined(__APPLE__) && !TARGET_OS_OSX
        error = ENOTSUP;
#else
        error = posix_spawn_file_actions_addfchdir_np(actions, directory_fd);
#endif
    }
    if (!error) error = posix_spawn_file_actions_adddup2(actions, out_fd, STDOUT_FILENO);
    if (!error) error = posix_spawn_file_actions_adddup2(actions, err_fd, STDERR_FILENO);
    if (!error) error = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!error && leash_fd >= 0) error = posix_spawn_file_actions_adddup2(actions, leash_fd, LEASH_FILENO);
    // Darwin closes the rest by POSIX_SPAWN_CLOEXEC_DEFAULT. musl and old glibc have neither: there a child
    // inherits what the host opened without CLOEXEC, and it must not inherit ours, since a pipe's write end
    // held by a sibling would never read as closed. So every descriptor of this package is CLOEXEC.
#if defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 34)
    int first = leash_fd >= 0 ? LEASH_FILENO + 1 : LEASH_FILENO;
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, first);
#endif
#endif
    return error;
}

int pipeline_spawn(
    const char *path, const char *const *argv, const char *const *envp, int directory_fd, int out_fd,
    int err_fd, int leash_fd, pid_t *pid) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int error = posix_spawnattr_init(&attributes);
    if (error) return error;
    error = posix_spawn_file_actions_init(&actions);
    if (!error) {
        error = set_attributes(&attributes);
        if (!error) error = add_actions(&actions, directory_fd, out_fd, err_fd, leash_fd);
        if (!error)
            error = posix_spawn(pid, path, &actions, &attributes, (char *const *)argv, (char *const *)envp);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return error;
}

int pipeline_leash(int read_fd, pid_t group) {
#if defined(__linux__)
    // A pipe whose last writer has gone raises this signal in the group that owns its reading end.
    if (fcntl(read_fd, F_SETSIG, SIGKILL) < 0) return errno;
    if (fcntl(read_fd, F_SETOWN, -group) < 0) return errno;
    if (fcntl(read_fd, F_SETFL, O_ASYNC) < 0) return errno;
#else
    (void)read_fd;
    (void)group;
#endif
    return 0;
}

int pipeline_exit_descriptor(pid_t pid) {
#if defined(__APPLE__)
    int queue = kqueue();
    if (queue < 0) return -1;
    struct kevent event;
    EV_SET(&event, (uintptr_t)pid, EVFILT_PROC, EV_ADD, NOTE_EXIT, 0, NULL);
    int result = kevent(queue, &event, 1, NULL, 0, NULL);
    if (result < 0 && errno == ESRCH) {
        // It has exited already and is not announced again: make the queue readable by hand.
        EV_SET(&event, 0, EVFILT_USER, EV_ADD, 0, 0, NULL);
        result = kevent(queue, &event, 1, NULL, 0, NULL);
        EV_SET(&event, 0, EVFILT_USER, 0, NOTE_TRIGGER, 0, NULL);
        if (result >= 0) result = kevent(queue, &event, 1, NULL, 0, NULL);
    }
    if (result >= 0) result = fcntl(queue, F_SETFD, FD_CLOEXEC);
    if (result >= 0) return queue;
    int error = errno;
    close(queue);
    errno = error;
    return -1;
#elif defined(__linux__)
    return (int)syscall(SYS_pidfd_open, pid, 0);  // Always CLOEXEC.
#else
    (void)pid;
    errno = ENOSYS;
    return -1;
#endif
}

int pipeline_wait(pid_t pid, int *code, int *signal) {
    int status = 0;
    pid_t result;
    do {
        result = waitpid(pid, &status, 0);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return errno;
    *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    return 0;
}

// Threads

struct thread_start {
    void (*body)(void *);
    void *context;
};

static void *thread_main(void *raw) {
    struct thread_start start = *(struct thread_start *)raw;
    free(raw);
    start.body(start.context);
    return NULL;
}

int pipeline_thread(void (*body)(void *context), void *context) {
    struct thread_start *start = malloc(sizeof *start);
    if (!start) return ENOMEM;
    *start = (struct thread_start){body, context};

    // The thread inherits the mask; faults stay open, so that a crash is still reported as one.
    sigset_t mask, previous;
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
    sigfillset(&mask);
    for (size_t index = 0; index < sizeof faults / sizeof *faults; index++) sigdelset(&mask, faults[index]);

    pthread_attr_t attributes;
    pthread_t thread;
    int error = pthread_attr_init(&attributes);
    if (!error) {
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        pthread_attr_setstacksize(&attributes, 512 * 1024);
        pthread_sigmask(SIG_SETMASK, &mask, &previous);
        error = pthread_create(&thread, &attributes, thread_main, start);
        pthread_sigmask(SIG_SETMASK, &previous, NULL);
        pthread_attr_destroy(&attributes);
    }
    if (error) free(start);
    return error;
}

// Descriptors

/// Moves a descriptor out of the way of standard input, output and error, in a host that closed its own.
static int above_standard(int *fd) {
    if (*fd > STDERR_FILENO) return 0;
    int moved = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (moved < 0) return errno;
    close(*fd);
    *fd = moved;
    return 0;
}

int pipeline_pipe(int fds[2]) {
    int error = 0;
#if defined(__linux__)
    if (pipe2(fds, O_CLOEXEC) != 0) return errno;
#else
    if (pipe(fds) != 0) return errno;
    for (int end = 0; end < 2 && !error; end++)
        if (fcntl(fds[end], F_SETFD, FD_CLOEXEC) != 0) error = errno;
#endif
    for (int end = 0; end < 2 && !error; end++) error = above_standard(&fds[end]);
    if (error) {
        close(fds[0]);
        close(fds[1]);
    }
    return error;
}

int pipeline_openat(int dir, const char *path, int flags, mode_t mode) {
    return openat(dir < 0 ? AT_FDCWD : dir, path, flags | O_CLOEXEC, mode);
}

int pipeline_set_nonblocking(int fd) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return errno;
    return 0;
}

int pipeline_readable(int fd) {
    int count = 0;
    return ioctl(fd, FIONREAD, &count) < 0 ? -1 : count;
}

int pipeline_sync(int fd) {
    int code;
    // Network file systems may be interrupted by a signal.
    do {
#if defined(__APPLE__)
        // Only F_FULLFSYNC goes past the drive's own cache; file systems without it answer with an error.
        code = fcntl(fd, F_FULLFSYNC);
        if (code != 0 && errno != EINTR) code = fsync(fd);
#elif defined(__linux__)
        code = fdatasync(fd);
#else
        code = fsync(fd);
#endif
    } while (code != 0 && errno == EINTR);
    return code == 0 ? 0 : errno;
}

// Local sockets

/// Makes what is made ready for use here: not inherited, not blocking, out of the way of standard input and output.
static int ready_socket(int *fd) {
    int error = above_standard(fd);
    if (!error && fcntl(*fd, F_SETFD, FD_CLOEXEC) != 0) error = errno;
    if (!error) error = pipeline_set_nonblocking(*fd);
#if defined(__APPLE__)
    int on = 1;
    if (!error && setsockopt(*fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) != 0) error = errno;
#endif
    return error;
}

static int failed_socket(int fd, int error) {
    close(fd);
    errno = error;
    return -1;
}

/// A socket and its address; or -1.
static int local_socket(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address->sun_path, path);
#if defined(__linux__)
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
#else
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
#endif
    if (fd < 0) return -1;
    int error = ready_socket(&fd);
    return error ? failed_socket(fd, error) : fd;
}

int pipeline_bind_local(const char *path) {
    struct sockaddr_un address;
    int fd = local_socket(path, &address);
    if (fd < 0) return -1;
    // Linux makes the file with the mode of the socket, so it never has another one. Elsewhere this fails and the mode is
    // set behind bind: nobody can connect before listen. A umask would do too, but it is the whole process's.
    (void)fchmod(fd, S_IRUSR | S_IWUSR);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) return failed_socket(fd, errno);
    if (chmod(path, S_IRUSR | S_IWUSR) != 0) {
        int error = errno;
        unlink(path);
        return failed_socket(fd, error);
    }
    return fd;
}

int pipeline_connect_local(const char *path) {
    struct sockaddr_un address;
    int fd = local_socket(path, &address);
    if (fd < 0) return -1;
    int result;
    do {
        result = connect(fd, (struct sockaddr *)&address, sizeof address);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? fd : failed_socket(fd, errno);
}

int pipeline_accept(int fd) {
#if defined(__linux__)
    int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
#else
    int client = accept(fd, NULL, NULL);
#endif
    if (client < 0) return -1;
    int error = ready_socket(&client);
    return error ? failed_socket(client, error) : client;
}

int pipeline_peer_user(int fd, uid_t *user) {
#if defined(__linux__)
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return errno;
    *user = credentials.uid;
    return 0;
#else
    gid_t group;
    return getpeereid(fd, user, &group) == 0 ? 0 : errno;
#endif
}

ssize_t pipeline_send(int fd, const void *bytes, size_t count) {
#if defined(MSG_NOSIGNAL)
    int flags = MSG_NOSIGNAL;
#else
    int flags = 0;
#endif
    ssize_t sent;
    do {
        sent = send(fd, bytes, count, flags);
    } while (sent < 0 && errno == EINTR);
    return sent;
}

int pipeline_user_name(uid_t user, char *buffer, size_t size) {
    char text[4096];
    struct passwd entry, *found = NULL;
    int error = getpwuid_r(user, &entry, text, sizeof text, &found);
    if (error) return error;
    if (!found) return ENOENT;
    snprintf(buffer, size, "%s", entry.pw_name);
    return 0;
}

// Signals and errors

/// For each signal the descriptor to write to, plus one; 0 when the signal is not watched.
static volatile sig_atomic_t watchers[NSIG];

static void report_signal(int signo) {
    int kept = errno;
    unsigned char byte = (unsigned char)signo;
    ssize_t written = write((int)watchers[signo] - 1, &byte, 1);
    (void)written;
    errno = kept;
}

int pipeline_watch_signal(int signo, int write_fd) {
    if (signo <= 0 || signo >= NSIG) return EINVAL;
    int error = pipeline_set_nonblocking(write_fd);
    if (error) return error;
    watchers[signo] = write_fd + 1;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = report_signal;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    return sigaction(signo, &action, NULL) == 0 ? 0 : errno;
}

void pipeline_error_text(int code, char *buffer, size_t size) {
    if (size == 0) return;
#if defined(__GLIBC__)
    // The GNU variant may answer with a text of its own instead of filling the buffer.
    char text[256];
    snprintf(buffer, size, "%s", strerror_r(code, text, sizeof text));
#else
    if (strerror_r(code, buffer, size) != 0) snprintf(buffer, size, "error %d", code);
#endif
}

// Locks

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SEEN_BY_THREAD_SANITIZER
#endif
#endif

#if defined(SEEN_BY_THREAD_SANITIZER)
void __tsan_acquire(void *address);
void __tsan_release(void *address);

void pipeline_lock_taken(const void *lock) { __tsan_acquire((void *)lock); }
void pipeline_lock_left(const void *lock) { __tsan_release((void *)lock); }
#else
void pipeline_lock_taken(const void *lock) { (void)lock; }
void pipeline_lock_left(const void *lock) { (void)lock; }
#endif
