#ifndef C_TERMINAL_H
#define C_TERMINAL_H

#include <stddef.h>
#include <sys/types.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Makes a terminal and writes the path of its far end into `name`; the near end, or -1.
int pipeline_terminal(char *name, size_t size);

/// Starts a program as the leader of a session that has the terminal at this path as its own; 0 or an error.
int pipeline_spawn_on_terminal(
    const char *path, const char *_Nullable const *_Nonnull argv, const char *_Nullable const *_Nonnull envp,
    int directory_fd, const char *terminal, pid_t *pid);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
