/* SPDX-License-Identifier: MIT
 *
 * Runs a fuzz target over files, and over the files of folders, given as arguments: so
 * that every compiler replays the corpora without libFuzzer.
 */
#include <dirent.h>
#include <stdio.h>

#include "fuzz.h"

static int run_file(const char *path) {
  FILE *file = fopen(path, "rb");
  long size = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
  uint8_t *data = size >= 0 ? malloc((size_t)size + 1) : NULL;
  if (!data || fseek(file, 0, SEEK_SET) != 0 ||
      fread(data, 1, (size_t)size, file) != (size_t)size) {
    fprintf(stderr, "%s: cannot read\n", path);
    return 1;
  }
  fclose(file);
  printf("%s\n", path);
  fflush(stdout); // the last name is the one that failed
  LLVMFuzzerTestOneInput(data, (size_t)size);
  free(data);
  return 0;
}

static int run(const char *path) {
  int failed = 0;
  DIR *folder = opendir(path);
  if (!folder) return run_file(path);
  for (struct dirent *entry; (entry = readdir(folder));) {
    char inner[4096];
    if (entry->d_name[0] == '.') continue;
    snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
    failed |= run(inner);
  }
  closedir(folder);
  return failed;
}

int main(int argc, char **argv) {
  int failed = 0;
  for (int i = 1; i < argc; i++) failed |= run(argv[i]);
  return failed;
}
