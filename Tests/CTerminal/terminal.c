#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include "CTerminal.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int pipeline_terminal(char *name, size_t size) {
    int near = posix_openpt(O_RDWR | O_NOCTTY);
    if (near < 0) return -1;
    const char *far = grantpt(near) == 0 && unlockpt(near) == 0 ? ptsname(near) : NULL;
    if (far == NULL || fcntl(near, F_SETFD, FD_CLOEXEC) < 0) {
        close(near);
        return -1;
    }
    snprintf(name, size, "%s", far);
    return near;
}

int pipeline_spawn_on_terminal(
    const char *path, const char *const *argv, const char *const *envp, int directory_fd, const char *terminal,
    pid_t *pid) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int error = posix_spawnattr_init(&attributes);
    if (error) return error;
    error = posix_spawn_file_actions_init(&actions);
    if (!error) {
        error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
        if (!error) error = posix_spawn_file_actions_addfchdir_np(&actions, directory_fd);
        // The leader of a session takes the first terminal that it opens as its own.
        if (!error) error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, terminal, O_RDWR, 0);
        if (!error) error = posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO);
        if (!error) error = posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO);
        if (!error)
            error = posix_spawn(pid, path, &actions, &attributes, (char *const *)argv, (char *const *)envp);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return error;
}
