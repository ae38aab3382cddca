#ifndef C_PIPELINE_SYSTEM_H
#define C_PIPELINE_SYSTEM_H

#include <stddef.h>
#include <sys/types.h>

// What Swift's view of the C library lacks: variadic calls, macros, and calls one system has and another not.
// A function that returns "0 or an error" returns the errno value itself; the others return -1 and set errno.
// No descriptor made here is inherited by a program that somebody else starts.

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Starts the program at `path` and returns 0 or an error.
///
/// The child leads a session and a process group of its own, has default signal handling, reads /dev/null,
/// writes to `out_fd` and `err_fd`, and has `leash_fd`, unless it is -1, as descriptor 3, and no other one. `path` is not searched for; when relative it
/// starts at the child's directory. `directory_fd` is that directory, or -1 for the caller's.
int pipeline_spawn(
    const char *path, const char *_Nullable const *_Nonnull argv, const char *_Nullable const *_Nonnull envp,
    int directory_fd, int out_fd, int err_fd, int leash_fd, pid_t *pid);

/// Has the system kill a process group when the last writing end of a pipe is closed, and a member of the group still
/// has its reading end `read_fd`: so when this process dies, however it dies. 0 or an error. Linux only.
int pipeline_leash(int read_fd, pid_t group);

/// A descriptor that polls as readable once the child has exited, reaped or not; or -1.
int pipeline_exit_descriptor(pid_t pid);

/// Reaps one child, waiting for it, and returns 0 or an error.
///
/// `*signal` is the signal that ended it, or 0 when it exited by itself with `*code`.
int pipeline_wait(pid_t pid, int *code, int *signal);

/// Runs `body(context)` on a new detached thread that receives no asynchronous signals; 0 or an error.
int pipeline_thread(void (*body)(void *context), void *context);

/// Makes a pipe, [0] to read and [1] to write, both numbered from 3 up; 0 or an error.
int pipeline_pipe(int fds[_Nonnull 2]);

/// Opens `path` with O_CLOEXEC, relative to the directory `dir`, or to the working directory when it is -1.
///
/// The descriptor, or -1.
int pipeline_openat(int dir, const char *path, int flags, mode_t mode);

/// Makes reads and writes on `fd` return at once; 0 or an error.
int pipeline_set_nonblocking(int fd);

/// How many bytes can be read from `fd` at this moment; or -1.
int pipeline_readable(int fd);

/// Returns when the content of `fd` is on the storage medium; 0 or an error.
int pipeline_sync(int fd);

/// From now on writes one byte, the signal's number, to `write_fd` whenever the signal arrives; 0 or an error.
///
/// `write_fd` becomes non-blocking and must stay open; a byte that finds it full is dropped.
int pipeline_watch_signal(int signo, int write_fd);

/// Writes the text for an errno value, terminated by NUL, into `buffer`. Safe from any thread.
void pipeline_error_text(int code, char *buffer, size_t size);

/// Makes a stream socket at `path`, which nobody can connect to before `listen`; or -1, ENAMETOOLONG when the path does
/// not fit into an address. Nobody but the owner may use it. Calls on it return at once.
int pipeline_bind_local(const char *path);

/// Connects to the stream socket at `path`; the descriptor, whose calls return at once, or -1.
int pipeline_connect_local(const char *path);

/// The next client of a listening socket, whose calls return at once; or -1.
int pipeline_accept(int fd);

/// Who is at the other end of a local socket, by its effective user when it connected or listened; 0 or an error.
int pipeline_peer_user(int fd, uid_t *user);

/// Sends without raising SIGPIPE; how many bytes were taken, or -1.
ssize_t pipeline_send(int fd, const void *bytes, size_t count);

/// Writes the login name of a user, terminated by NUL, into `buffer`; 0 or an error, ENOENT for an unknown user.
int pipeline_user_name(uid_t user, char *buffer, size_t size);

/// Tells the thread sanitizer that what was done under a lock is done before what comes now. Nothing without it.
void pipeline_lock_taken(const void *lock);

/// Tells the thread sanitizer that what was done up to now is done before whatever comes under the lock next.
void pipeline_lock_left(const void *lock);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
