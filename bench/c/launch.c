/*
 * launch.c - runs one command and writes what it took: wall time, CPU time and peak memory of it and of every process that it
 * waited for.
 *
 *   gcc -O2 -o launch launch.c
 *   launch REPORT COMMAND [ARG]...      REPORT gets: wall_ns user_us system_us peak_kib exit_code
 *
 * Node does not tell what a child took. Neither is it fit to start one to be measured: Linux counts the pages of the process
 * that forks as the child's peak (40 MB of Node for `cat`), and this program has next to none.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long microseconds(struct timeval time) {
  return time.tv_sec * 1000000LL + time.tv_usec;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  long long start = nanoseconds();
  pid_t child = fork();
  if (child < 0) { perror("fork"); return 1; }
  if (child == 0) {
    execvp(argv[2], argv + 2);
    fprintf(stderr, "%s: %s\n", argv[2], strerror(errno));
    _exit(127);
  }
  int status;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0) {
    if (errno != EINTR) { perror("wait4"); return 1; }
  }
  long long wall = nanoseconds() - start;
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  FILE *report = fopen(argv[1], "w");
  if (report == NULL) { perror(argv[1]); return 1; }
  fprintf(report, "%lld %lld %lld %ld %d\n", wall, microseconds(usage.ru_utime), microseconds(usage.ru_stime), usage.ru_maxrss, code);
  return fclose(report) == 0 ? 0 : 1;
}
